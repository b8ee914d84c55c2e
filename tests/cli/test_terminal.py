"""Output fits the terminal; a file or a pipe gets all of it."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from rates.cli import terminal
from rates.cli.terminal import error_width, output_width, put_error, put_text, say
from tests.cli.conftest import Run


class Terminal(io.StringIO):
    """A stream that claims to be a terminal, of unknown size."""

    def isatty(self) -> bool:
        """It is one."""
        return True


def screen(monkeypatch: pytest.MonkeyPatch) -> tuple[Terminal, Terminal]:
    """Terminals in place of both streams; not a fixture, since pytest sets the streams after fixtures."""
    out, err = Terminal(), Terminal()
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setattr("sys.stdout", out)
    monkeypatch.setattr("sys.stderr", err)
    return out, err


@pytest.mark.parametrize(
    ("columns", "width"), [("44", 44), ("7", 20), ("0", 80), ("-5", 80), ("abc", 80), ("²", 80), ("", 80)]
)
def test_width(columns: str, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """COLUMNS counts where it is a number; 80 are usual, and fewer than 20 are treated as 20."""
    screen(monkeypatch)
    monkeypatch.setenv("COLUMNS", columns)
    assert (output_width(), error_width()) == (width, width)


def test_width_is_asked_of_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without COLUMNS the terminal's own size counts; a size of 0, as in some containers, means the usual one."""
    out, _ = screen(monkeypatch)
    monkeypatch.delenv("COLUMNS", raising=False)
    for columns, width in ((50, 50), (0, 80)):
        monkeypatch.setattr(out, "fileno", lambda: 1)
        monkeypatch.setattr(os, "get_terminal_size", lambda number, of=columns: os.terminal_size((of, 24)))
        assert output_width() == width


def test_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file, a pipe and a closed stream have no width, with any COLUMNS, and get the text unchanged."""
    monkeypatch.setenv("COLUMNS", "20")
    sentence = "a sentence that is longer than twenty columns"
    for stream in (io.StringIO(), None):
        monkeypatch.setattr("sys.stdout", stream)
        monkeypatch.setattr("sys.stderr", stream)
        assert (output_width(), error_width()) == (None, None)
        say(sentence)
        assert stream is None or stream.getvalue() == sentence + "\n"


def test_sentences_are_folded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sentence on standard error is folded to its terminal; a text that is laid out already is not."""
    out, err = screen(monkeypatch)
    monkeypatch.setenv("COLUMNS", "20")
    say("\nrates: a sentence that is folded")
    put_error("USD  a listing that is not folded again")
    put_text("nor is standard output, which is laid out by its command\n\n")
    assert err.getvalue() == "\nrates: a sentence\n  that is folded\nUSD  a listing that is not folded again\n"
    assert out.getvalue() == "nor is standard output, which is laid out by its command\n"


def test_commands_fit(run: Run, recording: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Output fits a narrow terminal, except for addresses; other formats than the usual one are not fitted."""
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.chdir(Path(recording).parent)
    recording = Path(recording).name
    monkeypatch.setattr("rates.cli.terminal.PROGRESS_AFTER_S", 1000.0)  # the bar is of another test
    out, err = screen(monkeypatch)
    for line in (
        f"doctor ecb tcmb --replay {recording}",
        "--offline USD EUR",
        "providers",
        "providers ecb tcmb",
        f"USD --from ecb,tcmb --replay {recording} --consensus",
        f"consensus EUR/USD --from ecb,erapi,vatcomply,tcmb --replay {recording}",
        "currencies --ended",
        "currencies hrk usd",
        "convert 100 DEM USD FRF --offline",
    ):
        run(*line.split())
    lines = (out.getvalue() + err.getvalue()).splitlines()
    assert len(lines) > 100
    assert [line for line in lines if len(line) > 60 and "://" not in line] == []
    out.truncate(0)
    run("--offline", "USD", "EUR", "--format", "github")
    assert max(map(len, out.getvalue().splitlines())) > 60


def test_a_list_has_a_line_a_row(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """On 80 columns each publisher is one line; names are cut and the least important columns are left out."""
    from rates import providers

    out, _ = screen(monkeypatch)
    monkeypatch.setenv("COLUMNS", "80")
    run("providers")
    listed, _, legend = out.getvalue().partition("\n\n")
    heading, _, *lines = listed.splitlines()
    assert heading.split() == ["key", "publisher", "quotes", "wants", "a", "key"]
    assert [line.split()[0] for line in lines] == list(providers.keys())
    assert any("…" in line for line in lines)
    assert max(map(len, [*lines, *legend.splitlines()])) <= 80


def test_a_stream_without_a_descriptor() -> None:
    """A stream without a file descriptor is left unchanged."""
    terminal.discard(io.StringIO())
