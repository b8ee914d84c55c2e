"""A Dask cluster in a separate process, which ends on request or with the process that started it.

So nothing of the cluster stays behind, however the starting process ends: no worker, and no file. The host has its own
session, which no Ctrl-C of a terminal reaches.

Whoever may connect to a scheduler can run code as its user. So all of a cluster speaks TLS, with a key that is made for
it and that lies in its folder, which only that user can read.
"""

from __future__ import annotations

import errno
import json
import logging
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from .. import _private
from ..base import InitializerFailed
from ..interrupts import uninterrupted

# How long the workers of a cluster may take to end, and how often the address of one that starts is looked for.
GRACE_S, LOOK_S = 5.0, 0.01
BOOT = (
    "import sys, json; line = sys.stdin.readline() or sys.exit(); sys.path[:] = json.loads(line); "
    f"import {__name__}; {__name__}.main()"
)
# What is killed leaves its semaphores to the tracker, which would say so.
QUIET = "ignore::UserWarning:multiprocessing.resource_tracker"
# Takes the place of a cluster's process: in the same one a thread of Dask would start a worker anew for each that ends.
CLEAR = """
import os, shutil, signal, sys
folder, status, *numbers = sys.argv[1:]
for number in numbers:
    try:
        os.kill(int(number), getattr(signal, "SIGKILL", signal.SIGTERM))
    except OSError:
        pass
shutil.rmtree(folder, ignore_errors=True)
sys.exit(int(status))
"""
CONFIG = {
    "distributed.worker.daemon": False,  # workers may have child processes
    "distributed.worker.multiprocessing-method": "forkserver" if hasattr(os, "fork") else "spawn",
    "distributed.scheduler.allowed-failures": 0,  # a dead worker's calls fail, and are not tried again unseen
    "distributed.version": 2,
}


class Host:
    """The process of a cluster, seen from the one that starts it."""

    def __init__(self, processes: int, threads: int) -> None:
        multiprocessing.Lock()  # without /dev/shm an OSError; Dask would only say that a worker failed to start
        self.folder = ""
        try:
            with uninterrupted():
                self.folder = tempfile.mkdtemp(prefix="rates-dask-")
            self._begin({"n_workers": processes, "threads_per_worker": threads})
        except BaseException:  # a signal, too: the process does not know its folder yet
            if hasattr(self, "process"):
                self.process.kill()
                self.process.wait()
                self.let_go()
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    def _begin(self, size: dict[str, int]) -> None:
        own = {"DASK_LOGGING__DISTRIBUTED": "critical", "DASK_TEMPORARY_DIRECTORY": self.folder}
        with uninterrupted():
            self.process = subprocess.Popen(
                [sys.executable, "-W", QUIET, "-c", BOOT],
                stdin=subprocess.PIPE,
                text=True,
                start_new_session=True,
                env={**os.environ, **own},
            )
        self._say(sys.path)
        secure = find_spec("cryptography") is not None
        if not secure:
            warn_unprotected()
        self._say({"folder": self.folder, "secure": secure, **size})

    def _say(self, what: Any) -> None:
        assert self.process.stdin is not None
        with suppress(OSError):  # it has ended
            self.process.stdin.write(json.dumps(what) + "\n")
            self.process.stdin.flush()

    def address(self, limit_s: float) -> tuple[str, list[str]]:
        """Where the scheduler listens, and the key and certificate of the cluster, when the workers are there.

        Raises RuntimeError if they cannot start, InitializerFailed if they take longer than `limit_s`.
        """
        path, until = Path(self.folder, "started"), time.monotonic() + limit_s
        while not path.exists():
            status = self.process.poll()
            if status is not None and status in errno.errorcode:
                raise OSError(status, os.strerror(status))
            if status is not None:
                raise RuntimeError("the Dask cluster ended while it started")
            if time.monotonic() > until:
                raise InitializerFailed(f"the Dask cluster did not start within {limit_s:g} s")
            time.sleep(LOOK_S)
        found: dict[str, Any] = json.loads(path.read_text())
        if "error" in found:
            raise RuntimeError(f"the Dask cluster cannot start: {found['error']}")
        return found["address"], found["identity"]

    def end(self, *, forced: bool) -> None:
        """Ends the cluster: its workers come to their normal end, unless that is forced or takes too long."""
        if not forced:
            self._say("close")
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(GRACE_S)
        if self.process.poll() is None:
            kill(self.process.pid)
            self.process.wait()
        self.let_go()
        shutil.rmtree(self.folder, ignore_errors=True)

    def let_go(self) -> None:
        """Closes the pipe to the cluster, which ends when no process has it open; in a forked child, that copy."""
        if self.process.stdin is not None:
            with suppress(OSError):
                self.process.stdin.close()


