"""The user's own rates as a publisher's answer, and as a table in which each figure is marked as own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from rates.conversion import MANY_DIGITS
from rates.defaults import OWN
from rates.errors import NoRates
from rates.fetch.single_flight import Answer
from rates.model import Provider, Query, RateTable
from rates.own_rates import in_force, read_own, shared_currency
from rates.settings import Settings

DERIVED = ("published", "inverse", "cross")  # how `rebase` derives a figure from quotes


def own_answer(provider: Provider, query: Query, settings: Settings) -> Answer:
    """The own rates of the day asked for, or those that touch a range; `NoRates` if there are none.

    `SettingsError` if the file is missing or has a wrong line: the next provider of a chain would answer with a rate
    that the user does not want.
    """
    own, last = read_own(settings.own), query.end or query.today
    if query.kind == "range":
        first = query.start or last
        quotes = [one for one in own.quotes if one.day <= last and first <= (one.valid_to or one.day)]
    else:
        quotes = in_force(own.quotes, last, provider.gap_days)
    if not quotes:
        first, ends = min(one.day for one in own.quotes), max(one.valid_to or one.day for one in own.quotes)
        until = "" if ends == date.max else f", its last {ends}"
        raise NoRates(f"has none for {last}", provider=OWN, hint=f"its first day is {first}{until}")
    return Answer(tuple(quotes), OWN, None, own.digest)


def own_table(
    answer: Answer, base: str, provider: Provider, rebase: Callable[..., RateTable], *, asked: date | None
) -> RateTable:
    """The answer as a table, its figures marked as own and exact; crosses go over the currency that all quotes share.

    A figure derived from a peg stays marked as such.
    """
    table = rebase(answer.quotes, base, replace(provider, pivot=shared_currency(answer.quotes)), asked=asked)
    figures = {
        symbol: figure._replace(how="own", digits=MANY_DIGITS) if figure.how in DERIVED else figure
        for symbol, figure in table.figures.items()
    }
    return replace(table, figures=figures, source=OWN, digest=answer.digest)
