"""The Central Bank of Malaysia: a list, months by currency, the digits of a double."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates import providers
from rates.errors import ErrorAnswer, NoRates, ParseError, Unsupported
from rates.fetch.run_provider import run_provider
from rates.model import Query, Quote
from rates.providers import bnm
from tests.providers.conversation import Publisher, ask, between, case, latest, on, specimen
from tests.providers.recordings import Figures, asked, body, codes, in_sample, recordings, replay

CASE = case("bnm", "MYR", "4.1848999999999998", "list.json")

LIST, USD, JPY, NONE = (specimen(f"bnm/{name}.json") for name in ("list", "usd", "jpy", "none"))
FRIDAY = date(2026, 10, 30)
SESSION = "?session=0900"


def test_latest() -> None:
    """One list; the noise of the double is gone, the yen is per 100, the SDR is XDR."""
    publisher = Publisher([LIST])
    quotes = run_provider(providers.load("bnm"), latest("MYR"), publisher)
    assert publisher.urls() == [bnm.URL + SESSION]
    assert publisher.asked[0].headers == (("Accept", "application/vnd.BNM.API.v1+json"),)
    assert quotes == (
        Quote("USD", "MYR", Decimal("4.1849"), FRIDAY),
        Quote("XDR", "MYR", Decimal("5.6602"), FRIDAY),
        Quote("JPY", "MYR", Decimal("0.02703"), FRIDAY),
    )
    assert [str(quote.rate) for quote in quotes] == ["4.1849", "5.6602", "0.02703"]


def test_a_day_is_read_from_its_month() -> None:
    """One month for each currency; a currency that has nothing in it is looked up in the month before."""
    quotes, urls = ask("bnm", on(date(2026, 10, 6), "MYR", "JPY"), LIST, NONE, JPY)
    assert urls == [
        bnm.URL + SESSION,
        f"{bnm.URL}/JPY/year/2026/month/10{SESSION}",
        f"{bnm.URL}/JPY/year/2026/month/9{SESSION}",
    ]
    assert quotes == (Quote("JPY", "MYR", Decimal("0.02703"), date(2026, 9, 30)),)
    quotes, urls = ask("bnm", on(date(2026, 10, 28), "MYR", "USD"), LIST, USD)
    assert quotes == (Quote("USD", "MYR", Decimal("4.1925"), date(2026, 10, 28)),)


def test_a_range_is_read_by_currency_and_month() -> None:
    """All months of the range, each cut to it; the SDR is asked for by the bank's own name."""
    query = between(date(2026, 9, 30), date(2026, 10, 28), "MYR")
    _, urls = ask("bnm", query, LIST, USD, NONE, NONE, NONE, NONE, JPY)
    assert [url.removeprefix(bnm.URL).removesuffix(SESSION) for url in urls[1:]] == [
        f"/{code}/year/2026/month/{month}" for code in ("USD", "SDR", "JPY") for month in (10, 9)
    ]


def test_only_what_is_published_is_asked() -> None:
    """A currency that is not in the list is named before its months are asked for."""
    with pytest.raises(Unsupported):
        ask("bnm", on(date(2026, 10, 6), "MYR", "CRC"), LIST)


def test_no_month_is_no_rates() -> None:
    """An empty list where a month was due is the bank's word for none."""
    with pytest.raises(NoRates):
        ask("bnm", on(date(2026, 10, 25), "USD", "MYR"), LIST, NONE)


def test_a_message_is_an_error_answer() -> None:
    """An answer without data repeats the bank's words."""
    with pytest.raises(ErrorAnswer, match="No records"):
        ask("bnm", latest("MYR"), b'{"message": "No records found", "code": 404}')


@pytest.mark.parametrize(
    ("old", "new"),
    [(b'"unit":100', b'"unit":0'), (b'"unit":100,', b""), (b'"middle_rate":2.703', b'"middle_rate":null')],
)
def test_nothing_is_guessed(old: bytes, new: bytes) -> None:
    """A row without its unit or its middle rate is refused."""
    assert old in LIST
    with pytest.raises(ParseError):
        ask("bnm", latest("MYR"), LIST.replace(old, new))


@recordings
def test_recorded() -> None:
    """Every row of every month, to the four decimals that the bank rounds to, divided by its unit."""
    found = replay("bnm", asked("2026-03-01", "2026-03-20", "MYR"))
    expected: Figures = {}
    for name in range(2, 29):
        text = body(f"bnm/{name}.json").decode()
        ((code, unit),) = re.findall(r'"currency_code":"([A-Z]{3})","unit":(\d+)', text)
        for day, rate in re.findall(r'"date":"([\d-]+)".*?"middle_rate":([\d.]+)', text):
            figure = Decimal(rate).quantize(Decimal("0.0001")) / int(unit)
            expected[code.replace("SDR", "XDR"), "MYR", date.fromisoformat(day)] = figure
    assert found == expected
    assert len(found) == 378
    assert codes(found) - {"XDR"} == in_sample("bnm") - {"SDR"}


@recordings
def test_recorded_latest() -> None:
    """Every row of the list."""
    found = replay("bnm", Query("MYR", today=date(2026, 3, 20)))
    row = r'"currency_code":"([A-Z]{3})","unit":(\d+),.*?"middle_rate":([\d.]+)'
    assert found == {
        (code.replace("SDR", "XDR"), "MYR", date(2026, 3, 19)): Decimal(rate).quantize(Decimal("0.0001")) / int(unit)
        for code, unit, rate in re.findall(row, body("bnm/1.json").decode())
    }
    assert len(found) == 27
