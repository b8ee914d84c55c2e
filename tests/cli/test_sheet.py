from __future__ import annotations

import pytest

from rates.cli.sheet import Sheet, read_sheet
from rates.errors import UsageError

NEEDED = ("total", "currency")


def texts(sheet: Sheet) -> list[str]:
    """The cells of the records, joined by bars."""
    return ["|".join(record.cells) for record in sheet.records]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
def test_forms(delimiter: str, end: str, encoding: str) -> None:
    """Delimiter, line ends and encoding are found out, and a line comes back as it stood."""
    lines = [delimiter.join(cells) for cells in (("No", "total", "currency"), ('"001"', "5", "EUR"), ("Zoë", "7", ""))]
    body = (end.join(lines) + end).encode(encoding)
    sheet = read_sheet(body, NEEDED)
    assert (sheet.delimiter, sheet.line_end, sheet.encoding) == (delimiter, end, encoding)
    assert texts(sheet) == ["001|5|EUR", "Zoë|7|"]
    assert sheet.header is not None
    whole = "".join(sheet.line(record, "") for record in (sheet.header, *sheet.records))
    assert whole.encode(encoding) == body
    assert sheet.guessed == (encoding == "windows-1252")


def test_marks_within_names() -> None:
    """The delimiter is the one with which the needed columns are there."""
    assert read_sheet(b"total;currency;a,b,c,d\n1;EUR;x\n", NEEDED).delimiter == ";"
    assert read_sheet(b'"total;x",total,currency\n1,2,EUR\n', NEEDED).delimiter == ","
    assert read_sheet(b"a;b;c\n", ("1", "2")).delimiter == ";"
    assert read_sheet(b"total;currency\n", NEEDED, delimiter=",").names == ("total;currency",)


def test_excel_names_its_delimiter() -> None:
    """The line sep=; is obeyed, counted and kept."""
    sheet = read_sheet(b"sep=;\r\ntotal;currency\r\n1;EUR\r\n", NEEDED)
    assert (sheet.preface, sheet.delimiter, sheet.records[0].number) == ("sep=;\r\n", ";", 3)


def test_line_numbers_and_quotes() -> None:
    """A record begins where its first line stands, also after cells with line ends; a stray quote spoils one record."""
    body = b'total,currency,note\n1,EUR,"a\nb"\n2,USD,"x"y\n\n3,JPY,"say ""no"""\n'
    sheet = read_sheet(body, NEEDED)
    assert [(record.number, list(record.cells)) for record in sheet.records] == [
        (2, ["1", "EUR", "a\nb"]), (4, []), (5, []), (6, ["3", "JPY", 'say "no"'])
    ]  # fmt: skip
    assert "a quote stands within a cell" in sheet.records[1].problem
    assert sheet.records[0].text == '1,EUR,"a\nb"'
    with pytest.raises(UsageError, match="a quote that begins in line 3 is never closed"):
        read_sheet(b'total,currency\n1,EUR\n2,"USD\n3,JPY\n', NEEDED)


def test_added_cells() -> None:
    """Short lines are filled up, and an added cell is quoted where it must be."""
    sheet = read_sheet(b"a;b;c\n1\n1;2;3\n", ("a",))
    assert [sheet.line(record, sheet.cells(["x", "1;2"])) for record in sheet.records] == [
        '1;;;x;"1;2"\n',
        '1;2;3;x;"1;2"\n',
    ]


def test_columns() -> None:
    """A column is found by its name, in any case if that is clear, or by its number from 1."""
    sheet = read_sheet(b"No,Total,total,2,Currency \n", ("Total",))
    assert [sheet.place(name, "--x") for name in ("Total", "total", "2", "currency", "1", "5")] == [1, 2, 3, 4, 0, 4]
    for name, message in (
        ("TOTAL", "--x: 2 columns are called 'TOTAL'; write 2 or 3"),
        ("amount", "--x: no column 'amount'; there are No, Total, total, 2, Currency"),
        ("6", "--x: there is no column 6; the file has 5 columns"),
        ("0", "--x: no column '0'"),
    ):
        with pytest.raises(UsageError) as caught:
            sheet.place(name, "--x")
        assert message in str(caught.value)


def test_without_a_header() -> None:
    """Without a header all lines are records, and columns are numbers."""
    sheet = read_sheet(b"1,EUR\n2,USD,x\n", ("1",), header=False)
    assert (len(sheet.records), sheet.width, sheet.names) == (2, 3, ())
    with pytest.raises(UsageError, match="without a header a column is a number"):
        sheet.place("total", "--x")


@pytest.mark.parametrize(
    ("body", "encoding", "message"),
    [
        (b"", "", "the file is empty"),
        (b"\n\n", "", "the file is empty"),
        (b"total,currency\n\x81\n", "", "line 2 is neither UTF-8 nor windows-1252; name the encoding"),
        (b"total,currency\n\xff\n", "utf-8", "line 2 is not utf-8"),
        ("total,currency".encode("utf-16-le"), "", "the file has NUL characters; if it is UTF-16"),
        (b"x", "utf-99", "unknown encoding 'utf-99'"),
    ],
)
def test_files_that_cannot_be_read(body: bytes, encoding: str, message: str) -> None:
    """The message says what is wrong, and what to do."""
    with pytest.raises(UsageError) as caught:
        read_sheet(body, NEEDED, encoding=encoding)
    assert message in str(caught.value)
