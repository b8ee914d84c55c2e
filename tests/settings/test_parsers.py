from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import tabulate

from rates import executors
from rates.errors import SettingsError
from rates.settings import MODES, SETTINGS, TABLE_FORMATS, VIAS, Settings
from rates.settings.parsers import WHENS
from rates.settings.sources import from_file
from rates.store.records import When
from tests.settings.toml_file import written

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
    '"soon"', '"2026-10"', '"2026-Q4"', '"2026"', '"2026-02-30"', '"30.10.2026"', "20261030", "true",
    "2026-10-30T12:00:00", "12:00:00", '"9999-12-31"', '"0001-01-01"',
]  # fmt: skip
NO_CODES = ['"QQQQ"', '["USD", "usb"]', '["USD", 5]', "[[]]", '[["USD"]]', "5", "true", '""', "2026-10-30"]

# Every setting, and the wrong values of it in TOML; each is refused by name.
WRONG = {
    "bases": [*NO_CODES, "[]"],
    "symbols": NO_CODES,
    "strict": NO_FLAG,
    "pegs": NO_FLAG,
    "provider": ["5", "true", "[]", '""', "[5]", "2026-10-30"],
    "own": NO_FOLDER,
    "on": NO_DAY,
    "today": [*NO_DAY, '"today"', '"-3d"'],
    "when": [*NO_WORD, '"earlier"'],
    "max_age": [*NO_WHOLE, "-1", "36526"],
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
    "store": [*NO_FOLDER, '"mysql://host/name"', '"postgresql://"'],
    "fresh": NO_FLAG,
    "no_store": NO_FLAG,
    "format": [*NO_WORD, '"jsno"'],
    "layout": NO_WORD,
    "digits": [*NO_WHOLE, "3", "29"],
}


def test_wrong_values_of_every_setting() -> None:
    """The table above has every setting."""
    assert set(SETTINGS) == set(WRONG)


def test_formats_are_tabulates() -> None:
    """The formats listed without importing tabulate are those that it has."""
    assert sorted(TABLE_FORMATS) == sorted(tabulate.tabulate_formats)


def test_modes_are_those_of_the_executors() -> None:
    """Settings may not import the executors, so they list the same words again."""
    assert MODES == executors.MODES
    assert VIAS == executors.VIAS


def test_whens_are_those_of_the_look_up() -> None:
    """Settings may not import the store, so they list the words of its rule again."""
    assert tuple(When) == WHENS


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_a_wrong_value_names_file_line_and_setting(tmp_path: Path, name: str, value: str) -> None:
    """The message about a wrong value names the file, the line and the setting, and is short."""
    path = written(tmp_path, f"# a comment\n\n{name} = {value}\n")
    with pytest.raises(SettingsError) as caught:
        from_file(path, Settings())
    message = str(caught.value)
    assert f"{path}, line 3: {name} = " in message
    assert len(message) < len(str(path)) + 900


@pytest.mark.parametrize(
    ("name", "value", "message"),
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
def test_a_wrong_value_gets_what_is_right(tmp_path: Path, name: str, value: str, message: str) -> None:
    """The message gives the valid form, or the nearest valid word."""
    with pytest.raises(SettingsError) as caught:
        from_file(written(tmp_path, f"{name} = {value}\n"), Settings())
    assert message in str(caught.value)


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
        ("when", "Before", "before"),
        ("max_age", "", None),
        ("max_age", None, None),
        ("max_age", "0", 0),
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
        ("on", "20261030", date(2026, 10, 30)),
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
    found = SETTINGS[name].read(value, "here")
    assert found == meant
    assert type(found) is type(meant)
