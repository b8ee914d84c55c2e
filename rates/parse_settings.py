"""Text or TOML values to the types of the settings; every refusal is a ValueError that says what is right.

The currencies are imported where one is read, since every command knows the words here, and few need a code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

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
MODES = ("sequential", "thread", "process", "pool", "dummy", "asyncio", "interpreter", "dask")
VIAS = ("map", "submit")
START_METHODS = ("", "fork", "spawn", "forkserver")

_SECONDS = {"": 1.0, "ms": 0.001, "s": 1.0, "m": 60.0, "min": 60.0}
_BYTES = {"": 1, "b": 1, "k": 2**10, "kb": 2**10, "m": 2**20, "mb": 2**20, "g": 2**30, "gb": 2**30}
DAY_S, MOST_BYTES = 86_400.0, 2.0**40
_MEASURE = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z%]*)", re.ASCII)


def _measure(value: object, units: Mapping[str, float], most: float, right: str) -> float:
    """A number from 0 to `most` with an optional unit, as a TOML number or text; NaN is none."""
    found = value if isinstance(value, (int, float)) and not isinstance(value, bool) else None
    if isinstance(value, str):
        parts = _MEASURE.fullmatch(value.strip().lower())
        if parts and parts[2] in units:
            found = float(parts[1]) * units[parts[2]]
    if found is None or not 0 <= found <= most:
        raise ValueError(f"must be {right}")
    return float(found)


def seconds(value: object) -> float:
    """A time of at most a day, since sockets take no longer ones: 2.5, "2.5s", "120ms", "1m"."""
    return _measure(value, _SECONDS, DAY_S, 'from 0 to a day, like "10s" or "120ms"')


def positive_seconds(value: object) -> float:
    """A time that is not zero."""
    time = seconds(value)
    if time <= 0:
        raise ValueError("must be more than zero")
    return time


def size(value: object) -> int:
    """A size in bytes: 1000000, "32MB"."""
    count = int(_measure(value, _BYTES, MOST_BYTES, 'a size of at most 1024 GB, like "32MB"'))
    if count < 1:
        raise ValueError("must be at least one byte")
    return count


def share(value: object) -> float:
    """A share of one: 0.05, "5%"."""
    return _measure(value, {"": 1.0, "%": 0.01}, 1.0, 'from 0 to 1, or "0%" to "100%"')


def whole(least: int, most: int) -> Callable[[object], int]:
    """A reader of whole numbers from `least` to `most`."""

    def read(value: object) -> int:
        found = value if isinstance(value, int) and not isinstance(value, bool) else None
        if isinstance(value, str) and re.fullmatch(r"\s*-?\d{1,18}\s*", value, re.ASCII):
            found = int(value)
        if found is None or not least <= found <= most:
            raise ValueError(f"must be a whole number from {least} to {most}")
        return found

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
        text = value.strip().lower() if isinstance(value, str) else None
        if text is None or text not in known:
            from rates.currencies import suggest

            named = ", ".join(entry for entry in known if entry)
            raise ValueError(suggest(text or "", known, f"must be one of {named}"))
        return text

    return read


def mode(value: object) -> str:
    """The word for a mode: one of ours, or one that another distribution has joined."""
    if isinstance(value, str) and value.strip().lower() not in MODES:
        from importlib.metadata import entry_points  # 10 ms, which only a word that is none of ours pays

        return word((*MODES, *sorted({entry.name for entry in entry_points(group="rates.executors")})))(value)
    return word(MODES)(value)


def scheduler(value: object) -> str:
    """The address of a Dask scheduler, like tcp://host:8786; "" for none."""
    address = value.strip() if isinstance(value, str) else None
    if address is None or (address and not re.fullmatch(r"(tcp|tls|ws|wss|ucx)://[^\s/]+:\d{1,5}", address, re.ASCII)):
        raise ValueError('must be an address like "tcp://host:8786"')
    return address


def words(value: object) -> tuple[str, ...]:
    """A list, from a TOML array or text with commas or spaces; doubles are dropped, order is kept."""
    parts = re.split(r"[,\s]+", value) if isinstance(value, str) else value
    if not isinstance(parts, (list, tuple)) or not all(isinstance(part, str) for part in parts):
        raise ValueError('must be a list of text, like ["USD", "EUR"]')
    found = tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))
    if not found:
        raise ValueError("must name at least one")
    return found


def currency_codes(value: object) -> tuple[str, ...]:
    """A list of currency codes in any case."""
    from rates.currencies import code

    try:
        return tuple(dict.fromkeys(code(part) for part in words(value)))
    except UsageError as error:
        raise ValueError(str(error)) from error


def symbols(value: object) -> tuple[str, ...]:
    """A list of currency codes, or "all" (which gives ()); the lek, ALL, alone is written as a list."""
    if value in ([], ()) or (isinstance(value, str) and value.strip().lower() == "all"):
        return ()
    return currency_codes(value)


def provider_keys(value: object) -> tuple[str, ...]:
    """A list of provider keys in any case; whether they exist is asked where they are used."""
    return tuple(part.lower() for part in words(value))


def day(value: object) -> date | None:
    """A day, YYYY-MM-DD; "" for none."""
    text = value.strip().lower() if isinstance(value, str) else ""
    if text in ("", "latest") and isinstance(value, str):
        return None
    if isinstance(value, date) and not isinstance(value, datetime):  # TOML has both
        text = value.isoformat()
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        raise ValueError("must be a day like 2026-10-30")
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"is no day of the calendar ({error})") from error
    if not 1000 <= found.year < date.max.year:  # the days around it are counted with, and must exist
        raise ValueError("must be a day of the years 1000 to 9998")
    return found


def seed(value: object) -> int | None:
    """A whole number that makes the simulated network repeatable; "" for a fresh one."""
    return None if isinstance(value, str) and not value.strip() else whole(0, 2**32)(value)


def folder(value: object) -> str:
    """A folder's path; ~ is the home folder, "" is none."""
    from os.path import expanduser

    if not isinstance(value, str) or "\0" in value:
        raise ValueError("must be a folder's path as text")
    return expanduser(value.strip())


PARSERS: dict[str, Callable[[object], Any]] = {
    "bases": currency_codes,
    "symbols": symbols,
    "strict": flag,
    "pegs": flag,
    "provider": provider_keys,
    "on": day,
    "today": day,
    "mode": mode,
    "workers": whole(1, 512),
    "via": word(VIAS),
    "start_method": word(START_METHODS),
    "scheduler": scheduler,
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
