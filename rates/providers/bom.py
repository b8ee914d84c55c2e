"""Bank of Mongolia: official reference rates, gold and silver among them.

Publishes: 36 currencies, gold and silver each working day, since 2001-01-02.
Quoted: reference rates, togrogs for one unit of the currency, metals per troy ounce.
Answer: JSON, newest day first, an object a day; numbers are text with commas between thousands, SDR stands for XDR.
Source: https://www.mongolbank.mn/en/currency-rate-movement

The answer is the whole archive, some 5 MB, whatever days are asked for. Two decimals are all that cheap currencies
have: the rupiah is 0.20 and the dong 0.14, which may be 3 % off. The lev, which ended with 2025, is quoted on at 1.665
to the dollar.
"""

from rates.errors import ErrorAnswer
from rates.providers.kit import Iterable, Provider, Query, Quote, Steps, archive, date, post, window
from rates.readers import excerpt, json_object, number, rows, rows_between

PROVIDER = Provider(
    name="Bank of Mongolia",
    country="MN",
    pivot="MNT",
    rate_type="reference",
    published="about 12:00 Asia/Ulaanbaatar",
    since=date(2001, 1, 2),
    gap_days=10,  # Naadam is a feast of five days with its weekends
    concurrency=1,  # 5 MB an answer
    terms="https://www.mongolbank.mn/en",
)

URL = "https://www.mongolbank.mn/en/currency-rate-movement/data"
OTHER_CODES = {"SDR": "XDR"}


def steps(query: Query) -> Steps:
    """One request; only the days of the window are read further."""
    first, last = window(query, PROVIDER, tomorrow=True)
    asked = post(URL, json={"startDate": first, "endDate": last}, headers={"Accept": "application/json"})
    return archive(query, PROVIDER, asked, parse)


def parse(body: bytes, first: date = date.min, last: date = date.max) -> Iterable[Quote]:
    """The quotes of the days from first to last; the answer is the whole archive."""
    answer = json_object(body)
    if answer["success"] is not True:
        raise ErrorAnswer(f"reports no success: {excerpt(answer.get('message', ''))!r}")
    for on, row in rows_between(rows(answer["data"]), "RATE_DATE", first, last):
        for code, rate in row.items():
            if code != "RATE_DATE":
                yield Quote(OTHER_CODES.get(code, code), "MNT", number(rate, thousands=","), on)
