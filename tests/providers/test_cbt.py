"""The Central Bank of Turkmenistan: a list a day but on Sundays, multipliers, both ways to write the day."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates.errors import HtmlAnswer, NoRates, ParseError
from rates.model import Quote, Reply
from rates.providers import cbt
from tests.providers.conversation import PAGE, ask, between, case, latest, on, specimen
from tests.providers.crosses import assert_crosses_agree
from tests.providers.recordings import figures, official, recordings

CASE = case("cbt", "TMT", "3.5", "day.xml", html=True)

DAY = specimen("cbt/day.xml")
FRIDAY = date(2026, 10, 30)
NONE = Reply(404, b"<html>\r\n<head><title>404 Not Found</title></head>\r\n<body></body>\r\n</html>\r\n")


def test_latest() -> None:
    """The list of today, each currency by its multiplier; the client is named as browsers are."""
    quotes, urls = ask("cbt", latest("TMT"), DAY)
    assert urls == ["https://cbt.tm/kurs/2026/30102026.xml"]
    assert quotes == (
        Quote("USD", "TMT", Decimal("3.5"), FRIDAY),
        Quote("EUR", "TMT", Decimal("3.9102"), FRIDAY),
        Quote("IRR", "TMT", Decimal("0.00000264"), FRIDAY),
    )
    assert dict(cbt.ask(FRIDAY).headers)["User-Agent"].startswith("Mozilla/")


def test_range() -> None:
    """A range is asked day by day, without the Sunday; a day without a list has none."""
    monday = DAY.replace(b"30.10.2026", b"26.10.2026")
    quotes, urls = ask("cbt", between(date(2026, 10, 24), date(2026, 10, 26), "TMT"), NONE, monday)
    assert [url[-12:-4] for url in urls] == ["24102026", "26102026"]
    assert {quote.day for quote in quotes} == {date(2026, 10, 26)}


def test_the_former_form_of_the_day() -> None:
    """Lists up to 2023 write their day as ISO 8601 does."""
    day = date(2022, 3, 4)
    quotes, _ = ask("cbt", on(day, "TMT"), DAY.replace(b"30.10.2026", b"2022-03-04"))
    assert {quote.day for quote in quotes} == {day}


def test_no_list_is_no_rates() -> None:
    """When no day has a list there are no rates; any other page is an error, whatever its status."""
    with pytest.raises(NoRates):
        ask("cbt", on(FRIDAY, "TMT"), *[NONE] * 7)
    for status, error in ((200, ParseError), (404, HtmlAnswer)):
        with pytest.raises(error):
            ask("cbt", latest("TMT"), Reply(status, PAGE))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b">10000<", b">0<"),
        (b"<multiplier>1</multiplier>", b""),
        (b"<rate_tmt>3.5</rate_tmt>", b""),
        (b"30.10.2026", b""),
    ],
)
def test_damage_is_refused(old: bytes, new: bytes) -> None:
    """Rows without multiplier or rate, and a list without its day, are errors."""
    with pytest.raises(ParseError):
        ask("cbt", latest("TMT"), DAY.replace(old, new))


@recordings
def test_recorded() -> None:
    """Every row of the recorded list; crosses agree with the ECB's, and with the list's own rates to the dollar."""
    body = official("cbt-tm/20052026_cut.xml")
    row = r'code="(\w+)">.*?<rate_usd>([\d.]+)<.*?<multiplier>(\d+)<.*?<rate_tmt>([\d.]+)<'
    rows = re.findall(row, body.decode(), flags=re.DOTALL)
    day = date(2026, 5, 20)
    found = figures(ask("cbt", on(day, "TMT"), body)[0])
    assert found == {(code, "TMT", day): Decimal(rate) / int(units) for code, _, units, rate in rows}
    assert len(found) == 5
    assert_crosses_agree(found, "TMT", least=2)
    for code, per_dollar, _, _ in rows:
        dollar = Decimal(per_dollar) if code != "EUR" else 1 / Decimal(per_dollar)
        assert abs(found[code, "TMT", day] * dollar / Decimal("3.5") - 1) < Decimal("0.02"), code
