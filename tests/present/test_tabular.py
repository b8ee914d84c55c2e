from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rates.present import rows
from rates.present.layout import Column
from rates.present.tabular import notes, on_point
from rates.settings import TABLE_FORMATS

RATE = Column("rate", "decimal")


def test_formats_are_those_of_tabulate() -> None:
    """The settings know the very formats that tabulate draws."""
    from tabulate import tabulate_formats

    assert sorted(TABLE_FORMATS) == sorted(tabulate_formats)


@pytest.mark.parametrize("fmt", TABLE_FORMATS)
def test_every_format_keeps_every_cell(fmt: str) -> None:
    """Any tabulate format shows all cells as they are given, numbers not reread as floats."""
    text = rows(["code", RATE], [["IDR", "0.0000551019"], ["JPY", "157.250*"], ["XXX", ""]], fmt)
    assert "0.0000551019" in text
    assert "157.250*" in text
    assert "XXX" in text


@pytest.mark.parametrize("fmt", TABLE_FORMATS)
def test_no_rows(fmt: str) -> None:
    """A table without rows is still drawn."""
    assert "code" in rows(["code", RATE], [], fmt)


def test_no_padding_where_it_would_be_data() -> None:
    """Cells of tsv and html hold nothing but their text."""
    lines = [["EUR", "0.8951"], ["JPY", "157.25"]]
    assert rows(["symbol", RATE], lines, "tsv") == "symbol\trate\nEUR\t0.8951\nJPY\t157.25"
    assert '<tr><td>EUR</td><td style="text-align: right;">0.8951</td></tr>' in rows(["symbol", RATE], lines, "html")


def test_no_trailing_blanks() -> None:
    """The plain look leaves no blanks at the ends of lines."""
    text = rows(["symbol", RATE], [["EUR", "0.8951"], ["JPY", "157"]], "simple")
    assert all(line == line.rstrip() for line in text.splitlines())


def test_cells_for_people() -> None:
    """None is empty, truth is yes or no, decimals have no exponent, lists have commas."""
    text = rows(["a", "b", "c", "d"], [[None, True, Decimal("5E-7"), ("x", "y")]], "tsv")
    assert text.splitlines()[1] == "\tyes\t0.0000005\tx, y"


def test_cells_for_programs() -> None:
    """JSON and jsonl give objects whose values keep their types and digits; csv quotes commas."""
    headers, lines = ["name", "rate", "key"], [["Bank, the", Decimal("5E-7"), None]]
    expected = {"name": "Bank, the", "rate": Decimal("5E-7"), "key": None}
    assert json.loads(rows(headers, lines, "json"), parse_float=Decimal) == [expected]
    assert json.loads(rows(headers, lines, "jsonl"), parse_float=Decimal) == expected
    assert rows(headers, lines, "csv") == 'name,rate,key\n"Bank, the",0.0000005,'


def test_json_without_rows() -> None:
    """No rows are an empty list."""
    assert rows(["a"], [], "json") == "[]"


@given(st.lists(st.from_regex(r"[0-9]{1,6}(\.[0-9]{1,8})?[*†]?", fullmatch=True), min_size=1))
def test_points_stand_under_each_other(column: list[str]) -> None:
    """All points of a column, and all figures' last whole digits, are in one place; the texts are unchanged."""
    level = on_point(column)
    assert [text.strip() for text in level] == column
    assert len({len(text) for text in level}) == 1
    wholes = {len(text) - len(text.lstrip("0123456789 ")) for text in level if "." in text}
    assert len(wholes) <= 1


def test_marks_do_not_move_the_point() -> None:
    """A mark hangs behind its figure."""
    assert on_point(["0.8951", "142*", "12.5†", "-"]) == ["  0.8951", "142*    ", " 12.5†  ", "  -     "]


def test_notes_fit_the_format() -> None:
    """Lines around a table are paragraphs in HTML, comments in LaTeX and tsv, and plain elsewhere."""
    lines = ["a <b>", "c"]
    assert notes(lines, "simple") == "a <b>\nc"
    assert notes(lines, "html") == "<p>a &lt;b&gt;<br>\nc</p>"
    assert notes(lines, "latex") == "% a <b>\n% c"
    assert notes(lines, "tsv") == "# a <b>\n# c"
    assert notes([], "html") == ""


def test_notes_fit_the_terminal() -> None:
    """A sentence is folded to a terminal in the usual format, and in no other."""
    assert notes(["a sentence of five words"], "simple", 20) == "a sentence of five\n  words"
    assert notes(["a sentence of five words"], "github", 20) == "a sentence of five words"


def test_only_the_usual_format_is_fitted() -> None:
    """A format that was asked for is complete on any terminal."""
    columns, lines = [Column("name", cut=12), Column("day", drop=1)], [["European Central Bank", "2026-10-30"]]
    assert rows(columns, lines, "simple", 20) == "name\n--------------------\nEuropean Central Ba…"
    assert rows(columns, lines, "github", 20) == rows(columns, lines, "github")
