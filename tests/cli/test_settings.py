"""Settings on the command line: file, variables, flags, and the messages about wrong ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """The path of a settings file, not yet written."""
    return tmp_path / "rates.toml"


def test_flag_over_variable_over_file(run: Run, config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A flag overrides a variable, which overrides the file, which overrides the default."""
    config.write_text('bases = ["SEK"]\nsymbols = ["EUR"]\noffline = true\nformat = "csv"\n')
    assert "SEK,EUR,0.09109" in run("--config", str(config)).out
    monkeypatch.setenv("RATES_CONFIG", str(config))
    monkeypatch.setenv("RATES_SYMBOLS", "USD")
    assert "SEK,USD,0.101767" in run().out
    assert "SEK,GBP,0.0759" in run("--symbols", "GBP").out


def test_xdg_folder(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file in the XDG configuration folder is read."""
    (tmp_path / "rates").mkdir()
    (tmp_path / "rates" / "rates.toml").write_text('bases = ["NOK"]')
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert run("--offline").out.startswith("1 NOK · ")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# none\ntiemout = 3", "line 2: unknown setting 'tiemout'; did you mean timeout?"),
        ('timeout = "abc"', "line 1: timeout = 'abc': must be from 0 to a day"),
        ("workers = true", "line 1: workers = True: must be a whole number"),
        ('mode = "thred"', "line 1: mode = 'thred': did you mean thread?"),
        ('bases = ["USDD"]', "line 1: bases = ['USDD']: unknown currency 'USDD'; did you mean USD"),
        ('\nprovider = ["ecb", "nbpp"]', "line 2: unknown provider 'nbpp'; did you mean nbp?"),
        (
            '[keys]\ntcmb = "k"\nopenexchangerate = "k"',
            "line 3: unknown provider 'openexchangerate'; did you mean open",
        ),
        ('[key]\ntcmb = "k"', "line 1: unknown table [key]; did you mean keys?"),
        ("[keys]\ntcmb = 5", "line 2: the key of tcmb must be text in quotes"),
        ("timeout = \n", "is not valid TOML: Invalid value (at line 1"),
        ("\udcff\udcfe", "cannot be read: 'utf-8' codec"),
    ],
)
def test_wrong_file(run: Run, config: Path, text: str, message: str) -> None:
    """The message about a wrong name or value has file, line and valid form; the status is 2."""
    config.write_bytes(text.encode(errors="surrogateescape"))
    for command in ((), ("convert", "5", "USD", "EUR"), ("providers",), ("compare",)):
        ran = run(*command, "--config", str(config))
        assert ran.status == 2
        assert not ran.out
        assert str(config) in ran.err
        assert message in ran.err


def test_file_that_cannot_be_read(run: Run, tmp_path: Path) -> None:
    """A missing file, and a folder in its place, are errors."""
    assert "no config file" in run("--config", str(tmp_path / "none")).err
    ran = run("--config", str(tmp_path))
    assert ran.status == 2
    assert ran.err == f"rates: config file {tmp_path} cannot be read: Is a directory\n"


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("RATES_TIMEOUT", "x", "environment variable RATES_TIMEOUT: timeout = 'x': must be"),
        (
            "RATES_PROVIDER",
            "nbpp",
            "unknown provider 'nbpp'; did you mean nbp?",
        ),
        ("RATES_OFFLINE", "maybe", "must be true or false"),
        ("RATES_TODAY", "today", "must be a day like"),
    ],
)
def test_wrong_variable(run: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str, message: str) -> None:
    """A wrong variable is named."""
    monkeypatch.setenv(name, value)
    ran = run("--offline")
    assert ran.status == 2
    assert message in ran.err


def test_mistyped_variable(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that is no setting stops nothing; one that looks like a slip is mentioned in a line."""
    monkeypatch.setenv("RATES_SERVICE_HOST", "10.0.0.1")
    monkeypatch.setenv("RATES_TIEMOUT", "3")
    ran = run("--offline")
    assert ran.status == 0
    assert ran.err.count("environment variable") == 1
    assert "rates: the environment variable RATES_TIEMOUT is ignored; did you mean RATES_TIMEOUT?\n" in ran.err


def test_provider_of_a_flag_needs_no_place(run: Run, config: Path) -> None:
    """The message about a wrong provider in a flag names no file; a right one overrides the file's wrong one."""
    config.write_text('provider = ["nbpp"]')
    assert run("--config", str(config), "--provider", "ebc").err == (
        "rates: unknown provider 'ebc'; did you mean ecb?\n"
    )
    assert run("--config", str(config), "--provider", "ecb", "--offline", "USD").status == 0


def test_latency_in_the_file_is_for_offline(run: Run, config: Path) -> None:
    """A latency in the file does not stop a live run."""
    config.write_text('latency = "1ms"\nretries = 0\n')
    ran = run("--config", str(config), "USD", "--provider", "ecb")
    assert ran.status == 3
    assert "HostNotFound" in ran.err


def test_keys_are_never_shown(run: Run, config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No output of any command shows a key, in whatever place it was set."""
    config.write_text('[keys]\ntcmb = "s3cr3t-tcmb"\n')
    monkeypatch.setenv("OPENEXCHANGERATES_APP_ID", "s3cr3t\nün")
    monkeypatch.setenv("RATES_CONFIG", str(config))
    for args in (
        ("USD", "--provider", "tcmb,openexchangerates", "--retries", "0"),
        ("USD", "--provider", "tcmb,openexchangerates", "--offline", "--format", "json"),
        ("providers", "tcmb", "openexchangerates"),
        ("providers", "--format", "json"),
        ("config",),
        ("convert", "1", "USD", "EUR", "--provider", "openexchangerates", "--retries", "0"),
    ):
        ran = run(*args)
        assert "s3cr3t" not in ran.out + ran.err


def test_no_colour_where_none_is_wanted(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The output has no escape sequences, with NO_COLOR or without."""
    for value in ("1", ""):
        monkeypatch.setenv("NO_COLOR", value)
        ran = run("--offline", "USD", "BTN")
        assert "\x1b" not in ran.out + ran.err
