"""The client of a Dask scheduler, with a cluster of our own behind it or one that runs already."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import BrokenExecutor, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from functools import partial
from itertools import count
from time import monotonic
from typing import Any, cast

import dask
import distributed

from .. import _private
from ..base import LISTEN_S
from ..calls import Call
from ..pickling import main_is_importable
from ..processes import WHY_BROKEN
from ..queued import Backend
from .host import Host
from .worker import Prepare, serve_for

# How long a scheduler may take to answer, to give a result and to say which workers it has, and a client to close. A
# scheduler that is stopped never does any of that; a Ctrl-C must be over within a second.
CONNECT_S, RESULT_S, ASK_S, CLOSE_S, KILLED_S = 10.0, 10.0, 0.1, 5.0, 0.1
# After this time a result is lost with its worker, if that is ours, and the call is begun once more.
LOST_S = 1.0
LOGGERS = [logging.getLogger(f"distributed.{name}") for name in ("client", "core", "batched", "comm.tcp")]


class Cluster(Backend):
    """The backend of a `DaskExecutor`.

    identity: the key and the certificate of the cluster, if it has them. host: the process of the cluster, if it is
    ours. limit_s: how long the scheduler may take to answer.
    """

    def __init__(
        self,
        name: str,
        initial: tuple[str, bytes] | None,
        address: str | None,
        identity: list[str],
        host: Host | None,
        limit_s: float | None,
    ) -> None:
        limit_s = limit_s or CONNECT_S
        self._name, self._initial, self._address, self._host = name, initial, address, host
        self._keys = count()
        self._client: Any = None
        self._over = False
        self._lock = threading.Lock()
        # Passes nothing on: the calls fail when a scheduler is lost, and Dask would log its tracebacks as well.
        self._hush = logging.Filter(name)
        # In another thread: a Ctrl-C that comes while the scheduler is spoken to is raised here at once.
        connected: Future[None] = Future()
        opening = partial(self._open_client, connected, identity, limit_s)
        threading.Thread(target=opening, name="rates-start", daemon=True).start()
        until = monotonic() + limit_s
        try:
            while wait([connected], min(LISTEN_S, max(0.0, until - monotonic()))).not_done:
                if monotonic() >= until:
                    raise TimeoutError(f"no answer within {limit_s:g} s")
            connected.result()
        except BaseException as error:
            self.end()
            if not isinstance(error, (OSError, ValueError)):
                raise
            raise ConnectionError(
                f"the scheduler at {self._address} does not answer ({error}): is it running, and is the address like "
                "tcp://host:8786?"
            ) from error

    def _open_client(self, connected: Future[None], identity: list[str], limit_s: float) -> None:
        for logger in LOGGERS:
            logger.addFilter(self._hush)
        try:
            more = {"security": _security(*identity)} if identity else {}
            with dask.config.set({"distributed.comm.timeouts.connect": f"{limit_s:g}s"}):
                client = _private.open_client(self._address, limit_s, name=self._name, **more)
            if self._initial is not None:
                plugin = Prepare(self._name, *self._initial, self._main(self._initial[1]))
                client.register_plugin(plugin, name=self._name)
            with self._lock:
                self._client, late = client, self._over
            if late:
                self._close()
            connected.set_result(None)
        except BaseException as error:
            connected.set_exception(error)

    def _main(self, payload: bytes) -> dict[str, Any] | None:
        """The main module that the workers import for it; those of another's cluster do not have it."""
        needed = self._host is not None and b"__main__" in payload and main_is_importable()
        return _private.main_module() if needed else None

    def begin(self, call: Call) -> None:
        """Hands the call to the scheduler."""
        if (executor := call.executor) is None:  # given up meanwhile
            return
        key = f"{self._name}-{next(self._keys)}"
        what = self._name, call.what, self._main(call.what)
        client = self._client
        try:
            call.handle = client.submit(serve_for, *what, key=key, pure=False)
        except Exception:
            if client is not None and client.status not in ("closing", "closed"):
                raise
            self._lose(executor)
            return
        call.handle.add_done_callback(partial(self._answered, executor, call))

    def _lose(self, executor: Any) -> None:
        executor.lost = True
        executor.break_down(BrokenExecutor(f"the scheduler at {self._address} is lost"), self)

    def _answered(self, executor: Any, call: Call, handle: Any) -> None:
        if handle.status not in ("finished", "error"):  # cancelled, or lost, neither of which we have asked for
            self._lose(executor)
            return
        # In a thread: Dask has one for all callbacks, and a result that lies in a stopped worker does not come.
        _private.beside(partial(self._take, executor, call, handle), 0.0)

    def _take(self, executor: Any, call: Call, handle: Any) -> None:
        again = self._host is not None and not call.begun_again
        try:
            take = handle.result if handle.status == "finished" else handle.exception
            answer = take(timeout=LOST_S if again else RESULT_S)
        except TimeoutError as error:
            if again and not call.gone:
                call.begun_again = True
                self.begin(call)
            else:
                call.fail(ConnectionError(f"the result did not come from its worker: {error}"))
            return
        except Exception as error:
            call.fail(ConnectionError(f"the result was lost with its worker: {error}"))
            return
        if handle.status == "finished":
            executor.answered(call, self, answer)
        elif type(answer).__name__ == "KilledWorker":
            # Dask starts another worker, and the calls that run on others will still be answered.
            executor.break_down(BrokenProcessPool(WHY_BROKEN), self, lost=[call])
        else:
            call.fail(RuntimeError(f"the worker cannot run the call: {type(answer).__qualname__}: {answer}"))

    def has_workers(self) -> bool | None:
        """Whether a worker is connected to the scheduler; None if the scheduler does not answer."""
        answers: list[bool] = []

        def ask() -> None:
            with suppress(Exception):
                answers.append(bool(self._client.scheduler_info()["workers"]))

        _private.beside(ask, ASK_S)
        return answers[0] if answers else None

    def close(self) -> None:
        """Ends the client; the workers of our cluster come to their normal end."""
        self._end(CLOSE_S)

    def end(self) -> None:
        """Ends the client, and kills our cluster."""
        self._end(KILLED_S, forced=True)

    def _end(self, limit_s: float, forced: bool = False) -> None:
        if forced and self._host is not None:
            self._host.end(forced=True)
        # A client whose scheduler says nothing waits for it while it is closed, so that is not waited for.
        _private.beside(self._close, limit_s)
        if not forced and self._host is not None:
            self._host.end(forced=False)

    def _close(self) -> None:
        with self._lock:
            client, self._client, self._over = self._client, None, True
        if client is not None:
            with suppress(Exception):
                if self._host is None and self._initial is not None:
                    client.unregister_worker_plugin(self._name)
            with suppress(Exception):
                _private.close_client(client, CLOSE_S)
        for logger in LOGGERS:
            logger.removeFilter(self._hush)

    def disown(self) -> None:
        """In a forked child: the cluster is the parent's, and does not outlive it."""
        if self._host is not None:
            self._host.let_go()


def _security(key: str, certificate: str) -> Any:
    """With which the client meets the scheduler; both have the same certificate, which no other authority signed."""
    known = {"tls_ca_file": certificate, "tls_client_cert": certificate, "tls_client_key": key}
    return cast(Any, distributed).Security(require_encryption=True, **known)
