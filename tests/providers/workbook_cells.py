"""A second, slower reading of recorded workbooks, by re and zipfile alone, to hold the first one against."""

from __future__ import annotations

import re
from html import unescape
from io import BytesIO
from zipfile import ZipFile

from tests.providers.recordings import body

Grid = dict[tuple[int, str], str]


def cells(name: str) -> dict[str, Grid]:
    """The cells of a recorded workbook that are not empty, by sheet, row and column letters."""
    return cells_of(body(name))


def cells_of(book: bytes) -> dict[str, Grid]:
    """The same, of a workbook's bytes."""
    with ZipFile(BytesIO(book)) as archive:
        files = {path: archive.read(path).decode("utf-8-sig") for path in archive.namelist() if path.endswith("ml")}
        targets = dict(re.findall(r'Id="(\w+)"[^>]*?Target="([^"]+)"', files_rels(archive)))
        targets |= {i: t for t, i in re.findall(r'Target="([^"]+)"[^>]*?Id="(\w+)"', files_rels(archive))}
    shared = [
        unescape("".join(re.findall(r"<t[^>/]*>([^<]*)</t>", item)))
        for item in re.split(r"<si>", files.get("xl/sharedStrings.xml", ""))[1:]
    ]
    found = {}
    for name, place in re.findall(r'<sheet [^>]*?name="([^"]+)"[^>]*?r:id="(\w+)"', files["xl/workbook.xml"]):
        target = targets[place].lstrip("/")
        document = files[target if target.startswith("xl/") else f"xl/{target}"]
        found[unescape(name)] = _grid(document, shared)
    return found


def files_rels(archive: ZipFile) -> str:
    """The list of the workbook's parts."""
    return archive.read("xl/_rels/workbook.xml.rels").decode("utf-8-sig")


def _grid(document: str, shared: list[str]) -> Grid:
    grid: Grid = {}
    for part in document.split("<c ")[1:]:
        attributes, _, rest = part.partition(">")
        value = re.match(r"(?:<f.*?</f>|<f[^>]*/>)?<v>([^<]*)</v>", rest)
        if not value or attributes.endswith("/"):
            continue
        column, row = re.findall(r'r="([A-Z]+)(\d+)"', attributes)[0]
        kind = re.findall(r' t="(\w+)"', attributes)
        text = shared[int(value[1])] if kind == ["s"] else value[1]
        if kind in ([], ["n"]) and len(text) > 15:
            text = f"{float(text):.15g}"
        if text.strip():
            grid[int(row), column] = unescape(text)
    return grid
