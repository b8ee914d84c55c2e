"""`rates compare`: the same fetches in several modes, by map and by submit, and what each took."""

from __future__ import annotations

import sys
from collections.abc import Callable
from random import SystemRandom
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from rates import settings as _settings
from rates.cli import INTERRUPTED, NOTHING, OK, SOME_FAILED, say
from rates.cli.options import COMPARE, Setting, options, settings_from
from rates.cli.show import bases_of, say_offline
from rates.errors import UsageError, quoted
from rates.parse_settings import MODES, VIAS, whole, word, words
from rates.settings import Settings

if TYPE_CHECKING:
    from rates.compare import Comparison

# Currencies of the ECB, so that all answer offline; sixteen give eight workers two rounds of work each.
BASES = (
    "USD", "EUR", "GBP", "JPY", "CHF", "AUD", "CAD", "NZD", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "SGD", "HKD",
)  # fmt: skip
# As of a service on the same continent; a sequential round of sixteen then takes under a second.
LATENCY_S = 0.05
# What a public service is sent by one command at most.
MOST_LIVE = 200

EPILOG = """\b
The columns; times are in milliseconds, seconds in json, jsonl and csv:
  start-up   from opening the pool until every worker has answered a first
             call; a fork server, once it runs, is kept between the rounds
  whole      from handing out the first fetch to the last result, with the
             workers ready: median over the rounds, and as the spread, after
             the ±, half the distance from the fastest round to the slowest
  fetch      one fetch in its worker: median over all of them
  per s      fetches of a round, over the median whole time
  speed-up   whole time of sequential by map over this one's, round by round:
             the median of these ratios (without sequential: over the first row)
  ideal      share of the ideal reached: ceil(fetches / workers) x latency, over
             the median whole time. The latency is the simulated one, else the
             median fetch of sequential mode
  failed     fetches that failed, of all. They are never averaged in: whole,
             per s, speed-up and ideal are from rounds without a failure

\b
Each round runs every variant in a fresh random order, after the garbage has
been collected; the rounds of the warm-up are dropped. Two variants differ
measurably when their medians are further apart than both spreads together.

\b
Examples:
  rates compare                          no network: simulated, 50 ms a request
  rates compare --latency 200ms --jitter 50ms --workers 16
  rates compare --modes thread,process --via submit USD EUR GBP
  rates compare --format json | jq '.[] | {mode, via, speedup}'
  rates compare --live USD EUR GBP       the real services, 200 requests at most

\b
Exit status: 0 all well, 1 some fetches failed, 2 wrong usage, 3 every fetch failed, 130 interrupted (what has been
measured is printed).
"""


