"""National Bank of Denmark: indicative rates, as handed out by Statistics Denmark.

Publishes: 29 currencies each working day about 16:00 Copenhagen time, since 1977-01-03.
Quoted: indicative rates, kroner for 100 units of every currency.
Answer: CSV with semicolons, a row a currency and day as 2026M10D30, ".." for none, not in the order of days.
Source: https://www.statbank.dk/DNVALD

Currencies that have ended (those before the euro, the lev, the old lira) are asked for too and have their rates.
"""

from rates.errors import EmptyAnswer
from rates.providers.kit import Iterable, Provider, Query, Quote, Reply, Request, Steps, by_window, date, post
from rates.readers import csv, day, json_object, per_unit, reported, whole_lines

PROVIDER = Provider(
    name="National Bank of Denmark",
    country="DK",
    pivot="DKK",
    rate_type="indicative",
    published="16:00 Europe/Copenhagen",
    since=date(1977, 1, 3),
    gap_days=10,
    terms="https://www.dst.dk/en/Statistik/hjaelp-til-statistikbanken/api",
)

URL = "https://api.statbank.dk/v1/data"
SYMBOLS = (
    "EUR", "USD", "GBP", "SEK", "NOK", "CHF", "CAD", "JPY", "AUD", "NZD", "PLN", "CZK", "HUF", "HKD", "SGD",
    "ZAR", "BGN", "RON", "TRY", "KRW", "THB", "MYR", "PHP", "IDR", "CNY", "BRL", "MXN", "INR", "ILS", "ISK",
    "ATS", "BEF", "DEM", "ESP", "FIM", "FRF", "GRD", "IEP", "ITL", "NLG", "PTE", "SIT", "ROL", "TRL",
)  # fmt: skip
COPENHAGEN = "KBH"  # its rates; the table has others
UNITS = 100
NONE = ".."


def steps(query: Query) -> Steps:
    """The rows of the window."""
    return by_window(query, PROVIDER, ask, parse, check=_accepted)


def ask(first: date, last: date) -> Request:
    """The question of a window, in JSON; the service has no limit of days."""
    days = f">={first:%YM%mD%d}<={last:%YM%mD%d}"
    chosen = {"VALUTA": SYMBOLS, "KURTYP": [COPENHAGEN], "Tid": [days]}
    variables = [{"code": code, "values": values} for code, values in chosen.items()]
    shape = {"table": "DNVALD", "format": "BULK", "lang": "en", "valuePresentation": "Code"}
    return post(URL, json={**shape, "variables": variables}, allow=(400,))


def _accepted(reply: Reply) -> bool:
    if reply.status == 400:
        answer = json_object(reply.body)
        raise reported(f"{answer['errorTypeCode']}: {answer['message']}")
    return True


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all rows. Whether a window of closed days has none is not known: that is an empty answer."""
    rows = list(csv(whole_lines(body), delimiter=";"))
    if not rows:
        raise EmptyAnswer("the table has no rows")
    for row in rows:
        if row["KURTYP"] != COPENHAGEN:
            raise ValueError(f"expected the rates of Copenhagen, got {row['KURTYP']!r}")
        if row["INDHOLD"] != NONE:
            on = day(row["TID"].replace("M", "-").replace("D", "-"))  # 2026M10D30
            yield Quote(row["VALUTA"], "DKK", per_unit(row["INDHOLD"], UNITS), on)
