"""`rates config`: the settings file with every setting explained, and where yours would be read from."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from rates.cli import OK
from rates.errors import RatesError
from rates.settings import config_path

EPILOG = """\b
Examples:
  rates config --path
  mkdir -p ~/.config/rates && rates config > ~/.config/rates/rates.toml
"""


@click.command("config", epilog=EPILOG)
@click.option("--path", is_flag=True, help="Print only where your settings file is looked for.")
def command(path: bool) -> int:
    """Print the settings file with every setting, its built-in value, unit and reason."""
    if path:
        sys.stdout.write(f"{config_path(os.environ)[0]}\n")
    else:
        sys.stdout.write(shipped().read_text(encoding="utf-8"))
    return OK


def shipped() -> Path:
    """The file as it came with the package: inside it when installed, beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    for file in (package / "config" / "rates.toml", package.parent / "config" / "rates.toml"):
        if file.is_file():
            return file
    raise RatesError("the settings file is missing from this installation", hint="install the package again")
