"""Bank of England: spot rates of sterling, from its statistical database.

Publishes: 26 currencies each London working day.
Quoted: indicative middle rates of the spot market; units of the currency for one pound.
Answer: CSV, a line a day and a column a series under the series' code; an empty cell or 0 for none.
Source: https://www.bankofengland.co.uk/boeapps/database/Rates.asp?into=GBP
"""

from rates.providers.kit import Iterable, Provider, Query, Quote, Request, Steps, by_window, date, get, short_month
from rates.readers import csv, day, number, text, whole_lines

PROVIDER = Provider(
    name="Bank of England",
    country="GB",
    pivot="GBP",
    rate_type="market mid",
    published="about 17:00 Europe/London",
    since=date(2000, 1, 4),
    spacing_s=0.5,
    official=False,  # market rates; the bank sets none
    terms="https://www.bankofengland.co.uk/legal",
)

URL = "https://www.bankofengland.co.uk/boeapps/database/_iadb-fromshowcolumns.asp"
SERIES = {
    "XUDLUSS": "USD", "XUDLERS": "EUR", "XUDLJYS": "JPY", "XUDLCDS": "CAD", "XUDLSFS": "CHF", "XUDLADS": "AUD",
    "XUDLNDS": "NZD", "XUDLNKS": "NOK", "XUDLSKS": "SEK", "XUDLDKS": "DKK", "XUDLHDS": "HKD", "XUDLSGS": "SGD",
    "XUDLSRS": "SAR", "XUDLZRS": "ZAR", "XUDLTWS": "TWD", "XUDLBK25": "CZK", "XUDLBK33": "HUF", "XUDLBK47": "PLN",
    "XUDLBK78": "ILS", "XUDLBK83": "MYR", "XUDLBK87": "THB", "XUDLBK89": "CNY", "XUDLBK93": "KRW", "XUDLBK95": "TRY",
    "XUDLBK97": "INR", "XUDLZOS4": "RON",
}  # fmt: skip


def steps(query: Query) -> Steps:
    """One request for all series and the whole window."""
    return by_window(query, PROVIDER, ask, parse)


def ask(first: date, last: date) -> Request:
    """All series; days are written as 05/Mar/2026."""
    params = {"csv.x": "yes", "SeriesCodes": ",".join(SERIES), "UsingCodes": "Y", "CSVF": "TN"}
    start, end = (f"{on:%d}/{short_month(on)}/{on.year}" for on in (first, last))
    return get(URL, {**params, "Datefrom": start, "Dateto": end})


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all lines.

    A series may begin or end on any day, but the US dollar has a rate whenever another currency has one: a line that
    lacks it alone is refused.
    """
    header, *lines = text(whole_lines(body)).splitlines()
    if wrong := {*header.split(",")} ^ {"DATE", *SERIES}:
        raise ValueError(f"other columns than asked for: {', '.join(sorted(wrong))}")
    if not lines:
        raise ValueError("no line after the header")
    for row in csv(body):
        on = day(row.pop("DATE"), "D M Y")
        cells = {SERIES[series]: cell for series, cell in row.items() if cell.strip() not in ("", "0")}
        if cells and "USD" not in cells:
            raise ValueError(f"no rate of the US dollar on {on}")
        for code, rate in cells.items():
            yield Quote("GBP", code, number(rate), on)
