"""Documents: rows of JSON, a publisher's own error, whole lines, the root of an XML document."""

from __future__ import annotations

from datetime import date

import pytest

from rates import readers
from rates.errors import ErrorAnswer


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
        with pytest.raises(ValueError, match="was due, got"):
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
    with pytest.raises(ValueError, match=r"no day like Y-M-D: '30\.10\.2026'"):
        list(readers.rows_between([*rows, {"d": "30.10.2026"}], "d", date.min, date.max))


def test_as_many_rows_as_the_publisher_says() -> None:
    """Fewer or more mean that the answer is not whole."""
    assert readers.counted([1, 2], "2") == [1, 2]
    with pytest.raises(ValueError, match="3 days were due, got 2"):
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
    with pytest.raises(ValueError, match="<b> or <c> was due, got <a>"):
        readers.xml(b"<a/>", "b", "c")
