"""The Bulgarian National Bank: a table a day until the euro came, a page of its site for days without one."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from rates.errors import HtmlAnswer, NoRates, ParseError, Unsupported
from rates.fetch.validate import check_query
from rates.model import Quote
from rates.providers import bnb
from tests.providers.conversation import PAGE, ask, between, case, latest, on, specimen
from tests.providers.crosses import assert_crosses_agree, euro_rates
from tests.providers.recordings import address, body, codes, dotted, recorded, recordings

TUESDAY = date(2025, 12, 30)
# It has no latest rates any more, so that its good conversation is of a day; a page may come in place of the table.
CASE = replace(case("bnb", "BGN", "1.66113", "day.xml", html=True), query=on(TUESDAY, "BGN"))

DAY, NONE = specimen("bnb/day.xml"), specimen("bnb/none.html")
FOLDER = "exchanger-bulgarian-national-bank"


def asked_for(day: str) -> str:
    """The address of the table of a day, dd.mm.yyyy."""
    days, months, year = day.split(".")
    fields = f"downloadOper=true&group1=first&firstDays={days}&firstMonths={months}&firstYear={year}"
    return f"{bnb.URL}?{fields}&search=true&type=XML"


def test_day() -> None:
    """Levs for one unit, whatever the table's units; gold per ounce."""
    quotes, urls = ask("bnb", on(TUESDAY, "BGN"), DAY)
    assert urls == [asked_for("30.12.2025")]
    assert quotes == (
        Quote("USD", "BGN", Decimal("1.66113"), TUESDAY),
        Quote("JPY", "BGN", Decimal("0.0106496"), TUESDAY),
        Quote("IDR", "BGN", Decimal("0.0000993009"), TUESDAY),
        Quote("XAU", "BGN", Decimal("7213.55"), TUESDAY),
    )


def test_a_page_of_the_bank_is_followed_by_the_day_before() -> None:
    """Saturdays and Sundays have no table and are not asked for."""
    _, urls = ask("bnb", on(date(2025, 12, 31), "BGN"), NONE, DAY)
    assert urls == [asked_for("31.12.2025"), asked_for("30.12.2025")]
    earlier = DAY.replace(b"30.12.2025", b"26.12.2025")
    assert ask("bnb", on(date(2025, 12, 28), "BGN"), earlier)[1] == [asked_for("26.12.2025")]
    with pytest.raises(HtmlAnswer):
        ask("bnb", on(TUESDAY, "BGN"), *[NONE] * 6)
    with pytest.raises(ParseError):
        ask("bnb", on(TUESDAY, "BGN"), PAGE)


def test_a_range() -> None:
    """A table for each day from Monday to Friday; a page of the bank in place of one of several is a day of rest."""
    monday = DAY.replace(b"30.12.2025", b"29.12.2025")
    quotes, urls = ask("bnb", between(date(2025, 12, 26), date(2025, 12, 30), "BGN"), NONE, monday, DAY)
    assert urls == [asked_for(f"{day}.12.2025") for day in (26, 29, 30)]
    assert [quote.day.day for quote in quotes] == [29] * 4 + [30] * 4
    with pytest.raises(HtmlAnswer, match="from 2025-12-25 to 2025-12-26"):
        ask("bnb", between(date(2025, 12, 25), date(2025, 12, 26), "BGN"), NONE, NONE)
    with pytest.raises(NoRates):
        ask("bnb", between(date(2025, 12, 27), date(2025, 12, 28), "BGN"))
    with pytest.raises(ParseError):
        ask("bnb", between(date(2025, 12, 29), date(2025, 12, 30), "BGN"), DAY, PAGE)


def test_it_has_ended() -> None:
    """Since the euro came there is no rate, neither the latest nor of a day."""
    for query in (latest("BGN"), on(date(2026, 1, 1), "BGN")):
        with pytest.raises(Unsupported, match="2025-12-31"):
            ask("bnb", query)
    with pytest.raises(Unsupported):
        check_query(bnb.PROVIDER, latest("BGN"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<GOLD>0</GOLD>", b"<GOLD>1</GOLD>"),
        (b"ROWSET", b"TABLE"),
        (b"<RATIO>100</RATIO>", b""),
        (b"<RATIO>100</RATIO>", b"<RATIO>0</RATIO>"),
        (b"<RATE>1.06496</RATE>", b"<RATE>n/a</RATE>"),
        (b"30.12.2025", b"2025-12-30"),
    ],
)
def test_another_form_is_refused(old: bytes, new: bytes) -> None:
    """A table without headings, or a row without its units, rate or day, is named."""
    with pytest.raises(ParseError):
        ask("bnb", on(TUESDAY, "BGN"), DAY.replace(old, new))


@recordings
def test_recorded() -> None:
    """Every row of a table, which agrees with the ECB's rates of that day to the last digit."""
    day = date(2019, 2, 1)
    text = body(f"{FOLDER}/success.xml").decode("utf-8-sig")
    row = r"<CURR_DATE>([\d.]+)<.*?<CODE>(\w+)<.*?<RATIO>(\d+)<.*?<RATE>([\d.]+)<"
    expected = {
        (code, "BGN", dotted(dated)): Decimal(rate) / int(units)
        for dated, code, units, rate in re.findall(row, text, re.DOTALL)
    }
    found = {(quote.base, quote.symbol, quote.day): quote.rate for quote in bnb.parse(text.encode())}
    assert found == expected
    assert len(found) == 32
    assert codes(found) >= {"USD", "JPY", "XAU", "HRK", "RUB"}
    assert_crosses_agree(found, "BGN", most="0.0001")
    levs = Decimal("1.95583")
    for code, rate in euro_rates()[day].items():
        if (code, "BGN", day) in found:
            assert abs(found[code, "BGN", day] * rate / levs - 1) < Decimal("0.00001")


@recordings
def test_recorded_errors() -> None:
    """A row without its fields is no row, and the page without data is the bank's own."""
    with pytest.raises(ValueError, match="no table with headings"):
        list(bnb.parse(body(f"{FOLDER}/error-missing-fields.xml")))
    assert bnb.OWN_PAGE in body(f"{FOLDER}/error-no-data.html")[:500]


@recordings
def test_recorded_address() -> None:
    """The question is as it was recorded, but for the host's name and the scheme."""
    success = body(f"{FOLDER}/success.xml")
    quotes, urls = ask("bnb", on(date(2019, 2, 1), "BGN"), success)
    assert len(quotes) == 32
    assert address(urls[0].replace("www.", "")) in recorded(FOLDER)
