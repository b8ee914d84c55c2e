"""The Central Bank of Taiwan: a history by position, whose labels give the direction."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from rates.errors import NoRates, ParseError
from rates.model import Quote
from rates.providers import cbc
from tests.providers.conversation import ask, between, case, latest, on, specimen
from tests.providers.recordings import Figures, asked, body, codes, figures, in_sample, recordings, replay

CASE = case("cbc", "USD", "152.77", "rates.json")

FILE = specimen("cbc/rates.json")
LAST = date(2026, 9, 30)


def test_latest() -> None:
    """The last day of the file, which is weeks ago; the pound is in dollars, NTD is TWD."""
    quotes, urls = ask("cbc", latest("USD"), FILE)
    assert urls == ["https://cpx.cbc.gov.tw/API/DataAPI/Get?FileName=BP01D01"]
    assert quotes == (
        Quote("USD", "TWD", Decimal("31.455"), LAST),
        Quote("USD", "JPY", Decimal("152.77"), LAST),
        Quote("GBP", "USD", Decimal("1.3290"), LAST),
        Quote("USD", "PHP", Decimal("57.955"), LAST),
    )


def test_days_of_the_window() -> None:
    """Only those are read; a currency that has ended had its rates."""
    quotes, _ = ask("cbc", on(date(2002, 1, 1), "USD"), FILE)
    assert {quote.day for quote in quotes} == {date(2001, 12, 31)}
    assert Quote("USD", "DEM", Decimal("2.1970"), date(2001, 12, 31)) in quotes
    quotes, _ = ask("cbc", between(date(2026, 9, 1), date(2026, 9, 29), "USD"), FILE)
    assert {quote.day for quote in quotes} == {date(2026, 9, 29)}


def test_a_window_without_rows_is_no_rates() -> None:
    """The month that has not been handed out yet has none."""
    with pytest.raises(NoRates):
        ask("cbc", on(date(2026, 10, 30), "USD"), FILE)


@pytest.mark.parametrize(
    ("old", "new"),
    [("日圓JPY/USD", "日圓"), ('"31.455",', ""), ('"20260930"', '"2026-09-30"'), ('"Table1"', '"Table2"')],
)
def test_nothing_is_guessed(old: str, new: str) -> None:
    """A label without a pair, a cell too few, another kind of day and another table are refused."""
    with pytest.raises(ParseError):
        ask("cbc", latest("USD"), FILE.decode().replace(old, new).encode())


@recordings
def test_recorded() -> None:
    """Every cell that is no dash, by the known order of the columns; of a range its days."""
    columns = (
        "TWD", "JPY", "GBP", "HKD", "KRW", "CAD", "SGD", "CNY", "AUD",
        "IDR", "THB", "MYR", "PHP", "EUR", "DEM", "FRF", "NLG", "VND",
    )  # fmt: skip
    expected: Figures = {}
    for written, *cells in json.loads(body("cbc/1.json"))["data"]["dataSets"]:
        day = date(int(written[:4]), int(written[4:6]), int(written[6:]))
        for code, cell in zip(columns, cells, strict=True):
            if cell != "-":
                pair = (code, "USD") if code in ("GBP", "AUD", "EUR") else ("USD", code)
                expected[*pair, day] = Decimal(cell)
    assert figures(cbc.parse(body("cbc/1.json"))) == expected
    assert len(expected) == 1539
    assert codes(expected) == in_sample("cbc")
    found = replay("cbc", asked("1998-12-28", "1999-01-05", "USD"))
    assert found == {key: rate for key, rate in expected.items() if date(1998, 12, 28) <= key[2] <= date(1999, 1, 5)}
    assert found
