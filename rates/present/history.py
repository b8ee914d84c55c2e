"""The history of pairs: a summary with sparklines, a chart and a table for people; rows and files for programs. Pure.

For programs there is one row a pair and day, or a pair and period, under HEADERS:

base, symbol, rate     one unit of base costs so many units of symbol; never rounded, a mean to 28 digits
day, valid_to          the day of the rate, and the last one of a rate that is valid for a period; null for a mean
period, stat, count    the period, which figure of it this is, and of how many published rates; null for days
provider, rate_type    whose rates they are, and of which kind
how, digits            as in the exports of `rates show`; a mean has the how "mean"
offline, source        whether the figure is not the network's, and where it is from: "store", "ecb-history" or "own"
fetched, digest        when the answer came, in UTC, and its SHA-256; null for the history in the package
simulated              whether the ECB's history answers in the place of another publisher
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import cast

from rates.defaults import HISTORY, STORE
from rates.model import DerivedRate
from rates.present.chart import Point, chart, sparkline
from rates.present.layout import Column
from rates.present.ledgers import ledger_text, prices_of_series
from rates.present.rounding import LEAST_DIGITS, plain, rounded, shown
from rates.present.tables import ABSENT, INSTEAD, PEGGED, WEAK, Mark, network_note, offline_notes, pegged
from rates.present.tabular import Cell, notes, rows, stacked
from rates.providers import load_each
from rates.settings import LEDGER_FORMATS, MACHINE_FORMATS, Settings
from rates.store.periods import Every, PeriodRate, Stat, by_period
from rates.store.records import Rate

HEADERS = (
    "base", "symbol", "rate", "day", "valid_to", "period", "stat", "count", "provider", "rate_type", "how", "digits",
    "offline", "source", "fetched", "digest", "simulated",
)  # fmt: skip
TYPES = {"day": date, "valid_to": date, "count": int, "fetched": datetime}  # of columns that may be empty
TREND, LONG_TREND, WIDE = 12, 24, 100  # characters of a sparkline, and from which width on it is the longer one
_MARKS = (WEAK, PEGGED, INSTEAD)


@dataclass(frozen=True, slots=True)
class PairHistory:
    """One pair: its published rates, oldest first, and the figures of its periods. Neither is empty."""

    rates: tuple[Rate, ...]
    figures: tuple[PeriodRate, ...]

    @classmethod
    def of(cls, rates: Sequence[Rate], every: Every, stat: Stat) -> PairHistory:
        """The history with a figure for each period."""
        return cls(tuple(rates), tuple(by_period(rates, every, stat)))

    @property
    def pair(self) -> str:
        """As EUR/USD."""
        return self.figures[0].pair


@dataclass(frozen=True, slots=True)
class History:
    """Pairs over the same days, in periods of one length."""

    pairs: tuple[PairHistory, ...]
    every: Every = Every.DAY
    stat: Stat = Stat.LAST

    @property
    def figures(self) -> list[PeriodRate]:
        """The figures of all pairs, pair by pair."""
        return [figure for pair in self.pairs for figure in pair.figures]

    @property
    def named_stat(self) -> str:
        """Which figure of a period is shown; "" for days."""
        return "" if self.every is Every.DAY else self.stat.value


def history_text(history: History, settings: Settings, width: int | None) -> str:
    """The history in a text format of the settings. width: of the terminal, which alone gets charts."""
    if settings.format in LEDGER_FORMATS:
        prices = prices_of_series(history.figures, history.named_stat)
        return ledger_text(prices, settings.format, _origins(history, settings))
    if settings.format in MACHINE_FORMATS:
        cells = [[_plain(cell) for cell in row] for row in history_rows(history)]
        return rows(HEADERS, cells, settings.format)
    width = width if settings.format == "simple" else None
    blocks = [
        notes(caption(history, settings), settings.format, width),
        _summary(history, settings, width) if settings.format != "tsv" else "",  # a program reads it as one table
        _chart(history, width),
        _table(history, settings, width),
        notes(_legend(history), settings.format, width),
    ]
    return stacked(blocks)


def figures_text(history: History, settings: Settings) -> str:
    """The figures alone, one a line, pair by pair."""
    return "\n".join(_shown(figure, settings.digits) for figure in history.figures)


def history_rows(history: History) -> list[tuple[object, ...]]:
    """A row for each figure, under HEADERS."""
    kinds = {provider: _kind(provider) for provider in {figure.of.provider for figure in history.figures}}
    return [_row(figure, history.named_stat, kinds) for figure in history.figures]


def _row(figure: PeriodRate, stat: str, kinds: dict[str, str]) -> tuple[object, ...]:
    rate, mean = figure.of, figure.day is None
    return (
        rate.base, rate.symbol, figure.rate, figure.day, None if mean else rate.valid_to,
        *((figure.period, stat, figure.number) if stat else (None, None, None)),
        rate.provider or None, kinds[rate.provider] or None, "mean" if mean else rate.how, figure.digits,
        bool(rate.source), rate.source or None, rate.fetched, rate.digest or None, _simulated(rate),
    )  # fmt: skip


def _plain(cell: object) -> Cell:
    """A cell of a row as text formats have it: a moment in ISO 8601."""
    return cell.isoformat() if isinstance(cell, datetime) else cast(Cell, cell)


def _kind(provider: str) -> str:
    """The kind of a publisher's rates; "" if it is not known."""
    modules, _ = load_each((provider,)) if provider else ([], {})
    return modules[0].PROVIDER.rate_type if modules else ""


