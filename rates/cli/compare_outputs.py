"""What `rates compare` writes beside its table: exports and pictures, checked before the first round."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rates.cli.options import FILE
from rates.errors import UsageError
from rates.settings import MACHINE_FORMATS
from rates.settings.parsers import words

if TYPE_CHECKING:
    from rates.compare import Comparison

STDOUT = "-"
PICTURES = (".html", ".svg", ".png")
FILES = {
    "--export-json": "Write everything, with every single time; - is standard output, in place of the table.",
    "--export-hyperfine": "Write what hyperfine's own plotting scripts read.",
    "--export-csv": "Write the figures, a line a variant, in seconds.",
    "--export-markdown": "Write the tables and the verdict.",
    "--plot": "Draw times, speed-ups and timelines: FILE.html, .svg, or .png (by the extra fetch-rates[plot]).",
}


OPTIONS = (
    *(click.option(name, type=FILE, help=text) for name, text in FILES.items()),
    click.option("--timeline", is_flag=True, help="Print each worker's fetches as lanes of characters."),
    click.option("--watch", is_flag=True, help="On a terminal: show the table while it grows."),
    click.option("--load", metavar="A.json B.json", nargs=2, type=FILE,
                 help="Measure nothing: show what changed from one --export-json to another."),
    click.option("--python", "pythons", metavar="LIST",
                 help="Under these Pythons, one after the other, like 3.11,3.13,3.14t, or paths."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outputs:
    """What was asked for. files: by option."""

    files: Mapping[str, str] = field(default_factory=dict)
    timeline: bool = False
    watch: bool = False
    load: tuple[str, str] | None = None
    pythons: tuple[str, ...] = ()

    @property
    def table(self) -> bool:
        """Whether the table goes to standard output."""
        return STDOUT not in self.files.values()


def taken(flags: dict[str, Any]) -> Outputs:
    """The options of this module, removed from all that were given."""
    given = {option: flags.pop(option.strip("-").replace("-", "_")) for option in FILES}
    timeline, watch, load, pythons = (flags.pop(name) for name in ("timeline", "watch", "load", "pythons"))
    try:
        names = () if pythons is None else tuple(dict.fromkeys(words(pythons)))
    except ValueError:
        raise UsageError("--python names none", hint="like --python 3.11,3.13,3.14t") from None
    return Outputs({option: path for option, path in given.items() if path}, timeline, watch, load, names)


def check(outputs: Outputs, fmt: str) -> None:
    """Raises UsageError before the first round for whatever would fail after the last."""
    paths = list(outputs.files.values())
    if outputs.pythons:
        if set(outputs.files) - {"--export-json"} or outputs.watch or outputs.timeline:
            raise UsageError("--python prints one table of all", hint="of exports and pictures take --export-json FILE")
        if not outputs.table:
            raise UsageError("--python writes a file for each Python", hint="give --export-json a name, like out.json")
    for option, path in outputs.files.items():
        if paths.count(path) > 1:
            raise UsageError(f"{path} would be written more than once", hint="give each export another file")
        if path != STDOUT:
            _check_file(option, path)
    if outputs.timeline and (fmt in MACHINE_FORMATS or not outputs.table):
        raise UsageError("--timeline is for people", hint="leave it out where a program reads standard output")
    if outputs.watch:
        from rates.cli.compare_watch import check as check_terminal

        check_terminal()
    if plot := outputs.files.get("--plot"):
        kind = Path(plot).suffix.lower()
        if kind not in PICTURES:
            raise UsageError(f"--plot {plot}: no picture has that ending", hint=f"known are {', '.join(PICTURES)}")
        if kind == ".png":
            from rates.compare.plots.charts import ready

            ready()


def _check_file(option: str, path: str) -> None:
    """The file can be written, and keeps its content. A pipe is not opened, because its reader would see it end."""
    try:
        if not os.path.lexists(path):
            with open(path, "x", encoding="utf-8"):
                pass
            os.unlink(path)
        elif stat.S_ISREG(kind := os.stat(path).st_mode) or stat.S_ISDIR(kind):
            with open(path, "a", encoding="utf-8"):
                pass
        elif not os.access(path, os.W_OK):
            raise PermissionError(13, "Permission denied")
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise UsageError(f"{option} {path} cannot be written: {why}", hint="nothing has been measured") from None


def write(outputs: Outputs, result: Comparison) -> Iterator[str]:
    """Writes every export and picture; gives a sentence for each that failed, and goes on."""
    from rates import compare
    from rates.cli.compare_tables import markdown, text

    made: dict[str, Callable[[Comparison], str | bytes]] = {
        "--export-json": compare.to_json,
        "--export-hyperfine": compare.to_hyperfine,
        "--export-csv": lambda found: text(found, "csv") + "\n",
        "--export-markdown": markdown,
        "--plot": lambda found: getattr(compare, Path(outputs.files["--plot"]).suffix.lower()[1:])(found),
    }
    for option, path in outputs.files.items():
        try:
            put(path, made[option](result))
        except OSError as error:
            if path == STDOUT:
                raise
            yield f"{option} {path} could not be written: {error.strerror or error}"


def put(path: str, content: str | bytes) -> None:
    """Writes a file, or standard output."""
    if path == STDOUT:
        sys.stdout.write(content if isinstance(content, str) else "")
        sys.stdout.flush()
    elif isinstance(content, bytes):
        Path(path).write_bytes(content)
    else:
        Path(path).write_text(content, encoding="utf-8", newline="\n")
