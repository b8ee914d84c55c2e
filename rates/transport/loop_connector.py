"""Connections of aiohttp, handed out only if nothing came over them since the last answer.

aiohttp keeps what a server sends over a connection that nothing is asked on, and takes it for the next answer. Tried
with 3.12 to 3.14: what it has no public place for (the class of its protocol) is set on its attribute.
"""

from __future__ import annotations

from contextvars import ContextVar
from functools import partial
from typing import Any

import aiohttp
from aiohttp.client_proto import ResponseHandler
from aiohttp.connector import Connection
from urllib3.util import wait_for_read

from rates.transport.strict_response import MOST_INTERIM


class Use:
    """The connection of one request.

    fresh: only a new one may be used. kept: one was used before. protocol: of the connection.
    """

    __slots__ = ("fresh", "kept", "protocol")

    def __init__(self, *, fresh: bool) -> None:
        self.fresh, self.kept = fresh, False
        self.protocol: Protocol | None = None

    @property
    def begun(self) -> bool:
        """True when a byte of the answer came."""
        return self.protocol is not None and self.protocol.received


# Set by the task that makes a request; aiohttp connects in the same task.
current_use: ContextVar[Use] = ContextVar("current_use")


class Protocol(ResponseHandler):
    """The receiving side of a connection: notices what comes before and behind an answer.

    received: a byte came since the request. kept: the connection has been handed out before.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.received = self.kept = False
        self._body: Any = None  # of the final answer
        self._interim = 0

    def set_response_params(self, *args: Any, **kwargs: Any) -> None:
        """Begins a request."""
        self.received, self._body, self._interim = False, None, 0
        super().set_response_params(*args, **kwargs)

    def data_received(self, data: bytes, *args: Any, **kwargs: Any) -> None:
        """Takes what came; behind an answer it ends the connection, unread."""
        self.received = self.received or bool(data)  # none, when reading goes on after a pause
        if data and self._body is not None and self._body.is_eof():
            self._end()
        else:
            super().data_received(data, *args, **kwargs)

    def feed_data(self, data: Any, *args: Any, **kwargs: Any) -> None:
        """Takes the head of an answer; too many interim ones end the connection."""
        head, body = data
        if head.code >= 200 or head.code == 101:
            self._body = body
        else:
            self._interim += 1
            if self._interim == MOST_INTERIM:
                self._end()
                self.set_exception(aiohttp.ClientPayloadError(f"more than {MOST_INTERIM} interim answers"))
        if self._interim < MOST_INTERIM:
            super().feed_data(data, *args, **kwargs)

    def set_exception(self, exc: Any, *args: Any, **kwargs: Any) -> None:
        """Takes a failure. A body that is being read gets it too, which aiohttp forgets."""
        super().set_exception(exc, *args, **kwargs)
        body = self._body
        if isinstance(exc, aiohttp.ServerTimeoutError) or body is None or body.is_eof() or body.exception() is not None:
            return
        body.set_exception(aiohttp.ClientPayloadError(str(exc)))

    def _end(self) -> None:
        self.force_close()
        if self.transport is not None:
            self.transport.close()

    def unused(self) -> bool:
        """True when nothing has come since the last answer, read by the loop or not."""
        sock: Any = self.transport.get_extra_info("socket") if self.transport is not None else None
        return sock is not None and not self.should_close and not wait_for_read(sock, timeout=0)


class Connector(aiohttp.TCPConnector):
    """Opens and keeps connections."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._factory: Any = partial(Protocol, loop=self._loop)

    async def connect(self, *args: Any, **kwargs: Any) -> Connection:
        """A kept connection on which nothing has come, or a new one."""
        use = current_use.get()
        while True:
            connection = await super().connect(*args, **kwargs)
            protocol = connection.protocol
            assert isinstance(protocol, Protocol)
            if not protocol.kept or (protocol.unused() and not use.fresh):
                use.protocol, use.kept, protocol.kept = protocol, protocol.kept, True
                return connection
            connection.close()
