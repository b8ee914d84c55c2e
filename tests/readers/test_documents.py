"""Documents: rows of JSON, a publisher's own error, whole lines, the root of an XML document."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest

from rates import readers
from rates.errors import ErrorAnswer


def test_json_keeps_digits() -> None:
    """A fraction in JSON is a Decimal as written, whatever marks the bytes begin with."""
    assert str(readers.json_value(b'{"a": 1.10}')["a"]) == "1.10"
    assert readers.json_value(b"\xef\xbb\xbf[1]") == [1]
    assert readers.json_value('["é"]'.encode("utf-16")) == ["é"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"NaN",
        b"[Infinity]",
        b"[-Infinity]",
        b"\xff\xfe\xff",
        b"[" * 100_000,
        b"[1e99999999999999999999]",
        b'{"a": 1, "b": 2, "a": 1}',
    ],
)
def test_json_refuses_what_is_none(body: bytes) -> None:
    """What is no JSON, would overflow the reader or has a name twice in an object is a ValueError like all else."""
    with pytest.raises(ValueError):  # noqa: PT011  (the words are the standard library's)
        readers.json_value(body)


def test_a_doubled_name_is_found_in_linear_time() -> None:
    """The last of 100,000 names, doubled, is found at once: a search that compares each with all takes minutes."""
    names = ",".join(f'"{number}":1' for number in range(100_000))
    with pytest.raises(ValueError, match="two of '99999'"):
        readers.json_value(f'{{{names},"99999":2}}'.encode())


def test_shapes() -> None:
    """An object or a list that is not one says what was expected and what came."""
    assert readers.mapping({"a": 1}) == {"a": 1}
    assert readers.rows([1]) == [1]
    with pytest.raises(ValueError, match="expected an object, got list"):
        readers.mapping([])
    with pytest.raises(ValueError, match="expected a list, got NoneType"):
        readers.rows(None)


def test_xml() -> None:
    """XML is read in the encoding that it states, and a child's text is found."""
    body = '<?xml version="1.0" encoding="windows-1251"?><a><b>Доллар</b><c/></a>'.encode("windows-1251")
    assert readers.child(readers.xml(body), "b") == "Доллар"
    assert readers.child(readers.xml(body), "c") == ""
    with pytest.raises(ValueError, match="no <d> in <a>"):
        readers.child(readers.xml(body), "d")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<a><b></a>",
        b"<a>",
        b'<?xml version="1.0" encoding="klingon"?><a/>',
        b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b"<!DOCTYPE html><html/>",
        b"<a>text<b/></a>",
        b"<a><b/>text</a>",
    ],
)
def test_xml_refuses_what_is_none(body: bytes) -> None:
    """Broken XML, text between elements and any document type, and so any entity bomb, is a ValueError."""
    with pytest.raises(ValueError):  # noqa: PT011  (some words are defusedxml's)
        readers.xml(body)


def test_csv() -> None:
    """Rows are dicts by the header line; a cell in quotes may hold the delimiter, a line's end, or a rare separator."""
    body = b'\xef\xbb\xbfcode,name,rate\nUSD,"a, b\nc",1.10\n\nEUR,x\xe2\x80\xa8y,1\n'
    first, second = readers.csv(body)
    assert first == {"code": "USD", "name": "a, b\nc", "rate": "1.10"}
    assert second == {"code": "EUR", "name": "x\u2028y", "rate": "1"}


def test_csv_may_end_its_lines_with_a_delimiter() -> None:
    """The ECB's history has a comma after the last cell of every line, and of the header; it does no harm."""
    assert next(iter(readers.csv(b"a,b,\n1,2,\n")))["b"] == "2"
    assert next(iter(readers.csv(b"a,b\n1,2,\n")))["b"] == "2"


@pytest.mark.parametrize("body", [b"a,b\n1\n", b"a,b\n1,2,3\n", b'a,b\n1,"2\x00"\n' + b"x" * 200_000])
def test_csv_refuses_a_row_of_another_width(body: bytes) -> None:
    """A row with a cell too few was cut; one with a cell too many has a stray delimiter, and its numbers shifted."""
    with pytest.raises(ValueError, match=r"cells|invalid CSV"):
        list(readers.csv(body))


def _zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return buffer.getvalue()


def test_unzip() -> None:
    """The one file comes out; none, two, or one that is too large does not."""
    assert readers.unzip(_zipped({"folder/": b"", "a.csv": b"x"})) == b"x"
    for files in ({}, {"a": b"", "b": b""}):
        with pytest.raises(ValueError, match="expected one file"):
            readers.unzip(_zipped(files))
    with pytest.raises(ValueError, match="more than 10"):
        readers.unzip(_zipped({"a": b"x" * 11}), cap=10)


