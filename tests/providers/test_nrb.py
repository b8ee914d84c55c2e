"""Nepal Rastra Bank: the exact middle, units of 10 and 100, pages of days, a day miswritten in its archive."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from rates.errors import ErrorAnswer, NoRates, ParseError
from rates.model import Quote, Reply
from rates.providers import nrb
from tests.providers.conversation import ask, between, case, latest, on, specimen
from tests.providers.recordings import Figures, asked, body, codes, in_sample, recordings, replay

CASE = case("nrb", "NPR", "148.10", "page.json")

PAGE, NONE = specimen("nrb/page.json"), specimen("nrb/none.json")
THURSDAY, FRIDAY = date(2026, 10, 29), date(2026, 10, 30)


def test_latest() -> None:
    """(160.00 + 160.15) / 200, (148.10 + 148.70) / 2 and (9.61 + 9.65) / 20."""
    quotes, urls = ask("nrb", latest("NPR"), PAGE)
    assert urls == [f"{nrb.URL}?from=2026-10-26&to=2026-10-30&page=1&per_page=100"]
    assert quotes == (
        Quote("INR", "NPR", Decimal("1.60075"), THURSDAY),
        Quote("USD", "NPR", Decimal("148.40"), THURSDAY),
        Quote("INR", "NPR", Decimal("1.60075"), FRIDAY),
        Quote("JPY", "NPR", Decimal("0.963"), FRIDAY),
    )


def test_day_and_range() -> None:
    """A day bridges four before it; a longer range than 90 days is asked for in pieces."""
    assert "from=2026-10-25&to=2026-10-29" in ask("nrb", on(THURSDAY, "NPR"), PAGE)[1][0]
    _, urls = ask("nrb", between(date(2026, 7, 1), FRIDAY, "NPR"), NONE, PAGE)
    assert [url.partition("?")[2].partition("&page")[0] for url in urls] == [
        "from=2026-07-01&to=2026-09-28",
        "from=2026-09-29&to=2026-10-30",
    ]


def test_every_page_is_asked() -> None:
    """The first page names the number of pages; each holds the days that remain."""
    whole = json.loads(PAGE)
    whole["data"]["payload"] = whole["data"]["payload"][:1] * 100
    whole["pagination"] |= {"pages": 2, "total": 102}
    second = json.loads(PAGE)
    second["pagination"] |= {"page": 2, "pages": 2, "total": 102}
    quotes, urls = ask("nrb", latest("NPR"), json.dumps(whole).encode(), json.dumps(second).encode())
    assert [url.partition("&page=")[2] for url in urls] == ["1&per_page=100", "2&per_page=100"]
    assert len(quotes) == 204


def test_a_miswritten_day_of_the_archive_is_read() -> None:
    """That one and no other: anything else that is no day is refused."""
    query = on(date(2020, 6, 25), "NPR")
    quotes, _ = ask("nrb", query, PAGE.replace(b'"date":"2026-10-30"', b'"date":"2020-06.25"'))
    assert quotes[-1].day == date(2020, 6, 25)
    with pytest.raises(ParseError):
        ask("nrb", query, PAGE.replace(b'"date":"2026-10-30"', b'"date":"2020-06.26"'))


def test_nothing_by_name() -> None:
    """A page without days is no rates; the error of a refused question has the bank's message, whatever its status."""
    with pytest.raises(NoRates):
        ask("nrb", latest("NPR"), NONE)
    for status in (200, 400):
        with pytest.raises(ErrorAnswer, match="not a valid date"):
            ask("nrb", latest("NPR"), Reply(status, specimen("nrb/error.json")))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"total":2', b'"total":3'),
        (b'"unit":10}', b'"unit":0}'),
        (b'"sell":"9.65"', b'"sell":null'),
        (b'"sell":"9.65"', b'"sell":"0.00"'),
    ],
)
def test_lost_days_and_half_pairs_are_refused(old: bytes, new: bytes) -> None:
    """Fewer days than announced, no unit, or one side of a pair, is no answer."""
    with pytest.raises(ParseError):
        ask("nrb", latest("NPR"), PAGE.replace(old, new))


@recordings
def test_recorded() -> None:
    """The middle of both sides of every row, divided by its unit."""
    found = replay("nrb", asked("2026-04-01", "2026-04-05", "NPR"))
    expected: Figures = {}
    for item in json.loads(body("nrb/1.json"))["data"]["payload"]:
        for row in item["rates"]:
            middle = (Decimal(row["buy"]) + Decimal(row["sell"])) / 2
            key = row["currency"]["iso3"], "NPR", date.fromisoformat(item["date"])
            expected[key] = middle / row["currency"]["unit"]
    assert found == expected
    assert codes(found) == in_sample("nrb")
