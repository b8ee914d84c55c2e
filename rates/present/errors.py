"""The bases that have no rates, and why: the list under the table, or on stderr."""

from __future__ import annotations

from collections.abc import Sequence

from rates.errors import ConnectionFailed, ConnectionRefused, HostNotFound, RatesError
from rates.model import Outcome
from rates.settings import Settings

# What a machine without a network answers.
_UNREACHED = (HostNotFound, ConnectionFailed, ConnectionRefused)


def failures(outcomes: Sequence[Outcome], settings: Settings) -> str:
    """A line for each base that failed, `JPY  TimedOut  frankfurter: no answer within 10 s`; "" if none did.

    Providers asked before get lines of their own, in the order asked. When nothing could be reached, a last
    line names the way without a network.
    """
    lost = [outcome for outcome in outcomes if outcome.error is not None]
    entries = [(base, error) for outcome in lost for base, error in _entries(outcome)]
    bases = max((len(base) for base, _ in entries), default=0)
    names = max((len(error.name) for _, error in entries), default=0)
    lines = [f"{base:{bases}}  {error.name:{names}}  {one_line(error)}".rstrip() for base, error in entries]
    unreached = all(isinstance(error, _UNREACHED) for _, error in entries)
    if lost and len(lost) == len(outcomes) and unreached and not settings.mocked:
        lines.append("without a network, --offline shows rates of the past")
    return "\n".join(lines)


def _entries(outcome: Outcome) -> list[tuple[str, RatesError]]:
    """The errors of one base in the order met; the base stands at the first only."""
    errors = [*outcome.passed_over]
    if outcome.error is not None and outcome.error not in errors:
        errors.append(outcome.error)
    return [(outcome.base if place == 0 else "", error) for place, error in enumerate(errors)]


def one_line(error: RatesError) -> str:
    """The error's sentence without line ends."""
    return " ".join(str(error).split())


def passed_over(outcomes: Sequence[Outcome]) -> str:
    """A line naming the providers asked in vain before those that answered; "" when there were none."""
    met = dict.fromkeys(
        f"{error.provider or 'a provider'} ({error.name})"
        for outcome in outcomes
        if outcome.table is not None
        for error in outcome.passed_over
    )
    return f"passed over: {', '.join(met)}" if met else ""


def passed_over_why(outcomes: Sequence[Outcome]) -> str:
    """A line for each provider asked in vain before one that answered, with its reason; each reason once."""
    lines = dict.fromkeys(
        f"passed over for {outcome.table.provider}: {error.name}: {one_line(error)}"
        for outcome in outcomes
        if outcome.table is not None
        for error in outcome.passed_over
    )
    return "\n".join(lines)


def warnings(outcomes: Sequence[Outcome]) -> str:
    """A line for each thing that is to be known of a table that is shown; "" when there is none."""
    met = (outcome.warning for outcome in outcomes if outcome.table is not None and outcome.warning is not None)
    return "\n".join(dict.fromkeys(f"warning: {error.name}: {one_line(error)}" for error in met))
