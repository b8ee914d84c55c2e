"""What is wrong with a publisher: from one outcome, the provider and the day, a named condition and what to do. Pure.

Conditions: well, over, stale, moved, web page, key needed, key refused, plan, captcha or firewall, quota, TLS,
changed format, wrong answer, no rates, server failed, unreachable, too slow, not recorded, unsupported, settings,
unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date

from rates import errors
from rates.model import Outcome, Provider, RateTable
from rates.providers import published

WELL, OVER, STALE, KEY_NEEDED = "well", "over", "stale", "key needed"
GOOD = (WELL, OVER)  # a publisher that has ended and still answers for its days needs no repair

_LATER = "try later; if it lasts, look at {source}"
# Error class, condition, what to do. The first class that fits counts, so subclasses stand before their parents.
_CONDITIONS: tuple[tuple[type[errors.RatesError], str, str], ...] = (
    (errors.KeyNeeded, KEY_NEEDED, "set {key_env} (keys are given at {key_url})"),
    (errors.KeyRefused, "key refused", "check {key_env}, or get another key at {key_url}"),
    (errors.PlanRefused, "plan", "ask for what the key's plan covers, or change the plan at {key_url}"),
    (errors.QuotaExceeded, "quota", "wait until the quota is renewed, or ask less often"),
    (errors.Blocked, "captcha or firewall", "open {source} in a browser; ask from another network"),
    (errors.NotFound, "moved", "look for the new address at {source} and report it"),
    (errors.RedirectLoop, "moved", "look for the new address at {source} and report it"),
    (errors.HtmlAnswer, "web page", "look at {source} for maintenance, a login or a new address"),
    (
        errors.BadCertificate,
        "TLS",
        "check the clock and REQUESTS_CA_BUNDLE, or wait until it renews its certificate",
    ),
    (errors.ServerFailed, "server failed", _LATER),
    (errors.NotRecorded, "not recorded", "ask without --offline and --replay, or record it first"),
    (errors.TimedOut, "too slow", "give more time with --timeout, or try later"),
    (errors.DeadlineExceeded, "too slow", "give more time with --deadline, or try later"),
    (errors.HostNotFound, "unreachable", "check the network and its name server; see whether {source} opens"),
    (errors.NoNetwork, "unreachable", "check the network and its name server"),
    (errors.ProxyFailed, "unreachable", "check HTTPS_PROXY, HTTP_PROXY and NO_PROXY"),
    (errors.TransportError, "unreachable", _LATER),
    (errors.NoRates, "no rates", "the publisher reports that it has none; try another day"),
    (errors.ParseError, "changed format", "report it with the answer: rates --record DIR --provider {key}"),
    (errors.EmptyAnswer, "changed format", _LATER),
    (errors.AnswerError, "wrong answer", "report it with the answer: rates --record DIR --provider {key}"),
    (errors.Unsupported, "unsupported", "see what it publishes: rates providers {key}"),
    (errors.Interrupted, "not asked", "ask again"),
    (errors.SettingsError, "settings", "correct them: rates config --explain"),
    (errors.RatesError, "unknown", "please report this"),
)
CONDITIONS = (WELL, OVER, STALE, *dict.fromkeys(name for _, name, _ in _CONDITIONS))


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One publisher's condition.

    evidence: a sentence; todo: what to do, "" for nothing; day: of its rates; took_s: how long the fetch took; error:
    the name of the error, "" for none; instead: keys of publishers that can replace it.
    """

    key: str
    condition: str
    evidence: str
    todo: str = ""
    day: date | None = None
    took_s: float | None = None
    error: str = ""
    instead: tuple[str, ...] = ()

    @property
    def well(self) -> bool:
        """True when nothing needs to be done."""
        return self.condition in GOOD


