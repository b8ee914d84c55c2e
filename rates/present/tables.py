"""Rates for people: a base's table, a matrix of bases and symbols, or one base as many publishers have it.

The caption names the publisher, the kind of rate, the day and its age; the legend explains the marks that are used. Of
many publishers each is a row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from operator import itemgetter
from typing import NamedTuple

from rates.currencies import current_unit, pegs
from rates.defaults import HISTORY, OWN, STORE
from rates.errors import Unsupported
from rates.model import DerivedRate, Outcome, Quote, RateTable
from rates.present.layout import LINE, Column, folded
from rates.present.rounding import shown, weak
from rates.present.tabular import notes, rows, stacked
from rates.present.terms import meanings, signed
from rates.providers import load_each
from rates.providers.published import absence
from rates.settings import SETTINGS, Settings

ABSENT = "\N{EN DASH}"
MINUTE_S, HOUR_S, DAY_S = 60, 3600, 86_400
WEAK_MEANS = "fewer than four significant digits behind it"
# A matrix with more columns is wider than 80 characters: then the longer side goes down the page.
MATRIX_COLUMNS = 6
# With more symbols a row would be wider than any screen: each publisher then has a separate table.
MOST_COLUMNS = 12
KEY_CUT = 12  # characters of a publisher's key that a narrow terminal shows at least
# Not strftime: its names change with the locale.
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Mark(NamedTuple):
    """A sign behind a rate, its meaning in the legend, and the rates that have it, by the newest day of their table."""

    sign: str
    means: str
    applies: Callable[[DerivedRate, date], bool]


def _old(figure: DerivedRate, newest: date) -> bool:
    return figure.how != "identity" and figure.day != newest


WEAK = Mark("*", WEAK_MEANS, lambda figure, newest: weak(figure))
PEGGED = Mark("‡", "pegged", lambda figure, newest: figure.how == "pegged")
INSTEAD = Mark(
    "§",
    "derived from the reverse rate, which is published with more digits",
    lambda figure, newest: figure.instead_of is not None,
)
DERIVED = Mark(
    "§",
    "derived: inverse, cross or median of published figures",
    lambda figure, newest: figure.how in ("inverse", "cross", "median"),
)
OWN_RATE = Mark("¤", "from your own rates", lambda figure, newest: figure.how == "own")
OLD = Mark("†", "of an earlier day; --layout table shows which", _old)
OLD_OF_PUBLISHER = Mark("†", "of an earlier day than others of that publisher", _old)
USUAL = (WEAK, PEGGED, INSTEAD, OWN_RATE)


class View(NamedTuple):
    """How rates are shown.

    digits: significant digits of derived rates. today: what ages count from. width: of the terminal in columns, None
    for a file or a pipe, which get everything. rule: the line that names the rule for days without a rate, "" for the
    usual one.
    """

    format: str
    digits: int
    today: date
    width: int | None = None
    rule: str = ""


def view(settings: Settings, today: date, width: int | None) -> View:
    """The view that the settings ask for; a format other than the usual one is not fitted to a terminal."""
    fitted = width if settings.format == "simple" else None
    return View(settings.format, settings.digits, today, fitted, rule_line(settings))


def single(table: RateTable, symbols: Sequence[str], how: View) -> str:
    """One base's table: a line for each symbol; a column of days when some are older than the table's day."""
    mixed = any(_old(figure, table.day) for figure in figures(table, symbols))
    lines = []
    for symbol in symbols:
        figure = table.figures.get(symbol)
        day = [str(figure.day) if figure else ABSENT] if mixed else []
        lines.append([symbol, _cell(table, symbol, how.digits), *day])
    columns = [Column("symbol"), Column("rate", "decimal"), *([Column("day")] if mixed else [])]
    head = notes(caption(table, how.today, f"1 {table.base}", rule=how.rule), how.format, how.width)
    legend = notes(_legend([table], symbols), how.format, how.width)
    return stacked([head, rows(columns, lines, how.format, how.width), legend])


def matrix(tables: Sequence[RateTable], symbols: Sequence[str], how: View) -> str:
    """All bases in one table: a row a base, a column a symbol; turned when there are too many symbols."""
    bases = [f"1 {table.base}" for table in tables]
    marks = (*USUAL, OLD)
    cells = [[_cell(table, symbol, how.digits, marks) for symbol in symbols] for table in tables]
    corner, heads, sides = "base", list(symbols), bases
    if len(symbols) > max(len(tables), MATRIX_COLUMNS):
        cells = [list(line) for line in zip(*cells, strict=True)]
        corner, heads, sides = "symbol", bases, list(symbols)
    lines = [[side, *line] for side, line in zip(sides, cells, strict=True)]
    body = rows([Column(corner), *(Column(head, "decimal") for head in heads)], lines, how.format, how.width)
    legend = [*_legend(tables, symbols), *_meanings(tables, symbols, [OLD])]
    head = notes(matrix_caption(tables, how.today, how.width, how.rule), how.format, how.width)
    return stacked([head, body, notes(legend, how.format, how.width)])


def _cell(table: RateTable, symbol: str, digits: int, marks: Sequence[Mark] = USUAL) -> str:
    """A table's rate with its marks; a dash where it has none."""
    figure = table.figures.get(symbol)
    return ABSENT if figure is None else marked(figure, digits, table.day, marks)


