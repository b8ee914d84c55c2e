"""Providers: one module for each publisher, found by its file name and loaded when first needed.

A provider knows one publisher. Its key is the name of its file: `rates/providers/utopia.py` would be the provider
"utopia". It opens no connection and reads no clock, file or environment: `rates.fetch` sends its requests, with
retries, a deadline and the publisher's rate limit, checks the quotes, and converts them to the base that is asked for.
A whole provider:

    '''Bank of Utopia: official rates.

    Publishes: 12 currencies each working day at 12:00, since 2001-01-02.
    Quoted: official, units of UTO for one unit of the currency.
    Answer: JSON, a list of rows under "rates", each with its code, rate and day.
    Source: https://bank.example/rates
    '''

    from rates.providers.kit import Iterable, Provider, Query, Quote, Request, Steps, by_window, date, get
    from rates.readers import day, number, records

    PROVIDER = Provider(name="Bank of Utopia", pivot="UTO", rate_type="official", published="12:00 Utopia/Capital",
                        since=date(2001, 1, 2), max_days=366)

    def steps(query: Query) -> Steps:
        return by_window(query, PROVIDER, ask, parse)

    def ask(first: date, last: date) -> Request:
        return get("https://bank.example/rates.json", {"from": first, "to": last})

    def parse(body: bytes) -> Iterable[Quote]:
        for row in records(body, "rates"):
            yield Quote(row["code"], "UTO", number(row["rate"]), day(row["date"]))

The parts:

- The docstring names the publisher and has four labelled lines. It also says what the publisher has and the provider
  leaves out, and why.
- `PROVIDER` is what is known of the publisher; `rates.model.Provider` explains each field and has the usual values.
- `steps(query)` is a generator: it yields each `Request`, receives its `Reply`, and returns the quotes. Usually it is
  one call of `rates.providers.kit`: a request for each window of days, each day or each currency; an archive, a
  workbook behind a link, or a form.
- `parse(body)` turns the bytes of one answer into quotes, in the publisher's digits and direction, and does nothing
  else. `rates.readers` reads JSON, XML, CSV, HTML, workbooks, numbers and days. What is not as expected is an error.

To add a provider:

1. `rates providers new KEY` writes its module, a specimen of an answer, and a test.
2. In this package the module stands here and its test in `tests/providers`. `_symbols.txt` gets a line with the
   currencies that it publishes, for the hints and filters that name publishers of a currency.
3. Without installing it: `rates USD --provider ./utopia.py`, `fetch_rates("USD", provider="./utopia.py")`, or
   `rates.providers.register(module)`, after which its key is known.
4. Another distribution adds a provider by an entry point; its name is the key:

       [project.entry-points."rates.providers"]
       utopia = "utopia_rates"

`rates.providers.groups` sorts the providers by kind and region; `rates.providers.published` has the currencies of each
and their days.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Generator, Iterable, Mapping
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from rates.defaults import CONSENSUS, OWN
from rates.errors import RatesError, UsageError, by_signal, quoted, suggest

if TYPE_CHECKING:  # a list of keys does not need the model
    from importlib.metadata import EntryPoint
    from types import ModuleType

    from rates.model import Provider, Query, Quote, Reply, Request

ENTRY_POINTS = "rates.providers"
SHARED = ("groups", "kit", "published", "regions", "registered")  # modules of this package that are not providers

Steps = Generator["Request", "Reply", Iterable["Quote"]]


class ProviderModule(Protocol):
    """The names that every provider module has."""

    PROVIDER: Provider

    def steps(self, query: Query) -> Steps:
        """Yields the requests that answer a query, receives their replies, and returns the quotes."""

    def parse(self, body: bytes) -> Iterable[Quote]:
        """The quotes in one answer."""


@cache
def own_keys() -> tuple[str, ...]:
    """The keys of the providers in this package, sorted."""
    try:
        files = os.listdir(os.path.dirname(__file__))
    except NotADirectoryError:  # in a zip file
        from pkgutil import iter_modules

        files = [f"{module.name}.py" for module in iter_modules(__path__)]
    names = (name.removesuffix(".py") for name in files if name.endswith(".py"))
    return tuple(sorted(name for name in names if not name.startswith("_") and name not in SHARED))


def plugin_keys() -> tuple[str, ...]:
    """The keys of the providers that other distributions add, or that were registered, sorted."""
    return tuple(sorted({*_plugins(), *_registered()}))


def installed_keys() -> tuple[str, ...]:
    """The keys of the providers of this package and of other distributions."""
    return (*own_keys(), *_plugins())


def register(module: ProviderModule | ModuleType | str | os.PathLike[str]) -> str:
    """Makes a module with `PROVIDER`, `steps` and `parse`, or the path of such a file, a provider; gives its key.

    The key is then valid everywhere in this process, and in the workers of its runs: worker processes load the module's
    file. (A pool of your own gives its processes `Settings(provider="./utopia.py")`.) A module that was registered
    before under the same key is replaced. Raises `UsageError` for a module that is no provider, or a key that is taken.
    """
    from rates.providers.registered import register

    return register(module)


def registered_keys() -> tuple[str, ...]:
    """The keys of the providers that were registered in this process."""
    return tuple(_registered())


def _registered() -> Mapping[str, ProviderModule]:
    """The providers that were registered, by key; empty, and nothing is imported, as long as there is none."""
    home = sys.modules.get(f"{__name__}.registered")
    return home.modules if home else {}


def keys() -> tuple[str, ...]:
    """The keys of all providers, those of this package first."""
    return (*own_keys(), *plugin_keys())


def choices() -> tuple[str, ...]:
    """What a chain may name: any provider, "consensus", which asks all official ones at once, or the user's "own"."""
    return (*keys(), CONSENSUS, OWN)


