from __future__ import annotations

import os
import pickle
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import tabulate

from rates.errors import SettingsError
from rates.parse_settings import PARSERS, TABLE_FORMATS
from rates.settings import NAMES, Settings, config_path, from_environ, from_file, load, parse

SHIPPED = Path(__file__).resolve().parent.parent / "config" / "rates.toml"
BUILT_IN = Settings()

HUGE = "9" * 400  # fits an int, not a float
TOO_HUGE = "9" * 5000  # more than Python reads as an int
NO_TIME = [
    "-1", '"-1s"', '"soon"', '"10 parsecs"', "true", "nan", "inf", "1e300", HUGE, f'"{HUGE}"', "[10]",
    "2026-10-30",
]  # fmt: skip
NO_WHOLE = ["-1", "1.0", '"many"', "true", "nan", HUGE, f'"{TOO_HUGE}"', f"0x{'F' * 5000}", "[1]"]
NO_WORD = ['"qqq"', "true", "5", "[]"]
NO_FLAG = ['"maybe"', "2", "0.5", "[true]", "2026-10-30"]
NO_FOLDER = ["true", "5", '["a"]', "2026-10-30", '"a\\u0000b"']
NO_DAY = [
    '"tomorrow"', '"2026-02-30"', '"30.10.2026"', "20261030", "true", "2026-10-30T12:00:00",
    "12:00:00", '"9999-12-31"', '"0001-01-01"',
]  # fmt: skip
NO_CODES = ['"QQQQ"', '["USD", "usb"]', '["USD", 5]', "[[]]", '[["USD"]]', "5", "true", '""', "2026-10-30"]

# Every setting, and the wrong values of it in TOML; each is refused by name.
WRONG = {
    "bases": [*NO_CODES, "[]"],
    "symbols": NO_CODES,
    "strict": NO_FLAG,
    "pegs": NO_FLAG,
    "provider": ["5", "true", "[]", '""', "[5]", "2026-10-30"],
    "on": NO_DAY,
    "today": NO_DAY,
    "mode": [*NO_WORD, '"threads"'],
    "workers": [*NO_WHOLE, "0", "513"],
    "via": NO_WORD,
    "start_method": NO_WORD,
    "scheduler": ['"host:8786"', '"tcp://host"', '"tcp://host:8786/x"', "true", "5", "[]"],
    "timeout": [*NO_TIME, "0", '"0ms"'],
    "deadline": [*NO_TIME, "0"],
    "retries": [*NO_WHOLE, "11"],
    "backoff": NO_TIME,
    "retry_after": NO_TIME,
    "max_bytes": ["-1", "0", '"big"', "nan", "inf", "true", f'"{HUGE}"', HUGE],
    "offline": NO_FLAG,
    "replay": NO_FOLDER,
    "record": NO_FOLDER,
    "latency": NO_TIME,
    "jitter": NO_TIME,
    "fail": ["-0.1", "1.1", '"101%"', "nan", '"half"', "true", HUGE],
    "seed": NO_WHOLE,
    "format": [*NO_WORD, '"jsno"'],
    "layout": NO_WORD,
    "digits": [*NO_WHOLE, "3", "29"],
}


def written(folder: Path, body: str | bytes) -> Path:
    """A config file with that body."""
    path = folder / "rates.toml"
    path.write_bytes(body if isinstance(body, bytes) else body.encode())
    return path


# --- the shipped file ------------------------------------------------------------------------------------------------


def test_the_shipped_file_is_the_built_in() -> None:
    """config/rates.toml sets every setting to its built-in value: the file is the documentation."""
    assert from_file(SHIPPED, BUILT_IN) == BUILT_IN
    odd = replace(BUILT_IN, timeout=1.0, symbols=(), mode="process", seed=7, on=date(2026, 10, 30))
    assert from_file(SHIPPED, odd) == BUILT_IN


def test_the_shipped_file_tells_of_every_setting() -> None:
    """Every setting is in the file, in the order of the class, each under a comment of its own."""
    lines = SHIPPED.read_text(encoding="utf-8").splitlines()
    places = {line.split("=")[0].strip(): place for place, line in enumerate(lines) if "=" in line and line[0] != "#"}
    assert tuple(places) == NAMES
    for name, place in places.items():
        assert lines[place - 1].startswith("# "), name


def test_every_setting_has_a_parser() -> None:
    """What can be set can be read, and the other way round; and this file tries wrong values of all."""
    assert set(PARSERS) == set(NAMES) == set(WRONG)


def test_formats_are_tabulates() -> None:
    """The formats listed without importing tabulate are those that it has."""
    assert sorted(TABLE_FORMATS) == sorted(tabulate.tabulate_formats)


