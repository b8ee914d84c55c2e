"""Parsers of settings: text or a TOML value in, the setting's own type out.

A parser raises ValueError for a wrong value; the message gives the valid form. The same parsers read the settings file,
the environment and the command line. Currencies are imported only where a code is read: most commands need none.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping

from rates.errors import UsageError, suggest
from rates.settings.days import calendar_day, day

__all__ = ["calendar_day", "day"]  # parsers like the others, in a module of their own

LAYOUTS = ("auto", "table", "matrix")
MACHINE_FORMATS = ("json", "jsonl", "csv")
LEDGER_FORMATS = ("beancount", "ledger", "hledger", "gnucash")
PRICE_FORMATS = (*LEDGER_FORMATS, "parquet")  # only of rates, not of lists
# tabulate's formats, listed here so that a setting is checked without importing it; a test compares the two.
TABLE_FORMATS = (
    "asciidoc", "colon_grid", "double_grid", "double_outline", "fancy_grid", "fancy_outline", "github", "grid",
    "heavy_grid", "heavy_outline", "html", "jira", "latex", "latex_booktabs", "latex_longtable", "latex_raw",
    "mediawiki", "mixed_grid", "mixed_outline", "moinmoin", "orgtbl", "outline", "pipe", "plain", "presto", "pretty",
    "psql", "rounded_grid", "rounded_outline", "rst", "simple", "simple_grid", "simple_outline", "textile", "tsv",
    "unsafehtml", "youtrack",
)  # fmt: skip
FORMATS = (*MACHINE_FORMATS, *PRICE_FORMATS, *TABLE_FORMATS)
# The executors' words, listed here because settings may not import executors; a test compares the two.
MODES = ("sequential", "thread", "process", "pool", "dummy", "asyncio", "interpreter", "dask")
VIAS = ("map", "submit")
# The words of the rule for days without a rate, listed here because settings may not import the store; a test compares.
WHENS = ("exact", "previous", "next", "before", "nearest")
START_METHODS = ("", "fork", "spawn", "forkserver")

_SECONDS = {"": 1.0, "ms": 0.001, "s": 1.0, "m": 60.0, "min": 60.0}
_BYTES = {"": 1, "b": 1, "k": 2**10, "kb": 2**10, "m": 2**20, "mb": 2**20, "g": 2**30, "gb": 2**30}
DAY_S, MAX_BYTES = 86_400.0, 2.0**40


def _quantity(value: object, units: Mapping[str, float], most: float, right: str) -> float:
    """A number from 0 to `most`, with an optional unit if it is text; NaN is refused."""
    found = value if isinstance(value, (int, float)) and not isinstance(value, bool) else None
    if isinstance(value, str):
        parts = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([a-z%]*)", value.strip().lower(), re.ASCII)
        if parts and parts[2] in units:
            found = float(parts[1]) * units[parts[2]]
    if found is None or not 0 <= found <= most:
        raise ValueError(f"must be {right}")
    return float(found)


def seconds(value: object) -> float:
    """A time of at most a day, the longest that sockets accept: 2.5, "2.5s", "120ms", "1m"."""
    return _quantity(value, _SECONDS, DAY_S, 'from 0 to a day, like "10s" or "120ms"')


def positive_seconds(value: object) -> float:
    """A time of more than zero seconds."""
    time = seconds(value)
    if time <= 0:
        raise ValueError("must be more than zero")
    return time


def size(value: object) -> int:
    """A size in bytes: 1000000, "32MB"."""
    count = int(_quantity(value, _BYTES, MAX_BYTES, 'a size of at most 1024 GB, like "32MB"'))
    if count < 1:
        raise ValueError("must be at least one byte")
    return count


def share(value: object) -> float:
    """A share of one: 0.05, "5%"."""
    return _quantity(value, {"": 1.0, "%": 0.01}, 1.0, 'from 0 to 1, or "0%" to "100%"')


def whole(least: int, most: int) -> Callable[[object], int]:
    """A parser of whole numbers from `least` to `most`."""

    def parse(value: object) -> int:
        found = value if isinstance(value, int) and not isinstance(value, bool) else None
        if isinstance(value, str) and re.fullmatch(r"\s*-?\d{1,18}\s*", value, re.ASCII):
            found = int(value)
        if found is None or not least <= found <= most:
            raise ValueError(f"must be a whole number from {least} to {most}")
        return found

    return parse


def flag(value: object) -> bool:
    """Yes or no: true/false, 1/0, yes/no, on/off."""
    word = str(value).strip().lower()
    if word in ("1", "true", "yes", "on"):
        return True
    if word in ("0", "false", "no", "off", ""):
        return False
    raise ValueError("must be true or false")


class OneOf:
    """A parser of one word out of `words`; the error for a wrong word suggests the nearest one.

    more: gives further words; it is called only for a word that is not in `words`.
    """

    def __init__(self, words: tuple[str, ...], more: Callable[[], Iterable[str]] = tuple) -> None:
        self.words, self.more = words, more

    def __call__(self, value: object) -> str:
        """The word in lower case."""
        word = value.strip().lower() if isinstance(value, str) else None
        if word is not None and word in self.words:
            return word
        words = (*self.words, *self.more()) if word is not None else self.words
        if word is None or word not in words:
            raise ValueError(suggest(word or "", words, f"must be one of {', '.join(filter(None, words))}"))
        return word


def _foreign_modes() -> list[str]:
    """The modes that other distributions add."""
    from importlib.metadata import entry_points  # 10 ms, paid only for a word that is not one of MODES

    return sorted(entry.name for entry in entry_points(group="rates.executors"))


mode = OneOf(MODES, _foreign_modes)


def scheduler(value: object) -> str:
    """The address of a Dask scheduler, like tcp://host:8786; "" for none."""
    address = value.strip() if isinstance(value, str) else None
    if address is None or (address and not re.fullmatch(r"(tcp|tls|ws|wss|ucx)://[^\s/]+:\d{1,5}", address, re.ASCII)):
        raise ValueError('must be an address like "tcp://host:8786"')
    return address


