"""The Central Bank of Costa Rica: a token first, days as columns, the middle of two rows."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest

from rates import providers
from rates.errors import NoRates, ParseError
from rates.fetch.run_provider import run_provider
from rates.model import Quote
from rates.providers import bccr
from tests.providers.conversation import Publisher, ask, between, case, latest, on, specimen
from tests.providers.recordings import Figures, asked, body, codes, figures, in_sample, recordings, replay

CASE = case("bccr", "CRC", "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9", "token.txt", "table.json")

TOKEN, TABLE = specimen("bccr/token.txt"), specimen("bccr/table.json")


def test_latest() -> None:
    """The token goes into a header that is kept private; the middle of both rows, from the English figures."""
    publisher = Publisher([TOKEN, TABLE])
    quotes = run_provider(providers.load("bccr"), latest("CRC"), publisher)
    assert publisher.urls() == [
        bccr.TOKEN,
        f"{bccr.TABLE}?IdGrupoVariable=1&FechaInicio=2026-10-23T00:00:00&FechaFin=2026-10-30&CantidadSeriesAMostrar=100",
    ]
    assert publisher.asked[1].headers == (("token_csrf", TOKEN.decode()), ("Origin", "https://sdd.bccr.fi.cr"))
    assert publisher.asked[1].private == ("token_csrf",)
    assert quotes == (
        Quote("USD", "CRC", Decimal("504.60"), date(2026, 10, 28)),
        Quote("USD", "CRC", Decimal("504.00"), date(2026, 10, 29)),
        Quote("USD", "CRC", Decimal("503.625"), date(2026, 10, 30)),
    )


def test_days_outside_the_window_are_left_out() -> None:
    """The table goes back a hundred days from its end, whatever its start."""
    quotes, _ = ask("bccr", between(date(2026, 10, 29), date(2026, 10, 30), "CRC"), TOKEN, TABLE)
    assert [quote.day.day for quote in quotes] == [29, 30]
    with pytest.raises(NoRates):
        ask("bccr", on(date(2026, 8, 1), "CRC"), TOKEN, TABLE)


def test_a_long_range_is_asked_in_pieces_of_90_days() -> None:
    """One token serves for all pieces."""
    _, urls = ask("bccr", between(date(2026, 7, 1), date(2026, 10, 30), "CRC"), TOKEN, TABLE, TABLE)
    assert [url.split("FechaFin=")[1][:10] for url in urls[1:]] == ["2026-09-28", "2026-10-30"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"idIndicador": 317', b'"idIndicador": 319'),
        (b'"serie1Ingles": "501.10",', b""),
        (b'"tituloIngles": "29 oct 2026"', b'"tituloIngles": "27 oct 2026"'),
        (b'"506.90"', b'"506,9O"'),
        (b'"506.90"', b'""'),
        (b'"506.90"', b"null"),
        (b'"506.90"', b'"0"'),
    ],
)
def test_nothing_is_guessed(old: bytes, new: bytes) -> None:
    """Another row, a missing or wrong figure and a column out of order are refused."""
    assert old in TABLE
    with pytest.raises(ParseError):
        ask("bccr", latest("CRC"), TOKEN, TABLE.replace(old, new))


@recordings
def test_recorded() -> None:
    """Every column of the table, the middle of buying and selling; day after day, up to the last one asked for."""
    content = body("bccr/2.json")
    buy, sell = (row["series"] for row in json.loads(content)["indicadoresRaiz"])
    expected: Figures = {}
    for back in range(100):
        rates = [Decimal(row[f"serie{100 - back}"].replace(",", ".")) for row in (buy, sell)]
        expected["USD", "CRC", date(2026, 3, 24) - timedelta(days=back)] = sum(rates) / Decimal(2)
    assert figures(providers.load("bccr").parse(content)) == expected
    assert codes(expected) == in_sample("bccr")
    found = replay("bccr", asked("2026-03-21", "2026-03-24", "CRC"))
    assert found == {key: rate for key, rate in expected.items() if key[2] >= date(2026, 3, 21)}
    assert len(found) == 4
