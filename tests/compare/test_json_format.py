from __future__ import annotations

import json
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from rates.compare import to_hyperfine, to_json
from rates.compare.figures import whole_times
from rates.compare.json_format import SCHEMA, document, from_json, load
from rates.compare.results import AGAIN
from rates.errors import UsageError
from tests.compare.clock import SEQUENTIAL, sample
from tests.compare.made import TWO_THREADS, comparison, concluded, failing, plain

NUMBER, MAYBE, LIST, TEXT = (int, float), (int, float, type(None)), (list,), (str,)
# Names and types at each place, written here and not taken from what writes them.
TOP = {
    "schema": TEXT, "machine": (dict,), "seed": (int,), "rounds": (int,), "plan": (dict,), "reference": (int,),
    "visible": MAYBE, "verdict": LIST, "notes": LIST, "differing": LIST, "left_out": LIST, "interrupted": (bool,),
    "variants": LIST,
}  # fmt: skip
MACHINE = {
    "cores": (int,), "cpu": TEXT, "system": TEXT, "implementation": TEXT, "python": TEXT, "gil": (bool,),
    "compiled": (bool,), "packages": (dict,),
}  # fmt: skip
VARIANT = {
    "mode": TEXT, "via": TEXT, "workers": (int,), "label": TEXT, "figures": (dict,), "outliers": LIST, "round": LIST,
    "wall_s": LIST, "startup_s": LIST, "shutdown_s": LIST, "spans": LIST,
}  # fmt: skip
FIGURES = dict.fromkeys(
    ("rounds", "fetches", "failures", "startup_s", "wall_s", "wall_mean_s", "wall_stddev_s", "wall_min_s",
     "wall_max_s", "speedup", "speedup_low", "speedup_high", "ideal_share", "ideal_s", "queue_p50_s", "wire_p50_s",
     "parse_p50_s", "fetch_p50_s", "fetch_p95_s", "fetch_p99_s", "fetches_per_s", "busy", "cpu_parent_s",
     "cpu_children_s", "peak_rss_mb", "connections", "shutdown_s", "waiting_share", "p"),
    MAYBE,
)  # fmt: skip
SPANS = dict.fromkeys(
    ("index", "worker", "handed_s", "began_s", "ended_s", "turn_s", "connect_s", "wait_s", "read_s", "parse_s",
     "failure"),
    LIST,
)  # fmt: skip


def fits(value: dict[str, Any], names: dict[str, tuple[type, ...]]) -> None:
    """These are all the names, and each value has its type."""
    assert set(value) == set(names)
    for name, types in names.items():
        assert isinstance(value[name], types), name


@pytest.mark.parametrize("result", [comparison(), failing(), plain()], ids=["well", "failing", "plain"])
def test_schema(result: Any) -> None:
    """The document always has all names, each of its type, and one entry a round in every list."""
    found = json.loads(to_json(result), parse_constant=pytest.fail)
    fits(found, TOP)
    fits(found["machine"], MACHINE)
    assert found["schema"] == SCHEMA == "rates-compare/2"
    for variant in found["variants"]:
        fits(variant, VARIANT)
        fits(variant["figures"], FIGURES)
        for name in ("wall_s", "startup_s", "shutdown_s", "spans"):
            assert len(variant[name]) == len(variant["round"])
        for columns in variant["spans"]:
            fits(columns, SPANS)
            assert len({len(column) for column in columns.values()}) == 1
    assert found == json.loads(json.dumps(document(result)))


def test_every_time_by_hand() -> None:
    """The times and figures are those of four fetches in 0.201, 0.202 and 0.203 s on two threads."""
    found = document(comparison())
    assert (found["seed"], found["rounds"], found["reference"], len(found["plan"]["items"])) == (3, 3, 0, 4)
    reference, threads, again = found["variants"]
    assert (threads["mode"], threads["via"], threads["workers"], again["label"]) == ("thread", "map", 2, AGAIN)
    assert threads["wall_s"] == [0.201, 0.202, 0.203]
    assert threads["startup_s"] == [0.00201, 0.00202, 0.00203]
    figures = threads["figures"]
    assert (figures["rounds"], figures["fetches"], figures["failures"]) == (3, 12, 0)
    assert figures["ideal_s"] == 0.2  # ceil(4 / 2) x 0.1
    assert figures["ideal_share"] == pytest.approx(0.2 / 0.202, abs=1e-6)
    assert figures["speedup"] == pytest.approx(0.402 / 0.202, abs=1e-6)
    assert (figures["cpu_parent_s"], figures["peak_rss_mb"], figures["connections"]) == (0.05, 40.0, 4)
    phases = [figures[f"{name}_p50_s"] for name in ("queue", "wire", "parse", "fetch")]
    assert phases == pytest.approx([0.05, 0.08, 0.02, 0.1])
    assert threads["spans"][0]["began_s"] == [0.0, 0.0, 0.1, 0.1]
    assert threads["spans"][0]["worker"] == ["1", "2", "1", "2"]
    assert figures["speedup_low"] <= figures["speedup"] <= figures["speedup_high"]
    assert (reference["figures"]["speedup"], reference["figures"]["speedup_low"]) == (1.0, None)


