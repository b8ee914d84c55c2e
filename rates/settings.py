"""Settings: built-in < config file < environment < flags. One frozen, picklable record that reaches every worker.

The config file is `rates.toml` in the user's config folder, or the one that `--config` or RATES_CONFIG names. Each
setting has one word: `timeout` is `timeout` in the file, RATES_TIMEOUT in the environment and `--timeout` as a flag.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from rates.currencies import suggest
from rates.defaults import BASES, POOL_SIZE, SYMBOLS
from rates.errors import SettingsError, quoted
from rates.parse_settings import PARSERS


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting with its built-in value; config/rates.toml tells what each was chosen from."""

    # what is asked
    bases: tuple[str, ...] = BASES
    symbols: tuple[str, ...] = SYMBOLS
    strict: bool = False
    pegs: bool = False
    provider: tuple[str, ...] = ("frankfurter", "ecb", "erapi")
    on: date | None = None
    today: date | None = None
    # how the fetches run
    mode: str = "thread"
    workers: int = POOL_SIZE
    via: str = "map"
    start_method: str = ""
    scheduler: str = ""
    # how a server is asked
    timeout: float = 10.0
    deadline: float = 30.0
    retries: int = 2
    backoff: float = 0.3
    retry_after: float = 10.0
    max_bytes: int = 32 * 2**20
    # where the answers come from
    offline: bool = False
    replay: str = ""
    record: str = ""
    latency: float = 0.0
    jitter: float = 0.0
    fail: float = 0.0
    seed: int | None = None
    # how it is shown
    format: str = "simple"
    layout: str = "auto"
    digits: int = 6
    # keys of providers, by provider; and what nobody sets by hand: this run's own folder and name, and the host and
    # port on this machine that answers in place of the network
    keys: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    run: str = ""
    run_dir: str = ""
    loopback: str = ""

    def with_values(self, **values: Any) -> Settings:
        """A copy with other values, already of the right types."""
        return replace(self, **values)

    @property
    def mocked(self) -> bool:
        """True when no request may reach the network."""
        return self.offline or bool(self.replay)

    def day(self) -> date:
        """Today: as set, else the world's day (UTC), since publishers live in all zones."""
        if self.today is not None:
            return self.today
        from datetime import UTC, datetime

        return datetime.now(UTC).date()


# Fields that a file, the environment or a flag may set.
NAMES = tuple(f.name for f in fields(Settings) if f.name not in ("keys", "run", "run_dir", "loopback"))


def parse(name: str, value: object, where: str) -> Any:
    """The value of one setting from text or TOML; `SettingsError` says where it stands and what is right."""
    if name not in NAMES:
        raise SettingsError(f"{where}: unknown setting {quoted(name)}", hint=suggest(name, NAMES, _known()))
    try:
        return PARSERS[name](value)
    except ValueError as error:
        raise SettingsError(f"{where}: {name} = {quoted(value)}: {error}") from error


def _known() -> str:
    return f"known are {', '.join(NAMES)}"


def config_path(environ: Mapping[str, str]) -> tuple[Path, bool]:
    """The config file to read, and whether it was named (and so must be there)."""
    named = environ.get("RATES_CONFIG", "")
    if named:
        return Path(os.path.expanduser(named)), True
    # What platformdirs answers on Linux, without importing it (6 ms) where it is not needed.
    if os.name == "posix" and os.uname().sysname == "Linux":
        home = environ.get("HOME", "") or os.path.expanduser("~")
        folder = environ.get("XDG_CONFIG_HOME", "")
        if not os.path.isabs(folder):  # "should consider the path invalid and ignore it", as freedesktop.org has it
            folder = os.path.join(home, ".config")
        return Path(folder, "rates", "rates.toml"), False
    from platformdirs import user_config_path

    return user_config_path("rates", appauthor=False) / "rates.toml", False


def from_file(path: Path, base: Settings, *, must_exist: bool = True) -> Settings:
    """The base with what a TOML file sets; every wrong key or value is told with its line."""
    try:
        body = path.read_text(encoding="utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):  # XDG_CONFIG_HOME=/dev/null says: none
        if not must_exist:
            return base
        raise SettingsError(f"no config file {path}", hint="check --config or RATES_CONFIG") from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"config file {path} cannot be read: {_reason(error)}") from error
    import tomllib

    try:
        document = tomllib.loads(body)
    except (ValueError, RecursionError) as error:  # TOMLDecodeError is a ValueError, as is that for a huge number
        raise SettingsError(f"config file {path} is no TOML: {error}") from error
    return _from_document(document, body, path, base)


