"""What is known of every publisher, read from the index and not from the 115 modules, which take a second to import.

The index, _facts.tsv, has a line for each provider of this package; `rates.providers._index` writes it. What it lacks
(a provider just added, or one of another distribution) is asked of its module. Nothing here imports `rates.model`,
since a list of publishers is to be there as soon as the version is.
"""

from __future__ import annotations

import os
from functools import cache
from typing import Any, NamedTuple

from rates.providers._regions import place

FILE = os.path.join(os.path.dirname(__file__), "_facts.tsv")


class Spell(NamedTuple):
    """A currency that a publisher has, or had. first, last: ISO days, "" where they are those of all its figures."""

    code: str
    first: str = ""
    last: str = ""


class Facts(NamedTuple):
    """One publisher: the fields of `rates.model.Provider` as text and numbers, and what is known beside them.

    region, part: of its country, "" where it has none. seen: the day up to which its figures were seen, as ISO text,
    "" where nothing is known of its currencies. words: those currencies, its own among them, as `spelled` reads them.
    """

    key: str
    name: str
    country: str
    region: str
    part: str
    pivot: str
    rate_type: str
    cadence: str
    published: str
    since: str
    answers: tuple[str, ...]
    max_days: int | None
    gap_days: int
    mixed_days: bool
    concurrency: int
    spacing_s: float
    key_env: str
    key_url: str
    kind: str
    official: bool
    reprints: str
    source: str
    terms: str
    seen: str
    words: str

    @property
    def spells(self) -> tuple[Spell, ...]:
        """The currencies that it has or had; read when asked for, since a list of publishers needs none of them."""
        return spelled(self.words)

    @property
    def over(self) -> bool:
        """True of a publisher that publishes no more: its cadence says "ended in 1998", "daily, to 2014" or so."""
        return "ended" in self.cadence or ", to " in self.cadence

    @property
    def currencies(self) -> tuple[str, ...]:
        """The codes that it was last seen to publish, sorted; () where that is not known."""
        return tuple(spell.code for spell in self.spells if not spell.last)

    def has(self, code: str, on: str = "") -> bool:
        """True when it is known to have that currency, now or on an ISO day."""
        if self.over and not self.since <= on <= self.seen:
            return False
        if not on:
            return code in self.currencies
        return any(
            spell.code == code and (spell.first or self.since) <= on <= (spell.last or on) for spell in self.spells
        )

    def told(self, code: str, on: str) -> str:
        """A sentence when it had that currency no longer, not yet, or not just then, on an ISO day; else ""."""
        spells = sorted(spell for spell in self.spells if spell.code == code)
        before = [spell.last for spell in spells if spell.last and spell.last < on]
        after = [spell.first for spell in spells if spell.first and spell.first > on]
        if not spells or self.has(code, on):
            return ""
        if before and after:
            return f"{code} paused at {self.key} from {before[-1]} to {after[0]}"
        if before:
            return f"{code} ended at {self.key} on {before[-1]}"
        return f"{code} began at {self.key} on {after[0]}" if after else ""


NAMES = Facts._fields


@cache
def index() -> dict[str, Facts]:
    """The facts of the index, by key; none where the file is not there."""
    try:
        with open(FILE, encoding="utf-8") as file:
            lines = file.read().splitlines()
    except OSError:
        return {}
    if not lines or tuple(lines[0].split("\t")) != NAMES:  # of another version
        return {}
    return {facts.key: facts for facts in map(_read, lines[1:])}


def _read(line: str) -> Facts:
    """A line of the index."""
    (key, name, country, region, part, pivot, rate_type, cadence, published, since, answers, most, gap, mixed, at_once,
     spacing, env, url, kind, official, reprints, source, terms, seen, words) = line.split("\t")  # fmt: skip
    return Facts(
        key, name, country, region, part, pivot, rate_type, cadence, published, since, tuple(answers.split()),
        int(most) if most else None, int(gap), mixed == "1", int(at_once), float(spacing), env, url, kind,
        official == "1", reprints, source, terms, seen, words,
    )  # fmt: skip


def spelled(words: str) -> tuple[Spell, ...]:
    """The currencies in words such as USD RUB:2005-04-01..2022-03-01."""
    return tuple(_spell(word) for word in words.split())


def _spell(word: str) -> Spell:
    if len(word) == 3:
        return Spell(word)
    code, _, span = word.partition(":")
    first, _, last = span.partition("..")
    return Spell(code, first, last)


def line(facts: Facts) -> str:
    """The inverse of reading: a line of the index."""
    return "\t".join(map(_text, facts))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, tuple):
        return " ".join(value)
    return f"{value:g}" if isinstance(value, float) else " ".join(str(value).split())


def of_provider(provider: Any, seen: str = "", words: str = "") -> Facts:
    """The facts of a `Provider`, with what is known of its currencies."""
    beside = dict(zip(("region", "part"), place(provider.country), strict=True))
    known: dict[str, Any] = {**beside, "seen": seen, "words": words}
    for name in NAMES:
        if name not in known:
            known[name] = getattr(provider, name)
    known["since"] = provider.since.isoformat()
    return Facts(**known)
