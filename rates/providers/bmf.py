"""Federal Ministry of Finance of Germany: monthly rates for VAT.

Publishes: about 45 currencies for a calendar month, about the first working day of the next one, since 2010.
Quoted: means of the ECB's reference rates of the month, units of the currency for one euro.
Answer: CSV in Windows-1252, a file a year: a row a country, a column a month; a cell such as "1.634,39 KRW".
Source: https://www.bundesfinanzministerium.de/Datenportal/Daten/offene-daten/steuern-zoelle/umsatzsteuer-umrechnungskurse/umsatzsteuer-umrechnungskurse.html

Rule: a rate holds for the month in which a supply is carried out, or is paid where the tax is due on payment: section
16 (6) of the VAT act (UStG). Daily rates and those of the month before need a permission (section 16.4 of the UStAE).
The file is proven by a slice of that of 2025. A firewall may answer with a page that wants a browser; `ecb_average` has
the same figures, not rounded.
"""

import re

from rates.providers.kit import (
    WEEKEND,
    Iterable,
    Provider,
    Query,
    Quote,
    Request,
    Steps,
    date,
    get,
    is_published,
    of_periods,
    periods,
    timedelta,
)
from rates.readers import matched, months, number, searched, text

PROVIDER = Provider(
    name="Federal Ministry of Finance of Germany",
    country="DE",
    pivot="EUR",
    rate_type="monthly average",
    cadence="monthly",
    published="no stated time Europe/Berlin, about the first working day of the next month",
    since=date(2010, 1, 1),
    gap_days=40,
    kind="tax authority",
    periods=True,
)

URL = "https://www.bundesfinanzministerium.de/Datenportal/Daten/offene-daten/steuern-zoelle/umsatzsteuer-umrechnungskurse/datensaetze/"
AGENT = {"User-Agent": "Mozilla/5.0 (compatible; fetch-rates)"}  # two words that every browser sends, and our name
MONTHS = months("januar februar märz april mai juni juli august september oktober november dezember")
ONE_EURO = "1 Euro"  # the second cell of every row of rates; titles and footnotes have another
CELL = re.compile(r"([\d.,]{1,20})\s{0,9}([A-Z]{3})")
HEADING = re.compile(r"(\w{1,20})\s{0,9}\[\d{1,3}\]")
TITLE = re.compile(r"Umrechnungskurse\s+(\d{4})\b")
COLUMNS = 14


def steps(query: Query) -> Steps:
    """A file for each year with a month that is touched."""

    def piece(spans: Iterable[tuple[date, date]]) -> Steps:
        quotes: list[Quote] = []
        for year in dict.fromkeys(first.year for first, _ in spans):
            reply = yield ask(year)
            quotes += parse(reply.body) if is_published(reply) else ()
        return quotes

    return of_periods(query, PROVIDER, piece, due=due, ended=True)


def ask(year: int) -> Request:
    """The file of a year, which grows from month to month."""
    return get(f"{URL}uu-kurse-{year}-csv.csv", {"__blob": "publicationFile"}, headers=AGENT, allow=(404,))


def due(first: date) -> date:
    """The first working day of the month after the one that begins on a day."""
    _, end = next(periods(first, first))
    expected = end + timedelta(days=1)
    while expected.weekday() in WEEKEND:
        expected += timedelta(days=1)
    return expected


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all months that the file has; the months to come, and a currency without rates, are empty cells.

    Footnotes close the file, so that one without them was cut.
    """
    lines = [line.split(";") for line in text(body, "cp1252").splitlines() if line.strip()]
    if any(len(line) != COLUMNS for line in lines) or lines[-1][1]:
        raise ValueError(f"expected {COLUMNS} cells in every line, and footnotes at the end")
    year = int(searched(TITLE, lines[0][0], "title with the year")[1])
    spans = [_month(year, heading) for heading in lines[1][2:]]
    for line in lines[2:]:
        cells = [cell.strip() for cell in line[2:]]
        while cells and not cells[-1]:
            cells.pop()
        for cell, (first, last) in zip(cells if line[1] == ONE_EURO else (), spans, strict=False):
            rate, code = matched(CELL, cell, "a rate and its code").groups()
            yield Quote("EUR", code, number(rate, comma=True, thousands="."), first, last)


def _month(year: int, heading: str) -> tuple[date, date]:
    """The first and last day of the month of a column, whose name has the number of a footnote."""
    first = date(year, MONTHS[matched(HEADING, heading.strip(), "month with its footnote")[1].lower()], 1)
    return next(periods(first, first))