def marked(figure: DerivedRate, digits: int, newest: date, marks: Sequence[Mark] = USUAL) -> str:
    """A rate, rounded, with its marks."""
    return shown(figure, digits) + "".join(mark.sign for mark in marks if mark.applies(figure, newest))


def _meanings(tables: Sequence[RateTable], symbols: Sequence[str], marks: Sequence[Mark]) -> list[str]:
    """What the marks mean, of those that are used."""
    used = [(figure, table.day) for table in tables for figure in figures(table, symbols)]
    return [f"{mark.sign} {mark.means}" for mark in marks if any(mark.applies(*one) for one in used)]


def figures(table: RateTable, symbols: Sequence[str]) -> list[DerivedRate]:
    """The rates that the table has for those symbols."""
    return [table.figures[symbol] for symbol in symbols if symbol in table]


def rate_text(table: RateTable, symbol: str, digits: int) -> str:
    """One rate with its symbol for a sentence, rounded as in a table; words replace the mark of a weak one."""
    figure = table.figures[symbol]
    return f"{shown(figure, digits)} {symbol}{f' ({WEAK_MEANS})' if weak(figure) else ''}"


def pegged(rates: Iterable[DerivedRate]) -> list[str]:
    """Each peg behind these rates, once: `1 USD = 3.6725 AED since 1997-11-02`."""
    paths = (rate.path for rate in rates if rate.how == "pegged")
    held = dict.fromkeys(quote.symbol for path in paths for quote in path if is_peg(quote))
    return [pegs()[symbol].sentence() for symbol in held]


def is_peg(quote: Quote) -> bool:
    """True if the quote in the path of a pegged rate stands for a peg: it has the peg's first day."""
    peg = pegs().get(quote.symbol)
    return peg is not None and (peg.anchor, peg.since) == (quote.base, quote.day)


def _fixed(symbol: str, on: date) -> list[str]:
    """The fixed ratios behind a currency's rates, as in: 1 GBP = 100 GBX."""
    try:
        return current_unit(symbol, on).sentences()
    except Unsupported:
        return []


def _legend(tables: Sequence[RateTable], symbols: Sequence[str]) -> list[str]:
    """Only the lines that the cells above need."""
    used = [figure for table in tables for figure in figures(table, symbols)]
    anchors = [f"{PEGGED.sign} {PEGGED.means}: {peg}" for peg in pegged(used)]
    newest = max(table.day for table in tables)
    provider = tables[0].provider if len({table.provider for table in tables}) == 1 else ""
    fixed = dict.fromkeys(
        sentence
        for table in tables
        for symbol in (table.base, *symbols)
        if symbol == table.base or symbol in table
        for sentence in _fixed(symbol, table.asked or table.day)
    )
    gone = [absence(provider, symbol, newest) for symbol in symbols if not any(symbol in table for table in tables)]
    return [*_meanings(tables, symbols, (WEAK, INSTEAD, OWN_RATE)), *anchors, *fixed, *(line for line in gone if line)]


def by_provider(outcomes: Sequence[Outcome], asked: Sequence[str], how: View) -> str:
    """One base: a row a publisher, and the legend; for more symbols a table each."""
    base = outcomes[0].base
    tables = [outcome.table for outcome in outcomes if outcome.table is not None]
    count = f"1 {base} · {len(tables)} of {len(outcomes)} publishers"
    head = notes([count, *offline_notes([table.source for table in tables], how.today)], how.format, how.width)
    symbols = shown_symbols(tables, base, asked)
    if len(symbols) > MOST_COLUMNS:
        blocks = [single(table, tuple(sorted(table)), how) for table in tables]
    else:
        marks = _meanings(tables, symbols, (DERIVED, WEAK, OWN_RATE, OLD_OF_PUBLISHER))
        legend = [*marks, *meanings(_signed(table.provider) for table in tables)]
        blocks = [_publishers(tables, symbols, how), notes(legend, how.format, how.width)] if tables else []
    return stacked([head, *blocks])


