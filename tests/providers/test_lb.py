"""The Bank of Lithuania: the litas to its end, one day an answer, amounts of litas beside amounts of units."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates import providers
from rates.errors import ErrorAnswer, NoRates, ParseError, Unsupported
from rates.fetch.validate import check_query
from rates.model import Quote
from tests.providers.conversation import Case, ask, between, latest, on, specimen
from tests.providers.recordings import Figures, asked, body, codes, in_sample, recordings, replay

URL = "https://www.lb.lt/webservices/FxRates/FxRates.asmx/getFxRates?tp=LT&dt="
LAST, BEFORE, NONE = (specimen(f"lb/{name}.xml") for name in ("2014-12-31", "2014-12-30", "none"))
END = date(2014, 12, 31)

# The litas ended, so that its last day stands for the latest.
CASE = Case(on(END, "LTL"), (LAST,), b"2.8400")


def test_the_last_day() -> None:
    """Litas for one unit of each currency."""
    quotes, urls = ask("lb", on(END, "LTL"), LAST)
    assert urls == [f"{URL}2014-12-31"]
    assert quotes == (
        Quote("USD", "LTL", Decimal("2.8400"), END),
        Quote("EUR", "LTL", Decimal("3.4528"), END),
        Quote("BYR", "LTL", Decimal("0.00026100"), END),
        Quote("JPY", "LTL", Decimal("0.023700"), END),
    )


def test_a_day_looks_back_over_closed_days() -> None:
    """Day by day, to the first that has a list."""
    quotes, urls = ask("lb", on(date(2014, 12, 28), "LTL"), NONE, NONE, BEFORE.replace(b"12-30", b"12-26"))
    assert [url.removeprefix(URL) for url in urls] == ["2014-12-28", "2014-12-27", "2014-12-26"]
    assert {quote.day for quote in quotes} == {date(2014, 12, 26)}


def test_a_range_is_a_request_a_day() -> None:
    """From the last day to the first, and not beyond the end of the litas."""
    quotes, urls = ask("lb", between(date(2014, 12, 29), date(2015, 1, 5), "LTL"), LAST, BEFORE, NONE)
    assert [url.removeprefix(URL) for url in urls] == ["2014-12-31", "2014-12-30", "2014-12-29"]
    assert {quote.day.day for quote in quotes} == {31, 30}


def test_empty_lists_are_no_rates() -> None:
    """A list without rows is the bank's word for a day without rates."""
    with pytest.raises(NoRates):
        ask("lb", on(date(2010, 5, 5), "LTL"), *[NONE] * 8)


def test_after_the_litas_it_is_unsupported() -> None:
    """Nothing is asked for a day after 2014, nor for the latest."""
    for query in (on(date(2015, 1, 2), "LTL"), between(date(2015, 1, 1), date(2015, 2, 1), "LTL"), latest("LTL")):
        with pytest.raises(Unsupported):
            ask("lb", query)
    with pytest.raises(Unsupported):
        check_query(providers.load("lb").PROVIDER, latest("LTL"))


def test_its_own_error_is_an_error_answer() -> None:
    """A list that holds something else than rates says what went wrong."""
    with pytest.raises(ErrorAnswer, match="wrong date"):
        ask("lb", on(END, "LTL"), specimen("lb/error.xml"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<Ccy>LTL</Ccy>", b"<Ccy>EUR</Ccy>"),
        (b"<Amt>10000</Amt>", b"<Amt>0</Amt>"),
        (b"<Dt>2014-12-31</Dt>", b""),
        (b"WebServices/FxRates", b"WebServices/Other"),
    ],
)
def test_a_changed_list_is_refused(old: bytes, new: bytes) -> None:
    """Rates of the euro, an amount of no units, a row without its day, another document."""
    with pytest.raises(ParseError):
        ask("lb", on(END, "LTL"), LAST.replace(old, new))


@recordings
def test_recorded() -> None:
    """Every amount of litas, divided by the amount of the currency."""
    found = replay("lb", asked("2014-12-29", "2014-12-31", "LTL"))
    own, other = r"<Ccy>LTL</Ccy>\s*<Amt>([\d.]+)</Amt>", r"<Ccy>(\w+)</Ccy>\s*<Amt>(\d+)</Amt>"
    row = rf"<Dt>([\d-]+)</Dt>\s*<CcyAmt>\s*{own}\s*</CcyAmt>\s*<CcyAmt>\s*{other}"
    expected: Figures = {}
    for number in (1, 2, 3):
        for day, litas, code, units in re.findall(row, body(f"lb/{number}.xml").decode()):
            expected[code, "LTL", date.fromisoformat(day)] = Decimal(litas) / int(units)
    assert found == expected
    assert codes(found) == in_sample("lb")
    assert len(found) == 264
