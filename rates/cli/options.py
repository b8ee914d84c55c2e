"""The flags that commands share, and the settings that they make: built-in < file < environment < flags."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from rates.errors import SettingsError, UsageError, quoted
from rates.parse_settings import FORMATS, LAYOUTS, MODES, PARSERS, START_METHODS, VIAS

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from rates.settings import Settings

Command = TypeVar("Command", bound=Callable[..., Any])


class Setting(click.ParamType):  # type: ignore[type-arg]  # generic since click 8.2 only
    """A flag whose text is read as the setting of that name is read everywhere else."""

    def __init__(self, name: str, metavar: str, known: tuple[str, ...] = ()) -> None:
        self.setting, self.name, self.known = name, metavar, known

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The value in the setting's type; a wrong one fails with what is right."""
        try:
            return PARSERS[self.setting](value) if isinstance(value, str) else value
        except ValueError as error:
            self.fail(f"{quoted(value)}: {error}", param, ctx)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """The known words that begin so; in a list, what may follow its last comma; folders are the shell's matter."""
        from click.shell_completion import CompletionItem

        if self.setting in ("replay", "record"):
            return [CompletionItem(incomplete, type="dir")]
        known, done, begun = self.known, "", incomplete
        if self.setting in ("provider", "bases", "symbols"):
            head, comma, begun = incomplete.rpartition(",")
            done = head + comma
        if self.setting == "provider":
            from rates.providers import keys

            known = keys()
        elif self.setting in ("bases", "symbols"):
            from rates.currencies import codes

            known = tuple(sorted(codes())) if done or self.setting == "bases" else ("all", *sorted(codes()))
        return [CompletionItem(done + word) for word in known if word.lower().startswith(begun.lower())]


class _File(click.ParamType):  # type: ignore[type-arg]  # generic since click 8.2 only
    """A file's name; which there are, the shell knows."""

    name = "file"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """The shell's own completion."""
        from click.shell_completion import CompletionItem

        return [CompletionItem(incomplete, type="file")]


def _option(name: str, metavar: str, text: str, known: tuple[str, ...] = (), **more: Any) -> Any:
    return click.option(f"--{name.replace('_', '-')}", name, type=Setting(name, metavar, known), help=text, **more)


_ASKING = (
    _option("symbols", "CODES", 'Currencies to show, like EUR,GBP, which must be there; "all" for every one.'),
    _option("provider", "KEY", "Publisher to ask; several, or KEY,KEY, make a chain: the next when one fails.",
            multiple=True),
    _option("on", "DAY", "The day whose rates are asked for, YYYY-MM-DD (default: the latest)."),
)  # fmt: skip
_PEGS = (
    click.option("--pegs", "pegs", is_flag=True, default=None,
                 help="Where the publisher has no rate of a pegged currency, use the peg, and say so."),
)  # fmt: skip
_RUNNING = (
    _option("mode", "MODE", f"How the fetches run: {', '.join(MODES)}.", MODES),
    _option("workers", "N", "Fetches under way at once."),
    _option("via", "VIA", "How they are handed out: map or submit.", VIAS),
    _option("start_method", "METHOD", "How worker processes begin: fork, spawn or forkserver.", START_METHODS[1:]),
    _option("scheduler", "URL", "Mode dask: a scheduler that runs already, like tcp://host:8786."),
)
_NETWORK = (
    _option("timeout", "TIME", "Longest wait on the network at a time, like 5s or 800ms."),
    _option("deadline", "TIME", "Longest time for one base, all tries and providers; with --from for everything."),
    _option("retries", "N", "Further tries after the first."),
)
_SOURCE = (
    click.option("--offline", "offline", is_flag=True, default=None, help="Answer from the ECB's history, no network."),
    _option("replay", "DIR", "Answer from the recordings in DIR, no network."),
    _option("latency", "TIME", "Offline: time before each answer, like 120ms."),
    _option("jitter", "TIME", "Offline: how much the latency varies, up and down."),
    _option("fail", "SHARE", "Offline: share of requests that fail, like 5%."),
    _option("seed", "N", "Offline: makes the simulated network repeatable."),
)
_RECORD = (_option("record", "DIR", "Keep all answers in DIR, for --replay."),)
_FORMAT = (_option("format", "FORMAT", "json, jsonl, csv, or a table: simple, plain, github, grid, html, …", FORMATS),)
_LOOK = (
    _option("layout", "LAYOUT", "table (one a base), matrix (bases by symbols) or auto.", LAYOUTS),
    _option("digits", "N", "Significant digits of derived rates in tables."),
)
_CONFIG = (
    click.option(
        "--config", "config", metavar="FILE", default="", type=_File(), help="Settings file in place of the usual one."
    ),
)

