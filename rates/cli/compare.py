"""`rates compare`: the same fetches in several modes, by map and by submit, and what each took."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from random import SystemRandom
from typing import TYPE_CHECKING, Any

import click

from rates import settings as _settings
from rates.cli import INTERRUPTED, NOTHING, OK, SOME_FAILED
from rates.cli.compare_outputs import OPTIONS, REPLACED, Outputs, check, put, taken, watching, write
from rates.cli.options import CODES, COMPARE, Value, options, settings_from, value_of
from rates.cli.show import bases_of
from rates.cli.terminal import output_width, progress, put_text, say
from rates.compare.columns import FETCHES, ROUNDS, meanings
from rates.errors import RatesError, UsageError
from rates.settings import MODES, SETTINGS, VIAS, Settings
from rates.settings.parsers import OneOf, positive_seconds, whole, words

if TYPE_CHECKING:
    from rates.compare import Ask, Comparison

# Currencies of the ECB, so that all answer offline; sixteen give eight workers two rounds of work each.
BASES = (
    "USD", "EUR", "GBP", "JPY", "CHF", "AUD", "CAD", "NZD", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "SGD", "HKD",
)  # fmt: skip
# As of a service in the same country; a sequential round of sixteen then takes a third of a second.
LATENCY_S = 0.02
# The table appears within a quarter of a minute, on two slow processors too.
BUDGET_S = 11.0
LEAST = 4
LIVE_ROUNDS = 3
# One of each kind, so that a round takes less than two seconds: in turn, in threads, on a loop, in processes.
USUAL = tuple(mode for mode in ("sequential", "thread", "asyncio", "process") if mode in MODES)
# Modes that may fork this process, which must then not have run a thread.
FORKING = {"process", "pool"}
# The number of requests that one host is sent without a question.
MOST_UNASKED = 200
WORDS = "rates.compare.words"

EPILOG = f"""\b
By default the screen has a line and a bar for each variant, from the fastest
on, what does not differ measurably from the fastest (=), and what to use.

\b
Where the fetches go: with --offline (the default) the answers come from
within each process, after a simulated latency. With --loopback a server gives
the same answers over real sockets, after the same latency. Only --live asks
the real services, within the rate limit of each.

\b
The first table of --details; times in milliseconds (json, csv: in seconds):
{meanings(ROUNDS)}

\b
The second table, of single fetches (p50, p95, p99: percentiles over all of
them, interpolated) and of what a round costs (medians):
{meanings(FETCHES)}

\b
Each round runs every variant in a new random order; the rounds of the warm-up
are dropped. A variant is slower than the fastest when Student's t test of the
logarithms of the paired rounds' ratios finds it (p < 0.05 after Holm's
correction for all; from ten rounds on a fifth is trimmed at either end:
Yuen's test) and its interval does not reach the fastest, or when it took half
as long again in each round of four or more; and when the difference is larger
than the smallest that the run can see: half the interval of the reference
against itself, or how far that is from 1. Outliers (3.5 robust standard
deviations, and at least 10 %) are counted and stay in.

\b
Two runs that --load compares share no rounds: a variant has changed when
Welch's t test of the logarithms of its whole times finds it (from ten rounds
on trimmed: Yuen's; p < 0.05 after Holm), the bootstrap interval of the ratio
of its medians does not reach 1, and the change is larger than either run's
reference from itself and than the variant's later rounds from its earlier
ones. --python does the same with two passes of each Python. A timeline is the
round nearest to the median. rates/compare/json_format.py describes the JSON.

\b
Examples:
  rates compare                          no network: simulated, 20 ms latency
  rates compare --latency 200ms --jitter 50ms --fail 2% --workers 4,8,16
  rates compare --modes thread,process --via submit USD EUR GBP --details
  rates compare --workers 1,2,4,8,16 --plot workers.html --timeline
  rates compare --load before.json after.json
  rates compare --python 3.11,3.13,3.14t --export-json pythons.json
  rates compare --live USD EUR GBP       the real services

