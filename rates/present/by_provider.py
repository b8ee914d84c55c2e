"""What many publishers say of the same base: a row a publisher, and under it those that said nothing, with the reason.

json and jsonl are the objects of `exports`, one a base and publisher, each with its `provider` (a failed one too) and
the publisher's `country`; csv has the columns of `exports` and `country`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rates import providers
from rates.model import DerivedRate, Outcome, RateTable
from rates.present.captions import age
from rates.present.encode import csv_text, json_text, jsonl_text
from rates.present.exports import CSV_HEADERS, as_object, csv_lines
from rates.present.rounding import weak
from rates.present.tables import ABSENT, DERIVED, OLD, WEAK, WEAK_MEANS, cell, old, single, stacked
from rates.present.tabular import Align, notes, rows
from rates.settings import MACHINE_FORMATS, Settings

DERIVED_MEANS = "derived: inverse, cross or median of published figures"
# With more symbols than these a row leaves any screen, and each publisher has a table of its own.
MOST_COLUMNS = 12


def show_many(outcomes: Sequence[Outcome], settings: Settings, *, today: date) -> str:
    """The whole text for standard output, without a final line end: a table a base."""
    if settings.format in MACHINE_FORMATS:
        return _export(outcomes, settings, today)
    bases = dict.fromkeys(outcome.base for outcome in outcomes)
    return stacked([_base([one for one in outcomes if one.base == base], settings, today) for base in bases])


def _base(outcomes: Sequence[Outcome], settings: Settings, today: date) -> str:
    """One base's table with its caption, its legend, and who is not in it."""
    fmt, base = settings.format, outcomes[0].base
    tables = [outcome.table for outcome in outcomes if outcome.table is not None]
    head = notes([f"1 {base} · {len(tables)} of {len(outcomes)} publishers"], fmt)
    symbols = columns(tables, base, settings.symbols)
    if len(symbols) > MOST_COLUMNS:
        blocks = [single(table, tuple(sorted(table)), settings.digits, fmt, today) for table in tables]
    else:
        blocks = [_rows(tables, symbols, settings, today), notes(_legend(tables, symbols), fmt)] if tables else []
    return stacked([head, *blocks, notes([told(outcomes)], fmt) if told(outcomes) else ""])


def columns(tables: Sequence[RateTable], base: str, symbols: Sequence[str]) -> tuple[str, ...]:
    """The symbols to show: those asked for, or all that anybody has; never the base against itself."""
    known = symbols or sorted({symbol for table in tables for symbol in table})
    return tuple(symbol for symbol in known if symbol != base)


def _rows(tables: Sequence[RateTable], symbols: Sequence[str], settings: Settings, today: date) -> str:
    lines = [
        [
            table.provider,
            country(table.provider) or ABSENT,
            *(_cell(table, symbol, settings.digits) for symbol in symbols),
            str(_day(table, symbols)),
            age(_day(table, symbols), today),
        ]
        for table in tables
    ]
    numbers: list[Align] = ["decimal"] * len(symbols)
    return rows(["publisher", "country", *symbols, "day", "age"], lines, settings.format, ["left", "left", *numbers])


def _day(table: RateTable, symbols: Sequence[str]) -> date:
    """The newest day among the figures shown: a publisher's metals may be newer than its currencies."""
    return max((figure.day for figure in _shown(table, symbols)), default=table.day)


def _shown(table: RateTable, symbols: Sequence[str]) -> list[DerivedRate]:
    return [table.figures[symbol] for symbol in symbols if symbol in table]


def _cell(table: RateTable, symbol: str, digits: int) -> str:
    figure = table.figures.get(symbol)
    if figure is None or figure.instead_of is not None:  # which is marked already
        return cell(figure, digits)
    return cell(figure, digits) + (DERIVED if _derived(figure) else "") + (OLD if old(table, figure) else "")


def _derived(figure: DerivedRate) -> bool:
    return figure.how in ("inverse", "cross", "median")


def _legend(tables: Sequence[RateTable], symbols: Sequence[str]) -> list[str]:
    """What the marks mean, of those that are there."""
    shown = [(table, figure) for table in tables for figure in _shown(table, symbols)]
    marks = (
        (f"{DERIVED} {DERIVED_MEANS}", any(_derived(figure) for _, figure in shown)),
        (f"{WEAK} {WEAK_MEANS}", any(weak(figure) for _, figure in shown)),
        (f"{OLD} of an earlier day than others of that publisher", any(old(*one) for one in shown)),
    )
    return [text for text, there in marks if there]


def told(outcomes: Sequence[Outcome]) -> str:
    """A line for each publisher that gave nothing or has a warning: key, the error's name, and its sentence.

    Of several bases the base leads; a sentence that is the same for each of them stands once.
    """
    met: dict[tuple[str, str, str], list[str]] = {}
    for one in outcomes:
        if (error := one.error or one.warning) is not None:
            sentence = "; ".join(part for part in (error.detail, error.hint) if part)
            met.setdefault((one.provider, error.name, " ".join(sentence.split())), []).append(one.base)
    bases = {outcome.base for outcome in outcomes}
    whom = {line: "" if set(of) == bases else " ".join(of) + "  " for line, of in met.items()}
    keys = max((len(whom[line] + line[0]) for line in met), default=0)
    names = max((len(name) for _, name, _ in met), default=0)
    return "\n".join(f"{whom[line] + line[0]:{keys}}  {line[1]:{names}}  {line[2]}" for line in met)


def country(key: str) -> str:
    """The country of a publisher; "" for none, and for a plugin that cannot be loaded."""
    modules, _ = providers.load_each((key,))
    return modules[0].PROVIDER.country if modules else ""


def _export(outcomes: Sequence[Outcome], settings: Settings, today: date) -> str:
    """All outcomes in a machine format."""
    symbols = settings.symbols
    if settings.format == "csv":
        tables = [one.table for one in outcomes if one.table is not None]
        lines = [[*line, country(table.provider)] for table in tables for line in csv_lines(table, symbols)]
        return csv_text((*CSV_HEADERS, "country"), lines)
    objects = [_object(outcome, symbols, today) for outcome in outcomes]
    return jsonl_text(objects) if settings.format == "jsonl" else json_text(objects, expand=3)


def _object(outcome: Outcome, symbols: Sequence[str], today: date) -> dict[str, object]:
    head = {"base": outcome.base, "provider": outcome.provider, "country": country(outcome.provider) or None}
    return head | as_object(outcome, symbols, today)
