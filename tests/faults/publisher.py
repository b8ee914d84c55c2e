"""A publisher of these tests: a document for each base, which does not name the base.

So an answer to another request is not noticed, except by its figures. A test writes this file again for each fault,
with its address.

Source: http://127.0.0.1/
"""

from rates.providers.kit import Provider, Query, Quote, Request, Steps, date
from rates.readers import json_value, mapping, number

URL = ""
PROVIDER = Provider(
    name="Faulty", rate_type="mid", published="now", since=date(1999, 1, 4), gap_days=999, concurrency=64
)


def steps(query: Query) -> Steps:
    """One request."""
    reply = yield Request(URL, params=(("base", query.base),))
    figures = mapping(json_value(reply.body))
    return [Quote(query.base, symbol, number(figure), query.today) for symbol, figure in figures.items()]


def parse(body: bytes) -> list[Quote]:
    """Nothing: the answer alone does not tell the base."""
    return []
