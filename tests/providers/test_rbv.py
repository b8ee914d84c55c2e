"""The Reserve Bank of Vanuatu: the whole list, two ways to write a day, and a year that cannot be."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

import pytest

from rates.errors import BadCertificate, NoRates, ParseError
from rates.fetch.run_provider import run_provider
from rates.model import Quote
from rates.providers import load, rbv
from tests.providers.conversation import Publisher, ask, between, case, latest, on, specimen
from tests.providers.recordings import Figures, asked, body, codes, in_sample, recordings, replay

CASE = case("rbv", "VUV", "117.12", "list.html", html=True)

LIST = specimen("rbv/list.html")


def test_latest() -> None:
    """One request for the whole list, of which the window is taken; vatu for one unit, the yen too."""
    quotes, urls = ask("rbv", latest("VUV"), LIST)
    assert urls == ["https://www.rbv.gov.vu/index.php/en/exchange-rates?limit1=100000"]
    assert quotes[:6] == tuple(
        Quote(code, "VUV", Decimal(rate), date(2026, 10, 30))
        for code, rate in zip(
            ("USD", "JPY", "NZD", "GBP", "AUD", "EUR"),
            ("117.12", "0.7288", "68.10", "155.01", "82.77", "135.90"),
            strict=True,
        )
    )
    assert len(quotes) == 12


def test_a_wrong_year_is_corrected_by_its_place() -> None:
    """05 January 2025 between 6 January 2026 and 2 January 2026 is of 2026; days like 26-Aug-25 are read too."""
    quotes, _ = ask("rbv", between(date(2025, 8, 26), date(2026, 1, 6), "VUV"), LIST)
    assert [quote.day for quote in quotes if quote.base == "USD"] == [
        date(2026, 1, 6),
        date(2026, 1, 5),
        date(2026, 1, 2),
        date(2025, 12, 31),
        date(2025, 8, 26),
    ]


def test_another_disorder_is_left_alone() -> None:
    """A day whose year does not follow from its place stays as it is printed."""
    quotes = rbv.parse(LIST.replace(b"05 January 2025", b"05 March 2025"))
    assert date(2025, 3, 5) in {quote.day for quote in quotes}


def test_failures() -> None:
    """A day before the list's reach has no rates, a missing figure is refused, the broken chain is a named error."""
    with pytest.raises(NoRates):
        ask("rbv", on(date(2026, 5, 1), "VUV"), LIST)
    with pytest.raises(ParseError):
        ask("rbv", latest("VUV"), LIST.replace(b"<td>0.7279</td>", b"<td></td>"))
    with pytest.raises(BadCertificate):
        run_provider(load("rbv"), latest("VUV"), Publisher([BadCertificate("no chain")]))


@recordings
def test_recorded() -> None:
    """Every row, by the cells' classes; the one wrong year is 2026."""
    found = replay("rbv", asked("2025-08-26", "2026-05-22", "VUV"))
    expected: Figures = {}
    for part in re.split(r"<tr id=", body("rbv/1.html").decode())[1:]:
        cells = dict(re.findall(r'<td class="exchange_rates___(\w+) [^>]*>\s*([^<]*?)\s*</td>', part))
        written = cells.pop("Date", "") or cells.pop("date", "")
        day = datetime.strptime(written, "%d-%b-%y" if "-" in written else "%d %B %Y").date()
        day = date(2026, 1, 5) if day == date(2025, 1, 5) else day
        for name, rate in cells.items():
            expected[name.upper(), "VUV", day] = Decimal(rate)
    assert found == expected
    assert len(found) == 198
    assert codes(found) == in_sample("rbv")
