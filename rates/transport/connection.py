"""Connections of urllib3, watched: the guard of a fetch has the socket, and so ends any wait on it.

A kept connection that ends before a byte of the answer raises `Dropped`: the request may be sent once more.
"""

from __future__ import annotations

import errno
import http.client
import os
import socket
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from functools import cache, partial
from typing import Any

from urllib3.connection import HTTPConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.util import wait_for_write
from urllib3.util.connection import allowed_gai_family

from rates.transport.io import Mock
from rates.transport.resolver import resolve
from rates.transport.strict_response import GONE, NoAnswer, Response
from rates.transport.timings import now
from rates.transport.watchdog import DAEMONS, Guard, monotonic

# The thread's adapter, and the guard and the mock of its request under way.
local = threading.local()
LOOK_S = 0.1  # between looks at the guard while a connection is opened


def current_mock() -> Mock | None:
    """The mock that answers this thread's request under way; None for the network."""
    mock: Mock | None = getattr(local, "mock", None)
    return mock


def current_guard() -> Guard | None:
    """The guard of this thread's request under way."""
    guard: Guard | None = getattr(local, "guard", None)
    return guard


def _is_plain(connect: Any) -> bool:
    """True for the `_new_conn` of urllib3 that opens a TCP socket, which `_opened` does too.

    SOCKS proxies have another, and so has urllib3-future, which takes the place of urllib3 and has HTTP/3 besides.
    """
    return getattr(connect, "__func__", None) is HTTPConnection._new_conn and issubclass(
        HTTPConnection, http.client.HTTPConnection
    )


class Dropped(NoAnswer):
    """A kept connection ended before the first byte of an answer."""


class _WatchedConnection:
    """Shows each socket to the fetch's guard, which shuts it down at the deadline.

    Unknown arguments are passed on: niquests puts its own urllib3 in place, which calls these methods with more.
    """

    sock: Any
    response_class = Response
    _kept = False  # it has brought an answer

    def _new_conn(self, *args: Any, **kwargs: Any) -> Any:
        """An open socket; a wait for it ends with the guard's time."""
        guard = current_guard()
        theirs = super()._new_conn  # type: ignore[misc]
        if guard is None:
            sock = theirs(*args, **kwargs)
        elif _is_plain(theirs):
            sock = _opened(self, guard)
        else:
            sock = _in_a_thread(partial(theirs, *args, **kwargs), guard)
        watch(sock)  # a proxy may drip its answer to CONNECT
        return sock

    def connect(self, *args: Any, **kwargs: Any) -> None:
        guard = current_guard()
        began = now()
        self._kept = False
        try:
            super().connect(*args, **kwargs)  # type: ignore[misc]
        finally:
            if guard is not None:
                guard.phases.connect += now() - began
                guard.phases.connections += 1
        watch(self.sock)

    def request(self, *args: Any, **kwargs: Any) -> None:
        try:
            super().request(*args, **kwargs)  # type: ignore[misc]
        except BrokenPipeError:  # the server has closed its end, and may have said why
            raise
        except GONE as error:
            if self._kept:
                raise Dropped(str(error)) from error
            raise

    def getresponse(self, *args: Any, **kwargs: Any) -> Any:
        watch(self.sock)  # a kept-alive connection does not connect again
        try:
            response = super().getresponse(*args, **kwargs)  # type: ignore[misc]
        except NoAnswer as error:
            if self._kept:
                raise Dropped(str(error)) from error
            raise
        self._kept = True
        return response


def _opened(connection: Any, guard: Guard) -> socket.socket:
    """An open socket of the connection, with the errors of urllib3; its addresses are tried one after the other."""
    try:
        addresses = resolve(connection._dns_host.strip("[]"), connection.port, allowed_gai_family(), guard)
    except socket.gaierror as error:
        raise NameResolutionError(connection.host, connection, error) from error
    failed: OSError = OSError("there is no address")
    for family, kind, protocol, _, address in addresses:
        try:
            sock = socket.socket(family, kind, protocol)
        except OSError as error:  # of a family that this machine does not have
            failed = error
            continue
        try:
            for option in connection.socket_options or ():
                sock.setsockopt(*option)
            if connection.source_address:
                sock.bind(connection.source_address)
            _connect(sock, address, guard.longest_wait(connection.timeout), guard)
            return sock
        except OSError as error:
            failed = error
            sock.close()
        except BaseException:
            sock.close()
            raise
    if isinstance(failed, TimeoutError):
        raise ConnectTimeoutError(connection, "the connection timed out") from failed
    raise NewConnectionError(connection, str(failed)) from failed


def _connect(sock: socket.socket, address: Any, timeout_s: float, guard: Guard) -> None:
    """Connects a socket; not every system lets another thread end this wait, so it looks at the guard by itself."""
    ends = monotonic() + timeout_s
    sock.settimeout(0)
    try:
        sock.connect(address)
    except BlockingIOError:
        while not wait_for_write(sock, max(0.0, min(LOOK_S, guard.left(), ends - monotonic()))):
            guard.check()
            if monotonic() >= ends:
                raise TimeoutError(errno.ETIMEDOUT, "timed out") from None
        if code := sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            raise OSError(code, os.strerror(code)) from None
    sock.settimeout(timeout_s)


def _in_a_thread(connect: Callable[[], Any], guard: Guard) -> Any:
    """What `connect` gives, or raises, within the guard's time; a socket that comes too late is closed."""
    future: Future[Any] = Future()

    def run() -> None:
        try:
            sock = connect()
        except BaseException as error:
            if future.set_running_or_notify_cancel():
                future.set_exception(error)
            return
        if future.set_running_or_notify_cancel():
            future.set_result(sock)
        else:
            sock.close()

    threading.Thread(target=run, name="rates-connect", daemon=DAEMONS).start()
    guard.wake = future.cancel
    if guard.fired:
        future.cancel()
    try:
        return future.result(max(0.0, guard.left()) + 0.02)
    except BaseException as error:
        if not future.cancel():
            future.add_done_callback(_close)  # the socket came at this moment
        if isinstance(error, (TimeoutError, CancelledError)):
            guard.check()
        raise
    finally:
        guard.wake = None


def _close(future: Future[Any]) -> None:
    if future.exception() is None:
        future.result().close()


def watch(sock: Any) -> None:
    """Gives the socket to the guard of this thread's request, which may have fired already."""
    guard = current_guard()
    if guard is not None:
        guard.sock = getattr(sock, "socket", sock)  # TLS within a proxy's TLS is a wrapper around the true one
        if guard.fired:
            guard.fire()


def with_watched_connections(manager: Any) -> Any:
    """The pool manager, with watched connections of whatever kind it has: SOCKS proxies have their own."""
    pools = manager.pool_classes_by_scheme
    manager.pool_classes_by_scheme = {scheme: _watched_pool(pool) for scheme, pool in pools.items()}
    return manager


@cache
def _watched_pool(pool: Any) -> Any:
    if issubclass(pool.ConnectionCls, _WatchedConnection):
        return pool
    connection = type("_Connection", (_WatchedConnection, pool.ConnectionCls), {})
    return type("_Pool", (pool,), {"ConnectionCls": connection})
