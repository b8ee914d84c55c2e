"""The Hong Kong Monetary Authority: pages, nulls, binary noise, indices, and data a month old."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest

from rates.conversion import effective
from rates.errors import ErrorAnswer, NoRates, ParseError
from rates.model import Quote
from rates.providers import hkma
from tests.providers.conversation import ask, between, case, latest, on, specimen
from tests.providers.recordings import Figures, asked, body, codes, in_sample, recordings, replay

CASE = case("hkma", "HKD", "7.8015", "page.json")

URL = hkma.URL + "?choose=end_of_day"
PAGE = specimen("hkma/page.json")
SEPTEMBER = date(2026, 9, 30)


def test_latest() -> None:
    """Over two months back; noise is rounded away, nulls and indices are no quotes."""
    query = latest("HKD")
    quotes, urls = ask("hkma", query, PAGE)
    window = "from=2026-08-11&to=2026-10-30"
    assert urls == [f"{URL}&{window}&pagesize=100&offset=0&sortby=end_of_day&sortorder=desc"]
    assert quotes[:6] == (
        Quote("USD", "HKD", Decimal("7.8015"), SEPTEMBER),
        Quote("JPY", "HKD", Decimal("0.05102"), SEPTEMBER),
        Quote("EUR", "HKD", Decimal("9.085"), SEPTEMBER),
        Quote("IDR", "HKD", Decimal("0.000457"), SEPTEMBER),
        Quote("XDR", "HKD", Decimal("10.6500125"), SEPTEMBER),
        Quote("USD", "HKD", Decimal("7.80245"), date(2026, 9, 29)),
    )
    assert str(quotes[5].rate) == "7.80245"
    assert len(effective(quotes, hkma.PROVIDER, query)) == 5


def test_a_day_long_past_has_the_euros_forerunners() -> None:
    """All in Hong Kong dollars for one unit, the lira too."""
    quotes, urls = ask("hkma", on(date(1998, 12, 31), "HKD"), specimen("hkma/1998.json"))
    assert "from=1998-12-24&to=1998-12-31" in urls[0]
    assert {(quote.base, str(quote.rate)) for quote in quotes} >= {("DEM", "4.6485"), ("ITL", "0.004695")}


def test_a_full_page_is_followed_by_another() -> None:
    """A hundred days are a page; the last page is one with fewer, or none."""
    first = json.loads(PAGE)
    days = [date(2026, 9, 30) - timedelta(days=back) for back in range(100)]
    first["result"]["records"] = [{"end_of_day": str(day), "usd": 7.8} for day in days]
    query = between(date(2026, 1, 1), date(2026, 9, 30), "HKD")
    quotes, urls = ask("hkma", query, json.dumps(first).encode(), specimen("hkma/none.json"))
    assert [url.partition("&offset=")[2][:3] for url in urls] == ["0&s", "100"]
    assert len(quotes) == 100
    with pytest.raises(ParseError, match="the page after 2026-06-23 begins with 2026-09-30"):
        ask("hkma", query, *[json.dumps(first).encode()] * 2)  # the same page for ever


def test_no_records_are_no_rates() -> None:
    """Its word for a window of which it has nothing, or nothing yet."""
    with pytest.raises(NoRates):
        ask("hkma", on(date(2026, 10, 30), "HKD"), specimen("hkma/none.json"))


def test_no_success_is_an_error_answer() -> None:
    """The header says that the question was refused, and why."""
    with pytest.raises(ErrorAnswer, match="Invalid date"):
        ask("hkma", latest("HKD"), specimen("hkma/error.json"))


@pytest.mark.parametrize(("old", "new"), [(b'"jpy"', b'"yen"'), (b"7.8015", b'"-"'), (b"2026-09-30", b"2026-09")])
def test_a_changed_record_is_refused(old: bytes, new: bytes) -> None:
    """A field that is no known currency, a text, a month for a day."""
    with pytest.raises(ParseError):
        ask("hkma", latest("HKD"), PAGE.replace(old, new))


@pytest.mark.parametrize(
    ("written", "meant"), [(b"7.8015000000000008", "7.8015"), (b"10.000000000000002", "10"), (b"7.80150", "7.80150")]
)
def test_binary_noise_is_rounded_away(written: bytes, meant: str) -> None:
    """Beyond 15 digits a number is what arithmetic made of it; a shorter one stays as printed."""
    assert str(ask("hkma", latest("HKD"), PAGE.replace(b"7.8015", written))[0][0].rate) == meant


@recordings
def test_recorded() -> None:
    """Every field of three letters and the SDR, to 15 digits; the sample's own list leaves the SDR out."""
    found = replay("hkma", asked("2026-02-25", "2026-02-28", "HKD"))
    expected: Figures = {}
    for record in json.loads(body("hkma/1.json"))["result"]["records"]:
        day = date.fromisoformat(record["end_of_day"])
        for field, value in record.items():
            code = "XDR" if field == "special_drawing_rights" else field.upper()
            if len(code) == 3 and value is not None:
                expected[code, "HKD", day] = Decimal(f"{value:.15g}")
    assert found == expected
    assert codes(found) == in_sample("hkma") | {"XDR"}
    assert str(found["USD", "HKD", date(2026, 2, 28)]) == "7.8245"
