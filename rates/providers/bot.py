"""Bank of Thailand: average rates of the commercial banks in Bangkok, with a key.

Publishes: 19 currencies each working day at 18:00 Bangkok time, since 2002-01-02.
Quoted: the middle of the banks' buying and selling rates, baht for 1, 100 or 1,000 units as the English name says.
Answer: JSON, a row a currency and day, rates as text; wants a key in the header Authorization.
Source: https://www.bot.or.th/en/statistics/exchange-rate.html

The report's own header says that all rates are of one unit, which is wrong for the yen (100) and the rupiah (1,000).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from rates import readers
from rates.errors import ErrorAnswer, KeyRefused, NoRates
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps
from rates.providers._shared import said, spans

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
    first, last = query.span(PROVIDER.gap_days)
    first, last = max(first, PROVIDER.since), min(last, query.today)
    headers = (("Authorization", query.secret(PROVIDER.key)), ("Accept", "application/json"))
    quotes: list[Quote] = []
    for start, end in spans(first, last, PROVIDER.max_days or 1):
        params = (("start_period", str(start)), ("end_period", str(end)))
        reply = yield Request(URL, params=params, headers=headers, private=("Authorization",), allow=(403,))
        if reply.status == 403:
            raise KeyRefused("does not accept the key", hint=f"see {PROVIDER.key_url}")
        quotes += parse(reply.body)
    if not quotes:
        raise NoRates(f"has no rates from {first} to {last}")
    return quotes


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all rows."""
    answer = readers.mapping(readers.json_value(body))
    if "result" not in answer:
        words = answer.get("moreInformation") or answer.get("message") or answer["httpMessage"]
        raise ErrorAnswer(f"reports {said(words)!r}")
    return list(_quotes(readers.rows(answer["result"]["data"]["data_detail"])))


def _quotes(rows: Iterable[Mapping[str, Any]]) -> Iterator[Quote]:
    """A row without a selling rate has no middle; a day without rates is a row of empty texts."""
    for row in rows:
        if row["mid_rate"] == row["selling"] == "":
            continue
        code, name = row["currency_id"], row["currency_name_eng"]
        if f"({code})" not in name:
            raise ValueError(f"{code!r} is named {name!r}")
        found = _UNITS.search(name)
        if not found and any(letter.isdigit() for letter in name):
            raise ValueError(f"no units of {code}: {name!r}")
        units = int(found[1].replace(",", "")) if found else 1
        yield Quote(code, "THB", readers.per_unit(readers.number(row["mid_rate"]), units), readers.day(row["period"]))
