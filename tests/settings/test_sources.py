from __future__ import annotations

import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from rates.errors import SettingsError, UsageError
from rates.settings import Settings, config_path, load, resolve
from rates.settings.sources import from_environ, from_file
from tests.settings.toml_file import written

BUILT_IN = Settings()
TOO_HUGE = "9" * 5000  # more than Python reads as an int


# --- the file ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "line", "message"),
    [
        ("\ntimeot = 5\n", 2, "unknown setting 'timeot'; did you mean timeout?"),
        ('mode = "thread"\n"timeot" = 5\n', 2, "did you mean timeout?"),
        ("mode = 'thread'\n'time#=ot' = 5\n", 2, "unknown setting 'time#=ot'"),
        ("  timeot=5", 1, "did you mean timeout?"),
        ("bases = [\n  'USD', # timeot = 5\n]\n\ntimeot = 5\n", 5, "did you mean timeout?"),
        ('bases = [\n"timeout",\n]\n', 1, "unknown currency 'timeout'"),
        ("zzz = 5\n", 1, "known are bases, symbols"),
        ("\nkeys.tcmb = 5\n", 2, "the key of tcmb must be text"),
        ('[keys]\nopenexchangerates = "x"\ntcmb = 5\n', 3, "the key of tcmb must be text"),
        ("\n[keys.tcmb]\na = 5\n", 2, "the key of tcmb must be text"),
        ('\nkeys = { ecb = "x", tcmb = 5 }\n', 2, "the key of tcmb must be text"),
        ('\nkeys = "x"\n', 2, "[keys] is a table"),
        ('\n[[ keys ]]\na = "x"\n', 2, "[keys] is a table"),
        ("\n[key]\na = 1\n", 2, "unknown table [key]; did you mean keys?"),
        ("\ntimeout.connect = 5\n", 2, "unknown table [timeout]"),
        ('\n[ "rates" . a ]\ntimeout = 5\n', 2, "unknown table [rates]"),
        ("run = 'x'\n", 1, "unknown setting 'run'"),
    ],
)
def test_a_wrong_key_names_its_line(tmp_path: Path, body: str, line: int, message: str) -> None:
    """The message names the line of a wrong name, in every TOML notation, and suggests the nearest right name."""
    path = written(tmp_path, body)
    with pytest.raises(SettingsError) as caught:
        from_file(path, BUILT_IN)
    assert f"{path}, line {line}: " in str(caught.value)
    assert message in str(caught.value)


def test_no_key_in_a_message(tmp_path: Path) -> None:
    """No message about the keys, and no repr of the settings, shows a key."""
    for body in ("[keys]\ntcmb = ['hush']\n", "keys = ['hush']\n", "[keys]\ntcmb = 'hush\n", "[keys.a]\nb = 'hush'\n"):
        with pytest.raises(SettingsError) as caught:
            from_file(written(tmp_path, body), BUILT_IN)
        assert "hush" not in str(caught.value)
    assert "hush" not in repr(from_file(written(tmp_path, "[keys]\ntcmb = 'hush'\n"), BUILT_IN))


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"timeout = \n", "line 1"),
        (b"\xff\xfe\x00", "cannot be read"),
        (b"timeout = 5\ntimeout = 6\n", "line 2"),
        (f"workers = {TOO_HUGE}\n".encode(), "is not valid TOML"),
        (b"bases = " + b"[" * 50_000, "is not valid TOML"),
    ],
)
def test_a_file_that_is_no_toml(tmp_path: Path, body: bytes, message: str) -> None:
    """The message about a file that is not TOML, or not text, names the file, and the line if the parser knows it."""
    path = written(tmp_path, body)
    with pytest.raises(SettingsError) as caught:
        from_file(path, BUILT_IN)
    assert str(path) in str(caught.value)
    assert message in str(caught.value)


def test_a_byte_order_mark_is_no_error(tmp_path: Path) -> None:
    """A byte order mark, which some editors write, is accepted."""
    assert from_file(written(tmp_path, b"\xef\xbb\xbftimeout = 5\r\n"), BUILT_IN).timeout == 5


