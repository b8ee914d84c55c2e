"""The Monetary Authority of Macao: patacas per 1 or 100 units, the ECU, what is no currency, pieces of 90 days."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates.errors import ErrorAnswer, NoRates, ParseError
from rates.model import Query, Quote
from tests.providers.conversation import ask, between, case, latest, on, specimen
from tests.providers.recordings import asked, body, codes, in_sample, recordings, replay

CASE = case("amcm", "MOP", "8.05920000", "rates.json")

URL = "https://www.amcm.gov.mo/api/v1.0/cms/financial_info?QueryType=1"
RATES = specimen("amcm/rates.json")
THURSDAY, FRIDAY = date(2026, 10, 29), date(2026, 10, 30)


def test_units() -> None:
    """Yen and won are per 100, which only moves the point; the liquidity figure is no currency."""
    quotes, _ = ask("amcm", latest("MOP"), RATES)
    assert quotes == (
        Quote("AUD", "MOP", Decimal("5.27140000"), FRIDAY),
        Quote("JPY", "MOP", Decimal("0.0524060000"), FRIDAY),
        Quote("KRW", "MOP", Decimal("0.0056310000"), FRIDAY),
        Quote("USD", "MOP", Decimal("8.05920000"), FRIDAY),
        Quote("AUD", "MOP", Decimal("5.28550000"), THURSDAY),
        Quote("USD", "MOP", Decimal("8.06060000"), THURSDAY),
    )


@pytest.mark.parametrize(
    ("query", "windows"),
    [
        (latest("MOP"), ["Begin=20261020&End=20261030"]),
        (on(THURSDAY, "MOP"), ["Begin=20261019&End=20261029"]),
        (
            between(date(2026, 6, 1), FRIDAY, "MOP"),
            ["Begin=20260601&End=20260829", "Begin=20260830&End=20261030"],
        ),
    ],
)
def test_what_is_asked(query: Query, windows: list[str]) -> None:
    """Closed days before are bridged; a long range is asked in pieces, since the server cuts what is longer."""
    _, urls = ask("amcm", query, *[RATES] * len(windows))
    assert urls == [f"{URL}&{window}" for window in windows]


def test_the_ecu_has_its_own_code() -> None:
    """ECU in the old rows is the currency unit before the euro, XEU."""
    old = RATES.replace(b'"AUD"', b'"ECU"').replace(b"2026-", b"1996-")
    quotes, _ = ask("amcm", on(date(1996, 10, 30), "MOP"), old)
    assert quotes[0] == Quote("XEU", "MOP", Decimal("5.27140000"), date(1996, 10, 30))


def test_no_rows_is_no_rates() -> None:
    """An empty list with "OK" is the authority's word that it rested."""
    with pytest.raises(NoRates):
        ask("amcm", on(date(2026, 10, 25), "MOP"), specimen("amcm/none.json"))


def test_another_message_is_an_error_answer() -> None:
    """What it says instead of OK is repeated."""
    with pytest.raises(ErrorAnswer, match="not a valid date"):
        ask("amcm", latest("MOP"), specimen("amcm/error.json"))


@pytest.mark.parametrize("wrong", [b'"unit":0.0,"usdMean":"5', b'"unit":null,"usdMean":"5'])
def test_a_currency_of_no_units_is_a_parse_error(wrong: bytes) -> None:
    """Only the liquidity figure may be of 0 units."""
    with pytest.raises(ParseError):
        ask("amcm", latest("MOP"), RATES.replace(b'"unit":1.0,"usdMean":"5', wrong))


@recordings
def test_recorded() -> None:
    """Every row but the liquidity figure, divided by its unit."""
    found = replay("amcm", asked("2026-05-18", "2026-05-22", "MOP"))
    row = r'"date":"([\d-]+) .*?"currency":"([A-Z]{3})","unit":([\d.]+),"usdMean":"([\d.]+)"'
    expected = {
        (code, "MOP", date.fromisoformat(day)): Decimal(rate) / Decimal(unit)
        for day, code, unit, rate in re.findall(row, body("amcm/1.json").decode())
        if code != "LIQ"
    }
    assert found == expected
    assert codes(found) == in_sample("amcm")
