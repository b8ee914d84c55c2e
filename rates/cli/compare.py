"""`rates compare`: the same fetches in several modes, by map and by submit, and what each took."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import SystemRandom
from typing import TYPE_CHECKING, Any

import click

from rates import settings as _settings
from rates.cli import INTERRUPTED, NOTHING, OK, SOME_FAILED
from rates.cli.compare_help import EPILOG
from rates.cli.compare_outputs import OPTIONS, Outputs, check, taken, write
from rates.cli.options import COMPARE, options, settings_from, value_of
from rates.cli.parameters import CODES, Value
from rates.cli.show import bases_of, say_offline
from rates.cli.terminal import output_width, put_text, say
from rates.errors import UsageError
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
# A table within a quarter of a minute, on two slow processors too.
BUDGET_S = 11.0
LEAST = 4
LIVE_ROUNDS = 3
# One of each kind, so that a round takes under two seconds: in turn, in threads, on a loop, in processes.
USUAL = tuple(mode for mode in ("sequential", "thread", "asyncio", "process") if mode in MODES)
# Modes that fork this process when told to, which must then have run nothing.
FORKING = {"process", "pool"}
WORDS = "rates.compare.words"


def _list_of(parse: Callable[[object], Any], offers: tuple[str, ...] = ()) -> Value:
    """A list, with commas, of what `parse` reads; duplicates are dropped."""
    return Value("LIST", lambda value: tuple(dict.fromkeys(map(parse, words(value)))), offers, commas=True)


def _mode(value: object) -> str:
    """A mode: one of ours, or one that another package has joined; "all" is for all of them."""
    if value in MODES or value == "all":
        return str(value)
    from rates.compare.variants import known_modes

    return OneOf(known_modes())(value)


_OWN = (
    click.option("--modes", type=_list_of(_mode, (*MODES, "all")), default=",".join(USUAL),
                 help=f"Of {', '.join(MODES)}; or all (default: {', '.join(USUAL)})."),
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
    """Keeps its words as they were given, for the same comparison under another Python."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Notes the words before click takes them apart."""
        ctx.meta[WORDS] = tuple(args)
        return super().parse_args(ctx, args)


@click.command("compare", cls=_Command, epilog=EPILOG)
@click.argument("bases", nargs=-1, metavar="[BASE]…", type=CODES)
@options(*_OWN, *OPTIONS, *COMPARE)
def command(bases: tuple[str, ...], modes: tuple[str, ...], live: bool, loopback: bool, yes: bool, **more: Any) -> int:
    """Run the same fetches in every mode, by map and by submit, and tell which is fastest, by how much, and why.

    Without --live nothing is sent: the ECB's history answers, behind a simulated network of 20 ms latency unless
    --latency says otherwise. Without a BASE, sixteen of the ECB's currencies are fetched (live: those of the settings).
    """
    outputs = taken(more)
    if outputs.load:
        from rates.cli.compare_load import show

        if bases:
            raise UsageError("--load measures nothing", hint=f"leave out {' '.join(bases)}")
        return show(outputs, settings_from({name: more[name] for name in ("format", "config")}))
    own = {name: more.pop(name) for name in ("vias", "many", "rounds", "warmup", "budget", "warm")}
    settings = settings_from({**more, **_source(live, loopback, more)})
    check(outputs, settings.format)
    if bases and not any(word.strip(", ") for word in bases):
        raise UsageError("no base to fetch", hint="name some, like: rates compare USD EUR GBP")
    wanted = bases_of(bases) or (settings.bases if live else BASES)
    if doubled := _doubled(bases):
        say(f"rates: compared once, though named more often: {', '.join(doubled)}")
    if "all" in modes:
        from rates.compare.variants import known_modes

        modes = known_modes()
    if settings.start_method == "fork" and not set(modes) <= FORKING and FORKING & set(modes):
        raise UsageError("fork cannot be compared with modes that run in this process",
                         hint="take --modes process, or another --start-method")  # fmt: skip
    if settings.seed is None:  # drawn here, so that the one printed repeats the simulated network too
        settings = settings.with_values(seed=SystemRandom().randrange(2**32))
    ask = _ask(modes, own, settings, "live" if live else "loopback" if loopback else "offline")
    if live:
        _confirm(len(wanted), ask, settings, yes, max(1, len(outputs.pythons)))
    _say_source(settings, live, loopback)
    if outputs.pythons:
        from rates.cli.compare_pythons import run

        return run(outputs, click.get_current_context().meta[WORDS], settings, own["rounds"], own["budget"])
    return _print(_run(wanted, ask, settings, loopback, outputs), settings, outputs)


