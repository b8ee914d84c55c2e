"""Old money under the code of the new: which publisher's figures prove it."""

from __future__ import annotations

import logging
from datetime import date, timedelta
from decimal import Decimal

import pytest

from rates import providers
from rates.currencies.believed import believed
from rates.currencies.relabelled import predecessor, relabelled, with_old_codes
from rates.errors import WrongDay
from rates.model import Quote
from tests.providers.recordings import body, recordings

# Provider, the quote as published on the last day of old money, and its code since; figures of the publishers.
LAST_OLD = [
    ("lb", "TMT", "LTL", "0.00017354", "2008-12-31", "TMM"),
    ("lb", "AZN", "LTL", "0.00063", "2005-12-30", "AZM"),
    ("sarb", "ZAR", "ZMW", "612.34", "2012-12-31", "ZMK"),
    ("rb", "RUB", "SEK", "0.0013", "1997-12-30", "RUR"),
    ("cbu", "RUB", "UZS", "0.01346", "1997-12-30", "RUR"),
    ("bcch", "BRL", "CLP", "0.16", "1994-06-30", "BRR"),
    ("cbr", "TJS", "RUB", "0.01354", "2000-10-01", "TJR"),
    ("nbu", "TJS", "UAH", "0.00278", "2000-09-01", "TJR"),
]
FIRST_NEW = [
    ("lb", "TMT", "LTL", "0.8677", "2009-01-01"),
    ("sarb", "ZAR", "ZMW", "0.6188", "2013-01-02"),
    ("rb", "RUB", "SEK", "1.326", "1998-01-02"),
    ("cbu", "RUB", "UZS", "13.48", "1998-01-06"),
    ("bcch", "BRL", "CLP", "418.34", "1994-07-01"),
    ("cbr", "TJS", "RUB", "12.65", "2000-11-01"),
    ("nbu", "TJS", "UAH", "1.81", "2002-12-02"),
]


def quote(base: str, symbol: str, rate: str, day: str) -> Quote:
    """A quote from text."""
    return Quote(base, symbol, Decimal(rate), date.fromisoformat(day))


@pytest.mark.parametrize(("provider", "base", "symbol", "rate", "day", "old"), LAST_OLD)
def test_old_money_gets_its_own_code(provider: str, base: str, symbol: str, rate: str, day: str, old: str) -> None:
    """Figure and day stay; the new code becomes the old one, on whichever side it stands."""
    published = quote(base, symbol, rate, day)
    (found,) = believed((published,), provider=provider)
    changed = {"base": old} if symbol != "ZMW" else {"symbol": old}
    assert found == published._replace(**changed)


@pytest.mark.parametrize(("provider", "base", "symbol", "rate", "day"), FIRST_NEW)
def test_new_money_keeps_its_code(provider: str, base: str, symbol: str, rate: str, day: str) -> None:
    """The first figure in new money is untouched."""
    quotes = (quote(base, symbol, rate, day),)
    assert believed(quotes, provider=provider) is quotes


def test_of_another_publisher_it_is_left_out() -> None:
    """What one publisher's figures prove is not true of another, and a figure without a publisher proves nothing."""
    good = quote("USD", "SEK", "7.9", "1997-12-30")
    early = quote("RUB", "SEK", "0.0013", "1997-12-30")
    assert believed((good, early), provider="nbp") == (good,)
    assert believed((good, early)) == (good,)


def test_a_restated_figure_is_left_out() -> None:
    """A figure that the publisher has restated in new money is not taken for old money."""
    good, restated = quote("USD", "LTL", "4", "1994-12-30"), quote("PLN", "LTL", "1.64", "1994-12-30")
    assert believed((good, restated), provider="lb") == (good,)
    old = quote("PLN", "LTL", "0.000164", "1994-12-30")
    assert believed((good, old), provider="lb") == (good, old._replace(base="PLZ"))


def test_a_figure_that_proves_nothing_is_left_out() -> None:
    """Between the two, and far below the old money, the size does not say which money it is."""
    good = quote("USD", "SEK", "7.9", "1997-12-30")
    for rate in ("0.06", "0.00002"):
        assert believed((good, quote("RUB", "SEK", rate, "1997-12-30")), provider="rb") == (good,)


def test_old_money_after_its_end_is_left_out() -> None:
    """Lithuania quotes the old manat for a week after its end: neither code has it, though AZN had begun."""
    good = quote("USD", "LTL", "2.9", "2006-01-03")
    assert believed((good, quote("AZN", "LTL", "0.00063", "2006-01-03")), provider="lb") == (good,)
    with pytest.raises(WrongDay, match="AZM was replaced by AZN"):
        believed((quote("AZN", "LTL", "0.00063", "2006-01-03"),), provider="lb")


def test_every_line_of_the_table() -> None:
    """Each names a provider, and a code with one predecessor at a ratio that a size can prove."""
    for key, lines in relabelled().items():
        facts = providers.load(key).PROVIDER
        for one in lines:
            assert one.old == predecessor(one.code)
            assert one.old.ratio is not None
            assert one.old.ended is not None
            assert one.old.ratio >= 1000
            assert facts.since < one.old.ended <= one.before
            day = min(one.before, one.old.ended) - timedelta(days=1)
            old = Quote(one.code, facts.pivot, one.worth / one.old.ratio, day)
            assert with_old_codes((old,), key) == (old._replace(base=one.old.code),)
            new = old._replace(rate=one.worth)
            assert with_old_codes((new,), key) == (new,)


def test_what_is_left_out_is_counted(caplog: pytest.LogCaptureFixture) -> None:
    """The log names the publisher, the number and the currencies."""
    good, early = quote("USD", "SEK", "7.9", "1997-12-30"), quote("RUB", "SEK", "1.3", "1997-12-30")
    with caplog.at_level(logging.DEBUG, "rates.currencies"):
        believed((good, early), provider="rb")
    assert caplog.messages == ["rb: left out 1 of 2 quotes: not in use on their day: RUB"]


# The recorded list that gives a line of the table, and the quote in it.
RECORDED = [
    *(("lb", "1.xml", code, "LTL") for code in ("PLN", "RUB", "BGN", "RON", "MZN")),
    ("bdi", "1.csv", "EUR", "AFN"),
    ("nbk", "1.xml", "BYN", "KZT"),
    ("cba", "1.xml", "BYN", "AMD"),
    ("cba", "1.xml", "TJS", "AMD"),
]


@recordings
@pytest.mark.parametrize(("key", "file", "base", "symbol"), RECORDED)
def test_recorded(key: str, file: str, base: str, symbol: str) -> None:
    """The figure for one new unit is the publisher's own, of the recorded list."""
    quotes = providers.load(key).parse(body(f"{key}/{file}"))
    (rate,) = {quote.rate for quote in quotes if quote[:2] == (base, symbol)}
    (line,) = [one for one in relabelled()[key] if one.code in (base, symbol)]
    assert abs((rate if line.code == base else 1 / rate) / line.worth - 1) < Decimal("0.00001")
