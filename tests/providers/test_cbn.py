"""The Central Bank of Nigeria: the whole archive, currencies by name, rows without rates."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from rates.errors import NoRates, ParseError
from rates.model import Quote
from tests.providers.conversation import ask, between, case, latest, on, specimen
from tests.providers.recordings import Figures, asked, body, codes, in_sample, recordings, replay

CASE = case("cbn", "NGN", "1401.6000", "archive.json")

ARCHIVE = specimen("cbn/archive.json")
FRIDAY = date(2026, 10, 30)


def test_latest() -> None:
    """Central rates of the window; names without stray blanks, no WAUA, no row that has no rate at all."""
    quotes, urls = ask("cbn", latest("NGN"), ARCHIVE)
    assert urls == ["https://www.cbn.gov.ng/api/GetAllExchangeRates"]
    assert quotes == (
        Quote("USD", "NGN", Decimal("1401.6000"), FRIDAY),
        Quote("XOF", "NGN", Decimal("2.4900"), FRIDAY),
        Quote("GBP", "NGN", Decimal("1850.7000"), FRIDAY),
        Quote("XDR", "NGN", Decimal("1901.7000"), FRIDAY),
        Quote("USD", "NGN", Decimal("1401.0000"), date(2026, 10, 29)),
    )


def test_a_range_of_the_first_days_has_the_older_names() -> None:
    """Two spellings of one currency are one currency."""
    quotes, _ = ask("cbn", between(date(2001, 12, 1), date(2001, 12, 31), "NGN"), ARCHIVE)
    assert {(quote.base, str(quote.rate)) for quote in quotes} == {("GBP", "160.5000"), ("JPY", "0.8850")}


def test_a_window_without_rows_is_no_rates() -> None:
    """The archive is whole and has nothing near that day."""
    with pytest.raises(NoRates):
        ask("cbn", on(date(2010, 1, 1), "NGN"), ARCHIVE)


def test_an_unknown_name_is_refused() -> None:
    """A currency that is not known by its name is named, not skipped."""
    with pytest.raises(ParseError, match="TURKISH LIRA"):
        ask("cbn", latest("NGN"), ARCHIVE.replace(b"RIYAL", b"TURKISH LIRA"))


@pytest.mark.parametrize("wrong", [b"null", b'""', b'"-"'])
def test_a_central_rate_missing_between_its_sides_is_refused(wrong: bytes) -> None:
    """Bought and sold and yet without a central rate: a row to be looked at."""
    with pytest.raises(ParseError):
        ask("cbn", latest("NGN"), ARCHIVE.replace(b'"1401.6000"', wrong))


@recordings
def test_recorded() -> None:
    """Every central rate but that of WAUA."""
    found = replay("cbn", asked("2026-05-01", "2026-05-22", "NGN"))
    names = {
        "CFA": "XOF", "YUAN/RENMINBI": "CNY", "DANISH KRONA": "DKK", "EURO": "EUR", "YEN": "JPY", "RIYAL": "SAR",
        "SOUTH AFRICAN RAND": "ZAR", "SDR": "XDR", "SWISS FRANC": "CHF", "POUNDS STERLING": "GBP", "US DOLLAR": "USD",
        "UAE DIRHAM": "AED",
    }  # fmt: skip
    expected: Figures = {}
    for row in json.loads(body("cbn/1.json")):
        if row["currency"] != "WAUA":
            day = date.fromisoformat(row["ratedate"])
            expected[names[row["currency"]], "NGN", day] = Decimal(row["centralrate"])
    assert found == expected
    assert codes(found) == in_sample("cbn")
