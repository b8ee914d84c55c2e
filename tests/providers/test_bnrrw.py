"""The National Bank of Rwanda: one request a currency and year, rows in no order, commas, months of three letters."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

import pytest

from rates.errors import ErrorAnswer, NoRates, ParseError
from rates.model import Query, Quote
from tests.providers.conversation import Case, ask, between, latest, on, specimen
from tests.providers.recordings import Figures, asked, codes, in_sample, recorded, recordings, replay

USD, EUR, JPY = (specimen(f"bnrrw/{name}.json") for name in ("usd", "eur", "jpy"))
CASE = Case(latest("RWF", "USD", "EUR", "JPY"), (USD, EUR, JPY), b"1,466.2")

URL = "https://fxrates.bnr.rw/currency_history/?currency_name="
THURSDAY, FRIDAY = date(2026, 10, 29), date(2026, 10, 30)


def test_rows() -> None:
    """The bank's own middle, francs for one unit, whatever the order."""
    quotes, _ = ask("bnrrw", latest("RWF", "USD", "EUR", "JPY"), USD, EUR, JPY)
    assert quotes == (
        Quote("USD", "RWF", Decimal("1466.2"), FRIDAY),
        Quote("USD", "RWF", Decimal("1466.0275"), THURSDAY),
        Quote("EUR", "RWF", Decimal("1696.525"), THURSDAY),
        Quote("EUR", "RWF", Decimal("1695.906"), FRIDAY),
        Quote("JPY", "RWF", Decimal("9.51318"), FRIDAY),
    )


@pytest.mark.parametrize(
    ("query", "windows"),
    [
        (latest("RWF", "USD"), ["start_date=2026-10-23&end_date=2026-10-30"]),
        (on(THURSDAY, "RWF", "USD"), ["start_date=2026-10-22&end_date=2026-10-29"]),
        (
            between(date(2025, 6, 1), FRIDAY, "RWF", "USD"),
            ["start_date=2025-06-01&end_date=2026-05-31", "start_date=2026-06-01&end_date=2026-10-30"],
        ),
    ],
)
def test_what_is_asked(query: Query, windows: list[str]) -> None:
    """At most a year a question."""
    _, urls = ask("bnrrw", query, *[USD] * len(windows))
    assert urls == [f"{URL}USD&{window}" for window in windows]


def test_all_are_sixteen_requests() -> None:
    """Without symbols every currency is asked for; here only the first has rows."""
    quotes, urls = ask("bnrrw", latest("RWF"), USD, *[b"[]"] * 15)
    assert len(urls) == 16
    assert len(quotes) == 2


def test_no_rows_is_no_rates() -> None:
    """Empty lists are the bank's way to say that it rested."""
    with pytest.raises(NoRates):
        ask("bnrrw", on(date(2026, 10, 25), "RWF", "USD"), b"[]")


def test_no_dollar_beside_others_is_a_parse_error() -> None:
    """No bank rests for the US dollar alone: an answer was lost."""
    with pytest.raises(ParseError, match="the US dollar has no rates"):
        ask("bnrrw", latest("RWF", "USD", "EUR"), b"[]", EUR)


def test_another_currency_is_a_parse_error() -> None:
    """An answer for the euro to the question for the dollar is found out."""
    with pytest.raises(ParseError, match="expected USD, got EUR"):
        ask("bnrrw", latest("RWF", "USD"), EUR)


def test_an_error_is_an_error_answer() -> None:
    """What the bank says instead of a list is repeated."""
    with pytest.raises(ErrorAnswer, match="currency_name"):
        ask("bnrrw", latest("RWF", "USD"), specimen("bnrrw/error.json"))


@recordings
def test_recorded() -> None:
    """Every row's middle of all sixteen currencies."""
    found = replay("bnrrw", asked("2026-05-19", "2026-05-22", "RWF"))
    row = r'"currency_name":"([A-Z]{3})"[^}]*"average_rate":"([\d.,]+)"[^}]*"post_date":"([\w-]+)"'
    expected: Figures = {}
    for reply in recorded("bnrrw").values():
        for code, rate, day in re.findall(row, reply.body.decode()):
            where = (code, "RWF", datetime.strptime(day, "%d-%b-%y").date())
            expected[where] = Decimal(rate.replace(",", ""))
    assert found == expected
    assert len(found) == 64
    assert codes(found) == in_sample("bnrrw")
