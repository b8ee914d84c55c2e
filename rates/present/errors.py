"""Failures, passed-over providers and warnings, as lines for standard error.

A few failures are a line each; more are one line that counts them. A machine without a network has two lines.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rates.defaults import OWN
from rates.errors import (
    UNREACHABLE,
    Implausible,
    KeyNeeded,
    MissingSymbols,
    NoNetwork,
    NoRates,
    RatesError,
    Unsupported,
)
from rates.model import Outcome
from rates.present.layout import aligned, folded, shortened
from rates.providers import load_each
from rates.settings import Settings

MOST_LISTED = 5  # more failures than this are counted, not listed
KEY_CUT = 16  # letters of a publisher's key in a list on a terminal
LISTS = "--failures lists them"
# The condition in a sentence, where its name alone would not fit: 23 want a key.
WORDS = {"key needed": ("wants a key", "want a key")}
ENDED = "ended"
LACKS = "cannot give it"  # it lacks the currency or the day, or a reader is not installed


class Reason(NamedTuple):
    """Why some bases have no rates from a provider, or have old ones."""

    provider: str
    error: RatesError
    bases: tuple[str, ...]


def failures(outcomes: Sequence[Outcome], settings: Settings, width: int | None = None, *, listed: bool = False) -> str:
    """The bases that failed and why, `JPY  TimedOut  frankfurter: no answer within 10 s`; "" if none did.

    Each provider of the chain has a line, in the order asked. listed: lists any number of them.
    """
    lost = [outcome for outcome in outcomes if outcome.error is not None]
    reasons = _merged((error.provider, error, one.base) for one in lost for error in _errors(one))
    if not listed and (words := _dead(outcomes, settings, reasons)):
        return folded(f"{words} · {LISTS}", width)
    if len(reasons) > MOST_LISTED and not listed:
        counted = Counter(_condition(one.error) for one in reasons)
        bases = f"{len(lost)} of {len(outcomes)} bases failed: {_joined(counted)}"
        return folded(f"{bases} · {LISTS}", width)
    entries = _without_repeats([(" ".join(one.bases), one.error.name, one_line(one.error)) for one in reasons])
    text = aligned(entries, width)
    alone = len(lost) == len(outcomes) and not settings.mocked
    if reasons and alone and all(isinstance(one.error, UNREACHABLE) for one in reasons):
        text += "\nwithout a network, --offline shows rates of the past"
    return text


def _errors(outcome: Outcome) -> list[RatesError]:
    """The errors of one base in the order met."""
    errors = [*outcome.passed_over]
    if outcome.error is not None and outcome.error not in errors:
        errors.append(outcome.error)
    return errors


def _merged(found: Iterable[tuple[str, RatesError, str]]) -> list[Reason]:
    """The reasons in the order met, each once for all its bases."""
    met: dict[tuple[str, str, str], tuple[RatesError, dict[str, None]]] = {}
    for provider, error, base in found:
        _, bases = met.setdefault((provider, error.name, one_line(error)), (error, {}))
        bases[base] = None
    return [Reason(provider, error, tuple(bases)) for (provider, _, _), (error, bases) in met.items()]


def _without_repeats(rows: Sequence[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """The rows; a first cell that is that of the row above is left empty."""
    above = ["", *(row[0] for row in rows)]
    return [("" if row[0] == before else row[0], *row[1:]) for row, before in zip(rows, above, strict=False)]


def group_failures(
    outcomes: Sequence[Outcome], settings: Settings, width: int | None = None, *, listed: bool = False
) -> str:
    """Which publishers of a group gave no rates, and why: listed when few, else counted; then what is doubtful or old.

    `81 did not answer: 48 unreachable, 23 want a key, 4 ended · --failures lists them`. listed: lists any number.
    """
    lost = _merged((one.provider, one.error, one.base) for one in outcomes if one.error is not None)
    warned = _merged((one.provider, one.warning, one.base) for one in outcomes if one.warning is not None)
    if not listed and (words := _dead(outcomes, settings, lost)):
        return folded(f"{words} · {LISTS}", width)
    bases = {one.base for one in outcomes}
    if listed or len(lost) + len(warned) <= MOST_LISTED:
        return _list([*lost, *warned], bases, width, listed=listed)
    few = len(lost) <= MOST_LISTED
    parts = [_list(lost, bases, width, listed=False) if few else folded(f"{_counted(lost)} · {LISTS}", width)]
    doubtful = [one for one in warned if isinstance(one.error, Implausible)]
    parts.append(_list(doubtful, bases, width, listed=False) if doubtful else "")
    if old := [one for one in warned if one not in doubtful]:
        line = f"warning: older than usual: {', '.join(one.provider for one in old)}"
        parts.append(folded(f"{line} · {LISTS}" if few else line, width))
    return "\n".join(filter(None, parts))


def _list(reasons: Sequence[Reason], bases: set[str], width: int | None, *, listed: bool) -> str:
    """A line for each reason: key, the error's name, and its sentence; before the key the bases, if not all.

    What is wider than a terminal is cut, so that each stays one line; a few that the user wants listed are folded.
    """
    keys = [one.provider if set(one.bases) == bases else f"{' '.join(one.bases)}  {one.provider}" for one in reasons]
    sentences = [" ".join("; ".join(filter(None, (one.error.detail, one.error.hint))).split()) for one in reasons]
    names = [one.error.name for one in reasons]
    if width is None or (listed and len(reasons) <= MOST_LISTED):
        return aligned(list(zip(keys, names, sentences, strict=True)), width)
    rows = aligned([(shortened(key, KEY_CUT), *rest) for key, *rest in zip(keys, names, sentences, strict=True)])
    return "\n".join(shortened(line, width) for line in rows.split("\n"))


def _counted(lost: Sequence[Reason]) -> str:
    """How many publishers have each condition; a publisher that lacks the currency or the day has answered."""
    first = {one.provider: one.error for one in reversed(lost)}
    lacking = [key for key, error in first.items() if _kind(key, error) == LACKS]
    counted = Counter(_kind(key, error) for key, error in reversed(first.items()) if key not in lacking)
    parts = [f"{counted.total()} did not answer: {_joined(counted)}"] if counted else []
    parts += [f"{len(lacking)} {LACKS}"] if lacking else []
    return " · ".join(parts)


def _kind(key: str, error: RatesError) -> str:
    """Why a publisher gave no rates, in a word or two."""
    if isinstance(error, MissingSymbols | NoRates | Unsupported):
        modules, _ = load_each((key,))
        ended = bool(modules) and bool(modules[0].PROVIDER.ended) and not isinstance(error, MissingSymbols)
        return ENDED if ended else LACKS
    return _condition(error)


def _condition(error: RatesError) -> str:
    """The condition that the error shows, in a word or two."""
    from rates.diagnose import condition_of  # 1 ms, which a run without failures must not pay for

    return condition_of(error)


def _joined(counted: Counter[str]) -> str:
    """The counts in words, the greatest first: 48 unreachable, 23 want a key."""
    return ", ".join(f"{count} {WORDS.get(kind, (kind, kind))[count > 1]}" for kind, count in counted.most_common())


def no_network(failed: Sequence[tuple[str, str, str]]) -> str:
    """Two lines if none of several publishers could be reached, else ""; from each one's key, error name and detail.

    Publishers that want a key, or have ended, were not asked and count for nothing.
    """
    asked = [one for one in failed if one[1] not in _NOT_ASKED]
    if len({key for key, *_ in asked}) < 2 or any(name not in _UNREACHABLE for _, name, _ in asked):
        return ""
    tried = [one for one in asked if one[1] != NoNetwork.__name__]
    count, (_, _, detail) = len({key for key, *_ in tried}), (tried or asked)[0]
    return f"no network: {count} unreachable ({detail})\ncheck the connection; --offline shows past rates"


_UNREACHABLE = {error.__name__ for error in UNREACHABLE}
_NOT_ASKED = {error.__name__ for error in (KeyNeeded, Unsupported)}


def _dead(outcomes: Sequence[Outcome], settings: Settings, reasons: Sequence[Reason]) -> str:
    """The same from the reasons of a whole run."""
    if settings.mocked or any(one.ok for one in outcomes):
        return ""
    return no_network([(one.provider, one.error.name, one.error.detail) for one in reasons])


def of_group_failed(outcome: Outcome) -> bool:
    """True where a publisher that was asked as one of a group has failed.

    One that wants a key is not asked; one that has ended, or lacks the currency or the day, has no rates to give.
    """
    return outcome.error is not None and not isinstance(
        outcome.error, KeyNeeded | Unsupported | MissingSymbols | NoRates
    )


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
        if error.provider != OWN  # a file of own rates is not expected to have every currency
    )
    return f"passed over: {', '.join(met)}" if met else ""


def passed_over_why(outcomes: Sequence[Outcome]) -> str:
    """A line with the reason for each provider that failed before one that answered; each reason once.

    Not for own rates: a file has few.
    """
    lines = dict.fromkeys(
        f"passed over for {outcome.table.provider}: {error.name}: {one_line(error)}"
        for outcome in outcomes
        if outcome.table is not None
        for error in outcome.passed_over
        if error.provider != OWN
    )
    return "\n".join(lines)


def own_lacks(outcomes: Sequence[Outcome], settings: Settings) -> str:
    """A line for each table of own rates that lacks some, with what has both; "" if none.

    And one for each base for which required currencies that the file lacks made the next provider answer.
    """
    lines = []
    for outcome in outcomes:
        table = outcome.table
        passed_over = (error for error in outcome.passed_over if error.provider == OWN)
        lines += [f"passed over: {one_line(error)}" for error in passed_over if isinstance(error, MissingSymbols)]
        if table is not None and table.provider == OWN and settings.chain != (OWN,):
            lacks = [symbol for symbol in settings.symbols if symbol not in table]
            pairs = ", ".join(f"{table.base}/{symbol}" for symbol in lacks)
            convert = f"rates convert 1 {table.base} {' '.join(lacks)}"
            lines += [f"own has no {pairs}; each rate of the first provider that has it: {convert}"] if lacks else []
    return "\n".join(lines)


def warnings(outcomes: Sequence[Outcome]) -> str:
    """A line for each warning about a table that is shown; "" when there is none."""
    met = (outcome.warning for outcome in outcomes if outcome.table is not None and outcome.warning is not None)
    return "\n".join(dict.fromkeys(f"warning: {error.name}: {one_line(error)}" for error in met))
