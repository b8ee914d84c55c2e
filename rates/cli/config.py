"""`rates config`: the settings in force and where each comes from, or the settings file with each explained."""

from __future__ import annotations

import json
import os
import sys
from textwrap import wrap
from typing import Any

import click

from rates.cli import OK
from rates.cli.options import EVERY, options, settings_from
from rates.cli.terminal import output_width, put_text
from rates.settings import SETTINGS, Setting, Settings, config_path, given, origin

EPILOG = """\b
Examples:
  rates config                   the settings in force, and where each is from
  rates config --timeout 5s      the same with this flag
  rates config --explain         every setting: meaning, default and reason
  rates config --path
  rates config --explain > ~/.config/rates/rates.toml
"""

WIDTH = 120
HEAD = (
    "rates: every setting, with its default, its unit, and what it was chosen from. This text is what `rates config "
    "--explain` prints.",
    "",
    "Copy what you want to change to ~/.config/rates/rates.toml (in $XDG_CONFIG_HOME if that is set), or name a file "
    "with --config or RATES_CONFIG. Each setting can also be given as an environment variable (RATES_TIMEOUT=5s), "
    "which overrides the file, and most as a flag (--timeout 5s), which overrides both. Times are in seconds, or text "
    'like "120ms".',
)
KEYS = """\
# Keys of the providers that need one. Each may stand in the environment instead: `rates providers KEY` names the
# variable.
[keys]
# tcmb = "…"
# openexchangerates = "…"
"""


@click.command("config", epilog=EPILOG)
@click.option("--explain", is_flag=True, help="Print a settings file with every setting: meaning, default, reason.")
@click.option("--path", is_flag=True, help="Print only the path of your settings file.")
@options(*EVERY)
def command(explain: bool, path: bool, **flags: Any) -> int:
    """Print the settings in force, and where each comes from: default, file, environment or flag.

    Keys of providers are not printed, only which are set.
    """
    if path or explain:
        sys.stdout.write(f"{config_path(_environ(flags))[0]}\n" if path else settings_file())
        return OK
    settings = settings_from(flags)
    from rates.errors import without_password
    from rates.store.database import location

    values = {name: _shown(getattr(settings, name)) for name in SETTINGS}
    values["store"] = without_password(location(settings.store))  # a URL may hold a password
    lines = [[name, value, _origin(name, flags)] for name, value in values.items()]
    lines += [[f"keys.{key}", "(set)", where] for key, where in _keys(settings, flags).items()]
    from rates.present.layout import Column
    from rates.present.tabular import rows

    put_text(rows(["setting", Column("value", cut=12), Column("from", cut=12)], lines, settings.format, output_width()))
    return OK


def _environ(flags: dict[str, Any]) -> dict[str, str]:
    """The environment, in which --config names the file."""
    return {**os.environ, **({"RATES_CONFIG": flags["config"]} if flags["config"] else {})}


def _shown(value: Any) -> str:
    """A value as it may be typed; "all" and "none" where that is empty."""
    if isinstance(value, tuple):
        return ", ".join(value) or "all"
    if isinstance(value, bool):
        return str(value).lower()
    return "none" if value is None or value == "" else f"{value:g}" if isinstance(value, float) else str(value)


def _origin(name: str, flags: dict[str, Any]) -> str:
    """Where a setting has its value from."""
    if flags.get(name) not in (None, ()):
        return f"flag {SETTINGS[name].option}"
    if name == "strict" and flags.get("symbols") is not None:
        return "flag --symbols"
    found = origin(name, config=flags["config"]) if given(name, config=flags["config"]) else ""
    return found or ("the clock" if name == "today" else "default")


def _keys(settings: Settings, flags: dict[str, Any]) -> dict[str, str]:
    """The providers whose keys are set, in the file or, of those in the chain, in the environment; and where."""
    from rates import providers
    from rates.defaults import CONSENSUS

    found = {key: origin("keys", key, config=flags["config"]) for key, _ in settings.keys}
    for key in settings.provider:
        variable = providers.load(key).PROVIDER.key_env if key != CONSENSUS else ""
        if variable and os.environ.get(variable):
            found.setdefault(key, f"environment variable {variable}")
    return found


def settings_file() -> str:
    """The settings file with every setting at its default; config/rates.toml is this text."""
    head = "\n".join(_comment(paragraph) for paragraph in HEAD)
    return "\n".join([head, *map(entry, SETTINGS.values()), _heading("keys"), KEYS])


def entry(setting: Setting) -> str:
    """The lines of one setting, under the heading of its section if it is the first of it."""
    lines = [_heading(setting.section)] if setting.section else []
    lines += [_comment(f"{setting.help} {setting.reason}"), f"{setting.name} = {_toml(setting.default)}"]
    return "\n".join(lines)


def _heading(title: str) -> str:
    return f"\n# --- {title} ".ljust(WIDTH, "-") + "\n"


def _comment(text: str) -> str:
    return "\n".join(f"# {line}" for line in wrap(text, WIDTH - 2, break_on_hyphens=False)) or "#"


def _toml(value: Any) -> str:
    """A default in TOML; None is written as "". JSON's numbers, texts, lists and booleans are TOML's too."""
    return json.dumps("" if value is None else value, ensure_ascii=False)