@cache
def warn_unprotected() -> None:
    """Says once that the cluster is open to all users of this machine."""
    logging.getLogger(__package__).warning(
        "rates: every user of this machine can run code as you while this Dask cluster runs, since it cannot be "
        "encrypted: pip install cryptography"
    )


def kill(pid: int) -> None:
    """Kills a process and all that it has started: itself first, or it would start others in their place."""
    import psutil  # type: ignore[import-untyped]

    for process in _family(pid):
        with suppress(psutil.Error):
            process.kill()


def _family(pid: int) -> list[Any]:
    """A process and all that it has started, except for the trackers of semaphores, which remove those at their end."""
    import psutil

    found = []
    with suppress(psutil.NoSuchProcess):
        host = psutil.Process(pid)
        for process in [host, *host.children(recursive=True)]:
            with suppress(psutil.Error):
                if "resource_tracker import" not in " ".join(process.cmdline()):
                    found.append(process)
    return found


def main() -> None:
    """Runs a cluster until a line says "close"; kills it when the pipe is closed, also while it starts."""
    ask = json.loads(sys.stdin.readline() or sys.exit())
    folder, closing = ask.pop("folder"), threading.Event()
    threading.Thread(target=_watch, args=(folder, closing), daemon=True).start()
    starting = Path(folder, "starting")
    try:
        cluster, identity = _start(folder, **ask)
        starting.write_text(json.dumps({"address": cluster.scheduler_address, "identity": identity}))
    except Exception as error:
        _explain(starting, error)
    starting.rename(starting.with_name("started"))
    closing.wait()
    cluster.close(timeout=GRACE_S)
    _leave(folder)


def _explain(file: Path, error: Exception) -> None:
    """Writes why the cluster cannot start; on a full disk the number of that error is the status of this process."""
    try:
        file.write_text(json.dumps({"error": f"{type(error).__qualname__}: {error}"}))
    except OSError as full:
        _leave(str(file.parent), full.errno or 1)


def _watch(folder: str, closing: threading.Event) -> None:
    if "close" in sys.stdin.readline():
        closing.set()
    else:
        _leave(folder)


def _leave(folder: str, status: int = 0) -> None:
    started = [str(process.pid) for process in _family(os.getpid())[1:]]
    command = [sys.executable, "-I", "-S", "-c", CLEAR, folder, str(status), *started]
    if sys.platform == "win32":  # whose exec makes another process, and quotes no argument
        subprocess.Popen(command)
        os._exit(status)
    os.execv(command[0], command)


def _start(folder: str, secure: bool, **more: int) -> tuple[Any, list[str]]:
    """The cluster, and its key and certificate if it is `secure`."""
    _private.configure_process(tempdir=folder)
    if hasattr(os, "fork"):  # at once: the fork server loads Dask for all workers while this process does
        from multiprocessing import forkserver

        multiprocessing.set_forkserver_preload(["distributed", f"{__package__}.worker"])
        forkserver.ensure_running()
    import dask
    import distributed

    dask.config.set(CONFIG)
    own: Any = distributed.Security.temporary() if secure else None  # type: ignore[no-untyped-call]
    cluster = distributed.LocalCluster(  # type: ignore[no-untyped-call]
        processes=True,
        security=own,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        memory_limit=0,
        **more,
    )
    return cluster, [own.tls_client_key, own.tls_client_cert] if secure else []
