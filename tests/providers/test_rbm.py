"""The Reserve Bank of Malawi: posted windows in the American order, the printed middle, two codes left out."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from urllib.parse import urlencode

import pytest

from rates import providers
from rates.errors import NoRates
from rates.fetch.run_provider import run_provider
from rates.model import Quote, Reply, Request
from tests.providers.conversation import Publisher, ask, between, case, latest, specimen
from tests.providers.recordings import Figures, asked, body, codes, figures, in_sample, recordings

CASE = case("rbm", "MWK", "474.5002", "rates.html", html=True)

RATES, NOTHING = specimen("rbm/rates.html"), specimen("rbm/nothing.html")


def test_latest() -> None:
    """The window is posted; the middles are taken as printed, CMD and the upside-down Irish pound left out."""
    publisher = Publisher([RATES])
    quotes = run_provider(providers.load("rbm"), latest("MWK"), publisher)
    (request,) = publisher.asked
    assert request.url == "https://www.rbm.mw/Statistics/ExchangeRatesFilter/"
    assert request.form == (("RateTypes", ""), ("StartDate", "10/20/2026"), ("EndDate", "10/30/2026"))
    assert quotes == (
        Quote("AED", "MWK", Decimal("474.5002"), date(2026, 10, 29)),
        Quote("AED", "MWK", Decimal("474.5002"), date(2026, 10, 30)),
        Quote("EUR", "MWK", Decimal("2006.9126"), date(2026, 10, 30)),
        Quote("KWD", "MWK", Decimal("5667.4000"), date(2026, 10, 30)),
    )


def test_long_ranges_are_asked_in_months() -> None:
    """Thirty days a request; a table without rows is no failure, and all without are no rates."""
    publisher = Publisher([NOTHING, RATES])
    run_provider(providers.load("rbm"), between(date(2026, 9, 15), date(2026, 10, 30), "MWK"), publisher)
    assert [dict(request.form)["StartDate"] for request in publisher.asked] == ["09/15/2026", "10/15/2026"]
    with pytest.raises(NoRates):
        ask("rbm", latest("MWK"), NOTHING)


@recordings
def test_recorded() -> None:
    """Every row's third number, but those of CMD and IEP."""
    reply = Reply(200, body("rbm/1.html"))

    def send(request: Request) -> Reply:
        assert urlencode(request.form) == "RateTypes=&StartDate=01%2F02%2F2024&EndDate=01%2F05%2F2024"
        return reply

    found = figures(run_provider(providers.load("rbm"), asked("2024-01-02", "2024-01-05", "MWK"), send))
    row = r"<strong>\s*([A-Z]{3})\s*</strong>\s*</td>\s*<td>[\d.,]+</td>\s*<td>([\d.,]+)</td>.*?>(\w{3} \d\d)&nbsp;"
    expected: Figures = {}
    for code, middle, day in re.findall(row, reply.body.decode(), re.DOTALL):
        when = datetime.strptime(f"{day} 2024", "%b %d %Y").date()
        expected[code, "MWK", when] = Decimal(middle.replace(",", ""))
    assert len(expected) == 152
    assert found == {key: rate for key, rate in expected.items() if key[0] not in ("CMD", "IEP")}
    assert codes(found) == in_sample("rbm") - {"CMD", "IEP"}
