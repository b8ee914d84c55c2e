"""Central Bank of Chile: the observed dollar, and seven more currencies, from its statistical database.

Publishes: eight currencies each working day, since 1990 (not all of them as early).
Quoted: the observed dollar is the average of the market on the working day before; pesos for one unit.
Answer: JSON, a series a request, a row a calendar day, "NaN" and the status ND on closed ones.
Source: https://si3.bcentral.cl/Siete/es/Siete/API

It wants a user and a password, and only as parameters: the key BCCH_API_KEY holds both, written USER:PASSWORD (all
after the first colon is the password).
"""

from rates.errors import ErrorAnswer, KeyNeeded, KeyRefused
from rates.providers.kit import Iterable, Provider, Query, Quote, Request, Steps, date, get, per_currency
from rates.readers import day, excerpt, json_object, mapping, number, rows

PROVIDER = Provider(
    name="Central Bank of Chile",
    country="CL",
    pivot="CLP",
    rate_type="market average",
    published="about 13:00 America/Santiago",
    since=date(1990, 1, 2),
    concurrency=2,
    spacing_s=0.25,  # five requests a second are allowed
    key_url="https://si3.bcentral.cl/Siete/es/Siete/API",
    terms="https://si3.bcentral.cl/Siete/es/Siete/API",  # its terms are not known
)

URL = "https://si3.bcentral.cl/SieteRestWS/SieteRestWS.ashx"
SERIES = {
    "USD": "F073.TCO.PRE.Z.D",
    **{code: f"F072.CLP.{code}.N.O.D" for code in ("EUR", "GBP", "JPY", "CAD", "AUD", "CNY", "BRL")},
}
CODES = {series: code for code, series in SERIES.items()}
CLOSED = ("ND", "NaN")


def steps(query: Query) -> Steps:
    """One request a currency for the whole window."""
    user, colon, password = query.secret(PROVIDER.key).partition(":")
    if not (user and colon and password):
        raise KeyNeeded("wants a user and a password, and its key is not written USER:PASSWORD")
    account = {"user": user, "pass": password, "function": "GetSeries"}

    def ask(code: str, first: date, last: date) -> Request:
        series = {"timeseries": SERIES[code], "firstdate": first, "lastdate": last}
        return get(URL, account | series, private=("user", "pass"))

    return (yield from per_currency(query, PROVIDER, SERIES, ask, parse))


def parse(body: bytes, code: str = "") -> Iterable[Quote]:
    """The quotes of one series; ValueError when it is another than that of `code`."""
    answer = json_object(body)
    if answer["Codigo"] != 0:
        words = excerpt(answer["Descripcion"])
        refused = KeyRefused if "password" in words.lower() else ErrorAnswer
        raise refused(f"reports {words!r}")
    series = mapping(answer["Series"])
    answered = CODES[series["seriesId"]]
    if code not in ("", answered):
        raise ValueError(f"expected the series {SERIES[code]}, got {SERIES[answered]!r}")
    for row in map(mapping, rows(series["Obs"])):
        if (row["statusCode"], row["value"]) != CLOSED:
            yield Quote(answered, "CLP", number(row["value"], thousands=","), day(row["indexDateString"], "D-M-Y"))
