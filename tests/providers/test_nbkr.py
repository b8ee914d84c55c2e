"""The National Bank of the Kyrgyz Republic: a daily and a weekly list, nominals, and a rouble that is no more."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates.errors import AnswerError, NoRates, ParseError, Unsupported
from rates.model import Query, Quote
from tests.providers.conversation import ask, between, case, latest, on, specimen
from tests.providers.recordings import Figures, body, codes, dotted, in_sample, recordings, replay

CASE = case("nbkr", "KGS", "87,4410", "daily.xml", "weekly.xml")

DAILY, WEEKLY = specimen("nbkr/daily.xml"), specimen("nbkr/weekly.xml")
PAST = specimen("nbkr/past.html")
PAGE = "https://www.nbkr.kg/index1.jsp?item=1562&lang=ENG&valuta_id="


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


def test_one_day() -> None:
    """The page of each currency asked for, from two weeks before on, since rates were once set weekly."""
    quotes, urls = ask("nbkr", on(date(2026, 10, 20), "USD", "KGS"), PAST)
    window = "beg_day=06&beg_month=10&beg_year=2026&end_day=20&end_month=10&end_year=2026"
    assert urls == [f"{PAGE}15&{window}"]
    assert quotes == (
        Quote("USD", "KGS", Decimal("87.4405"), date(2026, 10, 20)),
        Quote("USD", "KGS", Decimal("87.4391"), date(2026, 10, 17)),
        Quote("USD", "KGS", Decimal("87.4302"), date(2026, 10, 16)),
    )
    _, urls = ask("nbkr", on(date(2026, 10, 20), "KGS"), PAST, PAST, PAST)
    assert urls == [f"{PAGE}{number}&{window}" for number in (15, 20, 44)]


def test_a_range() -> None:
    """Days before the range are asked for and left out; a long one is split into the largest pages."""
    quotes, _ = ask("nbkr", between(date(2026, 10, 17), date(2026, 10, 20), "KGS", "EUR"), PAST)
    assert [(quote.base, quote.day.day) for quote in quotes] == [("EUR", 20), ("EUR", 17)]
    with pytest.raises(NoRates):
        ask("nbkr", between(date(2026, 10, 21), date(2026, 10, 22), "KGS", "EUR"), PAST)
    older = PAST.replace(b".10.2026", b".10.2025")
    quotes, urls = ask("nbkr", between(date(2025, 10, 16), date(2026, 10, 20), "KGS", "RUB"), older, PAST)
    assert len(urls) == 2
    assert "beg_day=02&beg_month=10&beg_year=2025&end_day=02&end_month=10&end_year=2026" in urls[0]
    assert "beg_day=19&beg_month=09&beg_year=2026&end_day=20&end_month=10&end_year=2026" in urls[1]
    assert [str(quote.day) for quote in quotes] == ["2025-10-20", "2025-10-17", "2025-10-16", *PAST_DAYS]


PAST_DAYS = ["2026-10-20", "2026-10-17", "2026-10-16"]


def test_no_other_currency_has_a_past() -> None:
    """The page does not state the units of the others' past rates, so these are not guessed."""
    with pytest.raises(Unsupported, match="past rates of USD, EUR, RUB alone, not of KZT"):
        ask("nbkr", on(date(2026, 10, 20), "KGS", "KZT"))


def test_pages_that_cannot_be() -> None:
    """A page without rows, of other days, with a mark too few, or cut anywhere is refused."""
    empty = PAST[: PAST.index(b"<tr>")] + b"</table>"
    wrongs = [empty, PAST.replace(b".10.", b".09."), PAST.replace(b"<!--date-->", b"<!--data-->", 1)]
    table = PAST.index(b"</table>")
    wrongs += [PAST[:cut] for cut in range(0, table + 7, 7)]
    for wrong in wrongs:
        with pytest.raises(AnswerError):
            ask("nbkr", on(date(2026, 10, 20), "KGS", "USD"), wrong)


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
    assert codes(found) == in_sample("nbkr") - {"BYR"}
    assert len(found) == len(expected) - 1


@recordings
@pytest.mark.parametrize(("code", "number"), [("USD", 1), ("EUR", 2)])
def test_recorded_past(code: str, number: int) -> None:
    """Every pair of cells of the recorded page, found by what a cell is, not by the comments around it."""
    query = Query("KGS", (code,), date(2005, 6, 15), date(2005, 6, 30), date(2026, 5, 24))
    found = replay("nbkr", query, "nbkr_historical")
    cells = re.findall(r">([\d.,]+)<", body(f"nbkr_historical/{number}.html").decode())
    expected = {
        (code, "KGS", dotted(day)): Decimal(rate.replace(",", "."))
        for day, rate in zip(cells[::2], cells[1::2], strict=True)
    }
    assert len(expected) == 4
    assert found == {where: rate for where, rate in expected.items() if where[2] >= query.start}
    assert len(found) == 2
