"""The Central Bank of Argentina: rows that are left out, units in a description, closed days, contradictions."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates.errors import ErrorAnswer, NoRates, ParseError
from rates.model import Query, Quote, Reply
from tests.providers.conversation import ask, between, case, latest, on, specimen
from tests.providers.recordings import asked, body, codes, in_sample, recordings, replay

CASE = case("bcra", "ARS", "1491.00000000", "day.json")

URL = "https://api.bcra.gob.ar/estadisticascambiarias/v1.0/Cotizaciones?fecha="
DAY, NONE = specimen("bcra/day.json"), specimen("bcra/none.json")
TWICE = DAY.replace(b'"codigoMoneda":"CNH"', b'"codigoMoneda":"JPY"')
THURSDAY, FRIDAY = date(2026, 10, 29), date(2026, 10, 30)


def test_rows_and_units() -> None:
    """The dong's rate is for a thousand; the peso, another average, metals and dead codes are left out."""
    quotes, urls = ask("bcra", latest("ARS"), DAY)
    assert urls == [f"{URL}2026-10-30"]
    assert quotes == (
        Quote("CNH", "ARS", Decimal("209.63460000"), FRIDAY),
        Quote("JPY", "ARS", Decimal("9.67659000"), FRIDAY),
        Quote("USD", "ARS", Decimal("1491.00000000"), FRIDAY),
        Quote("VND", "ARS", Decimal("0.05667291000"), FRIDAY),
    )


def test_other_words_for_units_are_a_parse_error() -> None:
    """A number of units that cannot be read is not taken for one."""
    with pytest.raises(ParseError, match="units"):
        ask("bcra", latest("ARS"), DAY.replace(b"C/1.000 UNIDADES", b"C/MIL UNIDADES"))


def test_closed_days_are_walked_back_over() -> None:
    """A Sunday and a Saturday are not asked for; a day that is null sends a day back."""
    query = Query("ARS", (), None, None, date(2026, 11, 1))
    quotes, urls = ask("bcra", query, NONE, DAY.replace(b"10-30", b"10-29"))
    assert urls == [f"{URL}2026-10-30", f"{URL}2026-10-29"]
    assert {quote.day for quote in quotes} == {THURSDAY}


def test_range() -> None:
    """A request a working day, in order."""
    quotes, urls = ask("bcra", between(date(2026, 10, 24), FRIDAY, "ARS"), NONE, NONE, NONE, NONE, DAY)
    assert urls == [f"{URL}2026-10-{day}" for day in (26, 27, 28, 29, 30)]
    assert len(quotes) == 4


def test_a_week_of_null_days_is_no_rates() -> None:
    """The bank says of each day that it has nothing."""
    with pytest.raises(NoRates):
        ask("bcra", on(FRIDAY, "ARS"), *[NONE] * 6)


def test_a_day_with_a_currency_twice() -> None:
    """Two rates of one currency are an error; of a range, that day is left out whole, so that the others can be had."""
    with pytest.raises(ParseError, match="two rates for JPY"):
        ask("bcra", on(FRIDAY, "ARS"), TWICE)
    quotes, _ = ask("bcra", between(THURSDAY, FRIDAY, "ARS"), DAY.replace(b"10-30", b"10-29"), TWICE)
    assert {quote.day for quote in quotes} == {THURSDAY}
    with pytest.raises(ParseError, match="two rates for JPY"):
        ask("bcra", between(THURSDAY, FRIDAY, "ARS"), NONE, TWICE)


def test_a_day_without_rows_is_no_holiday() -> None:
    """Only a day that is null is closed."""
    with pytest.raises(ParseError):
        ask("bcra", latest("ARS"), NONE.replace(b"null", b'"2026-10-30"'))


def test_messages_are_an_error_answer() -> None:
    """What the bank says instead of results is repeated."""
    with pytest.raises(ErrorAnswer, match="Fecha incorrecta"):
        ask("bcra", latest("ARS"), Reply(400, specimen("bcra/error.json")))


@recordings
def test_recorded() -> None:
    """Every row of two days but those left out, the dong by a thousand."""
    found = replay("bcra", asked("2026-03-19", "2026-03-20", "ARS"))
    row = r'"codigoMoneda":"([A-Z]{3})","descripcion":"([^"]*)","tipoPase":[\d.]+,"tipoCotizacion":([\d.]+)'
    expected = {
        (code, "ARS", date(2026, 3, number)): Decimal(rate) / (1000 if "1.000" in words else 1)
        for number, name in ((19, "1"), (20, "2"))
        for code, words, rate in re.findall(row, body(f"bcra/{name}.json").decode())
        if code not in {"ARS", "REF", "XAU", "XAG", "MXP", "VEB"}
    }
    assert found == expected
    assert codes(found) == in_sample("bcra")
