"""The Bank of Thailand: a key in a header, 31 days a question, units in the English name."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal

import pytest

from rates import providers
from rates.errors import ErrorAnswer, KeyRefused, NoRates, ParseError
from rates.fetch.run_provider import run_provider
from rates.model import Query, Quote, Reply
from tests.providers.conversation import Publisher, ask, between, case, latest, specimen
from tests.providers.recordings import Figures, body, codes, in_sample, recordings, replay

CASE = case("bot", "THB", "32.3000000", "days.json")

URL = "https://gateway.api.bot.or.th/Stat-ExchangeRate/v2/DAILY_AVG_EXG_RATE/"
DAYS, NONE = specimen("bot/days.json"), specimen("bot/none.json")
KEY = (("bot", "k3y"),)
FRIDAY = date(2026, 10, 30)


def test_latest() -> None:
    """Middles per one unit; a currency that is only bought has none."""
    quotes, urls = ask("bot", latest("THB", secrets=KEY), DAYS)
    assert urls == [URL + "?start_period=2026-10-18&end_period=2026-10-30"]
    assert quotes == (
        Quote("USD", "THB", Decimal("32.3000000"), FRIDAY),
        Quote("JPY", "THB", Decimal("0.204000000"), FRIDAY),
        Quote("IDR", "THB", Decimal("0.0018900000"), FRIDAY),
        Quote("USD", "THB", Decimal("32.2500000"), date(2026, 10, 29)),
    )


def test_the_key_is_a_header() -> None:
    """The header Authorization carries the bare key and is named private."""
    publisher = Publisher([DAYS])
    run_provider(providers.load("bot"), latest("THB", secrets=KEY), publisher)
    assert dict(publisher.asked[0].headers)["Authorization"] == "k3y"
    assert publisher.asked[0].private == ("Authorization",)


def test_ranges_are_asked_in_pieces_of_31_days() -> None:
    """The bank gives no more at once; days without rates are a row of empty texts."""
    query = between(date(2026, 9, 1), FRIDAY, "THB", secrets=KEY)
    _, urls = ask("bot", query, NONE, DAYS)
    assert [url.removeprefix(URL) for url in urls] == [
        "?start_period=2026-09-01&end_period=2026-10-01",
        "?start_period=2026-10-02&end_period=2026-10-30",
    ]


def test_empty_rows_are_no_rates() -> None:
    """A window that is nothing but a row of empty texts."""
    with pytest.raises(NoRates):
        ask("bot", latest("THB", secrets=KEY), NONE)


def test_errors() -> None:
    """Its own words for a bad question; status 403 for a bad key."""
    with pytest.raises(ErrorAnswer, match="longer than 31 days"):
        ask("bot", latest("THB", secrets=KEY), specimen("bot/error.json"))
    with pytest.raises(KeyRefused):
        ask("bot", latest("THB", secrets=KEY), Reply(403, b'{"message": "forbidden"}'))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("(100 YEN) (JPY)", "(100 WON) (KRW)"),
        ("(100 YEN)", "(0 YEN)"),
        ('"selling": "32.5000000", "mid_rate"', '"mid"'),
    ],
)
def test_a_changed_row_is_refused(old: str, new: str) -> None:
    """A name that is another currency's, an amount of none, a field that is missing."""
    with pytest.raises(ParseError):
        ask("bot", latest("THB", secrets=KEY), DAYS.decode().replace(old, new).encode())


@recordings
def test_recorded() -> None:
    """Every middle, divided by the number in its name."""
    day = date(2026, 4, 3)
    found = replay("bot", Query("THB", (), date(2026, 4, 1), day, day, KEY))
    expected: Figures = {}
    for row in json.loads(body("bot/1.json"))["result"]["data"]["data_detail"]:
        number = re.search(r"\(([0-9,]+) ", row["currency_name_eng"])
        units = Decimal(number[1].replace(",", "")) if number else 1
        expected[row["currency_id"], "THB", date.fromisoformat(row["period"])] = Decimal(row["mid_rate"]) / units
    assert found == expected
    assert codes(found) == in_sample("bot")
    assert Decimal("0.2") < found["JPY", "THB", day] < Decimal("0.21")
