"""The Bank of the Republic of Burundi: pages of links, a PDF a day, French names, links that lead nowhere."""

from __future__ import annotations

import re
import sys
from datetime import date
from decimal import Decimal

import pytest

from rates.errors import EmptyAnswer, HtmlAnswer, NoRates, ParseError, Unsupported
from rates.model import Quote
from rates.providers import brb
from tests.providers.conversation import PAGE as MAINTENANCE
from tests.providers.conversation import Case, ask, between, latest, on
from tests.providers.crosses import assert_crosses_agree
from tests.providers.pdf import pdf
from tests.providers.recordings import asked, body, codes, in_sample, recordings, replay

FOLDER = "https://www.brb.bi/sites/default/files/2026-10/"
FRIDAY, THURSDAY, WEDNESDAY = (date(2026, 10, number) for number in (30, 29, 28))


def page(*days: date, suffix: str = "") -> bytes:
    """A page of links to the sheets of these days."""
    rows = "".join(
        f'<span><a href="/sites/default/files/{day:%Y-%m}/Cours%20de%20change%20du%20{day:%d-%m-%Y}{suffix}.pdf" '
        f'type="application/pdf">Cours de change du {day:%d-%m-%Y}.pdf</a></span>'
        for day in days
    )
    return f'<!DOCTYPE html><html><body><a href="/menu">Menu</a>{rows}<a href="?page=1">Next</a></body></html>'.encode()


ROWS = (
    "1 Dollar USA 2966,4371 2990,3600 3014,2829",
    "1 Yen Japonais* 18.6456 18.7960 18.9464",
    "1 DTS* 4054,1406 4086,8353 4119,5300",
)


def sheet(day: str, *rows: str) -> bytes:
    """The PDF of a day."""
    return pdf(
        [
            "BANQUE DE LA REPUBLIQUE",
            "MONNAIES ETRANGERES      Acheteur   Cours moyen jour      Vendeur",
            *rows,
            "* Monnaies non admises au change manuel",
            "C O U R S  O F F I C I E L S",
            f"     EN DATE DU {day}",
        ]
    )


PAGE = page(FRIDAY, THURSDAY, WEDNESDAY, date(2026, 10, 5))
SHEET = sheet("30 OCTOBRE  2026", *ROWS)
CASE = Case(latest("BIF"), (PAGE, SHEET), b"", html=True, packed=True)


def test_latest() -> None:
    """The printed middle of the newest sheet, with comma or point; the SDR under its French name."""
    quotes, urls = ask("brb", latest("BIF"), PAGE, SHEET)
    assert urls == [brb.PAGE, f"{FOLDER}Cours%20de%20change%20du%2030-10-2026.pdf"]
    assert quotes == (
        Quote("USD", "BIF", Decimal("2990.3600"), FRIDAY),
        Quote("JPY", "BIF", Decimal("18.7960"), FRIDAY),
        Quote("XDR", "BIF", Decimal("4086.8353"), FRIDAY),
    )


def test_accents_and_suffixes() -> None:
    """Months and names may have accents, file names a suffix after the day."""
    links = page(date(2026, 8, 31), date(2026, 8, 3), suffix="_0")
    answer = sheet("31 Août 2026", "1 Couronne Suédoise 315,1 317,7 320,2", *ROWS)
    quotes, urls = ask("brb", on(date(2026, 8, 31), "BIF"), page(FRIDAY), links, answer)
    assert urls[2].endswith("/2026-08/Cours%20de%20change%20du%2031-08-2026_0.pdf")
    assert quotes[0] == Quote("SEK", "BIF", Decimal("317.7"), date(2026, 8, 31))


def test_a_link_that_leads_nowhere_is_passed_over() -> None:
    """An empty body or a page in place of a PDF is no sheet; the one before holds. All so, and the error is named."""
    before = sheet("29 OCTOBRE 2026", *ROWS)
    for nothing in (b"", MAINTENANCE):
        quotes, _ = ask("brb", latest("BIF"), PAGE, nothing, before)
        assert {quote.day for quote in quotes} == {THURSDAY}
    with pytest.raises(EmptyAnswer):
        ask("brb", latest("BIF"), PAGE, MAINTENANCE, b"", b"")
    with pytest.raises(HtmlAnswer):
        ask("brb", between(FRIDAY, FRIDAY, "BIF"), page(FRIDAY, date(2026, 10, 1)), MAINTENANCE)


