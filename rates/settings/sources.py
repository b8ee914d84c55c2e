"""Where settings come from, each overriding the one before: defaults, the settings file, RATES_ variables, flags.

The file is `rates.toml` in the user's configuration folder, or the one that --config or RATES_CONFIG names. One name
serves everywhere: `timeout` in the file, RATES_TIMEOUT in the environment, --timeout as a flag. Flags are the command
line's: it replaces values in what `load` gives.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, cast

from rates.errors import SettingsError, UsageError, quoted, suggest
from rates.settings.schema import SETTINGS, Setting, Settings, find

if TYPE_CHECKING:
    from rates.settings.keywords import SettingsKeywords

# Variables with our prefix that are not settings: the file's path, and click's shell completion.
_NOT_SETTINGS = frozenset({"RATES_CONFIG", "RATES_COMPLETE"})
# One letter wrong in a name of six: RATES_TIMEOT, RATES_PROVIDERS, but not RATES_PORT for RATES_FORMAT (0.6).
_NEAR = 0.8


def load(environ: Mapping[str, str] | None = None, config: str = "") -> Settings:
    """The settings of the file and the environment over the defaults.

    environ: the process's own if None. config: the file to read; "" leaves the choice to `config_path`.
    """
    variables = _variables(environ, config)
    seen = tuple(sorted((k, v) for k, v in variables.items() if k.startswith(("RATES_", "XDG_CONFIG")) or k == "HOME"))
    return _load(seen, datetime.now(UTC).date())


def resolve(settings: Settings | None, given: Mapping[str, Any]) -> Settings:
    """The settings of a call: those handed to it, else those of file and environment, with its keywords on top."""
    if settings is None:
        settings = load()
    elif not isinstance(settings, Settings):
        hint = 'give single settings as keywords, like provider="ecb"'
        raise UsageError(f"settings must be a Settings, not {quoted(settings)}", hint=hint)
    return settings.with_values(**given) if given else settings


def resolve_for_table(settings: Settings | None, given: Mapping[str, Any]) -> Settings:
    """As `resolve`, for a call that gives tables, to which the rule for days without a rate does not apply."""
    refuse_rule(given, "a table, which has the newest rates up to the day asked for")
    return resolve(settings, given)


def refuse_rule(given: Mapping[str, Any], what: str) -> None:
    """Raises `UsageError` for a rule for days without a rate, which has no effect there. what: the result, in words."""
    for name in ("when", "max_age"):
        if name in given:
            raise UsageError(f"{name} does not apply to {what}", hint="look_up and convert follow it")


@lru_cache(maxsize=8)
def _load(seen: tuple[tuple[str, str], ...], today: date) -> Settings:
    """Cached, because a worker loads the settings for every base; for a day, because `on` may be "yesterday"."""
    environ = dict(seen)
    path, named = config_path(environ)
    values = _file_values(path, must_exist=named) | _environ_values(environ)
    return Settings(offline=False).with_values(**values)


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
        folder = _xdg(environ, "XDG_CONFIG_HOME", ".config")
    else:
        from platformdirs import user_config_dir

        folder = user_config_dir(appauthor=False)
    return os.path.join(folder, "rates", "rates.toml"), False


def data_path(environ: Mapping[str, str]) -> str:
    """The path of the store where none is named."""
    if os.name == "posix" and os.uname().sysname == "Linux":
        folder = _xdg(environ, "XDG_DATA_HOME", ".local", "share")
    else:
        from platformdirs import user_data_dir

        folder = user_data_dir(appauthor=False)
    return os.path.join(folder, "rates", "rates.db")


def _xdg(environ: Mapping[str, str], variable: str, *usual: str) -> str:
    """A folder of the XDG specification: the variable's if it is absolute, else the usual one in the home folder."""
    folder = environ.get(variable, "")
    if not os.path.isabs(folder):  # the specification: a relative path is invalid, ignore it
        folder = os.path.join(environ.get("HOME", "") or os.path.expanduser("~"), *usual)
    return folder


# --- the environment -------------------------------------------------------------------------------------------------


def from_environ(environ: Mapping[str, str], base: Settings) -> Settings:
    """The base with what RATES_ variables set."""
    return base.with_values(**_environ_values(environ))


