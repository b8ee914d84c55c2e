"""The Central Bank of Egypt: a form with a token and cookies, a workbook in answer, a firewall before both."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest

from rates import providers
from rates.errors import Blocked, HtmlAnswer, NoRates, ParseError
from rates.fetch.run_provider import run_provider
from rates.model import Quote, Reply, Request
from rates.providers import cbe
from tests.providers.conversation import PAGE as MAINTENANCE
from tests.providers.conversation import Case, Publisher, ask, between, latest, on
from tests.providers.crosses import assert_crosses_agree
from tests.providers.recordings import asked, body, codes, figures, in_sample, recordings
from tests.providers.workbook_cells import cells
from tests.readers.workbooks import Rows, workbook

PAGE = b"""<!DOCTYPE html><html><body><form action="/search"><input name="LanguageName" value="ar"/></form>
<form class="form" action="/api/statistics/GetHistoricalData" method="post" id="historicalDataForm">
<input name="__RequestVerificationToken" type="hidden" value="t0ken" /><input name="uid" type="hidden" value="5" />
<input name="DataSourceId" type="hidden" value="19CF" /><input name="FallbackUrl" type="hidden" value="/en/data" />
<input name="LanguageName" type="hidden" value="en" /><input type="text" name="FromDateRaw" readonly />
<select name="SelectedSelectOptions" multiple="multiple"><option value="US Dollar">US Dollar</option>
<option value="Japanese Yen 100">Japanese Yen 100</option></select></form></body></html>"""
COOKIES = (
    "S=1; path=/; secure, S=1; path=/, A=b|False; expires=Mon, 19-May-2036 13:22:53 GMT; path=/, cbe#lang=en; path=/"
)
THURSDAY = date(2026, 10, 29)


def book(*rows: list[str | date]) -> bytes:
    """The workbook with these rows."""
    sheet: Rows = [[""], ["Date", "Currency", "Buy", "Sell"], *rows]
    return workbook({"Official Exchange Rates": sheet})


BOOK = book(
    [THURSDAY, "US Dollar", "53.0734", "53.2067"],
    [date(2026, 10, 28), "US Dollar", "53.1", "53.3"],
    [THURSDAY, "Japanese Yen 100", "33.1", "33.2"],
)
CASE = Case(latest("EGP"), (PAGE, BOOK), b"", html=True, packed=True)


def test_latest() -> None:
    """The middle of both sides; the yen per 100."""
    quotes, urls = ask("cbe", latest("EGP"), PAGE, BOOK)
    assert urls == [cbe.PAGE, cbe.FORM]
    assert quotes == (
        Quote("USD", "EGP", Decimal("53.14005"), THURSDAY),
        Quote("USD", "EGP", Decimal("53.2"), date(2026, 10, 28)),
        Quote("JPY", "EGP", Decimal("0.3315"), THURSDAY),
    )


def test_what_is_sent() -> None:
    """The form's own fields, every currency, the days, and the cookies each once."""
    publisher = Publisher([Reply(200, PAGE, {"set-cookie": COOKIES}), BOOK])
    run_provider(providers.load("cbe"), latest("EGP"), publisher)
    form = publisher.asked[1]
    assert form.form == (
        ("FromDateRaw", "18/10/2026"),
        ("ToDateRaw", "30/10/2026"),
        ("__RequestVerificationToken", "t0ken"),
        ("DataSourceId", "19CF"),
        ("FallbackUrl", "/en/data"),
        ("LanguageName", "en"),
        ("SelectedSelectOptions", "US Dollar"),
        ("SelectedSelectOptions", "Japanese Yen 100"),
        ("SubmitAction", "2"),
    )
    headers = dict(form.headers)
    assert headers["Cookie"] == "S=1; A=b|False; cbe#lang=en"
    assert headers["Referer"] == cbe.PAGE
    assert headers["Origin"] == "https://www.cbe.org.eg"


