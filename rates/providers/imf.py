"""International Monetary Fund: representative exchange rates, as its members report them.

Publishes: about 40 currencies each day of business in Washington, as they come in; the SDR from its valuation.
Quoted: representative rates, units for one US dollar; names marked (1) as dollars for one unit; SDRs for one dollar.
Answer: text with tabs, a month in two blocks, each with its own line of days; NA for none, commas in thousands.
Source: https://www.imf.org/external/np/fin/data/param_rms_mth.aspx

Members report on their own days, so that the newest day holds few: each currency has its own newest rate.
"""

from rates.providers.kit import Iterable, Iterator, Provider, Query, Quote, Steps, by_pieces, date, get, months_of
from rates.readers import day, named, number, text

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
    reports = (RATES, SDRS) if not query.symbols or "XDR" in (query.base, *query.symbols) else (RATES,)

    def month(first: date, last: date) -> Steps:
        _, month_end = next(months_of(first, date.max))
        quotes: list[Quote] = []
        for report in reports:
            reply = yield get(URL, {"SelectDate": month_end, "reportType": report, "tsvflag": "Y"})
            quotes += parse(reply.body)
        return quotes

    return by_pieces(query, PROVIDER, month, split=months_of, cut=True)


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of one report; notes close it, so that a report without them was cut.

    Of a report in SDRs the dollar's row alone is read; the others are its crosses with the representative rates.
    """
    written = text(body)
    if written.count("\r\n") not in (written.count("\n"), 0):  # a digit in place of a \r would be the last of a rate
        raise ValueError("some lines end in another way than the others")
    lines = [line.strip("\r\n") for line in written.split("\n")]
    end = next((place for place, line in enumerate(lines) if line.strip() == "Notes:"), None)
    if end is None:
        raise ValueError("the report does not end with its notes")
    rows = list(_rows(lines[:end]))
    if rows and not any(_plain(name) == DOLLAR for name, _ in rows):
        raise ValueError("the report has no US dollar")
    in_sdrs = lines[0].startswith(SDR_TITLE)
    for name, cells in rows:
        is_dollar = _plain(name) == DOLLAR
        code = "XDR" if is_dollar else named(NAMES, _plain(name), name)
        for on, cell in cells if is_dollar == in_sdrs else ():
            rate = number(cell, thousands=",")
            yield Quote(code, "USD", rate, on) if "(1)" in name else Quote("USD", code, rate, on)


def _rows(lines: Iterable[str]) -> Iterator[tuple[str, list[tuple[date, str]]]]:
    """The currencies' names with the figures of their days, without the cells that have none."""
    days: list[date] = []
    for line in lines:
        name, *cells = line.split("\t")
        if not cells:
            if name.strip() and not name.startswith(TITLES):
                raise ValueError(f"neither title nor row: {name[:60]!r}")
        elif name == "Currency":
            days = [day(cell, "M D, Y") for cell in cells]
        elif not days or len(cells) != len(days):
            raise ValueError(f"expected {len(days)} days, got {len(cells)}: {line[:60]!r}")
        else:
            yield name, [(on, cell) for on, cell in zip(days, cells, strict=True) if cell.strip() not in ("NA", "")]


def _plain(name: str) -> str:
    """The name without the mark of its direction."""
    return name.lower().partition("(1)")[0].strip()
