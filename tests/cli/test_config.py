"""`rates config`, and config/rates.toml, which is what it prints."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from rates.cli.config import entry, settings_file
from rates.settings import SETTINGS, Settings
from rates.settings.sources import from_file
from tests.cli.conftest import Run

SHIPPED = Path(__file__).resolve().parent.parent.parent / "config" / "rates.toml"


def test_the_shipped_file_is_printed(run: Run) -> None:
    """config/rates.toml is the text of `rates config`: after a change, write it with that command."""
    assert run("config").out == settings_file() == SHIPPED.read_text(encoding="utf-8")


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
    """What `rates config` prints is a settings file that changes nothing."""
    file = tmp_path / "rates.toml"
    file.write_text(run("config").out, encoding="utf-8")
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
