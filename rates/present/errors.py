"""Failures, passed-over providers and warnings, as lines under a table or on stderr."""

from __future__ import annotations

from collections.abc import Sequence

from rates.errors import ConnectionFailed, ConnectionRefused, HostNotFound, RatesError
from rates.model import Outcome
from rates.present.layout import aligned
from rates.settings import Settings

# The errors of a machine without a network.
_UNREACHED = (HostNotFound, ConnectionFailed, ConnectionRefused)


def failures(outcomes: Sequence[Outcome], settings: Settings, width: int | None = None) -> str:
    """A line for each base that failed, `JPY  TimedOut  frankfurter: no answer within 10 s`; "" if none did.

    Each provider that was asked has a line, in the order asked. When nothing could be reached, a last line suggests
    `--offline`.
    """
    lost = [outcome for outcome in outcomes if outcome.error is not None]
    entries = [(base, error) for outcome in lost for base, error in _entries(outcome)]
    text = aligned([(base, error.name, one_line(error)) for base, error in entries], width)
    unreached = all(isinstance(error, _UNREACHED) for _, error in entries)
    if lost and len(lost) == len(outcomes) and unreached and not settings.mocked:
        text += "\nwithout a network, --offline shows rates of the past"
    return text


def _entries(outcome: Outcome) -> list[tuple[str, RatesError]]:
    """The errors of one base in the order met; the base stands at the first only."""
    errors = [*outcome.passed_over]
    if outcome.error is not None and outcome.error not in errors:
        errors.append(outcome.error)
    return [(outcome.base if place == 0 else "", error) for place, error in enumerate(errors)]


def provider_failures(outcomes: Sequence[Outcome], width: int | None = None) -> str:
    """A line for each provider that failed or has a warning: key, the error's name, and its sentence.

    Of several bases the base comes first; a sentence that is the same for all of them stands once.
    """
    met: dict[tuple[str, str, str], list[str]] = {}
    for one in outcomes:
        if (error := one.error or one.warning) is not None:
            sentence = "; ".join(part for part in (error.detail, error.hint) if part)
            met.setdefault((one.provider, error.name, " ".join(sentence.split())), []).append(one.base)
    bases = {outcome.base for outcome in outcomes}
    rows = [
        (key if set(failed) == bases else f"{' '.join(failed)}  {key}", name, sentence)
        for (key, name, sentence), failed in met.items()
    ]
    return aligned(rows, width)


def one_line(error: RatesError) -> str:
    """The error's sentence without line ends."""
    return " ".join(str(error).split())


def passed_over(outcomes: Sequence[Outcome]) -> str:
    """A line naming the providers that failed before those that answered; "" when there were none."""
    met = dict.fromkeys(
        f"{error.provider or 'a provider'} ({error.name})"
        for outcome in outcomes
        if outcome.table is not None
        for error in outcome.passed_over
    )
    return f"passed over: {', '.join(met)}" if met else ""


def passed_over_why(outcomes: Sequence[Outcome]) -> str:
    """A line with the reason for each provider that failed before one that answered; each reason once."""
    lines = dict.fromkeys(
        f"passed over for {outcome.table.provider}: {error.name}: {one_line(error)}"
        for outcome in outcomes
        if outcome.table is not None
        for error in outcome.passed_over
    )
    return "\n".join(lines)


def warnings(outcomes: Sequence[Outcome]) -> str:
    """A line for each warning about a table that is shown; "" when there is none."""
    met = (outcome.warning for outcome in outcomes if outcome.table is not None and outcome.warning is not None)
    return "\n".join(dict.fromkeys(f"warning: {error.name}: {one_line(error)}" for error in met))
