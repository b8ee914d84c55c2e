"""International Monetary Fund: representative exchange rates, as its members report them.

Publishes: about 40 currencies each day of business in Washington, as they come in; the SDR from its valuation.
Quoted: representative rates, units for one US dollar; names marked (1) as dollars for one unit; SDRs for one dollar.
Answer: text with tabs, a month in two blocks, each with its own line of days; NA for none, commas in thousands.
Source: https://www.imf.org/external/np/fin/data/param_rms_mth.aspx

Members report on their own days, so that the newest day holds few: each currency has its own newest rate.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from rates import readers
from rates.errors import NoRates
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps

PROVIDER = Provider(
    name="International Monetary Fund",
    pivot="USD",
    rate_type="representative",
    published="18:00 UTC",  # the first of the hours (18 to 20) in which new rates are looked for
    since=date(2003, 4, 1),
    max_days=31,
    gap_days=10,
    mixed_days=True,
    spacing_s=1.0,
    terms="https://www.imf.org/en/about/copyright-and-terms",
)

URL = "https://www.imf.org/external/np/fin/data/rms_mth.aspx"
RATES, SDRS = "REP", "SDRCV"
SDR_TITLE = "SDRs per Currency unit"
TITLES = ("Representative Exchange Rates", SDR_TITLE, "Currency")
DOLLAR = "u.s. dollar"
NAMES = {
    "afghan afghani": "AFN", "algerian dinar": "DZD", "angolan kwanza": "AOA", "australian dollar": "AUD",
    "bahamian dollar": "BSD", "bahrain dinar": "BHD", "bangladeshi taka": "BDT", "barbados dollar": "BBD",
    "botswana pula": "BWP", "brazilian real": "BRL", "brunei dollar": "BND", "canadian dollar": "CAD",
    "chilean peso": "CLP", "chinese yuan": "CNY", "colombian peso": "COP", "costa rican colon": "CRC",
    "cyprus pound": "CYP", "czech koruna": "CZK", "danish krone": "DKK", "djibouti franc": "DJF",
    "egyptian pound": "EGP", "estonian kroon": "EEK", "euro": "EUR", "fiji dollar": "FJD", "hungarian forint": "HUF",
    "icelandic krona": "ISK", "indian rupee": "INR", "indonesian rupiah": "IDR", "iranian rial": "IRR",
    "israeli new shekel": "ILS", "japanese yen": "JPY", "jordanian dinar": "JOD", "kazakhstani tenge": "KZT",
    "korean won": "KRW", "kuwaiti dinar": "KWD", "libyan dinar": "LYD", "malaysian ringgit": "MYR",
    "maltese lira": "MTL", "mauritian rupee": "MUR", "mexican peso": "MXN", "moldovan leu": "MDL",
    "mongolian tugrik": "MNT", "moroccan dirham": "MAD", "myanmar kyat": "MMK", "namibian dollar": "NAD",
    "nepalese rupee": "NPR", "new zealand dollar": "NZD", "nigerian naira": "NGN", "norwegian krone": "NOK",
    "nuevo sol": "PEN", "omani rial": "OMR", "pakistani rupee": "PKR", "peruvian sol": "PEN",
    "philippine peso": "PHP", "polish zloty": "PLN", "qatari riyal": "QAR", "rial omani": "OMR",
    "russian ruble": "RUB", "rwandan franc": "RWF", "samoan tala": "WST", "saudi arabian riyal": "SAR",
    "singapore dollar": "SGD", "slovak koruna": "SKK", "slovenian tolar": "SIT", "south african rand": "ZAR",
    "sri lankan rupee": "LKR", "swedish krona": "SEK", "swiss franc": "CHF", "thai baht": "THB",
    "trinidadian dollar": "TTD", "tunisian dinar": "TND", "u.a.e. dirham": "AED", "u.k. pound": "GBP",
    "ugandan shilling": "UGX", "uruguayan peso": "UYU", "yemeni rial": "YER",
}  # fmt: skip


def steps(query: Query) -> Steps:
    """Two reports for each month of the window, the second for the SDR alone when that may be wanted."""
    first, last = query.span(PROVIDER.gap_days)
    first, last = max(first, PROVIDER.since), min(last, query.today)
    reports = (RATES, SDRS) if not query.symbols or "XDR" in (query.base, *query.symbols) else (RATES,)
    quotes: list[Quote] = []
    for month_end in _month_ends(first, last):
        for report in reports:
            params = (("SelectDate", str(month_end)), ("reportType", report), ("tsvflag", "Y"))
            reply = yield Request(URL, params=params)
            quotes += [quote for quote in parse(reply.body) if first <= quote.day <= last]
    if not quotes:
        raise NoRates(f"has no rates from {first} to {last}")
    return quotes


def _month_ends(first: date, last: date) -> Iterator[date]:
    """The last day of every month that has a day from first to last."""
    month = first.replace(day=1)
    while month <= last:
        following = (month + timedelta(days=31)).replace(day=1)
        yield following - timedelta(days=1)
        month = following


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of one report; notes close it, so that a report without them was cut."""
    text = readers.text(body)
    if text.count("\r\n") not in (text.count("\n"), 0):  # a digit in place of a \r would be the last of a rate
        raise ValueError("some lines end in another way than the others")
    lines = [line.strip("\r\n") for line in text.split("\n")]
    end = next((place for place, line in enumerate(lines) if line.strip() == "Notes:"), None)
    if end is None:
        raise ValueError("the report does not end with its notes")
    rows = list(_rows(lines[:end]))
    if rows and not any(_plain(name) == DOLLAR for name, _ in rows):
        raise ValueError("the report has no US dollar")
    read = _sdr if lines[0].startswith(SDR_TITLE) else _rate
    return [quote for name, cells in rows for quote in read(name, cells)]


Cells = list[tuple[date, str]]


def _rows(lines: Iterable[str]) -> Iterator[tuple[str, Cells]]:
    """The currencies' names with the figures of their days, without the cells that have none."""
    days: list[date] = []
    for line in lines:
        name, *cells = line.split("\t")
        if not cells:
            if name.strip() and not name.startswith(TITLES):
                raise ValueError(f"neither title nor row: {name[:60]!r}")
            continue
        if name == "Currency":
            days = [readers.day(cell, "M D, Y") for cell in cells]
        elif not days or len(cells) != len(days):
            raise ValueError(f"{len(days)} days were due, got {len(cells)}: {line[:60]!r}")
        else:
            yield name, [(day, cell) for day, cell in zip(days, cells, strict=True) if cell.strip() not in ("NA", "")]


def _plain(name: str) -> str:
    """The name without the mark of its direction."""
    return name.lower().partition("(1)")[0].strip()


def _rate(name: str, cells: Cells) -> Iterator[Quote]:
    if _plain(name) == DOLLAR:
        return
    code = NAMES.get(_plain(name))
    if code is None:
        raise ValueError(f"no currency of the name {name!r} is known")
    for day, cell in cells:
        rate = readers.number(cell, thousands=",")
        yield Quote(code, "USD", rate, day) if "(1)" in name else Quote("USD", code, rate, day)


def _sdr(name: str, cells: Cells) -> Iterator[Quote]:
    """The dollar's row alone; the others are its crosses with the representative rates."""
    if _plain(name) == DOLLAR:
        for day, cell in cells:
            yield Quote("USD", "XDR", readers.number(cell), day)
    elif _plain(name) not in NAMES:
        raise ValueError(f"no currency of the name {name!r} is known")
