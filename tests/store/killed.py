"""A program that fills a store until it is killed: `python -m tests.store.killed sync|transaction|lock|make STORE`."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable

import pytest

from rates.store import Store
from tests.store.conftest import quote
from tests.store.test_sync import NIGHT, Bank, run, settings_for


def say(word: str) -> None:
    """Writes a line for the test that waits for it."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def fill(place: str) -> None:
    """A sync in small pieces; a line for each that is stored."""
    with pytest.MonkeyPatch.context() as patch, Store.open(place) as store:

        def started(total: int) -> Callable[[], None]:
            return lambda: say("stored")

        run(store, settings_for(patch, Bank(max_days=2)), started=started)


def hang(place: str) -> None:
    """A transaction that is never finished, larger than what SQLite keeps in memory, so that some of it is written."""
    with Store.open(place) as store, store._connections.writing() as database:
        rows = (("bank", "EUR", f"{n:06}", str(NIGHT.date()), 0, "1.1", None, 1) for n in range(200_000))
        database.add_quotes(rows)
        say("written")
        time.sleep(60)


def make(place: str) -> None:
    """One figure in a store that may not exist yet; begins when standard input is closed."""
    sys.stdin.read()
    with Store.open(place) as store:
        store.put(f"bank{os.getpid()}", [quote("USD", "1.1")], None, "")
    say("made")


def hold(place: str) -> None:
    """A sync that has begun and gets no answer."""
    with Store.open(place) as store, store.alone(lambda: None):
        store.put("bank", [quote("USD", "1.1")], None, "")
        say("held")
        time.sleep(60)


if __name__ == "__main__":
    {"sync": fill, "transaction": hang, "lock": hold, "make": make}[sys.argv[1]](sys.argv[2])
