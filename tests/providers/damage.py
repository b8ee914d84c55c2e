"""Damage to a body, and whether the provider's result is an error, right, or as wrong as a typing error.

A typing error is one changed byte of a figure, an amount, a day or a code: no reader can know the true one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from random import Random

from rates.errors import NoRates, RatesError
from rates.model import Quote
from tests.providers.held import Held

Quotes = Counter[Quote]

DIGITS = b"0123456789"
TYPED = DIGITS + b".,-+eE/: \t\r\n\x0b\x0c\x1c\x1d\x1e\x1f"  # readers strip white space around a figure
HOSTILE = DIGITS + b".,-+eE/: <>\"'&;=|{}[]()\\\t\r\n\x00\xff\xc3aAzZ"
NEAR = 30  # bytes around a place in which a day is looked for
_DAY = re.compile(
    rb"\d{1,4}(\\?[-/. ])\w{1,12}\.?,?\1\d{1,4}|[A-Za-z]{3,9} +\d{1,2},? \d{4}|(?:19|20)\d{6}|1\d{9,12}"
    rb"|\d{4}M\d\dD\d\d|\b(?:19|20)\d\d\b|\d{1,2}(?: de)? [^\W\d]+(?: de)? \d{4}"
)


def cuts(body: bytes, count: int) -> Iterator[tuple[int, bytes]]:
    """The body emptied, and cut short at places that lie evenly."""
    for number in range(count):
        place = len(body) * number // count
        yield place, body[:place]


def flips(body: bytes, count: int, random: Random) -> Iterator[tuple[int, bytes]]:
    """The body with one byte another: one of its bits turned, or a mark typed over it that breaks formats."""
    for _ in range(count):
        place = random.randrange(len(body))
        byte = body[place] ^ 1 << random.randrange(8) if random.random() < 0.5 else random.choice(HOSTILE)
        if byte != body[place]:
            yield place, body[:place] + bytes([byte]) + body[place + 1 :]


def cut_fault(held: Held, place: int, body: bytes, *, few: bool) -> str:
    """What is wrong with what comes of an answer cut short, "" when nothing is; few: fewer rates are not."""
    outcome = _outcome(held, place, body)
    if isinstance(outcome, NoRates):
        return f"taken for a day of rest: {outcome}"
    if isinstance(outcome, RatesError):
        return ""
    truth = Counter(held.truth)
    return _differences(outcome - truth, Counter() if few else truth - outcome)


def flip_fault(held: Held, place: int, at: int, body: bytes, *, mixed: bool, binary: bool, twice: bool) -> str:
    """What is wrong with what comes of an answer with one byte another, "" when it is a typing error's effect.

    mixed: the answer lists what is no currency too, so that one whose code was mistyped is taken for such. binary:
    its figures are not text, so that any byte may be one's. twice: a rate that stands twice with two figures is none.
    """
    before, new = held.pairs[place][1].body, body[at]
    outcome = _outcome(held, place, body)
    day, word = _in_day(before, at) and new in TYPED + before[at : at + 1].swapcase(), _word(before, at, new)
    if isinstance(outcome, NoRates):
        return "" if day or word else f"taken for a day of rest: {outcome}"
    if isinstance(outcome, RatesError):
        return ""
    truth = Counter(held.truth)
    strange, lost = outcome - truth, truth - outcome
    allowed = (
        day
        or (word and bool(strange) and _same(strange, lost, lambda it: it.day))
        or ((word or _figure(before, at, new)) and strange.total() == 1 and not lost)  # what came twice
        or (word and _same(strange, lost, lambda it: (it.base, it.symbol, it.rate)))
        or ((binary or _figure(before, at, new)) and _same(strange, lost, lambda it: (it.base, it.symbol, it.day)))
        or (binary and not strange)
        or (twice and _figure(before, at, new) and not strange and lost.total() == 1)
        or (mixed and not strange and len({(it.base, it.symbol) for it in lost}) == 1)
    )
    return "" if allowed else _differences(strange, lost)


def _outcome(held: Held, place: int, body: bytes) -> Quotes | RatesError:
    try:
        return Counter(held.with_body(place, body))
    except RatesError as error:
        return error


def _same(some: Quotes, others: Quotes, side: Callable[[Quote], object]) -> bool:
    """True when both are alike on one side, such as their days."""
    return Counter(map(side, some.elements())) == Counter(map(side, others.elements()))


def _differences(strange: Quotes, lost: Quotes) -> str:
    if strange:
        return f"other rates, as {_few(strange)} for {_few(lost)}"
    return f"{lost.total()} rates lost in silence, as {_few(lost)}" if lost else ""


def _few(quotes: Quotes) -> str:
    return ", ".join(f"{it.base} {it.symbol} {it.rate} {it.day}" for it in sorted(quotes, key=repr)[:2])


def _figure(body: bytes, at: int, new: int) -> bool:
    """A digit, or a mark between or before digits, for which another such was typed."""
    digit = body[at] in DIGITS or (body[at] in TYPED and body[at + 1 : at + 2].isdigit())
    return digit and new in TYPED and not _in_tag(body, at)


def _word(body: bytes, at: int, new: int) -> bool:
    """A letter, or a byte of one that is not English, for which another or a digit was typed."""
    return all(chr(byte).isalnum() or byte > 127 for byte in (body[at], new)) and not _in_tag(body, at)


def _in_tag(body: bytes, at: int) -> bool:
    """True between < and > of markup, but for the values of attributes."""
    begun, ended = body.rfind(b"<", 0, at + 1), body.rfind(b">", 0, at)
    return begun > ended and not any(body.count(mark, begun, at) % 2 for mark in (b'"', b"'"))


def _in_day(body: bytes, at: int) -> bool:
    """True in what reads as a day, or a time stamp."""
    first = max(0, at - NEAR)
    return any(it.start() <= at - first < it.end() for it in _DAY.finditer(body[first : at + NEAR]))