def test_a_named_file_must_be_there(tmp_path: Path) -> None:
    """A missing file is an error if RATES_CONFIG or --config names it, and none if it is the user's usual one."""
    missing = str(tmp_path / "missing.toml")
    for call in ({"environ": {"RATES_CONFIG": missing}}, {"environ": {}, "config": missing}):
        with pytest.raises(SettingsError, match=r"no config file .*missing\.toml.*RATES_CONFIG"):
            load(**call)
    assert load({"XDG_CONFIG_HOME": str(tmp_path)}) == BUILT_IN


def test_a_folder_that_is_a_file_holds_no_settings(tmp_path: Path) -> None:
    """XDG_CONFIG_HOME=/dev/null means no configuration; a relative path is ignored."""
    usual = "/home/me/.config/rates/rates.toml"
    assert config_path({"XDG_CONFIG_HOME": "here", "HOME": "/home/me"}) == (usual, False)
    assert load({"XDG_CONFIG_HOME": os.devnull}) == BUILT_IN
    with pytest.raises(SettingsError, match="no config file"):
        load({"RATES_CONFIG": str(written(tmp_path, "") / "rates.toml")})


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    """The message about a folder in place of the file names the reason."""
    with pytest.raises(SettingsError, match=r"cannot be read: Is a directory"):
        load({"RATES_CONFIG": str(tmp_path)})


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read every file")
def test_a_file_without_permission(tmp_path: Path) -> None:
    """A file without read permission is an error; it is not ignored."""
    path = written(tmp_path, "timeout = 5\n")
    path.chmod(0)
    with pytest.raises(SettingsError, match="cannot be read: Permission denied"):
        from_file(path, BUILT_IN, must_exist=False)


def test_a_day_of_toml(tmp_path: Path) -> None:
    """TOML's own dates need no quotes."""
    assert from_file(written(tmp_path, "on = 2026-10-30\n"), BUILT_IN).on == date(2026, 10, 30)


@pytest.mark.parametrize(
    ("body", "variables"),
    [
        ('on = "yesterday"\ntoday = 2026-05-31\n', {}),
        ('on = "yesterday"\n', {"RATES_TODAY": "2026-05-31"}),
        ('on = "yesterday"\ntoday = 2020-01-01\n', {"RATES_TODAY": "2026-05-31"}),
        ("today = 2026-05-31\n", {"RATES_ON": "-1d"}),
        ("", {"RATES_ON": "-1d", "RATES_TODAY": "2026-05-31"}),
    ],
)
def test_a_day_is_counted_from_today(tmp_path: Path, body: str, variables: dict[str, str]) -> None:
    """A day like yesterday is counted from the day that counts as today in the end, in whatever order they are set."""
    path = written(tmp_path, body)
    assert load({**variables, "RATES_CONFIG": str(path)}).on == date(2026, 5, 30)
    assert Settings(on="yesterday", today="2026-05-31").on == date(2026, 5, 30)
    assert Settings(today="2026-05-31").with_values(on="-2w").on == date(2026, 5, 17)


# --- the order --------------------------------------------------------------------------------------------------------


def test_built_in_then_file_then_environment(tmp_path: Path) -> None:
    """The environment overrides the file, and the file the defaults, each only for what it sets."""
    folder = tmp_path / "rates"
    folder.mkdir()
    written(folder, 'timeout = "5s"\nworkers = 3\n[keys]\ntcmb = "k"\n')
    found = load({"XDG_CONFIG_HOME": str(tmp_path), "RATES_WORKERS": "4", "RATES_SYMBOLS": "all", "PATH": "x"})
    assert found == replace(BUILT_IN, timeout=5.0, workers=4, symbols=(), keys=(("tcmb", "k"),))
    assert load({"HOME": str(tmp_path)}) == BUILT_IN


def test_the_home_of_the_given_environment(tmp_path: Path) -> None:
    """Without XDG_CONFIG_HOME the file is in .config of the home folder that the environment names."""
    folder = tmp_path / ".config" / "rates"
    folder.mkdir(parents=True)
    written(folder, "workers = 3\n")
    assert load({"HOME": str(tmp_path)}).workers == 3


