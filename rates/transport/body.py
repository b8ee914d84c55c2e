"""The body of an answer, unpacked and counted while it comes: a gigabyte of zeros packs into a megabyte."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping

from rates.errors import TooLarge, Truncated
from rates.model import Reply

CHUNK = 64 * 2**10
# Headers that describe how the body travelled; it has been decoded, so they are no longer true.
TRAVEL_HEADERS = frozenset({"content-encoding", "content-length", "transfer-encoding", "connection", "keep-alive"})
GZIP = 16 + zlib.MAX_WBITS


class Body:
    """Takes the pieces of a body as they travelled, in one of the encodings that we accept; TooLarge beyond the cap."""

    def __init__(self, encoding: str, max_bytes: int) -> None:
        self.whole = bytearray()
        self.max_bytes = max_bytes
        self._layers = [_Layer(name) for name in _packings(encoding)]

    def add(self, piece: bytes) -> Iterator[None]:
        """Takes one piece; it is to be gone through, and stops at each chunk, for who has other things to do."""
        for part in self._unpacked(piece, len(self._layers) - 1) if self._layers else (piece,):
            self.whole += part
            if len(self.whole) > self.max_bytes:
                hint = "raise max_bytes if that is right"
                raise TooLarge(f"the answer is larger than {self.max_bytes} bytes", hint=hint)
            yield

    def end(self) -> bytes:
        """The whole body; Truncated when its packed data ended before their own end mark."""
        if any(layer.cut for layer in self._layers):
            raise Truncated("the answer's compressed data broke off")
        return bytes(self.whole)

    def _unpacked(self, piece: bytes, layer: int) -> Iterable[bytes]:
        """The piece without its packing; the one that was put on last comes off first."""
        for part in self._layers[layer].parts(piece):
            if layer:
                yield from self._unpacked(part, layer - 1)
            else:
                yield part


def _packings(encoding: str) -> list[str]:
    """The packings of a Content-Encoding in the order in which they were put on; unknown ones are left as they are."""
    names = [name.strip().lower() for name in encoding.split(",")]
    return [name for name in names if name in ("gzip", "x-gzip", "deflate")]


class _Layer:
    """One packing of a body, taken off piece by piece, never more than a chunk at a time."""

    def __init__(self, name: str) -> None:
        self._deflate = name == "deflate"
        self._zip = zlib.decompressobj(zlib.MAX_WBITS if self._deflate else GZIP)
        self._members = 0
        self._begun = self._over = False

    @property
    def cut(self) -> bool:
        """True when data came and broke off before the end mark of the first member.

        After a first whole member what follows may be filling, as other clients take it.
        """
        return self._begun and not self._over and not self._members

    def parts(self, piece: bytes) -> Iterable[bytes]:
        """What the piece holds, unpacked."""
        while piece and not self._over:
            yield self._part(piece)
            self._begun = True
            piece = self._next() if self._zip.eof else self._zip.unconsumed_tail
        while not self._over and not self._zip.eof and (part := self._part(b"")):  # what the cap on each held back
            yield part

    def _part(self, piece: bytes) -> bytes:
        try:
            return self._zip.decompress(piece, CHUNK)
        except zlib.error as error:
            if self._members:  # filling
                self._over = True
                return b""
            return self._bare(piece, error)

    def _bare(self, piece: bytes, error: zlib.error) -> bytes:
        """Some servers call it deflate and leave out its frame."""
        if self._deflate and not self._begun:
            self._zip = zlib.decompressobj(-zlib.MAX_WBITS)
            try:
                return self._zip.decompress(piece, CHUNK)
            except zlib.error:
                pass
        raise Truncated("the answer's compressed data are damaged") from error

    def _next(self) -> bytes:
        """What follows a whole member: another one, or filling."""
        self._members += 1
        rest = self._zip.unused_data.lstrip(b"\0")
        if self._deflate:
            self._over = True
            return b""
        self._zip = zlib.decompressobj(GZIP)
        return rest


def reply(status: int, headers: Iterable[tuple[str, str]], body: bytes) -> Reply:
    """The Reply of an answer whose body has been read: names in lower case, what came twice joined by commas."""
    found: dict[str, str] = {}
    for name, value in headers:
        name = name.lower()
        if name not in TRAVEL_HEADERS:
            found[name] = f"{found[name]}, {value}" if name in found else value
    return Reply(status, body, found)


def encoding_of(headers: Mapping[str, str]) -> str:
    """How a body is packed; "" for not at all."""
    return headers.get("content-encoding") or ""
