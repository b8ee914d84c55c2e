"""`rates compare --python 3.11,3.13,3.14t`: the same comparison under each, and one table of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from pathlib import Path

from rates.cli import INTERRUPTED, NOTHING, OK, SOME_FAILED
from rates.cli.compare_outputs import FILES, STDOUT, Outputs, put
from rates.cli.compare_tables import pythons_text
from rates.cli.terminal import output_width, put_text, say
from rates.compare.interpreters import Python, find, measured
from rates.compare.json_format import from_json
from rates.compare.regression import merged
from rates.compare.results import Comparison
from rates.errors import RatesError, UsageError
from rates.settings import Settings

# Each is measured this often, so that what was different for a while shows as a difference of a Python from itself.
PASSES, ROUNDS, LEAST_ROUNDS = 2, 5, 3
# The options that each child gets anew, or not at all.
REPLACED = (*FILES, "--python", "--format", "--seed", "--rounds", "--time-budget")


def run(outputs: Outputs, words: Sequence[str], settings: Settings, rounds: int | None, budget_s: float | None) -> int:
    """Measures with each Python twice, in turn and then backwards, prints the table, and gives the exit status.

    words: the command line. Those that cannot be used are reported and left out.
    """
    found, missing = _found(outputs.pythons)
    names = _names(found)
    passes: dict[str, list[Comparison]] = {name: [] for name in names}
    interrupted = False
    turns = [(number, place) for number in range(PASSES) for place in range(len(found))[:: -1 if number % 2 else 1]]
    for number, place in turns:
        name, python = names[place], found[place]
        if number and not passes[name]:
            continue
        say(f"measuring with {name} ({python.executable})")
        try:
            arguments = _arguments(words, settings.seed or 0, rounds, budget_s, number)
            text, interrupted = measured(python, arguments)
            run = from_json(text, name)
            _report(name, run, python, number)
            passes[name].append(run)
            if path := outputs.files.get("--export-json"):
                file, turn = Path(path), f"-{number + 1}" if number else ""
                put(str(file.with_name(f"{file.stem}-{name.replace(' ', '-')}{turn}{file.suffix}")), text)
        except KeyboardInterrupt:
            interrupted = True
        except UsageError:
            raise
        except RatesError as error:
            missing = True
            say(f"rates: left out: {error}")
        if interrupted:
            break
    runs = {name: merged(each) for name, each in passes.items() if each}
    if runs:
        put_text(pythons_text(runs, settings.format, output_width()))
    if interrupted:
        say(f"rates: interrupted after {len(runs)} Pythons")
        return INTERRUPTED
    rows = [row for run in runs.values() for row in run.figures]
    if not any(row.rounds for row in rows):
        return NOTHING
    return SOME_FAILED if missing or any(row.failures for row in rows) else OK


def _found(names: Sequence[str]) -> tuple[list[Python], bool]:
    """The interpreters that can be measured with, each once, and whether others cannot."""
    found: dict[tuple[str, str], Python] = {}
    missing = False
    for name in names:
        try:
            python = find(name)
        except UsageError:
            raise
        except RatesError as error:
            missing = True
            say(f"rates: left out: {error}")
            continue
        if python.identity in found:
            say(f"rates: {name} is the same interpreter as {found[python.identity].name}, and measured once")
        found.setdefault(python.identity, python)
    if not found:
        raise UsageError("none of these Pythons can be measured with")
    return list(found.values()), missing


def _names(found: Sequence[Python]) -> list[str]:
    """A name for each: its version, and a number if an earlier one has the same."""
    labels = [python.label for python in found]
    earlier = [labels[:place].count(label) for place, label in enumerate(labels)]
    return [f"{label} ({count + 1})" if count else label for label, count in zip(labels, earlier, strict=True)]


def _arguments(words: Sequence[str], seed: int, rounds: int | None, budget_s: float | None, number: int) -> list[str]:
    """A child's command line: the same words, its share of the rounds or of the time, and JSON as its only output."""
    kept = without(words, REPLACED)
    if rounds is None and budget_s is None:
        rounds = PASSES * ROUNDS
    share = [] if rounds is None else ["--rounds", str(max(LEAST_ROUNDS, ceil(rounds / PASSES)))]
    share += [] if budget_s is None else ["--time-budget", f"{budget_s / PASSES:g}s"]
    answered = ["--yes"] if "--live" in kept and "--yes" not in kept else []  # the question was for all of them
    return ["--seed", str(seed + number), "--export-json", STDOUT, *share, *answered, *kept]


def without(words: Sequence[str], options: Sequence[str]) -> list[str]:
    """A command line without some options and their values, given as `--name value` or `--name=value`."""
    kept: list[str] = []
    skip = False
    for place, word in enumerate(words):
        if skip:
            skip = False
        elif word == "--":
            return [*kept, *words[place:]]
        elif word in options:
            skip = True
        elif not word.startswith(tuple(f"{name}=" for name in options)):
            kept.append(word)
    return kept


def _report(name: str, run: Comparison, python: Python, number: int) -> None:
    """Reports failures on stderr, and in the first pass what was left out."""
    for row in run.figures:
        if row.failures:
            why = next(why for sample in run.of(row.variant) for why in sample.failures)
            say(f"rates: {name}: {row.variant}: {row.failures} of {row.calls} fetches failed: {why}")
    if not number:
        if python.free and run.machine.gil:
            say(f"rates: {name} is built to run without the GIL, but a package turned it on")
        for _, why in run.left_out:
            say(f"rates: {name}: left out: {why}")