def test_config_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The named file, with ~ for the home folder, else the user's; a flag overrides the variable."""
    monkeypatch.setenv("HOME", str(tmp_path))
    assert config_path({"RATES_CONFIG": "~/a.toml"}) == (str(tmp_path / "a.toml"), True)
    assert config_path({"RATES_CONFIG": "", "XDG_CONFIG_HOME": "/x"}) == ("/x/rates/rates.toml", False)
    path = written(tmp_path, "workers = 3\n")
    assert load({"RATES_CONFIG": "/missing"}, config=str(path)).workers == 3


def test_the_processs_own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an environment the process's own is read, with each change of it."""
    assert load() == BUILT_IN
    monkeypatch.setenv("RATES_OFFLINE", "1")
    assert load().offline
    monkeypatch.setenv("RATES_OFFLINE", "0")
    assert not load().offline


@pytest.mark.parametrize(
    "variable",
    ["RATES_SERVICE_HOST", "RATES_SERVICE_PORT", "RATES_PORT", "RATES_PORT_80_TCP", "RATES_PORT_80_TCP_PROTO",
     "RATES_PORT_80_TCP_ADDR", "RATES_SERVICE_PORT_HTTP", "RATES_KEYS", "RATES_RUN_DIR", "RATES_URL", "RATES_"],
)  # fmt: skip
def test_variables_that_are_no_settings_are_ignored(variable: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What an orchestrator sets for a service called `rates` changes nothing and prints nothing."""
    assert from_environ({variable: "tcp://10.0.0.1:80"}, BUILT_IN) == BUILT_IN
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("variable", "meant"),
    [("RATES_TIMEOT", "RATES_TIMEOUT"), ("RATES_PROVIDERS", "RATES_PROVIDER"), ("RATES_OFLINE", "RATES_OFFLINE"),
     ("RATES_BASE", "RATES_BASES"), ("RATES_MODES", "RATES_MODE")],
)  # fmt: skip
def test_a_near_miss_is_mentioned_once(variable: str, meant: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A variable that looks like a mistyped one is ignored with a line on stderr, which does not have its value."""
    for _ in range(2):
        assert from_environ({variable: "hush"}, BUILT_IN) == BUILT_IN
    line = f"rates: the environment variable {variable} is ignored; did you mean {meant}?\n"
    assert capsys.readouterr().err == line


def test_offline_holds_for_settings_that_do_not_mention_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """RATES_OFFLINE=1 holds for `Settings()`, and gives way only where `offline` is given."""
    monkeypatch.setenv("RATES_OFFLINE", "1")
    assert Settings().offline
    assert Settings(provider="ecb").with_values(on="2020-03-02").offline
    assert resolve(Settings(provider="ecb"), {}).offline
    assert resolve(None, {"provider": "ecb"}).offline
    assert not Settings(offline=False).offline
    assert not resolve(None, {"offline": False}).offline
    assert not load({}).offline  # of another environment
    monkeypatch.setenv("RATES_OFFLINE", "perhaps")
    with pytest.raises(SettingsError, match="environment variable RATES_OFFLINE: offline = 'perhaps': must be true"):
        Settings()


def test_keywords_stand_above_the_settings_of_a_call() -> None:
    """Keywords change the settings that are handed over, or those of the environment; other types are named."""
    assert resolve(Settings(timeout=3), {"provider": "nbp"}) == Settings(timeout=3, provider="nbp")
    assert resolve(None, {"timeout": "5s"}).timeout == 5.0
    with pytest.raises(UsageError, match=r"settings must be a Settings, not 'ecb'; .* as keywords"):
        resolve("ecb", {})  # type: ignore[arg-type]
    with pytest.raises(SettingsError, match=r"unknown setting 'provder'; did you mean provider\?"):
        resolve(None, {"provder": "ecb"})


def test_a_wrong_variable_is_named() -> None:
    """The message about a wrong value in the environment has the variable, the setting and the valid form."""
    with pytest.raises(SettingsError, match=r"environment variable RATES_DIGITS: digits = '3': .* from 4 to 28"):
        from_environ({"RATES_DIGITS": "3"}, BUILT_IN)


def test_variables_of_others_are_left_alone() -> None:
    """Variables without the prefix RATES_, and click's own, are ignored."""
    assert from_environ({"_RATES_COMPLETE": "x", "EXCHANGE_RATES_X": "y", "RATES_CONFIG": "z"}, BUILT_IN) == BUILT_IN
