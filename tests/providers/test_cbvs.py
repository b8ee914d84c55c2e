"""The Central Bank of Suriname: the last fixing of a day, a PDF of four columns, units of 100 guilders of Guyana."""

from __future__ import annotations

import json
import re
import zlib
from datetime import date
from decimal import Decimal

import pytest

from rates.errors import NoRates, ParseError
from rates.model import Query, Quote
from rates.providers import cbvs
from tests.providers.conversation import Case, ask, between, latest, on, specimen
from tests.providers.crosses import assert_crosses_agree
from tests.providers.pdf import page, pdf
from tests.providers.recordings import figures, official, recordings

LINES = (
    "GELDSOORT  AANKOOP* VERKOOP* AANKOOP* VERKOOP*",
    "U.S. DOLLAR (USD) 38,102   38,240   37,900   37,995",
    "EURO (EUR) 42,540   43,102   42,500   42,801",
    " ",
    "GUYANA DOLLAR (GYD PER 100 ) 18,104   18,460   17,910   18,266",
    "N.B. Bovenstaande koersen betreffen de gewogen gemiddelde aan- verkoopkoersen van de USD en EUR",
    "Geldig op: 29-10-2026",
    "10 gram 107.743,51",
    "WISSELKOERSNOTERINGEN IN SRD",
    "WISSELS, CHEQUES",
    "EN OVERMAKINGEN",
    "29 OKTOBER 2026 VASTGESTELD OMSTREEKS 15:00U EN GELDIG TOT NADER ORDER",
    "BANKPAPIER",
)


def sheet(*lines: str) -> bytes:
    """A sheet of these lines, compressed as the bank's are."""
    content = re.search(rb"stream\n(.*)\nendstream", pdf(lines), re.DOTALL)
    assert content
    return page(zlib.compress(content[1]), b"/Filter /FlateDecode")


PAGE, SHEET = specimen("cbvs/page.html"), sheet(*LINES)
WEDNESDAY, THURSDAY = date(2026, 10, 28), date(2026, 10, 29)
FOLDER = "https://www.cbvs.sr/images/content/publicaties/Wisselkoersen/2026/"

CASE = Case(latest("SRD"), (PAGE, SHEET), b"", html=True, packed=True)


def test_latest() -> None:
    """Today's last fixing is not out, so that yesterday's is the newest; the middle of transfers, GYD per 100."""
    quotes, urls = ask("cbvs", latest("SRD"), PAGE, SHEET)
    assert urls == [cbvs.PAGE, f"{FOLDER}DO261029%2015.00%20uu.pdf"]
    assert quotes == tuple(
        Quote(code, "SRD", Decimal(rate), THURSDAY)
        for code, rate in (("USD", "38.171"), ("EUR", "42.821"), ("GYD", "0.18282"))
    )


def test_range() -> None:
    """A range takes the last fixing of each day, whichever it is of a day that is over."""
    other = sheet(*(line.replace("29 OKTOBER", "28 OKTOBER") for line in LINES))
    quotes, urls = ask("cbvs", between(WEDNESDAY, THURSDAY, "SRD"), PAGE, SHEET, other)
    assert urls[1:] == [f"{FOLDER}DO261029%2015.00%20uu.pdf", f"{FOLDER}DO261028%2012.30%20uur.pdf"]
    assert {quote.day for quote in quotes} == {WEDNESDAY, THURSDAY}


def test_a_day_that_is_not_listed_has_no_rates() -> None:
    """The page lists the days of some weeks; older ones are in files that are not read."""
    with pytest.raises(NoRates):
        ask("cbvs", on(date(2026, 10, 12), "SRD"), PAGE)
    with pytest.raises(NoRates):
        ask("cbvs", on(date(2026, 8, 3), "SRD"))


@pytest.mark.parametrize(
    ("number", "new"),
    [
        (0, "GELDSOORT AANKOOP* VERKOOP*"),
        (1, "U.S. DOLLAR (USD) 38,102   38,240   37,900"),
        (1, "U.S. DOLLAR (USD) 38,240   38,102   37,900   37,995"),
        (1, "U.S. DOLLAR (USD) 0,000   38,240   37,900   37,995"),
        (4, "GUYANA DOLLAR (GYD PER 10 ) 18,104   18,460   17,910   18,266"),
        (5, "Bovenstaande koersen"),
        (9, "BANKPAPIER"),
        (11, "29 OKTBER 2026 VASTGESTELD OMSTREEKS 15:00U"),
    ],
)
def test_damage_of_the_sheet_is_refused(number: int, new: str) -> None:
    """Other columns, sides that are lacking or crossed, unknown units, and a sheet without its day are errors."""
    lines = list(LINES)
    lines[number] = new
    with pytest.raises(ParseError):
        ask("cbvs", latest("SRD"), PAGE, sheet(*lines))


@pytest.mark.parametrize(("old", "new"), [(b"DO261028%20", b"DO26102%20"), (b"</html>", b""), (b"/DO26", b"/XX26")])
def test_damage_of_the_page_is_refused(old: bytes, new: bytes) -> None:
    """A page that names sheets without linking to them, or that does not end, is an error."""
    with pytest.raises(ParseError):
        ask("cbvs", latest("SRD"), PAGE.replace(old, new))


def recorded_sheet() -> tuple[bytes, bytes]:
    """The content of the recorded sheet, inflated, and a page with it.

    The recording lacks the fonts, so that a font of this page stands in for both of them.
    """
    body = official("cbvs/DO260907_15.00_uur_cut.pdf")
    begun = re.search(rb"/Length (\d+)>>\s*stream\r\n", body)
    assert begun
    content = zlib.decompress(body[begun.end() : begun.end() + int(begun[1])])
    return content, page(content.replace(b"/F2 ", b"/F1 "))


@recordings
def test_recorded() -> None:
    """Every row of the recorded sheet, read a second time from its drawing operators, and crosses that agree."""
    content, body = recorded_sheet()
    listing, day = official("cbvs/dagelijkse-publicaties_2026-09-09_cut.html"), date(2026, 9, 7)
    quotes, urls = ask("cbvs", Query("SRD", (), day, day, date(2026, 9, 9)), listing, body)
    assert urls[1] == f"{FOLDER}DO260907%2015.00%20uur.pdf"
    found = figures(quotes)
    drawn: dict[str, list[tuple[float, str]]] = {}
    for x, y, parts in re.findall(rb"1 0 0 1 ([\d.]+) ([\d.]+) Tm(?:(?!ET).)*?\[(.*?)\] TJ", content, re.DOTALL):
        text = b"".join(re.findall(rb"\(((?:\\.|[^()\\])*)\)", parts)).decode("cp1252").replace("\\", "")
        drawn.setdefault(y.decode(), []).append((float(x), text.strip()))
    expected = {}
    for row in map(sorted, drawn.values()):
        cells = [text for _, text in row if text]
        if match := re.search(r"\(([A-Z]{3})( PER 100 )?\)?$", cells[0]) if cells else None:
            buy, sell = (Decimal(cell.split()[0].replace(",", ".")) for cell in cells[1:3])
            expected[match[1], "SRD", day] = (buy + sell) / 2 / (100 if match[2] else 1)
    assert found == expected
    assert len(found) == 11
    for known in json.loads(official("cbvs/expected.json"), parse_float=Decimal)["read_off_the_recording"]:
        assert found[known["base"], "SRD", day] == known["rate"]
    assert_crosses_agree(found, "SRD", least=4)
