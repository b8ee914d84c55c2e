"""`rates config`: the settings in force; and config/rates.toml, which is what `--explain` prints."""

from __future__ import annotations

import json
import tomllib
from datetime import date
from pathlib import Path

import pytest

from rates.cli.config import entry, settings_file
from rates.settings import SETTINGS, Settings
from rates.settings.sources import from_file
from tests.cli.conftest import Ran, Run

SHIPPED = Path(__file__).resolve().parent.parent.parent / "config" / "rates.toml"


def test_the_shipped_file_is_printed(run: Run) -> None:
    """config/rates.toml is the text of `rates config --explain`: after a change, write it with that command."""
    assert run("config", "--explain").out == settings_file() == SHIPPED.read_text(encoding="utf-8")


def test_the_shipped_file_is_the_default() -> None:
    """config/rates.toml sets every setting to its default: the file is the documentation."""
    odd = Settings(timeout=1.0, symbols=(), mode="process", seed=7, on=date(2026, 10, 30))
    assert from_file(SHIPPED, Settings()) == Settings()
    assert from_file(SHIPPED, odd) == Settings()


def test_the_shipped_file_has_every_setting() -> None:
    """Every setting is in the file, in the order of the class, each under its own comment."""
    lines = SHIPPED.read_text(encoding="utf-8").splitlines()
    places = {line.split("=")[0].strip(): place for place, line in enumerate(lines) if "=" in line and line[0] != "#"}
    assert tuple(places) == tuple(SETTINGS)
    for name, place in places.items():
        assert lines[place - 1].startswith("# "), name


@pytest.mark.parametrize(
    ("name", "default"),
    [("replay", 'a "b" \\ é'), ("seed", None), ("bases", ("SEK",)), ("pegs", True), ("fail", 0.25), ("workers", 3)],
)
def test_a_default_of_any_type_is_written(name: str, default: object) -> None:
    """A default is read back from the file as it was: text with quotes, no value, a list, a number."""
    line = entry(SETTINGS[name]._replace(default=default)).splitlines()[-1]
    assert SETTINGS[name].parse(tomllib.loads(line)[name]) == default


def test_config_is_read_back(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What `rates config --explain` prints is a settings file that changes nothing."""
    file = tmp_path / "rates.toml"
    file.write_text(run("config", "--explain").out, encoding="utf-8")
    assert "keys" in tomllib.loads(file.read_text(encoding="utf-8"))
    before = run("--offline").out
    monkeypatch.setenv("RATES_CONFIG", str(file))
    monkeypatch.setenv("RATES_TODAY", "2026-11-23")
    assert run("--offline").out == before
    assert run("config", "--path").out == f"{file}\n"


def test_config_path(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without a name the file is looked for in the XDG folder."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert run("config", "--path").out == f"{tmp_path}/rates/rates.toml\n"


def test_takes_no_arguments(run: Run) -> None:
    """A word after the command is wrong usage."""
    ran = run("config", "more")
    assert ran.status == 2
    assert not ran.out
    assert "unexpected extra argument" in ran.err


def lines_of(ran: Ran) -> dict[str, tuple[str, str]]:
    """The value and the origin of each setting in force."""
    assert ran.status == 0
    return {row["setting"]: (row["value"], row["from"]) for row in json.loads(ran.out)}


def test_the_settings_in_force(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each setting is there with its value, and with the default, file, variable or flag that it comes from."""
    file = tmp_path / "rates.toml"
    file.write_text('timeout = 3\nbases = ["SEK"]\nretries = 1\n[keys]\ntcmb = "hush-hush"\n', encoding="utf-8")
    monkeypatch.setenv("RATES_CONFIG", str(file))
    monkeypatch.setenv("RATES_RETRIES", "4")
    ran = run("config", "--deadline", "7s", "--symbols", "EUR", "--format", "json")
    lines = lines_of(ran)
    assert list(lines) == [*SETTINGS, "keys.tcmb"]
    assert lines["timeout"] == ("3", f"{file}, line 1")
    assert lines["bases"] == ("SEK", f"{file}, line 2")
    assert lines["retries"] == ("4", "environment variable RATES_RETRIES")
    assert lines["today"] == ("2026-11-23", "environment variable RATES_TODAY")
    assert lines["deadline"] == ("7", "flag --deadline")
    assert lines["symbols"] == ("EUR", "flag --symbols")
    assert lines["strict"] == ("true", "flag --symbols")
    assert lines["backoff"] == ("0.3", "default")
    assert lines["keys.tcmb"] == ("(set)", f"{file}, line 5")
    assert "hush" not in ran.out


def test_another_file(run: Run, tmp_path: Path) -> None:
    """The file that --config names is read, and is the one that --path prints."""
    file = tmp_path / "other.toml"
    file.write_text("seed = 7\n", encoding="utf-8")
    assert run("config", "--path", "--config", str(file)).out == f"{file}\n"
    assert lines_of(run("config", "--config", str(file), "--format", "json"))["seed"] == ("7", f"{file}, line 1")


def test_keys_of_the_environment(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key in the environment of a provider in the chain is named by its variable, and not printed."""
    monkeypatch.setenv("TCMB_API_KEY", "hush-hush")
    ran = run("config", "--provider", "tcmb", "--format", "json")
    assert lines_of(ran)["keys.tcmb"] == ("(set)", "environment variable TCMB_API_KEY")
    assert "hush" not in ran.out


def test_the_store_is_shown_without_its_password(run: Run) -> None:
    """The store's place is a path, or a server's address in which a password is left out."""
    assert "rates/rates.db" in run("config", "--format", "csv").out
    out = run("config", "--format", "csv", "--store", "postgresql://me:secret@host/name?password=secret").out
    assert "postgresql://me@host/name?password=…" in out
    assert "secret" not in out