def _simulated(rate: Rate) -> bool:
    return rate.source == HISTORY and rate.provider not in ("ecb", "")


# --- for people ------------------------------------------------------------------------------------------------------


def caption(history: History, settings: Settings) -> list[str]:
    """What is shown, of whom, from when to when; a line for each publisher and kind of rates."""
    lines: dict[tuple[str, ...], list[PairHistory]] = {}
    for pair in history.pairs:
        rate = pair.rates[-1]
        kind = "simulated from ECB reference rates" if _simulated(rate) else _kind(rate.provider)
        lines.setdefault((rate.provider or "fixed by law", kind, _span(pair)), []).append(pair)
    per = "" if history.every is Every.DAY else f"{_STATS[history.stat]} of each {history.every}"
    texts = [
        " · ".join(part for part in (", ".join(one.pair for one in pairs), *facts, per) if part)
        for facts, pairs in lines.items()
    ]
    return [*texts, *_origins(history, settings)]


def _origins(history: History, settings: Settings) -> list[str]:
    """Where the newest rates are from, if not from the network: older ones may come from the history at any time."""
    sources = [pair.rates[-1].source for pair in history.pairs]
    return [*offline_notes((one for one in sources if one != STORE), settings.day()), *network_note(settings)]


_STATS = {
    Stat.LAST: "last rate", Stat.FIRST: "first rate", Stat.MEAN: "mean", Stat.MIN: "lowest rate",
    Stat.MAX: "highest rate",
}  # fmt: skip


def _span(pair: PairHistory) -> str:
    """`2026-09-21 to 2026-10-30 · 30 published days`."""
    days, periods = [rate.day for rate in pair.rates], any(rate.valid_to for rate in pair.rates)
    what = "published rate" if periods else "published day"
    return f"{days[0]} to {days[-1]} · {len(days)} {what}{'s' * (len(days) != 1)}"


def _shown(figure: PeriodRate, digits: int) -> str:
    """A figure as people read it: a mean has no more digits than the rates behind it."""
    if figure.day is None:
        return plain(rounded(figure.rate, max(LEAST_DIGITS, min(digits, figure.digits))))
    return shown(figure.of.figure, digits)


def _summary(history: History, settings: Settings, width: int | None) -> str:
    """A row a pair: how it went, its last rate, and its lowest and highest with their days."""
    trend = TREND if width is not None and width < WIDE else LONG_TREND
    columns = [
        Column("pair"), Column("trend", drop=2), Column("last", "decimal"), Column("change", "right"),
        Column("lowest", "decimal"), Column("day", drop=1), Column("highest", "decimal"), Column("day", drop=1),
    ]  # fmt: skip
    return rows(columns, [_extremes(pair, settings.digits, trend) for pair in history.pairs], settings.format, width)


