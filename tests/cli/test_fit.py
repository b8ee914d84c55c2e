"""Text that fits a terminal, and is left alone where there is none."""

from __future__ import annotations

import io
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rates.cli.fit import fit, fitted, width_of
from rates.cli.plain import simple
from tests.cli.conftest import Run

ADDRESS = "https://bank.example/a/very/long/address/of/one/word"
MATRIX = """\
base        USD       EUR
------  -------  --------
1 USD   1        0.895095
1 JPY   0.00636  0.005692"""


TEXTS = st.lists(st.sampled_from(("a", "of", "-", "bank", "twenty-nine", ADDRESS)), max_size=5).map(" ".join)


class Terminal(io.StringIO):
    """A stream that says that it is a terminal, of a size that nobody can ask for."""

    def isatty(self) -> bool:
        """It is one."""
        return True


def test_what_fits_is_left_alone() -> None:
    """Not a blank is changed in what is no wider than the terminal."""
    text = f"  head\n\n{MATRIX}\n\n\nlast\n"
    assert fit(text, 25) == text


@pytest.mark.parametrize(
    ("table", "width", "told"),
    [
        (  # the blanks are given away first, and decimal points stay under each other
            MATRIX,
            24,
            "base       USD       EUR\n-----  -------  --------\n1 USD  1        0.895095\n1 JPY  0.00636  0.005692",
        ),
        (  # then it is cut between columns
            MATRIX,
            20,
            "base       USD\n-----  -------\n1 USD  1\n1 JPY  0.00636\n\n"
            "base        EUR\n-----  --------\n1 USD  0.895095\n1 JPY  0.005692",
        ),
        (  # sentences are broken between words, and headings too
            simple(("key", "wants a key", "told"), [("ecb", "no", "twenty-nine rates of a day")]),
            26,
            "key  wants a   told\n     key\n---  --------  -----------\necb  no        twenty-nine\n"
            "               rates of a\n               day",
        ),
        (  # a long word makes each row a block, and stays whole
            simple(("key", "what to do"), [("ecb", f"see {ADDRESS}"), ("nbp", "")]),
            30,
            f"key         ecb\nwhat to do  see\n            {ADDRESS}\n\nkey         nbp",
        ),
    ],
)
def test_tables(table: str, width: int, told: str) -> None:
    """A table that is too wide is laid out anew."""
    assert fit(table, width) == told


def test_sentences() -> None:
    """A line goes on under its last column; an address is never broken."""
    line = f"tcmb  KeyNeeded  set it; keys are given at {ADDRESS}"
    assert fit(line, 36) == f"tcmb  KeyNeeded  set it; keys are\n{'':17}given at\n{'':17}{ADDRESS}"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("no difference between two, the fastest,\n  by far", "no difference between two, the\nfastest, by far"),
        ("a title that is longer than a line\n  key  ecb", "a title that is longer than a\nline\n  key  ecb"),
        (
            "  codes  AUD BRL CAD CHF CNY CZK\n         EUR\n  since  1999",
            "  codes  AUD BRL CAD CHF CNY\n         CZK EUR\n  since  1999",
        ),
        (
            "USD  NoRates  ecb: has none of it\n     Stale    nbp: old",
            "USD  NoRates  ecb: has none of\n              it\n     Stale    nbp: old",
        ),
    ],
)
def test_what_was_broken_before(text: str, told: str) -> None:
    """Lines that were broken for a wider screen are joined before they are broken anew; others are not."""
    assert fit(text, 30) == told


@given(
    st.lists(st.tuples(TEXTS, TEXTS, TEXTS), max_size=4),
    st.integers(20, 100),
)
def test_nothing_is_lost(cells: list[tuple[str, str, str]], width: int) -> None:
    """Whatever the cells and the terminal: every word of them is still there, and none is broken."""
    said = sorted(word for line in cells for cell in line[1:] for word in cell.split() if word.strip("-"))
    shown = fit(simple(("one", "two", "three"), cells), width).split()
    for word in said:
        shown.remove(word)


@pytest.mark.parametrize(
    ("columns", "width"), [("44", 44), ("7", 20), ("0", 80), ("-5", 80), ("abc", 80), ("²", 80), ("", 80)]
)
def test_width(columns: str, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """COLUMNS counts where it is a number; 80 are usual, and fewer than 20 are as good as none."""
    monkeypatch.setenv("COLUMNS", columns)
    assert width_of(Terminal()) == width


def test_width_is_asked_of_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without COLUMNS the stream's own terminal tells; one of no size, as in some containers, is of the usual one."""
    monkeypatch.delenv("COLUMNS", raising=False)
    for columns, width in ((50, 50), (0, 80)):
        stream = Terminal()
        monkeypatch.setattr(stream, "fileno", lambda: 1)
        monkeypatch.setattr(os, "get_terminal_size", lambda number, of=columns: os.terminal_size((of, 24)))
        assert width_of(stream) == width


def test_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file, a pipe and a closed stream get the text as it is, whatever COLUMNS says."""
    monkeypatch.setenv("COLUMNS", "20")
    assert fitted(MATRIX, io.StringIO()) == fitted(MATRIX, None) == MATRIX


def test_commands_fit(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is printed on a narrow terminal fits, but for addresses; a format that was asked for is not touched."""
    monkeypatch.setenv("COLUMNS", "60")
    out, err = Terminal(), Terminal()
    monkeypatch.setattr("sys.stdout", out)
    monkeypatch.setattr("sys.stderr", err)
    monkeypatch.setattr("rates.cli.run.PROGRESS_AFTER_S", 1000.0)  # the bar is of another test
    for line in ("doctor ecb tcmb --offline", "--offline USD EUR", "providers", "USD --from ecb,tcmb --offline"):
        run(*line.split())
    lines = (out.getvalue() + err.getvalue()).splitlines()
    assert len(lines) > 100
    assert [line for line in lines if len(line) > 60 and "://" not in line] == []
    out.truncate(0)
    run("--offline", "USD", "EUR", "--format", "github")
    assert max(map(len, out.getvalue().splitlines())) > 60
