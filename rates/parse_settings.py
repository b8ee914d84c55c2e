"""Text or TOML values to the types of the settings; every refusal is a ValueError that says what is right."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from rates.currencies import code, suggest
from rates.errors import UsageError

LAYOUTS = ("auto", "table", "matrix")
MACHINE_FORMATS = ("json", "jsonl", "csv")
# tabulate's formats, listed here so that a setting is checked without importing it; a test compares the two.
TABLE_FORMATS = (
    "asciidoc", "colon_grid", "double_grid", "double_outline", "fancy_grid", "fancy_outline", "github", "grid",
    "heavy_grid", "heavy_outline", "html", "jira", "latex", "latex_booktabs", "latex_longtable", "latex_raw",
    "mediawiki", "mixed_grid", "mixed_outline", "moinmoin", "orgtbl", "outline", "pipe", "plain", "presto", "pretty",
    "psql", "rounded_grid", "rounded_outline", "rst", "simple", "simple_grid", "simple_outline", "textile", "tsv",
    "unsafehtml", "youtrack",
)  # fmt: skip
FORMATS = (*MACHINE_FORMATS, *TABLE_FORMATS)
MODES = ("sequential", "thread", "process")
VIAS = ("map", "submit")
START_METHODS = ("", "fork", "spawn", "forkserver")

_SECONDS = {"": 1.0, "ms": 0.001, "s": 1.0, "m": 60.0, "min": 60.0}
_BYTES = {"": 1, "b": 1, "k": 2**10, "kb": 2**10, "m": 2**20, "mb": 2**20, "g": 2**30, "gb": 2**30}
_MEASURE = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z%]*)", re.ASCII)


def _measure(value: object, units: dict[str, float], example: str) -> float:
    """A number with an optional unit, as a TOML number or text."""
    if isinstance(value, bool):
        raise ValueError(f"must be like {example}")
    if isinstance(value, (int, float)):
        if not 0 <= value < float("inf"):
            raise ValueError(f"must not be negative, like {example}")
        return float(value)
    found = _MEASURE.fullmatch(str(value).strip().lower())
    if not found or found[2] not in units:
        raise ValueError(f"must be like {example}")
    return float(found[1]) * units[found[2]]


def seconds(value: object) -> float:
    """A time: 2.5, "2.5s", "120ms", "1m"."""
    return _measure(value, _SECONDS, '"10s" or "120ms"')


def positive_seconds(value: object) -> float:
    """A time that is not zero."""
    time = seconds(value)
    if time <= 0:
        raise ValueError("must be more than zero")
    return time


def size(value: object) -> int:
    """A size in bytes: 1000000, "32MB"."""
    count = int(_measure(value, {unit: float(many) for unit, many in _BYTES.items()}, '"32MB"'))
    if count < 1:
        raise ValueError("must be at least one byte")
    return count


def share(value: object) -> float:
    """A share of one: 0.05, "5%"."""
    part = _measure(value, {"": 1.0, "%": 0.01}, '"5%" or 0.05')
    if part > 1:
        raise ValueError('must be from 0 to 1, or "0%" to "100%"')
    return part


def whole(least: int, most: int) -> Callable[[object], int]:
    """A reader of whole numbers from `least` to `most`."""

    def read(value: object) -> int:
        text = str(value).strip()
        if isinstance(value, bool) or not re.fullmatch(r"-?\d+", text, re.ASCII) or not least <= int(text) <= most:
            raise ValueError(f"must be a whole number from {least} to {most}")
        return int(text)

    return read


def flag(value: object) -> bool:
    """Yes or no: true/false, 1/0, yes/no, on/off."""
    word = str(value).strip().lower()
    if word in ("1", "true", "yes", "on"):
        return True
    if word in ("0", "false", "no", "off", ""):
        return False
    raise ValueError("must be true or false")


def word(known: tuple[str, ...]) -> Callable[[object], str]:
    """A reader of one of the known words; a wrong one gets the nearest."""

    def read(value: object) -> str:
        text = str(value).strip().lower()
        if text not in known:
            named = ", ".join(entry for entry in known if entry)
            raise ValueError(suggest(text, known, f"must be one of {named}"))
        return text

    return read


def words(value: object) -> tuple[str, ...]:
    """A list, from a TOML array or text with commas or spaces; doubles are dropped, order is kept."""
    parts = value if isinstance(value, (list, tuple)) else re.split(r"[,\s]+", str(value))
    if not all(isinstance(part, str) for part in parts):
        raise ValueError('must be a list of text, like ["USD", "EUR"]')
    found = tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))
    if not found:
        raise ValueError("must name at least one")
    return found


def currency_codes(value: object) -> tuple[str, ...]:
    """A list of currency codes in any case."""
    try:
        return tuple(dict.fromkeys(code(part) for part in words(value)))
    except UsageError as error:
        raise ValueError(str(error)) from error


def symbols(value: object) -> tuple[str, ...]:
    """A list of currency codes, or "all" (which gives ())."""
    if str(value).strip().lower() == "all" or value == [] or value == ():
        return ()
    return currency_codes(value)


def provider_keys(value: object) -> tuple[str, ...]:
    """A list of provider keys in any case; whether they exist is asked where they are used."""
    return tuple(part.lower() for part in words(value))


def day(value: object) -> date | None:
    """A day, YYYY-MM-DD; "" for none."""
    if isinstance(value, date):
        return value
    text = str(value).strip()
    if text in ("", "latest"):
        return None
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        raise ValueError("must be a day like 2026-10-30")
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"is no day of the calendar ({error})") from error


def seed(value: object) -> int | None:
    """A whole number that makes the simulated network repeatable; "" for a fresh one."""
    return None if str(value).strip() == "" else whole(0, 2**32)(value)


def folder(value: object) -> str:
    """A folder's path; ~ is the home folder, "" is none."""
    from os.path import expanduser

    return expanduser(str(value).strip())


PARSERS: dict[str, Callable[[object], Any]] = {
    "bases": currency_codes,
    "symbols": symbols,
    "strict": flag,
    "provider": provider_keys,
    "on": day,
    "today": day,
    "mode": word(MODES),
    "workers": whole(1, 512),
    "via": word(VIAS),
    "start_method": word(START_METHODS),
    "timeout": positive_seconds,
    "deadline": positive_seconds,
    "retries": whole(0, 10),
    "backoff": seconds,
    "retry_after": seconds,
    "max_bytes": size,
    "offline": flag,
    "replay": folder,
    "record": folder,
    "latency": seconds,
    "jitter": seconds,
    "fail": share,
    "seed": seed,
    "format": word(FORMATS),
    "layout": word(LAYOUTS),
    "digits": whole(4, 28),
}
