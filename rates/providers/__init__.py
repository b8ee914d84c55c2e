"""The publishers, one file each, found by file name and loaded when asked for.

A provider module has a docstring with four labelled lines (Publishes, Quoted, Answer, Source), `PROVIDER` (its facts),
`steps(query)` (a generator that yields Requests, is sent Replies and returns quotes) and `parse(body)` (pure).
Providers of others join through the entry-point group `rates.providers`, whose entries name such a module.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from rates.currencies import suggest
from rates.errors import UsageError, quoted
from rates.model import Provider, Query, Quote, Reply, Request

# Made of the others' rates by `fetch`, which alone can ask many; their facts stand in files of ours like any other's.
BLENDS = ("consensus",)

Steps = Generator[Request, Reply, Iterable[Quote]]


class ProviderModule(Protocol):
    """What a provider module offers."""

    PROVIDER: Provider

    def steps(self, query: Query) -> Steps:
        """The conversation that answers a query."""

    def parse(self, body: bytes) -> Iterable[Quote]:
        """The quotes in one answer."""


@cache
def own_keys() -> tuple[str, ...]:
    """The keys of the providers in this package, by their file names, sorted."""
    folder = Path(__file__).parent
    return tuple(sorted(file.stem for file in folder.glob("*.py") if not file.stem.startswith("_")))


@cache
def foreign_keys() -> tuple[str, ...]:
    """The keys of providers that other distributions have joined, sorted."""
    from importlib.metadata import entry_points

    return tuple(sorted({entry.name for entry in entry_points(group="rates.providers")} - set(own_keys())))


def keys() -> tuple[str, ...]:
    """All provider keys, ours and others', and the blends of all of them."""
    return (*own_keys(), *BLENDS, *foreign_keys())


def module_name(key: str) -> str:
    """The module that a provider's key stands for, to be imported by a worker process."""
    return f"{__name__}.{'_' if key in BLENDS else ''}{key}"


@cache
def load(key: str) -> ProviderModule:
    """The provider module of that key; `UsageError` with the nearest keys when there is none."""
    if key in own_keys() or key in BLENDS:
        return cast(ProviderModule, import_module(module_name(key)))
    if key in foreign_keys():
        from importlib.metadata import entry_points

        return cast(ProviderModule, next(iter(entry_points(group="rates.providers", name=key))).load())
    raise UsageError(f"unknown provider {quoted(key)}", hint=suggest(key, keys(), "list them with: rates providers"))