Exit status: 0 success, 1 some fetches failed or results differ, 2 wrong usage, 3 every fetch failed, 130 interrupted
(what has been measured is printed).
"""


def _list_of(parse: Callable[[object], Any], offers: tuple[str, ...] = ()) -> Value:
    """A list, with commas, of what `parse` reads; duplicates are dropped."""
    return Value("LIST", lambda value: tuple(dict.fromkeys(map(parse, words(value)))), offers, commas=True)


def _mode(value: object) -> Any:
    """A mode of ours, or one that another package has added; "all" stands for all of them."""
    from rates.executors import modes

    return OneOf((*modes(), "all"))(value)


_OWN = (
    click.option("--modes", type=_list_of(_mode, (*MODES, "all")),
                 default=",".join(USUAL), help=f"Of {', '.join(MODES)}; or all (default: {', '.join(USUAL)})."),
    click.option("--via", "vias", type=_list_of(OneOf(VIAS), VIAS), default=",".join(VIAS),
                 help="Of map, submit (default: both)."),
    click.option("--workers", "many", type=_list_of(whole(1, 512)),
                 help="Numbers of workers, like 1,2,4,8 (default: that of the settings)."),
    click.option("--rounds", type=Value("N", whole(1, 1000)),
                 help="Rounds measured (default: until the speed-ups are known to within ±3 %)."),
    click.option("--warmup", type=Value("N", whole(0, 100)), default=1, help="Rounds before, dropped (default: 1)."),
    click.option("--time-budget", "budget", type=Value("TIME", positive_seconds),
                 help=f"Time for all rounds, like 60s (default without --rounds: {BUDGET_S:g}s)."),
    click.option("--warm", is_flag=True, help="Keep each pool, with its connections, from round to round."),
    click.option("--seed", type=value_of(SETTINGS["seed"]), help="Repeat an earlier order, and its simulated network."),
    click.option("--loopback", is_flag=True, help="Real sockets: a server on 127.0.0.1 gives the offline answers."),
    click.option("--live", is_flag=True, help="Measure the real services; asks before more than 200 requests to one."),
    click.option("--yes", is_flag=True, help="Answer that question with yes."),
)  # fmt: skip


class _Command(click.Command):
    """Keeps its command line unchanged, for the same comparison under another Python."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Notes the words before click parses them."""
        ctx.meta[WORDS] = tuple(args)
        return super().parse_args(ctx, args)


@click.command("compare", cls=_Command, epilog=EPILOG)
@click.argument("bases", nargs=-1, metavar="[BASE]…", type=CODES)
@options(*_OWN, *OPTIONS, *COMPARE)
def command(bases: tuple[str, ...], modes: tuple[str, ...], live: bool, loopback: bool, yes: bool, **more: Any) -> int:
    """Run the same fetches in every mode, by map and by submit, and report which is fastest, by how much, and why.

    Without --live nothing is sent: the ECB's history answers, behind a simulated network of 20 ms latency unless
    --latency says otherwise. Without a BASE, sixteen of the ECB's currencies are fetched (live: those of the settings).
    """
    outputs = taken(more)
    if outputs.load is not None:
        return _load(outputs, outputs.load, bases, settings_from({name: more[name] for name in ("format", "config")}))
    own = {name: more.pop(name) for name in ("vias", "many", "rounds", "warmup", "budget", "warm")}
    settings = settings_from({**more, **_source(live, loopback, more)})
    check(outputs, settings.format)
    if bases and not any(word.strip(", ") for word in bases):
        raise UsageError("no base to fetch", hint="name some, like: rates compare USD EUR GBP")
    wanted = bases_of(bases) or (settings.bases if live else BASES)
    # A second fetch of the same base would get the answer of the first.
    named = Counter(code for word in bases for code in bases_of((word,)))
    if doubled := [code for code, times in named.items() if times > 1]:
        say(f"rates: compared once, though named more often: {', '.join(doubled)}")
    if "all" in modes:
        from rates.executors import modes as all_modes

        modes = all_modes()
    if settings.start_method == "fork" and not set(modes) <= FORKING and FORKING & set(modes):
        raise UsageError("fork cannot be compared with modes that run in this process",
                         hint="take --modes process, or another --start-method")  # fmt: skip
    if settings.seed is None:  # drawn here, so that the one printed repeats the simulated network too
        settings = settings.with_values(seed=SystemRandom().randrange(2**32))
    ask = _ask(modes, own, settings, "live" if live else "loopback" if loopback else "offline")
    if live:
        total = _requests(len(wanted), ask, settings, max(1, len(outputs.pythons)))
        confirm(total, f"the host of {settings.provider[0]}", yes)
    _say_source(settings, live, loopback)
    if outputs.pythons:
        return _pythons(outputs, click.get_current_context().meta[WORDS], settings, own["rounds"], own["budget"])
    return _print(_run(wanted, ask, settings, loopback, outputs), settings, outputs)


