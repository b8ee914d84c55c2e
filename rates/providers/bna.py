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

from rates.providers.kit import Iterable, Provider, Query, Quote, Request, Steps, by_window, date, get
from rates.readers import day, json_object, number, reported, rows

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
    """The window in pieces, all currencies at once; a list without rows means that the bank rested."""
    return by_window(query, PROVIDER, ask, parse)


def ask(first: date, last: date) -> Request:
    """The middle rates of all currencies in a window."""
    return get(URL, {"datainicio": first, "datafim": last, "tipocambio": MIDDLE, "moeda": EVERY})


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all rows; the status is 200 even for a refused question."""
    answer = json_object(body)
    if answer["success"] is not True:
        raise reported("; ".join(str(value) for name, value in answer.items() if name != "success"))
    for row in rows(answer["genericResponse"]):
        if row["tipoCambio"] != MIDDLE:
            raise ValueError(f"expected a middle rate, got {row['tipoCambio']!r}")
        code, on = row["codigoMoeda"], day(row["data"])
        new, since = RENAMED.get(code, (code, on))
        if code not in NO_CURRENCY:
            yield Quote(new if on >= since else code, "AOA", number(row["taxa"]), on)
