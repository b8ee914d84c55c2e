"""What modes have in common whose calls travel as bytes."""

from __future__ import annotations

from collections.abc import Callable
from multiprocessing.reduction import ForkingPickler
from typing import Any

from .names import named


def packed_call(fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> bytes:
    """The call as bytes, for `worker.serve`; TypeError for what cannot be sent."""
    try:
        return bytes(ForkingPickler.dumps((fn, args, kwargs)))
    except Exception as error:
        raise TypeError(f"what {named(fn)} is called with cannot be sent to a worker: {error}") from error


def main_module() -> dict[str, Any]:
    """Where the main module is from, and what it can import, for a worker that must import it too."""
    from multiprocessing import spawn

    data = spawn.get_preparation_data("rates")
    return {key: data[key] for key in ("sys_path", "init_main_from_name", "init_main_from_path") if key in data}
