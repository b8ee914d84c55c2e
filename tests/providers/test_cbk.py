"""The Central Bank of Kenya: a form, own names, neighbours the other way round."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from rates import providers
from rates.errors import NoRates, ParseError
from rates.fetch.run_provider import run_provider
from rates.model import Quote, Reply, Request
from rates.providers import cbk
from tests.providers.conversation import Publisher, ask, between, case, latest, on, specimen
from tests.providers.recordings import Figures, asked, body, codes, figures, in_sample, recordings

CASE = case("cbk", "KES", "129.2083", "table.json")

TABLE = specimen("cbk/table.json")
FRIDAY = date(2026, 10, 30)


def test_latest() -> None:
    """The whole table by a form; the yen is per 100, the Ugandan shilling for one Kenyan."""
    publisher = Publisher([TABLE])
    quotes = run_provider(providers.load("cbk"), latest("KES"), publisher)
    assert publisher.urls() == [f"{cbk.URL}?action=get_wdtable&table_id=193"]
    assert publisher.asked[0].form == (("draw", "1"), ("start", "0"), ("length", "-1"))
    assert quotes[:2] == (
        Quote("USD", "KES", Decimal("129.1500"), date(2026, 10, 29)),
        Quote("EUR", "KES", Decimal("150.2200"), date(2026, 10, 29)),
    )
    assert quotes[2:6] == (
        Quote("USD", "KES", Decimal("129.2083"), FRIDAY),
        Quote("JPY", "KES", Decimal("0.846211"), FRIDAY),
        Quote("KES", "UGX", Decimal("27.3010"), FRIDAY),
        Quote("AUD", "KES", Decimal("84.1200"), FRIDAY),
    )


def test_days_of_the_window() -> None:
    """Only those are read; one that is not in the table has no rates."""
    quotes, _ = ask("cbk", between(date(2026, 10, 1), date(2026, 10, 29), "KES"), TABLE)
    assert {quote.day.day for quote in quotes} == {29}
    with pytest.raises(NoRates):
        ask("cbk", on(date(2026, 9, 1), "KES"), TABLE)


@pytest.mark.parametrize(
    ("old", "new"),
    [(b"AUSTRALIAN $", b"LIRA"), (b'"recordsTotal": "7"', b'"recordsTotal": "8"'), (b', "129.1500"', b"")],
)
def test_nothing_is_guessed(old: bytes, new: bytes) -> None:
    """An unknown name, a row too few and a row without its rate are refused."""
    assert old in TABLE
    with pytest.raises(ParseError):
        ask("cbk", latest("KES"), TABLE.replace(old, new))


@recordings
def test_recorded() -> None:
    """Every row; of the recorded table rows were taken out, so that its count is set to what is left."""
    content = body("cbk/1.json").replace(b'"recordsTotal":"11550"', b'"recordsTotal":"651"')

    def send(request: Request) -> Reply:
        assert request.form == (("draw", "1"), ("start", "0"), ("length", "-1"))
        return Reply(200, content)

    found = figures(run_provider(providers.load("cbk"), asked("2024-01-01", "2026-03-23", "KES"), send))
    words = {
        "US": "USD", "STG": "GBP", "EURO": "EUR", "SA": "ZAR", "AE": "AED", "CAN": "CAD", "S": "CHF", "JPY": "JPY",
        "SW": "SEK", "NOR": "NOK", "DAN": "DKK", "IND": "INR", "HONGKONG": "HKD", "SINGAPORE": "SGD",
        "SAUDI": "SAR", "CHINESE": "CNY", "AUSTRALIAN": "AUD",
    }  # fmt: skip
    expected: Figures = {}
    for written, name, text in json.loads(content)["data"]:
        day = date(int(written[6:]), int(written[3:5]), int(written[:2]))
        if name.startswith("KES / "):
            code = {"USHS": "UGX", "TSHS": "TZS"}.get(name[6:], name[6:])
            expected["KES", code, day] = Decimal(text)
        else:
            expected[words[name.split()[0]], "KES", day] = Decimal(text) / (100 if "(100)" in name else 1)
    assert found == expected
    assert len(found) == 30 * 21
    assert codes(found) == in_sample("cbk")
