"""The National Bank of Poland: three series, the 93 days, gold per ounce, and 404 as its word for no working day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from rates.conversion import effective
from rates.errors import NoRates, NotFound
from rates.model import Quote, Reply
from rates.providers import nbp
from tests.providers.conversation import ask, between, case, latest, on, specimen

CASE = case("nbp", "PLN", "3.6701", "a.json", "b.json", "gold.json")

API = "https://api.nbp.pl/api"
A, B, GOLD = (specimen(f"nbp/{name}.json") for name in ("a", "b", "gold"))
NONE = Reply(404, specimen("nbp/none.txt"))
FRIDAY = date(2026, 10, 30)


def test_latest() -> None:
    """Tables A, B and gold of the last days; gold in zlotys per gram times 31.1034768."""
    quotes, urls = ask("nbp", latest("PLN"), A, B, GOLD)
    window = "2026-10-20/2026-10-30/?format=json"
    assert urls == [
        f"{API}/exchangerates/tables/A/{window}",
        f"{API}/exchangerates/tables/B/{window}",
        f"{API}/cenyzlota/{window}",
    ]
    assert quotes[2:] == (
        Quote("USD", "PLN", Decimal("3.6795"), FRIDAY),
        Quote("JPY", "PLN", Decimal("0.023847"), FRIDAY),
        Quote("MGA", "PLN", Decimal("0.000812"), date(2026, 10, 28)),
        Quote("IRR", "PLN", Decimal("0.00000277"), date(2026, 10, 28)),
        Quote("XAU", "PLN", Decimal("14659.068615840"), date(2026, 10, 29)),
        Quote("XAU", "PLN", Decimal("14750.8238724"), FRIDAY),
    )


def test_the_weekly_table_stands_beside_the_daily_one() -> None:
    """Of the latest, each currency has its newest rate, table B's two days older than table A's."""
    query = latest("PLN")
    quotes, _ = ask("nbp", query, A, B, GOLD)
    newest = {quote.base: quote.day.day for quote in effective(quotes, nbp.PROVIDER, query)}
    assert newest == {"USD": 30, "JPY": 30, "MGA": 28, "IRR": 28, "XAU": 30}


def test_long_ranges_are_asked_in_pieces_of_93_days() -> None:
    """The bank refuses more at once; gold, which begins in 2013, is asked for only then."""
    query = between(date(2012, 11, 1), date(2013, 3, 1), "PLN")
    old = [body.replace(b"2026-10", b"2012-12") for body in (A, B, GOLD)]
    _, urls = ask("nbp", query, old[0], NONE, old[1], NONE, old[2])
    assert [url.removeprefix(API).removesuffix("?format=json") for url in urls] == [
        "/exchangerates/tables/A/2012-11-01/2013-02-01/",
        "/exchangerates/tables/A/2013-02-02/2013-03-01/",
        "/exchangerates/tables/B/2012-11-01/2013-02-01/",
        "/exchangerates/tables/B/2013-02-02/2013-03-01/",
        "/cenyzlota/2013-01-02/2013-03-01/",
    ]


def test_nothing_before_the_first_table_is_asked() -> None:
    """The window of the first days begins with the first table."""
    old = A.replace(b"2026-10-30", b"2002-01-03").replace(b"2026-10-29", b"2002-01-02")
    _, urls = ask("nbp", on(date(2002, 1, 3), "PLN"), old, NONE)
    assert urls[0] == f"{API}/exchangerates/tables/A/2002-01-02/2002-01-03/?format=json"
    assert len(urls) == 2


def test_gold_is_asked_only_when_it_may_be_wanted() -> None:
    """Named symbols without gold spare a request."""
    assert len(ask("nbp", latest("PLN", "USD", "EUR"), A, B)[1]) == 2
    assert len(ask("nbp", latest("PLN", "USD", "XAU"), A, B, GOLD)[1]) == 3


def test_404_is_no_working_day() -> None:
    """Without table A there was none; without table B or gold alone there are fewer currencies."""
    with pytest.raises(NoRates):
        ask("nbp", on(date(2026, 10, 25), "PLN"), NONE)
    quotes, _ = ask("nbp", latest("PLN"), A, NONE, NONE)
    assert {quote.base for quote in quotes} == {"USD", "JPY"}


def test_another_404_is_a_moved_address() -> None:
    """A page not found in other words than the bank's is no holiday."""
    with pytest.raises(NotFound):
        ask("nbp", latest("PLN"), Reply(404, b"404 page gone"))
