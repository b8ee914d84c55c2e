"""Text fits a terminal; a file or a pipe gets all of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tabulate import tabulate

from rates.present.layout import Align, Column, aligned, entry, folded, shortened, simple

ADDRESS = "https://bank.example/a/very/long/address/of/one/word"
SIDES: tuple[Align, ...] = ("left", "right", "decimal")
TEXTS = st.lists(st.sampled_from(("a", "of", "-", "bank", "twenty-nine", ADDRESS)), max_size=5).map(" ".join)
WORDS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P")), max_size=12)

MATRIX = [Column("base"), Column("USD", "decimal"), Column("EUR", "decimal")]
RATES = [("1 USD", "1      ", "0.895095"), ("1 JPY", "0.00636", "0.005692")]
BANKS = [Column("key"), Column("publisher", cut=9), Column("day", drop=2), Column("age", drop=1)]
ECB = [("ecb", "European Central Bank", "2026-10-30", "24 days old"), ("nbp", "Narodowy Bank Polski", "", "today")]


@given(
    st.lists(st.tuples(WORDS, st.sampled_from(SIDES)), min_size=1, max_size=4).flatmap(
        lambda columns: st.tuples(
            st.just(columns), st.lists(st.tuples(*[WORDS] * len(columns)), min_size=1, max_size=4)
        )
    )
)
def test_drawn_as_tabulate_does(table: tuple[list[tuple[str, Align]], list[tuple[str, ...]]]) -> None:
    """Where there is room, a table is the one that tabulate draws in the format "simple"."""
    columns, lines = table
    sides = ["left" if side == "left" else "right" for _, side in columns]
    headers = [name for name, _ in columns]
    drawn = tabulate(
        lines, headers, "simple", disable_numparse=True, preserve_whitespace=True, colalign=sides, headersalign=sides
    )
    assert simple([Column(name, side) for name, side in columns], lines) == drawn


def test_drawn_without_rows() -> None:
    """A table without rows is its headings, as tabulate draws them."""
    assert simple([Column("é"), Column("b", "right")], []) == tabulate(
        [], ["é", "b"], "simple", headersalign=["left", "right"]
    )


@pytest.mark.parametrize("width", [None, 45, 80])
def test_what_fits_is_left_alone(width: int | None) -> None:
    """A file, a pipe and a wide terminal get the same."""
    assert (
        simple(MATRIX, RATES, width)
        == """\
base        USD       EUR
------  -------  --------
1 USD   1        0.895095
1 JPY   0.00636  0.005692"""
    )


@pytest.mark.parametrize(
    ("columns", "lines", "width", "shown"),
    [
        pytest.param(
            MATRIX,
            RATES,
            24,
            """\
base       USD       EUR
-----  -------  --------
1 USD  1        0.895095
1 JPY  0.00636  0.005692""",
            id="the padding goes first, and decimal points stay under each other",
        ),
        pytest.param(
            MATRIX,
            RATES,
            20,
            """\
base        USD
------  -------
1 USD   1
1 JPY   0.00636

base         EUR
------  --------
1 USD   0.895095
1 JPY   0.005692""",
            id="columns that must stay are split over several tables",
        ),
        pytest.param(
            BANKS,
            ECB,
            45,
            """\
key  publisher        day         age
---  ---------------  ----------  -----------
ecb  European Centr…  2026-10-30  24 days old
nbp  Narodowy Bank…               today""",
            id="names are cut where that is enough",
        ),
        pytest.param(
            BANKS,
            ECB,
            38,
            """\
key  publisher              day
---  ---------------------  ----------
ecb  European Central Bank  2026-10-30
nbp  Narodowy Bank Polski""",
            id="the least important column goes before names become too short",
        ),
        pytest.param(
            BANKS,
            ECB,
            25,
            """\
key  publisher
---  --------------------
ecb  European Central Ba…
nbp  Narodowy Bank Polski""",
            id="then the next one",
        ),
        pytest.param(
            [Column("key"), Column("what to do"), Column("")],
            [("ecb", f"see {ADDRESS}", ""), ("nbp", "", "")],
            30,
            f"""\
key         ecb
what to do  see
            {ADDRESS}

