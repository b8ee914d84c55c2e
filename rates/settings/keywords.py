"""The keywords that settings are given as, for type checkers and editors: `fetch_rates("USD", provider="ecb")`.

Each class adds keywords to the one before; a function takes the longest list that does not repeat its own parameters.
At run time nothing depends on these classes: the parsers of `schema` read the values. A test compares names and types.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from os import PathLike
from typing import TypedDict

Words = str | Sequence[str]  # "ecb,nbp" or ["ecb", "nbp"]
Day = date | str | None  # date(2026, 10, 30), "2026-10-30" or "yesterday"; None for the latest
Amount = float | str  # 2.5 or "2.5s", 0.05 or "5%"
Whole = int | str
Folder = str | PathLike[str]


class QuotesKeywords(TypedDict, total=False):
    """What `fetch_quotes` takes: how a server is asked, and where the answers come from."""

    today: Day
    timeout: Amount
    deadline: Amount
    retries: Whole
    backoff: Amount
    retry_after: Amount
    max_bytes: Whole
    offline: bool | str
    replay: Folder
    record: Folder
    latency: Amount
    jitter: Amount
    fail: Amount
    seed: Whole | None
    own: Folder
    keys: Mapping[str, str] | Sequence[tuple[str, str]]


class RangeKeywords(QuotesKeywords, total=False):
    """What `fetch_range` takes: whom to ask, too."""

    provider: Words | PathLike[str]


class SeriesKeywords(RangeKeywords, total=False):
    """What `series` takes: pegs, and the store, too."""

    pegs: bool | str
    no_store: bool | str


class LookUpKeywords(SeriesKeywords, total=False):
    """What `look_up` and `convert` take: the rule for days without a rate, too."""

    when: str
    max_age: Whole | None


class FetchKeywords(RangeKeywords, total=False):
    """What `fetch_rates` and `attempt` take: all that one fetch depends on."""

    symbols: Words
    strict: bool | str
    pegs: bool | str
    on: Day


class ManyKeywords(FetchKeywords, total=False):
    """What `fetch_many` takes: on which executor the fetches run, too."""

    mode: str
    via: str
    start_method: str
    scheduler: str


class RunKeywords(ManyKeywords, total=False):
    """What `fetch_all` takes: how many workers, too."""

    workers: Whole


class SettingsKeywords(RunKeywords, total=False):
    """What `Settings` takes: every setting, and what the program itself sets."""

    bases: Words
    store: Folder
    fresh: bool | str
    no_store: bool | str
    when: str
    max_age: Whole | None
    format: str
    layout: str
    digits: Whole
    run: str
    run_dir: str
    provider_files: tuple[str, ...]
    loopback: str
