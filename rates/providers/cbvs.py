"""Central Bank of Suriname: indicative rates of the day's last fixing.

Publishes: eleven currencies at 10:00, 12:30 and 15:00 each working day; the last is read, for the days that are listed.
Quoted: buying and selling rates of transfers, whose middle is taken; Surinamese dollars for one unit, for 100 of some.
Answer: a page of links to a PDF a fixing, with Dutch names and decimal commas.
Source: https://www.cbvs.sr/statistieken/financiele-markten-statistieken/dagelijkse-publicaties

The dollar and the euro are weighted averages of what banks and exchange offices report, the others crosses. PDF is read
by the library pypdf (pip install 'fetch-rates[pdf]'). Past months and years are in files of hundreds of sheets, which
are not read: no recorded one has proven their reading. The columns of bank notes and the prices of gold are not read.
"""

import re

from rates.model import Provider, Query, Quote
from rates.providers.kit import Iterable, Steps, date, get, not_empty, window
from rates.readers import (
    absolute,
    day,
    is_html,
    links,
    matched,
    midpoint,
    months,
    number,
    pdf_text,
    per_unit,
    searched,
    whole_page,
)

PROVIDER = Provider(
    name="Central Bank of Suriname",
    country="SR",
    pivot="SRD",
    rate_type="indicative",
    published="15:00 America/Paramaribo",
    since=date(2026, 8, 28),  # the oldest sheet that the recorded page lists
    max_days=1,
    spacing_s=1.0,
)

PAGE = "https://www.cbvs.sr/statistieken/financiele-markten-statistieken/dagelijkse-publicaties"
LAST_FIXING = "15.00"
MONTHS = months("januari februari maart april mei juni juli augustus september oktober november december")
HEAD = "AANKOOP* VERKOOP* AANKOOP* VERKOOP*"  # of transfers, then of bank notes
COLUMNS = re.compile(r"WISSELS, CHEQUES.*BANKPAPIER", re.DOTALL)

_NAMED = re.compile(r"\bDO\d{6}\s*</a>")
_FILE = re.compile(r"/DO(\d{6})(?:%20)+(\d\d\.\d\d)[^/]*\.pdf$", re.IGNORECASE)
_MADE = re.compile(r"(\d\d [A-Z]+ \d{4}) VASTGESTELD OMSTREEKS \d\d:\d\dU")
_ROW = re.compile(r"[A-Z.& ]{1,60} \(([A-Z]{3})(?: PER (100) ?)?\)" + r" ([\d.,]{1,20})" * 4)


def steps(query: Query) -> Steps:
    """The page of links, then the last sheet of each day, or of the newest; today's when its last fixing is out."""
    first, last = window(query, PROVIDER)
    page = yield get(PAGE, html=True)
    sheets = {
        on: address
        for on, (fixing, address) in _sheets(page.body).items()
        if first <= on <= last and (on < query.today or fixing >= LAST_FIXING)
    }
    quotes: list[Quote] = []
    for on in sorted(sheets, reverse=True):
        reply = yield get(sheets[on])
        quotes += parse(reply.body)
        if query.kind != "range":
            break
    return not_empty(quotes, first, last)


def _sheets(body: bytes) -> dict[date, tuple[str, str]]:
    """The last fixing of each day with the address of its sheet."""
    page = whole_page(body)
    addresses = [absolute(PAGE, href) for href, _ in links(page)]
    found = [match for address in addresses if (match := _FILE.search(address))]
    if not found or len(found) < len(_NAMED.findall(page)):
        raise ValueError("the page links to no sheet, or names sheets that it does not link to")
    return dict(sorted((day(f"20{name[1]}", "YMD"), (name[2], name.string)) for name in found))


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of a sheet, a line each between the head and the note; a page of links has none."""
    if is_html(body):
        _sheets(body)
        return
    sheet = "\n".join(" ".join(line.split()) for line in pdf_text(body).splitlines())
    _, begun, rest = sheet.partition(HEAD)
    table, ended, _ = rest.partition("N.B. Bovenstaande")
    if not begun or not ended or not COLUMNS.search(sheet):
        raise ValueError("the sheet has no columns of transfers and bank notes, or no end")
    on = day(searched(_MADE, sheet, "day of the fixing")[1], "D M Y", MONTHS)
    for line in filter(None, table.splitlines()):
        row = matched(_ROW, line, "currency and four rates")
        buy, sell = (number(side, comma=True, thousands=".") for side in row.groups()[2:4])
        if buy > sell:  # only this distinguishes the columns
            raise ValueError(f"buys for more than it sells: {line!r}")
        yield Quote(row[1], "SRD", per_unit(midpoint(buy, sell), row[2] or 1), on)
