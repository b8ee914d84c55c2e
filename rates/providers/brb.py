"""Bank of the Republic of Burundi: official rates, from its daily sheet.

Publishes: 18 currencies and the SDR each working day by about 9:00 Bujumbura time; listed since 2024-09-02.
Quoted: the middle rate of the day, printed between buying and selling; Burundi francs for one unit.
Answer: pages of links, newest first, to a PDF a day, with French names and decimal commas or points.
Source: https://www.brb.bi/en/affichagetoustauxchange

PDF is read by the library pypdf (pip install 'fetch-rates[pdf]'). A star after a name means that the currency is not
dealt in as cash. A link may lead to an empty body or a web page: that day's sheet was never published, and the one
before holds.
"""

import re
from collections.abc import Generator

from rates.errors import EmptyAnswer, HtmlAnswer, RatesError
from rates.model import Provider, Query, Quote, Reply, Request
from rates.providers.kit import Iterable, Steps, date, get, not_empty, window
from rates.readers import absolute, day, is_html, links, matched, months, named, number, pdf_text, per_unit, whole_page

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
PER_PAGE = 15  # links
MOST_PAGES = 100  # of links; four times as many as there are now

NAMES = {
    "dollar canadien": "CAD", "couronne danoise": "DKK", "yen japonais": "JPY", "couronne norvegienne": "NOK",
    "livre sterling": "GBP", "couronne suedoise": "SEK", "dollar usa": "USD", "franc suisse": "CHF", "euro": "EUR",
    "shilling kenyan": "KES", "dts": "XDR", "rand sud-africain": "ZAR", "dollar australien": "AUD",
    "shilling tanzanien": "TZS", "shilling ougandais": "UGX", "franc rwandais": "RWF", "yuan renmimbi": "CNY",
    "yuan renminbi": "CNY", "dinar kowetien": "KWD", "dinar koweitien": "KWD", "riyal saoudien": "SAR",
}  # fmt: skip
MONTHS = months("janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre")
NO_ACCENTS = str.maketrans("éèêëïîûôÉÈÊÛÔ", "eeeeiiuoEEEUO")

_NAMED = re.compile(r"\bCours de change du \d")
_LINK = re.compile(r"(\d{1,2}-\d{1,2}-\d{4})[^/]*\.pdf$", re.IGNORECASE)
_DATE = re.compile(r"EN DATE DU\s+(\d{1,2}\s+[A-Z]+\s+\d{4})", re.IGNORECASE)
_ROW = re.compile(r"(\d{1,3}) (\D+?) ?\*? ([\d.,]++) ([\d.,]++) ([\d.,]++)")


def steps(query: Query) -> Steps:
    """The pages of links down to the days asked for, then the sheet of each day, or of the newest."""
    first, last = window(query, PROVIDER, tomorrow=True)
    listed = yield from _listed(first, last, max(0, (query.today - last).days))
    quotes: list[Quote] = []
    failed: RatesError | None = None
    for on in sorted(listed, reverse=True):
        try:
            reply = yield get(listed[on])
        except (EmptyAnswer, HtmlAnswer) as error:
            failed = error
            continue
        quotes += parse(reply.body)
        if query.kind != "range":
            break
    if failed and not quotes:
        raise failed
    return not_empty(quotes, first, last)


def _listed(first: date, last: date, ago_days: int) -> Generator[Request, Reply, dict[date, str]]:
    """The addresses of the sheets of these days, looked for from where they would be with a sheet each other day."""
    found: dict[date, str] = {}
    page = start = ago_days // 2 // PER_PAGE
    for _ in range(MOST_PAGES):
        reply = yield get(PAGE, {"page": page} if page else (), html=True)
        sheets = _sheets(reply.body)
        if page == start > 0 and (not sheets or max(sheets) < last):
            page = start = 0  # there are fewer sheets than assumed
            continue
        if not sheets and not page:
            raise ValueError("the page links to no sheet of a day")
        found |= {on: address for on, address in sheets.items() if first <= on <= last}
        if not sheets or min(sheets) <= first:
            return found
        page += 1
    raise ValueError(f"more than {MOST_PAGES} pages of links")


def _sheets(body: bytes) -> dict[date, str]:
    """The address of each day's sheet; a sheet that is named without one shows that the page is damaged."""
    page = whole_page(body)
    found = [(match[1], href) for href, _ in links(page) if (match := _LINK.search(href))]
    if len(found) < len(_NAMED.findall(page)):
        raise ValueError("the page names sheets that it does not link to")
    return {day(written, "D-M-Y"): absolute(PAGE, href) for written, href in found}


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of a day's sheet, a line each from the headings to the footnote; a page of links has none."""
    if is_html(body):
        if not _sheets(body):
            raise ValueError("the page links to no sheet of a day")
        return
    sheet = pdf_text(body).translate(NO_ACCENTS)
    dated = _DATE.search(sheet)
    head, begun, rest = sheet.partition("Vendeur")
    table, ended, _ = rest.partition("* Monnaies")
    if not dated or not begun or not ended or "Cours moyen jour" not in head:
        raise ValueError("the sheet has no date, no headings or no end")
    on = day(" ".join(dated[1].split()), "D M Y", MONTHS)
    for line in filter(None, (" ".join(line.split()) for line in table.splitlines())):
        row = matched(_ROW, line, "currency and three rates")
        buy, middle, sell = (number(text, comma=True) for text in row.groups()[2:])
        if not 0 < buy <= middle <= sell:  # only this distinguishes the columns
            raise ValueError(f"no middle between its sides: {line!r}")
        yield Quote(named(NAMES, row[2].lower()), "BIF", per_unit(middle, row[1]), on)
