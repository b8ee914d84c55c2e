"""Central Bank of Brazil: closing PTAX rates.

Publishes: ten currencies each working day at about 13:10 Brasilia time.
Quoted: the selling side of the closing PTAX, which contracts refer to; reais for one unit, the yen too.
Answer: JSON (OData), a row a bulletin with buying and selling rates; one request a currency, which no row names.
Source: https://olinda.bcb.gov.br/olinda/servico/PTAX/versao/v1/odata/

PTAX is the average of what dealers quote; the buying side is a few hundredths of a percent lower.
"""

from rates.providers.kit import Iterable, Provider, Query, Quote, Request, Steps, date, get, per_currency
from rates.readers import number, records, stamp_day

PROVIDER = Provider(
    name="Central Bank of Brazil",
    country="BR",
    pivot="BRL",
    rate_type="selling",
    published="13:10 America/Sao_Paulo",
    since=date(2000, 1, 1),
    gap_days=7,  # Carnival has two days beside a weekend
    concurrency=2,
    spacing_s=0.2,
    terms="https://olinda.bcb.gov.br/olinda/servico/PTAX/versao/v1/documentacao",  # its terms are not known
)

URL = (
    "https://olinda.bcb.gov.br/olinda/servico/PTAX/versao/v1/odata/"
    "CotacaoMoedaPeriodo(moeda=@moeda,dataInicial=@dataInicial,dataFinalCotacao=@dataFinalCotacao)"
)

SYMBOLS = ("USD", "EUR", "GBP", "JPY", "CHF", "CAD", "AUD", "DKK", "NOK", "SEK")
CLOSING = "Fechamento"  # the other bulletins are of the opening and between


def steps(query: Query) -> Steps:
    """One request a currency for the whole window; lists without rows say that the bank rested."""
    return per_currency(query, PROVIDER, SYMBOLS, ask, parse)


def ask(code: str, first: date, last: date) -> Request:
    """The closing bulletins of one currency."""
    params = {
        "@moeda": f"'{code}'",
        "@dataInicial": f"'{first:%m-%d-%Y}'",
        "@dataFinalCotacao": f"'{last:%m-%d-%Y}'",
        "$filter": f"tipoBoletim eq '{CLOSING}'",
        "$format": "json",
    }
    return get(URL, params, allow=(400,))


def parse(body: bytes, code: str = "USD") -> Iterable[Quote]:
    """The quotes of all rows, of the currency that was asked for: the answer does not name it."""
    for row in records(body, "value", error=("message", "error")):
        if row["tipoBoletim"] != CLOSING:
            raise ValueError(f"expected a closing bulletin, got {row['tipoBoletim']!r}")
        yield Quote(code, "BRL", number(row["cotacaoVenda"]), stamp_day(row["dataHoraCotacao"]))
