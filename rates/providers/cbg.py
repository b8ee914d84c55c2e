"""Central Bank of The Gambia: indicative rates.

Publishes: 31 currencies each working day, weekly until 2023; the US dollar since 2000-01-07, most since 2019-11-18.
Quoted: indicative rates, dalasis with two decimals for one unit; JPY, NOK and SEK per 100, XOF per 5000.
Answer: JSON, the whole archive of one currency: pairs of milliseconds since 1970 and rate, newest first.
Source: https://www.cbg.gm/indicative-exchange-rates-latest

No unit is stated: the crosses with the ECB's rates of each year show them. What the archive
leaves open is left out: the Danish krone, which stands at 1 since 2025; zeros of three currencies that were not
quoted; and a rate of a day that is listed twice with two figures, of which either may be the slip. Other slips of
the bank's typing stay (six kronor for a hundred), as do the coarse ones: the Guinean franc has one digit. What the
bank calls SLL is the new leone, SLE, from 2022-07-12, when a first 4.11 follows the zeros. The lira of 2019 and 2020
stands some 40 % below the market's.
"""

from collections import defaultdict

from rates.model import Provider, Query, Quote
from rates.providers.kit import Any, Iterable, Iterator, Mapping, Steps, date, get, not_empty, timedelta, wanted
from rates.readers import json_value, number, per_unit, rows

PROVIDER = Provider(
    name="Central Bank of The Gambia",
    country="GM",
    pivot="GMD",
    rate_type="indicative",
    published="11:00 Africa/Banjul",  # the first of the hours (11 to 13 UTC) in which new rates are looked for
    since=date(2000, 1, 7),
    gap_days=14,  # once a week until 2023
    spacing_s=0.2,  # a request a currency
)

FOLDER = "https://www.cbg.gm/ajax/indicative-exchange-rates/"
LEONE, NEW_LEONE, NEW_SINCE = "SLL", "SLE", date(2022, 7, 12)
NAMES = (
    "USD", "EUR", "GBP", "CHF", "SEK", "CAD", "XOF", "NOK", "SAR", "JPY", "AUD",
    "TWD", "LKR", "THB", "PHP", "NZD", "AED", "KWD", "NGN", "HKD", "ZAR", "EGP",
    "CNY", "BRL", "INR", "GHS", LEONE, "TRY", "GNF", "XDR", "SGD",
)  # fmt: skip
ARCHIVES = {**{name: name for name in NAMES}, NEW_LEONE: LEONE}  # by the currency asked for
UNITS = {"JPY": 100, "NOK": 100, "SEK": 100, "XOF": 5000}
SEEN_AT_ZERO = (LEONE, "TRY", "GNF")
DAY_MS = 86_400_000
EPOCH = date(1970, 1, 1)


def steps(query: Query) -> Steps:
    """One archive a currency that may be wanted; of the latest its last day, else the days of the window."""
    first, last = query.span(PROVIDER.gap_days)
    quotes: list[Quote] = []
    for name in dict.fromkeys(ARCHIVES[code] for code in wanted(query, ARCHIVES)):
        days = _days((yield get(FOLDER + name)).body)
        begin, end = (first, last) if query.end else (max(days), max(days))
        quotes += _quotes(name, {on: figures for on, figures in days.items() if begin <= on <= end})
    return not_empty(quotes, first, last)


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of the US dollar's archive. An archive does not name its currency, so `steps` reads the others'."""
    return _quotes("USD", _days(body))


def _days(body: bytes) -> Mapping[date, list[Any]]:
    """The figures of each day as they are listed, of which there should be one."""
    days: dict[date, list[Any]] = defaultdict(list)
    for stamp, figure in rows(json_value(body)):
        if type(stamp) is not int or stamp % DAY_MS:
            raise ValueError(f"no midnight: {str(stamp)[:40]!r}")
        days[EPOCH + timedelta(days=stamp // DAY_MS)].append(figure)
    if not days:
        raise ValueError("the archive is empty")
    return days


def _quotes(name: str, days: Mapping[date, list[Any]]) -> Iterator[Quote]:
    """The rates of all days that have one figure, or the same twice."""
    for on, figures in days.items():
        rates = {number(figure) for figure in figures}
        if len(rates) > 1 or (set(map(str, figures)) == {"0"} and name in SEEN_AT_ZERO):
            continue
        code = NEW_LEONE if name == LEONE and on >= NEW_SINCE else name
        yield Quote(code, "GMD", per_unit(rates.pop(), UNITS.get(name, 1)), on)
