"""Documents read in another process: results and errors come back, and the process ends with the fetch."""

from __future__ import annotations

import os
import time
from typing import Any

import pytest

from rates.errors import DeadlineExceeded, Unsupported
from rates.readers import apart
from rates.readers.apart import read_apart

HERE = __name__


class Fetch:
    """The limit of a fetch that has so much time left."""

    def __init__(self, left: float) -> None:
        self.wake: Any = None
        self._left = left

    def left(self) -> float:
        """Seconds until the deadline."""
        return self._left


def length(body: bytes) -> list[int]:
    """What is read here: the length, and the process that read it."""
    return [len(body), os.getpid()]


def refuse(body: bytes) -> None:
    """A reader that refuses the document."""
    raise ValueError(f"not a document: {body[:5]!r}")


def lack(_: bytes) -> None:
    """A reader whose library is missing."""
    raise Unsupported("publishes clay tablets", hint="install a chisel")


def hang(_: bytes) -> None:
    """A reader that a document has caught for ever."""
    while True:
        time.sleep(60)


def fill(_: bytes) -> int:
    """A reader that a document has made to fill the memory."""
    return len(bytearray(2 * apart.MOST_MEMORY))


def die(_: bytes) -> None:
    """A reader whose library ends the process."""
    os._exit(3)


def test_another_process_reads() -> None:
    """The result comes back, for a body larger than a pipe holds too."""
    size, reader = read_apart(f"{HERE}:length", b"x" * 1_000_000)
    assert size == 1_000_000
    assert reader != os.getpid()


def test_errors_come_back_by_name() -> None:
    """A refused document and a missing library are the reader's own errors, with the hint."""
    with pytest.raises(ValueError, match="not a document: b'clay '"):
        read_apart(f"{HERE}:refuse", b"clay tablets")
    with pytest.raises(Unsupported, match="clay tablets; install a chisel"):
        read_apart(f"{HERE}:lack", b"")


@pytest.mark.parametrize(("reader", "words"), [("fill", "more than 240 MB"), ("die", "with status 3")])
def test_a_reader_that_fails_badly_harms_nobody(reader: str, words: str) -> None:
    """Memory beyond the limit, or a process that dies, is a ValueError of that document alone."""
    with pytest.raises(ValueError, match=words):
        read_apart(f"{HERE}:{reader}", b"")


def test_the_reader_ends_at_the_deadline() -> None:
    """When the fetch has no time left, its reader is killed and the error is the deadline's."""
    set_by = apart.limit.set(Fetch(left=-1.0))
    try:
        with pytest.raises(DeadlineExceeded, match="too long to read"):
            read_apart(f"{HERE}:hang", b"")
    finally:
        apart.limit.reset(set_by)


def test_the_reader_ends_when_the_fetch_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """`wake`, which a stopped run calls, kills the reader at once; afterwards it is not set any more."""

    class Stopped(Fetch):
        def __setattr__(self, name: str, value: Any) -> None:
            super().__setattr__(name, value)
            if name == "wake" and value is not None:
                value()

    fetch = Stopped(left=60.0)
    set_by = apart.limit.set(fetch)
    try:
        with pytest.raises(ValueError, match="too much time or memory"):
            read_apart(f"{HERE}:hang", b"")
    finally:
        apart.limit.reset(set_by)
    assert fetch.wake is None
