"""Frankfurter: the rates of about a hundred central banks and official sources, blended.

Publishes: about 200 currencies, through the day as each source does; latest and day carry a pair forward 14 days.
Quoted: units of the quote for one of the base, blended over the sources and rounded to about five digits.
Answer: JSON, a flat array of date, base, quote and rate, of mixed days; errors are an object with status and message.
Source: https://frankfurter.dev/
"""

from rates.errors import ErrorAnswer, NoRates, NotFound, Unsupported
from rates.providers.kit import Any, Iterable, Provider, Query, Quote, Steps, date, get
from rates.readers import day, excerpt, json_value, number, rows

PROVIDER = Provider(
    name="Frankfurter",
    rate_type="blended",
    published="through the day",
    # Its oldest source, the Bundesbank's Frankfurt fixings, begins that day; most pairs begin in 1999 or later.
    since=date(1948, 6, 21),
    gap_days=14,  # its look-back for the latest and for a day; pairs older than that are left out
    mixed_days=True,
    concurrency=8,  # its answers come from a cache; as many as the default pool has workers
    kind="service",
    official=False,
    terms="free, no key and no quota; be polite",
)

URL = "https://api.frankfurter.dev/v2/rates"


def steps(query: Query) -> Steps:
    """One request; an empty array says that it has nothing for the days, or for the symbols, asked for."""
    params: dict[str, Any] = {"base": query.base}
    if query.symbols:
        others = [symbol for symbol in query.symbols if symbol != query.base]
        params["quotes"] = ",".join(others or [query.base])
    if query.kind == "day":
        params["date"] = query.end
    elif query.kind == "range":
        params |= {"from": query.start, "to": query.end}
    reply = yield get(URL, params, allow=(404, 422))
    quotes = list(parse(reply.body))
    if not quotes and (query.start is not None or query.symbols):
        asked = f"{query.base} to {', '.join(query.symbols)}" if query.symbols else query.base
        raise NoRates(f"has nothing for {asked} on {query.end or query.today}")
    return quotes


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of the array, all days that are in it; the base's identity among them."""
    answer = json_value(body)
    if isinstance(answer, dict):
        words = excerpt(answer["message"])
        if answer.get("status") == 404:
            raise NotFound(f"answers {words!r}: the address has moved")
        raise Unsupported(words) if words.startswith("invalid currency") else ErrorAnswer(f"reports {words!r}")
    for row in rows(answer):
        yield Quote(row["base"], row["quote"], number(row["rate"]), day(row["date"]))
