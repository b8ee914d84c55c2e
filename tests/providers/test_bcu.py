"""The Central Bank of Uruguay: currencies by number, the middle of two sides, errors by status."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates import providers
from rates.errors import ErrorAnswer, NoRates, ParseError, Unsupported
from rates.fetch.run_provider import run_provider
from rates.model import Quote, Reply, Request
from rates.providers import bcu
from tests.providers.conversation import Publisher, ask, between, case, latest, on, specimen
from tests.providers.recordings import Figures, asked, body, codes, figures, in_sample, recordings

CASE = case("bcu", "UYU", "39.912000", "range.xml")

RANGE, NONE, ERROR = (specimen(f"bcu/{name}.xml") for name in ("range", "none", "error"))
THURSDAY, FRIDAY = date(2026, 10, 29), date(2026, 10, 30)


def test_latest() -> None:
    """All currencies at once; the Argentine peso is answered as 500, and is the middle of its sides."""
    publisher = Publisher([RANGE])
    quotes = run_provider(providers.load("bcu"), latest("UYU"), publisher)
    (request,) = publisher.asked
    assert request.url == bcu.URL
    assert b"<item>0500</item><item>1000</item>" in request.content
    assert request.content.count(b"<item>") == len(bcu.NUMBERS) == 27
    window = b"<FechaDesde>2026-10-20</FechaDesde><FechaHasta>2026-10-30</FechaHasta><Grupo>0</Grupo></Entrada>"
    assert window in request.content
    assert quotes == (
        Quote("USD", "UYU", Decimal("39.912000"), THURSDAY),
        Quote("ARS", "UYU", Decimal("0.026800"), THURSDAY),
        Quote("USD", "UYU", Decimal("39.875000"), FRIDAY),
        Quote("EUR", "UYU", Decimal("46.110050"), FRIDAY),
    )


def test_only_what_may_be_wanted_is_asked() -> None:
    """Named symbols spare the bank the others."""
    publisher = Publisher([RANGE])
    run_provider(providers.load("bcu"), latest("EUR", "USD"), publisher)
    assert re.findall(rb"<item>(\d+)</item>", publisher.asked[0].content) == [b"1111", b"2225"]
    with pytest.raises(Unsupported):
        ask("bcu", latest("UYU", "XAU"))


def test_a_long_range_is_asked_by_the_year() -> None:
    """A year and a day are two questions."""
    publisher = Publisher([RANGE.replace(b"2026", b"2024"), NONE])
    run_provider(providers.load("bcu"), between(date(2024, 1, 1), date(2024, 12, 31), "UYU"), publisher)
    days = [re.findall(rb"\d{4}-\d\d-\d\d", request.content) for request in publisher.asked]
    assert days == [[b"2024-01-01", b"2024-12-30"], [b"2024-12-31", b"2024-12-31"]]


def test_the_lira_has_its_name_of_the_day() -> None:
    """The Turkish lira of before 2005 is the old one, a million to one."""
    for year, code in ((b"2004", "TRL"), (b"2005", "TRY")):
        body = RANGE.replace(b"2026", year).replace(b">1111<", b">4400<")
        assert code in {quote.base for quote in bcu.parse(body)}


def test_no_rows_are_no_rates() -> None:
    """A good status without rows is a time of rest."""
    with pytest.raises(NoRates):
        ask("bcu", on(date(2026, 10, 25), "UYU"), NONE)


def test_another_status_is_an_error_answer() -> None:
    """The bank's words and number are repeated."""
    with pytest.raises(ErrorAnswer, match=r"Fecha no válida.*101"):
        ask("bcu", latest("UYU"), ERROR)


@pytest.mark.parametrize(
    ("old", "new"), [(b">1111<", b">9800<"), (b"<TCV>46.110050</TCV>", b""), (b"<status>1</status>", b"")]
)
def test_nothing_is_guessed(old: bytes, new: bytes) -> None:
    """An unknown number, a missing side and a missing status are refused."""
    with pytest.raises(ParseError):
        ask("bcu", latest("UYU"), RANGE.replace(old, new))


def _send(request: Request) -> Reply:
    """The recorded answers, of one currency each, put together for the currencies that are asked for at once."""
    rows, wanted = "", {int(number) for number in re.findall(rb"<item>(\d+)<", request.content)}
    for name in range(1, 28):
        text = body(f"bcu/{name}.xml").decode()
        if int(re.findall(r"<Moneda>(\d+)<", text)[0]) in wanted:
            rows += "".join(re.findall(r"<datoscotizaciones\.dato .*?</datoscotizaciones\.dato>", text, re.DOTALL))
    whole = re.sub(r"(<datoscotizaciones>).*(</datoscotizaciones>)", r"\1@\2", text, flags=re.DOTALL)
    return Reply(200, whole.replace("@", rows).encode())


@recordings
def test_recorded() -> None:
    """Every row, the middle of its two sides, under the code of its number."""
    found = figures(run_provider(providers.load("bcu"), asked("2026-03-27", "2026-03-31", "UYU"), _send))
    named = {
        "DLS. USA BILLETE": "USD", "EURO": "EUR", "REAL": "BRL", "YEN": "JPY", "PESO CHILENO": "CLP",
        "FRANCO SUIZO": "CHF", "LIBRA ESTERLINA": "GBP",
    }  # fmt: skip
    row = r"<Fecha>([\d-]+)<.*?<Moneda>(\d+)<.*?<Nombre>([^<]*)<.*?<TCC>([\d.]+)<.*?<TCV>([\d.]+)<"
    expected: Figures = {}
    for name in range(1, 28):
        for day, number, title, buy, sell in re.findall(row, body(f"bcu/{name}.xml").decode(), re.DOTALL):
            code = bcu.NUMBERS[int(number)]
            assert named.get(title.strip(), code) == code
            expected[code, "UYU", date.fromisoformat(day)] = (Decimal(buy) + Decimal(sell)) / 2
    assert found == expected
    assert len(found) == 81
    assert codes(found) == in_sample("bcu")
