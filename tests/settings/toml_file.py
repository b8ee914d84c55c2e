"""A settings file for one test."""

from __future__ import annotations

from pathlib import Path


def written(folder: Path, body: str | bytes) -> Path:
    """A settings file with that body."""
    path = folder / "rates.toml"
    path.write_bytes(body if isinstance(body, bytes) else body.encode())
    return path