key         nbp""",
            id="a column wider than the terminal makes each row a block, and an address stays whole",
        ),
    ],
)
def test_tables(columns: list[Column], lines: list[tuple[str, ...]], width: int, shown: str) -> None:
    """A table that is too wide is laid out for the width."""
    assert simple(columns, lines, width) == shown


def test_nothing_is_left_out_in_vain() -> None:
    """Columns are left out only if the rest then fits; otherwise the table is split and keeps all of them."""
    columns = [Column("key"), *(Column(code) for code in ("USD", "EUR", "GBP")), Column("age", drop=1)]
    shown = simple(columns, [("ecb", "1.117200", "0.895095", "0.746330", "24 days old")], 20)
    headings = [line.split() for line in shown.splitlines() if line.startswith("key")]
    assert headings == [["key", "USD"], ["key", "EUR"], ["key", "GBP"], ["key", "age"]]


@given(st.lists(st.tuples(TEXTS, TEXTS, TEXTS), max_size=4), st.integers(20, 100))
def test_nothing_is_lost(cells: list[tuple[str, str, str]], width: int) -> None:
    """For any cells of columns that must stay, and any width: every word is there, unbroken."""
    words = sorted(word for line in cells for cell in line[1:] for word in cell.split() if word.strip("-"))
    shown = simple([Column("one"), Column("two"), Column("three")], cells, width).split()
    for word in words:
        shown.remove(word)


@given(st.lists(st.tuples(TEXTS, TEXTS, TEXTS), min_size=1, max_size=4), st.integers(20, 100))
def test_one_line_a_row(cells: list[tuple[str, str, str]], width: int) -> None:
    """Where columns may be cut or left out, every row is one line that fits."""
    columns = [Column("one", cut=4), Column("two", cut=4), Column("three", drop=1)]
    lines = simple(columns, cells, width).split("\n")
    assert len(lines) == 2 + len(cells)
    assert max(map(len, lines)) <= width


def test_a_row_is_one_line() -> None:
    """A line end within a cell does not begin another row."""
    assert simple([Column("name")], [("a\nb",)]) == "name\n------\na b"


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [("European", 8, "European"), ("European Central Bank", 12, "European Ce…"), ("European Central", 10, "European…")],
)
def test_shortened(text: str, width: int, shown: str) -> None:
    """A text that is cut ends with an ellipsis, and no blank before it."""
    assert shortened(text, width) == shown


def test_sentences() -> None:
    """A sentence goes on in an indented line; a word longer than a line stays whole."""
    assert folded(f"a title\nkeys are given at {ADDRESS}, for nothing", 30) == (
        f"a title\nkeys are given at\n  {ADDRESS},\n  for nothing"
    )
    assert folded("no difference between the two fastest", None) == "no difference between the two fastest"


def test_aligned_rows() -> None:
    """Cells stand under each other, and the last is folded under itself; an address is never broken."""
    rows = [("tcmb", "KeyNeeded", f"set it; keys are given at {ADDRESS}"), ("x", "Stale", "old"), ("ecb", "Moved", "")]
    assert aligned(rows, 36) == (
        f"tcmb  KeyNeeded  set it; keys are\n{'':17}given at\n{'':17}{ADDRESS}\nx     Stale      old\necb   Moved"
    )
    assert aligned(rows) == (f"tcmb  KeyNeeded  set it; keys are given at {ADDRESS}\nx     Stale      old\necb   Moved")
    assert aligned([("a_very_long_key", "Moved", "twenty-nine rates of a day")], 30) == (
        "a_very_long_key  Moved  twenty-nine\n    rates of a day"
    )


def test_entry() -> None:
    """A title with its fields, empty ones left out; folded at 80 columns or at a narrower terminal."""
    fields = {"codes": "AUD BRL CAD CHF CNY CZK EUR", "none": "", "source": f"see {ADDRESS}"}
    assert entry("ecb", fields, 30) == (
        f"ecb\n  codes   AUD BRL CAD CHF CNY\n          CZK EUR\n  source  see\n          {ADDRESS}"
    )
    long = entry("ecb", {"codes": " ".join(["AUD"] * 40), "source": " ".join([ADDRESS] * 3)})
    assert [len(line) <= 80 for line in long.splitlines()] == [True, True, True, True, False]


def test_the_fewest_letters_are_lost() -> None:
    """A column with one long cell is cut before one with many; a count stays on the line of its word when folded."""
    lines = [("a" * 20, "many letters here"), *[("a", "many letters here")] * 3]
    text = simple([Column("key", cut=5), Column("name", cut=5)], lines, 30)
    assert text.splitlines()[2:4] == ["aaaaaaaaaa…  many letters here", "a            many letters here"]
    assert folded("of them 12 unreachable", 20) == "of them\n  12 unreachable"
