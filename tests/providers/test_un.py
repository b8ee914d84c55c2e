"""United Nations: the list in force, each rate from its effective day until further notice."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates.conversion import effective
from rates.errors import NoRates, ParseError, Unsupported
from rates.fetch.validate import check_query
from rates.providers import un
from tests.providers.conversation import ask, between, case, latest, on, specimen
from tests.providers.recordings import SOURCES, recordings

CASE = case("un", "USD", "0.871", "list.xml")

LIST = specimen("un/list.xml")


def test_the_list_in_force() -> None:
    """Units for one dollar from the day of their effect on, each currency of several countries once."""
    quotes, urls = ask("un", latest("USD"), LIST)
    assert urls == ["https://treasury.un.org/operationalrates/xsql2XML.php"]
    assert {(quote.symbol, str(quote.rate), str(quote.day)) for quote in quotes} == {
        ("EUR", "0.871", "2026-10-01"),
        ("ETB", "161.04", "2026-10-15"),
        ("JPY", "157.3", "2026-10-01"),
        ("KES", "129.1", "2026-09-01"),
    }
    assert {quote.valid_to for quote in quotes} == {date.max}


def test_a_day_before_a_change_lacks_that_currency() -> None:
    """A rate that took effect later is not used for a day before it."""
    query = on(date(2026, 10, 10), "USD")
    quotes, _ = ask("un", query, LIST)
    assert {quote.symbol for quote in effective(quotes, un.PROVIDER, query)} == {"EUR", "JPY", "KES"}


def test_a_rate_ends_before_the_next_of_its_currency() -> None:
    """Where a list has a currency with two days, the first rate ends before the second begins."""
    body = LIST.replace(b"<abbrv_name>Austria", b"<abbrv_name>X").replace(b"01 Oct 2026", b"20 Oct 2026", 1)
    quotes, _ = ask("un", latest("USD"), body)
    assert [(str(quote.day), quote.valid_to) for quote in quotes if quote.symbol == "EUR"] == [
        ("2026-10-01", date(2026, 10, 19)),
        ("2026-10-20", date.max),
    ]


def test_days_without_rates() -> None:
    """Months to come are due on their first day, without a request; days before the list have no rates here."""
    with pytest.raises(NoRates) as caught:
        ask("un", on(date(2026, 12, 5), "USD"))
    assert caught.value.hint == "they are due on 2026-12-01"
    with pytest.raises(NoRates) as caught:
        ask("un", on(date(2026, 10, 2), "USD"), LIST.replace(b"01 Oct", b"15 Oct").replace(b"01 Sep", b"15 Oct"))
    assert caught.value.hint == "its list begins on 2026-10-15"
    assert "range" not in un.PROVIDER.answers
    assert between(date(2026, 10, 2), date(2026, 10, 3), "USD").kind not in un.PROVIDER.answers
    with pytest.raises(Unsupported):
        check_query(un.PROVIDER, on(date(2026, 9, 2), "USD"))


def test_two_rates_of_one_currency_are_an_error() -> None:
    """The rows of one currency and day must be equal."""
    with pytest.raises(ParseError, match="two rates for USD in EUR"):
        ask("un", latest("USD"), LIST.replace(b"0.871", b"0.872", 1))


@recordings
def test_recorded() -> None:
    """Every row, read a second time by a pattern, has its rate; they are near the Treasury's of the day before."""
    body = next((SOURCES / "official" / "un-operational").glob("*.xml")).read_bytes()
    rows = re.findall(
        r"<f_curr_code>(\w+)\s*</f_curr_code>\s*<eff_date>([\w ]+)</eff_date>\s*<rate>([\d.]+)", body.decode()
    )
    quotes = list(un.parse(body))
    assert {(quote.symbol, f"{quote.day:%d %b %Y}"): quote.rate for quote in quotes} == {
        (code, day): Decimal(rate) for code, day, rate in rows if code != "USD"
    }
    assert len(rows) == 25
    near = {"EUR": "0.87", "DKK": "6.5", "AUD": "1.43", "CAD": "1.4", "CNY": "6.7", "CZK": "21.3", "AFN": "64.8"}
    found = {quote.symbol: quote.rate for quote in quotes if quote.symbol in near}
    assert len(found) >= 5
    assert all(abs(rate / Decimal(near[code]) - 1) < Decimal("0.02") for code, rate in found.items()), found
