"""The Bank of Mozambique: pages of links, then a PDF of plain text whose lines are cut into pieces."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates.errors import BadRate, HtmlAnswer, NoRates, ParseError
from rates.model import Quote
from rates.providers import bm
from tests.providers.conversation import PAGE as MAINTENANCE
from tests.providers.conversation import Case, ask, between, latest, on
from tests.providers.crosses import assert_crosses_agree
from tests.providers.recordings import SOURCES, figures, recordings

LISTS = "/pt/tabelas-de-taxas-de-cambio-de-referencia-diarias"
THURSDAY, FRIDAY = date(2026, 10, 29), date(2026, 10, 30)


def page(*links: str) -> bytes:
    """A page with these links."""
    anchors = "".join(f'<a href="{link}">x</a>' for link in links)
    return f"<html><body>{anchors}</body></html>".encode()


def address(day: date) -> str:
    """The link to a bulletin, with an entity in it."""
    return f"/media/q1w2/taxas-de-c&#226;mbio-{day:%d%m%Y}.pdf"


INDEX = page(f"{LISTS}/2026-2025/", f"{LISTS}/2024-2022/")
LIST = page(address(FRIDAY), address(THURSDAY), address(date(2026, 10, 28)))

HEAD = (
    (24.9, "PAÍSES                 MOEDAS  "),
    (238.8, "        COMPRA          VENDA  "),
    (452.7, "    MÉDIA"),
)
DOLLAR = ((24.9, "Estados Unidos(a)              "), (238.8, "        63,27           64,54  "), (452.7, "     63,91"))
LINES = (
    ((287.1, "MERCADO CAMBIAL"),),
    ((24.9, "1. TAXAS DE CÂMBIO MÉDIAS DE RE"), (238.8, "FERÊNCIA EM METICAIS DO DIA 30 "), (452.7, "Outubro")),
    ((45.6, "de 2026"),),
    HEAD,
    DOLLAR,
    ((24.9, "2.1.1 Meticais por Unidade de M"), (238.8, "oeda")),
    ((38.7, "eSwatini             Lilangue"), (238.8, "ni       3,93            4,01  "), (452.7, "      3,97")),
    ((24.9, "2.1.2 Meticais por 1000 Unidade"), (238.8, "s de Moeda")),
    ((38.7, "Japão                Iene    "), (238.8, "       396,53          404,49  "), (452.7, "    400,51")),
    ((38.7, "Zimbabwe             Dólar   "), (238.8, "       167,38          170,74  "), (452.7, "    169,06")),
    ((24.9, "2.2.1 Meticais por Unidade de M"), (238.8, "oeda")),
    ((38.7, "China/Offshore       Renminbi"), (238.8, "         9,41            9,60  "), (452.7, "      9,51")),
    ((24.9, "3. OUTRAS INFORMAÇÕES"),),
    ((24.9, "Compra.............  4.336,6000"), (238.8, "0")),
    ((231.9, "M"), (238.8, "aputo,  31.10.2026")),
)
Lines = tuple[tuple[tuple[float, str], ...], ...]


def bulletin(lines: Lines = LINES) -> bytes:
    """A PDF with these lines, each of pieces of text with their place across."""
    drawn = "".join(
        f"0 0 0.753 rg BT {across:.2f} {740 - 11.6 * row:.2f} Td 0 Tw <{text.encode('cp1252').hex().upper()}>Tj ET\r\n"
        for row, line in enumerate(lines)
        for across, text in line
    )
    head = "%PDF-1.3\r\n4 0 obj\r\n<<\r\n/Length 5 0 R\r\n>>\r\nstream\r\n"
    tail = f"endstream\r\nendobj\r\n5 0 obj\r\n{len(drawn)}\r\nendobj\r\nstartxref\r\n0\r\n%%EOF"
    return f"{head}{drawn}{tail}".encode("ascii")


def changed(old: str, new: str) -> bytes:
    """The bulletin with one text in place of another."""
    return bulletin(tuple(tuple((x, text.replace(old, new)) for x, text in line) for line in LINES))


CASE = Case(latest("MZN"), (INDEX, LIST, bulletin()), b"", html=True, packed=True)


def test_latest() -> None:
    """The newest bulletin: words that are split, rates for 1000 units, no gold and no Zimbabwean dollar."""
    quotes, urls = ask("bm", latest("MZN"), INDEX, LIST, bulletin())
    assert urls == [
        bm.PAGE,
        f"https://www.bancomoc.mz{LISTS}/2026-2025/",
        "https://www.bancomoc.mz/media/q1w2/taxas-de-c%C3%A2mbio-30102026.pdf",
    ]
    assert quotes == tuple(
        Quote(code, "MZN", Decimal(rate), FRIDAY)
        for code, rate in (("USD", "63.91"), ("SZL", "3.97"), ("JPY", "0.40051"), ("CNH", "9.51"))
    )


def test_a_range() -> None:
    """A bulletin for each day that the lists of those years have."""
    quotes, urls = ask(
        "bm", between(date(2024, 12, 1), FRIDAY, "MZN"), INDEX, page(address(FRIDAY)), page(address(THURSDAY)),
        changed("DIA 30", "DIA 29"), bulletin(),
    )  # fmt: skip
    assert [url.rpartition("/")[2][-12:-4] for url in urls[3:]] == ["29102026", "30102026"]
    assert {quote.day for quote in quotes} == {THURSDAY, FRIDAY}


def test_bulletins_without_a_mean() -> None:
    """Those before November 2020 have two columns, whose middle is taken."""
    lines = tuple(line[:2] if len(line) == 3 and "," in line[2][1] else line for line in LINES)
    quotes, _ = ask("bm", latest("MZN"), INDEX, LIST, bulletin((*lines[:3], HEAD[:2], *lines[4:])))
    assert {quote.base: quote.rate for quote in quotes} == {
        "USD": Decimal("63.905"),
        "SZL": Decimal("3.97"),
        "JPY": Decimal("0.40051"),
        "CNH": Decimal("9.505"),
    }


def test_days_without_a_bulletin() -> None:
    """None in the week before is no rates; lists that have no link are another page."""
    with pytest.raises(NoRates):
        ask("bm", on(date(2026, 9, 20), "MZN"), INDEX, LIST)
    for pages in ([page("/a")], [INDEX, page("/a")], [INDEX.replace(b"</html>", b"")]):
        with pytest.raises(ParseError):
            ask("bm", latest("MZN"), *pages)


def test_a_page_in_place_of_the_bulletin() -> None:
    """The address may have moved."""
    with pytest.raises(HtmlAnswer):
        ask("bm", latest("MZN"), INDEX, LIST, MAINTENANCE)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("DIA 30", "DIA 29"),
        ("Japão", "Japan"),
        ("63,91", "     "),
        ("63,27           64,54", "                64,54"),
        ("63,91", "n.d.1"),
        ("3. OUTRAS", "4. OUTRAS"),
        ("PAÍSES", "PAIS"),
        ("Outubro", "October"),
    ],
)
def test_another_text_is_refused(old: str, new: str) -> None:
    """Another day than the file's name has, an unknown country, a missing rate: a named error, no missing quote."""
    with pytest.raises(ParseError):
        ask("bm", latest("MZN"), INDEX, LIST, changed(old, new))


