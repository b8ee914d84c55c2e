"""Bank of the Republic of Burundi: official rates, from its daily sheet.

Publishes: 18 currencies and the SDR each working day by about 9:00 Bujumbura time; listed since 2024-09-02.
Quoted: the middle rate of the day, printed between buying and selling; Burundi francs for one unit.
Answer: pages of links, newest first, to a PDF a day, with French names and decimal commas or points.
Source: https://www.brb.bi/en/affichagetoustauxchange

PDF is read by the library pypdf (pip install 'fetch-rates[pdf]'). A star after a name means that the currency is not
dealt in as cash. A link may lead to nothing or to what is no PDF: that day's sheet was never published, and the one
before holds.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator
from datetime import date
from decimal import Decimal

from rates import readers
from rates.errors import EmptyAnswer, HtmlAnswer, NoRates, RatesError
from rates.model import Provider, Query, Quote, Reply, Request
from rates.providers import Steps
from rates.providers._html import whole
from rates.providers._optional import pdf_text
from rates.providers._workbooks import absolute

PROVIDER = Provider(
    name="Bank of the Republic of Burundi",
    country="BI",
    pivot="BIF",
    rate_type="mid of buying and selling",
    published="09:00 Africa/Bujumbura",
    since=date(2024, 9, 2),
    max_days=1,
    spacing_s=0.5,
)

PAGE = "https://www.brb.bi/en/affichagetoustauxchange"
A_PAGE = 15  # links on a page
MOST_PAGES = 100  # of links; four times as many as there are now

NAMES = {
    "dollar canadien": "CAD",
    "couronne danoise": "DKK",
    "yen japonais": "JPY",
    "couronne norvegienne": "NOK",
    "livre sterling": "GBP",
    "couronne suedoise": "SEK",
    "dollar usa": "USD",
    "franc suisse": "CHF",
    "euro": "EUR",
    "shilling kenyan": "KES",
    "dts": "XDR",
    "rand sud-africain": "ZAR",
    "dollar australien": "AUD",
    "shilling tanzanien": "TZS",
    "shilling ougandais": "UGX",
    "franc rwandais": "RWF",
    "yuan renmimbi": "CNY",
    "yuan renminbi": "CNY",
    "dinar kowetien": "KWD",
    "dinar koweitien": "KWD",
    "riyal saoudien": "SAR",
}
MONTHS = {
    name: number
    for number, name in enumerate(
        (
            *("janvier", "fevrier", "mars", "avril", "mai", "juin"),
            *("juillet", "aout", "septembre", "octobre", "novembre", "decembre"),
        ),
        start=1,
    )
}
NO_ACCENTS = str.maketrans("éèêëïîûôÉÈÊÛÔ", "eeeeiiuoEEEUO")

_NAMED = re.compile(r"\bCours de change du \d")
_LINK = re.compile(r"(\d{1,2}-\d{1,2}-\d{4})[^/]*\.pdf$", re.IGNORECASE)
_DATE = re.compile(r"EN DATE DU\s+(\d{1,2})\s+([A-Z]+)\s+(\d{4})", re.IGNORECASE)
_ROW = re.compile(r"(\d+) (\D+?) ?\*? ([\d.,]+) ([\d.,]+) ([\d.,]+)")


def steps(query: Query) -> Steps:
    """The pages of links down to the days asked for, then the sheet of each day, or of the newest."""
    first, last = query.span(PROVIDER.gap_days)
    listed = yield from _listed(first, last, 0 if query.end is None else (query.today - last).days)
    quotes: list[Quote] = []
    failed: RatesError | None = None
    for day in sorted(listed, reverse=True):
        try:
            reply = yield Request(listed[day])
        except (EmptyAnswer, HtmlAnswer) as error:
            failed = error
            continue
        quotes += parse(reply.body)
        if query.kind != "range":
            break
    if failed and not quotes:
        raise failed
    if not quotes:
        raise NoRates(f"lists no sheet from {first} to {last}")
    return quotes


def _listed(first: date, last: date, ago_days: int) -> Generator[Request, Reply, dict[date, str]]:
    """The addresses of the sheets of these days, looked for from where they would be with a sheet each other day."""
    found: dict[date, str] = {}
    page = start = ago_days // 2 // A_PAGE
    for _ in range(MOST_PAGES):
        reply = yield Request(PAGE, params=(("page", str(page)),) if page else (), html=True)
        links = _links(reply.body)
        if page == start > 0 and (not links or max(links) < last):
            page = start = 0  # there are fewer sheets than thought
            continue
        if not links and not page:
            raise ValueError("the page links to no sheet of a day")
        found |= {day: address for day, address in links.items() if first <= day <= last}
        if not links or min(links) <= first:
            return found
        page += 1
    raise ValueError(f"more than {MOST_PAGES} pages of links")


def _links(page: bytes) -> dict[date, str]:
    """The address of each day's sheet; a sheet that is named without one shows that the page is damaged."""
    text = whole(page)
    found = [(match, href) for href, _ in readers.links(text) if (match := _LINK.search(href))]
    if len(found) < len(_NAMED.findall(text)):
        raise ValueError("the page names sheets that it does not link to")
    return {readers.day(match[1], "D-M-Y"): absolute(PAGE, href) for match, href in found}


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of a day's sheet; a page of links has none."""
    if readers.is_html(body):
        if not _links(body):
            raise ValueError("the page links to no sheet of a day")
        return []
    return list(_quotes(pdf_text(body).translate(NO_ACCENTS)))


def _quotes(text: str) -> Iterator[Quote]:
    """The lines from the headings to the footnote, each a currency."""
    dated = _DATE.search(text)
    head, begun, rest = text.partition("Vendeur")
    table, ended, _ = rest.partition("* Monnaies")
    if not dated or not begun or not ended or "Cours moyen jour" not in head:
        raise ValueError("the sheet has no date, no headings or no end")
    day = date(int(dated[3]), MONTHS[dated[2].lower()], int(dated[1]))
    for line in filter(None, (" ".join(line.split()) for line in table.splitlines())):
        row = _ROW.fullmatch(line)
        code = NAMES.get(row[2].lower()) if row else None
        if not row or not code:
            raise ValueError(f"no known currency: {line!r}")
        yield Quote(code, "BIF", readers.per_unit(_middle(row), int(row[1])), day)


def _middle(row: re.Match[str]) -> Decimal:
    """The printed middle, which must lie between its sides: columns are told apart by nothing else."""
    buy, middle, sell = (readers.number(row[place], comma=True) for place in (3, 4, 5))
    if not 0 < buy <= middle <= sell:
        raise ValueError(f"no middle between its sides: {row[0]!r}")
    return middle
