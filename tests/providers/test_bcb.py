"""The Central Bank of Brazil: one request a currency, days written American, the closing bulletin's selling side."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates.errors import ErrorAnswer, NoRates, ParseError, Unsupported
from rates.model import Query, Quote, Reply
from tests.providers.conversation import Case, ask, between, latest, on, specimen
from tests.providers.recordings import Figures, asked, codes, in_sample, recorded, recordings, replay

USD, EUR, JPY, NONE = (specimen(f"bcb/{name}.json") for name in ("usd", "eur", "jpy", "none"))
CASE = Case(latest("BRL", "USD", "EUR", "JPY"), (USD, EUR, JPY), b"5.38070")

URL = (
    "https://olinda.bcb.gov.br/olinda/servico/PTAX/versao/v1/odata/"
    "CotacaoMoedaPeriodo(moeda=@moeda,dataInicial=@dataInicial,dataFinalCotacao=@dataFinalCotacao)?"
)
THURSDAY, FRIDAY = date(2026, 10, 29), date(2026, 10, 30)


def url(code: str, first: str, last: str) -> str:
    """The question for a currency and a window."""
    window = f"@dataInicial='{first}'&@dataFinalCotacao='{last}'"
    return f"{URL}@moeda='{code}'&{window}&$filter=tipoBoletim eq 'Fechamento'&$format=json"


def test_the_selling_side_of_the_currency_asked_for() -> None:
    """The answer names no currency; each is the one that its question names. The yen is for one."""
    quotes, _ = ask("bcb", latest("BRL", "JPY", "USD"), USD, JPY)
    assert quotes == (
        Quote("USD", "BRL", Decimal("5.38070"), THURSDAY),
        Quote("USD", "BRL", Decimal("5.39200"), FRIDAY),
        Quote("JPY", "BRL", Decimal("0.03495"), THURSDAY),
        Quote("JPY", "BRL", Decimal("0.03499"), FRIDAY),
    )


@pytest.mark.parametrize(
    ("query", "first", "last"),
    [
        (latest("BRL", "USD"), "10-23-2026", "10-30-2026"),
        (on(THURSDAY, "BRL", "USD"), "10-22-2026", "10-29-2026"),
        (between(date(2010, 1, 2), FRIDAY, "BRL", "USD"), "01-02-2010", "10-30-2026"),
    ],
)
def test_what_is_asked(query: Query, first: str, last: str) -> None:
    """Month before day; one question for any window."""
    assert ask("bcb", query, USD)[1] == [url("USD", first, last)]


def test_only_what_is_needed_is_asked() -> None:
    """A base and a symbol are two requests, all currencies are ten, none of them is none."""
    assert [found[len(URL) + 8 :][:3] for found in ask("bcb", latest("EUR", "USD"), USD, EUR)[1]] == ["USD", "EUR"]
    assert len(ask("bcb", latest("BRL"), *[USD] * 10)[1]) == 10
    with pytest.raises(Unsupported, match="ZMW"):
        ask("bcb", latest("BRL", "ZMW"))


def test_no_rows_is_no_rates() -> None:
    """Empty lists are the bank's way to say that it rested."""
    with pytest.raises(NoRates):
        ask("bcb", on(date(2026, 10, 25), "BRL", "USD"), NONE)


def test_no_dollar_beside_others_is_a_parse_error() -> None:
    """No bank rests for the US dollar alone: an answer was lost."""
    with pytest.raises(ParseError, match="the US dollar has no rates"):
        ask("bcb", latest("BRL", "USD", "EUR"), NONE, EUR)


def test_another_bulletin_is_a_parse_error() -> None:
    """An opening bulletin is not the PTAX of the day."""
    with pytest.raises(ParseError, match="Abertura"):
        ask("bcb", latest("BRL", "USD"), USD.replace(b"Fechamento", b"Abertura"))


def test_a_message_is_an_error_answer() -> None:
    """What the bank says instead of a list is repeated."""
    with pytest.raises(ErrorAnswer, match="Data inicial"):
        ask("bcb", latest("BRL", "USD"), Reply(400, specimen("bcb/error.json")))


@recordings
def test_recorded() -> None:
    """Every selling rate of every currency; the recorded address of an answer gives its currency."""
    found = replay("bcb", asked("2026-03-01", "2026-03-07", "BRL"))
    expected: Figures = {}
    for (_, parameters), reply in recorded("bcb").items():
        row = r'"cotacaoVenda":([\d.]+),"dataHoraCotacao":"([\d-]+) '
        for rate, day in re.findall(row, reply.body.decode()):
            expected[dict(parameters)["@moeda"].strip("'"), "BRL", date.fromisoformat(day)] = Decimal(rate)
    assert found == expected
    assert len(found) == 50
    assert codes(found) == in_sample("bcb")
