"""The International Monetary Fund: a month in two blocks, both directions, members on days of their own."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

import pytest

from rates.conversion import effective
from rates.errors import NoRates, ParseError
from rates.model import Quote
from rates.providers import imf
from tests.providers.conversation import ask, between, case, latest, on, specimen
from tests.providers.recordings import Figures, asked, body, codes, in_sample, recordings, replay

CASE = case("imf", "USD", "1.1577", "rates.tsv", "sdrs.tsv")  # without its zeros, since a blank cell is none

RATES, SDRS, EMPTY = (specimen(f"imf/{name}.tsv") for name in ("rates", "sdrs", "empty"))


def _url(day: str, report: str) -> str:
    return f"{imf.URL}?SelectDate={day}&reportType={report}&tsvflag=Y"


def test_latest() -> None:
    """Both reports of the month; names with (1) are in dollars, thousands have commas, the SDR is for one dollar."""
    query = latest("USD")
    quotes, urls = ask("imf", query, RATES, SDRS)
    assert urls == [_url("2026-10-31", "REP"), _url("2026-10-31", "SDRCV")]
    newest = effective(quotes, imf.PROVIDER, query)
    assert set(newest) == {
        Quote("EUR", "USD", Decimal("1.155000"), date(2026, 10, 30)),
        Quote("USD", "KRW", Decimal("1425.900000"), date(2026, 10, 29)),
        Quote("USD", "XDR", Decimal("0.7368110000"), date(2026, 10, 30)),
    }
    assert {quote.day.day for quote in quotes} == {28, 29, 30}


def test_a_window_over_two_months_reads_both() -> None:
    """The first days of a month are bridged from the month before; the SDR is asked for only when it may be wanted."""
    query = on(date(2026, 10, 2), "USD", "EUR")
    quotes, urls = ask("imf", query, EMPTY.replace(b"October", b"September"), RATES)
    assert urls == [_url("2026-09-30", "REP"), _url("2026-10-31", "REP")]
    assert quotes == (Quote("EUR", "USD", Decimal("1.168000"), date(2026, 10, 1)),)


def test_a_range_over_the_turn_of_the_year() -> None:
    """Months are asked for by their last days, February's among them."""
    old = RATES.replace(b"2026", b"2023").replace(b"October", b"December")
    query = between(date(2023, 12, 1), date(2024, 2, 10), "USD", "EUR")
    _, urls = ask("imf", query, old, EMPTY, EMPTY)
    assert urls == [_url(day, "REP") for day in ("2023-12-31", "2024-01-31", "2024-02-29")]


def test_reports_without_days_are_no_rates() -> None:
    """A month that has no day yet has a head and notes, and no more."""
    with pytest.raises(NoRates):
        ask("imf", on(date(2026, 10, 25), "USD", "EUR"), EMPTY)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Korean won", b"Ruritanian crown"),
        (b"Notes:", b""),
        (b"Euro(1)\t1.168000\t1.155900", b"Euro(1)"),
        (b"1,421.300000", b"1,42.300000"),
        (b"\t1.155000", b""),
        (b"October 29, 2026", b"Oktember 29, 2026"),
    ],
)
def test_nothing_is_guessed(old: bytes, new: bytes) -> None:
    """An unknown name, a report without its end, a misplaced comma and a cell too few are refused."""
    assert old in RATES
    with pytest.raises(ParseError):
        ask("imf", latest("USD", "EUR"), RATES.replace(old, new))
    with pytest.raises(ParseError, match="no US dollar"):
        ask("imf", latest("USD"), RATES, SDRS.replace(b"U.S. dollar", b"U.S dollar"))


@recordings
def test_recorded() -> None:
    """Every figure of both blocks, by the two directions, and the dollar's row in SDRs."""
    found = replay("imf", asked("2026-03-01", "2026-03-31", "USD"))
    expected: Figures = {}
    for report in (1, 2):
        text = body(f"imf/{report}.tsv").decode()
        for block in re.findall(r"^(Currency\t.*?)\r\n\r\n", text, re.DOTALL | re.MULTILINE):
            head, *lines = block.split("\r\n")
            days = [datetime.strptime(cell, "%B %d, %Y").date() for cell in head.split("\t")[1:]]
            for line in lines:
                name, *cells = line.split("\t")
                if (report == 2) != (name == "U.S. dollar"):
                    continue
                code = "XDR" if report == 2 else imf.NAMES[name.replace("(1)", "").lower()]
                pair = (code, "USD") if "(1)" in name else ("USD", code)
                for day, cell in zip(days, cells, strict=True):
                    if cell != "NA":
                        expected[*pair, day] = Decimal(cell.replace(",", ""))
    assert found == expected
    assert len(found) == 734
    assert codes(found) == in_sample("imf")
