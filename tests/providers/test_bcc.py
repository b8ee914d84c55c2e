"""The Central Bank of Cuba: the floating of three rates, the yen upside down, one request a currency."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates.errors import ErrorAnswer, NoRates, ParseError
from rates.model import Query, Quote, Reply
from tests.providers.conversation import Case, ask, between, latest, on, specimen
from tests.providers.recordings import Figures, asked, codes, in_sample, recorded, recordings, replay

USD, EUR, JPY = (specimen(f"bcc/{name}.json") for name in ("usd", "eur", "jpy"))
CASE = Case(latest("CUP", "USD", "EUR", "JPY"), (USD, EUR, JPY), b"519")

URL = "https://api.bc.gob.cu/v1/tasas-de-cambio/historico?"
THURSDAY, FRIDAY = date(2026, 10, 29), date(2026, 10, 30)


def test_the_floating_rate_and_the_yen() -> None:
    """Pesos for a dollar or a euro, but yen for a peso, as printed: 521.5 x 0.29549 is 154.1 yen to the dollar."""
    quotes, _ = ask("bcc", latest("CUP", "USD", "EUR", "JPY"), USD, EUR, JPY)
    assert quotes == (
        Quote("USD", "CUP", Decimal("519"), THURSDAY),
        Quote("USD", "CUP", Decimal("521.5"), FRIDAY),
        Quote("EUR", "CUP", Decimal("600.5868"), THURSDAY),
        Quote("EUR", "CUP", Decimal("603.01045"), FRIDAY),
        Quote("CUP", "JPY", Decimal("0.29672"), THURSDAY),
        Quote("CUP", "JPY", Decimal("0.29549"), FRIDAY),
    )


@pytest.mark.parametrize(
    ("query", "window"),
    [
        (latest("CUP", "USD"), "fechaInicio=2026-10-26&fechaFin=2026-10-30"),
        (on(THURSDAY, "CUP", "USD"), "fechaInicio=2026-10-25&fechaFin=2026-10-29"),
        (between(date(2026, 1, 1), FRIDAY, "CUP", "USD"), "fechaInicio=2026-01-01&fechaFin=2026-10-30"),
        (between(date(2025, 1, 1), FRIDAY, "CUP", "USD"), "fechaInicio=2025-12-19&fechaFin=2026-10-30"),
    ],
)
def test_what_is_asked(query: Query, window: str) -> None:
    """One question for any window, which begins with the first rates at the earliest."""
    assert ask("bcc", query, USD)[1] == [f"{URL}{window}&codigoMoneda=USD"]


def test_all_are_thirteen_requests() -> None:
    """Without symbols every currency is asked for, else what is needed."""
    assert len(ask("bcc", latest("CUP"), *[USD] * 13)[1]) == 13
    assert len(ask("bcc", latest("EUR", "CUP", "JPY"), EUR, JPY)[1]) == 2


def test_no_rows_is_no_rates() -> None:
    """An empty list says that there is nothing in the window."""
    with pytest.raises(NoRates):
        ask("bcc", on(date(2025, 12, 19), "CUP", "USD"), b"[]")


def test_no_dollar_beside_others_is_a_parse_error() -> None:
    """No bank rests for the US dollar alone: an answer was lost."""
    with pytest.raises(ParseError, match="the US dollar has no rates"):
        ask("bcc", latest("CUP", "USD", "EUR"), b"[]", EUR)


def test_a_message_is_an_error_answer() -> None:
    """What the bank says instead of a list is repeated."""
    with pytest.raises(ErrorAnswer, match="no reconocido"):
        ask("bcc", latest("CUP", "USD"), Reply(400, specimen("bcc/error.json")))


@recordings
def test_recorded() -> None:
    """Every floating rate of every currency; the recorded address of an answer gives its currency."""
    query = asked("2026-05-19", "2026-05-22", "CUP")
    found = replay("bcc", query)
    expected: Figures = {}
    for (_, parameters), reply in recorded("bcc").items():
        code = dict(parameters)["codigoMoneda"]
        for day, rate in re.findall(r'"fecha":"([\d-]+)"[^}]*"tasaEspecial":([\d.]+)', reply.body.decode()):
            pair = ("CUP", code) if code == "JPY" else (code, "CUP")
            expected[*pair, date.fromisoformat(day)] = Decimal(rate)
    assert found == expected
    assert len(found) == 52
    assert codes(found) == in_sample("bcc")


@recordings
def test_recorded_crosses() -> None:
    """The yen for a dollar and the dollar for a pound are those of the world market, so the yen is upside down."""
    found = replay("bcc", asked("2026-05-19", "2026-05-22", "CUP"))
    day = date(2026, 5, 21)
    dollar = found["USD", "CUP", day]
    assert abs(dollar * found["CUP", "JPY", day] / Decimal("159.15") - 1) < Decimal("0.01")
    assert abs(found["EUR", "CUP", day] / dollar / Decimal("1.1597") - 1) < Decimal("0.01")
