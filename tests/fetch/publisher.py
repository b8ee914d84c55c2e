"""Fake publishers: provider modules made on the spot, whose answers are functions or pages of a loopback server."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from rates import providers
from rates.model import Provider, Query, Quote, Reply, Request
from rates.providers import ProviderModule, Steps
from rates.settings import Settings

TODAY = date(2026, 10, 30)  # a Friday


def facts(key: str = "bank", **more: Any) -> Provider:
    """A publisher of euro rates in one document, unless `more` says otherwise."""
    known: dict[str, Any] = {
        "key": key, "name": "Bank", "country": "", "pivot": "EUR", "rate_type": "mid", "cadence": "daily",
        "published": "noon", "since": date(2000, 1, 3),
    }  # fmt: skip
    return Provider(**{**known, **more})


def quote(base: str, symbol: str, rate: str, day: date = TODAY) -> Quote:
    """A quote of today."""
    return Quote(base, symbol, Decimal(rate), day)


def lines(body: bytes) -> list[Quote]:
    """The quotes in lines of: day base symbol rate."""
    found = []
    for line in body.decode().splitlines():
        day, base, symbol, rate = line.split()
        found.append(Quote(base, symbol, Decimal(rate), date.fromisoformat(day)))
    return found


def module(provider: Provider, steps: Callable[[Query], Steps]) -> ProviderModule:
    """A provider module."""
    return SimpleNamespace(PROVIDER=provider, steps=steps, parse=lines)  # type: ignore[return-value]


def asking(provider: Provider, url: str = "http://bank.example/rates", **more: Any) -> ProviderModule:
    """A publisher that is asked one request and answers in lines."""

    def steps(query: Query) -> Steps:
        reply = yield Request(url, (("base", query.base),), **more)
        return lines(reply.body)

    return module(provider, steps)


def giving(quotes: Iterable[Quote], provider: Provider | None = None) -> ProviderModule:
    """A publisher that needs no request."""

    def steps(query: Query) -> Steps:
        return quotes
        yield

    return module(provider or facts(), steps)


def never(request: Request) -> Reply:
    """A `send` that must not be called."""
    raise AssertionError(f"asked for {request}")


def known_as(monkeypatch: pytest.MonkeyPatch, *modules: ProviderModule) -> Settings:
    """Settings whose chain is these modules, which `providers.load` then finds beside the real ones."""
    table, load = {one.PROVIDER.key: one for one in modules}, providers.load
    monkeypatch.setattr(providers, "load", lambda key: table[key] if key in table else load(key))
    return Settings(provider=tuple(table), today=TODAY, retries=0, backoff=0.0, deadline=5.0)
