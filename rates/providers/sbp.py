"""State Bank of Pakistan: daily averages of the banks' floating rates, from its workbooks.

Publishes: 23 currencies for every working day since 2013-07-02, once a month, about three weeks late.
Quoted: averages over banks, rupees for one unit of the currency, the yen too.
Answer: two workbooks (xlsx), the archive and the last month, a row a currency and a column a day.
Source: https://www.sbp.org.pk/assets/document/BFER_Daily.xlsx

The two files spell some currencies differently, and either may be ahead of the other: the archive's figure counts
where both have one. Older addresses answer with the bank's home page.
"""

from functools import partial
from itertools import takewhile

from rates.providers.kit import Iterable, Mapping, Provider, Query, Quote, Steps, date, days_of, get
from rates.readers import named, number, serial_day, sheets

PROVIDER = Provider(
    name="State Bank of Pakistan",
    country="PK",
    pivot="PKR",
    rate_type="market average",
    cadence="daily, published monthly",
    published="monthly Asia/Karachi, about three weeks late",
    since=date(2013, 7, 2),
    gap_days=12,  # the longest pause in the archive is of ten days
    official=False,
    terms="https://www.sbp.org.pk/our-operations/disclaimer",
)

FOLDER = "https://www.sbp.org.pk/assets/document/"
ARCHIVE, MONTH = "BFER_Daily_Arch.xlsx", "BFER_Daily.xlsx"

NAMES = {
    "australian dollar": "AUD",
    "bahraini dinar": "BHD",
    "canadian dollar": "CAD",
    "chinese yuan": "CNY",
    "danish krone": "DKK",
    "euro": "EUR",
    "hong kong dollar": "HKD",
    "hongkong dollar": "HKD",
    "japanese yen": "JPY",
    "japnese yen": "JPY",
    "kuwaiti dinar": "KWD",
    "malaysian ringgit": "MYR",
    "new zealand dollar": "NZD",
    "norwegian krone": "NOK",
    "omani riyal": "OMR",
    "qatari riyal": "QAR",
    "saudi arabian riyal": "SAR",
    "singapore dollar": "SGD",
    "singaporian dollar": "SGD",
    "swedish krona": "SEK",
    "swedish krone": "SEK",
    "swiss franc": "CHF",
    "thai baht": "THB",
    "thai bhat": "THB",
    "turkish lira": "TRY",
    "uae dirham": "AED",
    "u.a.e. dirham": "AED",
    "uk pound sterling": "GBP",
    "u.k. pound sterling": "GBP",
    "u.s. dollar": "USD",
}


def steps(query: Query) -> Steps:
    """The archive, and the last month's workbook unless the archive reaches the day asked for."""
    days = _days((yield get(FOLDER + ARCHIVE)).body)
    if query.end is None or max(days) < query.end:
        for on, figures in _days((yield get(FOLDER + MONTH)).body).items():
            days[on] = figures | days.get(on, {})
    return days_of(partial(_quotes, days), query, PROVIDER, late_days=100)


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of one workbook."""
    return _quotes(_days(body), date.min, date.max)


def _quotes(days: Mapping[date, Mapping[str, str]], first: date, last: date) -> Iterable[Quote]:
    for on, figures in days.items():
        if first <= on <= last:
            for code, figure in figures.items():
                yield Quote(code, "PKR", number(figure), on)


def _days(body: bytes) -> dict[date, dict[str, str]]:
    """The figures of each day by currency, from the line of headings to the first line without a figure."""
    rows = iter(next(iter(sheets(body).values())))
    head = next((row for row in rows if row[1:2] == ["Currency"]), None)
    if head is None:
        raise ValueError("the workbook has no line of headings with Currency and days")
    days = {place: serial_day(cell) for place, cell in enumerate(head) if place > 1 and cell}
    found: dict[date, dict[str, str]] = {on: {} for on in days.values()}
    for row in takewhile(lambda row: any(row[2:]), rows):
        code = named(NAMES, " ".join(row[1].split()).lower(), row[1])
        for place, on in days.items():
            if row[place : place + 1] not in ([], [""]):  # a currency without a rate that day
                found[on].setdefault(code, row[place])
    if not any(found.values()):
        raise ValueError("the workbook has no day or no currency")
    return found
