"""Central Bank of Brazil: closing PTAX rates.

Publishes: ten currencies each working day at about 13:10 Brasilia time.
Quoted: the selling side of the closing PTAX, which contracts refer to; reais for one unit, the yen too.
Answer: JSON (OData), a row a bulletin with buying and selling rates; one request a currency, which no row names.
Source: https://olinda.bcb.gov.br/olinda/servico/PTAX/versao/v1/odata/

PTAX is the average of what dealers quote; the buying side is a few hundredths of a percent lower.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from rates import readers
from rates.errors import ErrorAnswer
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps
from rates.providers._one_by_one import together, wanted
from rates.providers._shared import said

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
    first, last = query.span(PROVIDER.gap_days)
    last = min(last, query.today)
    asked = wanted(query, SYMBOLS)
    quotes: list[Quote] = []
    for symbol in asked:
        params = (
            ("@moeda", f"'{symbol}'"),
            ("@dataInicial", f"'{first:%m-%d-%Y}'"),
            ("@dataFinalCotacao", f"'{last:%m-%d-%Y}'"),
            ("$filter", f"tipoBoletim eq '{CLOSING}'"),
            ("$format", "json"),
        )
        reply = yield Request(URL, params=params, allow=(400,))
        quotes += parse(reply.body, symbol)
    return together(quotes, asked, f"from {first} to {last}")


def parse(body: bytes, symbol: str = "USD") -> Iterable[Quote]:
    """The quotes of all rows, of the currency that was asked for: the answer does not name it."""
    answer = readers.mapping(readers.json_value(body))
    if "value" not in answer:
        raise ErrorAnswer(f"reports {said(answer.get('message') or answer['error'])!r}")
    return list(_quotes(readers.rows(answer["value"]), symbol))


def _quotes(rows: Iterable[object], symbol: str) -> Iterator[Quote]:
    for item in rows:
        row = readers.mapping(item)
        if row["tipoBoletim"] != CLOSING:
            raise ValueError(f"a closing bulletin was due, got {row['tipoBoletim']!r}")
        day = readers.day(row["dataHoraCotacao"].partition(" ")[0])
        yield Quote(symbol, "BRL", readers.number(row["cotacaoVenda"]), day)
