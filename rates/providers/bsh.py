"""Bank of Albania: official rates, fixed from what the banks quote between 11:30 and 12:00.

Publishes: 14 currencies, gold and silver each working day, 4 more each week; workbooks of whole years since 2013.
Quoted: official rates, lekë for one unit or ounce, for 100 yen, forints and roubles.
Answer: a web page with the newest rates; for other days a page of links to a workbook (xlsx) a year.
Source: https://www.bankofalbania.org/Markets/Official_exchange_rate/

That forints and roubles are per 100 is not written on the page: the crosses show it. The workbook of a year comes after
its end, without the weekly currencies: of the running year only the newest day can be had. The layout is that of 2024;
the years before 2013 are old workbooks (xls), which are not read.
"""

import re

from rates.providers.kit import Iterable, Mapping, Provider, Query, Quote, Request, Steps, date, get, not_empty, window
from rates.readers import (
    absolute,
    counted,
    day,
    is_html,
    links,
    number,
    per_unit,
    rows_below,
    sheets,
    tables,
    whole_page,
)

PROVIDER = Provider(
    name="Bank of Albania",
    country="AL",
    pivot="ALL",
    rate_type="fixing",
    published="about 12:15 Europe/Tirane",
    since=date(2013, 1, 1),
    gap_days=10,  # the weekly table is up to nine days old
    mixed_days=True,
    spacing_s=0.5,
)

PAGE = "https://www.bankofalbania.org/Markets/Official_exchange_rate/"
ARCHIVE = f"{PAGE}Exchage_rate_archive/"  # its own spelling
LEK = "Albanian Lek per Foreign Currency Unit"
HEADS = [[title] * 3 + [LEK] * 2 for title in ("Main Currency", "Currency")]  # of the daily and the weekly table
UNITS = {"HUF": "100", "RUB": "100"}
CODES = {"SDR": "XDR"}
LABELS = {"E U R O": "EUR", "Ari (oz)": "XAU", "Argjendi (oz)": "XAG"}

_STAMP = re.compile(r"\d\d\.\d\d\.\d{4}")
_UNITS = re.compile(r"\((?:per )?(\d+)\)")
_YEAR = re.compile(r"Exchange rate (\d{4})")
_DAY = re.compile(r"\s{0,20}DT\.?\s{0,20}(\d\d\.\d\d\.\d{4})\s{0,20}")
_CODE = re.compile(r"\b([A-Z]{3})\)?\s*$")


def steps(query: Query) -> Steps:
    """The page of the newest rates, if days near today are asked for; then the workbooks of the years."""
    first, last = window(query, PROVIDER)
    newest: list[Quote] = []
    if (query.today - last).days <= PROVIDER.gap_days:
        page = yield get(PAGE, html=True)
        newest = list(parse(page.body))
        if query.kind == "latest" or (query.kind == "day" and newest[0].day <= last):
            return newest
    listed = yield get(ARCHIVE, html=True)
    books = _workbooks(listed.body)
    quotes = [quote for quote in newest if first <= quote.day <= last]
    for year in range(first.year, last.year + 1):
        if year in books:
            book = yield books[year]
            quotes += parse(book.body, first, last)
    return not_empty(quotes, first, last)


def _workbooks(page: bytes) -> Mapping[int, Request]:
    """The workbooks by year; all years up to the newest must be there."""
    listed = whole_page(page)
    named = [(_YEAR.search(label), href) for href, label in links(listed)]
    found = {int(year[1]): href for year, href in named if year and re.search(r"\.xlsx?$", href)}
    counted([*found], max(1, len(_YEAR.findall(listed))), "workbooks")
    counted([*found], max(found) - min(found) + 1, "years")
    return {year: get(absolute(ARCHIVE, href)) for year, href in found.items() if href.endswith(".xlsx")}


def parse(body: bytes, first: date = date.min, last: date = date.max) -> Iterable[Quote]:
    """The quotes of the page or of a workbook; the page of links has none."""
    if not is_html(body):
        yield from _of_workbook(body, first, last)
    elif b"Last update:" in body:
        yield from _of_page(whole_page(body))
    else:
        _workbooks(body)


def _of_page(page: str) -> Iterable[Quote]:
    """The quotes of the daily and the weekly table, each of the day above it; not a third one of both sides."""
    _, *parts = page.split("Last update:")
    if len(parts) < len(HEADS):
        raise ValueError(f"expected {len(HEADS)} tables with their days, got {len(parts)}")
    for part, head in zip(parts, HEADS, strict=False):
        stamp = _STAMP.search(part)
        for name, code, rate, _, _ in rows_below(tables(part), head):
            yield _quote(code, name, rate, day(stamp[0] if stamp else "", "D.M.Y"))


def _of_workbook(body: bytes, first: date, last: date) -> Iterable[Quote]:
    """The quotes of all sheets: a month each, a row a currency, three columns a day, the last of them in lekë."""
    for name, rows in sheets(body).items():
        heads = [[(place, _DAY.fullmatch(cell)) for place, cell in enumerate(row)] for row in rows]
        head = next((row for row in heads if any(written for _, written in row)), [])
        if not head and any(map(any, rows)):
            raise ValueError(f"no sheet of a month: {name!r}")
        days = [(place, day(written[1], "D.M.Y")) for place, written in head if written]
        for row in (row for row in rows if row[:1] and row[0].isdigit()):
            for place, on in days:
                if first <= on <= last:
                    rate = row[place + 1] if len(row) > place + 1 else ""
                    yield _quote(LABELS.get(row[1].strip(), ""), row[1], rate, on)


def _quote(code: str, label: str, rate: str, on: date) -> Quote:
    """The quote of a row; the label has the units, and in workbooks the code."""
    if not code:
        named = _CODE.search(label)
        if not named:
            raise ValueError(f"unknown currency: {label!r}")
        code = named[1]
    units = _UNITS.search(label)
    return Quote(CODES.get(code, code), "ALL", per_unit(number(rate), units[1] if units else UNITS.get(code, "1")), on)
