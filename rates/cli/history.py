"""`rates history PAIR…`: the rates of pairs over days, weeks, months, quarters or years; tables, charts, exports."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial
from typing import Any

import click

from rates.cli import NOTHING, OK, SOME_FAILED
from rates.cli.options import FILE, HISTORY, PAIRS, Command, Value, options, settings_from
from rates.cli.pager import NO_PAGER, page
from rates.cli.terminal import check_binary, output_width, put_bytes, put_text, say
from rates.cli.typed import BETWEEN, codes_in, split_pair
from rates.conversion import conversion
from rates.errors import RatesError, UsageError
from rates.settings import MACHINE_FORMATS, PRICE_FORMATS, Settings
from rates.settings.days import EARLIEST, FromToday, counted, first_day, last_day, span
from rates.settings.parsers import OneOf
from rates.store.periods import Every, Stat
from rates.store.series import Series, series

EPILOG = """\b
Examples:
  rates history EUR/USD                      the last 30 published days
  rates history EUR/USD --since 2024         from 2024-01-01
  rates history EUR/USD,GBP,JPY --since -6m
  rates history EUR/USD --since 2024-Q4 --until 2025-02
  rates history USD/JPY --since 2015 --every year --stat mean
  rates history EUR/USD --since 2024 --every month --stat max
  rates history EUR/USD --since 2024 --plot eurusd.svg
  rates history EUR/USD --since 2024 --format csv > eurusd.csv
  rates history EUR/USD --since 1999 -o eurusd.parquet
  rates history USD/EUR,GBP --since 2024 -o prices.beancount
  rates history EUR/USD -q                   the figures alone

\b
A day may be 2024-12-31, today, yesterday, -3d, -2w, -6m or -1y. A range also
takes 2024-12, 2024-W50, 2024-Q4 and 2024: --since their first day, --until
their last.

Means are of the exact rates of the published days, unrounded in json, jsonl, csv and parquet. Prices for ledgers
(beancount, ledger, hledger, and gnucash as SQL) have their origin in comments.
The ending of FILE gives the format of -o: .csv, .json, .jsonl, .parquet, .beancount, .ledger, .hledger, .sql (GnuCash).

Exit status: 0 success, 1 some pairs failed, 2 wrong usage, 3 nothing was found, 130 interrupted.
"""

WORDS = ("today", "yesterday")
PICTURES = ("svg", "html", "png")
SHOWN_DAYS = 30  # without --since
# How far back a range goes without --since; 30 days are published in 45, more or less.
BACK = {
    Every.DAY: FromToday(days=-45), Every.WEEK: FromToday(days=-25 * 7), Every.MONTH: FromToday(months=-23),
    Every.QUARTER: FromToday(months=-33), Every.YEAR: FromToday(months=-9 * 12),
}  # fmt: skip
ENDINGS = {
    "csv": "csv", "json": "json", "jsonl": "jsonl", "ndjson": "jsonl", "parquet": "parquet", "beancount": "beancount",
    "bean": "beancount", "ledger": "ledger", "hledger": "hledger", "journal": "hledger", "sql": "gnucash",
    "html": "html", "md": "github", "tsv": "tsv",
}  # fmt: skip


def _chosen(name: str, words: Iterable[str], help: str) -> Callable[[Command], Command]:
    """An option for one word of a few; click's own Choice names none that is near."""
    listed = tuple(words)
    return click.option(name, type=Value("WORD", OneOf(listed), listed), metavar="|".join(listed), help=help)


@click.command("history", epilog=EPILOG)
@click.argument("words", metavar="PAIR…", nargs=-1, type=PAIRS)
@click.option("--since", type=Value("DAY", first_day, WORDS),
              help="First day, like 2024-03-01, 2024-03 or 2024; without it the last 30 published days.")  # fmt: skip
@click.option("--until", type=Value("DAY", last_day, WORDS), help="Last day, in the same forms; by default today.")
@_chosen("--every", Every, "One figure a day (as by default), week, month, quarter or year.")
@_chosen("--stat", Stat, "Which figure of a period: its last (as by default) or first rate, the mean, the lowest or "
         "the highest.")  # fmt: skip
@click.option("--plot", type=FILE, help="Draw a picture: FILE.svg, .html, or .png (by the extra fetch-rates[plot]).")
@click.option("-o", "--output", type=FILE, help="Write FILE in place of standard output, in the format of its ending.")
@options(*HISTORY)
@NO_PAGER
def command(words: tuple[str, ...], **flags: Any) -> int:
    """Print the rates of each PAIR, like EUR/USD, over a range of days.

    A summary with a sparkline, for one pair a chart, and a table; on a terminal a long one goes through the pager.
    """
    own = {name: flags.pop(name) for name in ("since", "until", "every", "stat", "plot", "output", "no_pager")}
    if own["output"] and flags.get("format") is None:
        flags["format"] = _format_of(own["output"])
    settings = settings_from(flags)
    pairs = pairs_of(words)
    every, stat = Every(own["every"] or Every.DAY), Stat(own["stat"] or Stat.LAST)
    _check(own, every, settings)
    first, last = _range(own["since"], own["until"], every, settings)
    from rates.present.history import History, PairHistory

    histories, failed = [], 0
    for base, symbol in pairs:
        try:
            found = _series(base, symbol, first, last, settings)
        except UsageError:
            raise
        except RatesError as error:
            say(f"rates: {base}/{symbol}: {error}")
            failed += 1
            continue
        newest = SHOWN_DAYS if own["since"] is None and every is Every.DAY else len(found)
        histories.append(PairHistory.of(found[-newest:], every, stat))
        if not settings.history_only:
            failed += bool(found.missing)
            say("\n".join(map(partial(_not_fetched, found), found.missing)))
    if not histories:
        return NOTHING
    _put(History(tuple(histories), every, stat), settings, own, quiet=flags["quiet"])
    return SOME_FAILED if failed else OK


