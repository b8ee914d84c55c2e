"""Finds the rates of conversions: by fixed ratios, in the lock file, or by a look-up or a fetch."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from rates import providers
from rates.conversion import conversion
from rates.errors import RatesError
from rates.model import ONE, DerivedRate, RateTable
from rates.readers import EXACT
from rates.settings import Settings
from rates.store.derivation import fraction
from rates.store.lookup import by_ratios, plan
from rates.store.records import WIDEST, Rate, Rule, Source, When

if TYPE_CHECKING:
    from rates.store.lock import LockFile


class Pair(NamedTuple):
    """What is looked up: one unit of `base` in `symbol`, on a day; None for the latest rate."""

    base: str
    symbol: str
    on: date | None


Found = Mapping[Pair, Rate | RatesError]
Ask = Callable[[Collection[Pair], Rule], Found]


class Finder:
    """Finds rates, and keeps those used in the lock file.

    ask: looks up pairs that need a publisher's rate, by the rule, without a lock. lock: the file, None without one.
    locked: True if its rates alone are used. sources: a locked figure is compared with theirs.
    """

    def __init__(
        self,
        settings: Settings,
        ask: Ask,
        *,
        lock: LockFile | None = None,
        locked: bool = False,
        sources: Collection[Source] = (),
    ) -> None:
        self._settings, self._ask = settings, ask
        self._lock, self._locked, self._sources = lock, locked, tuple(sources)
        self._rule = Rule(When(settings.when), settings.max_age)

    @property
    def locked_in(self) -> str:
        """The path of the lock file that the rates are from; "" if they are not."""
        return self._lock.path if self._lock is not None and self._locked else ""

    def find(self, pairs: Iterable[Pair]) -> dict[Pair, Rate | RatesError]:
        """The rate of each pair, or the reason why there is none; `LockError` if a locked figure has moved."""
        found: dict[Pair, Rate | RatesError] = {}
        asked = []
        for pair in dict.fromkeys(pairs):
            try:
                fixed = self._fixed(pair)
            except RatesError as error:
                found[pair] = error
                continue
            if fixed is None:
                asked.append(pair)
            else:
                found[pair] = fixed
        if self._locked:
            found.update((pair, self._from_lock(pair)) for pair in asked)
            from rates.store.lock import check_unmoved

            check_unmoved((rate for rate in found.values() if isinstance(rate, Rate)), self._sources)
        elif asked:
            found.update(self._ask(asked, self._rule))
        for pair, rate in found.items():
            if self._lock is not None and isinstance(rate, Rate):
                self._lock.add(rate, pair.on, self._rule)
        return found

    def save(self) -> list[str]:
        """Writes the lock file, if there is one; gives a sentence for each of its figures that has moved."""
        if self._lock is None or self._locked:
            return []
        return [f"{self._lock.path}: {moved.sentence()}; the file has the new value" for moved in self._lock.save()]

    def _fixed(self, pair: Pair) -> Rate | None:
        """The rate of a currency against itself, or by ratios fixed by law; None if a publisher's is needed.

        `UsageError` for a currency on a day before it began.
        """
        on = pair.on or self._settings.day()
        return by_ratios(plan(pair.base, pair.symbol, on), on)

    def _from_lock(self, pair: Pair) -> Rate | RatesError:
        assert self._lock is not None
        try:
            chain = tuple(map(providers.key_of, self._settings.chain))
            return self._lock.find(pair.base, pair.symbol, pair.on, self._rule, chain)
        except RatesError as error:
            return error


def rate_of_table(pair: Pair, table: RateTable, today: date) -> Rate:
    """The rate of a pair from the table of its unit; the table has the rate."""
    planned = conversion(pair.base, pair.symbol, pair.on or today)
    figure = table.figures[planned.symbol.unit]
    numerator, denominator = _exact(planned.base.unit, figure)
    exact = WIDEST.multiply(numerator, planned.symbol.ratio), WIDEST.multiply(denominator, planned.base.ratio)
    return Rate(
        pair.base,
        pair.symbol,
        EXACT.divide(*exact) if planned.ratios else figure.rate,
        pair.on or today,
        figure.day,
        figure.valid_to,
        "cross" if planned.ratios else figure.how,
        table.provider,
        figure.digits,
        figure.path,
        table.fetched,
        table.digest,
        table.source,
        exact,
        tuple(planned.ratios),
        figure.instead_of,
    )


def _exact(base: str, figure: DerivedRate) -> tuple[Decimal, Decimal]:
    """The rate as numerator and denominator, unrounded if it is derived from a chain of quotes; a median is not."""
    parts = fraction(base, figure.path)
    return parts if EXACT.divide(*parts) == EXACT.plus(figure.rate) else (figure.rate, ONE)
