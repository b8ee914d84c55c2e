"""How a Dask cluster is started so that a Ctrl-C is heard while it starts, and leaves nothing of it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ..interrupts import uninterrupted
from ..queued import LISTEN_S

# How often processes are looked for that are to be ended, and how long their end is waited for.
HUNT_S, GRACE_S = 0.02, 0.5


class Start:
    """Runs `connect` in a thread. If that fails or the caller is interrupted, `end` ends what it had started.

    halt: ends the processes that there are so far; without them `connect` fails.
    """

    def __init__(self, connect: Callable[[], None], halt: Callable[[], None], end: Callable[[], None]) -> None:
        self._connect, self._halt, self._end = connect, halt, end
        self._error: BaseException | None = None
        self._over = threading.Event()
        self._given_up = False
        self._lock = threading.Lock()  # either side ends what was started, once
        self._thread = threading.Thread(target=self._run, name="rates-start", daemon=True)

    def finish(self) -> None:
        """Returns when it has connected; raises what prevented that."""
        try:
            with uninterrupted():  # which raises a Ctrl-C that it has held
                self._thread.start()
            while not self._over.wait(LISTEN_S):
                pass
        except BaseException:
            with uninterrupted(), quiet():
                self._give_up()
            raise
        if self._error is not None:
            self._end()
            raise self._error

    def _run(self) -> None:
        try:
            self._connect()
        except BaseException as error:
            self._error = error
        with self._lock:
            self._over.set()
            given_up = self._given_up
        if given_up:
            self._end()

    def _give_up(self) -> None:
        with self._lock:
            self._given_up = True
            over = self._over.is_set()
        if over:
            self._end()
            return
        threading.Thread(target=self._hunt, name="rates-halt", daemon=True).start()
        self._over.wait(GRACE_S)

    def _hunt(self) -> None:
        """Processes may still come after the caller has left; at exit Python would wait for them."""
        while not self._over.wait(HUNT_S):
            self._halt()


class _Quiet:
    """How many blocks want Dask's logger silent, and the level that it had before the first."""

    lock, count, level = threading.Lock(), 0, logging.NOTSET


@contextmanager
def quiet() -> Iterator[None]:
    """Dask logs what is meant, such as a worker that is ended, as if it were an accident. Blocks may overlap."""
    logger = logging.getLogger("distributed")
    with _Quiet.lock:
        if not _Quiet.count:
            _Quiet.level = logger.level
            logger.setLevel(logging.CRITICAL + 1)
        _Quiet.count += 1
    try:
        yield
    finally:
        with _Quiet.lock:
            _Quiet.count -= 1
            if not _Quiet.count:
                logger.setLevel(_Quiet.level)
