"""Bank of Japan: the dollar and the euro in the Tokyo market.

Publishes: two rates of each working day as of 17:00 Tokyo time, one to three working days later, since 1998-01-05.
Quoted: market rates, yen for one US dollar (series FXERD04) and US dollars for one euro (FXERD34).
Answer: JSON, whole months; a list of days beside a list of values a series, null on closed days.
Source: https://www.stat-search.boj.or.jp/index_en.html
"""

from rates.errors import NoRates
from rates.providers.kit import Any, Iterable, Mapping, Provider, Query, Quote, Request, Steps, by_window, date, get
from rates.readers import day, excerpt, json_object, mapping, number, reported, rows

PROVIDER = Provider(
    name="Bank of Japan",
    country="JP",
    pivot="USD",
    rate_type="market closing",
    published="about 10:00 Asia/Tokyo, for one to three working days before",
    since=date(1998, 1, 5),
    gap_days=14,  # the golden week of 2019 had ten days; what is published later comes on top
    official=False,
    terms="https://www.stat-search.boj.or.jp/info/api_notice_en.pdf",
)

URL = "https://www.stat-search.boj.or.jp/api/v1/getDataCode"
SERIES = {"FXERD04": ("USD", "JPY", "Yen per U.S. Dollar"), "FXERD34": ("EUR", "USD", "U.S. Dollar per Euro")}
NO_DATA = "M181030I"  # its manual's message for a question that is well put and meets nothing


def steps(query: Query) -> Steps:
    """The window's months, of which the days are cut out."""
    return by_window(query, PROVIDER, ask, parse, cut=True)


def ask(first: date, last: date) -> Request:
    """Both series, in whole months."""
    series = {"format": "json", "lang": "en", "db": "FM08", "code": ",".join(SERIES)}
    return get(URL, {**series, "startDate": f"{first:%Y%m}", "endDate": f"{last:%Y%m}"})


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of both series."""
    answer = json_object(body)
    if answer["STATUS"] != 200:
        raise reported(answer["MESSAGE"])
    if answer["MESSAGEID"] == NO_DATA:
        raise NoRates(f"reports {excerpt(answer['MESSAGE'])!r}")
    if answer["NEXTPOSITION"] is not None:
        raise ValueError("the answer is one page of several")  # from 60,000 values on; two series have 20,000
    found = rows(answer["RESULTSET"])
    if sorted(series["SERIES_CODE"] for series in found) != sorted(SERIES):
        raise ValueError("another set of series than the one asked for")
    quotes = [quote for series in found for quote in _quotes(series)]
    dollars, euros = ({quote.day for quote in quotes if quote.base == base} for base in ("USD", "EUR"))
    if euros - dollars:
        raise ValueError(f"a euro and no dollar on {max(euros - dollars)}")
    return quotes


def _quotes(series: Mapping[str, Any]) -> Iterable[Quote]:
    base, symbol, unit = SERIES[series["SERIES_CODE"]]
    if series["UNIT"] != unit:
        raise ValueError(f"expected {unit!r}, got {series['UNIT']!r}")
    values = mapping(series["VALUES"])
    for written, value in zip(values["SURVEY_DATES"], values["VALUES"], strict=True):
        if value is not None:
            yield Quote(base, symbol, number(value), day(str(written), "YMD"))
