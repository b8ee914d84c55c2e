"""What `rates compare` leaves beside its table: exports, pictures, timelines; looked at before the first round."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rates.cli.parameters import FILE
from rates.errors import UsageError
from rates.settings import MACHINE_FORMATS
from rates.settings.parsers import words

if TYPE_CHECKING:
    from rates.compare import Comparison

STDOUT = "-"
PICTURES = (".html", ".svg", ".png")


def _to(name: str, text: str) -> Any:
    return click.option(f"--{name}", type=FILE, help=text)


OPTIONS = (
    _to("export-json", "Write everything, every single time too; - is standard output, in place of the table."),
    _to("export-hyperfine", "Write what hyperfine's own plotting scripts read."),
    _to("export-csv", "Write the figures, a line a variant, in seconds."),
    _to("export-markdown", "Write the tables and the verdict."),
    _to("plot", "Draw times, speed-ups and timelines: FILE.html, .svg, or .png (by the extra fetch-rates[plot])."),
    click.option("--timeline", is_flag=True, help="Print each worker's fetches as lanes of characters."),
    click.option("--watch", is_flag=True, help="On a terminal: show the table while it grows."),
    click.option("--load", metavar="A.json B.json", nargs=2, type=FILE,
                 help="Measure nothing: tell what changed from one --export-json to another."),
    click.option("--python", "pythons", metavar="LIST",
                 help="Under these Pythons, one after the other, like 3.11,3.13,3.14t, or paths."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outputs:
    """What was asked for; "" and () where nothing was."""

    export_json: str = ""
    export_hyperfine: str = ""
    export_csv: str = ""
    export_markdown: str = ""
    plot: str = ""
    timeline: bool = False
    watch: bool = False
    load: tuple[str, ...] = ()
    pythons: tuple[str, ...] = ()

    def files(self) -> list[tuple[str, str]]:
        """The option and the name of each file to be written."""
        names = ("export_json", "export_hyperfine", "export_csv", "export_markdown", "plot")
        return [(f"--{name.replace('_', '-')}", getattr(self, name)) for name in names if getattr(self, name)]

    @property
    def table(self) -> bool:
        """Whether standard output is the table's."""
        return all(path != STDOUT for _, path in self.files())


def taken(more: dict[str, Any]) -> Outputs:
    """The options of this module, taken out of all that were given."""
    given = {field.name: more.pop(field.name) for field in fields(Outputs)}
    pythons = given.pop("pythons")
    if pythons is not None:
        try:
            given["pythons"] = tuple(dict.fromkeys(words(pythons)))
        except ValueError:
            raise UsageError("--python names none", hint="like --python 3.11,3.13,3.14t") from None
    return Outputs(**{name: value for name, value in given.items() if value is not None})


def check(outputs: Outputs, fmt: str) -> None:
    """Whatever would go wrong after the last round is a UsageError before the first."""
    if outputs.pythons:
        _check_many(outputs)
    names = [path for _, path in outputs.files()]
    for option, path in outputs.files():
        if names.count(path) > 1:
            raise UsageError(f"{path} would be written more than once", hint="give each export a file of its own")
        if path != STDOUT:
            _check_file(option, path)
    if outputs.timeline and (fmt in MACHINE_FORMATS or not outputs.table):
        raise UsageError("--timeline is for people", hint="leave it out where a program reads standard output")
    if outputs.watch:
        from rates.cli.compare_watch import check as watchable

        watchable()
    if outputs.plot:
        _check_picture(outputs.plot)


def _check_many(outputs: Outputs) -> None:
    """Nothing is asked that only one comparison could give."""
    if any(option != "--export-json" for option, _ in outputs.files()) or outputs.watch or outputs.timeline:
        raise UsageError("--python prints one table of all", hint="of exports and pictures take --export-json FILE")
    if outputs.export_json == STDOUT:
        raise UsageError("--python writes a file for each Python", hint="give --export-json a name, like out.json")


def _check_picture(path: str) -> None:
    """The kind of picture is known, and can be drawn."""
    kind = Path(path).suffix.lower()
    if kind not in PICTURES:
        raise UsageError(f"--plot {path}: no picture has that ending", hint=f"known are {', '.join(PICTURES)}")
    if kind == ".png":
        from rates.compare.plots.raster import ready

        ready()


def _check_file(option: str, path: str) -> None:
    """The file can be written to, and keeps what it has. A pipe is not opened, or its reader would see it end."""
    try:
        try:
            kind = os.stat(path).st_mode
        except FileNotFoundError:
            with open(path, "x", encoding="utf-8"):
                pass
            os.unlink(path)
            return
        if stat.S_ISREG(kind) or stat.S_ISDIR(kind):
            with open(path, "a", encoding="utf-8"):
                pass
        elif not os.access(path, os.W_OK):
            raise PermissionError(13, "Permission denied")
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise UsageError(f"{option} {path} cannot be written: {why}", hint="nothing has been measured") from None


def write(outputs: Outputs, result: Comparison) -> Iterator[str]:
    """Writes every export and picture; gives a sentence for each that could not be, and goes on."""
    from rates.cli.compare_table import markdown, text
    from rates.compare.exports import to_hyperfine, to_json

    made: dict[str, Callable[[Comparison], str]] = {
        "--export-json": to_json,
        "--export-hyperfine": to_hyperfine,
        "--export-csv": lambda found: text(found, "csv") + "\n",
        "--export-markdown": markdown,
    }
    for option, path in outputs.files():
        try:
            put(path, picture(path, result) if option == "--plot" else made[option](result))
        except OSError as error:
            if path == STDOUT:
                raise
            yield f"{option} {path} could not be written: {error.strerror or error}"


def picture(path: str, result: Comparison) -> str | bytes:
    """The picture that the file's ending asks for."""
    from rates.compare import plots

    drawn: str | bytes = getattr(plots, Path(path).suffix.lower().removeprefix("."))(result)
    return drawn


def put(path: str, content: str | bytes) -> None:
    """Writes a file, or standard output."""
    if path == STDOUT:
        sys.stdout.write(content if isinstance(content, str) else "")
        sys.stdout.flush()
    elif isinstance(content, bytes):
        Path(path).write_bytes(content)
    else:
        Path(path).write_text(content, encoding="utf-8", newline="\n")
