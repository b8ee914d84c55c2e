"""Several publishers, one pair, one day: the median, how far they lie apart, and who lies outside. Pure and exact.

The method, chosen to hold with few publishers and with some of them wrong:

- Official rates and those that a market or a service makes are kept apart: they may rightly differ.
- Only figures of one effective day are compared: the day asked for, else the day that most sources have (of several
  the newest). The others are listed with their days and not counted.
- What has one source counts once: publishers that reprint another (`Provider.reprints`), and figures that agree to the
  last digit where at least five are significant, since two that measured for themselves do not.
- The middle is the median; of an even number the exact mean of the middle two.
- A figure is an outlier when it is further from the median than 3.5 times 1.4826 times the median of all distances
  (that factor makes it a standard deviation where errors are normal; 3.5 is Iglewicz and Hoaglin's), and further than
  what rounding explains: half a unit in the last digit of each published figure behind it, and behind the median.
- Of fewer than four sources none can be called an outlier: two against one is no majority, and one may be right.
- The spread is from the lowest to the highest that is no outlier, as a share of the median.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from rates.conversion import MANY_DIGITS, WIDE
from rates.defaults import CONSENSUS
from rates.model import ONE, DerivedRate, Provider, RateTable
from rates.readers import EXACT

FEWEST = 4  # sources of which one can be told from the others
SAME_DIGITS = 5  # figures of so many significant digits that agree in all of them have one source
FAR = Decimal("3.5") * Decimal("1.4826")
HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one publisher says.

    note: why it is not counted ("" where it is). off: its distance from the median as a share of that, None where it
    cannot be compared. outlier: whether that is too far.
    """

    provider: str
    figure: DerivedRate
    note: str = ""
    off: Decimal | None = None
    outlier: bool = False

    @property
    def counted(self) -> bool:
        """True for one that the median is made of."""
        return not self.note


@dataclass(frozen=True, slots=True)
class Group:
    """What the official publishers, or the others, say of one pair on one day; median and all are theirs.

    spread: from `low` to `high`, those that are no outliers, as a share of the median. sources: how many are counted.
    """

    kind: Literal["official", "market"]
    base: str
    symbol: str
    day: date
    median: Decimal
    low: Decimal
    high: Decimal
    spread: Decimal
    sources: int
    opinions: tuple[Opinion, ...]

    @property
    def enough_sources(self) -> bool:
        """True when there are sources enough to call one an outlier."""
        return self.sources >= FEWEST


def agree(
    tables: Iterable[RateTable], symbol: str, facts: Mapping[str, Provider], on: date | None = None
) -> tuple[Group, ...]:
    """The official group and the market's, each where somebody on it has the pair on that day.

    tables: of one base, one a publisher; those without the symbol say nothing. facts: of each publisher.
    """
    having = [(table.provider, table) for table in tables if symbol in table and table.base != symbol]
    if not having:
        return ()
    base = having[0][1].base
    said = [(key, table.figures[symbol]) for key, table in having]
    day = _common_day(said, facts, on)
    groups = []
    kinds: tuple[Literal["official", "market"], ...] = ("official", "market")
    for kind in kinds:
        mine = [(key, figure) for key, figure in said if facts[key].official == (kind == "official")]
        if any(figure.day == day for _, figure in mine):
            groups.append(_group(kind, base, symbol, day, mine, facts))
    return tuple(groups)


def _source(key: str, facts: Mapping[str, Provider]) -> str:
    """Whose figures a publisher passes on in the end; its own key where they are its own."""
    met = {key}
    while key in facts and (origin := facts[key].reprints) and origin not in met:
        met.add(key := origin)
    return key


def _common_day(said: Sequence[tuple[str, DerivedRate]], facts: Mapping[str, Provider], on: date | None) -> date:
    """The day to compare: the one asked for, where anybody has it; else that of the most sources, then the newest."""
    sources = Counter(day for _, day in {(_source(key, facts), figure.day) for key, figure in said})
    if on is not None and on in sources:
        return on
    return max(sources, key=lambda day: (sources[day], day))


