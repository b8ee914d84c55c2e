"""Bank of Mexico: the FIX rate of the US dollar, and four more currencies.

Publishes: the US dollar, euro, pound, yen and Canadian dollar each working day from noon; the FIX since 1991-11-12.
Quoted: the FIX is the average that settles debts in dollars; the others are its crosses; pesos for one unit.
Answer: JSON, a series a currency in the server's own order, figures as text, "N/E" for none; wants a key in a header.
Source: https://www.banxico.org.mx/SieAPIRest/service/v1/

The yen has four decimals, 0.1105, and so four digits at most. A rate's day is that on which it was determined.
"""

from rates.errors import KeyRefused
from rates.providers.kit import Any, Iterable, Mapping, Provider, Query, Quote, Request, Steps, by_window, date, get
from rates.readers import day, excerpt, json_object, mapping, number, reported, rows

PROVIDER = Provider(
    name="Bank of Mexico",
    country="MX",
    pivot="MXN",
    rate_type="fixing",
    published="12:00 America/Mexico_City",
    since=date(1991, 11, 12),
    concurrency=2,
    key_url="https://www.banxico.org.mx/SieAPIRest/service/v1/token",
    terms="https://www.banxico.org.mx/footer-en/terms-and-conditions.html",
)

FOLDER = "https://www.banxico.org.mx/SieAPIRest/service/v1/series/"
SERIES = {"SF43718": "USD", "SF46410": "EUR", "SF46407": "GBP", "SF46406": "JPY", "SF60632": "CAD"}
KEY_HEADER = "Bmx-Token"
NONE = "N/E"

FIELDS = {"idSerie", "titulo", "datos"}


def steps(query: Query) -> Steps:
    """One request for all series and the whole window."""
    key = {KEY_HEADER: query.secret(PROVIDER.key)}

    def ask(first: date, last: date) -> Request:
        return get(f"{FOLDER}{','.join(SERIES)}/datos/{first}/{last}", key=key, allow=(400, 401, 403))

    return by_window(query, PROVIDER, ask, parse)


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all series, each of which must be there; one without any figure in the window has no rows."""
    for series in _series(body):
        if unknown := set(series) - FIELDS:
            raise ValueError(f"a series has no {', '.join(sorted(unknown))}")
        for row in rows(series.get("datos", [])):
            if row["dato"] != NONE:
                rate = number(row["dato"], thousands=",")
                yield Quote(SERIES[series["idSerie"]], "MXN", rate, day(row["fecha"], "D/M/Y"))


def _series(body: bytes) -> list[Mapping[str, Any]]:
    """All series of the answer; a failure has the bank's words in their place."""
    answer = json_object(body)
    if "bmx" not in answer:
        error = mapping(answer["error"])
        words = f"{error['mensaje']} {error.get('detalle') or ''}"
        raise KeyRefused(f"reports {excerpt(words)!r}") if "token" in words.lower() else reported(words)
    found = rows(answer["bmx"]["series"])
    if {series["idSerie"] for series in found} != set(SERIES):
        raise ValueError(f"expected the series {', '.join(SERIES)}, got {[series['idSerie'] for series in found]}")
    return found
