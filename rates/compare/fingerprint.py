"""A short digest of any value, the same in whatever process it was made; equal values have equal ones."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Mapping, Set
from dataclasses import fields, is_dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from fractions import Fraction
from hashlib import blake2b

PLAIN = (bool, int, float, complex, str, bytes, Decimal, Fraction, date, time, timedelta, type(None))


def digest(value: object) -> str:
    """Sixteen hexadecimal digits; "" for a value of which no digest can be made (it does not pickle)."""
    try:
        return of_text(_told(value))
    except Exception:  # a foreign object's own code may raise whatever it likes
        return ""


def of_text(text: str) -> str:
    """The digest of a text."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def together(digests: Iterable[str]) -> str | None:
    """One of many, in their order; None when one of them is not known."""
    found = list(digests)
    return of_text(" ".join(found)) if all(found) else None


def _told(value: object) -> str:
    """The value in words. Sets and mappings are sorted, since their order depends on the process."""
    kind = type(value)
    if isinstance(value, PLAIN):
        return f"{kind.__name__}:{value!r}"
    if isinstance(value, (list, tuple)):
        return f"{kind.__name__}[{','.join(map(_told, value))}]"
    if isinstance(value, Set):
        return f"{kind.__name__}{{{','.join(sorted(map(_told, value)))}}}"
    if isinstance(value, Mapping):
        pairs = sorted(f"{_told(key)}={_told(item)}" for key, item in value.items())
        return f"{kind.__name__}{{{','.join(pairs)}}}"
    if is_dataclass(value) and not isinstance(value, type):
        return f"{kind.__name__}({','.join(_told(getattr(value, field.name)) for field in fields(value))})"
    # Once there and back: what a worker sent has been, and is written shorter where it shares parts.
    return f"{kind.__name__}:{pickle.dumps(pickle.loads(pickle.dumps(value, 4)), 4).hex()}"
