"""Why a publisher has no rates of a currency, and who has: it ended, paused or had not begun, there or everywhere."""

from __future__ import annotations

from datetime import date

from rates import providers
from rates.currencies import peg, unborn
from rates.errors import AnswerError, MissingSymbols, NoRates, NotRecorded, RatesError, Unsupported
from rates.providers import absent
from rates.settings import Settings

OTHERS = 3  # publishers that are named; who wants more filters the list


def explain(error: RatesError, key: str, base: str, settings: Settings) -> None:
    """Adds to an error of a fetch what the lives of its currencies tell, in place of a hint that knows less."""
    on, day, symbols = settings.on, settings.on or settings.day(), settings.symbols if settings.strict else ()
    if not base or not isinstance(error, (Unsupported, MissingSymbols, NoRates, NotRecorded, AnswerError)):
        return
    if isinstance(error, (Unsupported, MissingSymbols)):
        gone = error.symbols if isinstance(error, MissingSymbols) else (base,)
        notes = [note for note in (absent(key, symbol, day) for symbol in gone) if note]
        others = _others(key, gone, base, str(on) if on else "")
        others += [] if settings.pegs else [told for told in (_pegged(symbol, day) for symbol in gone) if told]
        if notes or isinstance(error, MissingSymbols):
            error.hint = "; ".join([*notes, *others]) or error.hint
        elif others and not _has(key, base, str(on) if on else ""):
            error.hint = "; ".join(part for part in (error.hint, *others) if part)
    elif on is not None:
        notes = [note for note in (unborn(symbol, on) for symbol in dict.fromkeys((base, *symbols))) if note]
        error.hint = "; ".join(part for part in (error.hint, *notes) if part)


def _pegged(symbol: str, day: date) -> str:
    """That a currency could be had by its peg."""
    held = peg(symbol, day)
    return f"or --pegs: {held.sentence()}" if held else ""


def _has(key: str, code: str, on: str) -> bool:
    """True when the publisher is known to have it, so that something else is wrong."""
    return key in providers.own_keys() and providers.facts(key).has(code, on)


def _others(key: str, gone: tuple[str, ...], base: str, on: str) -> list[str]:
    """Whom to ask instead: those that are known to have all of these, and the base."""
    having = set(providers.publishers(base, on))
    for symbol in gone:
        having &= set(providers.publishers(symbol, on))
    named = [other for other in providers.publishers(gone[0], on) if other in having and other != key][:OTHERS]
    return [f"try {', '.join(named)}"] if named else []
