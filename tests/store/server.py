"""A PostgreSQL server of our own, on a socket in a folder of its own; ready in a second."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
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
        options = f"-k {folder} -c listen_addresses='' -c fsync=off"
        run("pg_ctl", "-D", data, "-o", options, "-l", f"{folder}/log", "-w", "start")
        try:
            yield f"postgresql://postgres@/postgres?host={folder}"
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
