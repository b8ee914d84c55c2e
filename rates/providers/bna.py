"""National Bank of Angola: reference rates of the kwanza.

Publishes: about 70 currencies each working day in the afternoon.
Quoted: middle rates, kwanzas for one unit of the currency.
Answer: JSON, a row a day and currency, all currencies for the word ALL; a flag says whether the question was right.
Source: https://www.bna.ao/Conteudos/Mercados/listaTaxasCambioReferencia.aspx

Left out are XDRUSD, which is no currency, and gold, whose price is in kwanzas or in dollars as it falls (4543.25 for
an ounce in May 2026 are dollars). Codes of former currencies live on: STD and VEF carry the values of today's dobra
(21.0 to the US dollar) and bolivar (511), so that they are given as STN and VES; the Zambian ZMK (18777), the kuna and
the Estonian crown truly are the old currencies, at their fixed rates against the new ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from rates import readers
from rates.errors import ErrorAnswer, NoRates
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps
from rates.providers._shared import said, spans

PROVIDER = Provider(
    name="National Bank of Angola",
    country="AO",
    pivot="AOA",
    rate_type="reference",
    published="about 16:00 Africa/Luanda",
    since=date(2000, 1, 1),
    max_days=365,  # our own: a year of all currencies is some 4 MB
    concurrency=2,
    spacing_s=0.5,
)

URL = "https://www.bna.ao/service/rest/taxas/get/evolucao/taxa/intervalo"
MIDDLE, EVERY = "M", "ALL"  # the code of the lek too, which comes among the others
NO_CURRENCY = ("XDRUSD", "XAU")
# Old code, new code, and the day since which the bank's figure under the old one is the new currency's.
RENAMED = {"STD": ("STN", date(2018, 1, 1)), "VEF": ("VES", date(2018, 8, 20))}


def steps(query: Query) -> Steps:
    """The window in pieces, all currencies at once; a list without rows says that the bank rested."""
    first, last = query.span(PROVIDER.gap_days)
    last = min(last, query.today)
    quotes: list[Quote] = []
    for start, end in spans(first, last, PROVIDER.max_days or 1):
        window = (("datainicio", str(start)), ("datafim", str(end)))
        reply = yield Request(URL, params=(*window, ("tipocambio", MIDDLE), ("moeda", EVERY)))
        quotes += parse(reply.body)
    if not quotes:
        raise NoRates(f"has no rates from {first} to {last}")
    return quotes


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all rows; the status is 200 even for a refused question."""
    answer = readers.mapping(readers.json_value(body))
    if answer["success"] is not True:
        words = [str(value) for name, value in answer.items() if name != "success"]
        raise ErrorAnswer(f"reports {said('; '.join(words))!r}")
    return list(_quotes(readers.rows(answer["genericResponse"])))


def _quotes(rows: Iterable[object]) -> Iterator[Quote]:
    for item in rows:
        row = readers.mapping(item)
        if row["tipoCambio"] != MIDDLE:
            raise ValueError(f"a middle rate was due, got {row['tipoCambio']!r}")
        if row["codigoMoeda"] not in NO_CURRENCY:
            day = readers.day(row["data"])
            yield Quote(_code(row["codigoMoeda"], day), "AOA", readers.number(row["taxa"]), day)


def _code(code: str, day: date) -> str:
    new, since = RENAMED.get(code, (code, day))
    return new if day >= since else code
