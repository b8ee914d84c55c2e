"""Workbooks built for tests: rows in, the bytes of an xlsx file out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile

Cell = str | int | date | None
Rows = Sequence[Sequence[Cell]]

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def serial(day: date) -> str:
    """Excel's count of days."""
    return str((day - date(1899, 12, 30)).days)


def workbook(sheets: Mapping[str, Rows]) -> bytes:
    """A workbook of these sheets. A text that reads as a number is one, other texts are shared; days are counts."""
    shared: list[str] = []
    names = list(sheets)
    parts = {
        f"xl/worksheets/sheet{number}.xml": worksheet(rows_xml(sheets[name], shared))
        for number, name in enumerate(names, start=1)
    }
    parts["xl/sharedStrings.xml"] = strings("".join(f"<si><t>{escape(text)}</t></si>" for text in shared))
    return package(names, parts)


def package(names: Sequence[str], parts: Mapping[str, str], properties: str = "<workbookPr/>") -> bytes:
    """The zip of a workbook: its parts, and the two that list its sheets."""
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="rId{number}"/>'
        for number, name in enumerate(names, start=1)
    )
    related = "".join(
        f'<Relationship Id="rId{number}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in range(1, len(names) + 1)
    )
    book = f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{properties}<sheets>{listed}</sheets></workbook>'
    lists = {
        "xl/workbook.xml": HEAD + book,
        "xl/_rels/workbook.xml.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}">{related}</Relationships>',
    }
    written = BytesIO()
    with ZipFile(written, "w", ZIP_DEFLATED) as archive:
        for path, document in {**lists, **parts}.items():
            archive.writestr(path, document)
    return written.getvalue()


def worksheet(data: str) -> str:
    """One sheet's document around its rows."""
    return f'{HEAD}<worksheet xmlns="{MAIN}"><dimension ref="A1"/><sheetData>{data}</sheetData></worksheet>'


def strings(items: str) -> str:
    """The document of the shared texts around its items."""
    return f'{HEAD}<sst xmlns="{MAIN}">{items}</sst>'


def rows_xml(rows: Rows, shared: list[str]) -> str:
    """The rows of a sheet as Excel writes them: no cell where nothing is."""
    written = []
    for number, row in enumerate(rows, start=1):
        cells = "".join(_cell(cell, place, number, shared) for place, cell in enumerate(row))
        written.append(f'<row r="{number}" spans="1:{max(1, len(row))}">{cells}</row>')
    return "".join(written)


def _cell(cell: Cell, place: int, row: int, shared: list[str]) -> str:
    if cell is None or cell == "":
        return ""
    where = f'<c r="{_letters(place)}{row}" s="1"'
    if isinstance(cell, date):
        return f"{where}><v>{serial(cell)}</v></c>"
    try:
        float(cell)
    except ValueError:
        if cell not in shared:
            shared.append(str(cell))
        return f'{where} t="s"><v>{shared.index(str(cell))}</v></c>'
    return f"{where}><v>{cell}</v></c>"


def _letters(place: int) -> str:
    """The letters of a column counted from 0."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
