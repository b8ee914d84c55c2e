"""The flags and arguments of the commands: how their text is read, what a shell completes it to, and what they set."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

from rates import defaults, providers
from rates.errors import SettingsError, UsageError, quoted
from rates.settings import FORMATS, PRICE_FORMATS, SETTINGS, Setting, Settings, load, origin
from rates.settings.days import FromToday, counted

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

Command = TypeVar("Command", bound=Callable[..., Any])
# The words that complete a value, or a function that gives them for the text typed so far.
Offers = Iterable[str] | Callable[[str], Iterable[str]]
# Metavars of what the shell completes by itself.
_SHELL = {"DIR": "dir", "FILE": "file"}


class Value(click.ParamType):  # type: ignore[type-arg]  # generic since click 8.2 only
    """A value, or with `commas` a list of them.

    parse: text to value; its ValueError gives the valid form. Without it the command itself reads the text.
    """

    def __init__(
        self,
        metavar: str,
        parse: Callable[[object], Any] | None = None,
        offers: Offers = (),
        *,
        commas: bool = False,
    ) -> None:
        self.name, self.parse, self.offers, self.commas = metavar, parse, offers, commas

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The parsed value; a wrong one is a usage error with the valid form."""
        if self.name in _SHELL and ctx is not None and value in _names(ctx):
            self.fail(f"{value} is an option, and no {self.name.lower()} is named", param, ctx)
        if self.parse is None or not isinstance(value, str):
            return value
        try:
            return self.parse(value)
        except ValueError as error:
            self.fail(f"{quoted(value)}: {error}", param, ctx)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """The offers that begin like the text; in a list, like the text after the last comma."""
        from click.shell_completion import CompletionItem

        if self.name in _SHELL:
            return [CompletionItem(incomplete, type=_SHELL[self.name])]
        head, comma, begun = incomplete.rpartition(",") if self.commas else ("", "", incomplete)
        words = self.offers(incomplete) if callable(self.offers) else self.offers
        return [CompletionItem(head + comma + word) for word in words if word.lower().startswith(begun.lower())]


def _names(ctx: click.Context) -> set[str]:
    """The options of the command."""
    return {name for param in ctx.command.params for name in param.opts if name.startswith("--")}


def codes(typed: str) -> Iterable[str]:
    """All currency codes."""
    from rates.currencies import codes

    return sorted(codes())


def _symbols(typed: str) -> Iterable[str]:
    """All currency codes, and "all", which stands alone."""
    return codes(typed) if "," in typed else ("all", *codes(typed))


def _pairs(typed: str) -> Iterable[str]:
    """The pairs that complete what is typed: before the slash, of each code with the usual symbols.

    Never a lone `EUR/`, since a shell would put a space after it.
    """
    head, slash, begun = typed.upper().rpartition("/")
    near = [code for code in (codes(typed) if typed else defaults.SYMBOLS) if code.startswith(begun)]
    if slash:
        return [f"{head}/{code}" for code in near if code != head]
    return [f"{code}/{other}" for code in near for other in defaults.SYMBOLS if other != code]


CODES = Value("CODE", offers=codes, commas=True)
PAIRS = Value("PAIR", offers=_pairs)
KEYS = Value("KEY", offers=lambda typed: providers.keys(), commas=True)
FILE = Value("FILE")
DIR = Value("DIR")

# What completes a setting whose words its parser does not have.
_OFFERS: dict[str, Offers] = {
    "provider": lambda typed: providers.choices(), "symbols": _symbols, "on": ("today", "yesterday")
}  # fmt: skip


def value_of(setting: Setting) -> Value:
    """The type of a flag or argument that is read as this setting."""
    offers = _OFFERS.get(setting.name) or [word for word in getattr(setting.parse, "words", ()) if word]
    return Value(setting.metavar, setting.parse, offers, commas=isinstance(setting.default, tuple))


def _flag(setting: Setting, help: str = "", offers: Offers = ()) -> Any:
    """The flag of a setting; its value is None if it is not given. help, offers: in place of the setting's."""
    if isinstance(setting.default, bool):
        return click.option(setting.option, setting.name, is_flag=True, default=None, help=setting.help)
    kind = Value(setting.metavar, setting.parse, offers) if offers else value_of(setting)
    return click.option(setting.option, setting.name, type=kind, multiple=setting.repeated, help=help or setting.help)