# --- wrong values ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_a_wrong_value_names_file_line_and_setting(tmp_path: Path, name: str, value: str) -> None:
    """Whatever is wrong with a value, the message says in which line of which file, of what setting, and is short."""
    path = written(tmp_path, f"# a comment\n\n{name} = {value}\n")
    with pytest.raises(SettingsError) as caught:
        from_file(path, BUILT_IN)
    told = str(caught.value)
    assert f"{path}, line 3: {name} = " in told
    assert len(told) < len(str(path)) + 900


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("digits", "3", "must be a whole number from 4 to 28"),
        ("bases", '"usb"', "did you mean USD"),
        ("mode", '"tread"', "did you mean thread?"),
        ("format", '"jsno"', "did you mean json"),
        ("format", '"qqq"', "must be one of json"),
        ("timeout", "0", "more than zero"),
        ("timeout", "nan", "from 0 to a day"),
        ("on", "2026-10-30T12:00:00", "must be a day like 2026-10-30"),
        ("fail", "2", '"0%" to "100%"'),
    ],
)
def test_a_wrong_value_gets_what_is_right(tmp_path: Path, name: str, value: str, said: str) -> None:
    """The message says what the value must be like, or the nearest that is."""
    with pytest.raises(SettingsError) as caught:
        from_file(written(tmp_path, f"{name} = {value}\n"), BUILT_IN)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("body", "line", "said"),
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
def test_a_wrong_key_names_its_line(tmp_path: Path, body: str, line: int, said: str) -> None:
    """However a key is written, the line is its own, and the nearest right one is named."""
    path = written(tmp_path, body)
    with pytest.raises(SettingsError) as caught:
        from_file(path, BUILT_IN)
    assert f"{path}, line {line}: " in str(caught.value)
    assert said in str(caught.value)


def test_no_key_in_a_message(tmp_path: Path) -> None:
    """A message about the keys repeats none, nor does a repr of the settings."""
    for body in ("[keys]\ntcmb = ['hush']\n", "keys = ['hush']\n", "[keys]\ntcmb = 'hush\n", "[keys.a]\nb = 'hush'\n"):
        with pytest.raises(SettingsError) as caught:
            from_file(written(tmp_path, body), BUILT_IN)
        assert "hush" not in str(caught.value)
    assert "hush" not in repr(from_file(written(tmp_path, "[keys]\ntcmb = 'hush'\n"), BUILT_IN))


# --- files that cannot be read ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"timeout = \n", "line 1"),
        (b"\xff\xfe\x00", "cannot be read"),
        (b"timeout = 5\ntimeout = 6\n", "line 2"),
        (f"workers = {TOO_HUGE}\n".encode(), "is no TOML"),
        (b"bases = " + b"[" * 50_000, "is no TOML"),
    ],
)
def test_a_file_that_is_no_toml(tmp_path: Path, body: bytes, said: str) -> None:
    """What is no TOML, or no text at all, is told with the file, and the line where the parser knows it."""
    path = written(tmp_path, body)
    with pytest.raises(SettingsError) as caught:
        from_file(path, BUILT_IN)
    assert str(path) in str(caught.value)
    assert said in str(caught.value)


def test_a_byte_order_mark_is_no_error(tmp_path: Path) -> None:
    """Some editors begin a file with a byte order mark."""
    assert from_file(written(tmp_path, b"\xef\xbb\xbftimeout = 5\r\n"), BUILT_IN).timeout == 5


def test_a_named_file_must_be_there(tmp_path: Path) -> None:
    """RATES_CONFIG or --config with no file behind is an error; no file in the user's folder is none."""
    missing = str(tmp_path / "missing.toml")
    for call in ({"environ": {"RATES_CONFIG": missing}}, {"environ": {}, "config": missing}):
        with pytest.raises(SettingsError, match=r"no config file .*missing\.toml.*RATES_CONFIG"):
            load(**call)
    assert load({"XDG_CONFIG_HOME": str(tmp_path)}) == BUILT_IN


def test_a_folder_that_is_a_file_holds_no_settings(tmp_path: Path) -> None:
    """XDG_CONFIG_HOME=/dev/null is a known way to say: no configuration; a relative one says nothing."""
    usual = Path("/home/me/.config/rates/rates.toml")
    assert config_path({"XDG_CONFIG_HOME": "here", "HOME": "/home/me"}) == (usual, False)
    assert load({"XDG_CONFIG_HOME": os.devnull}) == BUILT_IN
    with pytest.raises(SettingsError, match="no config file"):
        load({"RATES_CONFIG": str(written(tmp_path, "") / "rates.toml")})


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    """A folder where the file was due is told as what it is."""
    with pytest.raises(SettingsError, match=r"cannot be read: Is a directory"):
        load({"RATES_CONFIG": str(tmp_path)})


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read every file")
def test_a_file_without_permission(tmp_path: Path) -> None:
    """A file that may not be read is told, not passed over."""
    path = written(tmp_path, "timeout = 5\n")
    path.chmod(0)
    with pytest.raises(SettingsError, match="cannot be read: Permission denied"):
        from_file(path, BUILT_IN, must_exist=False)


# --- the order -------------------------------------------------------------------------------------------------------


def test_built_in_then_file_then_environment(tmp_path: Path) -> None:
    """The environment wins over the file, the file over the built-in, each only for what it sets."""
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
    """The named file, with ~ for the home folder, else the user's folder; a flag wins over the variable."""
    monkeypatch.setenv("HOME", str(tmp_path))
    assert config_path({"RATES_CONFIG": "~/a.toml"}) == (tmp_path / "a.toml", True)
    assert config_path({"RATES_CONFIG": "", "XDG_CONFIG_HOME": "/x"}) == (Path("/x/rates/rates.toml"), False)
    path = written(tmp_path, "workers = 3\n")
    assert load({"RATES_CONFIG": "/missing"}, config=str(path)).workers == 3


