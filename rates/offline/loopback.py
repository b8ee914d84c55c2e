"""The offline answers from a real server on this machine, in a process of its own.

The requests, their sockets, their headers and their parsing are real, so processor times are true; what serves them
costs the client nothing. `serving(settings)` gives settings under which every request goes there instead of to its
host, over plain HTTP, in every mode and worker. Nobody else is asked, so there is no politeness, as offline.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rates.errors import RatesError
from rates.settings import Settings

START = "import sys; sys.path.insert(0, sys.argv[1]); from rates.offline.server import main; main()"
HOME = str(Path(__file__).resolve().parents[2])


@contextmanager
def serving(settings: Settings) -> Iterator[Settings]:
    """The settings with a server behind them, until the block ends; the server ends with its parent in any case."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("RATES_")}
    process = subprocess.Popen(
        [sys.executable, "-c", START, HOME],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environ,
        start_new_session=True,  # a Ctrl-C at the terminal is for us, who may still have something to measure
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        pickle.dump(settings, process.stdin)
        process.stdin.flush()
        port = process.stdout.readline().decode().strip()
        if not port.isdigit():
            raise RatesError("the loopback server did not start", hint="try --offline")
        yield settings.with_values(loopback=f"127.0.0.1:{port}")
    finally:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()