def _color(context: click.Context, _: click.Parameter, value: str) -> None:
    context.color = {"always": True, "never": False}.get(value)


_COLOR = click.option(
    "--color", type=click.Choice(("auto", "always", "never")), default="auto", callback=_color, expose_value=False,
    help="Colour the output; auto: on a terminal, without NO_COLOR.",
)  # fmt: skip
_QUIET = click.option("-q", "--quiet", is_flag=True, help="Print the figures alone, one a line.")
_VERBOSE = click.option("-v", "--verbose", is_flag=True, help="Show on stderr what is asked and answered.")
_CONFIG = click.option("--config", type=FILE, default="", help="Settings file in place of the usual one.")
_FLAGS = {name: _flag(setting) for name, setting in SETTINGS.items() if setting.flag}
# Of commands that print no table of rates, for which there are no formats of ledgers and no Parquet.
_OTHER_FORMATS = _flag(
    SETTINGS["format"],
    "json, jsonl, csv, or a table format of tabulate: simple, plain, github, grid, html, …",
    [word for word in FORMATS if word not in PRICE_FORMATS],
)


def _flags(names: Iterable[str], *, of_rates: bool = False) -> tuple[Any, ...]:
    """The flags of these settings, in the order of their declaration, --config and --color."""
    flags = _FLAGS if of_rates else {**_FLAGS, "format": _OTHER_FORMATS}
    wanted = set(names)
    return (*(flag for name, flag in flags.items() if name in wanted), _CONFIG, _COLOR)


_EXECUTOR = {"mode", "workers", "via", "start_method", "scheduler"}
_LOOK = {"layout", "digits"}  # of tables of rates
_KEPT = {"own", "store", "fresh", "no_store"}  # where rates are kept

SHOW = (*_flags(_FLAGS, of_rates=True), _QUIET, _VERBOSE)
CONVERT = (*_flags(_FLAGS.keys() - _EXECUTOR - _LOOK - {"symbols"}), _QUIET, _VERBOSE)
CONSENSUS = (*_flags(_FLAGS.keys() - _KEPT - {"symbols", "provider", "pegs", "layout"}), _QUIET, _VERBOSE)
DOCTOR = (
    *_flags(_FLAGS.keys() - _EXECUTOR - _LOOK - _KEPT - {"symbols", "provider", "on", "pegs"} | {"workers"}),
    _VERBOSE,
)
SYNC = (
    *_flags(_FLAGS.keys() - _LOOK - {"symbols", "provider", "on", "pegs", "via", "own", "deadline", "no_store"}),
    _VERBOSE,
)
STORE = _flags({"store", "format"})
STORE_ALONE = _flags({"store"})
# `compare` has its own flags for modes, workers, via and seed; it shows no rates, and records none.
COMPARE = _flags(_FLAGS.keys() - _LOOK - _KEPT - {"symbols", "pegs", "mode", "workers", "via", "seed", "record"})
HISTORY = (*_flags(_FLAGS.keys() - _EXECUTOR - {"symbols", "on", "layout"}, of_rates=True), _QUIET, _VERBOSE)
# The rule for days without a rate, of the commands that look rates up.
RULE = tuple(_flag(SETTINGS[name]) for name in ("when", "max_age"))
LIST = _flags({"format"})
EVERY = _flags(_FLAGS)


def options(*many: Any) -> Callable[[Command], Command]:
    """All these options on one command, shown in this order."""

    def decorate(command: Command) -> Command:
        for option in reversed(many):
            command = option(command)
        return command

    return decorate


_NO_SETTINGS = frozenset(("config", "quiet", "verbose"))


def _is_given(name: str, value: object) -> bool:
    """True for the value of a setting that the command line has, also if it is None, as --max-age "" is."""
    if value is not None or name not in SETTINGS:
        return value is not None and name not in _NO_SETTINGS
    context = click.get_current_context(silent=True)
    return context is not None and context.get_parameter_source(name) is ParameterSource.COMMANDLINE


