"""Central Bank of Iraq: indicative rates, from its workbook of all days.

Publishes: 18 currencies and the SDR each day from Sunday to Thursday, since 2009; the workbook now and then.
Quoted: buying and selling rates, whose middle is taken; dinars for one unit of the currency.
Answer: a page that links to a workbook (xlsx), a sheet a year, months below one another, columns of buying and selling.
Source: https://cbi.iq/page/144

A second selling rate, of 2025 and later, is passed over. So is gold, whose figures differ a thousandfold from one day
to another. Two sides that lie more than 5 % apart, or crosswise, are a slip of typing and no quote: they lie 0.8 %
apart, but the yen was bought at 5.286 on 9 February 2026 and sold at 8.350, the SDR at 1790.711 and 180.486 on the
18th. A smaller slip stays (yuan, 17 February 2026).
"""

import re

from rates.providers.kit import Decimal, Iterable, Iterator, Provider, Query, Quote, Steps, date, workbook
from rates.readers import day, is_html, link, midpoint, number, sheets

PROVIDER = Provider(
    name="Central Bank of Iraq",
    country="IQ",
    pivot="IQD",
    rate_type="mid of buying and selling",
    published="in the afternoon Asia/Baghdad",
    since=date(2009, 1, 1),
    gap_days=14,  # feasts of a week beside weekends; the workbook seen holds three months alone
)

PAGE = "https://cbi.iq/page/144"
LINK = r"/static/uploads/up/[^/]*\.xlsx$"
GOLD = "الذهب"  # of three workbooks the one whose link speaks of gold

NAMES = {"S.FR": "CHF", "UAE": "AED", "SDR": "XDR"}
LABELS = 4  # the row with Buy and Sell; names of currencies stand in the two above
MONTH = re.compile(r"([A-Za-z]{3,9})[.,]? ?(\d{4})|\d{4}")
WIDEST = Decimal("1.05")


def steps(query: Query) -> Steps:
    """The page for the workbook's address, then the workbook."""
    return workbook(query, PROVIDER, PAGE, LINK, parse, words=GOLD)


def parse(body: bytes, first: date = date.min, last: date = date.max) -> Iterable[Quote]:
    """The quotes of the workbook; the page that links to it has none."""
    if is_html(body):
        link(body, PAGE, LINK, GOLD)
        return
    book = sheets(body)
    for name in book:
        if not re.fullmatch(r"\d{4}", name.strip()):
            raise ValueError(f"no sheet of a year: {name!r}")
        if first.year <= int(name) <= last.year:
            rows = book[name]
            columns = _columns(rows) if rows else {}
            for on, row in _days(int(name), rows[LABELS + 1 :]):
                if first <= on <= last:
                    yield from _quotes(columns, on, row)


def _quotes(columns: dict[int, str], on: date, row: list[str]) -> Iterator[Quote]:
    """The middles of a day; none of a holiday, whose name stands somewhere in the row, at times with a figure left.

    Sides that are both blank, or of which one is mistyped, are no quote.
    """
    dollar = next(place for place, code in columns.items() if code == "USD")
    if not re.fullmatch(r"[\d.]+", row[dollar]):
        return
    for place, code in columns.items():
        buy, sell = row[place].strip(), row[place + 1].strip()
        if buy or sell:
            middle = midpoint(buy, sell)
            if number(buy) <= number(sell) <= number(buy) * WIDEST:
                yield Quote(code, "IQD", middle, on)


def _days(year: int, rows: list[list[str]]) -> Iterator[tuple[date, list[str]]]:
    """The rows that begin with a day of their month, wide enough for all columns; months have more rows than days."""
    month = last = 0
    for row in rows:
        label = row[0].strip() if row else ""
        heading = MONTH.fullmatch(label)
        if heading:  # January's may be just the year's
            month, last = _month(heading[1] or "Jan", int(heading[2] or label), year), 0
        elif label.isdigit():
            if not month or int(label) <= last:
                raise ValueError(f"day {label} of {year} stands out of its month")
            last = int(label)
            if any(row[1:]):
                yield date(year, month, last), row + [""] * 300
        elif label not in ("", "Average"):
            raise ValueError(f"neither a day, a month nor an average: {label!r}")


def _month(name: str, heading_year: int, year: int) -> int:
    if heading_year != year:
        raise ValueError(f"a month of {heading_year} in the sheet of {year}")
    return day(f"1 {name[:3]} {year}", "D M Y").month


def _columns(rows: list[list[str]]) -> dict[int, str]:
    """The column of each buying rate, the selling one beside it, and its currency, named above either or the third."""
    labels = [label.split()[:1] for label in rows[LABELS]] if len(rows) > LABELS else []
    places = [place for place, label in enumerate(labels) if label == ["Buy"]]
    found = {}
    for place, end in zip(places, [*places[1:], len(labels)], strict=True):
        above = [cell for row in rows[2:LABELS] for cell in row[place:end] if cell.strip()]
        names = [name[1] for cell in above if (name := re.search(r"(?<![A-Z.])([A-Z]{3}|S\.FR)\s*$", cell))]
        if not names or labels[place + 1 : place + 2] != [["Sell"]]:
            raise ValueError(f"no currency with two sides in column {place + 1}: {above}")
        found[place] = NAMES.get(names[0], names[0])
    if "USD" not in found.values() or len(set(found.values())) < len(found):
        raise ValueError(f"no dollar, or a currency twice, among the columns {list(found.values())}")
    return found