def _doubled(bases: tuple[str, ...]) -> list[str]:
    """The bases that were named more than once: a second fetch of one would be answered by the first."""
    named = Counter(code for word in bases for code in bases_of((word,)))
    return [code for code, times in named.items() if times > 1]


def _ask(modes: tuple[str, ...], own: dict[str, Any], settings: Settings, source: str) -> Ask:
    """What is to be compared, and what the record tells of where the fetches went."""
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
        plan={
            "source": source, "jitter_s": settings.jitter, "fail": settings.fail, "provider": settings.provider,
        },
    )  # fmt: skip


def _run(bases: tuple[str, ...], ask: Ask, settings: Settings, loopback: bool, outputs: Outputs) -> Comparison:
    """The comparison, with progress on a terminal, or with what is asked for to be watched."""
    from rates.cli.compare_watch import watching
    from rates.cli.progress import progress
    from rates.compare import compare_work, fetches
    from rates.fetch import warm

    with _serving(settings, loopback) as chosen:
        warm(chosen)  # what is wrong with the source is told here, once, and not by each worker
        if outputs.watch:
            with watching() as watch:
                return compare_work(fetches(bases, chosen), ask, on_sample=watch)
        with progress(None, chosen) as step:
            return compare_work(fetches(bases, chosen), ask, on_sample=lambda sample: step())


@contextmanager
def _serving(settings: Settings, loopback: bool) -> Iterator[Settings]:
    """The settings, with a server behind them if one is wanted."""
    if not loopback:
        yield settings
        return
    from rates.offline.loopback import serving

    with serving(settings) as served:
        yield served


def _source(live: bool, loopback: bool, flags: dict[str, Any]) -> dict[str, Any]:
    """The flags that choose where the fetches go: nowhere, unless that is said."""
    names = ("offline", "replay", "latency", "jitter", "fail")
    dask = {"mode": "dask"} if flags.get("scheduler") else {}  # which that flag is for
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


def _confirm(n: int, ask: Ask, settings: Settings, yes: bool, times: int) -> None:
    """Asks before many requests go to one host; without --rounds as many are reckoned as the budget may hold.

    times: how often the whole comparison runs.
    """
    from rates import providers
    from rates.cli.compare_live import confirm, requests_a_host
    from rates.compare.variants import planned
    from rates.providers.groups import expand

    first = [providers.load(key).PROVIDER for key in expand(settings.provider[:1])]
    variants = planned(ask.modes or MODES, ask.vias, ask.workers, n)
    rounds = ((ask.rounds or 1000) + ask.warmup) * times
    total = requests_a_host(n, variants, rounds, any(provider.per_base for provider in first))
    confirm(total, f"the host of {settings.provider[0]}", yes)


def _say_source(settings: Settings, live: bool, loopback: bool) -> None:
    """Says on stderr, before the rounds, where the fetches go."""
    if live:
        say("live: real requests; how many at once is limited per service and process")
        return
    jitter = f" ± {settings.jitter * 1000:g} ms" if settings.jitter else ""
    where = "a server on 127.0.0.1 answers" if loopback else "no network: simulated"
    more = "" if loopback else "; --loopback measures real sockets, --live the real services"
    say(f"{where} with a latency of {settings.latency * 1000:g} ms{jitter}{more}")


def _print(result: Comparison, settings: Settings, outputs: Outputs) -> int:
    """The table on stdout, and what else was asked for; what went wrong on stderr; gives the exit status."""
    from rates.cli.compare_table import failure_lines, text

    if outputs.table:
        put_text(text(result, settings.format, output_width()))
        if outputs.timeline:
            from rates.compare.plots import timeline

            sys.stdout.write("\n" + timeline(result, output_width() or 100) + "\n")
        sys.stdout.flush()
    unwritten = list(write(outputs, result))
    for line in unwritten:
        say(f"rates: {line}")
    left_out = [f"left out: {why}" for _, why in result.left_out]
    for line in [*left_out, *result.differing, *failure_lines(result), *result.notes]:
        say(f"rates: {line}")
    calls, failed = sum(row.calls for row in result.figures), sum(row.failures for row in result.figures)
    if settings.mocked and failed < calls:
        from rates import offline

        say_offline(settings, offline.latest_day(settings.with_values(today=settings.on or settings.today)))
    if result.interrupted:
        whole_rounds = f"{result.rounds} whole round{'' if result.rounds == 1 else 's'}"
        say(f"rates: interrupted after {len(result.samples)} measurements, {whole_rounds}")
        return INTERRUPTED
    if failed == calls or unwritten:
        return NOTHING
    return SOME_FAILED if failed or result.differing else OK
