"""Export-Import Bank of Korea: basic rates of the won, with a key.

Publishes: some 22 currencies each working day after 11:00; its own telegraphic rates, which are not read, beside them.
Quoted: basic rates (deal_bas_r), won for one unit, for 100 where the currency is named as in JPY(100).
Answer: JSON, one day a request, which no row names; an empty list where there are no rates.
Source: https://www.koreaexim.go.kr/ir/HPHKIR020M01?apino=2&viewtype=C

A failure comes with status 200 and a number in `result`. The host was www.koreaexim.go.kr up to June 2025.
"""

import re

from rates.errors import ErrorAnswer, KeyRefused, QuotaExceeded, RatesError
from rates.model import Provider, Query, Quote
from rates.providers.kit import WEEKEND, Iterable, Steps, by_day_pieces, date, get
from rates.readers import matched, number, per_unit, records

PROVIDER = Provider(
    name="Export-Import Bank of Korea",
    country="KR",
    pivot="KRW",
    rate_type="reference",
    published="11:00 Asia/Seoul",
    since=date(2019, 3, 14),  # the oldest answer that is recorded
    max_days=1,
    gap_days=12,  # the lunar New Year and Chuseok, and the weekends around them
    spacing_s=0.2,
    key_url="https://www.koreaexim.go.kr/ir/HPHKIR020M01?apino=2&viewtype=C",
)

URL = "https://oapi.koreaexim.go.kr/site/program/financial/exchangeJSON"
GOOD = 1
FAILURES: dict[int, tuple[type[RatesError], str]] = {
    2: (ErrorAnswer, "does not know the table that is asked for"),
    3: (KeyRefused, "does not accept the key"),
    4: (QuotaExceeded, "allows no more requests today"),
}

_UNIT = re.compile(r"([A-Z]{3})(?:\((100)\))?")


def steps(query: Query) -> Steps:
    """One request for each working day; an empty list is a day without rates."""
    secret = query.secret(PROVIDER.key)

    def piece(on: date) -> Steps:
        params = {"authkey": secret, "searchdate": f"{on:%Y%m%d}", "data": "AP01"}
        reply = yield get(URL, params, private=("authkey",))
        return parse(reply.body, on)

    return by_day_pieces(query, PROVIDER, piece, rests=WEEKEND)


def parse(body: bytes, on: date = PROVIDER.since) -> Iterable[Quote]:
    """The quotes of all rows but the won's own, of the day that was asked for."""
    for row in records(body):
        if row["result"] != GOOD:
            error, words = FAILURES.get(row["result"], (ErrorAnswer, f"reports result {row['result']}"))
            raise error(words, hint=f"see {PROVIDER.key_url}")
        unit = matched(_UNIT, row["cur_unit"], "currency and its units")
        rate = per_unit(number(row["deal_bas_r"], thousands=","), unit[2] or 1)
        if unit[1] != "KRW":
            yield Quote(unit[1], "KRW", rate, on)