def _environ_values(environ: Mapping[str, str]) -> SettingsKeywords:
    """What RATES_ variables set.

    Others with the prefix are ignored: an orchestrator that runs a service called `rates` sets RATES_SERVICE_HOST. One
    that looks like a slip of the pen is mentioned on stderr, once.
    """
    values: dict[str, Any] = {}
    for variable, value in environ.items():
        if not variable.startswith("RATES_") or variable in _NOT_SETTINGS:
            continue
        name = variable.removeprefix("RATES_").lower()
        if name in SETTINGS:
            values[name] = SETTINGS[name].read(value, f"environment variable {variable}")
        elif near := _nearest(name):
            _warn(f"rates: the environment variable {variable} is ignored; did you mean {near.variable}?")
    return cast("SettingsKeywords", values)


def _nearest(name: str) -> Setting | None:
    """The setting that was probably meant."""
    from difflib import get_close_matches  # 3 ms

    near = get_close_matches(name, SETTINGS, n=1, cutoff=_NEAR)
    return SETTINGS[near[0]] if near else None


@cache
def _warn(line: str) -> None:
    """Prints a line on stderr once in a process, but in none of its workers, which have the same environment."""
    processes = sys.modules.get("multiprocessing.process")
    if sys.stderr is not None and (processes is None or processes.parent_process() is None):
        with suppress(OSError):
            print(line, file=sys.stderr)


# --- the file --------------------------------------------------------------------------------------------------------


def from_file(path: str | os.PathLike[str], base: Settings, *, must_exist: bool = True) -> Settings:
    """The base with what a TOML file sets; its keys are added to those of the base."""
    values = _file_values(path, must_exist=must_exist)
    if "keys" in values:
        values["keys"] = tuple(sorted({**dict(base.keys), **dict(values["keys"])}.items()))
    return base.with_values(**values)


def _file_values(path: str | os.PathLike[str], *, must_exist: bool) -> SettingsKeywords:
    """What a TOML file sets; the error for a wrong name or value gives its line."""
    try:
        body = _text(path)
    except (FileNotFoundError, NotADirectoryError):  # XDG_CONFIG_HOME=/dev/null is a usual way to have no file
        if not must_exist:
            return {}
        raise SettingsError(f"no config file {path}", hint="check --config or RATES_CONFIG") from None
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else ""
        raise SettingsError(f"config file {path} cannot be read: {reason or error}") from error
    import tomllib

    try:
        document = tomllib.loads(body)
    except (ValueError, RecursionError) as error:  # TOMLDecodeError is a ValueError, as is that of a huge number
        raise SettingsError(f"config file {path} is not valid TOML: {error}") from error
    return _from_document(document, body, path)


def _text(path: str | os.PathLike[str]) -> str:
    with open(path, encoding="utf-8-sig") as file:  # some editors begin a file with a byte order mark
        return file.read()


def _from_document(document: Mapping[str, Any], body: str, path: str | os.PathLike[str]) -> SettingsKeywords:
    """The settings of a parsed document."""
    values: dict[str, Any] = {}
    for name, value in document.items():
        where = f"{path}, line {_line(body, name)}"
        if name == "keys":
            values["keys"] = _keys(value, body, path)
        elif isinstance(value, dict):
            hint = suggest(name, ("keys",), "the only table is [keys]")
            raise SettingsError(f"{where}: unknown table [{name}]", hint=hint)
        else:
            values[name] = find(name, where).read(value, where)
    return cast("SettingsKeywords", values)


def _keys(value: object, body: str, path: str | os.PathLike[str]) -> tuple[tuple[str, str], ...]:
    """The [keys] table: provider to key, all text. No message repeats a key."""
    if not isinstance(value, dict):
        raise SettingsError(f'{path}, line {_line(body, "keys")}: [keys] is a table of provider = "key"')
    for provider, key in value.items():
        if not isinstance(key, str):
            where = f"{path}, line {_line(body, 'keys', provider)}"
            raise SettingsError(f"{where}: the key of {provider} must be text in quotes")
    return tuple(sorted(value.items()))


def given(name: str, environ: Mapping[str, str] | None = None, config: str = "") -> bool:
    """True if the environment or the settings file sets this setting."""
    variables = _variables(environ, config)
    if SETTINGS[name].variable in variables:
        return True
    try:
        body = _text(config_path(variables)[0])
    except OSError:
        return False
    import tomllib

    return name in tomllib.loads(body)


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
