"""Exchange rates from the world's central banks and public APIs, fetched concurrently, exact, with pedigree.

The public names are loaded when first used, so that `import rates` costs nothing:

    from concurrent.futures import ThreadPoolExecutor
    from rates import BASES, POOL_SIZE, fetch_rates, present_result

    with ThreadPoolExecutor(POOL_SIZE) as pool:
        for result in pool.map(fetch_rates, BASES):
            present_result(*result)

The rates of a base are a `Mapping[str, Decimal]` with the provider, the day, and how each figure was derived:
published, the inverse of a published figure, or a cross of two. A *publisher* is an institution, like a central bank;
a *provider* is the module that asks it, known by its key, like "ecb".

    from rates import fetch_all, fetch_range, fetch_rates

    base, rates = fetch_rates("USD", provider="ecb", on="2020-03-02", offline=True)
    print(rates["EUR"], rates.day, rates.provider, rates.how("EUR"), rates.figures["EUR"].digits)

    for rates in fetch_range("USD", "2020-03-02", "2020-03-06", offline=True):
        print(rates.day, rates["EUR"])

    for outcome in fetch_all(["USD", "EUR", "XAF"], offline=True):  # a failure is a value
        print(outcome.base, outcome.table["CHF"] if outcome.ok else outcome.error)

Amounts of any day, from the history in this package, from what is stored, else fetched and stored:

    from rates import convert, convert_many, look_up, series

    print(convert("99.95", "USD", "EUR", on="2020-03-01", digits="iso", offline=True))
    print(convert_many([100, 250], ["USD", "GBP"], "EUR", on=["2020-03-02", "2020-03-03"], offline=True))
    print(look_up("USD", "EUR", on="2020-03-01", when="next", offline=True).day)
    print(convert(100, "USD", "EUR", on="2020-Q1", rule="eu-oss", offline=True))  # by tax law: `rates rules`
    print(series("EUR/USD", "2020-03-02", "2020-03-04", offline=True))

`fetch_quotes("ecb", query)` gives the figures of a provider as published. Every error is a `RatesError`.

More: `rates.store` (what was fetched, kept), `rates.run` (many fetches), `rates.executors` (modes of running them),
`rates.aio` (event loops), `rates.compare` (which mode is the fastest), `rates.providers`, `rates.consensus`,
`rates.currencies`, `rates.settings`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from rates._version import __version__
from rates.defaults import BASES, POOL_SIZE, SYMBOLS

if TYPE_CHECKING:
    from rates.conversion import rebase
    from rates.errors import RatesError
    from rates.executors import dispatch, open_executor
    from rates.fetch import attempt, fetch_quotes, fetch_range, fetch_rates
    from rates.model import DerivedRate, Failed, Fetched, Outcome, Provider, Query, Quote, RateTable, Reply, Request
    from rates.present import present_result
    from rates.present.data_frame import to_frame
    from rates.run import fetch_all, fetch_many
    from rates.settings import Settings
    from rates.store import Store
    from rates.store.convert import convert, look_up
    from rates.store.convert_many import convert_many
    from rates.store.records import Rate, Rule, When
    from rates.store.series import series
    from rates.store.series_record import Series


_HOMES = {
    "rates.conversion": ("rebase",),
    "rates.errors": ("RatesError",),
    "rates.executors": ("dispatch", "open_executor"),
    "rates.fetch": ("attempt", "fetch_quotes", "fetch_range", "fetch_rates"),
    "rates.model": (
        "DerivedRate",
        "Failed",
        "Fetched",
        "Outcome",
        "Provider",
        "Query",
        "Quote",
        "RateTable",
        "Reply",
        "Request",
    ),
    "rates.present": ("present_result",),
    "rates.present.data_frame": ("to_frame",),
    "rates.run": ("fetch_all", "fetch_many"),
    "rates.settings": ("Settings",),
    "rates.store.convert": ("convert", "look_up"),
    "rates.store.convert_many": ("convert_many",),
    "rates.store.records": ("Rate", "Rule", "When"),
    "rates.store.series": ("series",),
    "rates.store.series_record": ("Series",),
    "rates.store": ("Store",),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "BASES",
    "POOL_SIZE",
    "SYMBOLS",
    "DerivedRate",
    "Failed",
    "Fetched",
    "Outcome",
    "Provider",
    "Query",
    "Quote",
    "Rate",
    "RateTable",
    "RatesError",
    "Reply",
    "Request",
    "Rule",
    "Series",
    "Settings",
    "Store",
    "When",
    "__version__",
    "attempt",
    "convert",
    "convert_many",
    "dispatch",
    "fetch_all",
    "fetch_many",
    "fetch_quotes",
    "fetch_range",
    "fetch_rates",
    "look_up",
    "open_executor",
    "present_result",
    "rebase",
    "series",
    "to_frame",
]


def __getattr__(name: str) -> Any:
    """Loads a public name from its module at first use, or the front door for asyncio."""
    if name == "aio":
        return import_module("rates.aio")
    if name not in _HOME:
        raise AttributeError(f"module 'rates' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
