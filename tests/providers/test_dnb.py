"""The National Bank of Denmark: a question in JSON, rows in CSV, kroner for a hundred."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal

import pytest

from rates import providers
from rates.errors import EmptyAnswer, ErrorAnswer, ParseError
from rates.fetch.run_provider import run_provider
from rates.model import Quote, Reply
from tests.providers.conversation import Publisher, ask, between, case, latest, on, specimen
from tests.providers.recordings import Figures, asked, body, codes, in_sample, recordings, replay

CASE = case("dnb", "DKK", "746.8300", "rates.csv", lines=True)

ROWS, NONE, ERROR = specimen("dnb/rates.csv"), specimen("dnb/none.csv"), specimen("dnb/error.json")


def test_latest() -> None:
    """The rows of the last days, by a question in JSON; every figure is for 100, and two dots are none."""
    publisher = Publisher([ROWS])
    quotes = run_provider(providers.load("dnb"), latest("DKK"), publisher)
    (request,) = publisher.asked
    assert request.url == "https://api.statbank.dk/v1/data"
    assert request.headers == (("Content-Type", "application/json"),)
    question = json.loads(request.content)
    currencies, kind, days = question.pop("variables")
    assert question == {"table": "DNVALD", "format": "BULK", "lang": "en", "valuePresentation": "Code"}
    assert currencies["values"][:2] == ["EUR", "USD"]
    assert kind == {"code": "KURTYP", "values": ["KBH"]}
    assert days == {"code": "Tid", "values": [">=2026M10D20<=2026M10D30"]}
    assert quotes[:3] == (
        Quote("EUR", "DKK", Decimal("7.468300"), date(2026, 10, 30)),
        Quote("USD", "DKK", Decimal("6.461200"), date(2026, 10, 30)),
        Quote("JPY", "DKK", Decimal("0.042110"), date(2026, 10, 30)),
    )
    assert "BGN" not in {quote.base for quote in quotes}


def test_a_range_is_one_question() -> None:
    """The service has no limit in this format."""
    publisher = Publisher([ROWS])
    run_provider(providers.load("dnb"), between(date(1970, 1, 1), date(2026, 10, 30), "DKK"), publisher)
    assert b'">=1977M01D03<=2026M10D30"' in publisher.asked[0].content


def test_a_head_alone_is_an_empty_answer() -> None:
    """The service is not known to say so of days of rest."""
    with pytest.raises(EmptyAnswer):
        ask("dnb", on(date(2026, 10, 25), "DKK"), NONE)


def test_a_refusal_is_an_error_answer() -> None:
    """The service's own code and words, of its status 400."""
    with pytest.raises(ErrorAnswer, match="EXTRACT-NOTFOUND"):
        ask("dnb", latest("DKK"), Reply(400, ERROR))


@pytest.mark.parametrize(
    ("old", "new"), [(b";KBH;", b";GNS;"), (b"INDHOLD", b"VALUE"), (b"746.8300", b"746,8300"), (b"M10D30", b"M13D30")]
)
def test_nothing_is_guessed(old: bytes, new: bytes) -> None:
    """Another kind of rate, other columns, another mark and a day that is none are refused."""
    with pytest.raises(ParseError):
        ask("dnb", latest("DKK"), ROWS.replace(old, new))


@recordings
def test_recorded() -> None:
    """Every row that is no two dots, divided by 100."""
    found = replay("dnb", asked("2025-03-03", "2026-04-04", "DKK"))
    row = r"([A-Z]{3});KBH;(\d{4})M(\d\d)D(\d\d);([\d.]+)\r\n"
    expected: Figures = {
        (code, "DKK", date(int(year), int(month), int(day))): Decimal(rate) / 100
        for code, year, month, day, rate in re.findall(row, body("dnb/1.csv").decode())
        if rate != ".."
    }
    assert found == expected
    assert len(found) == 474
    assert codes(found) == in_sample("dnb")
