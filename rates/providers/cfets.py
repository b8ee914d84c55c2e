"""China Foreign Exchange Trade System: the central parity of the yuan, which the People's Bank of China has it publish.

Publishes: 25 currencies each working day at 9:15 Beijing time.
Quoted: central parity, yuan for one unit (for 100 yen), or units for one yuan, as each pair is labelled.
Answer: JSON, up to 50 days a page, the newest first; the labels of the pairs once, values in their order.
Source: https://www.chinamoney.com.cn/english/bmkcpr/
"""

import re

from rates.providers.kit import Iterable, Provider, Query, Quote, Request, Steps, by_window, date, post
from rates.readers import counted, day, json_object, mapping, matched, per_unit, records, rows

PROVIDER = Provider(
    name="China Foreign Exchange Trade System",
    country="CN",
    pivot="CNY",
    rate_type="fixing",
    published="09:15 Asia/Shanghai",
    since=date(2006, 1, 4),  # when the parity began to be fixed in the morning
    max_days=50,  # a page has 50 days at most
    gap_days=12,  # the lunar New Year and the October holidays, and the weekends around them
    spacing_s=0.5,
)

URL = "https://www.chinamoney.com.cn/ags/ms/cm-u-bk-ccpr/CcprHisNew"
NONE = "---"

_PAIR = re.compile(r"(100|)([A-Z]{3})/([A-Z]{3})")


def steps(query: Query) -> Steps:
    """The window in pieces of a page each."""
    return by_window(query, PROVIDER, ask, parse)


def ask(first: date, last: date) -> Request:
    """All pairs of a window, asked for by a POST whose params are in the address; an empty currency means all."""
    return post(URL, {"currency": ""}, params={"startDate": first, "endDate": last, "pageNum": 1, "pageSize": 50})


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all days and pairs; three dashes stand for none."""
    answer = mapping(json_object(body)["data"])
    pairs = [matched(_PAIR, label, "pair") for label in rows(answer["head"])]
    for row in counted(records(body, "records"), answer["total"]):
        on = day(row["date"])
        for pair, value in zip(pairs, rows(row["values"]), strict=True):
            if value != NONE:
                yield Quote(pair[2], pair[3], per_unit(value, pair[1] or 1), on)
