"""Screens as a user sees them: on pseudo-terminals of two sizes, compared line by line with files of `screens`.

`python -m pytest tests/cli/test_screens.py --basetemp DIR` leaves what was seen under DIR; a screen that is to change
is copied from there.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from rates.cli import COMMANDS
from tests.cli.screen import on_screen

SCREENS = Path(__file__).with_name("screens")
README = Path(__file__).resolve().parents[2] / "README.md"
GROUP = "bbk,ecb,erapi,frankfurter,hnb,lb,nbp,vatcomply"
SIZES = ((80, 24), (100, 40))
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")

# Each name is a file of `screens` for each size; TAPE is the folder of a recording.
LINES = {
    "matrix": "--offline",
    "table": "USD --offline --symbols EUR,ISK,AED --pegs",
    "wide": "USD EUR GBP CHF SEK NOK DKK PLN --offline --symbols USD,EUR,GBP,CHF,SEK,NOK,DKK,PLN",
    "group": f"USD --from {GROUP} --replay TAPE --symbols EUR,GBP,JPY",
    "group-consensus": f"USD --from {GROUP} --replay TAPE --symbols EUR,JPY --consensus",
    "consensus": f"consensus EUR/USD --from {GROUP} --replay TAPE",
    "no-network": "USD",
    "no-network-no-store": "USD --no-store",
    "no-network-doctor": "doctor ecb erapi",
    "doctor": "doctor ecb lb nbp tcmb vatcomply --replay TAPE",
    "providers": "providers --region oceania",
    "provider": "providers hnb",
    "history": "history EUR/USD --offline --since 2026-10-12 --no-pager",
    "history-pairs": "history EUR/USD,GBP,JPY --offline --since 2025 --every quarter --stat mean",
    "convert": "100 DEM USD --offline",
    "convert-day": "convert 1,234.50 USD EUR JPY IDR --on 2020-03-01 --when next",
}


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of its own size, without colours, and with the tries of a single one."""
    for name in ("COLUMNS", "LINES", "FORCE_COLOR", "CLICOLOR_FORCE", "CLICOLOR", "PAGER", "LESS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("RATES_RETRIES", "0")
    monkeypatch.setattr("rates.cli.terminal.PROGRESS_AFTER_S", 1000.0)  # no bar where the machine is slow


@pytest.mark.parametrize(("columns", "rows"), SIZES, ids=["80x24", "100x40"])
@pytest.mark.parametrize("name", LINES)
def test_screen(name: str, columns: int, rows: int, tape: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A screen shows what its file shows, and no line is wider than the terminal, but for addresses."""
    if "TAPE" not in LINES[name]:
        monkeypatch.setenv("RATES_TODAY", "2026-11-23")
    seen = on_screen(*shlex.split(LINES[name].replace("TAPE", tape)), columns=columns, rows=rows)
    file = f"{name}-{columns}x{rows}.txt"
    text = f"$ rates {LINES[name]}\n" + "\n".join(seen.lines).replace(tape, "TAPE") + f"\n[status {seen.status}]\n"
    (tmp_path / file).write_text(text, encoding="utf-8")
    assert text == (SCREENS / file).read_text(encoding="utf-8"), f"seen: {tmp_path / file}"
    assert [line for line in seen.lines if len(line) > columns and "://" not in line] == []


def test_no_file_is_left_over() -> None:
    """Each file of `screens` belongs to a command line."""
    names = {f"{name}-{columns}x{rows}.txt" for name in LINES for columns, rows in SIZES}
    assert {path.name for path in SCREENS.iterdir()} == names


def _readme() -> list[tuple[str, list[str]]]:
    """The command lines of the README with what they print."""
    blocks = re.findall(r"^```console\n\$ rates (.*?)\n(.*?)\n```$", README.read_text(encoding="utf-8"), re.M | re.S)
    return [(line, text.split("\n")) for line, text in blocks]


@pytest.mark.parametrize(("line", "shown"), _readme(), ids=[line for line, _ in _readme()])
def test_screens_of_the_readme(line: str, shown: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of 80 columns shows what the README does."""
    monkeypatch.setenv("RATES_TODAY", "2026-11-23")
    assert on_screen(*shlex.split(line)) == (0, shown)


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_fits_the_terminal(command: str) -> None:
    """A help page has no line wider than the terminal, of 80 columns or of 60."""
    for columns in (80, 60):
        seen = on_screen(*command.split(), "--help", columns=columns)
        assert seen.status == 0
        wide = [line for line in seen.lines if len(line) > columns]
        assert wide == [] or (columns == 60 and all(line.startswith("  ") for line in wide))  # examples stay whole


@pytest.mark.parametrize("name", ["matrix", "group-consensus", "consensus", "doctor", "no-network", "provider"])
def test_colour_changes_no_letter(name: str, tape: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In colour a screen has the same lines."""
    args = shlex.split(LINES[name].replace("TAPE", tape))
    plain = on_screen(*args)
    monkeypatch.delenv("NO_COLOR")
    colored = on_screen(*args)
    assert [ESCAPE.sub("", line) for line in colored.lines] == plain.lines
    assert ("\x1b[" in "".join(colored.lines)) is (name != "provider")


def test_weights(tape: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A caption is dim, a heading bold, a warning yellow."""
    monkeypatch.delenv("NO_COLOR")
    lines = on_screen("EUR/USD", "--offline").lines
    assert lines[0].startswith("\x1b[2m1 EUR · ecb")
    assert lines[3].startswith("\x1b[1msymbol")
    assert lines[4].startswith("\x1b[2m-----")
    assert lines[5].startswith("USD")
    assert on_screen("USD", "--no-store").lines[0].startswith("\x1b[33mno network: ")


def test_a_long_list_is_paged(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A list that is longer than the screen goes through $PAGER; a shorter one, --no-pager and PAGER=cat print it."""
    kept = tmp_path / "kept"
    pager = tmp_path / "pager"
    pager.write_text(f'#!/bin/sh\necho "LESS=$LESS"\ncat > {kept}\n', encoding="utf-8")
    pager.chmod(0o755)
    at_once = on_screen("providers", "--no-pager")
    assert len(at_once.lines) > 100
    monkeypatch.setenv("PAGER", f"sh {pager}")
    assert on_screen("providers", "--region", "oceania").status == 0
    assert not kept.exists()
    for env, line in (("cat", "providers"), (f"sh {pager}", "providers --no-pager"), ("no-such-pager", "providers")):
        monkeypatch.setenv("PAGER", env)
        assert on_screen(*line.split()) == at_once


def test_the_pager_gets_all(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """The pager gets every line, and LESS unless the user has set it; one that is left early is no failure."""
    kept = tmp_path / "kept"
    monkeypatch.setenv("PAGER", f"sh -c 'echo LESS=$LESS; cat > {kept}'")
    for command in ("providers", "currencies"):
        assert on_screen(command).status == 0
        assert kept.read_text(encoding="utf-8").splitlines() == on_screen(command, "--no-pager").lines
        assert capfd.readouterr().out == "LESS=FRX\n"
    monkeypatch.setenv("LESS", "-i")
    monkeypatch.setenv("PAGER", "sh -c 'echo LESS=$LESS; exit 3'")
    assert on_screen("providers").status == 0
    assert capfd.readouterr().out == "LESS=-i\n"
