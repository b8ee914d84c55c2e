"""Central Bank of the Republic of Türkiye: indicative rates, from its data service EVDS.

Publishes: 21 currencies each working day at 15:30 Istanbul time for the next working day, since 1996-04-16.
Quoted: buying and selling rates, whose middle is taken; new liras for one unit, the yen per 100.
Answer: JSON, a row for every calendar day, nulls on closed ones; numbers as text; wants a key in the header `key`.
Source: https://evds3.tcmb.gov.tr/
"""

from rates.providers.kit import Iterable, Provider, Query, Quote, Request, Steps, accepts_key, by_window, date, get
from rates.readers import counted, day, json_object, midpoint, per_unit, reported, rows

PROVIDER = Provider(
    name="Central Bank of the Republic of Türkiye",
    country="TR",
    pivot="TRY",
    rate_type="mid of buying and selling",
    # A row has the day for which it is set: that of Monday 2026-03-02 has the ECB's crosses of the Friday before.
    published="15:30 Europe/Istanbul, for the next working day",
    since=date(1996, 4, 16),
    max_days=730,  # our own: two years are some 1 MB
    gap_days=12,  # a feast of a working week has the weekends around it
    spacing_s=1.0,
    key_url="https://evds3.tcmb.gov.tr/",
    terms="https://www.tcmb.gov.tr/wps/wcm/connect/EN/TCMB+EN/Bottom+Menu/Other/Disclaimer",
)

FOLDER = "https://evds3.tcmb.gov.tr/igmevdsms-dis/"
SYMBOLS = (
    "AED", "AUD", "AZN", "CAD", "CHF", "CNY", "DKK", "EUR", "GBP", "JPY", "KRW",
    "KWD", "KZT", "NOK", "PKR", "QAR", "RON", "RUB", "SAR", "SEK", "USD",
)  # fmt: skip
UNITS = {"JPY": 100}  # as the series' own description says; all others are of one unit


def steps(query: Query) -> Steps:
    """The window in pieces, tomorrow's rates included when they are out; one request for all currencies.

    A bad key has status 403.
    """
    key = {"key": query.secret(PROVIDER.key)}

    def ask(first: date, last: date) -> Request:
        # The service wants its parameters in the path, without a question mark.
        series = "-".join(f"TP.DK.{symbol}.{side}.YTL" for symbol in SYMBOLS for side in "AS")
        days = f"startDate={first:%d-%m-%Y}&endDate={last:%d-%m-%Y}"
        return get(f"{FOLDER}series={series}&{days}&type=json&frequency=1", key=key, allow=(403,))

    return by_window(query, PROVIDER, ask, parse, check=accepts_key(PROVIDER), tomorrow=True)


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all rows, of which there are as many as the answer says.

    A row is a day: buying (A, for alış) and selling (S, for satış) of each currency, both null where none is quoted.
    """
    answer = json_object(body)
    if "items" not in answer:
        raise reported(answer.get("message") or answer["error"])
    for row in counted(rows(answer["items"]), answer["totalCount"]):
        on = day(row["Tarih"], "D-M-Y")
        for symbol in SYMBOLS:
            buy, sell = (row.get(f"TP_DK_{symbol}_{side}_YTL") for side in "AS")
            if (buy, sell) != (None, None):
                yield Quote(symbol, "TRY", per_unit(midpoint(buy, sell), UNITS.get(symbol, 1)), on)
