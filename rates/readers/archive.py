"""Zip archives, unpacked with a limit that counts what comes out: what an archive declares can be a lie."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile
from zlib import error as ZlibError  # noqa: N812  (a class, whatever its name)

MOST_FILES = 1000  # the workbook with the most seen has 69
PIECE = 2**18  # bytes unpacked at a time; the limit is exceeded by one piece at most

_DIRECTORY_ENTRY = b"PK\1\2"  # each file has one; counted before `ZipFile` makes objects of them


class Archive:
    """The files of a zip archive. Raises ValueError for whatever is not a whole archive or is larger than `cap`.

    cap: the most bytes that all files read from it may unpack to, together. what: the archive's name in messages.
    Only files that are stored or deflated are read: the standard library unpacks bzip2 and LZMA without a limit.
    """

    def __init__(self, body: bytes, cap: int, what: str = "zip file") -> None:
        self._cap = self._left = cap
        self._what = what
        if body.count(_DIRECTORY_ENTRY) > MOST_FILES:
            raise ValueError(f"the {what} has more than {MOST_FILES} files")
        with self._named():
            self._zip = ZipFile(BytesIO(body))
        self.names = [info.filename for info in self._zip.infolist() if not info.is_dir()]

    def read(self, name: str) -> bytes:
        """The file's content."""
        with self._named():
            info = self._zip.getinfo(name)
            if info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
                raise ValueError(f"{name!r} in the {self._what} is packed in a way that publishers do not use")
            pieces: list[bytes] = []
            with self._zip.open(info) as packed:
                while piece := packed.read(PIECE):
                    self._left -= len(piece)
                    if self._left < 0:
                        raise ValueError(f"the {self._what} unpacks to more than {self._cap} bytes")
                    pieces.append(piece)
            return b"".join(pieces)

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Turns whatever a damaged archive raises into a ValueError."""
        try:
            yield
        except (BadZipFile, ZlibError, EOFError, LookupError, NotImplementedError, RuntimeError, OSError) as error:
            raise ValueError(f"invalid {self._what}: {error}") from error
