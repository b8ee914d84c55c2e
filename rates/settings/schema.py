"""Every setting, declared once: type, default, parser, help and the reason for its default.

All else is derived from this: the flags and their help, the RATES_ variables, the check of the settings file, and the
text of `rates config --explain`, which is config/rates.toml. A new setting is one field here, and the code that uses
it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, Unpack, cast

from rates.defaults import BASES, POOL_SIZE, SYMBOLS
from rates.errors import SettingsError, quoted, suggest
from rates.settings import parsers as p
from rates.settings.days import FromToday, counted

if TYPE_CHECKING:
    from rates.settings.keywords import SettingsKeywords

T = TypeVar("T")


class Setting(NamedTuple):
    """What is declared of one setting.

    metavar: the value's placeholder in --help. reason: what the default or the limits were chosen from. flag: whether
    the command line has it. repeated: whether the flag may be given several times. section: the heading in the settings
    file; "" continues the section above.
    """

    name: str
    default: Any
    parse: Callable[[object], Any]
    metavar: str
    help: str
    reason: str = ""
    flag: bool = True
    repeated: bool = False
    section: str = ""

    @property
    def option(self) -> str:
        """The flag that sets it."""
        return f"--{self.name.replace('_', '-')}"

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return f"RATES_{self.name.upper()}"

    def read(self, value: object, where: str) -> Any:
        """The parsed value; a `SettingsError` gives the place (`where`) and the valid form."""
        try:
            return self.parse(value)
        except ValueError as error:
            raise SettingsError(f"{where}: {self.name} = {quoted(value)}: {error}") from error


def setting(
    default: T, parse: Callable[[object], T | FromToday], metavar: str, help: str, reason: str = "", **more: Any
) -> T:
    """A field of `Settings` with what `Setting` holds as its metadata."""
    shown = not more.pop("hidden", False)  # hidden: it can hold a password, which the repr of settings must not have
    facts = {"parse": parse, "metavar": metavar, "help": help, "reason": reason, **more}
    declared: T = field(default=default, metadata=facts, repr=shown)
    return declared


@dataclass(frozen=True, slots=True, init=False)
class Settings:
    """The settings of a run; frozen and picklable, since they are sent to every worker.

    Each value is checked and converted by the setting's parser, as in the settings file: `Settings(provider="ecb",
    on="2020-03-02", timeout="5s")`. A `SettingsError` names a wrong value or an unknown setting. What is not given has
    its default, but `offline` that of RATES_OFFLINE, so that a program can be kept off the network from outside.
    """

    # fmt: off
    bases: tuple[str, ...] = setting(
        BASES, p.currency_codes, "CODES", "Currencies that `rates` without arguments shows.",
        "The five most traded ones (BIS survey of 2025).", flag=False, section="what is asked")
    symbols: tuple[str, ...] = setting(
        SYMBOLS, p.symbols, "CODES", 'Currencies to show, like EUR,GBP; "all" for every one. '
        "As a flag it requires them: a provider that lacks one is skipped.")
    strict: bool = setting(
        False, p.flag, "", "Skip a provider that lacks one of the symbols, as the flag --symbols does.",
        flag=False)
    pegs: bool = setting(
        False, p.flag, "", "Derive a currency that the provider lacks from its official peg, and mark it.",
        "Off, since a peg is a law and not a published rate.")
    provider: tuple[str, ...] = setting(
        ("frankfurter", "ecb", "erapi"), p.provider_keys, "KEY",
        'Provider to ask, the path of one, like ./utopia.py, or "consensus" for the medians of all official ones. '
        "Several, like ecb,nbp, form a chain: the next is asked when one fails or is stale.",
        "These three need no key and no registration; `rates providers` lists all.", repeated=True)
    own: str = setting(
        "", p.file, "FILE", 'File of your own rates, CSV or TOML, which the provider "own" answers from; '
        "as a flag it puts own before the other providers.",
        "With provider = [\"own\", \"ecb\"] a contract's rates go before the bank's.")
    on: date | None = setting(None, p.day, "DAY", 'Day of the rates, like 2026-10-30, yesterday or -3d; '
        'by default ("") the latest.')
    today: date | None = setting(
        None, p.calendar_day, "DAY", 'Day that counts as today, like 2026-10-30; by default ("") the clock\'s, in UTC.',
        "For repeating what was printed on another day.", flag=False)
    when: str = setting(
        "previous", p.OneOf(p.WHENS), "RULE", f"Rate of a day without one: {', '.join(p.WHENS)}. "
        "before is strictly earlier; next and nearest may be later.",
        "The last rate published is the one in force. EU one-stop-shop returns ask for next, Polish invoices for "
        "before.", flag=False)
    max_age: int | None = setting(
        cast("int | None", 7), p.max_age, "DAYS",
        'Most days between the day asked for and the day of its rate; "" for any.',
        "Few publishers rest longer over holidays, the ECB never more than five days.", flag=False)

    mode: str = setting(
        "thread", p.mode, "MODE", f"How the fetches run: {', '.join(p.MODES)}.",
        "Fetching is waiting: threads wait as well as processes do, and start 25 times faster. interpreter needs "
        "Python 3.14, dask the extra of that name.", section="how the fetches run")
    workers: int = setting(
        POOL_SIZE, p.whole(1, 512), "N", "Fetches that run at once, 1 to 512.",
        "Most free services accept eight. With --from each provider has its own host: there the default means one "
        "worker for each, at most 128; any other number means itself.")
    via: str = setting(
        "map", p.OneOf(p.VIAS), "VIA", "How fetches are handed out: map (results in the order of the bases) or submit "
        "(as they complete).")
    start_method: str = setting(
        "", p.OneOf(p.START_METHODS), "METHOD", "How worker processes start: fork, spawn or forkserver; "
        'by default ("") forkserver where the system has it, else spawn.')
    scheduler: str = setting(
        "", p.scheduler, "URL", "Mode dask: address of a running scheduler, like tcp://host:8786; "
        'by default ("") a new cluster on this machine.')

    timeout: float = setting(
        10.0, p.positive_seconds, "TIME", "Longest single wait on the network, in seconds or like 800ms.",
        "The slowest recorded provider takes under 5 s.", section="how a server is asked")
    deadline: float = setting(
        30.0, p.positive_seconds, "TIME",
        "Longest time for one base: all tries, redirects and providers, from when a worker begins it. With --from, for "
        "the whole run.",
        "Time for one full timeout of each provider in the default chain. A fetch that does not end by itself is given "
        "up 0.1 s later, and its worker process is killed. Workers have 20 s to start; those of a running scheduler "
        "have the deadline.")
    retries: int = setting(
        2, p.whole(0, 10), "N", "Tries after the first, 0 to 10, for failures that may pass.")
    backoff: float = setting(
        0.3, p.seconds, "TIME", "Mean delay before the second try, in seconds; it doubles for each further try.",
        "The real delay is drawn between half and 1.5 times of this, so that many clients do not return together.",
        flag=False)
    retry_after: float = setting(
        10.0, p.seconds, "TIME", "Longest delay, in seconds, that a server may ask for (Retry-After); a longer one "
        "ends the tries.", flag=False)
    max_bytes: int = setting(
        32 * 2**20, p.size, "SIZE", 'Largest answer after unpacking, in bytes or like "32MB".',
        "The ECB's whole history is 2 MB.", flag=False)

    offline: bool = setting(
        False, p.flag, "", "Answer from the ECB's history in the package, without a network; ask ecb if no "
        "provider is set.",
        "Its figures are the ECB's, also where they are given in the place of another provider.",
        section="where the answers come from")
    replay: str = setting("", p.folder, "DIR", 'Answer from the recordings in this folder, without a network.')
    record: str = setting("", p.folder, "DIR", "Save all answers in this folder, for --replay.")
    latency: float = setting(
        0.0, p.seconds, "TIME", "Simulated network: delay before each answer, in seconds or like 120ms.",
        "None, so that offline answers come at once.")
    jitter: float = setting(
        0.0, p.seconds, "TIME", "Simulated network: largest difference from the latency, up or down.")
    fail: float = setting(
        0.0, p.share, "SHARE", "Simulated network: share of requests that fail, 0 to 1 or like 5%.")
    seed: int | None = setting(
        None, p.seed, "N", 'Simulated network: number that makes it repeatable; by default ("") a new one each time.')

    store: str = setting(
        "", p.store, "PATH|URL", "Where fetched rates are kept: a file, or a PostgreSQL server, like "
        'postgresql://user@host/name; by default ("") rates/rates.db in the user\'s data folder.',
        "One file needs no server. ~/.local/share is the data folder, or $XDG_DATA_HOME.",
        section="where rates are kept", hidden=True)
    fresh: bool = setting(
        False, p.flag, "", "Ask the publishers, also where the store has rates and nothing newer can have been "
        "published.")
    no_store: bool = setting(False, p.flag, "", "Neither look into the store nor keep anything in it.")

    format: str = setting(
        "simple", p.OneOf(p.FORMATS), "FORMAT",
        "json, jsonl, csv; of rates also beancount, ledger, hledger, gnucash, parquet; or a table format of tabulate: "
        "simple, plain, github, grid, html, …",
        section="how it is shown")
    layout: str = setting(
        "auto", p.OneOf(p.LAYOUTS), "LAYOUT", "table (one for each base), matrix (bases by symbols), or auto: "
        "a table for one base, a matrix for several.")
    digits: int = setting(
        6, p.whole(4, 28), "N", "Most significant digits of derived rates in tables, 4 to 28; no more than the "
        "published ones behind them have.",
        "Published rates are shown as published.")
    # fmt: on

    # The keys of providers, from the table [keys]: (provider, key), sorted.
    keys: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    # Set by the program, not by users: the name and the folder of this run, the files of registered providers for its
    # worker processes, and host:port of the loopback server.
    run: str = ""
    run_dir: str = ""
    provider_files: tuple[str, ...] = ()
    loopback: str = ""

    def __init__(self, **given: Unpack[SettingsKeywords]) -> None:
        for name, value in _DEFAULTS.items():
            object.__setattr__(self, name, value)
        if "offline" not in given and (word := os.environ.get(SETTINGS["offline"].variable)):
            self._set({"offline": word}, f"environment variable {SETTINGS['offline'].variable}")
        self._set(given, "Settings")

    def _set(self, given: Mapping[str, Any], where: str) -> None:
        """Sets fields to values as a caller gives them; a `SettingsError` names a wrong one."""
        read = {name: _read(name, value, where) for name, value in given.items()}
        for name, value in read.items():
            object.__setattr__(self, name, value)
        if isinstance(read.get("on"), FromToday):  # counted last: `today` may be among the values
            object.__setattr__(self, "on", counted(read["on"], self.day()))

    def with_values(self, **given: Unpack[SettingsKeywords]) -> Settings:
        """A copy with other values, which are checked and converted as those of `Settings(...)`."""
        made = copy(self)
        made._set(given, "Settings")
        return made

    @property
    def mocked(self) -> bool:
        """True if no request may reach the network."""
        return self.offline or bool(self.replay)

    @property
    def history_only(self) -> bool:
        """True if nothing but the ECB's history in the package answers."""
        return self.offline and not self.replay

    @property
    def chain(self) -> tuple[str, ...]:
        """The providers to ask in turn. If none is set and only the ECB's history answers, that is the ECB."""
        unset = self.provider == SETTINGS["provider"].default
        return ("ecb",) if unset and self.history_only else self.provider

    def day(self) -> date:
        """Today: as set, else the current day in UTC, since providers are in all time zones."""
        if self.today is not None:
            return self.today
        from datetime import UTC, datetime

        return datetime.now(UTC).date()


# By name, in the order of the settings file.
SETTINGS = {f.name: Setting(f.name, f.default, **f.metadata) for f in fields(Settings) if f.metadata}
_DEFAULTS = {f.name: f.default for f in fields(Settings)}


def _read(name: str, value: Any, where: str) -> Any:
    """The value of a field as the record holds it."""
    if name not in SETTINGS and name in _DEFAULTS:
        return _keys(value, where) if name == "keys" else value
    declared = find(name, where)
    if value is declared.default or (isinstance(value, tuple) and value == declared.default):
        return value
    return declared.read(value.date() if isinstance(value, datetime) else value, where)


def _keys(value: object, where: str) -> tuple[tuple[str, str], ...]:
    try:
        return p.keys(value)
    except ValueError as error:
        raise SettingsError(f"{where}: keys {error}") from error


def find(name: str, where: str) -> Setting:
    """The setting of that name; a `SettingsError` for an unknown name suggests the nearest."""
    if name not in SETTINGS:
        hint = suggest(name, SETTINGS, f"known are {', '.join(SETTINGS)}")
        raise SettingsError(f"{where}: unknown setting {quoted(name)}", hint=hint)
    return SETTINGS[name]
