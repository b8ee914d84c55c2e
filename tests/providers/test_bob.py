"""The Bank of Botswana: one file, two shifted days, a day that is listed twice."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

import pytest

from rates.conversion import effective
from rates.errors import BadRate, NoRates, ParseError
from rates.model import Quote
from rates.providers import bob
from tests.providers.conversation import ask, between, case, latest, on, specimen
from tests.providers.recordings import Figures, asked, body, codes, figures, in_sample, recordings, replay

CASE = case("bob", "BWP", "0.0641", "rates.csv", lines=True)

FILE = specimen("bob/rates.csv")


def test_latest() -> None:
    """The last days of the file, units for one pula; CHN is CNY, YEN is JPY, the SDR is XDR."""
    query = latest("BWP")
    quotes, urls = ask("bob", query, FILE)
    assert urls == ["https://www.bankofbotswana.bw/export/exchange-rates.csv?page=&_format=csv"]
    assert {quote.day.day for quote in quotes} == {28, 29, 30}
    figures_of = {quote.symbol: str(quote.rate) for quote in effective(quotes, bob.PROVIDER, query)}
    assert figures_of == {
        "CNY": "0.5071", "EUR": "0.0641", "GBP": "0.0561", "USD": "0.0741", "XDR": "0.0544", "JPY": "11.4100",
        "ZAR": "1.2805",
    }  # fmt: skip
    assert {quote.base for quote in quotes} == {"BWP"}


def test_of_a_day_listed_twice_the_first_row_counts() -> None:
    """The second 29 October of the file has other rates, of some other day."""
    quotes, _ = ask("bob", on(date(2026, 10, 29), "BWP"), FILE)
    assert [str(q.rate) for q in quotes if q.symbol == "USD" and q.day.day == 29] == ["0.0745"]


def test_false_figures_and_zeros_are_left_out() -> None:
    """The rand of 15 August 2003 is not read, and the yuan stands at zero before its first rate."""
    quotes, _ = ask("bob", between(date(2003, 8, 1), date(2003, 8, 31), "BWP"), FILE)
    assert {quote.day for quote in quotes} == {date(2003, 8, 14), date(2003, 8, 15)}
    read = {day: {quote.symbol for quote in quotes if quote.day.day == day} for day in (14, 15)}
    assert read == {14: {"EUR", "GBP", "USD", "XDR", "JPY", "ZAR"}, 15: {"EUR", "GBP", "USD", "XDR", "JPY"}}
    assert Quote("BWP", "ZAR", Decimal("1.5140"), date(2003, 8, 14)) in quotes


def test_a_zero_elsewhere_is_a_bad_rate() -> None:
    """Only the yuan before its first rate may be zero."""
    for figure in (b"0.0741", b"0.5071"):
        with pytest.raises(BadRate):
            ask("bob", latest("BWP"), FILE.replace(figure, b"0.0000", 1))


def test_a_window_without_rows_is_no_rates() -> None:
    """What is not in the whole history has no rates."""
    with pytest.raises(NoRates):
        ask("bob", on(date(2026, 9, 1), "BWP"), FILE)


@pytest.mark.parametrize(("old", "new"), [(b"CHN,EUR", b"EUR"), (b"YEN", b"JPY"), (b"30 Oct", b"30 Okt")])
def test_another_head_is_refused(old: bytes, new: bytes) -> None:
    """Columns that are not the known ones, and days that are none."""
    with pytest.raises(ParseError):
        ask("bob", latest("BWP"), FILE.replace(old, new))


def _second_reading() -> Figures:
    expected: Figures = {}
    row = r'"(\d\d \w{3} \d{4})",' + ",".join([r"([\d.]+)"] * 7)
    for written, *rates in re.findall(row, body("bob/1.csv").decode()):
        day = datetime.strptime(written, "%d %b %Y").date()
        for code, rate in zip(("CNY", "EUR", "GBP", "USD", "XDR", "JPY", "ZAR"), rates, strict=True):
            false = str(day) == "2001-01-03" or (str(day), code) == ("2003-08-15", "ZAR")
            if rate != "0.0000" and not false:
                expected.setdefault(("BWP", code, day), Decimal(rate))
    return expected


@recordings
def test_recorded() -> None:
    """Every figure but the false and the doubled ones; those of 2003-08-15 but the rand are near the day before's."""
    expected = _second_reading()
    found = figures(bob.parse(body("bob/1.csv")))
    assert found == expected
    assert codes(found) == in_sample("bob")
    assert found["BWP", "USD", date(2019, 8, 13)] == Decimal("0.0904")
    for code in ("EUR", "GBP", "USD", "XDR", "JPY"):
        share = found["BWP", code, date(2003, 8, 15)] / found["BWP", code, date(2003, 8, 14)]
        assert abs(share - 1) < Decimal("0.02")
    recent = replay("bob", asked("2026-03-01", "2026-03-19", "BWP"))
    assert recent == {key: rate for key, rate in expected.items() if key[2] >= date(2026, 3, 1)}
    assert recent
