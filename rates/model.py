"""The data of the package: questions, requests, answers, rates. All are frozen and picklable; none does I/O.

Quotes and derived rates, of which an answer has hundreds, are named tuples: made in less than half of a frozen
dataclass's time, and pickled in less.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple

from rates.defaults import HISTORY, STORE
from rates.errors import KeyNeeded, RatesError, UsageError

if TYPE_CHECKING:
    import pandas

How = Literal["published", "inverse", "cross", "identity", "fixed", "pegged", "median", "own"]

ONE = Decimal(1)
PUBLISHED_DIGITS = 9  # the most that any central bank here publishes; more come from a division


class Quote(NamedTuple):
    """One unit of `base` costs `rate` units of `symbol` on `day`, in the publisher's direction and digits.

    valid_to: the last day of a rate that is valid for a period, which begins on `day`; both days are included.
    `date.max` means until further notice. None for the rate of one day.
    """

    base: str
    symbol: str
    rate: Decimal
    day: date
    valid_to: date | None = None

    def holds_on(self, day: date) -> bool:
        """True if it is the rate of that day, or of a period with that day."""
        return self.day <= day <= (self.valid_to or self.day)


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request: a GET, or a POST if `form` or `content` is given.

    content: a body that is not a form (SOAP, JSON); `headers` has its Content-Type.
    params, headers: pairs, in order. allow: failure statuses that the provider reads itself.
    private: names of params and headers that hold a key; they appear in no message, log or recording.
    html: True if the publisher's data is a web page, so that HTML does not mean failure.
    """

    url: str
    params: tuple[tuple[str, str], ...] = ()
    form: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    allow: tuple[int, ...] = ()
    private: tuple[str, ...] = ()
    html: bool = False
    content: bytes = field(default=b"", repr=False)

    def public_url(self) -> str:
        """The URL with its params, without private ones."""
        pairs = "&".join(f"{name}={value}" for name, value in self._public(self.params))
        return f"{self.url}{'&' if '?' in self.url else '?'}{pairs}" if pairs else self.url

    def __repr__(self) -> str:
        """The URL, and params and form without private ones."""
        return f"<Request {self.url} params={self._public(self.params)} form={self._public(self.form)}>"

    def _public(self, pairs: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
        private = {name.lower() for name in self.private}
        return tuple(pair for pair in pairs if pair[0].lower() not in private)


@dataclass(frozen=True, slots=True)
class Reply:
    """One HTTP answer: body after content decoding, header names in lower case."""

    status: int
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Query:
    """A question to a provider.

    base: the currency whose rates are asked for. symbols: those that the answer must have; () for all.
    start, end: both None for the latest rates, equal for one day, else a range that includes both.
    today: the current day, since a provider reads no clock. secrets: (name, key) pairs.
    Raises `UsageError` for half a range or one that ends before it starts.
    """

    base: str
    symbols: tuple[str, ...] = ()
    start: date | None = None
    end: date | None = None
    today: date = date.min
    secrets: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        for name, day in (("start", self.start), ("end", self.end), ("today", self.today)):
            if day is not None and not isinstance(day, date):
                raise UsageError(f"{name} must be a date, not {day!r}", hint="like date(2026, 10, 30)")
        if (self.start is None) != (self.end is None):
            raise UsageError(f"a range has a first and a last day, not {self.start} and {self.end}")
        if self.start is not None and self.end is not None and self.end < self.start:
            raise UsageError(f"the range ends on {self.end}, before it starts on {self.start}")

    @property
    def kind(self) -> Literal["latest", "day", "range"]:
        """The kind of question."""
        if self.end is None:
            return "latest"
        return "day" if self.start == self.end else "range"

    def span(self, back_days: int) -> tuple[date, date]:
        """The first and last day to ask a publisher for; `back_days` before the day asked for bridge closed days.

        The latest rates may be tomorrow's: some banks publish the next day's rates in the afternoon.
        """
        last = self.end or self.today + timedelta(days=1)
        first = self.start or self.today
        return (first if self.kind == "range" else first - timedelta(days=back_days)), last

    def secret(self, name: str) -> str:
        """The key of that name; `KeyNeeded` if there is none."""
        for known, value in self.secrets:
            if known == name and value:
                return value
        raise KeyNeeded("wants a key and none is set", provider=name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """What is known of one provider and its publisher; a module states only what differs from the defaults.

    key: the name of the file in which `Provider(...)` is written, without its ".py". source: the address after
    "Source:" in the docstring of that module. Both are read from the module whose code makes the object, so that they
    hold for a provider of a third party too; either can be given instead, and must be where a function makes it.
    terms: where the terms of use are; the home page of `source` when they are not known.
    pivot: the currency that all its quotes share; "" when it answers per base. rate_type: "mid", "official", …
    cadence: how often, as "daily"; "ended in 1998" or "daily, to 2014" if it has stopped publishing.
    published: when, local time and zone. since: the first day it has. answers: which of the three questions.
    max_days: longest range of one request (None: no limit). gap_days: the longest pause between publications.
    mixed_days: True when one answer holds rates of several days (a weekly table beside a daily one).
    concurrency, spacing_s: requests at once to its host, and seconds between their starts.
    key_url: where to get a key ("" when it needs none); key_env: the environment variable for it, KEY_API_KEY when it
    has no other name.
    kind: whose rates they are, a central bank's (or another authority's) or a service's. official: False for rates
    that a market makes (interbank, commercial, parallel) and a service's own blends. reprints: the key of the
    provider whose figures these are, "" when they are its own.
    """

    key: str = ""
    name: str
    country: str = ""
    pivot: str = ""
    rate_type: str
    cadence: str = "daily"
    published: str
    since: date
    answers: tuple[str, ...] = ("latest", "day", "range")
    max_days: int | None = None
    gap_days: int = 7
    mixed_days: bool = False
    concurrency: int = 1
    spacing_s: float = 0.0
    key_env: str = ""
    key_url: str = ""
    kind: Literal["central bank", "service"] = "central bank"
    official: bool = True
    reprints: str = ""
    source: str = ""
    terms: str = ""

    def __post_init__(self) -> None:
        # As collections.namedtuple does: 0 is this frame, 1 the generated __init__, 2 the module that makes the object.
        # Pickling and copying a provider do not come here.
        if not (self.key and self.source):
            module = sys._getframe(2).f_globals
            self._default("key", _file_name(module))
            self._default("source", "".join(_SOURCE.findall(module.get("__doc__") or "")[:1]))
        self._default("terms", "".join(_HOME.findall(self.source)))
        if self.key_url:
            self._default("key_env", f"{self.key.upper()}_API_KEY")

    def _default(self, field_name: str, value: str) -> None:
        if not getattr(self, field_name):
            object.__setattr__(self, field_name, value)

    @property
    def per_base(self) -> bool:
        """True when every base needs its own request."""
        return not self.pivot

    @property
    def ended(self) -> bool:
        """True when it has stopped publishing, by its cadence: "daily, ended" or "daily, to 2014"."""
        return "ended" in self.cadence or ", to " in self.cadence


_SOURCE = re.compile(r"^Source: (\S+)", re.MULTILINE)
_HOME = re.compile(r"^https?://[^/]+/")


def _file_name(module: Mapping[str, Any]) -> str:
    """The name of a module's file, or of its package's folder, without ".py"."""
    stem = os.path.basename(module.get("__file__") or "").removesuffix(".py")
    return stem if stem not in ("", "__init__") else str(module["__name__"]).rpartition(".")[2]


class DerivedRate(NamedTuple):
    """One rate and its pedigree.

    how: published, the inverse of a published rate, a cross of two (or of one and a fixed ratio), a currency against
    itself (identity), fixed by law or definition, derived from a peg, the median of several publishers, or from the
    user's own rates (own).
    digits: the fewest significant digits of the published rates used. path: the published quotes used; for a pegged
    rate also the pegs, as quotes of their first day.
    instead_of: the published rate that a derived one replaces, because it has fewer than four digits.
    """

    rate: Decimal
    day: date
    how: How
    digits: int
    path: tuple[Quote, ...] = ()
    instead_of: Decimal | None = None

    @property
    def valid_to(self) -> date | None:
        """The last day of a rate that is valid for a period; see `Quote.valid_to`."""
        return min((quote.valid_to for quote in self.path if quote.valid_to is not None), default=None)

    def text(self, digits: int = 6) -> str:
        """The rate as a person reads it, in full if it is published with at most nine digits.

        Others are rounded half-even to `digits` significant digits, a derived one to no more than are behind it.
        """
        if self.how == "identity":
            return "1"
        exact = self.how in ("published", "fixed") or (self.how == "own" and self.rate == self.path[0].rate)
        if exact and len(self.rate.as_tuple().digits) <= PUBLISHED_DIGITS:
            return f"{self.rate:f}"
        most = digits if exact else min(digits, self.digits)
        return f"{Context(prec=most, rounding=ROUND_HALF_EVEN).plus(self.rate):f}"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class RateTable(Mapping[str, Decimal]):
    """Rates of one base, with the pedigree of each.

    A mapping of symbol to the units of it that one unit of `base` costs. `day` is the newest effective day among its
    figures, `asked` the day that was asked for (None: the latest), `rate_type` the publisher's kind of rate.
    A symbol is found in any case.
    source: "" for the network, "ecb-history" for the ECB's history in this package, "recording" for a replay, "own" for
    the user's own rates, "store" for what was fetched before and kept.
    fetched: when the answer came, in UTC; None where several answers made the table. digest: the SHA-256 of the
    answer's bodies, in hex.
    Two tables are equal if rates and pedigree are, not where they are from; a table equals another mapping if the
    rates are.
    """

    base: str
    provider: str
    figures: Mapping[str, DerivedRate]
    asked: date | None = None
    rate_type: str = ""
    source: str = ""
    fetched: datetime | None = None
    digest: str = ""
    day: date = field(init=False)

    def __post_init__(self) -> None:
        days = [figure.day for figure in self.figures.values() if figure.how != "identity"]
        days = days or [figure.day for figure in self.figures.values()]
        object.__setattr__(self, "figures", MappingProxyType(dict(self.figures)))
        object.__setattr__(self, "day", max(days, default=date.min))

    def __getitem__(self, symbol: str) -> Decimal:
        figure = self.figures.get(symbol)
        return (self.figures[_as_code(symbol)] if figure is None else figure).rate

    def __iter__(self) -> Iterator[str]:
        return iter(self.figures)

    def __len__(self) -> int:
        return len(self.figures)

    def __eq__(self, other: object) -> bool:
        return self._all() == other._all() if isinstance(other, RateTable) else Mapping.__eq__(self, other)

    def __hash__(self) -> int:
        return hash((self.base, self.provider, self.asked, frozenset(self.figures.items())))

    def _all(self) -> tuple[object, ...]:
        return self.base, self.provider, dict(self.figures), self.asked, self.rate_type

    def __repr__(self) -> str:
        return f"<RateTable {self.base} {self.provider} {self.day} {len(self)} rates>"

    def __reduce__(self) -> tuple[object, ...]:
        return RateTable, (*self._all(), self.source, self.fetched, self.digest)

    @property
    def offline(self) -> bool:
        """True for rates that are not from the network, now or before."""
        return self.source not in ("", STORE)

    @property
    def simulated(self) -> bool:
        """True if the ECB's history answered in the place of another publisher."""
        return self.source == HISTORY and self.provider != "ecb"

    def __str__(self) -> str:
        """A line about the table, and one for each rate, rounded to be read."""
        width = max(map(len, self.figures), default=0)
        lines = (f"{symbol:{width}}  {figure.text()}" for symbol, figure in self.figures.items())
        return "\n".join((self._caption(), *lines))

    def _repr_html_(self) -> str:
        """The same as a table of a notebook."""
        from html import escape  # 1 ms, which only a notebook needs

        rows = "".join(
            f"<tr><th>{escape(symbol)}</th><td>{escape(figure.text())}</td><td>{figure.day}</td>"
            f"<td>{escape(figure.how)}</td></tr>"
            for symbol, figure in self.figures.items()
        )
        head = "<tr><th>symbol</th><th>rate</th><th>day</th><th>how</th></tr>"
        caption = escape(self._caption())
        return f"<table><caption>{caption}</caption><thead>{head}</thead><tbody>{rows}</tbody></table>"

    def _caption(self) -> str:
        source = "simulated from ECB reference rates" if self.simulated else self.source
        return " · ".join(filter(None, (f"1 {self.base}", self.provider, self.rate_type, source, str(self.day))))

    def how(self, symbol: str) -> How:
        """How the rate was derived: published, inverse, cross, identity, pegged or median."""
        return (self.figures.get(symbol) or self.figures[_as_code(symbol)]).how

    def days(self) -> Mapping[str, date]:
        """The effective day of each symbol; they differ if a publisher has daily and weekly tables."""
        return {symbol: figure.day for symbol, figure in self.figures.items()}

    def age_days(self, today: date | None = None) -> int:
        """Days from the effective day to `today`, by default the day in UTC; negative for tomorrow's rates."""
        return ((datetime.now(UTC).date() if today is None else today) - self.day).days

    def to_dict(self) -> dict[str, Any]:
        """The table as a dict: its facts, the rates by symbol, and of each rate the day and how it was derived."""
        return {
            "base": self.base,
            "provider": self.provider,
            "rate_type": self.rate_type,
            "day": self.day,
            "asked": self.asked,
            "source": self.source,
            "rates": dict(self),
            "figures": {
                symbol: {"day": figure.day, "how": figure.how, "digits": figure.digits}
                for symbol, figure in self.figures.items()
            },
        }

    def to_series(self) -> pandas.Series[Any]:
        """The rates as a pandas Series of Decimal by symbol, named after the base; `attrs` has provider and day.

        `.astype(float)` makes floats of them. Raises `UsageError` without pandas.
        """
        try:
            import pandas
        except ImportError as error:
            raise UsageError("a Series needs pandas", hint="pip install 'fetch-rates[pandas]'") from error
        series = pandas.Series(dict(self), dtype=object, name=self.base)
        series.attrs = {"provider": self.provider, "day": self.day}
        return series


def _as_code(symbol: str) -> str:
    """A symbol in capitals, but GBp and its like as they are: exchanges write hundredths with a small last letter."""
    return symbol.upper() if isinstance(symbol, str) and (symbol.islower() or symbol.istitle()) else symbol


@dataclass(frozen=True, slots=True)
class Timing:
    """When one fetch began and ended, and where its time went. All in seconds; `began_s` since the epoch.

    wire_s: the time in requests, of which there were `requests`, over `connections` new connections: waiting for the
    rate limit, connecting, waiting for the answer's head, reading. turn_s: waiting for the rate limit, or for a
    download that another fetch makes. The rest of took_s is parsing, checking and rebasing.
    """

    began_s: float
    took_s: float
    wire_s: float
    requests: int
    turn_s: float = 0.0
    connect_s: float = 0.0
    wait_s: float = 0.0
    read_s: float = 0.0
    connections: int = 0

    @property
    def parse_s(self) -> float:
        """The time that is neither waiting nor on the wire."""
        return max(0.0, self.took_s - self.turn_s - self.connect_s - self.wait_s - self.read_s)


@dataclass(frozen=True, slots=True)
class Fetched:
    """The rates of one base.

    passed_over: the errors of the providers that were asked before the one that answered.
    provider: the only provider asked; "" if a chain was asked. warning: a reservation about the table.
    Two are equal whatever their timings.
    """

    ok: ClassVar[Literal[True]] = True
    error: ClassVar[None] = None

    base: str
    table: RateTable
    passed_over: tuple[RatesError, ...] = ()
    timing: Timing | None = field(default=None, compare=False)
    provider: str = ""
    warning: RatesError | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """The error of one base: that of the provider that was asked last. The other fields are those of `Fetched`."""

    ok: ClassVar[Literal[False]] = False
    table: ClassVar[None] = None
    warning: ClassVar[None] = None

    base: str
    error: RatesError
    passed_over: tuple[RatesError, ...] = ()
    timing: Timing | None = field(default=None, compare=False)
    provider: str = ""


# The result for one base: a table or an error, never both. Type checkers narrow it: mypy by `if outcome.ok`, pyright by
# `outcome.ok is True` or `outcome.table is not None`.
Outcome = Fetched | Failed
