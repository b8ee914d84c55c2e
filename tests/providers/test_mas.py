"""The Monetary Authority of Singapore: a form, then months in CSV with blanks for what does not change."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date, datetime
from decimal import Decimal
from urllib.parse import parse_qsl

import pytest

from rates import providers
from rates.errors import NoRates, ParseError
from rates.fetch.run_provider import run_provider
from rates.model import Quote, Reply, Request
from rates.providers import mas
from tests.providers.conversation import Publisher, ask, between, case, latest, on, specimen
from tests.providers.recordings import Figures, asked, body, codes, figures, in_sample, recordings

CASE = case("mas", "SGD", "F3Hhhh/8r6bEr9rLvJ49k7qu+Q==", "form.html", "rates.csv", html=True)

URL = "https://eservices.mas.gov.sg/statistics/msb/ExchangeRates.aspx"
FORM, RATES, NOTHING = specimen("mas/form.html"), specimen("mas/rates.csv"), specimen("mas/nothing.html")
FIELD = "ctl00$ContentPlaceHolder1$"


def test_latest() -> None:
    """Hidden fields and check boxes go back with the window's months; its days alone are taken, per one unit."""
    publisher = Publisher([Reply(200, FORM, {"set-cookie": "MAScookie=!V2i/+E=; Path=/; Version=1; Secure"}), RATES])
    quotes = run_provider(providers.load("mas"), latest("SGD"), publisher)
    assert publisher.urls() == [URL, URL]
    assert publisher.asked[1].headers == (("Cookie", "MAScookie=!V2i/+E="),)
    assert dict(publisher.asked[1].form) == {
        "__VIEWSTATE": "F3Hhhh/8r6bEr9rLvJ49k7qu+Q==",
        "__EVENTVALIDATION": "g56cj7ak==",
        f"{FIELD}EndOfPeriodPerUnitCheckBoxList$0": "on",
        f"{FIELD}EndOfPeriodPer100UnitsCheckBoxList$0": "on",
        f"{FIELD}StartYearDropDownList": "2026",
        f"{FIELD}EndYearDropDownList": "2026",
        f"{FIELD}StartMonthDropDownList": "10",
        f"{FIELD}EndMonthDropDownList": "10",
        f"{FIELD}FrequencyDropDownList": "D",
        f"{FIELD}DownloadButton": "Download",
    }
    assert quotes[4:] == tuple(
        Quote(code, "SGD", Decimal(rate), date(2026, 10, 30))
        for code, rate in (("EUR", "1.4755"), ("USD", "1.2699"), ("JPY", "0.007918"), ("VND", "0.00004819"))
    )
    assert {quote.day for quote in quotes[:4]} == {date(2026, 10, 29)}


def test_blanks_mean_the_month_above() -> None:
    """A year and a month are written where they begin."""
    quotes, _ = ask("mas", between(date(2026, 9, 1), date(2026, 10, 29), "SGD"), FORM, RATES)
    assert [str(quote.day) for quote in quotes if quote.base == "EUR"] == ["2026-09-29", "2026-09-30", "2026-10-29"]


def test_long_ranges_share_a_month_without_repeating_it() -> None:
    """Two pieces of 366 days meet within a month, which both answers hold; each quote is given once."""
    quotes, urls = ask("mas", between(date(2025, 10, 15), date(2026, 10, 30), "SGD"), FORM, RATES, RATES)
    assert len(urls) == 3
    assert len(quotes) == 16


def test_no_results() -> None:
    """The form with its own words for nothing; another page is not that."""
    with pytest.raises(NoRates):
        ask("mas", on(date(2026, 2, 1), "SGD"), FORM, NOTHING)
    with pytest.raises(ParseError):
        ask("mas", latest("SGD"), FORM, NOTHING.replace(b"CheckBoxList", b"").replace(b"No Results Found", b""))


def test_files_that_cannot_be() -> None:
    """Cut anywhere before its last note, with an unknown title, a missing cell or a wrong rate, a file is refused."""
    for cut in range(1, RATES.index(b"values as of noon"), 5):
        with pytest.raises(ParseError):
            ask("mas", latest("SGD"), FORM, RATES[:cut])
    wrong = (
        (b"1.2699,", b""),
        (b"1.2699", b""),
        (b"1.2699", b"n.a."),
        (b"Japanese Yen", b"Yen"),
        (b"Per 100", b"Per 10"),
    )
    for old, new in wrong:
        with pytest.raises(ParseError):
            ask("mas", latest("SGD"), FORM, RATES.replace(old, new, 1))


@recordings
def test_recorded() -> None:
    """Every cell of the month by the csv module; the form is the recorded one."""
    posted = parse_qsl(json.loads(body("mas/exchange.json"))[1]["request"]["body"])

    def send(request: Request) -> Reply:
        assert not request.form or sorted(request.form) == sorted(posted)
        return Reply(200, body("mas/2.csv" if request.form else "mas/1.html"))

    found = figures(run_provider(providers.load("mas"), asked("2026-03-01", "2026-03-31", "SGD"), send))
    expected: Figures = {}
    titles: list[str] = []
    for cells in csv.reader(io.StringIO(body("mas/2.csv").decode("utf-8-sig"))):
        if cells[:1] == ["End of Period"]:
            titles = cells[3:]
        elif titles and len(cells) > 3:
            day = datetime.strptime(f"{cells[2]} Mar 2026", "%d %b %Y").date()
            for title, cell in zip(titles, cells[3:], strict=True):
                name = re.sub(r"S\$ Per (100 Units|Unit) of ", "", title)
                expected[mas.NAMES[name], "SGD", day] = Decimal(cell) / (100 if "100" in title else 1)
    assert found == expected
    assert len(found) == 462
    assert codes(found) == in_sample("mas")
