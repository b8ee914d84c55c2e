"""Workbooks: cells in their places, numbers as Excel shows them, and a ValueError for whatever is none."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from rates.readers import serial_day, sheets, xlsx
from tests.readers.workbooks import MAIN, package, strings, workbook, worksheet


def read(data: str, shared: str = "") -> list[list[str]]:
    """The rows of a workbook with one sheet of this XML."""
    parts = {"xl/worksheets/sheet1.xml": worksheet(data)}
    if shared:
        parts["xl/sharedStrings.xml"] = strings(shared)
    return sheets(package(["Rates"], parts))["Rates"]


def test_sheets_come_by_name_in_the_order_of_the_tabs() -> None:
    """A name may hold what XML escapes; a sheet may be empty."""
    book = sheets(workbook({"2026 & on": [["Day", "US$"], [date(2026, 10, 30), "2.25"]], "<notes>": []}))
    assert list(book) == ["2026 & on", "<notes>"]
    assert len(book) == 2
    assert dict(book) == {"2026 & on": [["Day", "US$"], ["46325", "2.25"]], "<notes>": []}


def test_an_unknown_sheet_is_a_key_error() -> None:
    """The workbook is a mapping, so that `get` and `in` do what they say."""
    book = sheets(workbook({"a": []}))
    assert book.get("b") is None
    assert "b" not in book


def test_cells_and_rows_keep_their_places() -> None:
    """What is left out is "" to the left and an empty row above; nothing is filled in to the right."""
    data = '<row r="3"><c r="B3"><v>1</v></c><c r="AA3"><v>2</v></c></row><row r="5"/><row r="6"></row>'
    assert read(data) == [[], [], ["", "1", *[""] * 24, "2"], [], [], []]


def test_places_may_be_unsaid() -> None:
    """Rows and cells without a reference follow one another."""
    assert read("<row><c><v>1</v></c><c/><c><v>2</v></c></row><row><c><v>3</v></c></row>") == [["1", "", "2"], ["3"]]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('<c r="A1" s="7"><v>0.34250000000000003</v></c>', "0.3425"),
        ("<c><v>4.4999999999999998E-2</v></c>", "0.045"),
        ("<c><v>160.88058199999998</v></c>", "160.880582"),
        ("<c><v>0.3501537532246699</v></c>", "0.35015375322467"),
        ("<c><v>1.10</v></c>", "1.10"),
        ("<c><v>123456789.123456</v></c>", "123456789.123456"),
        ('<c t="n"><v>12</v></c>', "12"),
        ("<c><f>A2/B2</f><v>3.5</v></c>", "3.5"),
        ('<c><f t="shared" si="0"/><v>3.5</v></c>', "3.5"),
        ('<c><f t="shared" ref="A1:B2" si="0">A2&gt;B2</f><v>3.5</v></c>', "3.5"),
        ('<c t="str"><f>A2</f><v>S &amp; P</v></c>', "S & P"),
        ('<c t="s"><v>1</v></c>', "rich text & more"),
        ('<c t="s"><v>0</v></c>', "  plain"),
        ('<c t="s"><v>2</v></c>', ""),
        ('<c t="s"><v>3</v></c>', "円"),
        ('<c t="inlineStr"><is><t>in place</t></is></c>', "in place"),
        ('<c t="inlineStr"><is><r><t>in </t></r><r><t>runs</t></r></is></c>', "in runs"),
        ('<c t="e"><v>#N/A</v></c>', "#N/A"),
        ('<c t="b"><v>1</v></c>', "1"),
        ('<c t="d"><v>2026-10-30</v></c>', "2026-10-30"),
        ("<c><v></v></c>", ""),
        ("<c><v/></c>", ""),
        ('<c s="3"></c>', ""),
        ("<c\n>\n <v>7</v>\n</c>", "7"),
        ('<c t="s" r="A1" s="2"><v>0</v></c>', "  plain"),
        ("<c s='2' r='A1' cm='1'><v>8</v></c>", "8"),
    ],
)
def test_the_text_of_a_cell(cell: str, text: str) -> None:
    """Numbers have the 15 digits that Excel shows, texts are whole, formulas passed over."""
    shared = (
        '<si><t xml:space="preserve">  plain</t></si><si><r><rPr><b/></rPr><t>rich </t></r>'
        '<r><t>text &amp; more</t></r></si><si/><si><t>円</t><rPh sb="0" eb="1"><t>エン</t></rPh></si>'
    )
    assert read(f'<row r="1">{cell}</row>', shared) == [[text]]


@pytest.mark.parametrize(
    "data",
    [
        '<row r="2"/><row r="1"/>',
        '<row r="0"/>',
        '<row r="1048577"/>',
        '<row><c r="B1"/><c r="A1"/></row>',
        '<row><c r="A1"/><c r="A1"/></row>',
        '<row><c r="XFE1"/></row>',
        '<row><c t="s"><v>9</v></c></row>',
        '<row><c t="s"><v>-1</v></c></row>',
        '<row><c t="s"><v>x</v></c></row>',
        "<row><c><v>twelve and a quarter</v></c></row>",
        "<row><c><w>1</w></c></row>",
        "<row><c><v>1</v>",
        "<row><c><v>1</v></row>",
        "<row><c><v>1<!-- 2 --></v></c></row>",
        "<row><c><v><![CDATA[1]]></v></c></row>",
    ],
)
def test_what_cannot_be_read_is_refused(data: str) -> None:
    """A cell out of its place, or of a form unknown, is no missing cell."""
    with pytest.raises(ValueError, match=r".+"):
        read(data, "<si><t>a</t></si>")


def test_rows_of_some_days() -> None:
    """Rows that begin with another day are empty; whatever else a row begins with, it is there."""
    day = date(2026, 10, 30)
    rows = [
        ["Day", "USD"],
        [],
        [date(2026, 10, 28), "1"],
        [date(2026, 10, 29), "2"],
        [day, "3"],
        ["", "46000"],
        ["45999.5"],
    ]
    book = sheets(workbook({"R": rows}))
    whole = book["R"]
    assert book.of_days("R", date.min, date.max) == whole
    assert book.of_days("R", date(2026, 10, 29), day) == [*whole[:2], [], *whole[3:]]
    assert book.of_days("R", day, day) == [*whole[:2], [], [], *whole[4:]]
    assert book.of_days("R", date(2027, 1, 1), date(2028, 1, 1)) == [*whole[:2], [], [], [], *whole[5:]]


def test_a_prefix_on_the_main_namespace() -> None:
    """Some writers name the elements x:row and x:c."""
    data = '<x:sheetData><x:row><x:c t="s"><x:v>0</x:v></x:c></x:row></x:sheetData>'
    sheet = f'<x:worksheet xmlns:x="{MAIN}">{data}</x:worksheet>'
    texts = f'<x:sst xmlns:x="{MAIN}"><x:si><x:t>far</x:t></x:si></x:sst>'
    book = package(["R"], {"xl/worksheets/sheet1.xml": sheet, "xl/sharedStrings.xml": texts})
    assert sheets(book)["R"] == [["far"]]


def test_a_chart_is_a_sheet_without_rows() -> None:
    """A tab may hold a chart; the others are read all the same."""
    chart = f'<chartsheet xmlns="{MAIN}"/>'
    assert sheets(package(["C"], {"xl/worksheets/sheet1.xml": chart}))["C"] == []


def test_days_from_1904_are_refused() -> None:
    """A workbook of an old Macintosh would be four years off."""
    with pytest.raises(ValueError, match="1904"):
        sheets(package(["R"], {}, '<workbookPr date1904="1"/>'))


def test_a_document_type_is_refused() -> None:
    """No entity is ever expanded."""
    bomb = '<!DOCTYPE worksheet [<!ENTITY a "1">]>' + worksheet("<row><c><v>&a;</v></c></row>")
    with pytest.raises(ValueError, match="document type"):
        sheets(package(["R"], {"xl/worksheets/sheet1.xml": bomb}))["R"]


def test_other_files_are_no_workbooks() -> None:
    """Nothing, a page, another zip, a workbook without its sheets: each is a ValueError."""
    other = BytesIO()
    with ZipFile(other, "w") as archive:
        archive.writestr("a.txt", "no workbook")
    for body in (b"", b"PK", b"<html></html>", other.getvalue(), package([], {})):
        with pytest.raises(ValueError, match="workbook"):
            sheets(body)
    with pytest.raises(ValueError, match="invalid workbook"):
        sheets(package(["R"], {}))["R"]


def test_any_cut_or_changed_byte_is_refused_or_harmless() -> None:
    """The archive's own sums see to it: a damaged workbook never gives other rows."""
    body = workbook({"R": [["Day", "USD", "EUR"], [date(2026, 10, 30), "1.5", "1.75"]] * 20})
    whole = dict(sheets(body))
    for place in range(len(body)):
        changed = body[:place] + bytes([body[place] ^ 0x11]) + body[place + 1 :]
        for damaged in (body[:place], changed):
            try:
                found = list(sheets(damaged).values())
            except ValueError:
                continue
            assert found == list(whole.values())


def test_sizes_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small zip that declares a huge workbook is refused before it is unpacked; so are rows without end."""
    huge = BytesIO()
    with ZipFile(huge, "w", ZIP_DEFLATED) as archive:
        archive.writestr("xl/_rels/workbook.xml.rels", " " * 5000)
    monkeypatch.setattr(xlsx, "CAP", 4000)
    with pytest.raises(ValueError, match="more than 4000 bytes"):
        sheets(huge.getvalue())
    monkeypatch.setattr(xlsx, "MOST_CELLS", 1000)
    with pytest.raises(ValueError, match="more than 1000 cells"):
        read('<row r="2000"/>')
    with pytest.raises(ValueError, match="more than 1000 cells"):
        read('<row r="1"><c r="AMZ1"/></row>')


def test_days_are_counted_as_excel_counts() -> None:
    """Its year 1900 has a 29 February; a time of day is cut off."""
    assert serial_day("61") == date(1900, 3, 1)
    assert serial_day("46325") == date(2026, 10, 30)
    assert serial_day("46325.75") == date(2026, 10, 30)
    for text in ("60", "100001", "", "Holiday", "-5", "1E+30"):
        with pytest.raises(ValueError, match=r"day out of range|not a number"):
            serial_day(text)