def settings_from(flags: dict[str, Any]) -> Settings:
    """The settings in force with these flags on top; contradictions are a `UsageError`. With -v, logging begins."""
    given = {name: value for name, value in flags.items() if _is_given(name, value)}
    if flags.get("verbose"):
        from rates.cli.verbose import log_to_stderr

        click.get_current_context().call_on_close(log_to_stderr())
    back = given.pop("on") if isinstance(given.get("on"), FromToday) else None
    for name in SETTINGS.keys() & given.keys():
        if SETTINGS[name].repeated:
            listed = tuple(dict.fromkeys(part for parts in given.pop(name) for part in parts))
            given |= {name: listed} if listed else {}
    if "symbols" in given:
        given["strict"] = bool(given["symbols"])
    config = flags.get("config") or ""
    settings = load(config=config).with_values(**given)
    if given.get("own") and defaults.OWN not in settings.provider:
        settings = settings.with_values(provider=(defaults.OWN, *settings.chain))
    _check(settings, given, config)
    _check_format(settings)
    if settings.replay:  # before `today` is set: it is then the recordings' day
        from rates.offline import replay_settings

        settings = replay_settings(settings)
    settings = settings.with_values(today=settings.day())
    if back is not None:
        settings = settings.with_values(on=counted(back, settings.day()))
        _check_day(settings)
    return settings


def format_from(flags: dict[str, Any]) -> str:
    """The format alone, for a list that needs no other setting."""
    return settings_from({name: flags[name] for name in ("format", "config")}).format


def _check(settings: Settings, given: dict[str, Any], config: str) -> None:
    """Refuses flags that contradict one another, unknown providers, and future days."""
    if settings.record and settings.mocked:
        raise UsageError("--record saves the network's answers", hint="leave out --offline and --replay")
    if given.get("scheduler") and settings.mode != "dask":
        raise UsageError("--scheduler is for the mode dask", hint="add --mode dask")
    if (given.get("latency") or given.get("jitter") or given.get("fail")) and not settings.mocked:
        raise UsageError("--latency, --jitter and --fail are for a simulated network", hint="add --offline")
    _check_providers(settings, "provider" in given, config)
    _check_day(settings)


_OF_RATES = ("show", "history")  # the commands that print rates in the formats of ledgers, and as Parquet


def _check_format(settings: Settings) -> None:
    """Refuses a format that holds nothing but rates for what else a command prints."""
    context = click.get_current_context(silent=True)
    if settings.format in PRICE_FORMATS and context is not None and context.info_name not in _OF_RATES:
        hint = f"{' and '.join(f'rates {name}' for name in _OF_RATES)} have it"
        raise UsageError(f"the format {settings.format} is of rates, not of what this command prints", hint=hint)


def _check_day(settings: Settings) -> None:
    """Refuses a day after tomorrow, which has no rates but the user's own and those for periods."""
    if settings.on is None or (settings.on - settings.day()).days <= 1 or defaults.OWN in settings.provider:
        return
    from rates.providers.groups import known_ahead  # few runs are of the future

    if not known_ahead(settings.chain):
        raise UsageError(
            f"{settings.on} is in the future", hint=f"today is {settings.day()}; leave out --on for the latest"
        )


def _check_providers(settings: Settings, flagged: bool, config: str) -> None:
    """Refuses unknown providers, in the chain or in [keys], with the place that names them."""
    named = settings.provider if settings.provider != SETTINGS["provider"].default else ()
    if not named and not settings.keys:  # nothing is set: a list is printed without loading the providers
        return
    places = [(key, () if flagged else ("provider",)) for key in named if key != defaults.CONSENSUS]
    for key, place in [*places, *((key, ("keys", key)) for key, _ in settings.keys)]:
        if key in providers.own_keys():
            continue
        try:
            providers.load(key)
            if key == defaults.OWN:
                from rates.own_rates import read_own  # with the model 8 ms, which few command lines need

                read_own(settings.own)
        except UsageError as error:
            where = origin(*place, config=config) if place else ""
            raise SettingsError(f"{where}: {error.detail}" if where else error.detail, hint=error.hint) from None
