"""The Bank of Russia: windows-1251, decimal comma, nominals up to a million, metals in grams."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from rates.conversion import effective
from rates.errors import ErrorAnswer, NoRates, ParseError, Unsupported
from rates.model import Query, Quote
from rates.providers import cbr
from tests.providers.conversation import ask, between, case, latest, on, specimen

CASE = case("cbr", "RUB", "80,9713", "daily.xml")

FOLDER = "https://www.cbr.ru/scripts/"
LIST, OLD = specimen("cbr/daily.xml"), specimen("cbr/daily-2002.xml")
SATURDAY = date(2026, 10, 31)
START, END = date(2026, 10, 28), date(2026, 10, 30)
WINDOW = "date_req1=28/10/2026&date_req2=30/10/2026"


def test_latest_is_tomorrows_list() -> None:
    """Without a day the bank gives the last list it set, on a Friday that of Saturday; digits stay as printed."""
    quotes, urls = ask("cbr", latest("RUB"), LIST)
    assert urls == [FOLDER + "XML_daily.asp"]
    assert quotes == (
        Quote("USD", "RUB", Decimal("80.9713"), SATURDAY),
        Quote("HUF", "RUB", Decimal("0.234030"), SATURDAY),
        Quote("IRR", "RUB", Decimal("0.0000588139"), SATURDAY),
    )
    assert str(quotes[1].rate) == "0.234030"
    assert len(effective(quotes, cbr.PROVIDER, latest("RUB"))) == 3


def test_a_day_without_unit_rates() -> None:
    """Old lists have only value and nominal, and answer for a day with the rates in force on it."""
    quotes, urls = ask("cbr", on(date(2002, 3, 4), "RUB"), OLD)
    assert urls == [FOLDER + "XML_daily.asp?date_req=04/03/2002"]
    assert quotes == (
        Quote("USD", "RUB", Decimal("30.9436"), date(2002, 3, 2)),
        Quote("HRK", "RUB", Decimal("3.60512"), date(2002, 3, 2)),
    )


def test_the_names_are_true_windows_1251() -> None:
    """The specimen has the bank's own encoding, which the XML declaration names."""
    assert "Доллар США".encode("cp1251") in LIST


def test_a_range_asks_for_each_named_currency() -> None:
    """Lists of the first and last day give the numbers; then one request a symbol, and the metals when one is named."""
    query = between(START, END, "RUB", "USD", "XAU")
    quotes, urls = ask("cbr", query, LIST, LIST, specimen("cbr/usd.xml"), specimen("cbr/metals.xml"))
    assert urls == [
        FOLDER + "XML_daily.asp?date_req=28/10/2026",
        FOLDER + "XML_daily.asp?date_req=30/10/2026",
        FOLDER + f"XML_dynamic.asp?{WINDOW}&VAL_NM_RQ=R01235",
        FOLDER + f"xml_metall.asp?{WINDOW}",
    ]
    assert quotes == (
        Quote("USD", "RUB", Decimal("79.8174"), START),
        Quote("USD", "RUB", Decimal("80.9713"), END),
        Quote("XAU", "RUB", Decimal("326198.3350095360"), END),
        Quote("XAG", "RUB", Decimal("3925.25877216"), END),
    )


def test_a_range_of_all_currencies_has_those_that_ended() -> None:
    """A currency of the first day's list is asked for even when the last day's lacks it."""
    query = between(START, END, "RUB")
    empties = [specimen("cbr/none.xml").replace(b"R01235", number) for number in (b"R01375", b"R01300")]
    answers = specimen("cbr/usd.xml"), empties[0], specimen("cbr/huf.xml"), empties[1], specimen("cbr/no-metals.xml")
    quotes, urls = ask("cbr", query, OLD, LIST, *answers)
    assert [url[-6:] for url in urls[2:6]] == ["R01235", "R01375", "R01135", "R01300"]
    assert {quote.base for quote in quotes} == {"USD", "HUF"}
    assert quotes[-1] == Quote("HUF", "RUB", Decimal("0.234030"), END)


def test_another_currencys_records_are_refused() -> None:
    """Records name no currency: those of another number than was asked for would be its rates under a wrong name."""
    with pytest.raises(ParseError, match="expected the records of USD, R01235, got those of 'R01135'"):
        ask("cbr", between(START, END, "RUB", "USD"), LIST, LIST, specimen("cbr/huf.xml"))


def test_a_range_without_records_is_no_rates() -> None:
    """Lists without records are the bank's word that it set nothing."""
    with pytest.raises(NoRates):
        ask("cbr", between(START, END, "RUB", "USD"), LIST, LIST, specimen("cbr/none.xml"))


def test_a_range_of_unknown_symbols_is_unsupported() -> None:
    """What neither list names is not asked for."""
    with pytest.raises(Unsupported, match="ZWG"):
        ask("cbr", between(START, END, "RUB", "ZWG"), LIST, LIST)


@pytest.mark.parametrize("query", [on(END, "RUB"), between(START, END, "RUB")])
def test_error_in_parameters(query: Query) -> None:
    """The well-formed list whose text is an error is reported as one."""
    with pytest.raises(ErrorAnswer, match="Error in parameters"):
        ask("cbr", query, specimen("cbr/error.xml"))


def test_an_unknown_metal_is_a_parse_error() -> None:
    """A new code is refused, since its currency is not known."""
    with pytest.raises(ParseError):
        ask(
            "cbr",
            between(START, END, "RUB", "XAU"),
            LIST,
            LIST,
            specimen("cbr/metals.xml").replace(b'Code="2"', b'Code="5"'),
        )
