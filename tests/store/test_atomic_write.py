from __future__ import annotations

import os
from pathlib import Path

import pytest

from rates.store.atomic_write import atomic_write


def test_whole_or_not_at_all(tmp_path: Path) -> None:
    """The name has the old content until the block has ended; after an error it still has, and nothing is left."""
    path = tmp_path / "out.csv"
    path.write_bytes(b"old")
    with pytest.raises(ZeroDivisionError), atomic_write(str(path)) as file:  # after it was opened
        file.write(b"half" * (1 // 0))
    assert path.read_bytes() == b"old"
    with atomic_write(str(path)) as file:
        file.write(b"new")
        file.flush()
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["out.csv"]


def test_permissions_and_links(tmp_path: Path) -> None:
    """An existing file keeps its permissions, a new one has those that `open` gives, and a link stays a link."""
    path, link, other = tmp_path / "out.csv", tmp_path / "link.csv", tmp_path / "other.csv"
    path.write_bytes(b"old")
    path.chmod(0o640)
    link.symlink_to(path)
    with atomic_write(str(link)) as file:
        file.write(b"new")
    assert link.is_symlink()
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"new", 0o640)
    with atomic_write(str(other)) as file:
        file.write(b"new")
    (tmp_path / "opened").write_bytes(b"")
    assert other.stat().st_mode == (tmp_path / "opened").stat().st_mode


def test_what_is_no_file(tmp_path: Path) -> None:
    """A pipe or a device is written directly; a folder that is not there is the system's error."""
    with atomic_write(os.devnull) as file:
        file.write(b"x")
    with pytest.raises(FileNotFoundError) as caught, atomic_write(str(tmp_path / "none" / "out.csv")):
        pass
    assert caught.value.filename == str(tmp_path / "none" / "out.csv")
