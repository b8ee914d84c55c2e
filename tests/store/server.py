"""A PostgreSQL server of our own, on a socket in a folder of its own; ready in a second."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def programs() -> str:
    """The folder of PostgreSQL's programs; "" without them. Debian has them in no folder of the PATH."""
    found = shutil.which("pg_ctl")
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return str(Path(found).resolve().parent) if found else str(places[0]) if places else ""


@contextmanager
def server() -> Iterator[str]:
    """The URL of its first database; the server ends with the block."""
    folder = tempfile.mkdtemp(prefix="rates-pg-")  # short, since a socket's path has at most 107 characters
    user: tuple[str, ...] = ()
    if os.getuid() == 0:  # PostgreSQL refuses to run as root
        user = ("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups")
        shutil.chown(folder, "postgres", "postgres")
    data = f"{folder}/data"

    def run(program: str, *args: str) -> None:
        command = [*user, f"{programs()}/{program}", *args]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder, timeout=60)

    try:
        run("initdb", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync", "-D", data)
        options = ("-D", data, "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off")
        with open(f"{folder}/log", "wb") as log:
            # It ends with the tests, also when they are killed.
            ending = ("setpriv", *user[1:], "--pdeathsig", "QUIT")
            process = subprocess.Popen(
                [*ending, f"{programs()}/postgres", *options], stdout=log, stderr=log, cwd=folder
            )
        try:
            _wait(process, folder)
            yield f"postgresql://postgres@/postgres?host={folder}"
        finally:
            process.send_signal(signal.SIGQUIT)
            process.wait(60)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait(process: subprocess.Popen[bytes], folder: str) -> None:
    """Waits until the server answers; RuntimeError with its log if it has ended."""
    asked = [f"{programs()}/pg_isready", "-q", "-h", folder, "-U", "postgres"]
    for _ in range(600):
        if process.poll() is not None:
            raise RuntimeError(Path(folder, "log").read_text(encoding="utf-8"))
        if subprocess.run(asked, check=False, timeout=60).returncode == 0:
            return
        time.sleep(0.1)
    raise RuntimeError("the PostgreSQL server is not ready after a minute")
