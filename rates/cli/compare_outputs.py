"""What `rates compare` writes beside its screen: exports, pictures, and the bars that grow while it measures."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import click

from rates.cli.options import FILE
from rates.cli.terminal import error_width
from rates.errors import UsageError
from rates.settings import MACHINE_FORMATS
from rates.settings.parsers import words

if TYPE_CHECKING:
    from rates.compare import Comparison, Sample, Variant

STDOUT = "-"
PICTURES = (".html", ".svg", ".png")
FILES = {
    "--export-json": "Write everything, with every single time; - is standard output, in place of the screen.",
    "--export-hyperfine": "Write what hyperfine's own plotting scripts read.",
    "--export-csv": "Write the figures, a line a variant, in seconds.",
    "--export-markdown": "Write the tables and the verdict.",
    "--plot": "Draw times, speed-ups and timelines: FILE.html, .svg, or .png (by the extra fetch-rates[plot]).",
}
# Taken by --python as they are, or replaced in the command line of each child.
REPLACED = (*FILES, "--python", "--format", "--seed", "--rounds", "--time-budget")

OPTIONS = (
    click.option("--details", is_flag=True, help="Print all tables and reasons in place of the summary."),
    *(click.option(name, type=FILE, help=text) for name, text in FILES.items()),
    click.option("--each", is_flag=True, help="With --plot: a file a chart, like FILE-times.svg."),
    click.option("--timeline", is_flag=True, help="Print each worker's fetches as lanes of characters."),
    click.option("--watch", is_flag=True, help="On a terminal: show the bars while they grow."),
    click.option("--load", metavar="A.json B.json", nargs=2, type=FILE,
                 help="Measure nothing: show what changed from one --export-json to another."),
    click.option("--python", "pythons", metavar="LIST",
                 help="Under these Pythons, one after the other, like 3.11,3.13,3.14t, or paths."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outputs:
    """What was asked for. files: by option."""

    files: Mapping[str, str] = field(default_factory=dict)
    details: bool = False
    each: bool = False
    timeline: bool = False
    watch: bool = False
    load: tuple[str, str] | None = None
    pythons: tuple[str, ...] = ()

    @property
    def screen(self) -> bool:
        """Whether the screen goes to standard output."""
        return STDOUT not in self.files.values()


def taken(flags: dict[str, Any]) -> Outputs:
    """The options of this module, removed from all that were given."""
    files = {option: path for option in FILES if (path := flags.pop(option.strip("-").replace("-", "_")))}
    more = {name: flags.pop(name) for name in ("details", "each", "timeline", "watch", "load")}
    pythons = flags.pop("pythons")
    try:
        names = () if pythons is None else tuple(dict.fromkeys(words(pythons)))
    except ValueError:
        raise UsageError("--python names none", hint="like --python 3.11,3.13,3.14t") from None
    return Outputs(files, **more, pythons=names)


def check(outputs: Outputs, fmt: str) -> None:
    """Raises UsageError before the first round for whatever would fail after the last."""
    paths, plot = list(outputs.files.values()), outputs.files.get("--plot", "")
    kind = Path(plot).suffix.lower()
    others = set(outputs.files) - {"--export-json"} or outputs.watch or outputs.timeline
    for wrong, message, hint in (
        (outputs.pythons and others, "--python prints one table of all", "of exports and pictures take --export-json"),
        (outputs.pythons and not outputs.screen, "--python writes a file for each Python",
         "give --export-json a name, like out.json"),
        (outputs.timeline and (fmt in MACHINE_FORMATS or not outputs.screen), "--timeline is for people",
         "leave it out where a program reads standard output"),
        (outputs.watch and not sys.stderr.isatty(), "--watch needs a terminal", "standard error is none here"),
        (plot and kind not in PICTURES, f"--plot {plot}: no picture has that ending",
         f"known are {', '.join(PICTURES)}"),
        (outputs.each and not plot, "--each needs a picture", "like --plot x.svg --each"),
    ):  # fmt: skip
        if wrong:
            raise UsageError(message, hint=hint)
    for option, path in outputs.files.items():
        if paths.count(path) > 1:
            raise UsageError(f"{path} would be written more than once", hint="give each export another file")
        if path != STDOUT:
            _check_file(option, path)
    if kind == ".png":
        from rates.compare.plots.png import ready

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
    }
    for option, path in outputs.files.items():
        try:
            if option == "--plot":
                _draw(result, Path(path), outputs.each)
            else:
                put(path, made[option](result))
        except OSError as error:
            if path == STDOUT:
                raise
            yield f"{option} {path} could not be written: {error.strerror or error}"


def _draw(result: Comparison, path: Path, each: bool) -> None:
    """Draws all charts into one file, or each into its own."""
    from rates import compare
    from rates.compare.plots.charts import charts

    draw = getattr(compare, path.suffix.lower()[1:])
    if not each:
        put(str(path), draw(result))
    for chart in charts(result) if each else ():
        put(str(path.with_name(f"{path.stem}-{chart.key}{path.suffix}")), draw(result, chart=chart.key))


def put(path: str, content: str | bytes) -> None:
    """Writes a file, or standard output."""
    if path == STDOUT:
        sys.stdout.write(content if isinstance(content, str) else "")
        sys.stdout.flush()
    elif isinstance(content, bytes):
        Path(path).write_bytes(content)
    else:
        Path(path).write_text(content, encoding="utf-8", newline="\n")


@contextmanager
def watching() -> Iterator[Callable[[Sample], None]]:
    """What to call after each measurement. It draws on stderr and removes its drawing at the end, also after Ctrl-C.

    It uses no thread: what a thread does while another variant is measured would count as that variant's.
    """
    from rich.console import Console
    from rich.live import Live

    seen: dict[Variant, list[Sample]] = {}
    with Live(console=Console(stderr=True, highlight=False), auto_refresh=False, transient=True) as live:

        def step(sample: Sample) -> None:
            seen.setdefault(sample.variant, []).append(sample)
            live.update(growing(seen, sample, error_width()), refresh=True)

        yield step


def growing(seen: Mapping[Variant, list[Sample]], last: Sample, width: int | None) -> str:
    """A bar for each variant's median so far; the warm-up shows as last time but does not count."""
    from rates.cli.compare_tables import bar_lines
    from rates.compare.columns import ms
    from rates.compare.results import names

    lines = []
    for variant, name in sorted(names(seen).items(), key=lambda each: each[1]):
        counted = [each for each in seen[variant] if each.number > 0]
        failed = sum(len(each.failures) for each in counted)
        times = [each.wall_s for each in counted if not each.failures]
        lines.append((
            ">" if variant == last.variant else "", name, median(times) if times else None,
            f"last {ms(seen[variant][-1].wall_s)} ms", f"{failed} failed" if failed else "",
        ))  # fmt: skip
    head = "warming up" if last.number < 1 else f"round {last.number}: median so far, last time"
    return "\n".join([head, *bar_lines(lines, width or 80)])
