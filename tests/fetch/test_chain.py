from __future__ import annotations

from datetime import date, timedelta

import pytest

from rates.conversion import rebase
from rates.errors import NoRates, Stale
from rates.fetch import attempt
from rates.fetch.chain import allowed_days, stale
from rates.model import Provider, Query
from rates.providers import ProviderModule, Steps
from tests.fetch.publisher import TODAY, facts, giving, known_as, module, quote


def bank(key: str, days_old: int, **more: object) -> ProviderModule:
    """A publisher whose newest rates are that old."""
    return giving([quote("EUR", "USD", "1.1", TODAY - timedelta(days=days_old))], facts(key, **more))


def failing(key: str) -> ProviderModule:
    """A publisher that has nothing."""

    def steps(query: Query) -> Steps:
        raise NoRates("has nothing")
        yield

    return module(facts(key), steps)


@pytest.mark.parametrize(
    ("more", "most"),
    [
        ({}, 8),
        ({"gap_days": 4}, 5),
        ({"cadence": "weekly"}, 15),
        ({"cadence": "daily, published monthly"}, 69),
        ({"published": "once a month Asia/Karachi, about three weeks late"}, 69),
    ],
)
def test_allowed_days(more: dict[str, object], most: int) -> None:
    """A publisher's own calendar says how old its newest rates may be."""
    assert allowed_days(facts(**more)) == most


@pytest.mark.parametrize(("days_old", "late"), [(-1, False), (0, False), (8, False), (9, True), (400, True)])
def test_stale(days_old: int, late: bool) -> None:
    """The latest rates are stale when they are older than allowed; a day that was asked for never is."""
    provider: Provider = facts()
    quotes = [quote("EUR", "USD", "1.1", TODAY - timedelta(days=days_old))]
    assert (stale(rebase(quotes, "EUR", provider), provider, TODAY) is not None) is late
    assert stale(rebase(quotes, "EUR", provider, asked=date(2020, 1, 1)), provider, TODAY) is None


def test_a_stale_one_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """If one provider is stale the next is asked, and the outcome says why."""
    outcome = attempt("EUR", known_as(monkeypatch, bank("old", 30), bank("new", 1)))
    assert outcome.table is not None
    assert outcome.table.provider == "new"
    (passed,) = outcome.passed_over
    assert isinstance(passed, Stale)
    assert str(passed).startswith("old: its newest rates are of 2026-09-30, 30 days old; it rests 8 days at most")


@pytest.mark.parametrize("others", [[], ["fails"], ["older"], ["fails", "older"]])
def test_the_newest_stale_one_is_shown_with_a_warning(monkeypatch: pytest.MonkeyPatch, others: list[str]) -> None:
    """If no provider has fresh rates, the newest stale table is given with its warning, whatever its place."""
    modules = [bank("old", 30), *(failing(key) if key == "fails" else bank(key, 60) for key in others)]
    for chain in (modules, modules[::-1]):
        outcome = attempt("EUR", known_as(monkeypatch, *chain))
        assert outcome.ok
        assert outcome.table is not None
        assert outcome.table.provider == "old"
        assert isinstance(outcome.warning, Stale)
        assert {error.provider for error in outcome.passed_over} == set(others)


def test_the_next_has_the_symbol(monkeypatch: pytest.MonkeyPatch) -> None:
    """A publisher that lacks a symbol that was asked for is passed over for the next."""
    other = giving([quote("EUR", "JPY", "170.1")], facts("yen"))
    settings = known_as(monkeypatch, bank("dollar", 0), other).with_values(symbols=("JPY",), strict=True)
    outcome = attempt("EUR", settings)
    assert outcome.table is not None
    assert outcome.table.provider == "yen"
    assert [error.name for error in outcome.passed_over] == ["MissingSymbols"]


def test_offline_nothing_is_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    """The embedded history is old on purpose: offline the first answer is taken, without a warning."""
    settings = known_as(monkeypatch, bank("old", 30), bank("new", 0)).with_values(offline=True)
    outcome = attempt("EUR", settings)
    assert outcome.table is not None
    assert (outcome.table.provider, outcome.warning, outcome.passed_over) == ("old", None, ())


@pytest.mark.parametrize(("days_ago", "late"), [(-10, False), (0, False), (8, False), (9, True)])
def test_the_age_of_a_period_counts_from_its_end(days_ago: int, late: bool) -> None:
    """The mean of a month is as old as the month's last day."""
    provider: Provider = facts()
    end = TODAY - timedelta(days=days_ago)
    quotes = [quote("EUR", "USD", "1.1", end - timedelta(days=30))._replace(valid_to=end)]
    assert (stale(rebase(quotes, "EUR", provider), provider, TODAY) is not None) is late
