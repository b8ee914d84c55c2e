"""The National Bank of the Kyrgyz Republic: a daily and a weekly list, nominals, and a rouble that is no more."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates.errors import AnswerError, ParseError
from rates.model import Query, Quote
from rates.providers import nbkr
from tests.providers.conversation import ask, case, latest, specimen
from tests.providers.recordings import Figures, body, codes, dotted, in_sample, recordings, replay

CASE = case("nbkr", "KGS", "87,4410", "daily.xml", "weekly.xml")

DAILY, WEEKLY = specimen("nbkr/daily.xml"), specimen("nbkr/weekly.xml")


def test_latest() -> None:
    """Both lists, each rate divided by its nominal; the rouble that Belarus has no more is left out."""
    quotes, urls = ask("nbkr", latest("KGS"), DAILY, WEEKLY)
    assert urls == ["https://www.nbkr.kg/XML/daily.xml", "https://www.nbkr.kg/XML/weekly.xml"]
    assert quotes == tuple(
        Quote(code, "KGS", Decimal(rate), date(2026, 10, 31))
        for code, rate in (
            ("USD", "87.4410"),
            ("EUR", "101.3012"),
            ("KZT", "0.1861"),
            ("GBP", "115.7013"),
            ("JPY", "0.54421"),
            ("IRR", "0.00007"),
        )
    )
    assert nbkr.PROVIDER.answers == ("latest",)


def test_lists_that_cannot_be() -> None:
    """A weekly list without currencies or cut, and one with a rate that is none, are refused."""
    empty = WEEKLY[: WEEKLY.index(b"<Currency ")] + b"</CurrencyRates>"
    for wrong in (empty, WEEKLY.replace(b"0,0007", b"0,000-"), WEEKLY.replace(b"<Nominal>10<", b"<Nominal>0<")):
        with pytest.raises(ParseError):
            ask("nbkr", latest("KGS"), DAILY, wrong)
    for cut in range(1, len(WEEKLY) - 1, 9):
        with pytest.raises(AnswerError):
            ask("nbkr", latest("KGS"), DAILY, WEEKLY[:cut])


@recordings
def test_recorded() -> None:
    """Every row of both lists but BYR's, divided by its nominal."""
    found = replay("nbkr", Query("KGS", today=date(2026, 5, 24)), "nbkr_live")
    expected: Figures = {}
    for number in (1, 2):
        text = body(f"nbkr_live/{number}.xml").decode("cp1251")
        day = dotted(re.findall(r'Date="([\d.]+)"', text)[0])
        row = r'ISOCode="(\w+)">\s*<Nominal>(\d+)<.*?<Value>([\d,]+)<'
        for code, nominal, rate in re.findall(row, text, re.DOTALL):
            expected[code, "KGS", day] = Decimal(rate.replace(",", ".")) / int(nominal)
    assert found == {key: rate for key, rate in expected.items() if key[0] != "BYR"}
    # The sample has a page of past rates too, which is not read: it adds no currency.
    assert codes(found) == in_sample("nbkr") - {"BYR"}
    assert len(found) == len(expected) - 1
