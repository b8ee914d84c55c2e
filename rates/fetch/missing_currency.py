"""Why a publisher has no rates of a currency, if that is known, and which publishers have them."""

from __future__ import annotations

from datetime import date, timedelta

from rates.currencies import not_begun, peg, redenominated
from rates.errors import AnswerError, MissingSymbols, NoRates, NotRecorded, RatesError, Unsupported
from rates.providers import published
from rates.settings import Settings

# A redenomination in this time explains why a publisher's last figures cannot be used.
JUST = timedelta(days=31)
OTHERS = 3  # publishers that a hint names; `rates providers --currency` lists them all


def explain(error: RatesError, key: str, base: str, settings: Settings) -> None:
    """Adds to the hint of an error when its currencies began, ended or paused, and which publishers have them."""
    if settings.offline and settings.on is not None:
        from rates import history

        error.hint = history.end(settings.on) or error.hint
    on, day, symbols = settings.on, settings.on or settings.day(), settings.symbols if settings.strict else ()
    if not base or not isinstance(error, (Unsupported, MissingSymbols, NoRates, NotRecorded, AnswerError)):
        return
    if isinstance(error, (Unsupported, MissingSymbols)):
        missing = error.symbols if isinstance(error, MissingSymbols) else (base,)
        notes = [published.absence(key, symbol, day) or _just_replaced(symbol, day) for symbol in missing]
        notes = [note for note in notes if note]
        others = [] if settings.mocked else _others(key, missing, base, on)
        others += ["offline there is only the ECB's history"] if settings.history_only else []
        others += [] if settings.pegs else [note for note in (_pegged(symbol, day) for symbol in missing) if note]
        if notes or isinstance(error, MissingSymbols):
            error.hint = "; ".join([*notes, *others]) or error.hint
        elif others and not published.has(key, base, on):
            error.hint = "; ".join(part for part in (error.hint, *others) if part)
    elif on is not None:
        notes = [note for note in (not_begun(symbol, on) for symbol in dict.fromkeys((base, *symbols))) if note]
        error.hint = "; ".join(part for part in (error.hint, *notes) if part)


def _just_replaced(symbol: str, day: date) -> str:
    """That the currency was redenominated under its code in the last month; "" if it was not."""
    note = redenominated(symbol, day - JUST)
    return "" if note == redenominated(symbol, day) else note


def _pegged(symbol: str, day: date) -> str:
    """That --pegs gives a rate of the currency; "" when it has no peg."""
    held = peg(symbol, day)
    return f"or --pegs: {held.sentence()}" if held else ""


def _others(key: str, missing: tuple[str, ...], base: str, on: date | None) -> list[str]:
    """The publishers to try instead: those that are known to have all of these currencies, and the base."""
    found = [other for other in published.publishers(*missing, base, on=on) if other != key][:OTHERS]
    return [f"try {', '.join(found)}"] if found else []
