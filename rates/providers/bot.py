"""Bank of Thailand: average rates of the commercial banks in Bangkok, with a key.

Publishes: 19 currencies each working day at 18:00 Bangkok time, since 2002-01-02.
Quoted: the middle of the banks' buying and selling rates, baht for 1, 100 or 1,000 units as the English name says.
Answer: JSON, a row a currency and day, rates as text; wants a key in the header Authorization.
Source: https://www.bot.or.th/en/statistics/exchange-rate.html

The report's own header says that all rates are of one unit, which is wrong for the yen (100) and the rupiah (1,000).
"""

import re

from rates.providers.kit import Iterable, Provider, Query, Quote, Request, Steps, accepts_key, by_window, date, get
from rates.readers import day, per_unit, records

PROVIDER = Provider(
    name="Bank of Thailand",
    country="TH",
    pivot="THB",
    rate_type="market mid",
    published="18:00 Asia/Bangkok",
    since=date(2002, 1, 2),
    max_days=31,
    gap_days=12,  # Songkran and New Year with their weekends
    key_url="https://portal.api.bot.or.th/",
    official=False,
    terms="https://www.bot.or.th/en/",
)

URL = "https://gateway.api.bot.or.th/Stat-ExchangeRate/v2/DAILY_AVG_EXG_RATE/"

_UNITS = re.compile(r"\(([\d,]+) ")  # such as "JAPAN : YEN (100 YEN) (JPY)"


def steps(query: Query) -> Steps:
    """The window in pieces of 31 days."""
    key = {"Authorization": query.secret(PROVIDER.key)}

    def ask(first: date, last: date) -> Request:
        params = {"start_period": first, "end_period": last}
        return get(URL, params, key=key, headers={"Accept": "application/json"}, allow=(403,))

    return by_window(query, PROVIDER, ask, parse, check=accepts_key(PROVIDER))


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all rows. One without a selling rate has no middle; empty texts are a day without rates."""
    for row in records(body, "result", "data", "data_detail", error=("moreInformation", "message", "httpMessage")):
        if not row["mid_rate"] == row["selling"] == "":
            code, name = row["currency_id"], row["currency_name_eng"]
            yield Quote(code, "THB", per_unit(row["mid_rate"], _units(code, name)), day(row["period"]))


def _units(code: str, name: str) -> int:
    """How many units of a currency the rate is for, as its English name says."""
    found = _UNITS.search(name)
    if f"({code})" not in name:
        raise ValueError(f"{code!r} is named {name!r}")
    if not found and any(letter.isdigit() for letter in name):
        raise ValueError(f"no units of {code}: {name!r}")
    return int(found[1].replace(",", "")) if found else 1
