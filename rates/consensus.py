"""The opinions of several publishers about one pair on one day: median, spread and outliers. Pure and exact.

The method works with few publishers, and when some of them are wrong:

- Official rates are kept apart from those of markets and services, since the two may differ for good reason.
- Only figures of one effective day are compared: the day asked for, else the day that most sources have (the newest of
  several). The other figures are listed with their days and not counted.
- One source counts once. A publisher that reprints another (`Provider.reprints`) has that one as its source. Figures
  that agree in all of at least five significant digits have one source too: independent measurements do not agree in
  so many digits.
- The median of an even number of figures is the exact mean of the middle two.
- A figure is an outlier when its distance from the median is more than 3.5 times 1.4826 times the median of all
  distances, and more than rounding explains: half a unit in the last digit of each published figure behind it, and
  behind the median. (With normal errors 1.4826 makes the median distance a standard deviation; 3.5 is Iglewicz and
  Hoaglin's.)
- With fewer than four sources no figure is an outlier: when two of three agree, the third may still be right.
- The spread reaches from the lowest to the highest figure, outliers left out, as a share of the median.

    from rates import fetch_many, providers
    from rates.consensus import opinion_groups

    keys = ("ecb", "erapi", "vatcomply", "frankfurter")
    outcomes = fetch_many("USD", keys)
    facts = {key: providers.load(key).PROVIDER for key in keys}
    for group in opinion_groups([outcome.table for outcome in outcomes if outcome.table], "EUR", facts):
        print(group.kind, group.median, group.sources, group.spread)

`rates consensus USD/EUR` prints this; `--provider consensus` gives the medians as a table like any other.
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
from rates.plausible import Doubt, is_far
from rates.readers import EXACT

FEWEST = 4  # sources among which there can be an outlier
SAME_DIGITS = 5  # figures that agree in all digits have one source if they have at least so many
FAR = Decimal("3.5") * Decimal("1.4826")
HALF = Decimal("0.5")

Kind = Literal["official", "market"]
Figures = Sequence[tuple[str, DerivedRate]]  # each publisher's figure for the pair, by the publisher's key


@dataclass(frozen=True, slots=True)
class Opinion:
    """One publisher's figure for the pair.

    note: why it is not counted; "" if it is. deviation: its signed distance from the median as a share of the median;
    None for a figure of another day.
    """

    provider: str
    figure: DerivedRate
    note: str = ""
    deviation: Decimal | None = None
    outlier: bool = False

    @property
    def counted(self) -> bool:
        """True when the median is made from this figure, among others."""
        return not self.note


@dataclass(frozen=True, slots=True)
class Group:
    """The opinions of the official publishers, or of the others, about one pair on one day.

    low, high: of the counted figures that are no outliers; spread: from `low` to `high`, as a share of the median.
    sources: the number of counted figures.
    """

    kind: Kind
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
    def digits(self) -> int:
        """Significant digits of the median: those of the most exact figure behind it, since most are as exact."""
        return max(one.figure.digits for one in self.opinions if one.counted)

    @property
    def enough_sources(self) -> bool:
        """True when there are enough sources for one of them to be an outlier."""
        return self.sources >= FEWEST


def opinion_groups(
    tables: Iterable[RateTable], symbol: str, providers: Mapping[str, Provider], on: date | None = None
) -> tuple[Group, ...]:
    """The group of the official publishers and that of the others, each if one of them has the pair on the day.

    tables: of one base, one for each publisher; those without the symbol are left out, those that are simulated, since
    their figures are the ECB's, and those of rates valid for a period. providers: by key, of all.
    """
    having = [
        table
        for table in tables
        if symbol in table and table.base != symbol and not table.simulated and not providers[table.provider].periods
    ]
    if not having:
        return ()
    figures = [(table.provider, table.figures[symbol]) for table in having]
    day = _common_day(figures, providers, on)
    groups = []
    kinds: tuple[Kind, ...] = ("official", "market")
    for kind in kinds:
        own = [(key, figure) for key, figure in figures if providers[key].official == (kind == "official")]
        if any(figure.day == day for _, figure in own):
            groups.append(_group(kind, having[0].base, symbol, day, own, providers))
    return tuple(groups)


def far_from_others(group: Group) -> list[Doubt]:
    """The figures of a group's day that are more than five times the median of the others, or less than a fifth.

    They are named however few the sources are; of two, each is far from the other.
    """
    found = []
    for one in group.opinions:
        others = [other.figure.rate for other in group.opinions if other.counted and other is not one]
        if not others or one.figure.day != group.day:
            continue
        middle = median(others)
        if is_far(float(one.figure.rate), float(middle)):
            whose = "the other publisher" if len(others) == 1 else f"the {len(others)} others at the median"
            found.append(Doubt(group.base, group.symbol, one.figure.rate, group.day, middle, whose, one.provider))
    return found


def _source(key: str, providers: Mapping[str, Provider]) -> str:
    """The publisher whose figures this one publishes: itself, or the original of its reprints."""
    met = {key}
    while key in providers and (origin := providers[key].reprints) and origin not in met:
        met.add(key := origin)
    return key


def _common_day(figures: Figures, providers: Mapping[str, Provider], on: date | None) -> date:
    """The day to compare: the day asked for if a publisher has it, else the newest of those that most sources have."""
    sources = Counter(day for _, day in {(_source(key, providers), figure.day) for key, figure in figures})
    if on is not None and on in sources:
        return on
    return max(sources, key=lambda day: (sources[day], day))


def _group(kind: Kind, base: str, symbol: str, day: date, figures: Figures, providers: Mapping[str, Provider]) -> Group:
    notes = _notes(day, figures, providers)
    counted = [figure for key, figure in figures if not notes[key]]
    rates = [figure.rate for figure in counted]
    middle = median(rates)
    # A figure is no outlier within the usual distance, nor within the rounding of the median and of itself.
    usual = FAR * EXACT.divide(median([_distance(rate, middle) for rate in rates]), middle)
    rounded = median([rounding(figure) for figure in counted])

    def opinion(key: str, figure: DerivedRate) -> Opinion:
        if figure.day != day:
            return Opinion(key, figure, notes[key])
        deviation = EXACT.divide(WIDE.subtract(figure.rate, middle), middle)
        far = abs(deviation) > max(usual, rounding(figure) + rounded)
        return Opinion(key, figure, notes[key], deviation, far and len(counted) >= FEWEST)

    opinions = tuple(opinion(key, figure) for key, figure in figures)
    within = [one.figure.rate for one in opinions if one.counted and not one.outlier]
    low, high = min(within), max(within)
    spread = EXACT.divide(_distance(high, low), middle)
    return Group(kind, base, symbol, day, middle, low, high, spread, len(counted), opinions)


def _notes(day: date, figures: Figures, providers: Mapping[str, Provider]) -> dict[str, str]:
    """Why each publisher is not counted, by key; "" for those that are. Originals come before their reprints."""
    notes: dict[str, str] = {}
    sources: dict[str, str] = {}
    known: dict[Decimal, str] = {}
    for key, figure in sorted(figures, key=lambda one: bool(providers[one[0]].reprints)):
        source = _source(key, providers)
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


def median(values: Sequence[Decimal]) -> Decimal:
    """The middle value, or the exact mean of the middle two."""
    ordered, half = sorted(values), len(values) // 2
    if len(ordered) % 2:
        return ordered[half]
    return WIDE.multiply(WIDE.add(ordered[half - 1], ordered[half]), HALF)


def _distance(one: Decimal, other: Decimal) -> Decimal:
    """The distance of two rates, exact."""
    return WIDE.subtract(one, other).copy_abs()


def rounding(figure: DerivedRate) -> Decimal:
    """How far a figure may be wrong because the published figures behind it are rounded, as a share of it."""
    return sum((_half_unit(quote.rate) for quote in figure.path), Decimal(0))


def _half_unit(rate: Decimal) -> Decimal:
    exponent = rate.as_tuple().exponent
    unit = ONE.scaleb(exponent) if isinstance(exponent, int) else Decimal(0)
    return EXACT.divide(unit * HALF, rate)


def median_table(
    tables: Sequence[RateTable], base: str, providers: Mapping[str, Provider], *, asked: date | None = None
) -> RateTable:
    """One table of the official medians, with every symbol that an official publisher has.

    A median has the digits of the most exact figure behind it, since it is at least as exact as most of them.
    """
    figures: dict[str, DerivedRate] = {}
    for symbol in sorted({symbol for table in tables for symbol in table} - {base}):
        for group in opinion_groups(tables, symbol, providers, asked):
            if group.kind == "official":
                figures[symbol] = DerivedRate(group.median, group.day, "median", group.digits)
    newest = max((figure.day for figure in figures.values()), default=date.min)
    figures[base] = DerivedRate(ONE, newest, "identity", MANY_DIGITS)
    return RateTable(base, CONSENSUS, figures, asked=asked, rate_type="median of official rates")
