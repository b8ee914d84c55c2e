"""Fingerprints of results, equal for equal values in any process, and whether the variants' results agree. Pure."""

from __future__ import annotations

import pickle
from collections.abc import Mapping, Sequence, Set
from dataclasses import fields, is_dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from fractions import Fraction
from hashlib import blake2b

from rates.compare.results import Sample, Span

PLAIN = (bool, int, float, complex, str, bytes, Decimal, Fraction, date, time, timedelta, type(None))
MOST_DIFFERENCES = 5


def fingerprint(value: object) -> str:
    """Sixteen hexadecimal digits; "" for a value that has no fingerprint because it does not pickle."""
    try:
        return of_text(_canonical(value))
    except Exception:  # the code of a foreign object may raise anything
        return ""


def of_text(text: str) -> str:
    """The fingerprint of a text."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _canonical(value: object) -> str:
    """The value as text. Sets and mappings are sorted, since their order depends on the process."""
    kind = type(value)
    if isinstance(value, PLAIN):
        return f"{kind.__name__}:{value!r}"
    if isinstance(value, (list, tuple)):
        return f"{kind.__name__}[{','.join(map(_canonical, value))}]"
    if isinstance(value, Set):
        return f"{kind.__name__}{{{','.join(sorted(map(_canonical, value)))}}}"
    if isinstance(value, Mapping):
        pairs = sorted(f"{_canonical(key)}={_canonical(item)}" for key, item in value.items())
        return f"{kind.__name__}{{{','.join(pairs)}}}"
    if is_dataclass(value) and not isinstance(value, type):
        return f"{kind.__name__}({','.join(_canonical(getattr(value, field.name)) for field in fields(value))})"
    # Pickled twice, as a worker's result has been: the second pickle is shorter where parts are shared.
    return f"{kind.__name__}:{pickle.dumps(pickle.loads(pickle.dumps(value, 4)), 4).hex()}"


def disagreements(samples: Sequence[Sample], items: Sequence[str]) -> tuple[str, ...]:
    """Sentences that name results which differed between variants, at most five; () if all were equal.

    Within a round only, since the world may change from one to the next. Failed calls and results without a fingerprint
    are not compared.
    """
    found: list[str] = []
    seen: dict[tuple[int, int], tuple[Sample, Span]] = {}
    for sample in samples:
        for span in sample.spans:
            if not span.fingerprint:
                continue
            known, other = seen.setdefault((sample.number, span.index), (sample, span))
            if other.fingerprint != span.fingerprint:
                found.append(
                    f"{sample.variant} gave another result for {items[span.index]} than {known.variant} "
                    f"in round {sample.number}"
                )
    return tuple(found[:MOST_DIFFERENCES])
