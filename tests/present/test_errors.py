from __future__ import annotations

from rates.errors import (
    ConnectionFailed,
    HostNotFound,
    Implausible,
    KeyNeeded,
    MissingSymbols,
    NoNetwork,
    NoRates,
    RatesError,
    Stale,
    TimedOut,
    Unsupported,
)
from rates.model import Failed, Fetched, Outcome
from rates.present import failures, show
from rates.present.errors import group_failures, no_network, of_group_failed, passed_over, passed_over_why, warnings

from .samples import SETTINGS, TODAY, outcomes, table

LATE = TimedOut("no answer within 10 s", provider="frankfurter", hint="try again or raise --timeout")


def test_no_failures() -> None:
    """Without failures there is no line."""
    assert failures(outcomes("EUR"), SETTINGS) == ""


def test_nothing_but_failures() -> None:
    """When all fail for want of a network, the way without one is named, unless it is taken already.

    What is the same for several bases stands once, and none of it among the tables.
    """
    lost = [Failed(base, error=HostNotFound("no such host", provider="ecb")) for base in ("USD", "EUR")]
    assert (
        failures(lost, SETTINGS)
        == """\
USD EUR  HostNotFound  ecb: no such host
without a network, --offline shows rates of the past"""
    )
    assert show(lost, SETTINGS, today=TODAY) == ""
    assert "--offline" not in failures(lost, SETTINGS.with_values(offline=True))
    assert "--offline" not in failures([*lost, *outcomes("GBP")], SETTINGS)


def test_reasons_stay_on_their_lines() -> None:
    """A reason of several lines becomes one."""
    assert failures([Failed("USD", error=NoRates("a\n b"))], SETTINGS) == "USD  NoRates  a b"


def test_a_narrow_terminal() -> None:
    """A reason is folded under itself, in the list of bases and in that of providers; there it is cut unless listed."""
    lost = [Failed("USD", error=LATE, provider="frankfurter")]
    assert (
        failures(lost, SETTINGS, 40)
        == """\
USD  TimedOut  frankfurter: no answer
               within 10 s; try again or
               raise --timeout"""
    )
    assert group_failures(lost, SETTINGS, 40) == "frankfurter  TimedOut  no answer within…"
    assert (
        group_failures(lost, SETTINGS, 40, listed=True)
        == """\
frankfurter  TimedOut  no answer within
    10 s; try again or raise --timeout"""
    )


def test_providers_that_failed() -> None:
    """A line a provider and reason; the bases stand before the provider unless all of them failed alike."""
    missing = MissingSymbols("has no XAF", provider="ecb")
    given = [
        Failed("USD", error=LATE, provider="frankfurter"),
        Failed("EUR", error=LATE, provider="frankfurter"),
        Fetched("USD", table("USD"), provider="ecb"),
        Failed("EUR", error=missing, provider="ecb"),
    ]
    assert (
        group_failures(given, SETTINGS)
        == """\
frankfurter  TimedOut        no answer within 10 s; try again or raise --timeout
EUR  ecb     MissingSymbols  has no XAF"""
    )


def test_passed_over_and_warnings() -> None:
    """Providers asked in vain are named in one line, or with their reasons; a warning is a line, once."""
    late = NoRates("old", provider="ecb")
    given = [Fetched(base, table(base), passed_over=(LATE,), warning=late) for base in ("USD", "EUR")]
    assert passed_over(given) == "passed over: frankfurter (TimedOut)"
    assert passed_over_why(given).startswith("passed over for ecb: TimedOut: frankfurter: no answer within 10 s;")
    assert warnings(given) == "warning: NoRates: ecb: old"
    assert (passed_over(outcomes("USD")), passed_over_why(outcomes("USD")), warnings(outcomes("USD"))) == ("", "", "")


def lost(kind: type[RatesError], *keys: str) -> list[Outcome]:
    """These publishers, each with an error of that kind."""
    return [Failed("USD", error=kind("so it is", provider=key), provider=key) for key in keys]


