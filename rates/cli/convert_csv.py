"""`rates convert --csv FILE`: a column of amounts is converted, each line at the rate of its day."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from rates.cli import NOTHING, OK, SOME_FAILED
from rates.cli.cells import day_order, decimal_mark, read_amount, read_cell_day
from rates.cli.find_rates import Found, Pair
from rates.cli.sheet import WINDOWS, Record, Sheet, read_sheet
from rates.cli.terminal import say
from rates.conversion import rounded
from rates.currencies import code
from rates.errors import RatesError, UsageError
from rates.store.records import Rounding

ADDED = ("result", "symbol", "rate", "day", "age_days", "how", "provider")
SHOWN = 10  # bad lines that are listed without --failures
SKIP, KEEP, STOP = "skip", "keep", "stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvOptions:
    """What the command line says of a file.

    file, output: paths; "-" for standard input, "" for standard output. The columns are names or numbers; "" for none.
    base, symbol: a currency for all lines, in place of a column. on: a day for all lines, in place of a column.
    bad: what becomes of a line that cannot be converted. digits: decimals of the results; None for those of ISO 4217.
    rounding: that of a rule of law, in place of them.
    """

    file: str
    output: str = ""
    amount_column: str = ""
    from_column: str = ""
    base: str = ""
    to_column: str = ""
    symbol: str = ""
    date_column: str = ""
    on: date | None = None
    bad: str = SKIP
    decimal: str = ""
    date_order: str = ""
    delimiter: str = ""
    encoding: str = ""
    header: bool = True
    prefix: str = ""
    digits: int | None = None
    rounding: Rounding | None = None
    quiet: bool = False
    listed: bool = False

    def columns(self) -> dict[str, str]:
        """The columns that the file must have, by their option."""
        named = {
            "--amount-column": self.amount_column,
            "--from-column": self.from_column,
            "--to-column": self.to_column,
            "--date-column": self.date_column,
        }
        return {option: name for option, name in named.items() if name}

    def check(self) -> None:
        """Refuses options that lack something or contradict one another."""
        if not self.amount_column:
            raise UsageError("--csv needs --amount-column", hint="name the column of the amounts, or give its number")
        for column, single, what in (
            (self.from_column, self.base, "--from-column COLUMN or --base CODE"),
            (self.to_column, self.symbol, "--to CODE or --to-column COLUMN"),
        ):
            if bool(column) == bool(single):
                raise UsageError(f"--csv needs {what}{', not both' if column else ''}")
        if self.date_column and self.on:
            raise UsageError("--on and --date-column contradict each other", hint="leave one out")


class Line(NamedTuple):
    """A record as it was read: an amount and what to look up, or the problem with it; neither for an empty line."""

    record: Record
    amount: Decimal | None = None
    pair: Pair | None = None
    problem: str = ""


class Done(NamedTuple):
    """A record with the cells to add, as the file has them; and the problem with a bad one."""

    record: Record
    added: str
    problem: str = ""


class Result(NamedTuple):
    """The text to write; how many lines were converted; the bad ones, as line number and problem; what was guessed."""

    text: str
    converted: int
    bad: list[tuple[int, str]]
    guesses: list[str]


def convert_csv(options: CsvOptions, find: Callable[[Collection[Pair]], Found], save: Callable[[], object]) -> int:
    """Converts a file, and gives the exit status: 0 if all lines could be, 1 if some, 3 if nothing was written.

    find: the rates of all pairs and days at once. save: writes the lock file, before the output gets its name.
    """
    options.check()
    if options.output and os.path.realpath(options.output) == os.path.realpath(options.file):
        raise UsageError(
            f"-o {options.output} is the file to convert", hint="name another, since bad lines are left out"
        )
    name = options.file if options.file != "-" else "standard input"
    try:
        sheet = read_sheet(
            _read(options.file), list(options.columns().values()),
            encoding=options.encoding, delimiter=options.delimiter, header=options.header,
        )  # fmt: skip
        result = _converted(sheet, options, find)
    except UsageError as error:
        raise type(error)(f"{name}: {error.detail}", provider=error.provider, hint=error.hint) from None
    _report(result.bad, name, listed=options.listed)
    written = result.converted > 0 and not (result.bad and options.bad == STOP)
    if written:
        _write(result.text.encode(sheet.encoding), options.output, save)
    if not options.quiet:
        say(_summary(result, options, name, written=written))
    return NOTHING if not written else SOME_FAILED if result.bad else OK


def _read(path: str) -> bytes:
    """The bytes of the file; `UsageError` if it cannot be read."""
    if path == "-":
        return sys.stdin.buffer.read()
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        hint = "name the file of amounts after --csv, or - for standard input"
        raise UsageError(f"cannot be read: {error.strerror or error}", hint=hint) from None


def _write(body: bytes, path: str, save: Callable[[], object]) -> None:
    """Writes all or nothing; standard output at once."""
    if not path or path == "-":
        save()
        sys.stdout.flush()
        sys.stdout.buffer.write(body)
        sys.stdout.buffer.flush()
        return
    from rates.store.atomic_write import atomic_write

    with atomic_write(path) as file:
        file.write(body)
        save()


def _converted(sheet: Sheet, options: CsvOptions, find: Callable[[Collection[Pair]], Found]) -> Result:
    """The lines with their rates."""
    _check_names(sheet, options.prefix)
    places = {option: sheet.place(name, option) for option, name in options.columns().items()}
    reader = _Reader(sheet, options, places)
    lines = [reader.line(record) for record in sheet.records]
    found = find({line.pair for line in lines if line.pair is not None})
    writer = _Writer(sheet, found, options, "," if reader.mark == "," else ".")
    done = [writer.done(line) for line in lines]
    shown = [one for one in done if options.bad == KEEP or not one.problem]
    names = sheet.cells(options.prefix + name for name in ADDED)
    head = sheet.line(sheet.header, names) if sheet.header else ""
    return Result(
        sheet.preface + head + "".join(sheet.line(one.record, one.added) for one in shown),
        converted=sum(line.pair is not None and not one.problem for line, one in zip(lines, done, strict=True)),
        bad=[(one.record.number, one.problem) for one in done if one.problem],
        guesses=reader.guesses(),
    )


def _check_names(sheet: Sheet, prefix: str) -> None:
    """Refuses a file that has one of the added columns already."""
    there = {name.lower() for name in sheet.names}
    for name in ADDED:
        if (prefix + name).lower() in there:
            hint = "the added columns get other names with --prefix, like --prefix eur_"
            raise UsageError(f"it has a column {prefix + name} already", hint=hint)


class _Reader:
    """Reads lines: where the columns are, and what all cells of a column have decided."""

    def __init__(self, sheet: Sheet, options: CsvOptions, places: Mapping[str, int]) -> None:
        self.sheet, self.options = sheet, options
        self.amount, self.source, self.target, self.day = (
            places.get(option) for option in ("--amount-column", "--from-column", "--to-column", "--date-column")
        )
        self.mark = options.decimal or decimal_mark(self._cells(self.amount))
        self.order = options.date_order or day_order(self._cells(self.day))
        self._codes: dict[str, str | UsageError] = {}
        self._days: dict[str, date | UsageError] = {}

    def _cells(self, place: int | None) -> Iterator[str]:
        if place is not None:
            yield from (one.cells[place] for one in self.sheet.records if place < len(one.cells))

    def guesses(self) -> list[str]:
        """What was found out and may be wrong, as words."""
        orders = {"dmy": "days as D/M/Y", "mdy": "days as M/D/Y"}
        return [
            *(["decimal comma"] if self.mark == "," and not self.options.decimal else []),
            *([orders[self.order]] if self.order and not self.options.date_order else []),
            *([f"read as {WINDOWS}"] if self.sheet.guessed else []),
        ]

    def line(self, record: Record) -> Line:
        """A record's amount and pair, or its problem."""
        cells = record.cells
        if record.problem:
            return Line(record, problem=record.problem)
        if not any(cells):
            return Line(record)
        if len(cells) > self.sheet.width and any(cells[self.sheet.width :]):
            return Line(record, problem=f"has {len(cells)} cells, and the header {self.sheet.width}")
        try:
            amount = read_amount(self._cell(cells, self.amount), self.mark)
            base = self._code(self._cell(cells, self.source)) if self.source is not None else self.options.base
            symbol = self._code(self._cell(cells, self.target)) if self.target is not None else self.options.symbol
            on = self._day(self._cell(cells, self.day)) if self.day is not None else self.options.on
        except UsageError as error:
            return Line(record, problem=str(error))
        return Line(record, amount, Pair(base, symbol, on))

    @staticmethod
    def _cell(cells: Sequence[str], place: int | None) -> str:
        return cells[place] if place is not None and place < len(cells) else ""

    def _code(self, cell: str) -> str:
        """The code in a cell, each text looked up once."""
        if cell not in self._codes:
            try:
                self._codes[cell] = code(cell) if cell.strip() else UsageError("no currency")
            except UsageError as error:
                self._codes[cell] = error
        found = self._codes[cell]
        if isinstance(found, UsageError):
            raise found
        return found

    def _day(self, cell: str) -> date:
        """The day in a cell, each text read once."""
        if cell not in self._days:
            try:
                self._days[cell] = read_cell_day(cell, self.order)
            except UsageError as error:
                self._days[cell] = error
        found = self._days[cell]
        if isinstance(found, UsageError):
            raise found
        return found


