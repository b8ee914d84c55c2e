from __future__ import annotations

import pickle
from dataclasses import fields, replace
from datetime import date

import pytest

from rates.settings import SETTINGS, Setting, Settings

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
    assert {field.name for field in fields(Settings)} - SETTINGS.keys() == {"keys", "run", "run_dir", "loopback"}
