"""Bank of Korea (ECOS): basic rates of the won, with a key.

Publishes: rates of the US dollar, yen and euro that are read here, each working day.
Quoted: basic rates, the market's averages of the working day before; won for one dollar and euro, for 100 yen.
Answer: JSON, one request a currency, rows of text; a failure comes with status 200 and a code in RESULT.
Source: https://ecos.bok.or.kr/api/#/DevGuide/StatisticalCodeSearch

The key goes into the path of the URL. Read by documents alone; no recorded answer has proven it.
"""

from rates.errors import KeyRefused, NoRates, QuotaExceeded
from rates.providers.kit import Iterable, Mapping, Provider, Query, Quote, Request, Steps, date, get, per_currency
from rates.readers import counted, day, excerpt, json_object, mapping, named, number, per_unit, records, reported

PROVIDER = Provider(
    name="Bank of Korea",
    country="KR",
    pivot="KRW",
    rate_type="reference",
    published="no stated time Asia/Seoul",
    since=date(1990, 3, 2),  # when rates began to be set by the market's average
    max_days=90,  # a hundred rows are sure to come in one answer
    gap_days=12,  # the lunar New Year and Chuseok, and the weekends around them
    spacing_s=0.6,  # more than 300 requests in three minutes lock a key
    key_url="https://ecos.bok.or.kr/api/#/AuthKeyApply",
    proven=False,
)

URL = "https://ecos.bok.or.kr/api/StatisticSearch/{key}/json/en/1/100/731Y001/D"
ITEMS = {"0000001": ("USD", 1), "0000002": ("JPY", 100), "0000003": ("EUR", 1)}  # by the item of the table 731Y001
CODES = {code: item for item, (code, _) in ITEMS.items()}
NO_ROWS = "INFO-200"
FAILURES = {"INFO-100": KeyRefused, "ERROR-602": QuotaExceeded}


def steps(query: Query) -> Steps:
    """One request a currency and window."""
    secret = query.secret(PROVIDER.key)

    def ask(code: str, first: date, last: date) -> Request:
        return get(f"{URL}/{first:%Y%m%d}/{last:%Y%m%d}/{CODES[code]}", path={"key": secret})

    return per_currency(query, PROVIDER, CODES, ask, parse)


def parse(body: bytes, asked: str = "") -> Iterable[Quote]:
    """The quotes of all rows, which must be of the currency that was asked for, if one is named."""
    answer = json_object(body)
    if "RESULT" in answer:
        _fail(mapping(answer["RESULT"]))
    found = counted(records(body, "StatisticSearch", "row"), mapping(answer["StatisticSearch"])["list_total_count"])
    for row in found:
        code, units = named(ITEMS, row["ITEM_CODE1"])
        if asked not in ("", code):
            raise ValueError(f"asked for {asked}, it answers for {code}")
        yield Quote(code, "KRW", per_unit(number(row["DATA_VALUE"], thousands=","), units), day(row["TIME"], "YMD"))


def _fail(result: Mapping[str, str]) -> None:
    """Raises the error that a code of the bank means."""
    code, words = result["CODE"], excerpt(result["MESSAGE"])
    if code == NO_ROWS:
        raise NoRates("has no rates of those days")
    if code in FAILURES:
        raise FAILURES[code](f"reports {code}: {words}", hint=f"see {PROVIDER.key_url}")
    raise reported(f"{code}: {words}")
