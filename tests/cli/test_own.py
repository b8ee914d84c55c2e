"""Own rates on the command line: the flag, the chain, how figures are marked, and what is said of a wrong file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.fixture
def own(tmp_path: Path) -> str:
    """A file with a contract's rate."""
    file = tmp_path / "own.csv"
    file.write_text("base,symbol,rate,valid_from\nUSD,EUR,0.91,2026-01-01\n")
    return str(file)


def test_the_flag_puts_own_first(run: Run, own: str) -> None:
    """--own is enough to use the file; currencies that it lacks come from the providers after it."""
    ran = run("USD", "CHF", "--own", own, "--offline", "--symbols", "EUR")
    assert ran.status == 0
    assert ran.out.splitlines()[:2] == [
        "USD: own · your own rates · valid from 2026-01-01",
        "CHF: ecb · reference · Fri 2026-10-30 (24 days old)",
    ]
    assert "1 USD   0.91¤" in ran.out
    assert ran.err == ""
    assert "¤ from your own rates" in ran.out


def test_what_a_file_lacks_is_said(run: Run, own: str) -> None:
    """A table of own rates has no others beside them; a line says so, and what has both."""
    line = ("USD", "--own", own, "--offline")
    ran = run(*line)
    assert ran.status == 0
    assert "EUR        0.91¤\nGBP        –\nJPY        –" in ran.out
    assert ran.err == (
        "own has no USD/GBP, USD/JPY, USD/CHF; each rate of the first provider that has it: "
        "rates convert 1 USD GBP JPY CHF\n"
    )
    ran = run(*line, "--symbols", "EUR,GBP")
    assert ran.out.startswith("1 USD · ecb · reference · ")
    assert ran.err == "passed over: own: has no GBP for USD on 2026-01-01\n"
    assert run("USD", "--own", own, "--provider", "own").err == ""  # no other was to be asked


def test_a_day_of_a_period(run: Run, own: str) -> None:
    """The day asked for lies in the period, so that the rates are not of an earlier day."""
    ran = run("USD", "--own", own, "--on", "2026-03-07")
    assert ran.out.splitlines()[1] == "asked for 2026-03-07, a Saturday of that period"
    ran = run("USD", "--provider", "own", "--own", own, "--on", "2025-07-01")
    assert "has none for 2025-07-01; its first day is 2026-01-01\n" in ran.err
    Path(own).write_text("base,symbol,rate,valid_from,valid_to\nUSD,EUR,0.91,2026-01-01,2026-06-30\n")
    ran = run("USD", "--provider", "own", "--own", own, "--on", "2026-07-01")
    assert "has none for 2026-07-01; its first day is 2026-01-01, its last 2026-06-30" in " ".join(ran.err.split())


def test_the_settings_name_it(run: Run, own: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the environment or the settings file, the file is used where the chain has own."""
    monkeypatch.setenv("RATES_OWN", own)
    assert "own" not in run("USD", "--offline").out
    assert run("USD", "--provider", "own").out.startswith("1 USD · own · your own rates · valid from 2026-01-01\n")


def test_every_format_marks_it(run: Run, own: str) -> None:
    """Programs read how: own, and digits: null, since a contract's rate is exact."""
    made = json.loads(run("USD", "--own", own, "--symbols", "EUR", "--format", "json").out)
    assert (made[0]["provider"], made[0]["source"]) == ("own", "own")
    assert made[0]["figures"]["EUR"] == {
        "day": "2026-01-01", "how": "own", "digits": None, "valid_to": "9999-12-31"
    }  # fmt: skip
    line = run("USD", "--own", own, "--symbols", "EUR", "--format", "csv").out.splitlines()[1]
    assert line == "USD,EUR,0.91,2026-01-01,own,your own rates,own,,yes,own,,,9999-12-31"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("--provider", "own"), "the provider own needs a file of rates, and none is set; name it with --own FILE"),
        (("--own", "/nowhere/own.csv"), "no file of own rates /nowhere/own.csv; check --own, RATES_OWN"),
    ],
)
def test_a_missing_file(run: Run, args: tuple[str, ...], message: str) -> None:
    """A chain with own and without its file is wrong usage, in one line."""
    ran = run("USD", *args)
    assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert message in ran.err


def test_the_doctor_says_how_to_name_the_file(run: Run, own: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a file the settings want one, and nothing is to be reported."""
    [row] = json.loads(run("doctor", "own", "--format", "json").out)
    assert row["condition"] == "settings"
    assert "name it with --own FILE" in row["todo"]
    monkeypatch.setenv("RATES_OWN", own)
    assert run("doctor", "own").status == 0


def test_a_wrong_line(run: Run, own: str) -> None:
    """The message names the file, the line and what is wrong."""
    Path(own).write_text("base,symbol,rate,day\nUSD,EUR,O.91,2026-01-01\n")
    ran = run("USD", "--own", own)
    assert (ran.status, ran.err) == (2, f"rates: own rates {own}: line 2: not a number: 'O.91'\n")


def test_what_is_known_of_it(run: Run, own: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """`rates providers own` shows the form of the file, and what is in it if one is set."""
    assert "file      none is set" in run("providers", "own").out
    monkeypatch.setenv("RATES_OWN", own)
    shown = run("providers", "own").out
    assert f"file       {own}" in shown
    assert "rates      1, of USD/EUR" in shown
    assert "first day  2026-01-01" in shown