def test_range_asks_for_each_listed_day() -> None:
    """From the newest back, over as many pages as it takes."""
    pages = [page(FRIDAY, THURSDAY), page(WEDNESDAY, date(2026, 10, 27))]
    sheets = [sheet(f"{day} OCTOBRE 2026", *ROWS) for day in (29, 28)]
    quotes, urls = ask("brb", between(WEDNESDAY, THURSDAY, "BIF"), *pages, *sheets)
    assert urls == [
        brb.PAGE,
        f"{brb.PAGE}?page=1",
        *(f"{FOLDER}Cours%20de%20change%20du%20{day}-10-2026.pdf" for day in (29, 28)),
    ]
    assert {quote.day for quote in quotes} == {WEDNESDAY, THURSDAY}


def test_old_days_are_looked_for_further_down() -> None:
    """A page of the list holds some fifteen working days; when that is too far down, the list is read from its head."""
    day = date(2025, 10, 30)
    links = page(date(2025, 11, 3), day, date(2025, 10, 20))
    answer = sheet("30 OCTOBRE 2025", *ROWS)
    _, urls = ask("brb", on(day, "BIF"), links, answer)
    assert urls[0] == f"{brb.PAGE}?page=12"
    _, urls = ask("brb", on(day, "BIF"), page(date(2025, 1, 6)), links, answer)
    assert urls[:2] == [f"{brb.PAGE}?page=12", brb.PAGE]
    _, urls = ask("brb", on(day, "BIF"), page(), links, answer)
    assert urls[:2] == [f"{brb.PAGE}?page=12", brb.PAGE]


def test_a_day_that_is_not_listed() -> None:
    """No sheet within a week of the day: the bank lists none."""
    with pytest.raises(NoRates):
        ask("brb", on(date(2026, 10, 20), "BIF"), PAGE)


@pytest.mark.parametrize(
    "answer",
    [
        pdf(["nothing"]),
        sheet("30 OCTOBER 2026", *ROWS),
        sheet("", *ROWS),
        sheet("30 OCTOBRE 2026", "1 Dollar Lunaire 1 2 3", *ROWS),
        sheet("30 OCTOBRE 2026", "1 Dollar USA 2990,3600 3014,2829", *ROWS),
        sheet("30 OCTOBRE 2026", "1 Dollar USA 2990,36 2966,43 3014,28", *ROWS),
        sheet("30 OCTOBRE 2026", "1 Dollar USA 0 0 0", *ROWS),
        pdf(["Acheteur Cours moyen jour Vendeur", *ROWS, "EN DATE DU 30 OCTOBRE 2026"]),
        pdf(["Vendeur Acheteur", *ROWS, "* Monnaies", "EN DATE DU 30 OCTOBRE 2026"]),
        b"%PDF-1.4 and no more",
    ],
)
def test_another_sheet_is_refused(answer: bytes) -> None:
    """A date, name, column or end that is not where it should be is named."""
    with pytest.raises(ParseError):
        ask("brb", latest("BIF"), PAGE, answer)


def test_a_cut_sheet_is_refused() -> None:
    """A PDF has its index at its end: without that nothing is read."""
    for cut in range(1, len(SHEET) - 8, 11):
        with pytest.raises(ParseError):
            ask("brb", latest("BIF"), PAGE, SHEET[:cut])


def test_without_the_library_the_command_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra is optional; who lacks it reads what to install."""
    monkeypatch.setitem(sys.modules, "pypdf", None)
    with pytest.raises(Unsupported, match=r"pypdf.*pip install 'fetch-rates\[pdf\]'"):
        ask("brb", latest("BIF"), PAGE, SHEET)


@recordings
def test_recorded() -> None:
    """Every line of three sheets, by the order of their lines; a second text of the PDF by its layout."""
    pypdf = pytest.importorskip("pypdf")
    from io import BytesIO

    found = replay("brb", asked("2026-05-20", "2026-05-22", "BIF"))
    order = re.findall("...", "CADDKKJPYNOKGBPSEKUSDCHFEURKESXDRZARAUDTZSUGXRWFCNYKWDSAR")
    expected = {}
    for number, day in ((2, 20), (3, 21), (4, 22)):
        reader = pypdf.PdfReader(BytesIO(body(f"brb/{number}.pdf")))
        text = reader.pages[0].extract_text(extraction_mode="layout")
        rows = re.findall(r"[\d.,]{5,}\s+([\d.,]{5,})\s+[\d.,]{5,}\s*\n", text)
        for code, middle in zip(order, rows, strict=True):
            expected[code, "BIF", date(2026, 5, day)] = Decimal(middle.replace(",", "."))
    assert found == expected
    assert len(found) == 57
    assert codes(found) == in_sample("brb")
    assert_crosses_agree(found, "BIF")
