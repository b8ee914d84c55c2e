"""Web pages to tables: cells as browsers close and span them, cut pages refused, and no page that takes for ever."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rates import readers
from rates.readers.html import MOST_CELLS


def rows(inner: str) -> list[list[str]]:
    """The rows of a page with one table of this content."""
    (table,) = readers.tables(f"<html><body><table>{inner}</table></body></html>")
    return table


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("<tr><td>USD</td><td>1,5</td></tr>", [["USD", "1,5"]]),
        ("<TR><TH>Code</TH><TD ALIGN='right'> 1.5\n </TD></TR>", [["Code", "1.5"]]),
        ("<tr><td>a<td>b<tr><td>c<td>d", [["a", "b"], ["c", "d"]]),
        ("<td>a</td></tr><td>b</td>", [["a"], ["b"]]),
        ("<thead><tr><th>a</thead><tbody><td>b</tbody>", [["a"], ["b"]]),
        ("<tr><td><div>US&nbsp;Dollar <b>&amp;</b> more</div></td></tr>", [["US Dollar & more"]]),
        ("<tr><td></td><td/><td> \n</td></tr>", [["", "", ""]]),
        ("<tr></tr><tr><td>a</td></tr><tr> </tr>", [["a"]]),
        ("<caption>Rates</caption><tr><td>a</td> between <td>b</td> after </tr>", [["a", "b"]]),
    ],
)
def test_cells_close_as_in_browsers(inner: str, expected: list[list[str]]) -> None:
    """End tags may lack, case and white space are of no matter, entities and markup within a cell become text."""
    assert rows(inner) == expected


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("<tr><td colspan=2>a</td><td>b</td></tr>", [["a", "a", "b"]]),
        ('<tr><th colSpan="2"><b>a</b></th><td>b</td></tr>', [["a", "a", "b"]]),
        ("<tr><td rowspan='2'>a<td>b<tr><td>c<tr><td>d<td>e", [["a", "b"], ["a", "c"], ["d", "e"]]),
        ("<tr><td>a<td rowspan=3>b<td>c<tr><td>d<td>e<tr><td>f", [["a", "b", "c"], ["d", "b", "e"], ["f", "b"]]),
        ("<tr><td rowspan=2 colspan=2>a<td>b<tr><td>c", [["a", "a", "b"], ["a", "a", "c"]]),
        ("<tr><td>a<td rowspan=2>b</tr><tr></tr><tr><td>c<td>d", [["a", "b"], ["c", "d"]]),
        (
            "<tbody><tr><td rowspan=0>a<td>b<tr><td>c<tr><td>d</tbody><tr><td>e",
            [["a", "b"], ["a", "c"], ["a", "d"], ["e"]],
        ),
        ("<tr><td colspan=0 rowspan=x>a</td><td class='colspan'>b</td></tr>", [["a", "b"]]),
    ],
)
def test_cells_that_span_are_repeated(inner: str, expected: list[list[str]]) -> None:
    """A cell over several columns or rows stands in each, so that a column's number means the same in every row."""
    assert rows(inner) == expected


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("<tr><td title='5 > 4'>a</td></tr>", [["a"]]),
        ('<tr><td width="5"">a</td><td class="x">b</td></tr>', [["a", "b"]]),
        ("<tr><td it's>a</td><td it's>b</td></tr>", [["a", "b"]]),
        ("<tr><td onclick=\"show('a>b')\" >a</td></tr>", [["a"]]),
        ("<tr><td <td>a</td></tr>", [["a"]]),
        ("<tr><td>1 < 2</td><td>a<br/>b</td></tr>", [["1 < 2", "a b"]]),
    ],
)
def test_attributes_may_hold_anything(inner: str, expected: list[list[str]]) -> None:
    """A closing bracket in quotes ends no tag, and a stray quote swallows no cell."""
    assert rows(inner) == expected


@pytest.mark.parametrize(
    "noise",
    [
        "<!-- <td>old</td> -->",
        "<!---->",
        "<!-->",
        "<!--[if IE]><td>old</td><![endif]-->",
        "<script>document.write('<td>old</td>')</script>",
        "<style>td > b {}</style >",
    ],
)
def test_comments_and_scripts_are_no_cells(noise: str) -> None:
    """What a browser does not show is not read, between cells nor within one."""
    assert rows(f"<tr>{noise}<td>a</td><td>b {noise} c</td>{noise}</tr>") == [["a", "b c"]]


def test_tables_within_tables_stand_apart() -> None:
    """A table of layout keeps only its own text; the inner one is given too, before it, since it ends before it."""
    page = "<table><tr><td>menu</td><td>see<table><tr><td>USD</td><td>1.5</td></tr></table>end</td></tr></table>"
    assert readers.tables(page) == [[["USD", "1.5"]], [["menu", "end"]]]