def test_a_range_is_asked_month_by_month_with_one_token() -> None:
    """Thirty days a question."""
    publisher = Publisher([PAGE, book(), BOOK, book()])
    quotes = run_provider(providers.load("cbe"), between(date(2026, 8, 25), date(2026, 10, 29), "EGP"), publisher)
    assert len(quotes) == 3
    assert [request.form[:2] for request in publisher.asked[1:]] == [
        (("FromDateRaw", "25/08/2026"), ("ToDateRaw", "23/09/2026")),
        (("FromDateRaw", "24/09/2026"), ("ToDateRaw", "23/10/2026")),
        (("FromDateRaw", "24/10/2026"), ("ToDateRaw", "29/10/2026")),
    ]


def test_a_workbook_with_headings_alone_has_no_rates() -> None:
    """The bank's way to say that it set none."""
    with pytest.raises(NoRates):
        ask("cbe", on(date(2026, 10, 24), "EGP"), PAGE, book())


def test_the_firewall() -> None:
    """It refuses with status 200, the page or the form."""
    rejected = b"<html><head><title>Request Rejected</title></head><body>Your support ID is: 1</body></html>"
    with pytest.raises(Blocked):
        ask("cbe", latest("EGP"), rejected)
    for page in (rejected, MAINTENANCE):
        with pytest.raises(HtmlAnswer):
            ask("cbe", latest("EGP"), PAGE, page)


@pytest.mark.parametrize(
    "answer",
    [
        book([THURSDAY, "Moon Dollar", "1", "2"]),
        book([THURSDAY, "US Dollar", "53.1"]),
        book([THURSDAY, "US Dollar", "53.1", "n/a"]),
        book([THURSDAY, "US Dollar", "0", "53.1"]),
        book(["Thursday", "US Dollar", "53.1", "53.2"]),
        workbook({"A": [["Currency", "Date"], ["US Dollar", THURSDAY]]}),
    ],
)
def test_another_layout_is_refused(answer: bytes) -> None:
    """An unknown currency, a missing side or another table is named."""
    with pytest.raises(ParseError):
        ask("cbe", latest("EGP"), PAGE, answer)


@pytest.mark.parametrize("old", [b"historicalDataForm", b"<option ", b"DataSourceId", b"__RequestVerificationToken"])
def test_another_form_is_refused(old: bytes) -> None:
    """A page whose form has changed cannot be filled in."""
    with pytest.raises(ParseError):
        ask("cbe", latest("EGP"), PAGE.replace(old, b"x"), BOOK)


@recordings
def test_recorded() -> None:
    """The form as it was sent, and the middle of every row."""

    def send(request: Request) -> Reply:
        if request.url == cbe.PAGE:
            return Reply(200, body("cbe/1.html"))
        sent = dict(request.form)
        assert sent["__RequestVerificationToken"].startswith("YQadBhZ3")
        assert (sent["FromDateRaw"], sent["ToDateRaw"]) == ("01/04/2026", "09/04/2026")
        assert sum(name == "SelectedSelectOptions" for name, _ in request.form) == 18
        return Reply(200, body("cbe/2.xlsx"))

    found = figures(run_provider(providers.load("cbe"), asked("2026-04-01", "2026-04-09", "EGP"), send))
    (grid,) = cells("cbe/2.xlsx").values()
    order = re.findall("...", "USDEURGBPCADDKKNOKSEKCHFJPYSARKWDAEDAUDBHDOMRQARJODCNY")
    names = list(dict.fromkeys(text for (line, column), text in grid.items() if column == "B" and line > 2))
    listed = dict(zip(names, order, strict=True))
    assert listed["Japanese Yen 100"] == "JPY"
    expected = {
        (listed[grid[line, "B"]], "EGP", date(1899, 12, 30) + timedelta(days=int(text))): (
            Decimal(grid[line, "C"]) + Decimal(grid[line, "D"])
        )
        / (200 if "100" in grid[line, "B"] else 2)
        for (line, column), text in grid.items()
        if column == "A" and line > 2
    }
    assert found == expected
    assert len(found) == 126
    assert codes(found) == in_sample("cbe")
    assert_crosses_agree(found, "EGP")