def diagnose(outcome: Outcome, provider: Provider, today: date) -> Diagnosis:
    """The publisher's condition, from the outcome of asking it alone on that day."""
    took = outcome.timing.took_s if outcome.timing is not None else None
    if outcome.table is not None:
        return replace(_from_table(outcome.table, provider, today), took_s=took)
    error = outcome.error
    if provider.ended and isinstance(error, (errors.Unsupported, errors.NoRates)):
        return Diagnosis(provider.key, OVER, f"no longer publishes ({provider.cadence})", took_s=took)
    assert error is not None  # an outcome has a table or an error
    condition, todo = _of_error(error)
    evidence, todo = " ".join(error.detail.split()), todo.format(**asdict(provider))
    if isinstance(error, errors.SettingsError):
        todo = error.hint or todo
    return Diagnosis(provider.key, condition, evidence, todo, None, took, error.name)


def condition_of(error: errors.RatesError) -> str:
    """The condition that an error means."""
    return _of_error(error)[0]


def _of_error(error: errors.RatesError) -> tuple[str, str]:
    """The condition, and the form of what to do."""
    return next((condition, todo) for kind, condition, todo in _CONDITIONS if isinstance(error, kind))


def could_not_load(key: str, error: errors.RatesError) -> Diagnosis:
    """The diagnosis of a publisher whose plugin cannot be loaded."""
    return Diagnosis(key, "unknown", error.detail, error.hint, error=error.name)


def _from_table(table: RateTable, provider: Provider, today: date) -> Diagnosis:
    """Well or stale, by the publisher's own longest pause; the rates of an ended publisher may have any age.

    The age of rates that are valid for a period counts from its end.
    """
    day, end, count = table.day, table.valid_to, len(table) - 1
    age, evidence = table.age_days(today), f"{count} rate{'s' if count != 1 else ''} of {day}"
    if end not in (None, day, date.max):
        evidence += f" to {end}"
    if provider.ended:
        return Diagnosis(provider.key, OVER, f"{evidence}; no longer publishes ({provider.cadence})", day=day)
    if age > provider.gap_days:
        evidence += f", {age} days old; its longest pause is {provider.gap_days}"
        return Diagnosis(provider.key, STALE, evidence, f"see whether it still publishes: {provider.source}", day)
    return Diagnosis(provider.key, WELL, evidence, day=day)


def with_substitutes(found: Sequence[Diagnosis], known: Iterable[Provider], most: int = 3) -> list[Diagnosis]:
    """The diagnoses, those that are not well with publishers to ask instead: well ones with the same currencies.

    The same pivot comes first, then the greatest share of the currencies, then those that need no key. If none that
    was asked is well, publishers that were not asked are named.
    """
    providers = {one.key: one for one in known}
    asked = {one.key for one in found}
    well = [providers[one.key] for one in found if one.condition == WELL and one.key in providers]
    pool = well or [one for one in providers.values() if one.key not in asked and not one.ended]
    return [
        one if one.well or one.key not in providers else replace(one, instead=_nearest(providers[one.key], pool, most))
        for one in found
    ]


def _nearest(unwell: Provider, pool: Iterable[Provider], most: int) -> tuple[str, ...]:
    """The keys of the best substitutes, the best first."""
    scored = sorted((_distance(unwell, other), other.key) for other in pool if other.key != unwell.key)
    return tuple(key for distance, key in scored if distance[0] < UNFIT)[:most]


UNFIT = 3


def _distance(unwell: Provider, other: Provider) -> tuple[int, float, bool]:
    """How unfit a substitute is: 0 with the same pivot, 1 if it publishes the pivot, 2 with any base, else UNFIT."""
    if unwell.pivot == other.pivot:
        rank = 0
    elif not unwell.pivot or published.has(other.key, unwell.pivot):
        rank = 1
    else:
        rank = UNFIT if other.pivot else 2
    codes = published.currencies(unwell.key)
    shared = set(codes) & set(published.currencies(other.key))
    return rank, -len(shared) / max(1, len(codes)), bool(other.key_env)