def test_every_table_in_order() -> None:
    """Tables are given in the order of their ends; what is outside of any is none."""
    page = "<td>no</td></table><table><tr><td>a</table><p><tr><td>no</td></tr><table></table><table><tr><th>b</table>"
    assert readers.tables(page) == [[["a"]], [], [["b"]]]
    assert readers.tables("<tablet><trial>") == []


def test_a_cut_page_is_refused() -> None:
    """Cut anywhere within a table, a page has a table without an end, also where the cut opens a comment."""
    page = "<p>rates</p><table><tr><td>USD</td><td>1.5</td><!-- x --></tr></table>"
    start = page.index("<table>") + len("<table>")
    for cut in range(start, len(page)):
        with pytest.raises(ValueError, match="does not end"):
            readers.tables(page[:cut])
    for cut in range(start):
        assert readers.tables(page[:cut]) == []


def test_a_page_of_too_many_cells_is_refused() -> None:
    """Spans multiply: a short page could fill the memory."""
    bomb = "<table><tr>" + "<td colspan=1000 rowspan=9999>a</td>" * 20 + "<tr><td>b" * 200 + "</table>"
    with pytest.raises(ValueError, match=str(MOST_CELLS)):
        readers.tables(bomb)
    with pytest.raises(ValueError, match=str(MOST_CELLS)):
        readers.tables(f"<table><tr>{'<td colspan=99999>a' * 1001}</table>")


@pytest.mark.parametrize(
    "piece",
    [
        "<table>",
        "<!--",
        "<script>",
        "<td",
        '<td a="',
        '<td a=\'"="',
        '="a"',
        "<td a=   ",
        "<a",
        "<input a='",
        "</",
        "&#",
    ],
)
def test_no_page_takes_for_ever(piece: str) -> None:
    """The time grows with the length of a page alone, whatever it repeats; a quadratic search would take minutes."""
    page = piece * (300_000 // len(piece))
    began = time.process_time()
    for read in (readers.plain, readers.hidden, readers.links, readers.attributes):
        read(page)
    try:
        readers.tables(page)
    except ValueError:
        pass
    assert time.process_time() - began < 5


@given(st.lists(st.lists(st.text(), min_size=1, max_size=5), max_size=8))
def test_what_is_written_is_read(table: list[list[str]]) -> None:
    """Any text, escaped, comes back with its white space folded."""
    from html import escape

    inner = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in table)
    # An escaped text may still hold what HTML itself forbids, such as a bare NUL; `escape` leaves those as they are.
    assert rows(inner) == [[" ".join(cell.split()) for cell in row] for row in table]


@given(st.text(alphabet="<>/!-=\"' tdrabhelscipt&;#\n", max_size=60))
def test_any_text_is_read_or_refused(page: str) -> None:
    """Nothing but a ValueError comes of a broken page."""
    try:
        readers.tables(page)
    except ValueError:
        pass
    readers.plain(page)
    readers.hidden(page)
    readers.links(page)


def test_plain() -> None:
    """Tags become a space, so that words on two lines stay two."""
    assert readers.plain("a<br>b&nbsp;&eacute;<!-- c --><i>d</i>") == "a b é d"
    assert readers.plain("5 < 6 > 4") == "5 < 6 > 4"


def test_attributes() -> None:
    """Names in lower case, values in either quotes or none, entities resolved; the first of a repeated name."""
    text = """ID="a" id='b' checked value=5 data-x = "it's &amp; so" href='?a="1"'"""
    assert readers.attributes(text) == {
        "id": "a",
        "checked": "",
        "value": "5",
        "data-x": "it's & so",
        "href": '?a="1"',
    }


def test_hidden() -> None:
    """Hidden inputs alone: a browser sends no button that was not pressed; what is commented out is not there."""
    page = """<form><input type="hidden" name="__VIEWSTATE" id="v" value="/wEP&quot;DwUB==" />
        <INPUT NAME='token' TYPE='Hidden' VALUE='a>b'><input type=hidden value=nameless>
        <input type="submit" name="go" value="Go"><input name="from" value="2026">
        <!-- <input type="hidden" name="old" value="1"> --><input type="hidden" name="empty"></form>"""
    assert readers.hidden(page) == {"__VIEWSTATE": '/wEP"DwUB==', "token": "a>b", "empty": ""}


def test_links() -> None:
    """Address and text of each link; a link that is not closed ends where the next begins, an anchor has no address."""
    page = """<a class=x href="/a?b=1&amp;c=2"><b>First</b> one</a><A HREF=/b>second<a name="here">third</a>
        <!-- <a href="/old">old</a> --><abbr>no</abbr><a href="/cut">cut"""
    assert readers.links(page) == [("/a?b=1&c=2", "First one"), ("/b", "second"), ("", "third")]


def test_a_tag_that_reaches_over_others_is_refused() -> None:
    """A quote without its end would swallow rows up to the next one without an error."""
    page = '<table><tr><td class="a>USD</td></tr><tr><td class="b">EUR</td></tr></table>'
    with pytest.raises(ValueError, match="holds others"):
        readers.tables(page)
