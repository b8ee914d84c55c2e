"""The file of the user's own rates, read once: what `rates.fetch` and the look-ups of `rates.store` have in common."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from rates.errors import SettingsError
from rates.model import Quote


class OwnRates(NamedTuple):
    """The quotes of the file, by pair and day, and the SHA-256 of the file, in hex."""

    quotes: tuple[Quote, ...]
    digest: str


def read_own(path: str) -> OwnRates:
    """The own rates of the settings; `SettingsError` if no file is named, or it is missing or has a wrong line."""
    if not path:
        hint = 'name it with --own FILE, or own = "FILE" in the settings file'
        raise SettingsError("the provider own needs a file of rates, and none is set", hint=hint)
    try:
        found = os.stat(path)
        return _read(path, (found.st_mtime_ns, found.st_size))
    except FileNotFoundError:
        hint = "check --own, RATES_OWN or own in the settings file"
        raise SettingsError(f"no file of own rates {path}", hint=hint) from None
    except OSError as error:
        raise SettingsError(f"own rates {path} cannot be read: {error.strerror or error}") from error


@lru_cache(maxsize=4)
def _read(path: str, version: tuple[int, int]) -> OwnRates:
    """The same, once for each version of the file: every base of a run asks for it."""
    import hashlib  # 3 ms, which only own rates need

    from rates.providers._own import parse

    with open(path, "rb") as file:
        body = file.read()
    try:
        quotes = parse(body)
    except ValueError as error:
        raise SettingsError(f"own rates {path}: {error}") from error
    return OwnRates(quotes, hashlib.sha256(body).hexdigest())


def shared_currency(quotes: Sequence[Quote]) -> str:
    """The currency that all quotes have on one side, over which they can be crossed; "" if there is none."""
    sides = Counter(side for quote in quotes for side in quote[:2])
    return next((side for side, count in sides.items() if count == len(quotes)), "")


def in_force(quotes: Sequence[Quote], day: date, back_days: int) -> list[Quote]:
    """Of each pair the rate of that day or of its period; else the newest of one day, at most `back_days` before."""
    oldest = day - timedelta(days=back_days)
    found: dict[tuple[str, str], Quote] = {}
    for quote in quotes:  # in order of their days, and no two of a pair hold on one day
        if quote.holds_on(day) or (quote.valid_to is None and oldest <= quote.day <= day):
            found[quote[:2]] = quote
    return list(found.values())