def _reason(error: Exception) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)


def _from_document(document: Mapping[str, Any], body: str, path: Path, base: Settings) -> Settings:
    """The base with the settings of a parsed document."""
    values: dict[str, Any] = {}
    for name, value in document.items():
        where = f"{path}, line {_line(body, name)}"
        if name == "keys":
            values["keys"] = _keys(value, body, path, dict(base.keys))
        elif isinstance(value, dict):
            raise SettingsError(f"{where}: unknown table [{name}]", hint=suggest(name, ("keys",), "only [keys] is one"))
        else:
            values[name] = parse(name, value, where)
    return replace(base, **values)


def _keys(value: object, body: str, path: Path, keys: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """The [keys] table: provider to key, all text. No message repeats a value."""
    if not isinstance(value, dict):
        raise SettingsError(f'{path}, line {_line(body, "keys")}: [keys] is a table of provider = "key"')
    for provider, key in value.items():
        if not isinstance(key, str):
            where = f"{path}, line {_line(body, 'keys', provider)}"
            raise SettingsError(f"{where}: the key of {provider} must be text in quotes")
        keys[provider] = key
    return tuple(sorted(keys.items()))


def origin(name: str, *names: str, environ: Mapping[str, str] | None = None, config: str = "") -> str:
    """Where a setting that no flag has set was set: its variable, or the file and line; "" where it is built in."""
    variables = dict(os.environ if environ is None else environ)
    if f"RATES_{name.upper()}" in variables:
        return f"environment variable RATES_{name.upper()}"
    path, _ = config_path({**variables, "RATES_CONFIG": config} if config else variables)
    try:
        return f"{path}, line {_line(path.read_text(encoding='utf-8-sig'), name, *names)}"
    except OSError:
        return ""


_KEY = r"""(?:[\w-]+|"[^"]*"|'[^']*')"""
_PATH = rf"{_KEY}(?:\s*\.\s*{_KEY})*"
_HEAD = re.compile(rf"\s*(?:(?P<set>{_PATH})\s*=|\[\[?\s*(?P<table>{_PATH})\s*\]\]?\s*(?:#.*)?$)")


def _line(body: str, *names: str) -> int:
    """The line that sets the name (of a table, and of a key in it), or the table; 1 when it cannot be told."""
    table: list[str] = []
    for number, line in enumerate(body.splitlines(), start=1):
        found = _HEAD.match(line)
        if not found:
            continue
        parts = [part.strip("'\"") for part in re.findall(_KEY, found["set"] or found["table"])]
        table = parts if found["table"] else table
        if (parts if found["table"] else [*table, *parts])[: len(names)] == list(names):
            return number
    return _line(body, *names[:-1]) if len(names) > 1 else 1


def from_environ(environ: Mapping[str, str], base: Settings) -> Settings:
    """The base with what RATES_… variables set, and the keys that providers' own variables hold."""
    values: dict[str, Any] = {}
    for variable, value in environ.items():
        if not variable.startswith("RATES_") or variable == "RATES_CONFIG" or variable in _FOREIGN:
            continue
        values[variable[6:].lower()] = parse(variable[6:].lower(), value, f"environment variable {variable}")
    return replace(base, **values)


# Variables of the same prefix that are read elsewhere: click's shell completion.
_FOREIGN = frozenset({"RATES_COMPLETE"})


def load(environ: Mapping[str, str] | None = None, config: str = "") -> Settings:
    """The settings in force: built-in, then the config file, then the environment. Flags come after, by `replace`."""
    variables = dict(os.environ if environ is None else environ)
    if config:
        variables["RATES_CONFIG"] = config
    seen = tuple(sorted((k, v) for k, v in variables.items() if k.startswith(("RATES_", "XDG_CONFIG")) or k == "HOME"))
    return _load(seen)


@lru_cache(maxsize=8)
def _load(seen: tuple[tuple[str, str], ...]) -> Settings:
    """Reads the file and the variables once for an environment; a worker calls this for every base."""
    environ = dict(seen)
    path, named = config_path(environ)
    return from_environ(environ, from_file(path, Settings(), must_exist=named))
