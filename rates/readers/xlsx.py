"""Excel workbooks (xlsx) to rows of text.

Cells are found by one regular expression: ElementTree takes ten times as long, expat four times, openpyxl more, and
python-calamine is compiled. A sheet is written by a program, so that what the expression does not know is refused.

Numbers become the text that Excel itself would show, of at most 15 significant digits: a file holds the shortest text
of the double behind a cell, such as 4.4999999999999998E-2 for 0.045 or 160.88058199999998 for a mean of 160.880582.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache, lru_cache
from html import unescape
from typing import TYPE_CHECKING

from rates.readers.archive import Archive

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

# 0.9 MB of zip can hold 300 MB. The largest workbook seen (Suriname, 20 years of days) unpacks to 20 MB.
CAP = 48 * 2**20
MOST_CELLS = 1_000_000
MOST_COLUMNS = 16_384  # Excel's own limits, as are the next two
MOST_ROWS = 1_048_576
PIECE = 2**20  # characters of a sheet whose cells are in memory as they were written
MOST_CHARACTERS = 32_767  # of a cell
FIFTEEN = 15  # the significant digits that Excel shows; a longer text is noise of the binary arithmetic

DAY_0 = date(1899, 12, 30)  # a day early, since Excel counts a 29 February 1900 that did not exist
LOW, HIGH = date(1927, 5, 18), date(2173, 10, 13)  # the days whose count has five digits, which compare as text

Sheet = list[list[str]]

# No expression tries a second way through the same text (every repetition is possessive) or goes beyond the next
# element of the same kind. So the time is proportional to the sheet's length, also for a hostile sheet.

# What follows <row in a row whose first cell is a count of days.
_DAY = re.compile(r'\A[^<>]*+>\s*+<c r="A\d++"(?: s="\d++")?>\s*+<v>(\d{5})</v>')

# The rest of a tag, without its end.
_REST = r"\s[^<>/]*+(?:/(?!>)[^<>/]*+)*+"
# What stands in an element of text: its runs, but no cell or row, or text of a further one.
_RUNS = r"(?:[^<]++|<(?!/?(?:is|si|c|row)\b))*+"
# The beginning of a row, or a cell whole: its attributes in Excel's order, then any others; a formula, which is passed
# over; its value or text.
_TOKEN = re.compile(
    rf'<(?:(row)(?: r="(\d{{1,7}})")?({_REST})?+/?>|'
    rf'c(?: r="([A-Z]{{1,3}})\d++")?(?: s="\d++")?(?: t="(\w++)")?({_REST})?+(?:/>|>\s*+'
    rf"(?:<f\b[^<>]*+(?:(?<=/)>|>[^<]*+</f>)\s*+)?(?:<v\b[^<>]*+>([^<]*+)</v>|<v\s*+/>|<is>({_RUNS})</is>)?\s*+</c>))"
)
_PLACE = re.compile(r"""\sr\s*+=\s*+["']([A-Z]{1,3})\d++["']""")
_KIND = re.compile(r"""\st\s*+=\s*+["'](\w++)["']""")
_ROW = re.compile(r"""\sr\s*+=\s*+["'](\d{1,7})["']""")
_ITEM = re.compile(rf"<si\b[^<>]*+(?:(?<=/)>|>({_RUNS})</si>)")
_SPOKEN = re.compile(r"<rPh\b(?:[^<]++|<(?!/?rPh\b))*+</rPh>")  # how a text is pronounced, in Japanese workbooks
_TEXT = re.compile(r"<t\b[^<>]*+>([^<]*+)</t>")
_PREFIX = re.compile(r"<(\w{1,20}:)(?:worksheet|sst)\b")


class Workbook(Mapping[str, Sheet]):
    """The sheets of a workbook by name, in the order of the tabs; each is read when it is looked at, every time."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._paths = dict(_paths(archive))
        self._shared = _strings(archive)
        if not self._paths:
            raise ValueError("the workbook has no sheet")

    def __getitem__(self, name: str) -> Sheet:
        return _rows(_sheet_data(_document(self._archive, self._paths[name])), self._shared)

    def of_days(self, name: str, first: date, last: date) -> Sheet:
        """The sheet without the rows that begin with another day than these: empty lists stand for them.

        A fifth of the time, where a workbook holds all days and a few are wanted.
        """
        begun, *parts = _sheet_data(_document(self._archive, self._paths[name])).split("<row")
        low, high = (str((day - DAY_0).days) for day in (max(first, LOW), min(last, HIGH)))
        kept = [part for part in parts if not (day := _DAY.match(part)) or low <= day[1] <= high]
        return _rows("<row".join([begun, *kept]), self._shared)

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


def sheets(body: bytes) -> Workbook:
    """The sheets of a workbook by name, each a list of rows of cells' text, "" where nothing is.

    Days are numbers here, see `serial_day`. Raises ValueError for a file that is not a workbook or is too large.
    """
    return Workbook(Archive(body, CAP, "workbook"))


@lru_cache(maxsize=16_384)  # forty years of working days, which each sheet of a currency repeats
def serial_day(serial: str) -> date:
    """The day of Excel's count of days, 1 being 1900-01-01; Excel counts a 29 February 1900 that did not exist."""
    from rates.readers.values import number

    count = number(serial)
    if not 61 <= count <= 100_000:
        raise ValueError(f"day out of range: {serial!r}")
    return DAY_0 + timedelta(days=int(count))


def _paths(archive: Archive) -> Iterator[tuple[str, str]]:
    """The sheets' names and files, in the order of the tabs."""
    targets = {
        relation.attrib["Id"]: relation.attrib["Target"] for relation in _root(archive, "xl/_rels/workbook.xml.rels")
    }
    for element in _root(archive, "xl/workbook.xml").iter():
        tag = _local(element.tag)
        if tag == "workbookPr" and element.get("date1904", "0") in ("1", "true"):
            raise ValueError("the workbook counts its days from 1904, which no publisher's did")
        if tag == "sheet":
            (place,) = (value for name, value in element.attrib.items() if _local(name) == "id")
            target = targets[place].lstrip("/")
            yield element.attrib["name"], target if target.startswith("xl/") else f"xl/{target}"


def _root(archive: Archive, path: str) -> Element:
    from rates.readers.documents import xml

    return xml(archive.read(path))


def _local(tag: str) -> str:
    """The tag without its namespace: strict and transitional workbooks differ in it."""
    return tag.rpartition("}")[2]


def _document(archive: Archive, path: str) -> str:
    """A large part's text, its main namespace's prefix cut off, as some writers set one.

    Without comments, CDATA and document types, which no program writes here, every < begins or ends an element.
    """
    document = archive.read(path).decode("utf-8-sig")
    if "<!" in document:
        raise ValueError(f"{path} holds a comment or declares a document type, which is refused")
    prefix = _PREFIX.search(document, 0, 4096)
    return document.replace(f"<{prefix[1]}", "<").replace(f"</{prefix[1]}", "</") if prefix else document


def _strings(archive: Archive) -> list[str]:
    """The texts that cells share, by number."""
    if "xl/sharedStrings.xml" not in archive.names:
        return []
    document = _document(archive, "xl/sharedStrings.xml")
    begun = sum(map(document.count, ("<si>", "<si ", "<si/>")))
    if begun > MOST_CELLS:
        raise ValueError(f"the workbook has more than {MOST_CELLS} texts")
    found = [_text(item[1] or "") for item in _ITEM.finditer(document)]
    if len(found) != begun:
        raise ValueError("the workbook has texts that cannot be read")
    return found


def _text(item: str) -> str:
    """The text of a string item: its own, or that of its runs; the phonetic hints are left out."""
    text = "".join(_TEXT.findall(_SPOKEN.sub("", item) if "<rPh" in item else item))
    if len(text) > MOST_CHARACTERS:
        raise ValueError(f"a cell has {len(text)} characters")
    return _plain(text)


def _plain(text: str) -> str:
    return unescape(text) if "&" in text else text


def _rows(data: str, shared: list[str]) -> Sheet:
    """The rows of one sheet, each cell in its column; whatever would put one elsewhere is refused."""
    rows: Sheet = []
    cells: list[str] = []
    read = padded = 0
    for row, number, attributes, letters, kind, others, value, inline in _tokens(data):
        read += 1
        if row:
            gap = _row_number(number, attributes, len(rows)) - len(rows)
            cells = []
            rows += [[] for _ in range(gap)]
            rows.append(cells)
        else:
            if others:
                letters, kind = _attributes(letters, kind, others)
            gap = _column(letters) - len(cells) if letters else 0
            if gap:
                cells += _blanks(gap)
            if value and not kind and len(value) <= FIFTEEN:
                cells.append(value)  # by far the most
            else:
                cells.append(_value(kind, value, shared) if value else _text(inline) if inline else "")
        padded += gap
        if read + padded > MOST_CELLS:
            raise ValueError(f"the sheet has more than {MOST_CELLS} cells")
    if read != data.count("<c") + data.count("<row"):
        raise ValueError("a sheet has cells that cannot be read")
    return rows


def _tokens(data: str) -> Iterator[tuple[str, ...]]:
    """The groups of each row and cell, found in pieces of whole rows: those of a whole sheet would fill the memory."""
    begun = 0
    while begun < len(data):
        end = data.find("<row", begun + PIECE)
        end = end if end > 0 else len(data)
        yield from _TOKEN.findall(data, begun, end)
        begun = end


def _blanks(gap: int) -> list[str]:
    if gap < 0:
        raise ValueError("a cell stands out of its place")
    return [""] * gap


def _sheet_data(document: str) -> str:
    """The part of a sheet that holds its rows; "" of a sheet that is a chart."""
    _, begun, rest = document.partition("<sheetData>")
    data, ended, _ = rest.partition("</sheetData>")
    if begun and not ended:
        raise ValueError("a sheet does not end")
    return data


def _row_number(number: str, attributes: str, due: int) -> int:
    """The row's number from 0; rows that stand in another order than their numbers are refused."""
    if not number:
        number = "".join(_ROW.findall(attributes)[:1]) or str(due + 1)
    place = int(number) - 1
    if not due <= place < MOST_ROWS:
        raise ValueError(f"row {number} stands out of its place")
    return place


def _attributes(letters: str, kind: str, others: str) -> tuple[str, str]:
    """The column and the kind of a cell whose attributes are in an unusual order."""
    return letters or "".join(_PLACE.findall(others)[:1]), kind or "".join(_KIND.findall(others)[:1])


@cache
def _column(letters: str) -> int:
    """The column's number from 0, of its letters, such as AB."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    if number > MOST_COLUMNS:
        raise ValueError(f"not a column: {letters!r}")
    return number - 1


def _value(kind: str, value: str, shared: list[str]) -> str:
    """The text of a cell, by its kind: none or n a number, s a shared string, else as it stands."""
    if not kind or kind == "n":
        return f"{float(value):.{FIFTEEN}g}" if len(value) > FIFTEEN else value
    if kind == "s":
        place = int(value)
        if not 0 <= place < len(shared):
            raise ValueError(f"no shared string {place}")
        return shared[place]
    return _plain(value)
