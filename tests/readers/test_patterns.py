"""Every regular expression that foreign text meets takes a time in proportion to the text's length.

`re` holds the interpreter's lock, so that no deadline and no Ctrl-C ends a search: a pattern that tries many ways
through the same text freezes the process.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

import pytest

import rates
from rates.readers import html

ROOMS = ("readers", "providers", "transport", "offline", "fetch")  # where text comes from servers and files
SHORT, LONG = 1_500, 12_000  # characters
SLOW_S = 0.01  # of the long text; a pattern that goes forward once takes under a millisecond
USUAL = (" ", "1", "a", "A", "1,", "1.", "a ", "1 ", "<a ", "\n", '"', "=", "(")


@cache
def patterns() -> dict[str, re.Pattern[str] | re.Pattern[bytes]]:
    """Every compiled pattern of these rooms, by module and name."""
    found: dict[str, re.Pattern[str] | re.Pattern[bytes]] = {}
    for module in walk_packages(rates.__path__, "rates."):
        if module.name.split(".")[1] in ROOMS and not module.name.endswith("__main__"):
            for name, value in vars(import_module(module.name)).items():
                for pattern in _patterns_in(value):
                    if pattern not in found.values():
                        found[f"{module.name}.{name}: {pattern.pattern!r}"] = pattern
    return found


def _patterns_in(value: object) -> Iterator[re.Pattern[str] | re.Pattern[bytes]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict | tuple | list | frozenset):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _patterns_in(item)


def _readable(pattern: re.Pattern[str] | re.Pattern[bytes]) -> str:
    return pattern.pattern.decode("latin-1") if isinstance(pattern.pattern, bytes) else pattern.pattern


def pumps(pattern: str) -> set[str]:
    """Pieces of text to repeat: the pattern's own words, their beginnings, and with what often follows them."""
    readable = re.sub(r"\(\?P?[<!=:][^)>]*>?|\(\?[imsx]+\)", "(", pattern)
    runs = re.findall(r"(?:[A-Za-z<>/=\"'$ :-]|\\[$.()\[\]])+", re.sub(r"\\[bBsSdDwW]", "|", readable))
    words = sorted({run.replace("\\", "") for run in runs}, key=len, reverse=True)[:6]
    begun = {word[:size] for word in words for size in range(1, min(len(word), 12) + 1)}
    return begun | {word + more for word in words for more in (" ", "1", "a", ">", "=", '"')} | set(USUAL)


def seconds(search: Callable[[], object]) -> float:
    """Processor time of one search."""
    began = time.process_time()
    search()
    return time.process_time() - began


def quadratic(pattern: re.Pattern[str] | re.Pattern[bytes], pump: str) -> bool:
    """True when the time grows faster than the text. A fast search is not timed again, nor is a short text's."""
    texts = {size: (pump * (size // len(pump) + 1))[:size] for size in (SHORT, LONG)}

    def timed(way: Callable[[Any], object], size: int) -> float:
        text = texts[size]
        return seconds(lambda: way(text.encode("latin-1", "replace") if isinstance(pattern.pattern, bytes) else text))

    return any(
        timed(way, LONG) > SLOW_S
        and min(timed(way, LONG) for _ in range(3)) > 3 * LONG / SHORT * min(timed(way, SHORT) for _ in range(3))
        for way in (pattern.search, pattern.fullmatch, lambda text: list(pattern.finditer(text)))
    )


def test_there_are_patterns() -> None:
    """The search for patterns finds those of readers and of providers."""
    homes = {name.split(".")[1] for name in patterns()}
    assert {"readers", "providers", "offline"} <= homes
    assert len(patterns()) > 50


def test_quadratic_patterns_are_found() -> None:
    """The measure itself: a pattern that looks for an end at each beginning is found, one that goes forward is not."""
    assert quadratic(re.compile("<si>.*?</si>", re.DOTALL), "<si>")
    assert not quadratic(html._ANY_TAG, "<si>")


@pytest.mark.parametrize("part", range(4))
def test_patterns_take_linear_time(part: int) -> None:
    """However often the words of a pattern are repeated, eight times the text takes about eight times as long."""
    mine = list(patterns().items())[part::4]
    slow = [
        (name, pump)
        for name, pattern in mine
        for pump in sorted(pumps(str(pattern.pattern)))
        if quadratic(pattern, pump)
    ]
    assert not slow
