"""`rates config`: the settings file with every setting explained, and the path where yours is read from."""

from __future__ import annotations

import json
import os
import sys
from textwrap import wrap
from typing import Any

import click

from rates.cli import OK
from rates.settings import SETTINGS, Setting, config_path

EPILOG = """\b
Examples:
  rates config --path
  mkdir -p ~/.config/rates && rates config > ~/.config/rates/rates.toml
"""

WIDTH = 120
HEAD = (
    "rates: every setting, with its default, its unit, and what it was chosen from. This text is what `rates config` "
    "prints.",
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
@click.option("--path", is_flag=True, help="Print only the path of your settings file.")
def command(path: bool) -> int:
    """Print a settings file with every setting: what it means, its default and the reason for it."""
    sys.stdout.write(f"{config_path(os.environ)[0]}\n" if path else settings_file())
    return OK


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
