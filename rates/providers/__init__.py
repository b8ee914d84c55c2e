"""The publishers, one file each, found by file name and loaded when asked for.

A provider module has a docstring with four labelled lines (Publishes, Quoted, Answer, Source), `PROVIDER` (its facts),
`steps(query)` (a generator that yields Requests, is sent Replies and returns quotes) and `parse(body)` (pure).
Providers of others join through the entry-point group `rates.providers`, whose entries name such a module. What is
known of them all without importing any is `facts`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Generator, Iterable
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from rates.errors import RatesError, UsageError, quoted

if TYPE_CHECKING:  # a list of keys needs no nouns
    from datetime import date
    from importlib.metadata import EntryPoint

    from rates.model import Provider, Query, Quote, Reply, Request
    from rates.providers._known import Facts

GROUP = "rates.providers"
# Made of the others' rates by `fetch`, which alone can ask many; their facts stand in files of ours like any other's.
BLENDS = ("consensus",)

Steps = Generator["Request", "Reply", Iterable["Quote"]]


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
    names = os.listdir(os.path.dirname(__file__))
    return tuple(sorted(name[:-3] for name in names if name.endswith(".py") and not name.startswith("_")))


@cache
def _entries() -> dict[str, EntryPoint]:
    """The providers that other distributions have joined, by key."""
    if not _joined():
        return {}
    from importlib.metadata import entry_points

    return {entry.name: entry for entry in entry_points(group=GROUP) if entry.name not in own_keys()}


def _joined() -> bool:
    """Whether any distribution may have joined: looked for in their files, since importlib.metadata takes 40 ms."""
    mark = f"[{GROUP}]".encode()
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")
        except OSError:
            if os.path.isfile(folder):  # a zip, into which importlib looks
                return True
            continue
        for name in names:
            if name.endswith((".dist-info", ".egg-info")) and _says(os.path.join(folder, name), mark):
                return True
    return False


def _says(folder: str, mark: bytes) -> bool:
    """True when the distribution's entry points have that group."""
    try:
        with open(os.path.join(folder, "entry_points.txt"), "rb") as file:
            return mark in file.read()
    except OSError:
        return False


def foreign_keys() -> tuple[str, ...]:
    """The keys of providers that other distributions have joined, sorted."""
    return tuple(sorted(_entries()))


def keys() -> tuple[str, ...]:
    """All provider keys, ours and others', and the blends of all of them."""
    return (*own_keys(), *BLENDS, *foreign_keys())


def module_name(key: str) -> str:
    """The module that a provider's key stands for, to be imported by a worker process."""
    if key in foreign_keys():
        return _entries()[key].module
    return f"{__name__}.{'_' if key in BLENDS else ''}{key}"


@cache
def load(key: str) -> ProviderModule:
    """The provider module of that key; `UsageError` with the nearest keys when there is none."""
    if key in own_keys() or key in BLENDS:
        return cast(ProviderModule, import_module(module_name(key)))
    if key in foreign_keys():
        return _foreign(key)
    from rates.currencies import suggest

    raise UsageError(f"unknown provider {quoted(key)}", hint=suggest(key, keys(), "list them with: rates providers"))


def _foreign(key: str) -> ProviderModule:
    """A joined module; `RatesError` when it cannot be imported, or is none of a provider."""
    entry = _entries()[key]
    try:
        module = cast(ProviderModule, entry.load())
        named = module.PROVIDER.key
    except Exception as error:
        told = f"the installed provider {key} ({entry.value}) cannot be loaded: {type(error).__name__}: {error}"
        raise RatesError(told, hint="mend or uninstall the distribution that brings it") from error
    if named != key:
        raise RatesError(f"the installed provider {key} ({entry.value}) calls itself {quoted(named)}")
    return module


def absent(key: str, code: str, on: date) -> str:
    """A sentence when a currency had ended or paused by that day, or not begun, at this publisher or everywhere."""
    from rates.currencies import ended, unborn
    from rates.providers._known import index

    known = index().get(key) if key in own_keys() else None
    return unborn(code, on) or ended(code, on) or (known.told(code, on.isoformat()) if known else "")


@cache
def facts(key: str) -> Facts:
    """What is known of one publisher, from the index; from its module where the index does not have it."""
    from rates.providers._known import index, of_provider

    known = index().get(key) if key in (*own_keys(), *BLENDS) else None
    return known or of_provider(load(key).PROVIDER)


def publishers(code: str, on: str = "") -> tuple[str, ...]:
    """The providers that are known to publish a currency, now or on an ISO day.

    Those without a key come first, and of them those whose own currency it is.
    """
    from rates.providers._known import index

    having = [index()[key] for key in own_keys() if key in index() and index()[key].has(code, on)]
    return tuple(one.key for one in sorted(having, key=lambda one: (bool(one.key_env), one.pivot != code, one.key)))