def test_a_failure_has_no_time() -> None:
    """A round in which a fetch failed keeps its position, without a wall time."""
    threads = document(failing())["variants"][1]
    assert (threads["wall_s"], threads["figures"]["failures"]) == ([0.201, None], 1)
    assert threads["spans"][1]["failure"] == ["", "refused <&>"]


def test_a_reference_not_reached() -> None:
    """In an interrupted run without the reference, `reference` is null and the rest is complete."""
    threads = comparison().samples[1]
    found = document(concluded((SEQUENTIAL, threads.variant), [threads], n=4))
    assert found["reference"] is None
    assert [variant["mode"] for variant in found["variants"]] == ["thread"]


def test_hyperfine_scripts() -> None:
    """The file has what hyperfine's plot_whisker, plot_parametrized, welch_ttest and advanced_statistics read."""
    results = json.loads(to_hyperfine(failing()))["results"]
    assert [b["command"] for b in results] == ["sequential by map", "thread×2 by map"]
    for b in results:
        assert all(isinstance(time, float) for time in b["times"])
        assert b["median"] == median(b["times"])
        assert b["min"] <= b["mean"] <= b["max"]
        assert b["exit_codes"] == [0] * len(b["times"])
        assert {"user", "system", "stddev"} <= set(b)
        [(name, value)] = b["parameters"].items()  # exactly one, and a number
        assert (name, float(value)) == ("workers", float(b["command"].startswith("thread") + 1))
    assert [len(b["times"]) for b in results] == [2, 1]
    assert results[1]["stddev"] is None


def test_hyperfine_without_times() -> None:
    """If every round failed, the file is valid and has no results."""
    result = concluded((SEQUENTIAL,), [sample(SEQUENTIAL, 1, 1.0, failures=("x",))], n=1)
    assert json.loads(to_hyperfine(result)) == {"results": []}


def test_read_what_was_written() -> None:
    """`from_json` reads what `to_json` writes: variants, times, plan, and what follows from them."""
    result = comparison()
    found = from_json(to_json(result), "a.json")
    assert found.variants == result.variants
    assert whole_times(found.samples, TWO_THREADS) == {1: 0.201, 2: 0.202, 3: 0.203}
    assert (found.seed, found.reference, found.rounds) == (3, SEQUENTIAL, 3)
    written, again = document(result), document(found)
    for variant in (*written["variants"], *again["variants"]):  # the file has no connections of a fetch
        variant["figures"]["connections"] = None
    assert again == written


def test_failed_rounds_have_no_time() -> None:
    """A round in which a fetch failed has no wall time when it is read back."""
    found = from_json(to_json(failing()), "a.json")
    assert whole_times(found.samples, TWO_THREADS) == {1: 0.201}
    assert [(row.rounds, row.failures) for row in found.figures] == [(2, 0), (1, 1)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "bad is not JSON"),
        ("{", "bad is not JSON"),
        ("[" * 100_000, "bad is not JSON"),
        ("[]", "has no schema"),
        ('{"results": []}', "has no schema"),
        ('{"schema": "rates-compare/1"}', "its schema is 'rates-compare/1'"),
        ('{"schema": "rates-compare/2"}', "is damaged: KeyError 'machine'"),
    ],
)
def test_bad_files(text: str, message: str) -> None:
    """A text that is not JSON, or is of another program or version, is refused with the file's name."""
    with pytest.raises(UsageError, match="bad") as error:
        from_json(text, "bad")
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [("wall_s", [-1.0]), ("wall_s", ["x"]), ("workers", None), ("startup_s", 3), ("wall_s", None), ("wall_s", [1e999])],
)
def test_damaged_variants(name: str, value: object) -> None:
    """A variant that lacks a value, or has an impossible one, is reported as damaged."""
    document = json.loads(to_json(comparison()))
    document["variants"][0][name] = value
    with pytest.raises(UsageError, match="is damaged"):
        from_json(json.dumps(document), "bad.json")


def test_unreadable_files(tmp_path: Path) -> None:
    """A missing file, a folder, and bytes that are not text are reported."""
    binary = tmp_path / "binary"
    binary.write_bytes(b"\xff\xfe\x00")
    for path, message in ((tmp_path / "none", "No such file"), (tmp_path, "directory"), (binary, "is not a text file")):
        with pytest.raises(UsageError, match=message):
            load(str(path))
