"""What is wrong with a publisher: every condition from an outcome, the provider and the day."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from rates import errors, providers
from rates.diagnose import CONDITIONS, Diagnosis, diagnose, with_substitutes
from rates.model import DerivedRate, Failed, Fetched, Outcome, Quote, RateTable, Timing

TODAY = date(2026, 11, 23)


def table(day: date) -> Outcome:
    """An answer with one rate of that day."""
    figure = DerivedRate(Decimal("1.1"), day, "published", 2)
    return Fetched("EUR", RateTable("EUR", "ecb", {"USD": figure, "EUR": figure}), timing=Timing(0.0, 0.5, 0.4, 1))


@pytest.mark.parametrize(
    ("error", "condition", "todo"),
    [
        (errors.KeyNeeded, "key needed", "set BAM_API_KEY"),
        (errors.KeyRefused, "key refused", "check BAM_API_KEY, or get another key at https://"),
        (errors.PlanRefused, "plan", "change the plan"),
        (errors.QuotaExceeded, "quota", "ask less often"),
        (errors.Blocked, "captcha or firewall", "in a browser"),
        (errors.NotFound, "moved", "new address"),
        (errors.RedirectLoop, "moved", "new address"),
        (errors.HtmlAnswer, "web page", "maintenance"),
        (errors.BadCertificate, "TLS", "certificate"),
        (errors.ServerFailed, "server failed", "try later"),
        (errors.NotRecorded, "not recorded", "record it"),
        (errors.TimedOut, "too slow", "--timeout"),
        (errors.DeadlineExceeded, "too slow", "--deadline"),
        (errors.HostNotFound, "unreachable", "check the network"),
        (errors.ProxyFailed, "unreachable", "HTTPS_PROXY"),
        (errors.ConnectionRefused, "unreachable", "try later"),
        (errors.ConnectionFailed, "unreachable", "try later"),
        (errors.Truncated, "unreachable", "try later"),
        (errors.HttpError, "unreachable", "try later"),
        (errors.NoRates, "no rates", "another day"),
        (errors.ParseError, "changed format", "--record DIR --provider bam"),
        (errors.EmptyAnswer, "changed format", "try later"),
        (errors.WrongBase, "wrong answer", "report it"),
        (errors.BadRate, "wrong answer", "report it"),
        (errors.FutureDay, "wrong answer", "report it"),
        (errors.ErrorAnswer, "wrong answer", "report it"),
        (errors.Unsupported, "unsupported", "rates providers bam"),
        (errors.Interrupted, "not asked", "again"),
        (errors.SettingsError, "settings", "rates config --explain"),
        (errors.WorkerLost, "unknown", "report this"),
        (errors.RatesError, "unknown", "report this"),
    ],
)
def test_errors(error: type[errors.RatesError], condition: str, todo: str) -> None:
    """Each error is a condition with its evidence, its name, and something to do."""
    found = diagnose(Failed("MAD", error=error("it\n is so")), providers.load("bam").PROVIDER, TODAY)
    assert (found.condition, found.evidence, found.error, found.day) == (condition, "it is so", error.__name__, None)
    assert todo in found.todo
    assert "{" not in found.todo
    assert not found.well
    assert condition in CONDITIONS


def test_every_error_has_a_condition() -> None:
    """No error of the package is left without one."""
    for kind in (value for value in vars(errors).values() if isinstance(value, type)):
        assert diagnose(Failed("EUR", error=kind("x")), providers.load("ecb").PROVIDER, TODAY).condition in CONDITIONS


@pytest.mark.parametrize(
    ("key", "age", "condition"),
    [("ecb", -1, "well"), ("ecb", 0, "well"), ("ecb", 7, "well"), ("ecb", 8, "stale"), ("erapi", 3, "stale")],
)
def test_age(key: str, age: int, condition: str) -> None:
    """Rates are stale when they are older than the publisher's own longest pause."""
    found = diagnose(table(TODAY - timedelta(days=age)), providers.load(key).PROVIDER, TODAY)
    assert (found.condition, found.day, found.took_s) == (condition, TODAY - timedelta(days=age), 0.5)
    assert found.evidence.startswith("1 rate of ")
    assert found.well is (condition == "well")


def test_one_that_has_ended_is_well() -> None:
    """A publisher that no longer publishes is over, whether it answers for its old days or not."""
    facts = providers.load("bbk").PROVIDER
    for outcome in (table(date(1998, 12, 30)), Failed("DEM", error=errors.Unsupported("has ended"))):
        found = diagnose(outcome, facts, TODAY)
        assert (found.condition, found.well) == ("over", True)
    assert diagnose(Failed("DEM", error=errors.Blocked("x")), facts, TODAY).condition == "captcha or firewall"


def test_substitutes() -> None:
    """Of those that are well, the same pivot comes first, then those that publish it; never one that is not well."""
    known = [providers.load(key).PROVIDER for key in ("ecb", "tcmb", "cnb", "boc", "erapi", "vatcomply")]
    found = [Diagnosis("ecb", "well", ""), Diagnosis("cnb", "moved", ""), Diagnosis("boc", "well", ""),
             Diagnosis("tcmb", "key needed", "")]  # fmt: skip
    substitutes = {one.key: one.instead for one in with_substitutes(found, known)}
    assert substitutes["ecb"] == ()
    assert substitutes["cnb"][0] == "ecb"
    assert set(substitutes["tcmb"]) == {"ecb", "boc"}
    assert "cnb" not in substitutes["tcmb"]


def test_substitutes_where_none_is_well() -> None:
    """Then publishers that were not asked are named, but none that has ended."""
    known = [providers.load(key).PROVIDER for key in providers.own_keys()]
    (one,) = with_substitutes([Diagnosis("ecb", "moved", "")], known)
    assert one.instead
    assert not any(providers.load(key).PROVIDER.ended for key in one.instead)


@pytest.mark.parametrize(
    ("end", "condition", "detail"),
    [
        (date(2026, 11, 30), "well", "1 rate of 2026-09-01 to 2026-11-30"),
        (date.max, "well", "1 rate of 2026-09-01"),
        (date(2026, 10, 31), "stale", "23 days old"),
    ],
)
def test_the_age_of_a_period(end: date, condition: str, detail: str) -> None:
    """Rates that are valid for a period are well until it has ended, and as long after as the publisher rests."""
    outcome = table(date(2026, 9, 1))
    assert outcome.table is not None
    quote = Quote("EUR", "USD", Decimal("1.1"), date(2026, 9, 1), end)
    figures = {code: figure._replace(path=(quote,)) for code, figure in outcome.table.figures.items()}
    found = diagnose(Fetched("EUR", RateTable("EUR", "ecb", figures)), providers.load("ecb").PROVIDER, TODAY)
    assert found.condition == condition
    assert detail in found.evidence
