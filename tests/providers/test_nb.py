"""Norges Bank: units of 100, indices that are no currencies, 404 as its word for nothing."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal

import pytest

from rates.errors import EmptyAnswer, NoRates, NotFound, ParseError
from rates.model import Quote, Reply
from rates.providers import nb
from tests.providers.conversation import ask, between, case, latest, on, specimen
from tests.providers.recordings import asked, body, codes, in_sample, recordings, replay

CASE = case("nb", "NOK", "9.8412", "rates.csv", lines=True)

CSV = specimen("nb/rates.csv")
NONE = Reply(404, specimen("nb/none.txt"))
THURSDAY, FRIDAY = date(2026, 10, 29), date(2026, 10, 30)


def test_latest() -> None:
    """The window of a week; the yen is per 100, and neither index is a currency."""
    quotes, urls = ask("nb", latest("NOK"), CSV)
    assert urls == [f"{nb.URL}?format=csvdata&startPeriod=2026-10-23&endPeriod=2026-10-30"]
    assert quotes == (
        Quote("USD", "NOK", Decimal("9.8412"), THURSDAY),
        Quote("USD", "NOK", Decimal("9.8106"), FRIDAY),
        Quote("JPY", "NOK", Decimal("0.064135"), THURSDAY),
        Quote("JPY", "NOK", Decimal("0.063921"), FRIDAY),
        Quote("XDR", "NOK", Decimal("13.3101"), THURSDAY),
    )


def test_day_and_range() -> None:
    """A day bridges a week before it; a range of more than 365 days is asked for in pieces."""
    assert ask("nb", on(THURSDAY, "NOK"), CSV)[1][0].endswith("startPeriod=2026-10-22&endPeriod=2026-10-29")
    _, urls = ask("nb", between(date(2025, 10, 1), FRIDAY, "NOK"), NONE, CSV)
    assert [url.partition("&startPeriod=")[2] for url in urls] == [
        "2025-10-01&endPeriod=2026-09-30",
        "2026-10-01&endPeriod=2026-10-30",
    ]


def test_nothing_by_name() -> None:
    """404 in the standard's words is no rates; in others it is a moved address; a bare header is empty."""
    with pytest.raises(NoRates):
        ask("nb", latest("NOK"), NONE)
    with pytest.raises(NotFound):
        ask("nb", latest("NOK"), Reply(404, b"Resource not available"))
    with pytest.raises(EmptyAnswer):
        ask("nb", latest("NOK"), CSV.splitlines(keepends=True)[0])


@pytest.mark.parametrize(
    ("old", "new"), [(b"UNIT_MULT", b"ELSE"), (b"B,USD", b"M,USD"), (b",SP,4", b",1M,4"), (b"I44", b"I45")]
)
def test_another_kind_of_row_is_refused(old: bytes, new: bytes) -> None:
    """No column is guessed, no monthly average, forward rate or unknown index is taken for a spot rate."""
    with pytest.raises(ParseError):
        ask("nb", latest("NOK"), CSV.replace(old, new))


@recordings
def test_recorded() -> None:
    """Every row but the indices', divided by the power of ten that it names."""
    found = replay("nb", asked("2026-03-16", "2026-03-24", "NOK"))
    expected = {
        (row[1], row[2], date.fromisoformat(row[8])): Decimal(row[9]) / 10 ** int(row[6])
        for row in csv.reader(body("nb/1.csv").decode().splitlines()[1:])
        if row[1] not in ("I44", "TWI")
    }
    assert found == expected
    assert codes(found) == in_sample("nb") - {"I44", "TWI"}
