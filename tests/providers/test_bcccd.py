"""The Central Bank of the Congo: JSON within text for all days, and a page for each day before it was daily."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal

import pytest

from rates.errors import NoRates, ParseError
from rates.model import Quote, Reply
from rates.providers import bcccd
from tests.providers.conversation import ask, between, case, latest, on, specimen
from tests.providers.crosses import assert_crosses_agree
from tests.providers.recordings import SOURCES, Figures, figures, recordings

CASE = case("bcccd", "CDF", "2261.8,", "history.txt", html=True)

HISTORY, DAY = specimen("bcccd/history.txt"), specimen("bcccd/day.html")
NOTHING = re.sub(rb"<dl.*</dl>", b"", DAY)
MISSING = Reply(404, b"<!DOCTYPE html><html><body>404</body></html>")
FRIDAY = date(2026, 10, 30)
TUESDAY, WEDNESDAY = date(2023, 5, 9), date(2023, 5, 10)


def test_latest() -> None:
    """One request for all; yen per 100, and the franc of Central Africa with its one figure."""
    quotes, urls = ask("bcccd", latest("CDF"), HISTORY)
    assert urls == [bcccd.URL]
    assert [quote for quote in quotes if quote.day == FRIDAY] == [
        Quote("USD", "CDF", Decimal("2261.8"), FRIDAY),
        Quote("JPY", "CDF", Decimal("14.71"), FRIDAY),
        Quote("XAF", "CDF", Decimal(4), FRIDAY),
    ]


def test_the_payload_is_asked_for() -> None:
    """Without that header the server answers with the page itself."""
    assert next(bcccd.steps(latest("CDF"))).headers == (("RSC", "1"),)


def test_a_corrected_day() -> None:
    """Of two rows of a day the later is valid."""
    quotes, _ = ask("bcccd", on(date(2025, 11, 3), "CDF"), HISTORY)
    assert quotes == (Quote("USD", "CDF", Decimal("2261.1793"), date(2025, 11, 3)),)


def test_a_day_before_each_was_in_the_payload() -> None:
    """Its page, or that of the day before; the week's figures of currencies that pages have not stay."""
    quotes, urls = ask("bcccd", on(WEDNESDAY, "CDF"), HISTORY, MISSING, DAY)
    assert urls == [bcccd.URL, f"{bcccd.URL}/2023-05-10", f"{bcccd.URL}/2023-05-09"]
    assert {(quote.base, quote.rate, quote.day) for quote in quotes} == {
        ("USD", Decimal("2105.5"), date(2023, 5, 5)),
        ("XAF", Decimal("3.5"), date(2023, 5, 5)),
        ("USD", Decimal("2263.0000"), TUESDAY),
        ("EUR", Decimal("2626.12"), TUESDAY),
    }


def test_a_range() -> None:
    """A page each working day, up to the day from which the payload has all; pages without rows are days of rest."""
    quotes, urls = ask("bcccd", between(date(2025, 8, 28), date(2025, 11, 4), "CDF"), HISTORY, NOTHING, DAY)
    assert [url[-10:] for url in urls[1:]] == ["2025-08-28", "2025-08-29"]
    assert {quote.day for quote in quotes} == {date(2025, 8, 29), date(2025, 11, 3)}


def test_no_rates() -> None:
    """Neither the payload nor a page has any."""
    with pytest.raises(NoRates):
        ask("bcccd", between(WEDNESDAY, date(2023, 5, 11), "CDF"), HISTORY, MISSING, NOTHING)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"history"', b'"story"'),
        (b"2026-10-30", b"30.10.2026"),
        (b'"average"', b'"mean"'),
        (b'"unit":1}', b'"unit":0}'),
    ],
)
def test_another_payload_is_refused(old: bytes, new: bytes) -> None:
    """Other names, no day, no unit."""
    with pytest.raises(ParseError):
        ask("bcccd", latest("CDF"), HISTORY.replace(old, new))


OFFICIAL = SOURCES / "official" / "bcccd"


@recordings
def test_recorded() -> None:
    """Every row by json alone; the pages of two days have the same figures."""
    body = (OFFICIAL / "cours-de-change_RSC_cut.txt").read_bytes()
    tree = json.loads(body.decode().partition(":")[2], parse_float=Decimal, parse_int=Decimal)
    expected: Figures = {
        (code, "CDF", date.fromisoformat(row["date"])): row["average"] / row["unit"]
        for code, rows in tree[3]["content"]["history"].items()
        for row in rows
    }
    found = figures(bcccd.parse(body))
    assert found == expected
    assert len(found) == 32
    assert found["USD", "CDF", date(2026, 9, 3)] == Decimal("2263.8")
    assert found["EUR", "CDF", date(2026, 9, 2)] == Decimal("2626.12")
    assert found["ZMW", "CDF", date(2026, 9, 4)] == Decimal("118.41")
    assert_crosses_agree(found, "CDF", least=2)


@recordings
@pytest.mark.parametrize("day", [date(2026, 9, 2), date(2026, 9, 3)])
def test_recorded_pages(day: date) -> None:
    """The ten means of a page agree with the payload, where both have a currency."""
    page = (OFFICIAL / f"cours-de-change_{day}.html").read_bytes()
    history = figures(bcccd.parse((OFFICIAL / "cours-de-change_RSC_cut.txt").read_bytes()))
    found = figures(bcccd._of_page(page, day))
    rows = re.findall(r">([A-Z]{3}) \(cours moyen\)</dt><dd[^>]*>([\d.]+)<", page.decode())
    assert found == {(code, "CDF", day): Decimal(rate) for code, rate in rows}
    assert len(found) == 10
    shared = found.keys() & history.keys()
    assert len(shared) == 4
    assert {key: found[key] for key in shared} == {key: history[key] for key in shared}
    assert_crosses_agree(found, "CDF", most="0.025")  # the yen of 3 September is of before a rise of 2 %