def _extremes(pair: PairHistory, digits: int, length: int) -> list[Cell]:
    """The cells of a pair's summary, of its published rates."""
    first, last = pair.rates[0], pair.rates[-1]
    low, high = min(pair.rates, key=lambda rate: rate.rate), max(pair.rates, key=lambda rate: rate.rate)
    change = (last.rate / first.rate - 1) * 100
    trend = sparkline([float(rate.rate) for rate in pair.rates], length)
    ends = [cell for rate in (low, high) for cell in (shown(rate.figure, digits), str(rate.day))]
    return [pair.pair, trend, shown(last.figure, digits), f"{change:+.2f} %", *ends]


def _chart(history: History, width: int | None) -> str:
    """The chart of one pair, on a terminal; several have their sparklines."""
    if width is None or len(history.pairs) > 1 or len(history.pairs[0].figures) < 2:
        return ""
    return chart([Point(figure.period, float(figure.rate)) for figure in history.pairs[0].figures], width)


def _table(history: History, settings: Settings, width: int | None) -> str:
    """A row a day or a period, a column a pair; of a period also the day of the rate, or how many days the mean has."""
    lasting = any(rate.valid_to for pair in history.pairs for rate in pair.rates)
    more = _more(history, lasting)
    columns = [Column("day" if history.every is Every.DAY else history.every.value)]
    for pair in history.pairs:
        columns += [Column(pair.pair, "decimal"), *more]
    by_pair = [{figure.period: figure for figure in pair.figures} for pair in history.pairs]
    absent: list[Cell] = [ABSENT, *[""] * len(more)]
    lines: list[list[Cell]] = []
    for period in sorted({period for figures in by_pair for period in figures}):
        found = (figures.get(period) for figures in by_pair)
        cells = (_cells(history, one, settings.digits, lasting) if one else absent for one in found)
        lines.append([period, *chain.from_iterable(cells)])
    return rows(columns, lines, settings.format, width)


def _more(history: History, lasting: bool) -> list[Column]:
    """The columns beside a pair's figures."""
    if history.every is Every.DAY:
        return [Column("valid to")] if lasting else []
    day = [] if history.stat is Stat.MEAN else [Column("day")]
    return [*day, Column("rates" if lasting else "days", "right", drop=1)]


def _cells(history: History, figure: PeriodRate, digits: int, lasting: bool) -> list[Cell]:
    """A figure with its marks, and what stands beside it."""
    text = _shown(figure, digits) + "".join(mark.sign for mark in _used(figure))
    if history.every is Every.DAY:
        end = figure.of.valid_to
        return [text, *(["further notice" if end == date.max else str(end or "")] if lasting else [])]
    return [text, *([str(figure.day)] if figure.day else []), str(figure.number)]


def _used(figure: PeriodRate) -> list[Mark]:
    """The marks of a figure; a mean is weak if the weakest rate behind it is."""
    shown_one = figure.of.figure
    if figure.day is None:
        shown_one = DerivedRate(figure.rate, shown_one.day, shown_one.how, figure.digits, shown_one.path)
    return [mark for mark in _MARKS if mark.applies(shown_one, shown_one.day)]


def _legend(history: History) -> list[str]:
    """The meanings of the marks in the table, the pegs, and the ratios fixed by law."""
    used = dict.fromkeys(mark for figure in history.figures for mark in _used(figure))
    pegs = pegged(figure.of.figure for figure in history.figures)
    meanings = [f"{mark.sign} {mark.means}" for mark in used if mark is not PEGGED]
    ratios = dict.fromkeys(ratio for figure in history.figures for ratio in figure.of.ratios)
    return [*meanings, *(f"{PEGGED.sign} {PEGGED.means}: {peg}" for peg in pegs), *ratios]