SHOW = (*_ASKING, *_PEGS, *_RUNNING, *_NETWORK, *_SOURCE, *_RECORD, *_FORMAT, *_LOOK, *_CONFIG)
CONVERT = (*_ASKING[1:], *_PEGS, *_NETWORK, *_SOURCE, *_RECORD, *_FORMAT, *_CONFIG)
# Without --seed and --workers, which `compare` has in its own way, and --symbols, since it shows no rates.
COMPARE = (*_ASKING[1:], *_RUNNING[3:], *_NETWORK, *_SOURCE[:-1], *_FORMAT, *_CONFIG)
CONSENSUS = (_ASKING[2], *_RUNNING, *_NETWORK, *_SOURCE, *_RECORD, *_FORMAT, _LOOK[1], *_CONFIG)
DOCTOR = (_RUNNING[1], *_NETWORK, *_SOURCE, *_RECORD, *_FORMAT, *_CONFIG)
LIST = (*_FORMAT, *_CONFIG)


def options(*many: Any) -> Callable[[Command], Command]:
    """All these options on one command, shown in this order."""

    def decorate(command: Command) -> Command:
        for option in reversed(many):
            command = option(command)
        return command

    return decorate


def settings_from(flags: dict[str, Any]) -> Settings:
    """The settings in force with these flags on top; contradictions are a UsageError."""
    from dataclasses import replace

    from rates import settings as _settings

    given = {name: value for name, value in flags.items() if value is not None and name != "config"}
    chain = given.pop("provider", ())
    if chain:
        given["provider"] = tuple(dict.fromkeys(key for part in chain for key in part))
    if "symbols" in given:
        given["strict"] = bool(given["symbols"])
    settings = replace(_settings.load(config=flags.get("config") or ""), **given)
    _check(settings, given, flags.get("config") or "")
    if settings.replay:  # first, since it leaves a day alone that is already set
        from rates.offline import replay_settings

        settings = replay_settings(settings)
    return settings.with_values(today=settings.day())


def format_from(flags: dict[str, Any]) -> str:
    """The format alone, for a list that needs no other setting.

    Where neither a file nor a variable sets anything, the settings are not even imported: a list is there at once.
    """
    home = os.environ.get("HOME") or os.path.expanduser("~")
    folder = os.environ.get("XDG_CONFIG_HOME", "")
    folder = folder if os.path.isabs(folder) else os.path.join(home, ".config")
    unset = not flags.get("config") and not any(name.startswith("RATES_") for name in os.environ)
    if unset and sys.platform == "linux" and not os.path.exists(os.path.join(folder, "rates", "rates.toml")):
        return flags.get("format") or "simple"
    return settings_from({name: flags.get(name) for name in ("format", "config")}).format


def _check(settings: Settings, given: dict[str, Any], config: str) -> None:
    """Refuses flags that contradict one another, and providers and days that are not."""
    from datetime import timedelta

    if settings.record and settings.mocked:
        raise UsageError("--record keeps what the network answers", hint="leave out --offline and --replay")
    if given.get("scheduler") and settings.mode != "dask":
        raise UsageError("--scheduler is for the mode dask", hint="add --mode dask")
    if (given.get("latency") or given.get("jitter") or given.get("fail")) and not settings.mocked:
        raise UsageError("--latency, --jitter and --fail are for a simulated network", hint="add --offline")
    _check_providers(settings, "provider" in given, config)
    if settings.on is not None and settings.on > settings.day() + timedelta(days=1):
        raise UsageError(
            f"{settings.on} is in the future", hint=f"today is {settings.day()}; leave out --on for the latest"
        )


def _check_providers(settings: Settings, flagged: bool, config: str) -> None:
    """Refuses providers that are not, whether they are to be asked or have a key, with where they were named."""
    from rates import providers
    from rates import settings as _settings

    named = [(key, () if flagged else ("provider",)) for key in settings.provider]
    for key, place in [*named, *((key, ("keys", key)) for key, _ in settings.keys)]:
        if key in providers.own_keys():
            continue
        try:
            providers.load(key)
        except UsageError as error:
            where = _settings.origin(*place, config=config) if place else ""
            raise SettingsError(f"{where}: {error.detail}" if where else error.detail, hint=error.hint) from None