def words(value: object) -> tuple[str, ...]:
    """A list, from a TOML array or from text with commas or spaces; duplicates are dropped, order is kept."""
    parts = re.split(r"[,\s]+", value) if isinstance(value, str) else value
    if isinstance(parts, Mapping) or not isinstance(parts, Iterable):
        raise ValueError('must be a list of text, like ["USD", "EUR"]')
    parts = list(parts)
    if not all(isinstance(part, str) for part in parts):
        raise ValueError('must be a list of text, like ["USD", "EUR"]')
    found = tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))
    if not found:
        raise ValueError("must name at least one")
    return found


def currency_codes(value: object) -> tuple[str, ...]:
    """A list of currency codes in upper or lower case."""
    from rates.currencies import code

    try:
        return tuple(dict.fromkeys(code(part) for part in words(value)))
    except UsageError as error:
        raise ValueError(str(error)) from error


def symbols(value: object) -> tuple[str, ...]:
    """A list of currency codes, or "all", which gives (). The code ALL (lek) alone must be given as a TOML array."""
    if value in ([], ()) or (isinstance(value, str) and value.strip().lower() == "all"):
        return ()
    return currency_codes(value)


def provider_keys(value: object) -> tuple[str, ...]:
    """A list of provider keys in upper or lower case, or paths of files; that they exist is checked where used."""
    if isinstance(value, os.PathLike):
        value = [os.fspath(value)]
    elif isinstance(value, str) and ".py" in value:  # a path may have spaces
        value = value.split(",")
    return tuple(_path(part) if part.endswith(".py") else part.lower() for part in words(value))


def _path(text: str) -> str:
    return os.path.abspath(os.path.expanduser(text))


def seed(value: object) -> int | None:
    """A whole number that makes the simulated network repeatable; None for ""."""
    return None if isinstance(value, str) and not value.strip() else whole(0, 2**32)(value)


def max_age(value: object) -> int | None:
    """A number of days, at most a century; None for any age, which text writes as ""."""
    return None if value is None or (isinstance(value, str) and not value.strip()) else whole(0, 36_525)(value)


def folder(value: object) -> str:
    """A folder's path; ~ is the home folder, "" means none."""
    path = os.fspath(value) if isinstance(value, os.PathLike) else value
    if not isinstance(path, str) or "\0" in path:
        raise ValueError("must be a folder's path as text")
    return os.path.expanduser(path.strip())


def store(value: object) -> str:
    """The path of a file, ~ being the home folder, or the URL of a PostgreSQL database; "" for the usual file."""
    place = os.fspath(value) if isinstance(value, os.PathLike) else value
    if not isinstance(place, str) or "\0" in place:
        raise ValueError("must be a file's path or a PostgreSQL URL as text")
    kind, colon, rest = place.strip().partition("://")
    if colon and (kind not in ("postgresql", "postgres") or not rest):
        raise ValueError("must be a file's path, or a URL like postgresql://user@host/name")
    return place.strip() if colon else os.path.expanduser(place.strip())


def file(value: object) -> str:
    """A file's path, made absolute for the workers; ~ is the home folder, "" means none."""
    path = os.fspath(value) if isinstance(value, os.PathLike) else value
    if not isinstance(path, str) or "\0" in path:
        raise ValueError("must be a file's path as text")
    return _path(path.strip()) if path.strip() else ""


def keys(value: object) -> tuple[tuple[str, str], ...]:
    """Keys of providers, from a mapping or from (provider, key) pairs; sorted. No message repeats a key."""
    pairs = value.items() if isinstance(value, Mapping) else value
    if isinstance(pairs, Iterable) and not isinstance(pairs, str):
        pairs = list(pairs)
        if all(isinstance(pair, tuple) and list(map(type, pair)) == [str, str] for pair in pairs):
            return tuple(sorted(dict(pairs).items()))
    raise ValueError('must be a table like {"tcmb": "the key"}')
