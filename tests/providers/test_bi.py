"""Bank Indonesia: the page for the latest, a post a currency for the past, with the server's made-up names."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from decimal import Decimal
from urllib.parse import parse_qsl

import pytest

from rates import providers
from rates.errors import NoRates, ParseError, Unsupported
from rates.fetch.run_provider import run_provider
from rates.model import Query, Quote, Reply, Request
from tests.providers.conversation import Publisher, ask, between, case, latest, on, specimen
from tests.providers.recordings import Figures, body, codes, figures, in_sample, recordings

CASE = case("bi", "IDR", "16,785.51", "page.html", html=True)

PREFIX = "ctl00$PlaceHolderMain$g_0a1b2c3d$ctl00"
PAGE_, USD, JPY, NOTHING = (specimen(f"bi/{name}.html") for name in ("page", "usd", "jpy", "nothing"))


def test_latest() -> None:
    """One request: the page's table, of the day of its last update; middles, the yen's divided by 100."""
    quotes, urls = ask("bi", latest("IDR"), PAGE_)
    assert urls == ["https://www.bi.go.id/en/statistik/informasi-kurs/transaksi-bi/default.aspx"]
    assert quotes == tuple(
        Quote(code, "IDR", Decimal(rate), date(2026, 10, 30))
        for code, rate in (("AED", "4547.715"), ("JPY", "107.5678"), ("USD", "16702"))
    )


def test_the_past_is_posted() -> None:
    """The hidden fields go back with the currency as it is padded, the window, and the button's name."""
    publisher = Publisher([PAGE_, USD])
    quotes = run_provider(providers.load("bi"), on(date(2026, 10, 29), "IDR", "USD"), publisher)
    assert dict(publisher.asked[1].form) == {
        "__VIEWSTATE": "/wEPDwUBMA9k",
        "__EVENTVALIDATION": "/wEdAD5f",
        f"{PREFIX}$hidSourceID": "ctl00_PlaceHolderMain_g_0a1b2c3d_ctl00_btnSearch1",
        f"{PREFIX}$ddlmatauang1": "USD  ",
        f"{PREFIX}$txtFrom": "15-Oct-2026",
        f"{PREFIX}$txtTo": "29-Oct-2026",
        f"{PREFIX}$txtTanggal": "",
        f"{PREFIX}$btnSearch1": "Search",
    }
    assert Quote("USD", "IDR", Decimal("16677"), date(2026, 10, 29)) in quotes


def test_all_currencies_and_long_ranges() -> None:
    """Without symbols each of the form's currencies is asked for, in pieces of 90 days."""
    quotes, _ = ask("bi", between(date(2026, 10, 26), date(2026, 10, 30), "IDR"), PAGE_, NOTHING, JPY, USD)
    assert [quote.rate for quote in quotes] == [Decimal("107.5678"), Decimal("16702"), Decimal("16677")]
    assert [quote.base for quote in quotes] == ["JPY", "USD", "USD"]
    _, urls = ask("bi", between(date(2026, 7, 1), date(2026, 10, 30), "IDR", "USD"), PAGE_, NOTHING, USD)
    assert len(urls) == 3


def test_failures() -> None:
    """No table but the button is a rest; without the button it is another page; unknown currencies are not asked."""
    day = on(date(2026, 10, 25), "IDR", "USD")
    with pytest.raises(NoRates):
        ask("bi", day, PAGE_, NOTHING)
    with pytest.raises(ParseError):
        ask("bi", day, PAGE_, NOTHING.replace(b"btnSearch1", b"btnOther"))
    with pytest.raises(ParseError, match="button"):
        ask("bi", day, PAGE_.replace(b"btnSearch1", b"btnOther"))
    with pytest.raises(Unsupported):
        ask("bi", on(date(2026, 10, 30), "IDR", "TZS"), PAGE_)


@recordings
def test_recorded_latest() -> None:
    """Every row of the page's table, of the day of its last update."""
    page = body("bi/1.html")

    def send(request: Request) -> Reply:
        return Reply(200, page)

    found = figures(run_provider(providers.load("bi"), Query("IDR", today=date(2026, 4, 5)), send))
    expected: Figures = {}
    row = r"\s*".join(rf"<td[^>]*>\s*({cell})\s*</td>" for cell in (r"[A-Z]{3}", r"[\d.]+", r"[\d.,]+", r"[\d.,]+"))
    for code, units, sell, buy in re.findall(row, page.decode()):
        middle = (Decimal(sell.replace(",", "")) + Decimal(buy.replace(",", ""))) / 2
        expected[code, "IDR", date(2026, 4, 2)] = middle / int(units)
    assert found == expected
    assert len(found) == 26


@recordings
def test_recorded_past() -> None:
    """Every row of three currencies' tables; the forms hold all that the recorded ones do."""
    exchanges = json.loads(body("bi/exchange.json"))
    posted = [dict(parse_qsl(item["request"]["body"], keep_blank_values=True)) for item in exchanges[1:]]
    name = next(key for key in posted[0] if key.endswith("$ddlmatauang1"))
    expected: Figures = {}

    def send(request: Request) -> Reply:
        if not request.form:
            return Reply(200, body("bi/1.html"))
        form = dict(request.form)
        number = [fields[name] for fields in posted].index(form[name])
        assert posted[number].items() <= form.items()
        content = body(f"bi/{number + 2}.html")
        row = r"<td>([\d.]+)</td><td[^>]*>([\d.,]+)</td><td[^>]*>([\d.,]+)</td><td[^>]*>(\d+ \w+ \d{4})</td>"
        rows = re.findall(row, re.sub(r">\s+|\s+<", lambda found: found[0].strip(), content.decode()))
        assert len(rows) == 4
        for units, sell, buy, day in rows:
            middle = (Decimal(sell.replace(",", "")) + Decimal(buy.replace(",", ""))) / 2
            when = datetime.strptime(day, "%d %b %Y").date()
            expected[form[name].strip(), "IDR", when] = middle / int(Decimal(units))
        return Reply(200, content)

    query = Query("IDR", ("AED", "AUD", "BND"), date(2026, 3, 1), date(2026, 3, 5), date(2026, 3, 5))
    found = figures(run_provider(providers.load("bi"), query, send))
    assert found == expected
    assert len(found) == 12
    assert codes(found) == in_sample("bi")
