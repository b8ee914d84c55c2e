"""The Central Bank of Sri Lanka: check boxes sent back, a table a currency, gold per ounce, no results."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from urllib.parse import parse_qsl

import pytest

from rates import providers
from rates.errors import NoRates, ParseError, Unsupported
from rates.fetch.run_provider import run_provider
from rates.model import Quote, Reply, Request
from tests.providers.conversation import Publisher, ask, between, case, latest, specimen
from tests.providers.recordings import Figures, asked, body, codes, figures, in_sample, recorded, recordings

CASE = case("cbsl", "LKR", "USD~US Dollar", "form.html", "rates.html", html=True)

FOLDER = "https://www.cbsl.gov.lk/cbsl_custom/exrates/"
FORM, RATES, NOTHING = (specimen(f"cbsl/{name}.html") for name in ("form", "rates", "nothing"))


def test_latest() -> None:
    """The form's boxes go back as they are, with the window; rupees for one unit."""
    publisher = Publisher([FORM, RATES])
    quotes = run_provider(providers.load("cbsl"), latest("LKR"), publisher)
    assert publisher.urls() == [FOLDER + "exrates.php", FOLDER + "exrates_results.php"]
    assert publisher.asked[1].form == (
        ("lookupPage", "lookup_daily_exchange_rates.php"),
        ("rangeType", "dates"),
        ("txtStart", "2026-10-23"),
        ("txtEnd", "2026-10-30"),
        ("chk_cur[]", "AUD~Australian Dollar"),
        ("chk_cur[]", "USD~US Dollar"),
        ("chk_cur[]", "XAU~Gold (per Troy oz.)"),
        ("submit_button", "Submit"),
    )
    assert quotes == (
        Quote("AUD", "LKR", Decimal("199.1420"), date(2026, 10, 30)),
        Quote("AUD", "LKR", Decimal("198.8731"), date(2026, 10, 29)),
        Quote("USD", "LKR", Decimal("304.0610"), date(2026, 10, 30)),
        Quote("XAU", "LKR", Decimal("1231447.0500"), date(2026, 10, 30)),
    )


def test_only_what_is_asked_for() -> None:
    """Named symbols choose their boxes alone; a range of years is asked for year by year."""
    publisher = Publisher([FORM, RATES, NOTHING])
    run_provider(providers.load("cbsl"), between(date(2025, 9, 1), date(2026, 10, 30), "LKR", "USD"), publisher)
    forms = [request.form for request in publisher.asked[1:]]
    assert [value for form in forms for name, value in form if name == "chk_cur[]"] == ["USD~US Dollar"] * 2
    assert [dict(form)["txtStart"] for form in forms] == ["2025-09-01", "2026-09-01"]
    with pytest.raises(Unsupported):
        ask("cbsl", latest("LKR", "XPF"), FORM)


def test_no_results() -> None:
    """Its own words for nothing; a page without a table is not that."""
    with pytest.raises(NoRates):
        ask("cbsl", latest("LKR"), FORM, NOTHING)
    with pytest.raises(ParseError):
        ask("cbsl", latest("LKR"), FORM, b"<html><body></body></html>")


def test_wrong_tables() -> None:
    """The answer cut between two tables, per 100 units, against another currency, or with a wrong rate, is refused."""
    cut = RATES[: RATES.index(b"<h2> US")]
    wrong = [RATES.replace(b"1  USD", b"100  USD"), RATES.replace(b"&gt; LKR", b"&gt; INR")]
    for page in (cut, *wrong, RATES.replace(b"304.0610", b"n.a.")):
        with pytest.raises(ParseError):
            ask("cbsl", latest("LKR"), FORM, page)


@recordings
def test_recorded() -> None:
    """The form that is posted is the recorded one, and every row of every table is read."""
    replies = recorded("cbsl")
    posted = parse_qsl(re.findall(r'"body": "([^"]+)"', body("cbsl/exchange.json").decode())[0])

    def send(request: Request) -> Reply:
        assert not request.form or sorted(request.form) == sorted(posted)
        return replies[request.url.removeprefix("https://"), ()]

    found = figures(run_provider(providers.load("cbsl"), asked("2025-05-15", "2025-05-19", "LKR"), send))
    expected: Figures = {}
    for part in body("cbsl/2.html").decode().split("<table")[1:]:
        code = re.findall(r"1  ([A-Z]{3})  -&gt; LKR", part)[0]
        for day, rate in re.findall(r"<td> ([\d-]+) </td><td> ([\d.,]+) </td>", part):
            expected[code, "LKR", date.fromisoformat(day)] = Decimal(rate.replace(",", ""))
    assert found == expected
    assert len(found) == 165
    assert codes(found) == in_sample("cbsl")
