"""Equal values have equal fingerprints in any process, and different results are found."""

from __future__ import annotations

import pickle
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest

from rates.compare.fingerprint import disagreements, fingerprint
from tests.compare.clock import SEQUENTIAL, THREAD, sample, span


@dataclass
class Pair:
    """A value with parts."""

    one: object
    two: object


VALUES = [
    None, True, 1, 1.5, "a", b"a", Decimal("1.10"), date(2026, 10, 30), [1, "a"], (1, "a"), {"a": 1, "b": {2, 3}},
    {"x", "y", "z"}, Pair([1], {"k": "v"}), complex(1, 2), range(5), float("nan"),
]  # fmt: skip
IDS = [f"{number}-{type(value).__name__}" for number, value in enumerate(VALUES)]  # the repr of a set varies


@pytest.mark.parametrize("value", VALUES, ids=IDS)
def test_survives_pickling(value: object) -> None:
    """A value that was sent by a worker has the fingerprint of the original."""
    assert len(fingerprint(value)) == 16
    assert fingerprint(pickle.loads(pickle.dumps(value))) == fingerprint(value)


def test_different_values_differ() -> None:
    """All these values have different fingerprints, 1, 1.0 and "1" too."""
    digests = [fingerprint(value) for value in [*VALUES, 1.0, "1", Decimal("1.1"), {"a": 1, "b": {2, 4}}]]
    assert len(set(digests)) == len(digests)


def test_order_of_sets_and_mappings() -> None:
    """The order of a set depends on the process's hash seed, and does not matter."""
    code = "from rates.compare.fingerprint import fingerprint; print(fingerprint({'a', 'b', 'c', 'dd', 'ee', 'ff'}))"
    found = {
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True, text=True, check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }  # fmt: skip
    assert len(found) == 1
    assert fingerprint({"a": 1, "b": 2}) == fingerprint({"b": 2, "a": 1})


def test_what_does_not_pickle_has_none() -> None:
    """A value without a fingerprint is not an error."""
    assert fingerprint(lambda: 1) == ""
    loop: list[object] = []
    loop.append(loop)
    assert fingerprint(loop) == ""


def test_disagreements() -> None:
    """Different results for one item in one round are named with both variants; failures are not results."""

    def gave(variant, number, *digests):  # type: ignore[no-untyped-def]
        return sample(variant, number, 1.0, spans=tuple(span(i, 0, 1, fingerprint=d) for i, d in enumerate(digests)))

    same = [
        gave(SEQUENTIAL, 1, "a", "b"),
        gave(THREAD, 1, "a", "b"),
        gave(SEQUENTIAL, 2, "c", ""),
        gave(THREAD, 2, "c", "d"),
    ]
    assert disagreements(same, ("USD", "EUR")) == ()
    assert disagreements([*same, gave(SEQUENTIAL, 3, "a", "b"), gave(THREAD, 3, "a", "x")], ("USD", "EUR")) == (
        "thread×8 by map gave another result for EUR than sequential by map in round 3",
    )


def test_most_disagreements() -> None:
    """At most five disagreements are listed."""
    many = [
        sample(variant, 1, 1.0, spans=tuple(span(i, 0, 1, fingerprint=word) for i in range(20)))
        for variant, word in ((SEQUENTIAL, "a"), (THREAD, "b"))
    ]
    assert len(disagreements(many, [""] * 20)) == 5