def pairs_of(words: Sequence[str]) -> list[tuple[str, str]]:
    """The pairs in the arguments, each once: EUR/USD, EUR/USD,GBP, EURUSD, EUR USD GBP, EUR in USD."""
    pairs: list[tuple[str, str]] = []
    base, rest = "", []
    for word in words:
        if pair := split_pair(word):
            (base,) = codes_in([pair[0]])
            pairs += [(base, symbol) for symbol in codes_in([pair[1]])]
        elif word.lower() not in BETWEEN:
            rest.append(word)
    others = codes_in(rest)
    if others and not base:
        base, others = others[0], others[1:]
    pairs += [(base, symbol) for symbol in others]
    if not pairs:
        hint = f"like {base}/{'USD' if base != 'USD' else 'EUR'}" if base else "like: rates history EUR/USD"
        raise UsageError("missing argument 'PAIR…'", hint=hint)
    for base, symbol in pairs:
        if base == symbol:
            raise UsageError(f"{base}/{symbol} is 1 on every day", hint="name two currencies")
    return list(dict.fromkeys(pairs))


def _check(own: dict[str, Any], every: Every, settings: Settings) -> None:
    """Refuses, before anything is fetched, what would fail after it."""
    if own["stat"] and every is Every.DAY:
        raise UsageError("--stat is of a period", hint="add --every week, month, quarter or year")
    if own["plot"]:
        if own["plot"] == own["output"]:
            raise UsageError(f"{own['plot']} would be written twice", hint="give --plot and -o a file each")
        if _ending(own["plot"]) not in PICTURES:
            raise UsageError(f"--plot {own['plot']}: no picture has that ending", hint="known are .svg, .html, .png")
        if _ending(own["plot"]) == "png":
            from rates.compare.plots.png import ready

            ready()
    check_binary(settings.format, own["output"] or "")


def _format_of(path: str) -> str | None:
    """The format of a file by its ending; None, which is the settings' one, for .txt and none."""
    ending = _ending(path)
    if ending in ("", "txt"):
        return None
    if ending not in ENDINGS:
        hint = f"known are {', '.join(f'.{name}' for name in ENDINGS)}; or name one with --format"
        raise UsageError(f"-o {path}: no format has that ending", hint="--plot draws pictures" if ending in PICTURES
                         else hint)  # fmt: skip
    return ENDINGS[ending]


def _ending(path: str) -> str:
    return os.path.splitext(path)[1].lstrip(".").lower()


def _range(
    since: date | FromToday | None, until: date | FromToday | None, every: Every, settings: Settings
) -> tuple[date, date]:
    """The first and the last day to show, which is today at most."""
    today = settings.day()
    begin, end = counted(since, today), counted(until, today)
    last = min(end or today, today)
    if begin is None:
        newest = min(last, _newest(today, settings))
        begin = max(EARLIEST, span(every.label(BACK[every].counted(newest))).first)
    if begin > last:
        if begin > today:
            raise UsageError(f"--since {begin} is after today", hint=f"today is {today}")
        raise UsageError(f"--since {begin} is after --until {end}")
    return begin, last


def _newest(today: date, settings: Settings) -> date:
    """The newest day that is sure to have rates."""
    if not settings.history_only:
        return today
    from rates import history

    return min(today, history.last_day())


def _not_fetched(found: Series, gap: tuple[date, date]) -> str:
    first, last = gap
    days = str(first) if first == last else f"{first} to {last}"
    return f"rates: {found.pair}: {days} could not be fetched; `rates doctor {found.provider}` shows why"


def _series(base: str, symbol: str, first: date, last: date, settings: Settings) -> Series:
    """The published rates of a pair from first to last; raises the named error if there is none."""
    planned = [conversion(base, symbol, day) for day in (first, last)]
    if not any(one.needs_rate for one in planned):
        ratios = "; ".join(planned[-1].ratios)
        raise UsageError(f"{base}/{symbol} is fixed: {ratios}", hint=f"rates convert 1 {base} {symbol}")
    return series(f"{base}/{symbol}", first, last, settings)


def _put(history: Any, settings: Settings, own: dict[str, Any], *, quiet: bool) -> None:
    """Writes the picture, and the figures on standard output or into the file."""
    from rates.present.history import HEADERS, TYPES, figures_text, history_rows, history_text

    if own["plot"]:
        from rates.present.history_plot import picture

        _write(own["plot"], picture(history, settings, _ending(own["plot"])))
    if settings.format == "parquet" and not quiet:
        from rates.present.parquet import parquet

        content = parquet(HEADERS, history_rows(history), TYPES)
        return _write(own["output"], content) if own["output"] else put_bytes(content)
    programs = quiet or settings.format in (*MACHINE_FORMATS, *PRICE_FORMATS)
    text = (
        figures_text(history, settings)
        if quiet
        else history_text(history, settings, None if own["output"] else output_width())
    )
    if own["output"]:
        return _write(own["output"], f"{text}\n".encode())
    return put_text(text) if programs else page(text, paged=not own["no_pager"])


def _write(path: str, content: bytes) -> None:
    """Writes a file whole, or not at all."""
    from rates.store.atomic_write import atomic_write

    with atomic_write(path) as file:
        file.write(content)