class Reading(click.ParamType):  # type: ignore[type-arg]  # generic since click 8.2 only
    """A flag whose text is read by a function; what it refuses fails with what is right."""

    def __init__(self, name: str, read: Callable[[object], Any], known: tuple[str, ...] = ()) -> None:
        self.name, self.read, self.known = name, read, known

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The value read."""
        try:
            return self.read(value)
        except ValueError as error:
            self.fail(f"{quoted(value)}: {error}", param, ctx)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """The known words that can follow the last comma."""
        done, comma, begun = incomplete.rpartition(",")
        return [CompletionItem(done + comma + known) for known in self.known if known.startswith(begun)]


def _list_of(known: tuple[str, ...]) -> Reading:
    """Some of the known words, with commas."""
    read = word(known)
    return Reading("LIST", lambda value: tuple(dict.fromkeys(read(part) for part in words(value))), known)


_OWN = (
    click.option("--modes", type=_list_of(MODES), default=",".join(MODES),
                 help=f"Of {', '.join(MODES)} (default: all)."),
    click.option("--via", "vias", type=_list_of(VIAS), default=",".join(VIAS), help="Of map, submit (default: both)."),
    click.option("--rounds", type=Reading("N", whole(1, 1000)), default=5, help="Rounds measured (default: 5)."),
    click.option("--warmup", type=Reading("N", whole(0, 100)), default=1, help="Rounds before, dropped (default: 1)."),
    click.option("--seed", type=Setting("seed", "N"), help="Repeats an earlier order, and its simulated network."),
    click.option("--live", is_flag=True, help=f"Measure the real services, with {MOST_LIVE} requests at most."),
)  # fmt: skip


@click.command("compare", epilog=EPILOG)
@click.argument("bases", nargs=-1, metavar="[BASE]…", type=click.UNPROCESSED,
                shell_complete=Setting("bases", "BASE").shell_complete)  # fmt: skip
@options(*_OWN, *COMPARE)
def command(
    bases: tuple[str, ...],
    modes: tuple[str, ...],
    vias: tuple[str, ...],
    rounds: int,
    warmup: int,
    live: bool,
    **flags: Any,
) -> int:
    """Run the same fetches in sequential, thread and process mode, by map and by submit, and compare their times.

    Without --live nothing is sent: the ECB's history answers, behind a simulated network of 50 ms latency unless
    --latency says otherwise. Without a BASE, sixteen of the ECB's currencies are fetched (live: those of the settings).
    """
    settings = settings_from({**flags, **_source(live, flags)})
    wanted = bases_of(bases) or (settings.bases if live else BASES)
    if settings.start_method == "fork" and set(modes) != {"process"} and "process" in modes:
        raise UsageError("fork cannot be compared with modes that run in this process",
                         hint="take --modes process, or another --start-method")  # fmt: skip
    many = len(modes) * len(vias)
    if live:
        _allow(len(wanted), many, rounds, warmup)
    if settings.seed is None:  # drawn here, so that the one printed repeats the simulated network too
        settings = settings.with_values(seed=SystemRandom().randrange(2**32))
    _say_source(settings, live)
    from rates.cli.run import progress
    from rates.compare import compare_work, fetches
    from rates.fetch import warm

    warm(settings)  # what is wrong with the source is told here, once, and not by each worker
    with progress(many * (rounds + warmup), settings) as step:
        result = compare_work(
            fetches(wanted, settings), modes=modes, vias=vias, workers=settings.workers, rounds=rounds, warmup=warmup,
            latency_s=settings.latency if settings.mocked else None, seed=settings.seed, step=step,
        )  # fmt: skip
    return _print(result, settings)


def _source(live: bool, flags: dict[str, Any]) -> dict[str, Any]:
    """The flags that choose where the fetches go: nowhere, unless that is said."""
    names = ("offline", "replay", "latency", "jitter", "fail")
    if live:
        given = [f"--{name}" for name in names if flags.get(name)]
        if given:
            raise UsageError(f"--live and {given[0]} contradict each other", hint="leave out one of them")
        return {"offline": False, "replay": "", "latency": 0.0, "jitter": 0.0, "fail": 0.0, "record": ""}
    base = _settings.load(config=flags.get("config") or "")
    mocked = flags.get("offline") or flags.get("replay") or base.mocked
    latency = flags.get("latency")
    return {
        "offline": flags.get("offline") if mocked else True,
        "latency": (base.latency or LATENCY_S) if latency is None else latency,
        "record": "",
    }


def _allow(n: int, variants: int, rounds: int, warmup: int) -> None:
    """Refuses to send more than a public service should get from one command."""
    total = n * variants * (rounds + warmup)
    if total <= MOST_LIVE:
        return
    times = f"{n} bases x {variants} variants x {rounds + warmup} rounds with the warm-up"
    most = MOST_LIVE // (n * variants) - warmup
    fewer = f"--rounds {most} is the most for these" if most > 0 else "name fewer bases, --modes or --via"
    raise UsageError(f"{total} live requests ({times}) are more than {MOST_LIVE}", hint=f"{fewer}; or leave out --live")


def _say_source(settings: Settings, live: bool) -> None:
    """Says on stderr, before the rounds, where the fetches go."""
    if live:
        say("live: real requests; how many at once is limited per service and process")
    else:
        jitter = f" ± {settings.jitter * 1000:g} ms" if settings.jitter else ""
        say(f"no network: simulated with a latency of {settings.latency * 1000:g} ms{jitter}; "
            "--live measures the real services")  # fmt: skip


def _print(result: Comparison, settings: Settings) -> int:
    """The table on stdout, what went wrong on stderr; gives the exit status."""
    from rates.cli.compare_table import failure_lines, text

    sys.stdout.write(text(result, settings.format) + "\n")
    sys.stdout.flush()
    for line in [*(why for _, why in result.left_out), *failure_lines(result)]:
        say(f"rates: {line}")
    calls, failed = sum(row.calls for row in result.figures), sum(row.failures for row in result.figures)
    if settings.mocked and failed < calls:
        from rates import offline

        say_offline(settings, offline.latest_day(settings.with_values(today=settings.on or settings.today)))
    if result.interrupted:
        done = len(result.samples)
        say(f"rates: interrupted after {done} of {result.planned} measurements")
        return INTERRUPTED
    return OK if not failed else SOME_FAILED if failed < calls else NOTHING
