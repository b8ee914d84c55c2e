"""The Central Bank of Armenia: a list and a data set, units as stated, metals per gram."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates import providers
from rates.errors import NoRates, ParseError
from rates.fetch.run_provider import run_provider
from rates.model import Query, Quote, Reply, Request
from tests.providers.conversation import Publisher, ask, between, case, latest, on, specimen
from tests.providers.recordings import Figures, asked, body, codes, figures, in_sample, recordings

CASE = case("cba", "AMD", "382.15", "latest.xml")

LATEST, RANGE, NONE = (specimen(f"cba/{name}.xml") for name in ("latest", "range", "none"))
FRIDAY = date(2026, 10, 30)


def test_latest() -> None:
    """One list; 10 yen and 100 rials are divided, a gram of gold is multiplied."""
    publisher = Publisher([LATEST])
    quotes = run_provider(providers.load("cba"), latest("AMD"), publisher)
    (request,) = publisher.asked
    assert request.url == "https://api.cba.am/exchangerates.asmx"
    assert ("SOAPAction", '"http://www.cba.am/ExchangeRatesLatest"') in request.headers
    assert quotes == (
        Quote("USD", "AMD", Decimal("382.15"), FRIDAY),
        Quote("JPY", "AMD", Decimal("2.4911"), FRIDAY),
        Quote("IRR", "AMD", Decimal("0.000291"), FRIDAY),
        Quote("XAU", "AMD", Decimal("61005") * Decimal("31.1034768"), FRIDAY),
    )


def test_a_day_is_asked_with_the_codes_of_the_list() -> None:
    """The data set is asked for by codes, which the list gives; its days are midnights in Yerevan."""
    publisher = Publisher([LATEST, RANGE])
    quotes = run_provider(providers.load("cba"), on(date(2026, 10, 29), "AMD"), publisher)
    request = publisher.asked[1]
    assert ("SOAPAction", '"http://www.cba.am/ExchangeRatesByDateRangeByISO"') in request.headers
    codes_and_days = "<ISOCodes>USD,JPY,IRR,XAU</ISOCodes><DateFrom>2026-10-15</DateFrom><DateTo>2026-10-29</DateTo>"
    assert codes_and_days.encode() in request.content
    assert quotes == (
        Quote("USD", "AMD", Decimal("383.02"), date(2026, 10, 28)),
        Quote("XAG", "AMD", Decimal("988.4") * Decimal("31.1034768"), date(2026, 10, 28)),
        Quote("JPY", "AMD", Decimal("2.488"), date(2026, 10, 29)),
    )


def test_a_long_range_is_asked_by_the_year() -> None:
    """A year and a day are two questions after the list."""
    publisher = Publisher([LATEST, RANGE.replace(b"2026", b"2024"), NONE])
    run_provider(providers.load("cba"), between(date(2024, 1, 1), date(2024, 12, 31), "AMD"), publisher)
    days = [re.findall(rb"\d{4}-\d\d-\d\d", request.content) for request in publisher.asked]
    assert days == [[], [b"2024-01-01", b"2024-12-30"], [b"2024-12-31", b"2024-12-31"]]


def test_an_empty_data_set_is_no_rates() -> None:
    """A data set without rows is the bank's word for days of rest."""
    with pytest.raises(NoRates):
        ask("cba", on(date(2026, 10, 25), "AMD"), LATEST, NONE)


def test_rows_count_whatever_their_namespace() -> None:
    """Rows that come with the namespace around them are read, and rows of another name are no days of rest."""
    asked_for = on(date(2026, 10, 29), "AMD")
    plain, _ = ask("cba", asked_for, LATEST, RANGE)
    assert ask("cba", asked_for, LATEST, RANGE.replace(b'<DocumentElement xmlns="">', b"<DocumentElement>"))[0] == plain
    with pytest.raises(ParseError, match="got <ExchangeRates>"):
        ask("cba", asked_for, LATEST, RANGE.replace(b"ExchangeRatesByRange", b"ExchangeRates"))


@pytest.mark.parametrize(
    ("old", "new"), [(b"<Amount>10</Amount>", b""), (b"<ISO>JPY</ISO>", b""), (b"T00:00:00", b"T13:00:00")]
)
def test_nothing_is_guessed(old: bytes, new: bytes) -> None:
    """A row without its unit or code, and a list of another hour than midnight, are refused."""
    with pytest.raises(ParseError):
        ask("cba", latest("AMD"), LATEST.replace(old, new))


def _send(request: Request) -> Reply:
    """The recorded answers have one address, and differ by the operation."""
    return Reply(200, body("cba/2.xml" if b"ByDateRangeByISO" in request.content else "cba/1.xml"))


def _per(code: str, rate: str, amount: str) -> Decimal:
    return Decimal(rate) / int(amount) * (Decimal("31.1034768") if code in ("XAU", "XAG") else 1)


@recordings
def test_recorded_range() -> None:
    """Every row of the data set, divided by its amount, the metals times the grams of an ounce."""
    found = figures(run_provider(providers.load("cba"), asked("2026-03-01", "2026-03-19", "AMD"), _send))
    row = r"<Rate>([\d.]+)</Rate><Amount>(\d+)</Amount><ISO>([A-Z]{3})</ISO><Diff>[-\d.]+</Diff><RateDate>([\d-]{10})T"
    expected: Figures = {
        (code, "AMD", date.fromisoformat(day)): _per(code, rate, amount)
        for rate, amount, code, day in re.findall(row, body("cba/2.xml").decode())
    }
    assert found == expected
    assert len(found) == 390
    assert codes(found) == in_sample("cba")


@recordings
def test_recorded_latest() -> None:
    """Every row of the list."""
    found = figures(run_provider(providers.load("cba"), Query("AMD", today=date(2026, 3, 19)), _send))
    row = r"<ISO>([A-Z]{3})</ISO><Amount>(\d+)</Amount><Rate>([\d.]+)</Rate>"
    rows = re.findall(row, body("cba/1.xml").decode())
    assert found == {(code, "AMD", date(2026, 3, 18)): _per(code, rate, amount) for code, amount, rate in rows}
    assert len(found) == 30