def _load(outputs: Outputs, paths: tuple[str, str], bases: tuple[str, ...], settings: Settings) -> int:
    """Prints what changed from one saved run to another; the status is 1 if they did not do the same work."""
    from rates.cli.compare_tables import changes_text
    from rates.compare.json_format import load
    from rates.compare.regression import other_work

    if bases or outputs.files or outputs.watch or outputs.timeline or outputs.pythons:
        unwanted = " ".join(bases) or "exports, --plot, --timeline, --watch and --python"
        raise UsageError("--load measures nothing", hint=f"leave out {unwanted}")
    before, after = map(load, paths)
    put_text(changes_text(before, after, paths, settings.format, output_width(), outputs.details))
    return SOME_FAILED if other_work(before, after) else OK


def _ask(modes: tuple[str, ...], own: dict[str, Any], settings: Settings, source: str) -> Ask:
    """What is to be compared, with the source of the fetches for the record."""
    from rates.compare import Ask

    rounds, budget = own["rounds"], own["budget"]
    if source == "live" and rounds is None and budget is None:
        rounds = LIVE_ROUNDS
    return Ask(
        modes=modes,
        vias=own["vias"],
        workers=own["many"] or (settings.workers,),
        rounds=rounds,
        warmup=own["warmup"],
        budget_s=BUDGET_S if rounds is None and budget is None else budget,
        least=LEAST if budget is None else 1,
        warm=own["warm"],
        latency_s=settings.latency if settings.mocked else None,
        seed=settings.seed,
        plan={"source": source, "jitter_s": settings.jitter, "fail": settings.fail, "provider": settings.provider},
    )


def _run(bases: tuple[str, ...], ask: Ask, settings: Settings, loopback: bool, outputs: Outputs) -> Comparison:
    """The comparison, with a progress bar on a terminal, or with the growing table that --watch asks for."""
    from rates.compare import compare_work, fetches
    from rates.fetch import warm

    served: AbstractContextManager[Settings] = nullcontext(settings)
    if loopback:
        from rates.offline.loopback import serving

        served = serving(settings)
    with served as chosen:
        warm(chosen)  # reports a fault of the source here, once, and not in each worker
        if outputs.watch:
            with watching() as watch:
                return compare_work(fetches(bases, chosen), ask, on_sample=watch)
        with progress(None, chosen) as step:
            return compare_work(fetches(bases, chosen), ask, on_sample=lambda sample: step())


def _source(live: bool, loopback: bool, flags: dict[str, Any]) -> dict[str, Any]:
    """The settings that decide where the fetches go: nowhere, unless asked for."""
    names = ("offline", "replay", "latency", "jitter", "fail")
    dask = {"mode": "dask"} if flags.get("scheduler") else {}  # the mode which that flag is for
    if live:
        given = [f"--{name}" for name in names if flags.get(name)] + (["--loopback"] if loopback else [])
        if given:
            raise UsageError(f"--live and {given[0]} contradict each other", hint="leave out one of them")
        return {**dask, "offline": False, "replay": "", "latency": 0.0, "jitter": 0.0, "fail": 0.0, "record": ""}
    base = _settings.load(config=flags.get("config") or "")
    mocked = flags.get("offline") or flags.get("replay") or base.mocked
    latency = flags.get("latency")
    return {
        **dask,
        "offline": flags.get("offline") if mocked else True,
        "latency": (base.latency or LATENCY_S) if latency is None else latency,
        "record": "",
    }


def _requests(n: int, ask: Ask, settings: Settings, times: int) -> int:
    """How many requests the first host gets: one for each fetch, or one for all that share a document.

    Without --rounds as many as the budget may hold. times: how often the whole comparison runs.
    """
    from rates import providers
    from rates.compare.comparison import planned
    from rates.providers.groups import expand

    variants = planned(ask.modes or MODES, ask.vias, ask.workers, n)
    per_base = any(providers.load(key).PROVIDER.per_base for key in expand(settings.provider[:1]))
    return (n if per_base else 1) * len(variants) * ((ask.rounds or 1000) + ask.warmup) * times


def confirm(total: int, host: str, yes: bool) -> None:
    """Asks before that many requests are sent; UsageError if the answer is no, or without a terminal."""
    if total <= MOST_UNASKED or yes:
        return
    fewer = "fewer --rounds, --modes, --via, --workers or bases"
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError(
            f"{total} requests to {host} are more than {MOST_UNASKED}, and there is no terminal to ask at",
            hint=f"--yes sends them; {fewer} need no question",
        )
    if not click.confirm(f"This sends about {total} requests to {host}. Go on?", err=True):
        raise UsageError("nothing was sent", hint=f"{fewer} send fewer")


