"""The Central Bank of Seychelles: the newest day in JSON, all others in a workbook of long binary means."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates.errors import HtmlAnswer, NoRates, ParseError
from rates.model import Quote
from rates.providers import cbssc
from tests.providers.conversation import PAGE as MAINTENANCE
from tests.providers.conversation import ask, between, case, latest, on, specimen
from tests.providers.crosses import assert_crosses_agree
from tests.providers.recordings import SOURCES, figures, recordings
from tests.readers.workbooks import Rows, workbook

CASE = case("cbssc", "SCR", "14.4077", "newest.json")

NEWEST = specimen("cbssc/newest.json")
THURSDAY, FRIDAY = date(2026, 10, 29), date(2026, 10, 30)
LIVE = f"{cbssc.LIVE}?type=car"
TODAY = tuple(
    Quote(code, "SCR", Decimal(rate), FRIDAY)
    for code, rate in (("USD", "14.4077"), ("EUR", "16.8958"), ("GBP", "20.1872"))
)
SHEETS: dict[str, Rows] = {
    "Notes": [["Consolidated average rates"]],
    "USD": [
        ["Date", "SCR/USD"],
        [date(2000, 1, 4), "5.3441"],
        [THURSDAY, "14.616577838181803"],
        [FRIDAY, "14.40774999"],
    ],
    "GBP": [["Date", "SCR/GBP"], [date(2020, 4, 9), "not available"], [THURSDAY, "20.19995"]],
}
BOOK = workbook(SHEETS)


@pytest.mark.parametrize("query", [latest("SCR"), on(FRIDAY, "SCR")])
def test_the_newest_day(query: object) -> None:
    """The printed means, of one short document."""
    assert ask("cbssc", query, NEWEST) == (TODAY, [LIVE])  # type: ignore[arg-type]


def test_a_range() -> None:
    """The workbook's means with four decimals; the newest day comes from its own document."""
    quotes, urls = ask("cbssc", between(THURSDAY, FRIDAY, "SCR"), NEWEST, BOOK)
    assert urls == [LIVE, cbssc.WORKBOOK]
    assert set(quotes) == {
        *TODAY,
        Quote("USD", "SCR", Decimal("14.6166"), THURSDAY),
        Quote("GBP", "SCR", Decimal("20.2000"), THURSDAY),
    }


def test_a_past_day() -> None:
    """It needs the workbook alone, of which 2000-01-04 is the first day."""
    quotes, urls = ask("cbssc", on(date(2000, 1, 6), "SCR"), BOOK)
    assert urls == [cbssc.WORKBOOK]
    assert quotes == (Quote("USD", "SCR", Decimal("5.3441"), date(2000, 1, 4)),)


def test_the_day_before_the_newest() -> None:
    """The newest day is no answer for it."""
    quotes, _ = ask("cbssc", on(THURSDAY, "SCR"), NEWEST, BOOK)
    assert {quote.day for quote in quotes} == {THURSDAY}


def test_a_day_with_words_has_no_rate() -> None:
    """The pound had no fixing on 2020-04-09."""
    with pytest.raises(NoRates):
        ask("cbssc", on(date(2020, 4, 9), "SCR"), BOOK)


@pytest.mark.parametrize(
    "wrong",
    [NEWEST.replace(b"mid", b"mean"), NEWEST.replace(b"30-Oct-2026", b"today"), b'{"car":[]}', b'{"car":[{},{}]}'],
)
def test_another_newest_day_is_refused(wrong: bytes) -> None:
    """No means, no day, no row or two."""
    with pytest.raises(ParseError):
        ask("cbssc", latest("SCR"), wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"Notes": SHEETS["Notes"]},
        {"USD": [["Date", "SCR/USD"], ["4 January 2000", "5.3441"]]},
        {"USD": [["Date", "USD/SCR"], [date(2000, 1, 4), "5.3441"]]},
    ],
)
def test_another_workbook_is_refused(wrong: dict[str, Rows]) -> None:
    """No sheet of a currency, or a rate without its day."""
    with pytest.raises(ParseError):
        ask("cbssc", on(date(2000, 1, 4), "SCR"), workbook(wrong))
    with pytest.raises(HtmlAnswer):
        ask("cbssc", on(date(2000, 1, 4), "SCR"), MAINTENANCE)


@recordings
def test_recorded() -> None:
    """The three means of 9 September 2026, by a pattern."""
    body = (SOURCES / "official" / "cbssc" / "MarketinfoController_car.json").read_bytes()
    found = figures(cbssc.parse(body))
    expected = {code.upper(): Decimal(rate) for code, rate in re.findall(r'"(\w{3})mid":"([\d.]+)"', body.decode())}
    assert found == {(code, "SCR", date(2026, 9, 9)): rate for code, rate in expected.items()}
    assert expected == {"USD": Decimal("14.4077"), "EUR": Decimal("16.8958"), "GBP": Decimal("20.1872")}
    assert_crosses_agree(found, "SCR", most="0.04")  # the mean of the pound lay 3 % up, near its selling rate
