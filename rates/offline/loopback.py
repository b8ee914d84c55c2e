"""The offline answers from a real server on this machine, in its own process.

Requests, sockets, headers and parsing are real, so that processor times are, too; the server's are not counted.
`serving(settings)` gives settings with which every request goes to that server instead of its host, over plain HTTP, in
every mode and worker. As no other server is asked, there is no rate limit.
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

START = "import sys; sys.path.insert(0, sys.argv[1]); from rates.offline.loopback_server import main; main()"
HOME = str(Path(__file__).resolve().parents[2])


@contextmanager
def serving(settings: Settings) -> Iterator[Settings]:
    """The settings with a server behind them until the block ends; the server also ends if this process does."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("RATES_")}
    process = subprocess.Popen(
        [sys.executable, "-c", START, HOME],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environ,
        start_new_session=True,  # a Ctrl-C at the terminal must not reach the server: a measurement may still end
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
