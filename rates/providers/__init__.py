"""The publishers, one module each, found by file name and loaded when needed.

A provider knows one publisher. Its key is the name of its file: `rates/providers/ecb.py` is the provider "ecb". It
opens no connection and reads no clock, file or environment; `rates.fetch` sends its requests, with retries, a deadline
and the publisher's rate limit, and checks and converts its quotes. A provider module has

- a docstring whose first line names the publisher, with four labelled lines: Publishes, Quoted, Answer and Source;
- `PROVIDER`, a `rates.model.Provider`: what is known of the publisher;
- `steps(query)`, a generator: it yields each `Request`, receives its `Reply`, and returns the quotes;
- `parse(body)`, which turns the bytes of one answer into quotes, and does nothing else.

To add one, `rates providers new KEY` writes its module, a specimen of an answer and a test. In this package a provider
is its module here, its test in `tests/providers`, and its line in `_symbols.txt`: the currencies that it publishes.
Another distribution adds one by an entry point of the group `rates.providers`, from the key to the module:

    [project.entry-points."rates.providers"]
    utopia = "utopia_rates"

`keys` lists all providers, `load` gives the module of one. `rates.providers.groups` sorts them by kind and region, and
`rates.providers.published` says which of them has which currency.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Generator, Iterable
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from rates.defaults import CONSENSUS
from rates.errors import RatesError, UsageError, quoted

if TYPE_CHECKING:  # a list of keys does not need the model
    from importlib.metadata import EntryPoint

    from rates.model import Provider, Query, Quote, Reply, Request

ENTRY_POINTS = "rates.providers"
SHARED = ("groups", "kit", "published", "regions")  # the modules here that are not providers

Steps = Generator["Request", "Reply", Iterable["Quote"]]


class ProviderModule(Protocol):
    """What a provider module has."""

    PROVIDER: Provider

    def steps(self, query: Query) -> Steps:
        """Yields the requests that answer a query, receives their replies, and returns the quotes."""

    def parse(self, body: bytes) -> Iterable[Quote]:
        """The quotes in one answer."""


@cache
def own_keys() -> tuple[str, ...]:
    """The keys of the providers in this package, sorted."""
    names = (name.removesuffix(".py") for name in os.listdir(os.path.dirname(__file__)) if name.endswith(".py"))
    return tuple(sorted(name for name in names if not name.startswith("_") and name not in SHARED))


def plugin_keys() -> tuple[str, ...]:
    """The keys of the providers that other distributions add, sorted."""
    return tuple(sorted(_plugins()))


def keys() -> tuple[str, ...]:
    """The keys of all providers, those of this package first."""
    return (*own_keys(), *plugin_keys())


def choices() -> tuple[str, ...]:
    """What a chain of providers may name: any provider, or "consensus", which asks all official ones at once."""
    return (*keys(), CONSENSUS)


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
    """The name of a provider's module, for a worker process to import."""
    if key in plugin_keys():
        return _plugins()[key].module
    return f"{__name__}.{key}"


@cache
def load(key: str) -> ProviderModule:
    """The module of one provider; `UsageError` with the nearest keys if there is none, `RatesError` if it is broken."""
    if key in own_keys():
        return cast(ProviderModule, import_module(module_name(key)))
    if key in plugin_keys():
        return _load_plugin(key)
    if key == CONSENSUS:
        raise UsageError(f"{key} is not one provider but all official ones", hint=f"like: --provider {key}")
    from rates.currencies import suggest

    raise UsageError(f"unknown provider {quoted(key)}", hint=suggest(key, choices(), "list them with: rates providers"))


def _load_plugin(key: str) -> ProviderModule:
    entry = _plugins()[key]
    try:
        module = cast(ProviderModule, entry.load())
        own_name = module.PROVIDER.key
    except Exception as error:
        detail = f"the installed provider {key} ({entry.value}) cannot be loaded: {type(error).__name__}: {error}"
        raise RatesError(detail, hint="repair or uninstall the distribution that adds it") from error
    if own_name != key:
        raise RatesError(f"the installed provider {key} ({entry.value}) has the key {quoted(own_name)}")
    return module


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
