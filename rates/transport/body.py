"""The body of an answer, decoded and counted while it arrives: a gigabyte of zeros is sent as a megabyte."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping

from rates.errors import TooLarge, Truncated
from rates.model import Reply

CHUNK = 64 * 2**10
# Headers that describe how the body was sent; it has been decoded, so they are no longer true.
FRAMING_HEADERS = frozenset({"content-encoding", "content-length", "transfer-encoding", "connection", "keep-alive"})
GZIP = 16 + zlib.MAX_WBITS


class Body:
    """Collects the pieces of a body as they were sent, in the encodings that we accept; TooLarge above the cap.

    headers: of the answer; encodings of its Content-Encoding that are unknown are left in place.
    """

    def __init__(self, headers: Mapping[str, str], max_bytes: int) -> None:
        encoding = headers.get("content-encoding")
        self._headers, self._max_bytes = headers, max_bytes
        self._decoded = bytearray()
        self._decoders = [_Decoder(name) for name in _encodings(encoding)] if encoding else []

    def feed(self, piece: bytes) -> Iterable[None]:
        """Takes one piece. The caller must iterate over the result, which pauses after each decoded chunk."""
        if self._decoders:
            return self._decode(piece)
        self._add(piece)
        return ()

    def _decode(self, piece: bytes) -> Iterable[None]:
        for part in self._parts(piece, len(self._decoders) - 1):
            self._add(part)
            yield

    def _parts(self, piece: bytes, place: int) -> Iterable[bytes]:
        """The piece without the encodings up to that place; the one that was applied last is removed first."""
        for part in self._decoders[place].parts(piece):
            if place:
                yield from self._parts(part, place - 1)
            else:
                yield part

    def _add(self, part: bytes) -> None:
        self._decoded += part
        if len(self._decoded) > self._max_bytes:
            hint = "raise max_bytes if that is right"
            raise TooLarge(f"the answer is larger than {self._max_bytes} bytes", hint=hint)

    def reply(self, status: int) -> Reply:
        """The whole answer: header names in lower case, values of one name joined by commas.

        Truncated when its compressed data ended before their end mark.
        """
        if any(decoder.cut for decoder in self._decoders):
            raise Truncated("the answer's compressed data broke off")
        found: dict[str, str] = {}
        for name, value in self._headers.items():
            name = name.lower()
            if name not in FRAMING_HEADERS:
                found[name] = f"{found[name]}, {value}" if name in found else value
        return Reply(status, bytes(self._decoded), found)


def _encodings(encoding: str) -> list[str]:
    """The known encodings of a Content-Encoding, in the order in which they were applied."""
    names = [name.strip().lower() for name in encoding.split(",")]
    return [name for name in names if name in ("gzip", "x-gzip", "deflate")]


class _Decoder:
    """Removes one encoding of a body, piece by piece, with never more than a chunk as the result.

    Gzip data may have several members, and padding after the last.
    """

    def __init__(self, name: str) -> None:
        self._deflate = name == "deflate"
        self._zip = zlib.decompressobj(zlib.MAX_WBITS if self._deflate else GZIP)
        self._members = 0
        self._begun = self._over = False

    @property
    def cut(self) -> bool:
        """True when data came and broke off before the end mark of the first member.

        After a whole first member the rest may be padding, as other clients take it.
        """
        return self._begun and not self._over and not self._members

    def parts(self, piece: bytes) -> Iterable[bytes]:
        """The decoded content of the piece."""
        while piece and not self._over:
            yield self._part(piece)
            self._begun = True
            piece = self._after_member() if self._zip.eof else self._zip.unconsumed_tail
        while not self._over and not self._zip.eof and (part := self._part(b"")):  # held back by the chunk's limit
            yield part

    def _part(self, piece: bytes) -> bytes:
        try:
            return self._zip.decompress(piece, CHUNK)
        except zlib.error as error:
            if self._members:  # padding
                self._over = True
                return b""
            return self._raw_deflate(piece, error)

    def _raw_deflate(self, piece: bytes, error: zlib.error) -> bytes:
        """Some servers send deflate without its zlib frame."""
        if self._deflate and not self._begun:
            self._zip = zlib.decompressobj(-zlib.MAX_WBITS)
            try:
                return self._zip.decompress(piece, CHUNK)
            except zlib.error:
                pass
        raise Truncated("the answer's compressed data are damaged") from error

    def _after_member(self) -> bytes:
        """The data after a whole member: another member, or padding."""
        self._members += 1
        rest = self._zip.unused_data.lstrip(b"\0")
        if self._deflate:
            self._over = True
            return b""
        self._zip = zlib.decompressobj(GZIP)
        return rest
