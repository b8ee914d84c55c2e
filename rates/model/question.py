"""What is asked, and of whom: the facts of a provider, the question to it, its requests and their replies."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

from rates.errors import KeyNeeded, UsageError


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request: a GET, or a POST if `form` or `content` is given.

    content: a body that is not a form (SOAP, JSON); `headers` has its Content-Type.
    params, headers: pairs, in order. allow: failure statuses that the provider reads itself.
    private: names of params, headers and parts of the path that hold a key; no message, log or recording has them.
    html: True if the publisher's data is a web page, so that HTML does not mean failure.
    path: pairs whose values, escaped, take the place of {NAME} in the URL that is sent: for a key that goes there.
    """

    url: str
    params: tuple[tuple[str, str], ...] = ()
    form: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    allow: tuple[int, ...] = ()
    private: tuple[str, ...] = ()
    html: bool = False
    content: bytes = field(default=b"", repr=False)
    path: tuple[tuple[str, str], ...] = field(default=(), repr=False)

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
    kind: whose rates they are: a central bank's or its like, those of a tax, customs or budget authority, or a
    service's. official: False for rates that a market makes (interbank, commercial, parallel) and a service's own
    blends. reprints: the key of the provider whose figures these are, "" when they are its own.
    periods: True for rates that are valid for a period; they enter no consensus with rates of a day.
    restriction: what the terms ask for: "consent" before any use, or "non-commercial" use; "" for neither.
    proven: False for a provider that no recorded answer has proven, only documents.
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
    kind: Literal["central bank", "tax authority", "service"] = "central bank"
    official: bool = True
    reprints: str = ""
    periods: bool = False
    restriction: Literal["", "consent", "non-commercial"] = ""
    proven: bool = True
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
