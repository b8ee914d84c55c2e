"""Every way of running calls behind one word, as true `concurrent.futures` executors.

    with open_executor("thread", 8) as executor:
        for done in dispatch(executor, fetch, bases):
            print(done.item, done.result())

Imports nothing of the rest of the package, and of the standard library only what a mode needs when it is opened.

The contract is the standard library's, and CPython's own tests of it run over every mode. These points differ on
purpose, in all modes:

- What is cancelled, by the user, `shutdown(cancel_futures=True)` or `kill`, is done for `wait` and `as_completed` at
  once, not only when a worker takes it.
- Callbacks and signal handlers may call the executor: submit to it, shut it down, kill it.
- An error that is false is raised. SystemExit and KeyboardInterrupt of a call are its own error; those of a callback
  are logged, as other errors of callbacks are. Neither ends a worker. (`sequential` runs calls in the caller, and
  raises them.)
- An error arrives with message, fields, notes, causes and members as they were, and with the worker's traceback; one
  that cannot be pickled has a stand-in. A call or result that cannot be read is the error of that call, and the pool
  lives.
- A call that submits to its own, full executor and waits for it gets a worker more (not in other processes).
- On Ctrl-C within its block, or while the block waits at its end, an executor is killed: no call is waited for.
- A function of a main module that no worker can import is refused at submit; `dask` sends it by value.
- `fork` beside living threads is refused. An executor that a forked child inherits does nothing there.
"""

from __future__ import annotations

from .base import InitializerFailed, OpenExecutor
from .dispatch import dispatch
from .factory import modes, open_executor, processors
from .interrupts import uninterrupted
from .names import MODES, VIAS
from .result import Done, WorkerDied, lateness

__all__ = [
    "MODES",
    "VIAS",
    "Done",
    "InitializerFailed",
    "OpenExecutor",
    "WorkerDied",
    "dispatch",
    "lateness",
    "modes",
    "open_executor",
    "processors",
    "uninterrupted",
]