def _group(
    kind: Literal["official", "market"],
    base: str,
    symbol: str,
    day: date,
    said: Sequence[tuple[str, DerivedRate]],
    facts: Mapping[str, Provider],
) -> Group:
    """One group's median and spread, and each opinion's place."""
    notes = _notes(day, said, facts)
    counted = [figure for key, figure in said if not notes[key]]
    rates = [figure.rate for figure in counted]
    middle = median(rates)
    grain = median([rounding(figure) for figure in counted])
    usual = EXACT.divide(median([_apart(rate, middle) for rate in rates]), middle)
    opinions = tuple(_opinion(key, figure, notes[key], day, middle) for key, figure in said)
    if len(counted) >= FEWEST:
        opinions = tuple(_judged(opinion, usual, grain) for opinion in opinions)
    within = [opinion.figure.rate for opinion in opinions if opinion.counted and not opinion.outlier]
    low, high = min(within), max(within)
    spread = EXACT.divide(_apart(high, low), middle)
    return Group(kind, base, symbol, day, middle, low, high, spread, len(counted), opinions)


def _notes(day: date, said: Sequence[tuple[str, DerivedRate]], facts: Mapping[str, Provider]) -> dict[str, str]:
    """Why each publisher is not counted; "" for those that are. An original goes before its reprints."""
    notes: dict[str, str] = {}
    sources: dict[str, str] = {}
    known: dict[Decimal, str] = {}
    for key, figure in sorted(said, key=lambda one: bool(facts[one[0]].reprints)):
        source = _source(key, facts)
        if figure.day != day:
            notes[key] = f"of {figure.day}"
        elif source in sources:
            also = "" if sources[source] == source else f", as {sources[source]} does"
            notes[key] = f"reprints {source}{also}"
        elif figure.digits >= SAME_DIGITS and figure.rate in known:
            notes[key] = f"the figure of {known[figure.rate]}"
        else:
            notes[key] = ""
            sources[source] = key
            known.setdefault(figure.rate, key)
    return notes


def _opinion(key: str, figure: DerivedRate, note: str, day: date, middle: Decimal) -> Opinion:
    off = EXACT.divide(WIDE.subtract(figure.rate, middle), middle) if figure.day == day else None
    return Opinion(key, figure, note, off)


def _judged(opinion: Opinion, usual: Decimal, grain: Decimal) -> Opinion:
    """The opinion, called an outlier when neither the others' distances nor rounding explain its own."""
    if opinion.off is None or abs(opinion.off) <= max(FAR * usual, rounding(opinion.figure) + grain):
        return opinion
    return Opinion(opinion.provider, opinion.figure, opinion.note, opinion.off, True)


def median(values: Sequence[Decimal]) -> Decimal:
    """The middle value, or the exact mean of the middle two."""
    ordered, half = sorted(values), len(values) // 2
    if len(ordered) % 2:
        return ordered[half]
    return WIDE.multiply(WIDE.add(ordered[half - 1], ordered[half]), HALF)


def _apart(one: Decimal, other: Decimal) -> Decimal:
    """The distance of two rates, exact."""
    return WIDE.subtract(one, other).copy_abs()


def rounding(figure: DerivedRate) -> Decimal:
    """How far a figure may be off by the rounding of what was published, as a share of it."""
    return sum((_half_unit(quote.rate) for quote in figure.path), Decimal(0))


def _half_unit(rate: Decimal) -> Decimal:
    exponent = rate.as_tuple().exponent
    unit = ONE.scaleb(exponent) if isinstance(exponent, int) else Decimal(0)
    return EXACT.divide(unit * HALF, rate)


def blend(
    tables: Sequence[RateTable], base: str, facts: Mapping[str, Provider], *, asked: date | None = None
) -> RateTable:
    """One table of the official medians, for every symbol that an official publisher has.

    A figure's digits are those of the most exact figure counted, since the median is at least as exact as most.
    """
    figures: dict[str, DerivedRate] = {}
    for symbol in sorted({symbol for table in tables for symbol in table} - {base}):
        for group in agree(tables, symbol, facts, asked):
            if group.kind == "official":
                figures[symbol] = _blended(group)
    newest = max((figure.day for figure in figures.values()), default=date.min)
    figures[base] = DerivedRate(ONE, newest, "identity", MANY_DIGITS)
    return RateTable(base, CONSENSUS, figures, asked=asked, rate_type="median of official rates")


def _blended(group: Group) -> DerivedRate:
    digits = max(opinion.figure.digits for opinion in group.opinions if opinion.counted)
    return DerivedRate(group.median, group.day, "median", digits)
