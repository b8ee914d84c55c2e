"""Look-ups in an event loop: the same answers as from a thread, read beside the loop, fetched over it."""

from __future__ import annotations

import asyncio
import threading
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import rates
from rates import aio
from rates.errors import NoRates, UsageError
from rates.store import session
from rates.store.history_source import HistorySource
from rates.store.lookup import search
from rates.transport import io_loop
from tests.fetch.publisher import asking, facts, known_as
from tests.transport.server import Site

LINES = b"2026-10-22 EUR USD 1.2\n2026-10-23 EUR USD 1.3\n"


@pytest.fixture(autouse=True)
def without_sessions() -> None:
    """No test finds the sessions of another."""
    session.RECENT.clear()


def test_the_same_as_from_a_thread() -> None:
    """Each function gives what its namesake gives."""

    async def main() -> list[Any]:
        return [
            await aio.look_up("USD", "EUR", "2020-03-01", when="next", offline=True),
            await aio.convert("99.95", "DEM", "JPY", on=date(2020, 3, 2), digits="iso", offline=True),
            await aio.convert_many([1, Decimal("2.5")], ["USD", "GBP"], "EUR", on="2020-03-02", offline=True),
            await aio.series("EUR/USD", "2020-03", "2020-03", offline=True),
        ]

    assert asyncio.run(main()) == [
        rates.look_up("USD", "EUR", "2020-03-01", when="next", offline=True),
        rates.convert("99.95", "DEM", "JPY", on=date(2020, 3, 2), digits="iso", offline=True),
        rates.convert_many([1, Decimal("2.5")], ["USD", "GBP"], "EUR", on="2020-03-02", offline=True),
        rates.series("EUR/USD", "2020-03", "2020-03", offline=True),
    ]


def test_errors_are_the_same() -> None:
    """A wrong argument and a day without a rate are the named errors."""
    with pytest.raises(UsageError, match=r"amount = 0\.5 is a float"):
        asyncio.run(aio.convert(0.5, "USD", "EUR", on="2020-03-02"))  # type: ignore[arg-type]
    with pytest.raises(NoRates, match="ecb has it on 2008-12-09"):
        asyncio.run(aio.look_up("ISK", "EUR", on="2012-06-01", offline=True))


def test_nothing_is_read_in_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """The history is read in another thread, so that the loop goes on."""
    threads = set()

    def noted(*args: Any, **kwargs: Any) -> Any:
        threads.add(threading.current_thread())
        return search(*args, **kwargs)

    monkeypatch.setattr("rates.store.at_hand.search", noted)
    between = HistorySource.between

    def read(*args: Any) -> Any:
        threads.add(threading.current_thread())
        return between(*args)

    monkeypatch.setattr(HistorySource, "between", read)

    async def main() -> None:
        await aio.convert(1, "USD", "EUR", on="2020-03-02", offline=True)
        await aio.convert_many([1], "USD", "EUR", on="2020-03-02", offline=True)
        await aio.series("EUR/USD", "2020", "2020", offline=True)

    asyncio.run(main())
    assert threads
    assert threading.main_thread() not in threads


def test_what_is_not_at_hand_is_fetched_over_the_loop(
    monkeypatch: pytest.MonkeyPatch, site: Site, tmp_path: Path
) -> None:
    """A publisher is asked by the loop's client, and its answer is stored."""
    settings = known_as(monkeypatch, asking(facts(), site.page("/", LINES))).with_values(store=tmp_path / "kept.db")

    async def main() -> Any:
        try:
            return await aio.look_up("EUR", "USD", "2026-10-24", settings), await aio.series(
                "EUR/USD", "2026-10-22", "2026-10-23", settings
            )
        finally:
            await io_loop.close()

    found, series = asyncio.run(main())
    assert (found.day, found.rate) == (date(2026, 10, 23), Decimal("1.3"))
    assert [rate.rate for rate in series] == [Decimal("1.2"), Decimal("1.3")]
    session.RECENT.clear()
    assert rates.look_up("EUR", "USD", "2026-10-23", settings).source == "store"


def test_rules_of_law() -> None:
    """A rule gives the same as without a loop, also the mean of a year."""

    async def asked() -> tuple[object, ...]:
        return (
            await aio.convert(100, "USD", "EUR", "2024-Q1", rule="eu-oss", digits="iso", offline=True),
            await aio.look_up("GBP", "USD", "2025", rule="irs-average", provider="ecb", offline=True),
        )

    assert asyncio.run(asked()) == (
        rates.convert(100, "USD", "EUR", "2024-Q1", rule="eu-oss", digits="iso", offline=True),
        rates.look_up("GBP", "USD", "2025", rule="irs-average", provider="ecb", offline=True),
    )
