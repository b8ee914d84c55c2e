"""Answers as http.client reads them, strictly: where it guesses, this raises.

http.client and urllib3 take a chunk of -1 bytes for all that comes until the connection ends, "+5" and "1_0" for
lengths, a head that breaks off for a whole one, and drop what follows an answer, as if nothing had come.
"""

from __future__ import annotations

import http.client
import re
import socket
import ssl
from typing import Any

MOST_INTERIM = 100  # before an answer; in the field one or two
MOST_TRAILERS = 100  # as many as http.client allows headers
# A chunk's size, in the 16 digits that a 64-bit number has, with its extensions.
CHUNK_LINE = re.compile(rb"([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\r\n]*)?\r?\n")
LENGTH = re.compile(r"[0-9]{1,20}")
# How the end of a connection looks from here, besides the end of its file.
GONE = (ConnectionError, ssl.SSLEOFError, ssl.SSLZeroReturnError)


class Damaged(http.client.HTTPException):
    """The answer breaks off, or its framing is wrong."""


class NoAnswer(http.client.RemoteDisconnected):
    """The connection ended before the first byte of an answer."""


class Response(http.client.HTTPResponse):
    """One answer: skips interim ones, checks all sizes, and notices what follows the answer."""

    fp: Any

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self._sock = sock
        self.fp = _Lines(self.fp)

    def begin(self, *args: Any, **kwargs: Any) -> None:
        """Reads the head of the answer."""
        if self.headers is not None:
            return  # read before
        self._first_byte()
        try:
            super().begin(*args, **kwargs)
        except ConnectionError as error:
            raise Damaged("the head of the answer broke off") from error
        if "chunked" in self.headers.get("transfer-encoding", "").lower():
            self.fp.chunked = True
        else:
            self.fp = self.fp.file
            self._check_length()

    def _first_byte(self) -> None:
        """Waits for the first byte of the answer, and leaves it unread."""
        try:
            first = self.fp.peek(1)
        except GONE as error:
            raise NoAnswer("the connection ended without an answer") from error
        if not first:
            raise NoAnswer("the connection ended without an answer")

    def _read_status(self, *args: Any, **kwargs: Any) -> tuple[str, int, str]:
        """The status line of the final answer, or of a change of protocol, which is refused later."""
        for _ in range(MOST_INTERIM):
            line: tuple[str, int, str] = super()._read_status(*args, **kwargs)  # type: ignore[misc]
            if not 100 <= line[1] < 200 or line[1] == http.HTTPStatus.SWITCHING_PROTOCOLS:
                return line
            http.client.parse_headers(self.fp)
        raise Damaged(f"more than {MOST_INTERIM} interim answers")

    def _check_length(self) -> None:
        """Raises for lengths that cannot be read or differ; the same length may come twice."""
        values = self.headers.get_all("content-length", ())
        lengths = {length.strip() for value in values for length in value.split(",")}
        if not lengths:
            return
        length = lengths.pop()
        if lengths or not LENGTH.fullmatch(length):
            raise Damaged("the answer's length cannot be read")
        if self.length is None:
            self.length = int(length)

    def _close_conn(self, *args: Any, **kwargs: Any) -> None:
        """Ends the file of the answer, and also the connection if more has come than the answer."""
        if self.will_close is False and self._more():
            getattr(self._sock, "socket", self._sock).shutdown(socket.SHUT_RDWR)
        super()._close_conn(*args, **kwargs)  # type: ignore[misc]

    def _more(self) -> bool:
        """True if a byte can be read from the file's buffer, from TLS or from the socket."""
        timeout = self._sock.gettimeout()
        try:
            self._sock.settimeout(0)
            return bool(self.fp.peek(1))
        except OSError:  # of TLS, nothing to read; else the connection is broken, which its next use finds
            return False
        finally:
            self._sock.settimeout(timeout)


class _Lines:
    """The file of an answer, whose lines are whole and, once it is `chunked`, begin with the size of a chunk."""

    def __init__(self, file: Any) -> None:
        self.file = file
        self.chunked = False
        self._trailers: int | None = None  # lines so far

    def __getattr__(self, name: str) -> Any:
        return getattr(self.file, name)

    def readline(self, limit: int = -1) -> bytes:
        """The next line."""
        line: bytes = self.file.readline(limit)
        if self._trailers is not None:  # some servers end without the empty line behind them
            self._trailers += 1
            if self._trailers > MOST_TRAILERS:
                raise Damaged(f"more than {MOST_TRAILERS} lines behind the answer")
        elif self.chunked:
            size = CHUNK_LINE.fullmatch(line)
            if size is None:
                raise Damaged("the size of a chunk cannot be read")
            if int(size[1], 16) == 0:
                self._trailers = 0
        elif not line.endswith(b"\n") and len(line) != limit:
            raise Damaged("the head of the answer broke off")
        return line
