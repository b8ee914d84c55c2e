"""The National Bank of Angola: all currencies by one word, codes of former currencies, what is none, refusals."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates.errors import ErrorAnswer, NoRates, ParseError
from rates.model import Query, Quote
from tests.providers.conversation import ask, between, case, latest, on, specimen
from tests.providers.recordings import Figures, asked, body, codes, in_sample, recorded, recordings, replay

CASE = case("bna", "AOA", "917.402", "rates.json")

URL = "https://www.bna.ao/service/rest/taxas/get/evolucao/taxa/intervalo?"
RATES = specimen("bna/rates.json")
THURSDAY, FRIDAY = date(2026, 10, 29), date(2026, 10, 30)


def test_codes() -> None:
    """The lek among the others; dobra and bolivar by today's codes; neither gold nor XDRUSD."""
    quotes, _ = ask("bna", latest("AOA"), RATES)
    assert quotes == (
        Quote("USD", "AOA", Decimal("917.402"), THURSDAY),
        Quote("ALL", "AOA", Decimal("11.26011"), THURSDAY),
        Quote("USD", "AOA", Decimal("918.115"), FRIDAY),
        Quote("ALL", "AOA", Decimal("11.26894"), FRIDAY),
        Quote("STN", "AOA", Decimal("43.36231"), FRIDAY),
        Quote("VES", "AOA", Decimal("1.48302"), FRIDAY),
        Quote("ZMK", "AOA", Decimal("0.04162"), FRIDAY),
    )


def test_former_currencies_of_their_own_time_keep_their_codes() -> None:
    """Before their reforms the dobra and the bolivar were STD and VEF."""
    quotes, _ = ask("bna", on(date(2015, 10, 30), "AOA"), RATES.replace(b"2026-", b"2015-"))
    assert {quote.base for quote in quotes} == {"USD", "ALL", "STD", "VEF", "ZMK"}


@pytest.mark.parametrize(
    ("query", "windows"),
    [
        (latest("AOA"), ["datainicio=2026-10-23&datafim=2026-10-30"]),
        (on(THURSDAY, "AOA"), ["datainicio=2026-10-22&datafim=2026-10-29"]),
        (
            between(date(2025, 6, 1), FRIDAY, "AOA"),
            ["datainicio=2025-06-01&datafim=2026-05-31", "datainicio=2026-06-01&datafim=2026-10-30"],
        ),
    ],
)
def test_what_is_asked(query: Query, windows: list[str]) -> None:
    """One question for all currencies and at most a year, names in lower case, or the bank reads none of them."""
    _, urls = ask("bna", query, *[RATES] * len(windows))
    assert urls == [f"{URL}{window}&tipocambio=M&moeda=ALL" for window in windows]


def test_no_rows_is_no_rates() -> None:
    """An empty list with success is the bank's word that it rested."""
    with pytest.raises(NoRates):
        ask("bna", on(date(2026, 10, 25), "AOA"), specimen("bna/none.json"))


def test_no_success_is_an_error_answer() -> None:
    """The status is 200 all the same."""
    with pytest.raises(ErrorAnswer, match="datainicio null"):
        ask("bna", latest("AOA"), specimen("bna/error.json"))


def test_another_side_is_a_parse_error() -> None:
    """Buying rates are not the middle."""
    with pytest.raises(ParseError, match="middle"):
        ask("bna", latest("AOA"), RATES.replace(b'"tipoCambio":"M"', b'"tipoCambio":"G"', 1))


ROW = r'"taxa":([\d.]+),[^}]*"data":"([\d-]+)"[^}]*"codigoMoeda":"([A-Z]+)"'
NEW = {"STD": "STN", "VEF": "VES"}


@recordings
def test_recorded() -> None:
    """Every row of the answer for all, but gold and XDRUSD."""
    found = replay("bna", asked("2026-05-18", "2026-05-21", "AOA"))
    expected = {
        (NEW.get(code, code), "AOA", date.fromisoformat(day)): Decimal(rate)
        for rate, day, code in re.findall(ROW, body("bna/3.json").decode())
        if code not in {"XAU", "XDRUSD"}
    }
    assert found == expected
    # The sample counts gold and the old codes as they stand.
    assert codes(found) == in_sample("bna") - {"XAU", "STD", "VEF"} | {"STN", "VES"}


@recordings
def test_recorded_answers_of_single_currencies_say_the_same() -> None:
    """The word ALL loses no currency: each of the 69 others' own answers is in the one for all."""
    found = replay("bna", asked("2026-05-18", "2026-05-21", "AOA"))
    single: Figures = {}
    for (_, parameters), reply in recorded("bna").items():
        if dict(parameters).get("moeda", "ALL") != "ALL":
            for rate, day, code in re.findall(ROW, reply.body.decode()):
                single[NEW.get(code, code), "AOA", date.fromisoformat(day)] = Decimal(rate)
    assert len(single) == 204
    assert single.items() <= found.items()