MANY = [
    *lost(HostNotFound, "amcm", "bam"),
    *lost(ConnectionFailed, "ba"),
    *lost(KeyNeeded, "fred", "tcmb"),
    *lost(TimedOut, "nbp"),
    *lost(Unsupported, "lb", "erapi"),
    *lost(MissingSymbols, "cnb"),
    Fetched("USD", table("USD"), provider="ecb"),
]


def test_many_failures_are_counted() -> None:
    """More than a few failures are one line: those that did not answer by condition, then those without that rate."""
    line = (
        "7 did not answer: 3 unreachable, 2 want a key, 1 too slow, 1 ended · 2 cannot give it · --failures lists them"
    )
    assert group_failures(MANY, SETTINGS) == line
    assert "".join(group_failures(MANY, SETTINGS, 40).split()) == "".join(line.split())
    assert max(map(len, group_failures(MANY, SETTINGS, 40).splitlines())) <= 40
    assert len(group_failures(MANY, SETTINGS, listed=True).splitlines()) == len(MANY) - 1
    on_terminal = group_failures(MANY, SETTINGS, 30, listed=True).splitlines()
    assert [line.split()[0] for line in on_terminal] == [one.provider for one in MANY if not one.ok]
    assert max(map(len, on_terminal)) <= 30


def test_many_old_rates_are_one_line() -> None:
    """Old rates of many publishers are one line with their keys."""
    old = Stale("old")
    given = [Fetched("USD", table("USD"), warning=old, provider=f"p{place}") for place in range(6)]
    line = "warning: older than usual: p0, p1, p2, p3, p4, p5 · --failures lists them"
    assert group_failures(given, SETTINGS) == line
    assert group_failures([*given, *lost(TimedOut, "nbp")], SETTINGS).splitlines() == [
        "nbp  TimedOut  so it is",
        line,
    ]


def test_doubtful_figures_are_written_out() -> None:
    """A warning of a figure is not one of age: beside many failures it has its line, and old rates theirs."""
    given = [Fetched("USD", table("USD"), warning=Stale("old"), provider=f"p{place}") for place in range(6)]
    doubtful = Fetched("USD", table("USD"), warning=Implausible("is 100 times too much"), provider="bank")
    lines = group_failures([*given, doubtful], SETTINGS).splitlines()
    assert lines == [
        "bank  Implausible  is 100 times too much",
        "warning: older than usual: p0, p1, p2, p3, p4, p5 · --failures lists them",
    ]


def test_many_failed_bases_are_counted() -> None:
    """More than a few reasons of a chain are one line too."""
    given: list[Outcome] = [Failed(f"XX{place}", error=NoRates(f"no {place}", provider="ecb")) for place in range(6)]
    given += outcomes("EUR")
    assert failures(given, SETTINGS) == "6 of 7 bases failed: 6 no rates · --failures lists them"
    assert len(failures(given, SETTINGS, listed=True).splitlines()) == 6


def test_no_network() -> None:
    """Several publishers of which none is reached are two lines; one host alone, or one answer, proves nothing."""
    dead = [*lost(HostNotFound, "amcm", "bam", "ba"), *lost(NoNetwork, "nbp"), *lost(KeyNeeded, "fred")]
    first, second = group_failures(dead, SETTINGS).splitlines()
    assert first == "no network: 3 unreachable (so it is)"
    assert second == "check the connection; --offline shows past rates · --failures lists them"
    chain = [Failed("USD", error=dead[1].error, passed_over=(dead[0].error,))]
    assert failures(chain, SETTINGS).splitlines()[0] == "no network: 2 unreachable (so it is)"
    for others in (lost(TimedOut, "x"), outcomes("USD")):
        assert "no network" not in group_failures([*dead, *others], SETTINGS)
    assert no_network([("ecb", "HostNotFound", "x"), ("ecb", "HostNotFound", "x")]) == ""


def test_what_fails_in_a_group() -> None:
    """A publisher that is not asked, or lacks the rate, has not failed."""
    failed = {one.provider for one in MANY if of_group_failed(one)}
    assert failed == {"amcm", "bam", "ba", "nbp"}