def shown_symbols(tables: Sequence[RateTable], base: str, asked: Sequence[str]) -> tuple[str, ...]:
    """The symbols to show: those asked for, or all that any table has; never the base against itself."""
    known = asked or sorted({symbol for table in tables for symbol in table})
    return tuple(symbol for symbol in known if symbol != base)


def _publishers(tables: Sequence[RateTable], symbols: Sequence[str], how: View) -> str:
    marks = (WEAK, PEGGED, DERIVED, OWN_RATE, OLD_OF_PUBLISHER)
    newest = not any(table.asked for table in tables)  # else their age is no news
    columns = [
        Column("publisher", cut=KEY_CUT),
        Column("country", drop=1),
        *(Column(symbol, "decimal") for symbol in symbols),
        Column("day"),
        *([Column("age", drop=2)] if newest else []),
    ]
    lines = [
        [
            _signed(table.provider),
            country_and_restriction(table.provider)[0] or ABSENT,
            *(_cell(table, symbol, how.digits, marks) for symbol in symbols),
            str(day),
            *([age(day, how.today, end)] if newest else []),
        ]
        for table in tables
        for day, end in [_newest(table, symbols)]
    ]
    return rows(columns, lines, how.format, how.width)


def _newest(table: RateTable, symbols: Sequence[str]) -> tuple[date, date | None]:
    """The newest day among the rates shown, and the end of its period, if it has one.

    A publisher's metals may be newer than its currencies.
    """
    days = ((figure.day, figure.valid_to) for figure in figures(table, symbols))
    return max(days, key=itemgetter(0), default=(table.day, table.valid_to))


def country_and_restriction(key: str) -> tuple[str, str]:
    """The country of a publisher and what its terms restrict; "" for none, and for a plugin that cannot be loaded."""
    modules, _ = load_each((key,))
    return (modules[0].PROVIDER.country, modules[0].PROVIDER.restriction) if modules else ("", "")


def _signed(key: str) -> str:
    """The key of a publisher with the sign of what its terms restrict."""
    modules, _ = load_each((key,))
    return signed(modules[0].PROVIDER) if modules else key


def age(day: date, today: date, end: date | None = None) -> str:
    """How old rates of that day are: "today", "1 day old", "24 days old", "for tomorrow".

    end: the last day of rates that are valid for a period: "in force"; after it they are as old as it is.
    """
    if end is not None and day <= today <= end:
        return "in force"
    days = (today - (end if end is not None and end < today else day)).days
    if days == 0:
        return "today"
    if days == -1:
        return "for tomorrow"
    if days < 0:
        return f"for {-days} days ahead"
    return "1 day old" if days == 1 else f"{days} days old"


def caption(table: RateTable, today: date, *head: str, rule: str = "") -> list[str]:
    """The source of a table's rates and their day, after the words of `head`.

    Further lines name the day asked for, if it is another, and the source of rates that are not the network's.
    rule: the line about the day asked for, if the rule is not the usual one (see `rule_line`).
    """
    first = " · ".join(part for part in (*head, _source(table, today)) if part)
    return [line for line in (first, rule or _asked(table), *offline_notes([table.source], today)) if line]


def _source(table: RateTable, today: date) -> str:
    """`ecb · reference · Fri 2026-10-30 (24 days old)`; "" without a provider.

    Rates of a day that was asked for have no age: they are what they were on that day. Nor have simulated ones.
    """
    if not table.provider:
        return ""
    aged = "" if table.asked or table.simulated else f" ({age(table.day, today)})"
    when = _period(table) or f"{dated(table.day)}{aged}"
    kept = f"fetched {ago(table.fetched)}" if table.source == STORE and table.fetched else ""
    if table.simulated:
        return f"{table.provider}, simulated from ECB reference rates · {when}"
    return " · ".join(part for part in (table.provider, table.rate_type, when, kept) if part)


def ago(moment: datetime, now: datetime | None = None) -> str:
    """How long ago something was fetched: "12 min ago"; the day and time in UTC after two days."""
    seconds = ((datetime.now(UTC) if now is None else now) - moment).total_seconds()
    if not -MINUTE_S < seconds < 2 * DAY_S:
        return f"on {moment:%Y-%m-%d %H:%M} UTC"
    if seconds < MINUTE_S:
        return "just now"
    return f"{seconds // MINUTE_S:.0f} min ago" if seconds < HOUR_S else f"{seconds // HOUR_S:.0f} h ago"


