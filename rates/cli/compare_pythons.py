"""`rates compare --python 3.11,3.13,3.14t`: one table of all of them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median, stdev
from textwrap import wrap

from rates.cli import INTERRUPTED, NOTHING, OK, SOME_FAILED, say
from rates.cli.compare_outputs import OPTIONS, STDOUT, Outputs, put
from rates.cli.compare_table import UNKNOWN, WIDTH
from rates.compare.across import sentences, variants
from rates.compare.load import Ran, Run, read
from rates.compare.pythons import Python, find, measured, without
from rates.errors import RatesError, UsageError
from rates.parse_settings import MACHINE_FORMATS
from rates.present import rows
from rates.present.grid import Cell, notes
from rates.settings import Settings

KEYS = ("python", "gil", "mode", "via", "workers", "startup_s", "wall_s", "rounds", "speedup")


def run(outputs: Outputs, words: Sequence[str], settings: Settings) -> int:
    """Measures with each in turn, then prints the table; what is not there is told and left out."""
    if any(option != "--export-json" for option, _ in outputs.files()) or outputs.watch or outputs.timeline:
        raise UsageError(
            "--python prints one table of all", hint="of exports and pictures it has --export-json FILE alone"
        )
    if outputs.export_json == STDOUT:
        raise UsageError("--python writes a file for each Python", hint="give --export-json a name, like out.json")
    found, missing = _found(outputs.pythons)
    arguments = _arguments(words, settings)
    measured_with: list[Run] = []
    interrupted, labels = False, [python.label for python in found]
    for python in found:
        say(f"measuring with {python.label} ({python.executable})")
        try:
            text, interrupted = measured(python, arguments)
            label = python.label if labels.count(python.label) == 1 else f"{python.label} {python.executable}"
            measured_with.append(_kept(read(text, label), python, text, outputs))
        except KeyboardInterrupt:
            interrupted = True
        except UsageError:
            raise
        except RatesError as error:
            missing.append(str(error))
            say(f"rates: left out: {error}")
        if interrupted:
            break
    return _print(measured_with, settings, bool(missing), interrupted)


def _found(names: Sequence[str]) -> tuple[list[Python], list[str]]:
    """The interpreters that can be measured with, each once, and why others cannot."""
    found: dict[str, Python] = {}
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
        if python.executable in found:
            say(f"rates: {name} is {found[python.executable].name} once more, and measured once")
        found.setdefault(python.executable, python)
    if not found:
        raise UsageError("none of these Pythons can be measured with", hint="; ".join(missing))
    return list(found.values()), missing


def _arguments(words: Sequence[str], settings: Settings) -> list[str]:
    """What each child is asked: the same words, the same seed, and its JSON alone."""
    valued = [name for option in OPTIONS for name in _names(option)]
    kept = without(words, [*valued, "--format", "--seed"])
    answered = ["--yes"] if "--live" in kept and "--yes" not in kept else []  # the question was for all of them
    return ["--seed", str(settings.seed), "--export-json", STDOUT, *answered, *kept]


def _names(option: object) -> list[str]:
    """The names of one of our options, which only a command that has it can tell."""
    import click

    holder = option(click.Command("holder"))  # type: ignore[operator]  # a decorator, which click does not type
    return [name for param in holder.params if not getattr(param, "is_flag", False) for name in param.opts]


def _kept(found: Run, python: Python, text: str, outputs: Outputs) -> Run:
    """The run, its document written where that was asked for; a build without the GIL that has one is told."""
    if python.free and found.gil:
        say(f"rates: {python.label} is built to run without the GIL, but a package turned it on")
    if outputs.export_json:
        path = Path(outputs.export_json)
        put(str(path.with_name(f"{path.stem}-{found.name.replace('/', '_')}{path.suffix}")), text)
    for _, why in found.left_out:
        say(f"rates: {found.name}: left out: {why}")
    return found


def _print(found: Sequence[Run], settings: Settings, missing: bool, interrupted: bool) -> int:
    """The table on stdout; gives the exit status."""
    if found:
        sys.stdout.write(table(found, settings.format) + "\n")
        sys.stdout.flush()
    if interrupted:
        say(f"rates: interrupted after {len(found)} Pythons")
        return INTERRUPTED
    if not any(each.walls for run in found for each in run.ran):
        return NOTHING
    return SOME_FAILED if missing else OK


def table(found: Sequence[Run], fmt: str) -> str:
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
    headers = ("mode", "via", "workers", *heads, *(f"start {run.name}" for run in found))
    said = [line for sentence in sentences(found) for line in wrap(sentence, WIDTH, subsequent_indent="  ")]
    parts = (
        notes(["Median whole time and start-up in ms, ± standard deviation of the rounds."], fmt),
        rows(headers, cells, fmt, ("left", "left", *["right"] * (1 + 2 * len(found)))),  # type: ignore[arg-type]
        notes(said, fmt),
    )
    return "\n\n".join(part for part in parts if part)


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
