"""`dask`: a cluster of `dask.distributed`, one of our own on this machine or one that runs already.

Results travel as bytes, which the scheduler passes on unread. What Dask does by itself is switched off: it takes
functions for pure, answers an equal call from memory, and tries a call whose worker died four times.
`Client.get_executor` is not used: it finishes its futures on the event loop, where a callback that waits stops the
cluster.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from concurrent.futures import Future
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from .. import _private
from ..base import InitializerFailed, end_at_exit
from ..calls import Call
from ..names import named
from ..pickling import is_of_main, main_is_importable, packed_call, sendable
from ..processes import SendingExecutor
from .host import Host

if TYPE_CHECKING:
    from .cluster import Cluster

# How long a cluster may take to start: the slowest start seen took 8 s, on a busy machine.
START_S = 20.0

if find_spec("distributed") is None:
    raise ImportError("dask is not installed: pip install 'fetch-rates[dask]'")


class DaskExecutor(SendingExecutor):
    """A Dask client that is a `concurrent.futures.Executor`.

    Without a scheduler a cluster of our own starts at the first call: up to `processes` processes, with as many
    threads as make `workers`. With one (tcp://host:8786) it is spoken to at once, and the calls run on whatever
    machines its workers are on; they need nothing but what the calls import.
    """

    mode = "dask"
    imports_main = False

    def __init__(
        self,
        workers: int,
        initializer: Callable[..., object] | None = None,
        initargs: tuple[Any, ...] = (),
        scheduler: str | None = None,
        processes: int = 1,
        start_s: float | None = None,
    ) -> None:
        self.scheduler = scheduler
        self.start_s = start_s
        self.remote = scheduler is not None
        self.processes = min(processes, workers)
        self.name = f"rates-{uuid.uuid4().hex[:12]}"
        super().__init__(workers, initializer, initargs)
        # As bytes: Dask would send the initializer by value, with a copy of its module's variables.
        self._sent = None if initializer is None else (named(initializer), self.packed(initializer, initargs, {}))
        self.lost = False
        if scheduler is not None:
            self.opened_backend()

    def packed(self, fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> bytes:
        """The call as bytes; one of a main module that the workers do not have is sent by its value."""
        if is_of_main(fn) and (self.remote or not main_is_importable()):
            sendable(fn)
            import cloudpickle

            return bytes(cloudpickle.dumps((fn, args, kwargs)))
        return packed_call(fn, args, kwargs)

    def backend(self, _: object = None) -> Cluster:
        """The client, and its cluster if it is ours."""
        host = None if self.remote else Host(self.processes, -(-self.workers // self.processes))
        try:
            from .cluster import Cluster  # which takes half a second, in which the cluster starts

            end_at_exit(self, Cluster.__module__)
            address, identity = host.address(self.start_s or START_S) if host else (self.scheduler, [])
            return Cluster(self.name, self._sent, address, identity, host, self.start_s)
        except BaseException as error:
            if host is not None:
                host.end(forced=True)
            if isinstance(error, InitializerFailed):  # or each further call would wait as long
                self.break_down(error, None)
            raise

    def replace(self) -> None:
        """A lost cluster is started anew; ConnectionError where a scheduler is lost for good."""
        if self.lost:
            super().replace()
            self.opened_backend()
            self.lost = False

    def leave(self, calls: list[Call], why: str) -> str:
        """Terminates the workers of a cluster of ours; elsewhere the calls are cancelled, and one that runs is left."""
        if not self.remote:
            return super().leave(calls, why)
        for call in calls:
            _private.beside(call.handle.cancel, 0.0)
        return "; its worker elsewhere cannot be ended and is left"

    def late_because(self, future: Future[Any]) -> str:
        """That no worker is there to take it, or that the scheduler does not answer."""
        backend: Any = self._backend
        where = f"the scheduler{f' at {self.scheduler}' if self.scheduler else ''}"
        if backend is None or (found := backend.has_workers()):
            return ""
        return f"; {where} does not answer" if found is None else f"; no worker is connected to {where}"
