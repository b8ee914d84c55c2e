from __future__ import annotations

import pytest

from rates.cli import COMMANDS, main
from rates.settings import FORMATS, MACHINE_FORMATS, MODES, PRICE_FORMATS

OF_LISTS = [word for word in FORMATS if word not in PRICE_FORMATS]


def completed(line: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The completions in bash after that line; a file or folder has its kind before it."""
    words = line.split(" ")
    monkeypatch.setenv("_RATES_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", line)
    monkeypatch.setenv("COMP_CWORD", str(len(words) - 1))
    assert main([]) == 0
    return [offer.removeprefix("plain,") for offer in capsys.readouterr().out.split("\n") if offer]


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("rates us", ["USD", "USN"]),
        ("rates USD eu", ["EUR"]),
        ("rates show us", ["USD", "USN"]),
        ("rates USD,eu", ["USD,EUR"]),
        ("rates convert 100 USD eu", ["EUR"]),
        ("rates currencies hr", ["HRD", "HRK"]),
        ("rates providers fra", ["frankfurter"]),
        (
            "rates --provider ec",
            ["ecb", *(f"ecb_average{more}" for more in ("", "_half_yearly", "_quarterly", "_yearly"))],
        ),
        ("rates providers --currency tr", ["TRL", "TRY"]),
        ("rates providers --region mi", ["Micronesia", "Middle Africa"]),
        ("rates providers --country by", ["BY"]),
        ("rates providers --key n", ["none", "needed"]),
        ("rates --provider ecb,fra", ["ecb,frankfurter"]),
        ("rates --symbols EUR,us", ["EUR,USD", "EUR,USN"]),
        ("rates --symbols al", ["all", "ALK", "ALL"]),
        ("rates --mode ", list(MODES)),
        ("rates --format ", list(FORMATS)),
        ("rates history --format ", list(FORMATS)),
        *((f"rates {command} --format ", OF_LISTS) for command in ("convert", "sync", "store info", "doctor", "rules")),
        ("rates store export --format ", list(MACHINE_FORMATS)),
        ("rates --start-method f", ["fork", "forkserver"]),
        ("rates --layout m", ["matrix"]),
        ("rates --pro", ["--provider"]),
        ("rates USD --conf", ["--config"]),
        ("rates compare --mode", ["--modes"]),
        ("rates compare --modes thread,pro", ["thread,process"]),
        ("rates --replay ta", ["dir,ta"]),
        ("rates --record ta", ["dir,ta"]),
        ("rates --config ra", ["file,ra"]),
        ("rates consensus chf", ["CHF/USD", "CHF/EUR", "CHF/GBP", "CHF/JPY"]),
        ("rates history EUR/us", ["EUR/USD", "EUR/USN"]),
        ("rates history EUR/USD --every q", ["quarter"]),
        ("rates history EUR/USD --stat m", ["mean", "min", "max"]),
        ("rates history EUR/USD --since to", ["today"]),
        ("rates convert 1 USD EUR --rule eu-", ["eu-oss", "eu-ioss", "eu-customs"]),
        ("rates rules ch", ["ch-vat-daily", "ch-vat-monthly"]),
        ("rates consensus EUR/us", ["EUR/USD", "EUR/USN"]),
    ],
)
def test_offers(
    line: str, offered: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Bases, symbols, publishers, options and their values are completed, in lists after the last comma."""
    assert completed(line, monkeypatch, capsys) == offered


def test_first_word(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The first word may be a command or a base, or an option of `show`."""
    assert {"convert", "compare", "config", "currencies", "CHF"} <= set(completed("rates c", monkeypatch, capsys))
    assert set(COMMANDS) <= set(completed("rates ", monkeypatch, capsys))
    assert {"--offline", "--help", "--version"} <= set(completed("rates -", monkeypatch, capsys))


@pytest.mark.parametrize("place", ["", "x"])
def test_by_hand(place: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Missing or wrong variables of the shell are wrong usage."""
    monkeypatch.setenv("_RATES_COMPLETE", "bash_complete")
    for name, value in (("COMP_WORDS", "rates --fo"), ("COMP_CWORD", place)):
        monkeypatch.setenv(name, value)
    if not place:
        monkeypatch.delenv("COMP_WORDS")
    assert main([]) == 2
    assert "_RATES_COMPLETE is for the shell" in capsys.readouterr().err


def test_source(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The script for a shell is printed."""
    monkeypatch.setenv("_RATES_COMPLETE", "zsh_source")
    assert main([]) == 0
    assert capsys.readouterr().out.startswith("#compdef rates")
