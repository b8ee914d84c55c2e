"""The lock file: every figure that conversions have used, so that they can be repeated and checked years later.

JSON lines, sorted, so that a difference of two versions reads well. The first line names the format, each other one a
figure:

    {"rates_lock": 1}
    {"asked": "2020-03-01", "base": "USD", "symbol": "EUR", "when": "previous", "provider": "ecb",
     "day": "2020-02-28", "how": "inverse", "rate": "0.9109957183201238954176915368", "fraction": ["1", "1.0977"],
     "digits": 5, "quotes": [{"base": "EUR", "symbol": "USD", "rate": "1.0977", "day": "2020-02-28"}],
     "digest": "9f86d0…", "source": "ecb-history"}

asked: the day asked for; "latest" if none was, and then `on` is the day of the run. when: the rule for days without a
rate. day, valid_to: the day used, or the period. rate: one unit of `base` costs so many of `symbol`; `fraction` is the
same unrounded. quotes: the figures as published, in their direction. digest: the SHA-256 of the answer that they came
in. A field without a value is left out.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from rates.errors import LockError, quoted
from rates.model import ONE, Quote
from rates.readers import EXACT
from rates.store.atomic_write import atomic_write
from rates.store.records import Rate, Rule, Source, When

VERSION = 1
LATEST = "latest"
MOST_CHARACTERS = 1000  # of a number; an exact fraction has a few hundred at most
_PLAIN = re.compile(r"\d+(\.\d+)?", re.ASCII)


class Key(NamedTuple):
    """What was asked, and who answered. asked: a day, or "latest"; when: the rule, "latest" without a day."""

    asked: str
    base: str
    symbol: str
    when: str
    provider: str


class Moved(NamedTuple):
    """A figure whose value is another one now."""

    provider: str
    old: Quote
    new: Quote

    def sentence(self) -> str:
        """Which figure moved, from which value to which."""
        old, new = self.old, self.new
        changed = f"was {old.rate:f} and is {new.rate:f}"
        if old.rate == new.rate:
            changed = f"was valid to {old.valid_to} and is now to {new.valid_to}"
        return f"{self.provider}'s {old.base}/{old.symbol} of {old.day} {changed}"


@dataclass(slots=True)
class LockFile:
    """The figures of a lock file, and those to add to it."""

    path: str
    known: dict[Key, Rate]
    added: dict[Key, Rate] = field(default_factory=dict)

    @classmethod
    def read(cls, path: str, *, must_exist: bool = False) -> LockFile:
        """The file at a path; a new one unless it must exist. `LockError` for one that is damaged."""
        return cls(path, _read(path, must_exist=must_exist))

    def find(self, base: str, symbol: str, asked: date | None, rule: Rule, providers: Sequence[str]) -> Rate:
        """The locked rate, of the first of these providers that has one; `LockError` if there is none.

        asked: the day; None for the latest.
        """
        when = rule.when.value if asked else LATEST
        for provider in providers:
            rate = self.known.get(Key(str(asked or LATEST), base, symbol, when, provider))
            if rate is not None and _young_enough(rate, asked, rule):
                return rate
        what = f"{base}/{symbol} for {asked} by --when {when}" if asked else f"{base}/{symbol} without a day"
        raise LockError(f"{self.path} has no {what}", hint=self._near(base, symbol, providers))

    def _near(self, base: str, symbol: str, providers: Sequence[str]) -> str:
        """What the file has of the pair, for a message."""
        found = [key for key in self.known if (key.base, key.symbol) == (base, symbol)]
        if not found:
            return "lock it with --lock, without --locked"
        words = {f"{key.asked} by {key.when} from {key.provider}".replace("latest by latest", LATEST) for key in found}
        return f"it has the pair for {', '.join(sorted(words)[-3:])}"

    def add(self, rate: Rate, asked: date | None, rule: Rule) -> None:
        """Notes a figure that was used; one without a publisher, of fixed ratios alone, needs no lock."""
        if rate.provider:
            when = rule.when.value if asked else LATEST
            self.added[Key(str(asked or LATEST), rate.base, rate.symbol, when, rate.provider)] = rate

    def save(self) -> list[Moved]:
        """Merges what was added into the file; gives the figures of days that had another value there.

        The new value takes the old one's place: the file has what was used last. Another process that saves to the
        same file at this moment waits.
        """
        try:
            with _alone(self.path):
                there = _read(self.path, must_exist=False)
                moved = [one for key in self.added.keys() & there.keys() for one in _changes(there, self.added, key)]
                self.known = there | self.added
                text = "".join(f"{line}\n" for line in _lines(self.known))
                with atomic_write(self.path) as file:
                    file.write(text.encode())
        except OSError as error:
            raise LockError(f"{self.path} cannot be written: {error.strerror or error}") from error
        return sorted(set(moved), key=Moved.sentence)


def check_unmoved(rates: Iterable[Rate], sources: Sequence[Source]) -> None:
    """Raises `LockError` with the figures behind these rates that have another value in a source that is at hand.

    A period that ends on another day than it did has not moved for the days that it still has.
    """
    figures = {
        (rate.provider, quote, rate.asked if quote.valid_to else quote.day) for rate in rates for quote in rate.path
    }
    moved = [moved for figure in sorted(figures, key=str) for moved in _moved(*figure, sources)]
    if moved:
        more = f"; and {len(moved) - 3} more" if len(moved) > 3 else ""
        sentences = "; ".join(one.sentence() for one in moved[:3])
        raise LockError(f"locked figures have moved: {sentences}{more}", hint="leave out --locked to use the new ones")


def _moved(provider: str, locked: Quote, on: date, sources: Sequence[Source]) -> Iterator[Moved]:
    """The other value of a figure on a day, from the first source that has the figure."""
    for source in sources:
        if provider not in source.providers():
            continue
        for stored in source.between(provider, (locked.base, locked.symbol), locked.day, locked.day):
            if stored.quote[:2] == locked[:2] and stored.quote.day == locked.day:
                if stored.quote.rate != locked.rate or not stored.quote.holds_on(on):
                    yield Moved(provider, locked, stored.quote)
                return


def _changes(there: dict[Key, Rate], added: dict[Key, Rate], key: Key) -> Iterator[Moved]:
    """The figures of one entry that have moved; the latest rates are expected to."""
    if key.asked == LATEST:
        return
    new = {(quote.base, quote.symbol, quote.day): quote for quote in added[key].path}
    for old in there[key].path:
        if (found := new.get((old.base, old.symbol, old.day))) is not None and found.rate != old.rate:
            yield Moved(key.provider, old, found)


def _young_enough(rate: Rate, asked: date | None, rule: Rule) -> bool:
    return asked is None or rule.max_age is None or abs(rate.age_days) <= rule.max_age


@contextmanager
def _alone(path: str) -> Iterator[None]:
    """One process at a time; the folder is locked, so that no further file is needed."""
    import fcntl

    folder = os.open(os.path.dirname(os.path.realpath(path)), os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


# --- the format ------------------------------------------------------------------------------------------------------


def _lines(rates: dict[Key, Rate]) -> Iterator[str]:
    """The lines of the file."""
    yield json.dumps({"rates_lock": VERSION})
    for key in sorted(rates):
        yield json.dumps(_entry(key, rates[key]), ensure_ascii=False)


def _entry(key: Key, rate: Rate) -> dict[str, Any]:
    """A figure as a JSON object, without empty fields."""
    entry = {
        **{name: value for name, value in key._asdict().items() if not (name == "when" and value == LATEST)},
        "on": str(rate.asked) if key.asked == LATEST else None,
        "day": str(rate.day),
        "valid_to": _text(rate.valid_to),
        "how": rate.how,
        "rate": f"{rate.rate:f}",
        "fraction": [f"{part:f}" for part in rate.exact],
        "digits": rate.digits,
        "quotes": [{name: _text(value) for name, value in quote._asdict().items() if value} for quote in rate.path],
        "ratios": list(rate.ratios),
        "instead_of": _text(rate.instead_of),
        "fetched": rate.fetched.isoformat() if rate.fetched else None,
        "digest": rate.digest,
        "source": rate.source,
    }
    return {name: value for name, value in entry.items() if value not in (None, "", [])}


def _text(value: object) -> str | None:
    """A value of a quote as text, numbers without an exponent."""
    return f"{value:f}" if isinstance(value, Decimal) else None if value is None else str(value)


def _read(path: str, *, must_exist: bool) -> dict[Key, Rate]:
    """The entries of a file; `LockError` with the line of a wrong one."""
    try:
        with open(path, encoding="utf-8") as file:
            lines = file.read().splitlines()
    except FileNotFoundError:
        if must_exist:
            raise LockError(f"no lock file {path}", hint="write one with --lock, without --locked") from None
        return {}
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else ""
        raise LockError(f"{path} cannot be read: {reason or error}") from error
    if not any(lines):
        return {}
    _check_version(path, lines[0])
    found = {}
    for number, line in enumerate(lines[1:], start=2):
        try:
            key, rate = _parsed(json.loads(line))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            reason = f"no {error}" if isinstance(error, KeyError) else str(error)
            raise LockError(f"{path}, line {number}: {reason}", hint="restore the file from a copy") from error
        if key in found:
            raise LockError(f"{path}, line {number}: the same figure stands in an earlier line", hint="remove one")
        found[key] = rate
    return found


def _check_version(path: str, line: str) -> None:
    try:
        version = json.loads(line)["rates_lock"]
    except (ValueError, KeyError, TypeError) as error:
        raise LockError(f"{path} is not a lock file: its first line is {quoted(line)}") from error
    if version != VERSION:
        raise LockError(f"{path} has version {version} of the format", hint=f"this program reads version {VERSION}")


def _parsed(entry: dict[str, Any]) -> tuple[Key, Rate]:
    """A line's key and rate; ValueError if its parts contradict one another."""
    latest = entry["asked"] == LATEST
    when = LATEST if latest else When(entry["when"]).value
    key = Key(entry["asked"], entry["base"], entry["symbol"], when, entry["provider"])
    numerator, denominator = map(_positive, entry["fraction"])
    rate = Rate(
        base=key.base,
        symbol=key.symbol,
        rate=_positive(entry["rate"]),
        asked=date.fromisoformat(entry["on"] if latest else entry["asked"]),
        day=date.fromisoformat(entry["day"]),
        valid_to=_optional_day(entry.get("valid_to")),
        how=entry["how"],
        provider=key.provider,
        digits=int(entry["digits"]),
        path=tuple(map(_quote, entry.get("quotes", ()))),
        fetched=datetime.fromisoformat(entry["fetched"]) if "fetched" in entry else None,
        digest=entry.get("digest", ""),
        source=entry.get("source", ""),
        exact=(numerator, denominator),
        ratios=tuple(entry.get("ratios", ())),
        instead_of=_positive(entry["instead_of"]) if "instead_of" in entry else None,
    )
    if rate.convert(ONE) != EXACT.plus(rate.rate):
        raise ValueError(f"rate and fraction contradict each other: the rate is {rate.rate}, not {rate.convert(ONE)}")
    return key, rate


def _quote(entry: dict[str, str]) -> Quote:
    return Quote(
        entry["base"],
        entry["symbol"],
        _positive(entry["rate"]),
        date.fromisoformat(entry["day"]),
        _optional_day(entry.get("valid_to")),
    )


def _positive(text: str) -> Decimal:
    """A number of more than zero."""
    if not _PLAIN.fullmatch(text) or len(text) > MOST_CHARACTERS or (number := Decimal(text)) == 0:
        raise ValueError(f"not a rate: {quoted(text)}")
    return number


def _optional_day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
