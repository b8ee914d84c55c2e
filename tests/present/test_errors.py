from __future__ import annotations

from rates.errors import HostNotFound, MissingSymbols, NoRates, TimedOut
from rates.model import Failed, Fetched
from rates.present import failures, show
from rates.present.errors import passed_over, passed_over_why, provider_failures, warnings

from .samples import SETTINGS, TODAY, outcomes, table

LATE = TimedOut("no answer within 10 s", provider="frankfurter", hint="try again or raise --timeout")


def test_no_failures() -> None:
    """Without failures there is no line."""
    assert failures(outcomes("EUR"), SETTINGS) == ""


def test_nothing_but_failures() -> None:
    """When all fail for want of a network, the way without one is named, unless it is taken already."""
    lost = [Failed(base, error=HostNotFound("no such host", provider="ecb")) for base in ("USD", "EUR")]
    assert (
        show(lost, SETTINGS, today=TODAY)
        == """\
USD  HostNotFound  ecb: no such host
EUR  HostNotFound  ecb: no such host
without a network, --offline shows rates of the past"""
    )
    assert "--offline" not in failures(lost, SETTINGS.with_values(offline=True))
    assert "--offline" not in failures([*lost, *outcomes("GBP")], SETTINGS)


def test_reasons_stay_on_their_lines() -> None:
    """A reason of several lines becomes one."""
    assert failures([Failed("USD", error=NoRates("a\n b"))], SETTINGS) == "USD  NoRates  a b"


def test_a_narrow_terminal() -> None:
    """A reason is folded under itself, in the list of bases and in that of providers."""
    lost = [Failed("USD", error=LATE, provider="frankfurter")]
    assert (
        failures(lost, SETTINGS, 40)
        == """\
USD  TimedOut  frankfurter: no answer
               within 10 s; try again or
               raise --timeout"""
    )
    assert (
        provider_failures(lost, 40)
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
        provider_failures(given)
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
