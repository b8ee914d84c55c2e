"""Which publisher had which currency when, as seen in its figures.

`_symbols.txt` holds it, a line for each publisher, and says how to write one. Nothing is known of a publisher without a
line. Everything that needs only keys and codes is read from the text, without importing a provider.
"""

from __future__ import annotations

import os
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from rates import providers

FILE = os.path.join(os.path.dirname(__file__), "_symbols.txt")


class Spell(NamedTuple):
    """A time during which a publisher had a currency.

    first, last: None where they are the first and the last day of all its figures.
    """

    code: str
    first: date | None = None
    last: date | None = None


class Seen(NamedTuple):
    """The currencies of one publisher, its own among them, as seen up to a day."""

    until: date
    spells: tuple[Spell, ...]


@cache
def _lines() -> dict[str, tuple[str, str]]:
    """By key: the day up to which the figures were seen, and the words for the currencies."""
    loader: Any = __spec__.loader  # which reads from a zip file too
    text = loader.get_data(FILE).decode("utf-8")
    lines = [line.split(None, 2) for line in text.splitlines() if not line.startswith("#")]
    return {key: (until, words) for key, until, words in lines}


@cache
def seen(key: str) -> Seen | None:
    """What was seen of one publisher; None where nothing is known."""
    if key not in _lines():
        return None
    until, words = _lines()[key]
    return Seen(date.fromisoformat(until), tuple(map(_spell, words.split())))


def _spell(word: str) -> Spell:
    """One of the words USD, RUB:2005-04-01..2022-03-01, BRL:2008-01-02.. and XEU:..1998-12-31."""
    code, _, span = word.partition(":")
    first, _, last = span.partition("..")
    return Spell(code, date.fromisoformat(first) if first else None, date.fromisoformat(last) if last else None)


def spells(key: str, code: str = "") -> tuple[Spell, ...]:
    """The spells of one publisher, of all currencies or of one; () where nothing is known."""
    found = seen(key)
    return tuple(spell for spell in found.spells if code in ("", spell.code)) if found else ()


def currencies(key: str) -> tuple[str, ...]:
    """The codes that a publisher was last seen to publish; () where that is not known."""
    return tuple(spell.code for spell in spells(key) if spell.last is None)


def has(key: str, code: str, on: date | None = None) -> bool:
    """True when a publisher is known to have a currency, now or on a day."""
    found, known = seen(key), spells(key, code)
    if found is None or not known:
        return False
    provider = providers.load(key).PROVIDER
    if provider.ended and not (on and provider.since <= on <= found.until):
        return False
    if on is None:
        return any(spell.last is None for spell in known)
    return any((spell.first or provider.since) <= on <= (spell.last or on) for spell in known)


def publishers(*codes: str, on: date | None = None) -> tuple[str, ...]:
    """The keys of the providers that are known to have all of these currencies, now or on a day.

    Those without an API key come first, and of them those whose own currency is the first code.
    """
    candidates = [key for key in _lines() if all(spells(key, code) for code in codes)]  # the others are never loaded
    having = [providers.load(key).PROVIDER for key in candidates if all(has(key, code, on) for code in codes)]
    return tuple(one.key for one in sorted(having, key=lambda one: (bool(one.key_env), one.pivot != codes[0], one.key)))


def absence(key: str, code: str, on: date) -> str:
    """Why a publisher has no rate of a currency on a day; "" where no reason is known.

    It had not begun, or had ended or paused, there or everywhere.
    """
    from rates.currencies import ended, not_begun  # 8 ms, which a list or a completion of keys must not pay for

    return not_begun(code, on) or ended(code, on) or _absence_at(key, code, on)


def _absence_at(key: str, code: str, on: date) -> str:
    """The same for one publisher alone."""
    known = spells(key, code)
    if not known or has(key, code, on):
        return ""
    before = max((spell.last for spell in known if spell.last and spell.last < on), default=None)
    after = min((spell.first for spell in known if spell.first and spell.first > on), default=None)
    if before and after:
        return f"{code} paused at {key} from {before} to {after}"
    if before:
        return f"{code} ended at {key} on {before}"
    return f"{code} began at {key} on {after}" if after else ""
