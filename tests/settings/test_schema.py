from __future__ import annotations

import pickle
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import pytest

from rates.errors import SettingsError
from rates.settings import SETTINGS, Setting, Settings
from rates.settings.keywords import SettingsKeywords

BUILT_IN = Settings()


def test_settings_pickle_and_are_frozen() -> None:
    """The record that is sent to every worker is equal after pickling, and cannot be changed."""
    odd = BUILT_IN.with_values(timeout=1.0, keys=(("tcmb", "k"),), on=date(2026, 10, 30))
    assert pickle.loads(pickle.dumps(odd)) == odd
    assert hash(odd) == hash(pickle.loads(pickle.dumps(odd)))
    with pytest.raises(AttributeError):
        odd.timeout = 2.0  # type: ignore[misc]


def test_what_follows_from_settings() -> None:
    """Offline and in a replay no request may reach the network; `day` is the day that was set."""
    assert not BUILT_IN.mocked
    assert replace(BUILT_IN, offline=True).mocked
    assert replace(BUILT_IN, replay="x").mocked
    assert replace(BUILT_IN, today=date(2026, 10, 30)).day() == date(2026, 10, 30)


@pytest.mark.parametrize("setting", SETTINGS.values(), ids=lambda setting: setting.name)
def test_a_declaration_is_whole(setting: Setting) -> None:
    """A default passes its own parser and is of the field's type; the help is a sentence for --help and the file."""
    assert setting.read("" if setting.default is None else setting.default, "here") == setting.default
    assert setting.help
    assert setting.help[-1] in ".…"
    assert setting.reason == "" or setting.reason.endswith(".")
    assert setting.metavar or isinstance(setting.default, bool)
    assert (setting.option, setting.variable) == (
        f"--{setting.name.replace('_', '-')}", f"RATES_{setting.name.upper()}"
    )  # fmt: skip


def test_only_what_users_set_is_declared() -> None:
    """Keys, and what the program itself sets, are fields without a declaration."""
    assert {field.name for field in fields(Settings)} - SETTINGS.keys() == {
        "keys",
        "run",
        "run_dir",
        "provider_files",
        "loopback",
    }


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ({"provider": "ECB,nbp"}, {"provider": ("ecb", "nbp")}),
        ({"provider": ["ecb"], "symbols": {"usd": 1}.keys()}, {"provider": ("ecb",), "symbols": ("USD",)}),
        ({"on": "2020-03-02", "today": datetime(2020, 3, 3, 12)}, {"on": date(2020, 3, 2), "today": date(2020, 3, 3)}),
        ({"on": None, "seed": None, "symbols": ()}, {"on": None, "seed": None, "symbols": ()}),
        ({"timeout": "800ms", "max_bytes": "1MB", "fail": "5%"}, {"timeout": 0.8, "max_bytes": 2**20, "fail": 0.05}),
        ({"replay": Path("/a")}, {"replay": "/a"}),
        ({"keys": {"tcmb": "k", "fred": "l"}}, {"keys": (("fred", "l"), ("tcmb", "k"))}),
        ({"offline": "yes", "workers": "3"}, {"offline": True, "workers": 3}),
    ],
)
def test_values_are_converted(given: dict[str, Any], meant: dict[str, object]) -> None:
    """The record reads values by the setting's own parser, when it is made, copied and replaced."""
    for made in (Settings(**given), BUILT_IN.with_values(**given), replace(BUILT_IN, **given)):
        assert {name: getattr(made, name) for name in meant} == meant
        assert made == BUILT_IN.with_values(**meant)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"timeout": "soon"}, "Settings: timeout = 'soon': must be from 0 to a day"),
        ({"on": 5}, "Settings: on = 5: must be a day like 2026-10-30"),
        ({"symbols": 5}, "Settings: symbols = 5: must be a list of text"),
        ({"provider": ()}, "Settings: provider = (): must name at least one"),
        ({"symbols": ["USD", "ZZZ"]}, "unknown currency 'ZZZ'"),
        ({"timeot": 3}, "Settings: unknown setting 'timeot'; did you mean timeout?"),
        ({"keys": ["hush"]}, "Settings: keys must be a table like"),
        ({"keys": {"tcmb": b"hush"}}, "Settings: keys must be a table like"),
        ({"keys": "hush"}, "Settings: keys must be a table like"),
    ],
)
def test_a_wrong_value_names_its_field(given: dict[str, Any], message: str) -> None:
    """A wrong value is a named error with the setting and the valid form, and never a provider's key."""
    for make in (Settings, BUILT_IN.with_values):
        with pytest.raises(SettingsError) as caught:
            make(**given)
        assert message in str(caught.value)
        assert "hush" not in str(caught.value)


def test_keywords_are_the_fields() -> None:
    """The typed keywords are the fields of the record, each of a type that allows the default's."""
    hints = get_type_hints(SettingsKeywords)
    assert set(hints) == {field.name for field in fields(Settings)}
    for name, setting in SETTINGS.items():
        allowed = {get_origin(kind) or kind for kind in get_args(hints[name]) or (hints[name],)}
        kind = date if setting.metavar == "DAY" else type(setting.default)
        assert kind in allowed or (kind is tuple and Sequence in allowed) or (name == "seed" and int in allowed), name
