"""The Bank of Italy: a line a country, N.A., the notes that end an answer, one day a request."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest

from rates import providers
from rates.errors import NoRates, ParseError
from rates.fetch.run_provider import run_provider
from rates.model import Quote
from tests.providers.conversation import Publisher, ask, between, case, latest, on, specimen
from tests.providers.recordings import Figures, asked, body, codes, in_sample, recordings, replay

CASE = case("bdi", "EUR", "77.4402", "day.csv")

URL = "https://tassidicambio.bancaditalia.it/terzevalute-wf-web/rest/v1.0/dailyRates?referenceDate="
DAY, NONE = specimen("bdi/day.csv"), specimen("bdi/none.csv")
FRIDAY = date(2026, 10, 30)


def test_lines() -> None:
    """Units for a euro, each currency once however many countries share it; N.A. is none."""
    publisher = Publisher([DAY])
    quotes = run_provider(providers.load("bdi"), latest("EUR"), publisher)
    assert publisher.urls() == [f"{URL}2026-10-30&currencyIsoCode=EUR&lang=en"]
    assert publisher.asked[0].headers == (("Accept", "text/csv"),)
    assert quotes == (
        Quote("EUR", "AFN", Decimal("77.4402"), FRIDAY),
        Quote("EUR", "JPY", Decimal("178.23"), FRIDAY),
        Quote("EUR", "CHF", Decimal("0.9286"), FRIDAY),
        Quote("EUR", "KRW", Decimal("1654.21"), FRIDAY),
        Quote("EUR", "USD", Decimal("1.1571"), FRIDAY),
    )


def test_two_rates_of_a_currency_are_a_parse_error() -> None:
    """Countries that share a currency share its rate."""
    with pytest.raises(ParseError, match="two rates for EUR in CHF"):
        ask("bdi", latest("EUR"), DAY.replace(b"0.928600", b"0.928700"))


def test_another_convention_is_a_parse_error() -> None:
    """Euros for a unit would be upside down."""
    with pytest.raises(ParseError, match="convention"):
        ask("bdi", latest("EUR"), DAY.replace(b"Foreign currency amount for 1 Euro.", b"Euro amount for 1 unit.", 1))


def test_closed_days_are_walked_back_over() -> None:
    """A Sunday and a Saturday are not asked for; a table without lines sends a day back."""
    _, urls = ask("bdi", on(FRIDAY, "EUR"), NONE, DAY.replace(b"10-30", b"10-29"))
    assert [url[len(URL) :][:10] for url in urls] == ["2026-10-30", "2026-10-29"]
    _, urls = ask("bdi", on(date(2026, 10, 25), "EUR"), DAY.replace(b"10-30", b"10-23"))
    assert [url[len(URL) :][:10] for url in urls] == ["2026-10-23"]


def test_range() -> None:
    """A request a working day, in order."""
    _, urls = ask("bdi", between(date(2026, 10, 24), date(2026, 10, 30), "EUR"), *[NONE] * 4, DAY)
    assert [url[len(URL) :][:10] for url in urls] == [f"2026-10-{day}" for day in (26, 27, 28, 29, 30)]


def test_a_week_of_empty_tables_is_no_rates() -> None:
    """The bank has nothing of each day."""
    with pytest.raises(NoRates):
        ask("bdi", on(FRIDAY, "EUR"), *[NONE] * 6)


@recordings
def test_recorded() -> None:
    """Every line of three days with a rate."""
    found = replay("bdi", asked("2026-02-09", "2026-02-11", "EUR"))
    expected: Figures = {}
    lines = 0
    for name in "123":
        for row in csv.reader(io.StringIO(body(f"bdi/{name}.csv").decode().split("\n#")[0])):
            if len(row) == 7 and row[2] != "ISO Code" and row[4] != "N.A.":
                where = ("EUR", row[2], date.fromisoformat(row[6]))
                lines += 1
                assert expected.setdefault(where, Decimal(row[4])) == Decimal(row[4])
    assert found == expected
    assert (lines, len(found)) == (501, 450)  # countries, and currencies, of three days
    assert codes(found) == in_sample("bdi")
