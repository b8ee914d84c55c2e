from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rates.model import Quote
from rates.store.periods import Every, PeriodRate, Stat, by_period, mean
from rates.store.records import Rate


def rate(day: date, numerator: str, denominator: str = "1", digits: int = 5) -> Rate:
    """A rate of EUR/USD, or the cross of two figures."""
    first, second = Decimal(numerator), Decimal(denominator)
    how = "published" if second == 1 else "cross"
    quote = Quote("EUR", "USD", first, day)
    return Rate("EUR", "USD", first / second, day, day, None, how, "ecb", digits, (quote,), exact=(first, second))


DAYS = [
    rate(date(2024, 12, 27), "1.0435"),
    rate(date(2024, 12, 30), "1.0444"),
    rate(date(2024, 12, 31), "1.0389"),
    rate(date(2025, 1, 2), "1.0321"),
    rate(date(2025, 1, 3), "1.0299"),
    rate(date(2025, 1, 6), "1.0444"),
]


def shown(figures: list[PeriodRate]) -> list[tuple[str, str, str, int]]:
    """The label, rate, day and number of each."""
    return [(one.period, str(one.rate), str(one.day), one.number) for one in figures]


@pytest.mark.parametrize(
    ("every", "stat", "meant"),
    [
        (Every.WEEK, Stat.LAST, [("2024-W52", "1.0435", "2024-12-27", 1), ("2025-W01", "1.0299", "2025-01-03", 4),
                                 ("2025-W02", "1.0444", "2025-01-06", 1)]),
        (Every.MONTH, Stat.FIRST, [("2024-12", "1.0435", "2024-12-27", 3), ("2025-01", "1.0321", "2025-01-02", 3)]),
        (Every.QUARTER, Stat.MIN, [("2024-Q4", "1.0389", "2024-12-31", 3), ("2025-Q1", "1.0299", "2025-01-03", 3)]),
        (Every.YEAR, Stat.MAX, [("2024", "1.0444", "2024-12-30", 3), ("2025", "1.0444", "2025-01-06", 3)]),
        (Every.YEAR, Stat.MEAN, [("2024", "1.042266666666666666666666667", "None", 3),
                                 ("2025", "1.035466666666666666666666667", "None", 3)]),
    ],
)  # fmt: skip
def test_periods(every: Every, stat: Stat, meant: list[tuple[str, str, str, int]]) -> None:
    """A week of ISO 8601 may begin in the year before; each figure has its day, but a mean, and the number of days."""
    assert shown(by_period(DAYS, every, stat)) == meant


def test_days() -> None:
    """By day every rate is a figure."""
    assert [one.rate for one in by_period(DAYS, Every.DAY)] == [one.rate for one in DAYS]
    assert [one.period for one in by_period(DAYS, Every.DAY)] == [str(one.day) for one in DAYS]
    assert by_period([], Every.YEAR) == []


def test_the_earliest_of_equal_rates() -> None:
    """Of equal rates the earliest is the highest."""
    equal = [rate(date(2024, 1, day), "1.1") for day in (2, 3, 4)]
    for stat in (Stat.MIN, Stat.MAX):
        assert by_period(equal, Every.YEAR, stat)[0].day == date(2024, 1, 2)


def test_the_lowest_of_rates_that_are_equal_when_rounded() -> None:
    """Rates are compared exactly: two that differ after 28 digits are not equal."""
    higher, lower = rate(date(2024, 1, 2), "1", "3"), rate(date(2024, 1, 3), "0.33333333333333333333333333333333")
    assert by_period([higher, lower], Every.YEAR, Stat.MIN)[0].day == date(2024, 1, 3)


def test_a_mean_shows_as_many_digits_as_its_rates_have() -> None:
    """1.12 among 1.1172 is 1.1200: some publishers leave out final zeros."""
    rates = [rate(date(2024, 1, 2), "1.1172"), rate(date(2024, 1, 3), "1.12", digits=3)]
    assert by_period(rates, Every.YEAR, Stat.MEAN)[0].digits == 5


@given(
    st.lists(
        st.tuples(st.integers(1, 10**9), st.integers(1, 10**9), st.integers(0, 9), st.integers(0, 9)),
        min_size=1, max_size=40,
    )
)  # fmt: skip
def test_a_mean_is_exact(parts: list[tuple[int, int, int, int]]) -> None:
    """A mean is the quotient of exact rates, rounded once, whatever the caller's context is."""
    rates = [
        rate(date(2024, 1, 1), str(Decimal(top).scaleb(-up)), str(Decimal(below).scaleb(-down)))
        for top, below, up, down in parts
    ]
    exact = sum(Fraction(one.exact[0]) / Fraction(one.exact[1]) for one in rates) / len(rates)
    with localcontext(prec=3):
        found = mean(rates)
    assert abs(Fraction(found) - exact) <= Fraction(found) / 10**27 / 2


@given(st.lists(st.dates(date(1999, 1, 4), date(2030, 1, 1)), min_size=1, max_size=60, unique=True))
def test_every_rate_is_in_one_period(days: list[date]) -> None:
    """The periods have all rates, in order, and each day lies within its period."""
    rates = [rate(day, "1.1") for day in sorted(days)]
    for every in Every:
        figures = by_period(rates, every)
        assert sum(one.number for one in figures) == len(rates)
        assert [one.period for one in figures] == sorted({every.label(day) for day in days})
        for one in figures:
            assert one.day is not None
            assert one.span.first <= one.day <= one.span.last
            assert one.span.last - one.span.first <= timedelta(days=365)
