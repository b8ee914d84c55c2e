"""The Central Bank of Nicaragua: SOAP, a month a request, days to come that are not passed on."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates import providers
from rates.errors import ErrorAnswer, HtmlAnswer, NoRates, ParseError
from rates.fetch.run_provider import run_provider
from rates.model import Quote, Reply, Request
from rates.providers import bcn
from tests.providers.conversation import PAGE, Publisher, ask, between, case, latest, on, specimen
from tests.providers.recordings import asked, body, codes, figures, in_sample, recordings

CASE = case("bcn", "NIO", "36.6243", "month.xml")

MONTH, FAULT = (specimen(f"bcn/{name}.xml") for name in ("month", "fault"))
FRIDAY = date(2026, 10, 30)


def test_latest() -> None:
    """The rate in force today; tomorrow's is set already, and left out."""
    quotes, urls = ask("bcn", latest("NIO"), MONTH)
    assert urls == [bcn.URL]
    assert quotes[-1] == Quote("USD", "NIO", Decimal("36.6245"), FRIDAY)
    assert len(quotes) == 3


def test_a_day_to_come() -> None:
    """Tomorrow's rate is answered when that day is asked for."""
    quotes, _ = ask("bcn", on(date(2026, 10, 31), "NIO"), MONTH)
    assert quotes[-1] == Quote("USD", "NIO", Decimal("36.6246"), date(2026, 10, 31))


def test_what_is_sent() -> None:
    """A POST with the action in quotes, and the month in the envelope."""
    publisher = Publisher([MONTH])
    run_provider(providers.load("bcn"), on(date(2026, 10, 29), "NIO"), publisher)
    (request,) = publisher.asked
    assert dict(request.headers)["SOAPAction"] == '"http://servicios.bcn.gob.ni/RecuperaTC_Mes"'
    assert dict(request.headers)["Content-Type"] == "text/xml; charset=utf-8"
    assert b"<Ano>2026</Ano><Mes>10</Mes>" in request.content


def test_a_range_is_asked_month_by_month() -> None:
    """Over the turn of a year, and to the last day asked for."""
    december = MONTH.replace(b"2026-10", b"2025-12").replace(b">2026<", b">2025<").replace(b">10<", b">12<")
    january = december.replace(b"2025-12", b"2026-01").replace(b">2025<", b">2026<").replace(b">12<", b">1<")
    publisher = Publisher([december, january])
    quotes = run_provider(providers.load("bcn"), between(date(2025, 12, 31), date(2026, 1, 28), "NIO"), publisher)
    assert [re.findall(rb">(\d+)<", request.content) for request in publisher.asked] == [
        [b"2025", b"12"],
        [b"2026", b"1"],
    ]
    assert [quote.day for quote in quotes][-1] == date(2026, 1, 28)


def test_errors() -> None:
    """A fault is one, with whatever status; a month without days has no rates; a page is no answer."""
    with pytest.raises(ErrorAnswer, match="Cannot read the request"):
        ask("bcn", latest("NIO"), Reply(500, FAULT))
    with pytest.raises(NoRates):
        ask("bcn", latest("NIO"), re.sub(rb"<Tc>.*</Tc>", b"", MONTH))
    with pytest.raises(HtmlAnswer):
        ask("bcn", latest("NIO"), Reply(500, PAGE))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Detalle_TC", b"Detalle"),
        (b"<Valor>36.6243</Valor>", b""),
        (b"<Dia>28</Dia>", b"<Dia>29</Dia>"),
        (b"<Dia>28</Dia>", b"<Dia>32</Dia>"),
        (b"<Fecha>2026-10-28", b"<Fecha>28-10-2026"),
    ],
)
def test_another_form_is_refused(old: bytes, new: bytes) -> None:
    """A table, a figure or a day that is not what it should be is named."""
    with pytest.raises(ParseError):
        ask("bcn", latest("NIO"), MONTH.replace(old, new))


@recordings
def test_recorded() -> None:
    """Every row of the month, and the same question as was recorded."""

    def send(request: Request) -> Reply:
        assert re.findall(rb">(\d+)<", request.content) == [b"2026", b"3"]
        return Reply(200, body("bcn/1.xml"))

    found = figures(run_provider(providers.load("bcn"), asked("2026-03-01", "2026-03-31", "NIO"), send))
    rows = re.findall(r"<Fecha>([\d-]+)</Fecha><Valor>([\d.]+)</Valor>", body("bcn/1.xml").decode())
    assert found == {("USD", "NIO", date.fromisoformat(day)): Decimal(rate) for day, rate in rows}
    assert len(found) == 5
    assert codes(found) == in_sample("bcn")
