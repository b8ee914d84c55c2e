"""What is wrong with a publisher: from one outcome, the provider and the day, a named condition and what to do. Pure.

Conditions: well, over, stale, moved, web page, key needed, key refused, plan, captcha or firewall, quota, TLS,
changed format, wrong answer, no rates, server failed, unreachable, too slow, not recorded, unsupported, unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date

from rates import errors
from rates.model import Outcome, Provider
from rates.providers import published

WELL, OVER, STALE = "well", "over", "stale"
GOOD = (WELL, OVER)  # one that has ended, and still answers for its days, ails of nothing

_LATER = "try later; if it lasts, look at {source}"
# The first class that fits an error names its condition; children stand before their parents.
_CONDITIONS: tuple[tuple[type[errors.RatesError], str, str], ...] = (
    (errors.KeyNeeded, "key needed", "set {key_env} (keys are given at {key_url})"),
    (errors.KeyRefused, "key refused", "check {key_env}, or get another key at {key_url}"),
    (errors.PlanRefused, "plan", "ask for what the key's plan covers, or change the plan at {key_url}"),
    (errors.QuotaExceeded, "quota", "wait until the quota is renewed, or ask less often"),
    (errors.Blocked, "captcha or firewall", "open {source} in a browser; ask from another network"),
    (errors.NotFound, "moved", "look for the new address at {source}, and report it"),
    (errors.RedirectLoop, "moved", "look for the new address at {source}, and report it"),
    (errors.HtmlAnswer, "web page", "see whether {source} has maintenance, a login or a new address"),
    (errors.BadCertificate, "TLS", "check the clock and REQUESTS_CA_BUNDLE; else its owner must renew the certificate"),
    (errors.ServerFailed, "server failed", _LATER),
    (errors.NotRecorded, "not recorded", "ask without --offline and --replay, or record it"),
    (errors.TimedOut, "too slow", "give more time with --timeout, or try later"),
    (errors.DeadlineExceeded, "too slow", "give more time with --deadline, or try later"),
    (errors.HostNotFound, "unreachable", "check the network and its names; is {source} there?"),
    (errors.ProxyFailed, "unreachable", "check HTTPS_PROXY, HTTP_PROXY and NO_PROXY"),
    (errors.TransportError, "unreachable", _LATER),
    (errors.NoRates, "no rates", "it says that it has none; try another day"),
    (errors.ParseError, "changed format", "report it with the answer: rates --record DIR --provider {key}"),
    (errors.EmptyAnswer, "changed format", _LATER),
    (errors.AnswerError, "wrong answer", "report it with the answer: rates --record DIR --provider {key}"),
    (errors.Unsupported, "unsupported", "see what it answers for: rates providers {key}"),
    (errors.Interrupted, "not asked", "ask again"),
    (errors.RatesError, "unknown", "please report this"),
)
CONDITIONS = (WELL, OVER, STALE, *dict.fromkeys(name for _, name, _ in _CONDITIONS))


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One publisher's condition. told: the evidence; todo: what to do, "" when nothing; day: that of its rates.

    instead: keys of publishers that can be asked in its place; took_s: how long the asking took.
    """

    key: str
    condition: str
    told: str
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
    """The condition that an outcome of asking this publisher alone shows on that day."""
    took = outcome.timing.took_s if outcome.timing is not None else None
    if outcome.table is not None:
        return replace(_dated(outcome.table.day, len(outcome.table) - 1, provider, today), took_s=took)
    error = outcome.error or errors.RatesError("nothing was fetched")
    if provider.ended and isinstance(error, (errors.Unsupported, errors.NoRates)):
        return Diagnosis(provider.key, OVER, f"publishes no more ({provider.cadence})", took_s=took)
    for kind, condition, todo in _CONDITIONS:
        if isinstance(error, kind):
            told = " ".join(error.detail.split())
            return Diagnosis(provider.key, condition, told, todo.format(**asdict(provider)), None, took, error.name)
    raise AssertionError("the last kind fits every error")


def _dated(day: date, count: int, provider: Provider, today: date) -> Diagnosis:
    """Well or stale, by the publisher's own longest pause; one that has ended is as old as it is."""
    age = (today - day).days
    told = f"{count} rates of {day}"
    if provider.ended:
        return Diagnosis(provider.key, OVER, f"{told}; it publishes no more ({provider.cadence})", day=day)
    if age > provider.gap_days:
        told = f"{told}, {age} days old; its longest pause is {provider.gap_days}"
        return Diagnosis(provider.key, STALE, told, f"see whether it still publishes: {provider.source}", day)
    return Diagnosis(provider.key, WELL, told, day=day)


def with_substitutes(found: Sequence[Diagnosis], known: Iterable[Provider], most: int = 3) -> list[Diagnosis]:
    """The same with whom to ask instead of those that ail: one that is well and has the pivot or the currencies.

    The same pivot comes first, then the greatest share of its currencies, then those that want no key. Where nobody
    that was asked is well, publishers that were not asked are named.
    """
    providers = {one.key: one for one in known}
    asked = {one.key for one in found}
    well = [providers[one.key] for one in found if one.condition == WELL and one.key in providers]
    pool = well or [one for one in providers.values() if one.key not in asked and not one.ended]
    return [
        one if one.well or one.key not in providers else replace(one, instead=_nearest(providers[one.key], pool, most))
        for one in found
    ]


def _nearest(ailing: Provider, pool: Iterable[Provider], most: int) -> tuple[str, ...]:
    """The publishers that come nearest to one, the best first."""
    scored = sorted((_distance(ailing, other), other.key) for other in pool if other.key != ailing.key)
    return tuple(key for distance, key in scored if distance[0] < UNFIT)[:most]


UNFIT = 3


def _distance(ailing: Provider, other: Provider) -> tuple[int, float, bool]:
    """How far one is from being a substitute: same pivot, has the pivot, any base, or none of these."""
    if ailing.pivot == other.pivot:
        rank = 0
    elif not ailing.pivot or published.has(other.key, ailing.pivot):
        rank = 1
    else:
        rank = UNFIT if other.pivot else 2
    codes = published.currencies(ailing.key)
    shared = set(codes) & set(published.currencies(other.key))
    return rank, -len(shared) / max(1, len(codes)), bool(other.key_env)
