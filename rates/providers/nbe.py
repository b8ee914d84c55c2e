"""National Bank of Ethiopia: weighted average rates of the birr.

Publishes: 19 currencies each working day, the SDR among them.
Quoted: weighted averages of the banks' rates, birr for one unit; buying and selling rates stand beside them.
Answer: JSON, one day a request, numbers as text; a list without rows on a closed day.
Source: https://nbe.gov.et/exchange-rate/
"""

from rates.providers.kit import Iterable, Provider, Query, Quote, Request, Steps, by_day, date, get
from rates.readers import day, json_object, number, reported, rows

PROVIDER = Provider(
    name="National Bank of Ethiopia",
    country="ET",
    pivot="ETB",
    rate_type="market average",
    published="by 15:00 Africa/Addis_Ababa",  # the bank names no time; seen from 13:00 on
    since=date(2024, 10, 1),  # the birr was floated in the summer before, with gaps
    max_days=1,
    spacing_s=0.2,
    official=False,  # an average of what banks ask; the bank neither sets nor declares one
)

URL = "https://api.nbe.gov.et/api/filter-exchange-rates"


def steps(query: Query) -> Steps:
    """One request a day, back over closed ones."""
    return by_day(query, PROVIDER, ask, parse, in_force=True)


def ask(on: date) -> Request:
    """The list of a day."""
    return get(URL, {"date": on})


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of a day's list."""
    answer = json_object(body)
    if answer["success"] is not True:
        raise reported(answer.get("message"))
    for row in rows(answer["data"]):
        yield Quote(row["currency"]["code"], "ETB", number(row["weighted_average"]), day(row["date"]))
