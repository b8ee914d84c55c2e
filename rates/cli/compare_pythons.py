"""`rates compare --python 3.11,3.13,3.14t`: one table of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from pathlib import Path
from statistics import median, stdev

from rates.cli import INTERRUPTED, NOTHING, OK, SOME_FAILED
from rates.cli.compare_outputs import OPTIONS, STDOUT, Outputs, put
from rates.cli.compare_table import UNKNOWN, WIDTH
from rates.cli.terminal import output_width, put_text, say
from rates.compare.load import Ran, Run, merged, read
from rates.compare.python_versions import sentences, variants
from rates.compare.pythons import Python, find, measured, without
from rates.errors import RatesError, UsageError
from rates.present.layout import Column, folded
from rates.present.tabular import Cell, notes, rows, stacked
from rates.settings import MACHINE_FORMATS, Settings

# Each is measured so often, so that what was different for a while shows as a difference of a Python from itself.
PASSES = 2
ROUNDS = 5
LEAST_ROUNDS = 3
KEYS = ("python", "gil", "mode", "via", "workers", "startup_s", "wall_s", "rounds", "speedup")


def run(outputs: Outputs, words: Sequence[str], settings: Settings, rounds: int | None, budget_s: float | None) -> int:
    """Measures with each twice, in turn and then in turn backwards, and prints the table; the missing are told."""
    found, missing = _found(outputs.pythons)
    labels = _labels(found)
    passes: dict[str, list[Run]] = {label: [] for label in labels}
    arguments = [_arguments(words, settings.seed or 0, rounds, budget_s, number) for number in range(PASSES)]
    interrupted = False
    turns = [(number, place) for number in range(PASSES) for place in range(len(found))[:: -1 if number % 2 else 1]]
    for number, place in turns:
        label, python = labels[place], found[place]
        if number and not passes[label]:
            continue
        say(f"measuring with {label} ({python.executable})")
        try:
            text, interrupted = measured(python, arguments[number])
            passes[label].append(_kept(read(text, label), python, text, outputs, number))
        except KeyboardInterrupt:
            interrupted = True
        except UsageError:
            raise
        except RatesError as error:
            missing.append(str(error))
            say(f"rates: left out: {error}")
        if interrupted:
            break
    return _print([merged(runs) for runs in passes.values() if runs], settings, bool(missing), interrupted)


def _found(names: Sequence[str]) -> tuple[list[Python], list[str]]:
    """The interpreters that can be measured with, each once, and why others cannot."""
    found: dict[tuple[str, str], Python] = {}
    missing = []
    for name in names:
        try:
            python = find(name)
        except UsageError:
            raise
        except RatesError as error:
            missing.append(str(error))
            say(f"rates: left out: {error}")
            continue
        if python.identity in found:
            say(f"rates: {name} is {found[python.identity].name} once more, and measured once")
        found.setdefault(python.identity, python)
    if not found:
        raise UsageError("none of these Pythons can be measured with")
    return list(found.values()), missing


def _labels(found: Sequence[Python]) -> list[str]:
    """A name for each: its version, and a number where one has come before."""
    labels: list[str] = []
    for python in found:
        before = sum(other.label == python.label for other in found[: len(labels)])
        labels.append(python.label if not before else f"{python.label} ({before + 1})")
    return labels


def _arguments(words: Sequence[str], seed: int, rounds: int | None, budget_s: float | None, number: int) -> list[str]:
    """What each child is asked: the same words, its share of the rounds or of the time, and its JSON alone."""
    valued = [name for option in OPTIONS for name in _names(option)]
    kept = without(words, [*valued, "--format", "--seed", "--rounds", "--time-budget"])
    if rounds is None and budget_s is None:
        rounds = PASSES * ROUNDS
    share = [] if rounds is None else ["--rounds", str(max(LEAST_ROUNDS, ceil(rounds / PASSES)))]
    share += [] if budget_s is None else ["--time-budget", f"{budget_s / PASSES:g}s"]
    answered = ["--yes"] if "--live" in kept and "--yes" not in kept else []  # the question was for all of them
    return ["--seed", str(seed + number), "--export-json", STDOUT, *share, *answered, *kept]


def _names(option: object) -> list[str]:
    """The names of one of our options, which only a command that has it can tell."""
    import click

    holder = option(click.Command("holder"))  # type: ignore[operator]  # a decorator, which click does not type
    return [name for param in holder.params if not getattr(param, "is_flag", False) for name in param.opts]


def _kept(found: Run, python: Python, text: str, outputs: Outputs, number: int) -> Run:
    """The run, its document written where that was asked for; a build without the GIL that has one is told."""
    if outputs.export_json:
        path, turn = Path(outputs.export_json), f"-{number + 1}" if number else ""
        put(str(path.with_name(f"{path.stem}-{found.name.replace(' ', '-')}{turn}{path.suffix}")), text)
    for each in found.ran:
        if each.failures:
            say(f"rates: {found.name}: {each.variant}: {each.failures} of {each.calls} fetches failed: {each.why}")
    if number:
        return found
    if python.free and found.gil:
        say(f"rates: {found.name} is built to run without the GIL, but a package turned it on")
    for _, why in found.left_out:
        say(f"rates: {found.name}: left out: {why}")
    return found


def _print(found: Sequence[Run], settings: Settings, missing: bool, interrupted: bool) -> int:
    """The table on stdout; gives the exit status."""
    if found:
        put_text(table(found, settings.format, output_width()))
    if interrupted:
        say(f"rates: interrupted after {len(found)} Pythons")
        return INTERRUPTED
    if not any(each.walls for run in found for each in run.ran):
        return NOTHING
    failed = any(each.failures for run in found for each in run.ran)
    return SOME_FAILED if missing or failed else OK


def table(found: Sequence[Run], fmt: str, width: int | None = None) -> str:
    """Medians of whole times and of start-ups, a line a variant, a column a Python; and what follows from them."""
    if fmt in MACHINE_FORMATS:
        return rows(KEYS, [_exact(run, each) for run in found for each in run.ran if not each.variant.label], fmt)
    shown = variants(found)
    heads = [f"{run.name}{'' if run.gil else ', no GIL'}" for run in found]
    cells: list[list[Cell]] = [
        [
            variant.mode, variant.via, variant.workers,
            *(_whole(run.of(variant)) for run in found), *(_startup(run.of(variant)) for run in found),
        ]
        for variant in shown
    ]  # fmt: skip
    columns = (
        *(Column("mode"), Column("via"), Column("workers", "right"), *(Column(head, "right") for head in heads)),
        *(Column(f"start {run.name}", "right", drop=1) for run in found),
    )
    parts = (
        notes(
            [
                "Median whole time and start-up in ms, ± standard deviation of the rounds.",
                "Each Python was measured twice, in turn and backwards: only what is beyond its own drift counts.",
            ],
            fmt,
            width,
        ),
        rows(columns, cells, fmt, width),
        notes([folded("\n".join(sentences(found)), min(width or WIDTH, WIDTH))], fmt),
    )
    return stacked(parts)


def _whole(each: Ran | None) -> str:
    """The median, and how far the rounds lie apart."""
    if each is None or not each.walls:
        return UNKNOWN
    spread = f" ± {stdev(each.walls) * 1000:.1f}" if len(each.walls) > 1 else ""
    return f"{median(each.walls) * 1000:.1f}{spread}"


def _startup(each: Ran | None) -> str:
    return UNKNOWN if each is None or each.startup_s is None else f"{each.startup_s * 1000:.{_few(each.startup_s)}f}"


def _few(seconds: float) -> int:
    return 0 if seconds >= 0.1 else 1


def _exact(run: Run, each: Ran) -> list[Cell]:
    """A line for programs."""
    from rates.cli.compare_load import _six

    variant, whole = each.variant, median(each.walls) if each.walls else None
    names: list[Cell] = [run.name, run.gil, variant.mode, variant.via, variant.workers]
    return [*names, _six(each.startup_s), _six(whole), len(each.walls), _six(each.speedup)]