class _Writer:
    """Makes the cells to add; those of a rate once."""

    def __init__(self, sheet: Sheet, found: Found, options: CsvOptions, mark: str) -> None:
        self._sheet, self._found, self._options, self._mark = sheet, found, options, mark
        self._empty = sheet.cells([""] * len(ADDED))
        self._made: dict[Pair, str] = {}

    def done(self, line: Line) -> Done:
        """The line with its cells, or with empty ones."""
        if line.pair is None or line.amount is None:
            return Done(line.record, self._empty, line.problem)
        rate = self._found[line.pair]
        if isinstance(rate, RatesError):
            return Done(line.record, self._empty, str(rate))
        if line.pair not in self._made:
            facts = (rate.symbol, self._number(rate.rate), rate.day, rate.age_days, rate.how, rate.provider)
            self._made[line.pair] = self._sheet.cells(map(str, facts))
        exact, rounding = rate.convert(line.amount), self._options.rounding
        if rounding is not None:
            result = rounding.round(exact)
        else:
            result = rounded(exact, rate.symbol, self._options.digits, fixed=bool(rate.ratios), small=False)
        return Done(line.record, self._sheet.cells([self._number(result)]) + self._made[line.pair])

    def _number(self, value: Decimal) -> str:
        """A number with the column's decimal mark."""
        return f"{value:f}".replace(".", self._mark)


# --- the report on standard error ------------------------------------------------------------------------------------


def _report(bad: Sequence[tuple[int, str]], name: str, *, listed: bool) -> None:
    """The bad lines, with their numbers, on stderr."""
    shown = bad if listed else bad[:SHOWN]
    say("\n".join(f"{name}, line {number}: {problem}" for number, problem in shown))
    if len(bad) > len(shown):
        say(f"and {len(bad) - len(shown)} more; --failures lists all")


def _summary(result: Result, options: CsvOptions, name: str, *, written: bool) -> str:
    """How many lines were converted, what became of the others, and what was guessed."""
    bad = len(result.bad)
    if not written:
        why = f"{bad:,} bad {'line' if bad == 1 else 'lines'}" if bad else "no line has an amount"
        return f"{name}: nothing written, {why}"
    counted = f"{result.converted:,} {'line' if result.converted == 1 else 'lines'} converted"
    became = f", {bad:,} {'left out' if options.bad == SKIP else 'kept without a result'}" if bad else ""
    return "; ".join([f"{name}: {counted}{became}", *result.guesses])
