"""The National Bank of Cambodia: the dollar above the table, tokens, units, and rates that are of next week."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates import providers
from rates.errors import NoRates, ParseError
from rates.fetch.run_provider import run_provider
from rates.model import Quote, Reply, Request
from rates.providers import nbc
from tests.providers.conversation import Publisher, ask, between, case, latest, on, specimen
from tests.providers.recordings import Figures, asked, body, codes, figures, in_sample, recordings

CASE = case("nbc", "KHR", "4684.50", "friday.html", html=True)

URL = "https://www.nbc.gov.kh/english/economic_research/exchange_rate.php"
FRIDAY, MONDAY, NOTHING = (specimen(f"nbc/{name}.html") for name in ("friday", "monday", "nothing"))


def test_latest() -> None:
    """The page as it comes: the dollar of the line above, the others' averages by their units, SDR as XDR."""
    quotes, urls = ask("nbc", latest("KHR"), FRIDAY)
    assert urls == [URL]
    assert quotes == tuple(
        Quote(code, "KHR", Decimal(rate), date(2026, 10, 30))
        for code, rate in (
            ("USD", "4021"),
            ("EUR", "4684.50"),
            ("IDR", "0.24100"),
            ("JPY", "25.1050"),
            ("XDR", "5497.50"),
        )
    )


def test_rates_of_next_week_are_not_the_latest() -> None:
    """On Friday evening the page is Monday's: today's rates are asked for then, with token and cookie."""
    opened = Reply(
        200, MONDAY, {"set-cookie": "PHPSESSID=8np06; path=/, lang=en; expires=Mon, 02 Nov 2026 10:00:00 GMT"}
    )
    publisher = Publisher([MONDAY, opened, FRIDAY])
    quotes = run_provider(providers.load("nbc"), latest("KHR"), publisher)
    assert {quote.day for quote in quotes} == {date(2026, 10, 30)}
    request = publisher.asked[2]
    assert request.form == (("exdate", "2026-10-30"), ("tk", "Next/token+9876543210=="), ("view", "View"))
    assert request.headers == (("Cookie", "PHPSESSID=8np06; lang=en"), ("Referer", URL))


def test_a_day_and_a_range() -> None:
    """Two requests a day; a day without data is stepped over."""
    quotes, urls = ask(
        "nbc", on(date(2026, 10, 30), "KHR"), MONDAY, NOTHING, MONDAY, FRIDAY.replace(b"10-30", b"10-29")
    )
    assert len(urls) == 4
    assert {quote.day for quote in quotes} == {date(2026, 10, 29)}
    quotes, _ = ask("nbc", between(date(2026, 10, 29), date(2026, 10, 30), "KHR"), MONDAY, NOTHING, MONDAY, FRIDAY)
    assert len(quotes) == 5
    with pytest.raises(NoRates):
        list(nbc.parse(NOTHING))


def test_pages_that_cannot_be() -> None:
    """Another day than asked, a page without a token, a table without rows or of another currency are refused."""
    day = on(date(2026, 10, 29), "KHR")
    with pytest.raises(ParseError, match="expected"):
        ask("nbc", day, MONDAY, FRIDAY)
    with pytest.raises(ParseError, match="token"):
        ask("nbc", day, MONDAY.replace(b'name="tk"', b'name="kt"'))
    first = FRIDAY.index(b"<tr><td>European")
    for wrong in (FRIDAY[:first] + FRIDAY[FRIDAY.index(b"</table>", first) :], FRIDAY.replace(b"EUR/KHR", b"EUR/USD")):
        with pytest.raises(ParseError):
            ask("nbc", latest("KHR"), wrong)


@recordings
def test_recorded() -> None:
    """Every row of the three days, and the dollar of the line above; forms and cookies as recorded."""
    replies = {f"2026-05-{day}": Reply(200, body(f"nbc/{2 * n}.html")) for n, day in ((1, 18), (2, 19), (3, 20))}
    pages = [Reply(200, body(f"nbc/{n}.html"), {"set-cookie": "PHPSESSID=x; path=/"}) for n in (5, 3, 1)]

    def send(request: Request) -> Reply:
        return replies[dict(request.form)["exdate"]] if request.form else pages.pop()

    found = figures(run_provider(providers.load("nbc"), asked("2026-05-18", "2026-05-20", "KHR"), send))
    expected: Figures = {}
    for written, reply in replies.items():
        text, day = reply.body.decode(), date.fromisoformat(written)
        assert f">{written}</font>" in text
        dollar = re.findall(r"Official Exchange Rate : <font[^>]*>(\d+)</font> KHR / USD", text)[0]
        expected["USD", "KHR", day] = Decimal(dollar)
        row = r"\s*".join(
            rf"<td[^>]*>{cell}</td>" for cell in ("([A-Z]{3})/KHR", r"(\d+)", r"\d+", r"\d+", r"([\d.]+)")
        )
        for code, units, average in re.findall(row, text):
            expected[code.replace("SDR", "XDR"), "KHR", day] = Decimal(average) / int(units)
    assert found == expected
    assert len(found) == 87
    assert codes(found) == in_sample("nbc")
