"""Excel workbooks (xlsx) to rows of text.

By the standard library: python-calamine is compiled, openpyxl ten times slower.

Numbers stay the text that the file holds, which is the shortest decimal that means the stored double; a cell that a
person reads as 1.1 is stored as 1.1 or 1.1000000000000001, which `shortest` mends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element
    from zipfile import ZipFile

# 0.9 MB of zip can hold 300 MB; the largest workbook seen (Suriname, 20 years of days) unpacks to 20 MB.
CAP = 128 * 2**20
MOST_CELLS = 4_000_000
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")

Sheet = list[list[str]]


def sheets(body: bytes) -> dict[str, Sheet]:
    """The sheets of a workbook by name, each a list of rows of cells' text, "" where nothing is.

    Days are numbers here, see `serial_day`. Raises ValueError for what is no workbook, or too large a one.
    """
    from io import BytesIO
    from zipfile import BadZipFile, ZipFile
    from zlib import error as ZlibError  # noqa: N812  (a class, whatever its name)

    try:
        with ZipFile(BytesIO(body)) as archive:
            if sum(info.file_size for info in archive.infolist()) > CAP:
                raise ValueError(f"the workbook declares more than {CAP} bytes")
            return _sheets(archive)
    except (BadZipFile, ZlibError, EOFError, KeyError, NotImplementedError, RuntimeError, OSError) as error:
        raise ValueError(f"no workbook: {error}") from error


def serial_day(serial: str, *, since_1904: bool = False) -> date:
    """The day of Excel's count of days, 1 being 1900-01-01, with its 29 February of 1900 that never was."""
    from rates.readers.values import number

    start = date(1904, 1, 1) if since_1904 else date(1899, 12, 30)
    count = int(number(serial))
    if not 61 <= count <= 100_000:
        raise ValueError(f"no day of our time: {serial!r}")
    return start + timedelta(days=count)


def shortest(text: str) -> str:
    """The shortest decimal that means the same double as this text, in plain notation; other text as it is."""
    try:
        value = float(text)
    except ValueError:
        return text
    short = repr(value)
    return short if len(short) < len(text) and float(short) == value else text


def _sheets(archive: ZipFile) -> dict[str, Sheet]:
    shared = _shared_strings(archive)
    found = {}
    for name, path in _paths(archive):
        found[name] = _rows(_root(archive, path), shared)
    if not found:
        raise ValueError("the workbook has no sheet")
    return found


def _root(archive: ZipFile, path: str) -> Element:
    from rates.readers.documents import xml

    return xml(archive.read(path))


def _local(tag: str) -> str:
    """The tag without its namespace: strict and transitional workbooks differ in it."""
    return tag.rpartition("}")[2]


def _children(element: Element, name: str) -> Iterator[Element]:
    return (child for child in element if _local(child.tag) == name)


def _paths(archive: ZipFile) -> Iterator[tuple[str, str]]:
    """The sheets' names and files, in the order of the tabs."""
    targets = {
        relation.attrib["Id"]: relation.attrib["Target"] for relation in _root(archive, "xl/_rels/workbook.xml.rels")
    }
    for group in _children(_root(archive, "xl/workbook.xml"), "sheets"):
        for sheet in group:
            (place,) = (value for name, value in sheet.attrib.items() if _local(name) == "id")
            target = targets[place].lstrip("/")
            yield sheet.attrib["name"], target if target.startswith("xl/") else f"xl/{target}"


def _shared_strings(archive: ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    return [_text(item) for item in _children(_root(archive, "xl/sharedStrings.xml"), "si")]


def _text(item: Element) -> str:
    """The text of a string item: its own, or that of its runs; the phonetic hints are left out."""
    parts = [child.text or "" for child in _children(item, "t")]
    parts += [child.text or "" for run in _children(item, "r") for child in _children(run, "t")]
    return "".join(parts)


def _rows(root: Element, shared: list[str]) -> Sheet:
    found: Sheet = []
    cells = 0
    for data in _children(root, "sheetData"):
        for row in data:
            number = int(row.attrib.get("r", len(found) + 1))
            values: list[str] = []
            for cell in row:
                column = _column(cell.attrib.get("r", "")) if "r" in cell.attrib else len(values)
                values += [""] * (column - len(values))
                values.append(_value(cell, shared))
            cells += len(values) + max(0, number - len(found))
            if cells > MOST_CELLS:
                raise ValueError(f"the sheet has more than {MOST_CELLS} cells")
            found += [[] for _ in range(number - 1 - len(found))]
            found.append(values)
    return found


def _column(reference: str) -> int:
    """The column's number from 0, of a reference such as AB12."""
    place = _CELL.fullmatch(reference)
    if not place:
        raise ValueError(f"no cell: {reference!r}")
    number = 0
    for letter in place[1]:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _value(cell: Element, shared: list[str]) -> str:
    kind = cell.attrib.get("t", "n")
    if kind == "inlineStr":
        return "".join(_text(item) for item in _children(cell, "is"))
    value = next((child.text or "" for child in _children(cell, "v")), "")
    if kind == "s" and value:
        try:
            return shared[int(value)]
        except IndexError:
            raise ValueError(f"no shared string {value}") from None
    return shortest(value) if kind == "n" else value
