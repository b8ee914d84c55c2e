"""Where settings come from, each overriding the one before: defaults, the settings file, RATES_ variables, flags.

The file is `rates.toml` in the user's configuration folder, or the one that --config or RATES_CONFIG names. One name
serves everywhere: `timeout` in the file, RATES_TIMEOUT in the environment, --timeout as a flag. Flags are the command
line's: it replaces values in what `load` gives.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from rates.errors import SettingsError, suggest
from rates.settings.schema import SETTINGS, Settings, find

# Variables with our prefix that are not settings: the file's path, and click's shell completion.
_NOT_SETTINGS = frozenset({"RATES_CONFIG", "RATES_COMPLETE"})


def load(environ: Mapping[str, str] | None = None, config: str = "") -> Settings:
    """The settings of the file and the environment over the defaults.

    environ: the process's own if None. config: the file to read; "" leaves the choice to `config_path`.
    """
    variables = _variables(environ, config)
    seen = tuple(sorted((k, v) for k, v in variables.items() if k.startswith(("RATES_", "XDG_CONFIG")) or k == "HOME"))
    return _load(seen)


@lru_cache(maxsize=8)
def _load(seen: tuple[tuple[str, str], ...]) -> Settings:
    """Cached, because a worker loads the settings for every base."""
    environ = dict(seen)
    path, named = config_path(environ)
    return from_environ(environ, from_file(path, Settings(), must_exist=named))


def _variables(environ: Mapping[str, str] | None, config: str) -> dict[str, str]:
    """The environment, with `config` as the file that it names."""
    variables = dict(os.environ if environ is None else environ)
    return {**variables, "RATES_CONFIG": config} if config else variables


def config_path(environ: Mapping[str, str]) -> tuple[str, bool]:
    """The path of the settings file, and whether it was named, so that it must exist."""
    if named := environ.get("RATES_CONFIG", ""):
        return os.path.expanduser(named), True
    # What platformdirs answers on Linux, without the 6 ms of its import.
    if os.name == "posix" and os.uname().sysname == "Linux":
        folder = environ.get("XDG_CONFIG_HOME", "")
        if not os.path.isabs(folder):  # the XDG specification: a relative path is invalid, ignore it
            folder = os.path.join(environ.get("HOME", "") or os.path.expanduser("~"), ".config")
    else:
        from platformdirs import user_config_dir

        folder = user_config_dir(appauthor=False)
    return os.path.join(folder, "rates", "rates.toml"), False


# --- the environment -------------------------------------------------------------------------------------------------


def from_environ(environ: Mapping[str, str], base: Settings) -> Settings:
    """The base with what RATES_ variables set; an unknown variable is an error."""
    values: dict[str, Any] = {}
    for variable, value in environ.items():
        if variable.startswith("RATES_") and variable not in _NOT_SETTINGS:
            where = f"environment variable {variable}"
            setting = find(variable.removeprefix("RATES_").lower(), where)
            values[setting.name] = setting.read(value, where)
    return replace(base, **values)


# --- the file --------------------------------------------------------------------------------------------------------


def from_file(path: str | os.PathLike[str], base: Settings, *, must_exist: bool = True) -> Settings:
    """The base with what a TOML file sets; the error for a wrong name or value gives its line."""
    try:
        body = _text(path)
    except (FileNotFoundError, NotADirectoryError):  # XDG_CONFIG_HOME=/dev/null is a usual way to have no file
        if not must_exist:
            return base
        raise SettingsError(f"no config file {path}", hint="check --config or RATES_CONFIG") from None
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else ""
        raise SettingsError(f"config file {path} cannot be read: {reason or error}") from error
    import tomllib

    try:
        document = tomllib.loads(body)
    except (ValueError, RecursionError) as error:  # TOMLDecodeError is a ValueError, as is that of a huge number
        raise SettingsError(f"config file {path} is not valid TOML: {error}") from error
    return _from_document(document, body, path, base)


def _text(path: str | os.PathLike[str]) -> str:
    with open(path, encoding="utf-8-sig") as file:  # some editors begin a file with a byte order mark
        return file.read()


def _from_document(document: Mapping[str, Any], body: str, path: str | os.PathLike[str], base: Settings) -> Settings:
    """The base with the settings of a parsed document."""
    values: dict[str, Any] = {}
    for name, value in document.items():
        where = f"{path}, line {_line(body, name)}"
        if name == "keys":
            values["keys"] = _keys(value, body, path, dict(base.keys))
        elif isinstance(value, dict):
            hint = suggest(name, ("keys",), "the only table is [keys]")
            raise SettingsError(f"{where}: unknown table [{name}]", hint=hint)
        else:
            values[name] = find(name, where).read(value, where)
    return replace(base, **values)


def _keys(value: object, body: str, path: str | os.PathLike[str], keys: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """The [keys] table: provider to key, all text. No message repeats a key."""
    if not isinstance(value, dict):
        raise SettingsError(f'{path}, line {_line(body, "keys")}: [keys] is a table of provider = "key"')
    for provider, key in value.items():
        if not isinstance(key, str):
            where = f"{path}, line {_line(body, 'keys', provider)}"
            raise SettingsError(f"{where}: the key of {provider} must be text in quotes")
        keys[provider] = key
    return tuple(sorted(keys.items()))


def origin(name: str, *names: str, environ: Mapping[str, str] | None = None, config: str = "") -> str:
    """Where a setting has its value from: its variable, or the file and line; "" for a default.

    names: the key in a table, as in `origin("keys", "ecb")`.
    """
    variables = _variables(environ, config)
    if name in SETTINGS and SETTINGS[name].variable in variables:
        return f"environment variable {SETTINGS[name].variable}"
    path, _ = config_path(variables)
    try:
        return f"{path}, line {_line(_text(path), name, *names)}"
    except OSError:
        return ""


_KEY = r"""(?:[\w-]+|"[^"]*"|'[^']*')"""
_PATH = rf"{_KEY}(?:\s*\.\s*{_KEY})*"
_HEAD = rf"\s*(?:(?P<set>{_PATH})\s*=|\[\[?\s*(?P<table>{_PATH})\s*\]\]?\s*(?:#.*)?$)"


def _line(body: str, *names: str) -> int:
    """The line that sets a name, a key in a table, or that begins a table; 1 if it is not found."""
    table: list[str] = []
    for number, line in enumerate(body.splitlines(), start=1):
        found = re.match(_HEAD, line)
        if not found:
            continue
        parts = [part.strip("'\"") for part in re.findall(_KEY, found["set"] or found["table"])]
        table = parts if found["table"] else table
        if (parts if found["table"] else [*table, *parts])[: len(names)] == list(names):
            return number
    return _line(body, *names[:-1]) if len(names) > 1 else 1
