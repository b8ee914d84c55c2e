"""Da Afghanistan Bank: labels for codes, the middle of transfers, tomans of ten rials, the averages below."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates.errors import NoRates, ParseError
from rates.model import Quote
from rates.providers import dab
from tests.providers.conversation import ask, between, case, latest, specimen
from tests.providers.recordings import Figures, asked, body, codes, in_sample, recordings, replay

CASE = case("dab", "AFN", "66.2000", "thursday.html", html=True)

URL = "https://www.dab.gov.af/exchange-rates?field_date_value="
THURSDAY, NOTHING = specimen("dab/thursday.html"), specimen("dab/nothing.html")


def test_latest_steps_back_over_a_rest() -> None:
    """On Friday there are no results, whatever averages stand below; Thursday's middles of transfers are the latest."""
    quotes, urls = ask("dab", latest("AFN"), NOTHING, THURSDAY)
    assert urls == [URL + "2026-10-30", URL + "2026-10-29"]
    assert quotes == tuple(
        Quote(code, "AFN", Decimal(rate), date(2026, 10, 29))
        for code, rate in (("USD", "66.15"), ("EUR", "76.6"), ("INR", "0.741"), ("IRR", "0.000055"))
    )
    with pytest.raises(NoRates):
        list(dab.parse(NOTHING))


def test_range() -> None:
    """A request a day."""
    quotes, urls = ask("dab", between(date(2026, 10, 29), date(2026, 10, 30), "AFN"), THURSDAY, NOTHING)
    assert urls == [URL + "2026-10-29", URL + "2026-10-30"]
    assert len(quotes) == 4


def test_an_unknown_label_is_refused() -> None:
    """A currency that the list of labels lacks is named, not left out."""
    with pytest.raises(ParseError, match="TURKISH"):
        ask("dab", latest("AFN"), THURSDAY.replace("EURO€".encode(), b"TURKISH LIRA"))


@recordings
def test_recorded() -> None:
    """Every row of the three days' first tables: the middle of columns 3 and 4, Iran's divided by ten."""
    found = replay("dab", asked("2026-05-18", "2026-05-20", "AFN"))
    expected: Figures = {}
    for number in (1, 2, 3):
        page = body(f"dab/{number}.html").decode()
        day = date.fromisoformat(re.findall(r'name="field_date_value" value="([\d-]+)"', page)[0])
        table = page.split("<table")[1]
        row = r'<td class="row_\d+ col_0">([^<]+)<.*?col_3">([\d.]+)<.*?col_4">([\d.]+)<'
        for label, sell, buy in re.findall(row, table, re.DOTALL):
            middle = (Decimal(sell) + Decimal(buy)) / 2
            code, units = dab.LABELS[label]
            expected[code, "AFN", day] = middle / units
    assert found == expected
    assert len(found) == 30
    assert codes(found) == in_sample("dab")