def _say_source(settings: Settings, live: bool, loopback: bool) -> None:
    """Says on stderr, before the rounds, where the fetches go."""
    jitter = f" ± {settings.jitter * 1000:g} ms" if settings.jitter else ""
    latency = f"with a latency of {settings.latency * 1000:g} ms{jitter}"
    if live:
        say("live: real requests; how many at once is limited per service and process")
    elif loopback:
        say(f"a server on 127.0.0.1 answers {latency}")
    else:
        say(f"simulated {latency}; --loopback and --live use real sockets")


def _print(result: Comparison, settings: Settings, outputs: Outputs) -> int:
    """Prints the screen on stdout, writes the files, reports failures on stderr, and gives the exit status."""
    from rates.cli.compare_tables import failure_lines, summary, text
    from rates.compare import timeline

    if outputs.screen:
        width = output_width()
        brief = settings.format == "simple" and not outputs.details
        put_text(summary(result, width) if brief else text(result, settings.format, width))
        if outputs.timeline:
            put_text("\n" + timeline(result, width or 100))
    unwritten = list(write(outputs, result))
    left_out = [f"left out: {why}" for _, why in result.left_out]
    for line in [*unwritten, *left_out, *result.differing, *failure_lines(result), *result.notes]:
        say(f"rates: {line}")
    calls, failed = sum(row.calls for row in result.figures), sum(row.failures for row in result.figures)
    if result.interrupted:
        whole_rounds = f"{result.rounds} whole round{'' if result.rounds == 1 else 's'}"
        say(f"rates: interrupted after {len(result.samples)} measurements, {whole_rounds}")
        return INTERRUPTED
    if failed == calls or unwritten:
        return NOTHING
    return SOME_FAILED if failed or result.differing else OK


def _pythons(
    outputs: Outputs, words: Sequence[str], settings: Settings, rounds: int | None, budget_s: float | None
) -> int:
    """Measures with each Python twice, in turn and then backwards, prints the table, and gives the exit status.

    words: the command line. Pythons that cannot be used are reported and left out.
    """
    from rates.cli.compare_tables import pythons_text
    from rates.compare import pythons

    runs: dict[str, list[Comparison]] = {}
    missing = interrupted = False
    for name in outputs.pythons:
        try:
            runs[pythons.find(name)] = []
        except UsageError:
            raise
        except RatesError as error:
            missing = True
            say(f"rates: left out: {error}")
    if not runs:
        raise UsageError("none of these Pythons can be measured with")
    for number in range(pythons.PASSES):
        for path in list(runs)[:: -1 if number % 2 else 1]:
            if interrupted or len(runs[path]) < number:
                continue
            say(f"measuring with {path}")
            try:
                arguments = pythons.arguments_of(words, REPLACED, settings.seed or 0, rounds, budget_s, number)
                run, text, interrupted = pythons.measured(path, arguments)
                runs[path].append(run)
                _keep(run, text, outputs.files.get("--export-json", ""), number)
            except KeyboardInterrupt:
                interrupted = True
            except UsageError:
                raise
            except RatesError as error:
                missing = True
                say(f"rates: left out: {error}")
    made = pythons.labelled(list(runs.values()))
    if made:
        put_text(pythons_text(made, settings.format, output_width()))
    if interrupted:
        say(f"rates: interrupted after {len(made)} Pythons")
        return INTERRUPTED
    rows = [row for run in made.values() for row in run.figures]
    if not any(row.rounds for row in rows):
        return NOTHING
    return SOME_FAILED if missing or any(row.failures for row in rows) else OK


def _keep(run: Comparison, text: str, path: str, number: int) -> None:
    """Reports the failures of a pass and, of the first, what was left out; writes its JSON to a file with its name."""
    from rates.cli.compare_tables import failure_lines
    from rates.compare.pythons import version

    left_out = [] if number else [f"left out: {why}" for _, why in run.left_out]
    for line in (*failure_lines(run), *left_out):
        say(f"rates: {version(run)}: {line}")
    if path:
        file, turn = Path(path), f"-{number + 1}" if number else ""
        put(str(file.with_name(f"{file.stem}-{version(run)}{turn}{file.suffix}")), text)
