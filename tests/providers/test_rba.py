"""The Reserve Bank of Australia: one file, its own direction, a column that is no currency, cells without a rate."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from rates.errors import EmptyAnswer, NoRates, ParseError
from rates.model import Quote
from rates.providers import rba
from tests.providers.conversation import ask, between, case, latest, on, specimen
from tests.providers.recordings import Figures, asked, body, codes, in_sample, recordings, replay

CASE = case("rba", "AUD", "108.30", "table.csv", lines=True)

TABLE = specimen("rba/table.csv")
THURSDAY, FRIDAY = date(2026, 10, 29), date(2026, 10, 30)


def test_latest() -> None:
    """The days of the window; one Australian dollar costs so many units, the SDR under its ISO code, no index."""
    quotes, urls = ask("rba", latest("AUD"), TABLE)
    assert urls == [rba.URL]
    assert quotes == (
        Quote("AUD", "USD", Decimal("0.7001"), THURSDAY),
        Quote("AUD", "JPY", Decimal("108.14"), THURSDAY),
        Quote("AUD", "XDR", Decimal("0.4890"), THURSDAY),
        Quote("AUD", "USD", Decimal("0.7014"), FRIDAY),
        Quote("AUD", "JPY", Decimal("108.30"), FRIDAY),
        Quote("AUD", "XDR", Decimal("0.4893"), FRIDAY),
    )


def test_day_and_range() -> None:
    """A day bridges a week before it, a range has all that is within it."""
    assert {quote.day for quote in ask("rba", on(date(2023, 1, 8), "AUD"), TABLE)[0]} == {
        date(2023, 1, 3),
        date(2023, 1, 4),
    }
    assert len(ask("rba", between(date(2023, 1, 1), FRIDAY, "AUD"), TABLE)[0]) == 12


def test_nothing_by_name() -> None:
    """The file goes on after a day without rates; a file that has stopped does not say that there are none."""
    with pytest.raises(NoRates):
        ask("rba", on(date(2024, 1, 8), "AUD"), TABLE)
    with pytest.raises(EmptyAnswer, match="since 2026-10-23"):
        ask("rba", latest("AUD"), TABLE.partition(b"29-Oct-2026")[0])


def test_empty_lines_at_the_end_are_none() -> None:
    """The file ends with hundreds of them."""
    assert ask("rba", latest("AUD"), TABLE + b"\n" * 300)[0] == ask("rba", latest("AUD"), TABLE)[0]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"A$1=JPY", b"A$100=JPY"),
        (b"Units,USD", b"Units,EUR"),
        (b"Units", b"Unit"),
        (b"Series ID", b"Series"),
        (b"03-Jan-2023,0.6828,", b"03-Jan-2023,"),
        (b"30-Oct-2026,0.7014", b"30-Okt-2026,0.7014"),
        (b",0.4893", b","),
        (b",108.14,", b",,"),
    ],
)
def test_damaged_columns_are_refused(old: bytes, new: bytes) -> None:
    """Titles and units must agree, every row has all cells, and none is empty for one day alone."""
    with pytest.raises(ParseError):
        ask("rba", latest("AUD"), TABLE.replace(old, new))


@recordings
def test_recorded() -> None:
    """Every cell of the whole file that has a figure, but the index's."""
    found = replay("rba", asked("2023-01-03", "2026-03-20", "AUD"))
    rows = [line.split(",") for line in body("rba/1.csv").decode("utf-8-sig").splitlines()]
    units = ["XDR" if unit == "SDR" else unit for unit in rows[5]]
    expected: Figures = {}
    for row in rows[11:]:
        for unit, cell in list(zip(units, row, strict=True))[1:] if len(row) > 1 else ():
            if unit != "Index" and cell:
                expected["AUD", unit, datetime.strptime(row[0], "%d-%b-%Y").date()] = Decimal(cell)
    assert found == expected
    assert {"SDR" if code == "XDR" else code for code in codes(found)} == in_sample("rba")