def test_the_processs_own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an environment given, the process's holds, and each change of it is seen."""
    assert load() == BUILT_IN
    monkeypatch.setenv("RATES_OFFLINE", "1")
    assert load().offline
    monkeypatch.setenv("RATES_OFFLINE", "0")
    assert not load().offline


@pytest.mark.parametrize(
    ("variable", "said"),
    [
        ("RATES_TIMEOT", "unknown setting 'timeot'; did you mean timeout?"),
        ("RATES_KEYS", "unknown setting 'keys'"),
        ("RATES_RUN_DIR", "unknown setting 'run_dir'"),
        ("RATES_", "unknown setting ''"),
    ],
)
def test_an_unknown_variable_gets_the_nearest(variable: str, said: str) -> None:
    """A misspelt variable is told by its name, without its value, which may be a key."""
    with pytest.raises(SettingsError) as caught:
        from_environ({variable: "hush"}, BUILT_IN)
    assert str(caught.value).startswith(f"environment variable {variable}: ")
    assert said in str(caught.value)
    assert "hush" not in str(caught.value)


def test_a_wrong_variable_is_named() -> None:
    """A wrong value in the environment names the variable, the setting and what is right."""
    with pytest.raises(SettingsError, match=r"environment variable RATES_DIGITS: digits = '3': .* from 4 to 28"):
        from_environ({"RATES_DIGITS": "3"}, BUILT_IN)


def test_variables_of_others_are_left_alone() -> None:
    """Only variables that begin with RATES_ are ours, but not click's own."""
    assert from_environ({"_RATES_COMPLETE": "x", "EXCHANGE_RATES_X": "y", "RATES_CONFIG": "z"}, BUILT_IN) == BUILT_IN


# --- right values ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "meant"),
    [
        ("timeout", "120ms", 0.12),
        ("timeout", 3, 3.0),
        ("timeout", " 1.5 S ", 1.5),
        ("deadline", "2m", 120.0),
        ("backoff", 0, 0.0),
        ("max_bytes", "32MB", 32 * 2**20),
        ("max_bytes", 1000, 1000),
        ("fail", "5%", 0.05),
        ("fail", 0.05, 0.05),
        ("fail", "100%", 1.0),
        ("workers", "12", 12),
        ("seed", "", None),
        ("seed", 0, 0),
        ("strict", "YES", True),
        ("strict", "", False),
        ("offline", "off", False),
        ("bases", "usd, eur gbp,USD", ("USD", "EUR", "GBP")),
        ("bases", ["usd"], ("USD",)),
        ("symbols", "all", ()),
        ("symbols", "ALL", ()),
        ("symbols", [], ()),
        ("symbols", ["ALL"], ("ALL",)),  # as a list, the lek
        ("provider", "ECB,nbp", ("ecb", "nbp")),
        ("on", date(2026, 10, 30), date(2026, 10, 30)),
        ("on", "2026-10-30", date(2026, 10, 30)),
        ("on", "latest", None),
        ("on", "", None),
        ("mode", "Thread", "thread"),
        ("start_method", "", ""),
        ("replay", "/a b", "/a b"),
        ("record", "", ""),
    ],
)
def test_a_right_value(name: str, value: object, meant: object) -> None:
    """Text, as from the environment, and TOML's own types give the same."""
    found = parse(name, value, "here")
    assert found == meant
    assert type(found) is type(meant)


def test_a_day_of_toml(tmp_path: Path) -> None:
    """TOML's own dates need no quotes."""
    assert from_file(written(tmp_path, "on = 2026-10-30\n"), BUILT_IN).on == date(2026, 10, 30)


def test_settings_pickle_and_are_frozen() -> None:
    """The one record that reaches every worker arrives as it left, and nobody changes it on the way."""
    odd = BUILT_IN.with_values(timeout=1.0, keys=(("tcmb", "k"),), on=date(2026, 10, 30))
    assert pickle.loads(pickle.dumps(odd)) == odd
    assert hash(odd) == hash(pickle.loads(pickle.dumps(odd)))
    with pytest.raises(AttributeError):
        odd.timeout = 2.0  # type: ignore[misc]


def test_what_follows_from_settings() -> None:
    """Offline or replaying, nothing may reach the network; the day that counts is the one that was set."""
    assert not BUILT_IN.mocked
    assert replace(BUILT_IN, offline=True).mocked
    assert replace(BUILT_IN, replay="x").mocked
    assert replace(BUILT_IN, today=date(2026, 10, 30)).day() == date(2026, 10, 30)


def test_modes_are_those_of_the_executors() -> None:
    """Settings may not import the executors, so they list their words again; the two lists are one."""
    from rates import executors, parse_settings

    assert parse_settings.MODES == executors.MODES
    assert parse_settings.VIAS == executors.VIAS
