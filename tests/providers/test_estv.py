"""Swiss tax administration: means for a calendar month, published on the 25th before."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from rates.errors import NoRates
from rates.model import Quote
from rates.providers import estv
from tests.providers.conversation import ask, case, latest, on, specimen
from tests.providers.recordings import SOURCES, recordings

CASE = case("estv", "CHF", "0.9391", "month.xml")

MONTH = specimen("estv/month.xml")
NONE = b'<monatsmittelkurs xmlns="https://www.backend-rates.bazg.admin.ch/avgratesmonth"/>'


def test_a_month() -> None:
    """Francs for one unit, valid on every day of the month in the list."""
    quotes, urls = ask("estv", latest("CHF"), MONTH)
    assert urls == ["https://www.backend-rates.bazg.admin.ch/api/xmlavgmonth?j=2026&m=10&locale=de"]
    assert quotes == tuple(
        Quote(code, "CHF", Decimal(rate), date(2026, 10, 1), date(2026, 10, 31))
        for code, rate in (("EUR", "0.9391"), ("USD", "0.8187"), ("DKK", "0.125803"))
    )


@pytest.mark.parametrize("body", [NONE, MONTH])
def test_another_month_is_not_used(body: bytes) -> None:
    """An empty list, and one of another month, are no rates; the error names the day on which they are due."""
    with pytest.raises(NoRates, match="valid from 2026-12-01") as caught:
        ask("estv", on(date(2026, 12, 24), "CHF"), body)
    assert caught.value.hint == "they are due on 2026-11-25"


@pytest.mark.parametrize(
    ("month", "expected"),
    [
        (date(2026, 11, 1), date(2026, 10, 26)),
        (date(2026, 8, 1), date(2026, 7, 27)),
        (date(2026, 1, 1), date(2025, 12, 25)),
    ],
)
def test_the_25th_or_the_next_working_day(month: date, expected: date) -> None:
    """The means are due on the 25th of the month before, after a week-end on Monday."""
    assert estv.due(month) == expected


def test_it_is_documented_not_proven() -> None:
    """A few lines alone were seen, which the facts say."""
    assert not estv.PROVIDER.proven


@recordings
def test_quoted() -> None:
    """The lines that were seen have their rates in their month."""
    body = (SOURCES / "official/bazg/xmlavgmonth_2026-08_fragment.xml").read_bytes()
    assert [(quote.base, str(quote.rate), str(quote.day), str(quote.valid_to)) for quote in estv.parse(body)] == [
        ("EUR", "0.9328", "2026-08-01", "2026-08-31"),
        ("DKK", "0.124792", "2026-08-01", "2026-08-31"),
    ]