def dated(day: date) -> str:
    """A day and its weekday: `Fri 2026-10-30`."""
    return f"{weekday(day)[:3]} {day}"


def weekday(day: date) -> str:
    """The English name of the day of the week."""
    return _WEEKDAYS[day.weekday()]


def period(first: date, last: date) -> str:
    """The days for which a rate is valid: `valid from 2026-01-01 to 2026-06-30`, or `valid on 2026-06-30` alone."""
    if first == last:
        return f"valid on {first}"
    return f"valid from {first}" if last == date.max else f"valid from {first} to {last}"


def _period(table: RateTable) -> str:
    """The period for which the newest rates of a table are valid; "" if they are of one day, or have several ends."""
    ends = {one.valid_to for one in table.figures.values() if one.path and one.day == table.day}
    end = ends.pop() if len(ends) == 1 else None
    return "" if end is None else period(table.day, end)


def offline_notes(sources: Iterable[str], today: date) -> list[str]:
    """A line for each source of rates (`RateTable.source`) that is not the network."""
    lines = []
    for source in dict.fromkeys(filter(None, sources)):
        if source == HISTORY:
            from rates import history  # which live use must not pay for

            lines.append(f"offline: the ECB's history in this package, which ends on {history.last_day()}")
        elif source not in (OWN, STORE):  # the caption says that
            lines.append(f"offline: a recording; ages count to {today}")
    return lines


def simulated_network(settings: Settings) -> str:
    """The simulated network in words, as in: latency 120 ms, 5 % of requests fail; "" without one."""
    if not settings.mocked:
        return ""
    jitter = f" ± {settings.jitter * 1000:g} ms" if settings.jitter else ""
    parts = [f"latency {settings.latency * 1000:g} ms{jitter}"] if settings.latency or jitter else []
    parts += [f"{settings.fail * 100:g} % of requests fail"] if settings.fail else []
    return ", ".join(parts)


def network_note(settings: Settings) -> list[str]:
    """A line that names the simulated network, if there is one."""
    return [f"simulated network: {words}"] if (words := simulated_network(settings)) else []


def _asked(table: RateTable) -> str:
    """A line when the rates are of another day than was asked for, else ""."""
    if table.asked is None or table.asked == table.day:
        return ""
    asked = f"asked for {table.asked}, a {weekday(table.asked)}"
    return f"{asked} of that period" if _period(table) else f"{asked}: these are the newest rates up to then"


def rule_line(settings: Settings) -> str:
    """A line with the day asked for and the rule for days without a rate; "" for the latest, or the usual rule."""
    age = settings.max_age
    usual = age == SETTINGS["max_age"].default
    if settings.on is None or (usual and settings.when == SETTINGS["when"].default):
        return ""
    asked = f"asked for {settings.on}, a {weekday(settings.on)}:"
    if settings.when == "exact":
        return f"{asked} only rates of that day count"
    most = "" if usual else ", however old" if age is None else f", at most {age} {'day' if age == 1 else 'days'} back"
    if settings.when in ("next", "nearest"):
        these = "first rates from then on" if settings.when == "next" else "rates of the nearest day"
        return f"{asked} these are the {these}{most.replace('old', 'far').replace(' back', ' away')}"
    until = "before that day" if settings.when == "before" else "up to then"
    return f"{asked} these are the newest rates {until}{most}"


def matrix_caption(tables: Iterable[RateTable], today: date, width: int | None = None, rule: str = "") -> list[str]:
    """The lines above a matrix: one source for all, or each source with its bases.

    Lines rather than columns for provider and day, which would make a matrix of five by five 90 columns wide.
    """
    sources: dict[str, list[str]] = {}
    asked: dict[str, None] = {}
    origins: list[str] = []
    for table in tables:
        origins.append(table.source)
        sources.setdefault(_source(table, today), []).append(table.base)
        if line := rule or _asked(table):
            asked[line] = None
    if len(sources) == 1:
        return [*(line for line in sources if line), *asked, *offline_notes(origins, today)]
    lines = (f"{' '.join(bases)}: {source or 'no source'}" for source, bases in sources.items())
    return [
        *(folded(line, min(width or LINE, LINE)) for line in lines),
        *asked,
        *offline_notes(origins, today),
    ]