def test_unzip_refuses_damage_anywhere() -> None:
    """A damaged archive is a ValueError wherever the damage lies, or it came out whole."""
    content = bytes(range(256)) * 3 + b"USD,1.10\n" * 40
    whole = _zipped({"a.csv": content})
    for place in range(len(whole)):
        for damaged in (whole[:place], whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :]):
            try:
                assert readers.unzip(damaged) == content
            except ValueError:
                continue


@pytest.mark.parametrize(
    ("body", "page"),
    [
        (b"<!DOCTYPE html><html>", True),
        (b"\xef\xbb\xbf\r\n <HTML lang=en>", True),
        (b'<?xml version="1.0"?><!DOCTYPE html PUBLIC "x"><html xmlns="y">', True),
        (b"<script>location='/'</script>", True),
        (b"", False),
        (b'{"a": 1}', False),
        (b'<?xml version="1.0"?><ValCurs/>', False),
        (b"code,rate\n", False),
    ],
)
def test_is_html(body: bytes, page: bool) -> None:
    """A web page is known by how it begins, whatever it is called."""
    assert readers.is_html(body) is page


def test_whole_lines() -> None:
    """A last line without its end may have lost digits, and one that ends otherwise than the rest have got one."""
    assert readers.whole_lines(b"a\r\nb\r\n") == b"a\r\nb\r\n"
    with pytest.raises(ValueError, match="end in another way"):
        readers.whole_lines(b"1.52\n2.5\r\n")
    for cut in (b"", b"a\nUSD|21.0"):
        with pytest.raises(ValueError, match="ends within a line"):
            readers.whole_lines(cut)


def test_rows_of_a_json_document() -> None:
    """The list at the end of a path, of which each row is an object."""
    assert readers.records(b'[{"a": 1}]') == [{"a": 1}]
    assert readers.records(b'{"data": {"rows": []}}', "data", "rows") == []
    for body, path in ((b"[1]", ()), (b"{}", ()), (b"[]", ("rows",)), (b'{"rows": {}}', ("rows",))):
        with pytest.raises(ValueError, match="expected"):
            readers.records(body, *path)
    with pytest.raises(KeyError, match="rows"):
        readers.records(b"{}", "rows")


def test_a_publishers_message_in_place_of_rows() -> None:
    """The first of the names that has words is the error; where there are rows, a message is no error."""
    error = ("message", "error")
    with pytest.raises(ErrorAnswer, match="reports 'bad day'"):
        readers.records(b'{"message": "", "error": "bad  day"}', "rows", error=error)
    with pytest.raises(ErrorAnswer, match="reports 'bad day'"):
        readers.records(b'{"message": "bad day"}', error=error)
    assert readers.records(b'{"rows": [], "message": "OK"}', "rows", error=error) == []
    with pytest.raises(KeyError):
        readers.records(b'{"code": 7}', "rows", error=error)


def test_rows_between_two_days() -> None:
    """Only rows of the window are given, but each must have a day."""
    rows = [{"d": "2026-10-29"}, {"d": "2026-10-30"}, {"d": "2026-11-02"}]
    found = list(readers.rows_between(rows, "d", date(2026, 10, 30), date(2026, 11, 1)))
    assert found == [(date(2026, 10, 30), {"d": "2026-10-30"})]
    with pytest.raises(ValueError, match=r"not a day like Y-M-D: '30\.10\.2026'"):
        list(readers.rows_between([*rows, {"d": "30.10.2026"}], "d", date.min, date.max))


def test_as_many_rows_as_the_publisher_says() -> None:
    """Fewer or more mean that the answer is not whole."""
    assert readers.counted([1, 2], "2") == [1, 2]
    with pytest.raises(ValueError, match="expected 3 days, got 2"):
        readers.counted([1, 2], 3, "days")


def test_a_message_is_one_short_line() -> None:
    """A publisher's message cannot fill or break ours."""
    assert readers.excerpt("\n  Error\tin\r\n parameters ") == "Error in parameters"
    assert len(readers.excerpt("x" * 5000)) == 200
    assert readers.excerpt(404) == "404"
    assert str(readers.reported("no  key")) == "reports 'no key'"


def test_the_root_of_an_xml_document() -> None:
    """One of the tags that are due, when any are named."""
    assert readers.xml(b"<a/>").tag == readers.xml(b"<a/>", "a", "b").tag == "a"
    with pytest.raises(ValueError, match="expected <b> or <c>, got <a>"):
        readers.xml(b"<a/>", "b", "c")
