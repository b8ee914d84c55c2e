"""Reads CSV files as spreadsheets write them: finds the encoding, the delimiter and the line ends.

The text of each line is kept, and columns are added behind it, so that no quote, blank or zero of the file changes.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from rates.errors import UsageError, quoted, suggest

DELIMITERS = (",", ";", "\t", "|")
WINDOWS = "windows-1252"  # what spreadsheets write that do not write UTF-8
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class Record(NamedTuple):
    """A line of the file, or several if a quoted cell has line ends.

    number: of its first line. text: as in the file, without the line end. problem: why it cannot be read; "" if it can.
    """

    number: int
    text: str
    cells: Sequence[str]
    problem: str = ""


@dataclass(frozen=True)
class Sheet:
    """A file's form and its records. names: the header's cells, () without a header. preface: `sep=;`, as Excel has it.

    guessed: True if neither the file nor the user names the encoding.
    """

    encoding: str
    guessed: bool
    delimiter: str
    line_end: str
    preface: str
    header: Record | None
    records: tuple[Record, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, without blanks around them."""
        return tuple(name.strip() for name in self.header.cells) if self.header else ()

    @cached_property
    def width(self) -> int:
        """How many columns a line has: as many as the header, else as the longest line."""
        return len(self.header.cells) if self.header else max((len(one.cells) for one in self.records), default=0)

    def place(self, wanted: str, option: str) -> int:
        """The position of a column by its name, or by its number from 1; a `UsageError` names the columns there are."""
        exact = [place for place, name in enumerate(self.names) if name == wanted.strip()]
        same = [place for place, name in enumerate(self.names) if name.lower() == wanted.strip().lower()]
        found = exact or same
        if len(found) > 1:
            numbers = " or ".join(str(place + 1) for place in found)
            raise UsageError(f"{option}: {len(found)} columns are called {quoted(wanted)}", hint=f"write {numbers}")
        if found:
            return found[0]
        if re.fullmatch(r"[1-9]\d{0,3}", wanted.strip(), re.ASCII):
            if int(wanted) <= self.width:
                return int(wanted) - 1
            raise UsageError(f"{option}: there is no column {wanted}", hint=f"the file has {self.width} columns")
        listed = f"there are {', '.join(self.names)}" if self.names else "without a header a column is a number"
        near = suggest(wanted, self.names, listed) if len(self.names) > 12 else listed
        raise UsageError(f"{option}: no column {quoted(wanted)}", hint=near)

    def line(self, record: Record, added: str) -> str:
        """The record's own text, empty cells up to the header's width, the added cells and the line end.

        added: as `cells` writes them. An empty line and one that could not be read get none.
        """
        if not record.cells:
            return record.text + self.line_end
        missing = self.delimiter * max(0, self.width - len(record.cells))
        return f"{record.text}{missing}{added}{self.line_end}"

    def cells(self, texts: Iterable[str]) -> str:
        """Cells to add behind others, in quotes where they have the delimiter, a quote or a line end."""
        return "".join(self.delimiter + self._cell(text) for text in texts)

    def _cell(self, text: str) -> str:
        if self.delimiter in text or '"' in text or "\n" in text:
            return '"' + text.replace('"', '""') + '"'
        return text


def read_sheet(
    body: bytes, needed: Sequence[str], *, encoding: str = "", delimiter: str = "", header: bool = True
) -> Sheet:
    """The file in these bytes. `UsageError` for another encoding than stated, and for a quote that is never closed.

    needed: names of columns that it must have; the right delimiter gives them. encoding, delimiter: "" to find them.
    """
    text, found, guessed = _text(body, encoding)
    preface = re.match(r"sep=(.)\r?\n", text)
    skipped = preface.group() if preface else ""
    text = text.removeprefix(skipped)
    mark = delimiter or (preface[1] if preface else _delimiter(text, needed))
    records = tuple(_records(text, mark, 1 + bool(preface)))
    end = "\r\n" if "\r\n" in text[: text.find("\n") + 1] else "\n"
    first = next((place for place, record in enumerate(records) if any(record.cells)), None)
    if first is None:
        raise UsageError("the file is empty")
    if not header:
        return Sheet(found, guessed, mark, end, skipped, None, records)
    return Sheet(found, guessed, mark, end, skipped, records[first], records[first + 1 :])


def _text(body: bytes, encoding: str) -> tuple[str, str, bool]:
    """The text, its encoding, and whether that is a guess: UTF-8 if possible, else that of Windows in Europe."""
    named = encoding or next((name for bom, name in _BOMS if body.startswith(bom)), "")
    try:
        text = body.decode(named or "utf-8")
    except LookupError:
        raise UsageError(f"unknown encoding {quoted(encoding)}", hint="like utf-8 or windows-1252") from None
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        if named:
            raise UsageError(f"line {line} is not {named}", hint="name the encoding with --encoding") from None
        try:
            return body.decode(WINDOWS), WINDOWS, True
        except UnicodeDecodeError:
            hint = "name the encoding with --encoding"
            raise UsageError(f"line {line} is neither UTF-8 nor {WINDOWS}", hint=hint) from None
    if "\0" in text:
        raise UsageError("the file has NUL characters", hint="if it is UTF-16, say --encoding utf-16-le")
    return text, named or "utf-8", False


def _delimiter(text: str, needed: Sequence[str]) -> str:
    """The delimiter with which the header has the needed columns; of several, the one that makes most columns."""
    line = next((line for line in io.StringIO(text, newline="") if line.strip()), "")
    headers = {mark: _cells(line, mark) for mark in DELIMITERS}
    names = {name.strip().lower() for name in needed if not name.strip().isdigit()}
    fitting = [mark for mark, cells in headers.items() if names <= {cell.strip().lower() for cell in cells}]
    return max(fitting or headers, key=lambda mark: len(headers[mark]))


def _cells(line: str, mark: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=mark, strict=True), [])
    except csv.Error:
        return []


def _records(text: str, delimiter: str, first: int) -> Iterator[Record]:
    """All records; one with a stray quote has a problem, and those after it are read."""
    source = io.StringIO(text, newline="")
    taken: list[str] = []

    def lines() -> Iterator[str]:
        for line in source:
            taken.append(line)
            yield line

    # A cell may be as long as the file. The limit is the module's: a reader cannot have another.
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))
    reader, number = csv.reader(lines(), delimiter=delimiter, strict=True), first
    while True:
        try:
            cells, problem = next(reader), ""
        except StopIteration:
            return
        except csv.Error as error:
            if "unexpected end" in str(error):
                raise UsageError(f"a quote that begins in line {number} is never closed") from None
            cells, problem = [], f"a quote stands within a cell ({error})"
        yield Record(number, "".join(taken).rstrip("\r\n"), cells, problem)
        number += len(taken)
        taken.clear()
