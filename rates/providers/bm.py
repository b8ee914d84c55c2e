"""Bank of Mozambique: reference rates of the foreign exchange market.

Publishes: 19 currencies each working day at about 16:00, in bulletins that reach back to 2018.
Quoted: the printed mean (before November 2020 the middle) of buying and selling rates, meticals for 1 or 1000 units.
Answer: pages of links, then a PDF a day of uncompressed text in hex strings; Portuguese names and decimal comma.
Source: https://www.bancomoc.mz/pt/areas-de-actuacao/mercados/mercado-cambial/

The dollar is fixed at 15:30 from what the banks report; the others are crosses with Reuters' rates, of two decimals.
The Zimbabwean row is left out: its figure has not changed since 2019, and fits no dollar of that country.
"""

import re
from collections import defaultdict
from decimal import Decimal

from rates.providers.kit import Iterable, Provider, Query, Quote, Steps, date, get, not_empty, window
from rates.readers import (
    absolute,
    counted,
    day,
    is_html,
    links,
    midpoint,
    months,
    named,
    number,
    per_unit,
    searched,
    whole_page,
)

PROVIDER = Provider(
    name="Bank of Mozambique",
    country="MZ",
    pivot="MZN",
    rate_type="reference",
    published="about 16:00 Africa/Maputo",
    since=date(2018, 1, 2),
    spacing_s=0.5,
    restriction="consent",
    terms="https://www.bancomoc.mz/ (any but private or internal use needs written permission)",
)

PAGE = "https://www.bancomoc.mz/pt/areas-de-actuacao/mercados/mercado-cambial/"
MONTHS = months("janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro")
COUNTRIES = {
    "Estados Unidos": "USD",
    "Àfrica do Sul": "ZAR",
    "África do Sul": "ZAR",
    "Botswana": "BWP",
    "eSwatini": "SZL",
    "Swazilândia": "SZL",
    "Mauricias": "MUR",
    "Zâmbia": "ZMW",
    "Japão": "JPY",
    "Malawi": "MWK",
    "Tanzânia": "TZS",
    "Zimbabwe": "",
    "Brasil": "BRL",
    "Canada": "CAD",
    "China/Offshore": "CNH",
    "China": "CNY",
    "Dinamarca": "DKK",
    "Inglaterra": "GBP",
    "Noruega": "NOK",
    "Suécia": "SEK",
    "Suíça": "CHF",
    "União Europeia": "EUR",
}

_LISTING = re.compile(r"/tabelas-de-taxas-de-cambio-de-referencia-diarias/(\d{4})-(\d{4})/$")
_BULLETIN = re.compile(r"/media/[^/]+/[^/]*?(\d{8})\.pdf$")
_STREAM = re.compile(rb"stream\r?\n(.*?)endstream.*?obj\s+(\d+)\s+endobj", re.DOTALL)
_PIECE = re.compile(rb"BT\s+([\d.]+)\s+([\d.]+)\s+Td\s+0\s+Tw\s+<((?:[0-9A-F]{2}|\s)*)>\s*Tj\s+ET")
_HEADING = re.compile(r"DO DIA\s+(\d{1,2})\s+(?:de\s+)?(\w+)\s+de\s+(\d{4})")
_PART = re.compile(r"\d\.\d\.\d\b")
_UNITS = re.compile(r"Meticais por (?:(\d+) )?Unidade")
HEAD = "PAÍSES"
END = "3. OUTRAS INFORMA"  # what follows are no rates of exchange


def steps(query: Query) -> Steps:
    """The page for its lists of some years each, those lists, then the bulletins of a range, or the newest one."""
    first, last = window(query, PROVIDER)
    page = yield get(PAGE, html=True)
    bulletins: dict[date, str] = {}
    for listing in _listings(page.body, first, last):
        listed = yield get(listing, html=True)
        bulletins |= _bulletins(listed.body)
    days = sorted(on for on in bulletins if first <= on <= last)
    quotes: list[Quote] = []
    for on in days if query.kind == "range" else days[-1:]:
        bulletin = yield get(bulletins[on])
        found = list(parse(bulletin.body))
        if {quote.day for quote in found} != {on}:
            raise ValueError(f"the bulletin of {on} is headed {found[0].day if found else 'by no day'}")
        quotes += found
    return not_empty(quotes, first, last)


def _listings(page: bytes, first: date, last: date) -> list[str]:
    """The lists of bulletins of those years; the newest may hold years that are not in its name yet."""
    found = {
        absolute(PAGE, href): sorted(map(int, years.groups()))
        for href, _ in links(whole_page(page))
        if (years := _LISTING.search(href))
    }
    if not found:
        raise ValueError("the page links to no list of bulletins")
    newest = max(end for _, end in found.values())
    return [url for url, (begin, end) in found.items() if begin <= last.year and (first.year <= end or end == newest)]


def _bulletins(page: bytes) -> dict[date, str]:
    """The bulletins' addresses by day, from the names of the files."""
    found = {
        day(name[1], "DMY"): absolute(PAGE, href)
        for href, _ in reversed(links(whole_page(page)))  # of two of a day, the first
        if (name := _BULLETIN.search(href))
    }
    if not found:
        raise ValueError("the list links to no bulletin")
    return found


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of a bulletin; pages of links have none."""
    if is_html(body):
        return
    lines = _lines(body)
    written = searched(_HEADING, " ".join(lines), "heading with a day")
    on = day(f"{written[1]}.{written[2]}.{written[3]}", "D.M.Y", MONTHS)
    begin, end = _place(lines, HEAD), _place(lines, END)
    due = 3 if lines[begin].endswith("MÉDIA") else 2
    units = 1
    for line in lines[begin + 1 : end]:
        name, *cells = re.split(r"\s{2,}", line)
        figures = [number(cell, comma=True, thousands=".") for cell in cells if re.search(r"\d", cell)]
        if _PART.match(line) or _UNITS.search(line):
            units = int(searched(_UNITS, line, f"units in {line!r}")[1] or 1)
        elif figures and (code := named(COUNTRIES, name.removesuffix("(a)"))):
            rate = counted(figures, due, "rates")[2] if due == 3 else midpoint(*figures)
            yield Quote(code, "MZN", per_unit(rate, units), on)


def _place(lines: list[str], begin: str) -> int:
    """The place of the first line that begins with those words."""
    for place, line in enumerate(lines):
        if line.startswith(begin):
            return place
    raise ValueError(f"the bulletin has no line {begin}")


def _lines(body: bytes) -> list[str]:
    """The text of the bulletin by line, from the top; pieces on the same height are one line."""
    stream = _STREAM.search(body)
    if not stream or len(stream[1]) != int(stream[2]) or not body.rstrip().endswith(b"%%EOF"):
        raise ValueError("expected a whole PDF of plain text")
    found = defaultdict(list)
    for across, height, written in counted(_PIECE.findall(stream[1]), stream[1].count(b"Tj"), "pieces of text"):
        text = bytes.fromhex(written.decode("ascii")).decode("cp1252")
        found[Decimal(height.decode("ascii"))].append((Decimal(across.decode("ascii")), text))
    return ["".join(text for _, text in sorted(found[height])).strip() for height in sorted(found, reverse=True)]