def test_a_rate_of_zero_is_refused() -> None:
    """A rate is positive."""
    with pytest.raises(BadRate):
        ask("bm", latest("MZN"), INDEX, LIST, changed("63,91", "00,00"))


def test_damaged_bytes_are_refused() -> None:
    """Cut anywhere, or with a digit that is none, a bulletin is an error."""
    whole = bulletin()
    for cut in range(1, len(whole) - 3, 40):
        with pytest.raises(ParseError):
            ask("bm", latest("MZN"), INDEX, LIST, whole[:cut])
    with pytest.raises(ParseError):
        ask("bm", latest("MZN"), INDEX, LIST, whole.replace(b"<4D45", b"<4D4x"))


OFFICIAL = SOURCES / "official" / "bm"


@recordings
def test_recorded() -> None:
    """The recorded bulletin by its recorded links: all rows whose last text is a number, read by height."""
    index, listing, pdf = (
        (OFFICIAL / name).read_bytes()
        for name in ("mercado-cambial.html", "listing_2026-2025.html", "taxas-de-cambio_2026-09-02.pdf")
    )
    quotes, urls = ask("bm", on(date(2026, 9, 2), "MZN"), index, listing, pdf)
    assert urls[-1].endswith("/prubk0qz/taxas-de-c%C3%A2mbio-de-refer%C3%AAncia-do-mercado-cambial-do-dia-02092026.pdf")
    last_column = re.findall(
        r"BT 452\.70 ([\d.]+) Td\s0\sTw\s<([0-9A-F]+)>", re.sub(r"\s+", " ", pdf.decode("latin-1"))
    )
    means = {Decimal(height): bytes.fromhex(text).decode("cp1252").strip() for height, text in last_column}
    written = [
        Decimal(text.replace(",", ".")) / (1000 if 430 < height < 470 else 1)
        for height, text in sorted(means.items(), reverse=True)
        if re.fullmatch(r"\d+,\d\d", text) and not 427 < height < 428  # the Zimbabwean dollar
    ]
    assert [quote.rate for quote in quotes] == written
    assert len(written) == 19
    rates = {quote.base: str(quote.rate) for quote in quotes}
    assert rates["USD"] == "63.91"
    assert (rates["EUR"], rates["ZAR"], rates["JPY"], rates["CNH"], rates["SZL"]) == (
        "74.01", "3.97", "0.40051", "9.51", "3.97",
    )  # fmt: skip
    assert_crosses_agree(figures(quotes), "MZN")