@cache
def _plugins() -> dict[str, EntryPoint]:
    """The providers that other distributions add, by key."""
    if not _may_have_plugins():
        return {}
    from importlib.metadata import entry_points

    return {entry.name: entry for entry in entry_points(group=ENTRY_POINTS) if entry.name not in own_keys()}


def _may_have_plugins() -> bool:
    """False when no installed distribution has our entry-point group; importlib.metadata takes 40 ms to say so."""
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")
        except OSError:
            if os.path.isfile(folder):  # a zip file, which only importlib.metadata reads
                return True
            continue
        installed = (name for name in names if name.endswith((".dist-info", ".egg-info")))
        if any(_has_group(os.path.join(folder, name)) for name in installed):
            return True
    return False


def _has_group(folder: str) -> bool:
    """True when the distribution's entry points have our group."""
    try:
        with open(os.path.join(folder, "entry_points.txt"), "rb") as file:
            return f"[{ENTRY_POINTS}]".encode() in file.read()
    except OSError:
        return False


def module_name(key: str) -> str:
    """The name of an installed provider's module, for a worker process to import; "" for a registered one or a path."""
    if key in own_keys():  # first: the search for plugins opens a file of every installed distribution, for 8 ms
        return f"{__name__}.{key}"
    return _plugins()[key].module if key in _plugins() else ""


def load(key: str) -> ProviderModule:
    """The module of one provider, by its key or the path of its file.

    Raises `UsageError` with the nearest keys if there is none, `RatesError` if it is broken.
    """
    if not isinstance(key, str):
        raise UsageError(f'a provider is a key like "ecb", not {quoted(key)}')
    if key.endswith(".py"):
        from rates.providers.registered import from_file

        return from_file(os.path.abspath(key))
    return _registered().get(key) or _load(key)


@cache
def _load(key: str) -> ProviderModule:
    if key in own_keys():
        return cast(ProviderModule, import_module(module_name(key)))
    if key in _plugins():
        return _load_plugin(key)
    if key == OWN:
        return cast(ProviderModule, import_module(f"{__name__}._own"))
    if key == CONSENSUS:
        raise UsageError(f"{key} is not one provider but all official ones", hint=f"like: --provider {key}")

    raise UsageError(f"unknown provider {quoted(key)}", hint=suggest(key, choices(), "list them with: rates providers"))


def _load_plugin(key: str) -> ProviderModule:
    entry = _plugins()[key]
    try:
        module = cast(ProviderModule, entry.load())
        own_name = module.PROVIDER.key
    except (Exception, SystemExit) as error:
        if by_signal(error):
            raise
        detail = f"the installed provider {key} ({entry.value}) cannot be loaded: {type(error).__name__}: {error}"
        raise RatesError(detail, hint="repair or uninstall the distribution that adds it") from error
    if own_name != key:
        raise RatesError(f"the installed provider {key} ({entry.value}) has the key {quoted(own_name)}")
    return module


def key_of(word: str) -> str:
    """The key of a provider that is named by its key or by the path of its file, which is then registered."""
    return load(word).PROVIDER.key if word.endswith(".py") else word


def load_each(keys: Iterable[str]) -> tuple[list[ProviderModule], dict[str, RatesError]]:
    """The modules of those providers that load, in order, and the errors of those that do not, by key.

    One broken plugin must not stop the other publishers.
    """
    modules, errors = [], {}
    for key in keys:
        try:
            modules.append(load(key))
        except RatesError as error:
            errors[key] = error
    return modules, errors
