"""Whether the variants did the same work: in each round, equal results of equal items. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from rates.compare.records import Sample, Span

MOST = 5


def differing(samples: Sequence[Sample], items: Sequence[str]) -> tuple[str, ...]:
    """What tells that results were not the same, at most five sentences; () when they were.

    Within a round, since from one to the next the world may change. Calls that failed are none, and results of which no
    digest can be made are not looked at.
    """
    found: list[str] = []
    first: dict[tuple[int, int], tuple[Sample, Span]] = {}
    for sample in samples:
        for span in sample.spans:
            if not span.digest:
                continue
            known, other = first.setdefault((sample.number, span.index), (sample, span))
            if other.digest != span.digest:
                found.append(
                    f"{sample.variant} gave another result for {items[span.index]} than {known.variant} "
                    f"in round {sample.number}"
                )
            if len(found) == MOST:
                return tuple(found)
    return tuple(found)
