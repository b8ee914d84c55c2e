from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rates.model import DerivedRate, How
from rates.present.rounding import plain, rounded, shown, weak

from .samples import FRIDAY

positive = st.decimals(
    min_value=Decimal("1e-15"), max_value=Decimal("1e15"), allow_nan=False, allow_infinity=False
).filter(lambda rate: rate > 0)


def figure(rate: str | Decimal, how: How = "published", digits: int = 5) -> DerivedRate:
    """A figure of that rate."""
    return DerivedRate(Decimal(rate), FRIDAY, how, digits)


def significant(text: str) -> int:
    """How many significant digits a text shows, trailing zeros before the point counted."""
    return len(text.replace(".", "").lstrip("0"))


@pytest.mark.parametrize(
    ("rate", "how", "text"),
    [
        ("0.8951", "published", "0.8951"),
        ("1.10", "published", "1.10"),
        ("15869.00", "published", "15869.00"),
        ("5.51019E-5", "published", "0.0000551019"),
        ("1E+3", "published", "1000"),
        ("123456.789", "published", "123456.789"),
        ("1.23456789012345", "published", "1.23457"),
        ("0.00005510188731", "cross", "0.000055102"),
        ("18148.0486933", "cross", "18148"),
        ("1234567891234.5", "inverse", "1234600000000"),
        ("0.5", "inverse", "0.5"),
        ("1.0000", "identity", "1"),
    ],
)
def test_rule(rate: str, how: How, text: str) -> None:
    """Published figures stand as published, computed ones have six digits, derived ones those of their source: five."""
    assert shown(figure(rate, how), 6) == text


def test_half_even() -> None:
    """A tie goes to the even neighbour, so that many roundings do not drift."""
    assert shown(figure("1.23445", "cross"), 5) == "1.2344"
    assert shown(figure("1.23455", "cross"), 5) == "1.2346"


def test_more_digits_wanted() -> None:
    """A higher setting shows more of a figure that its service computed, too."""
    assert shown(figure("1.23456789012345"), 12) == "1.23456789012"


@pytest.mark.parametrize("how", ["inverse", "cross", "pegged", "median"])
def test_no_digits_that_are_not_there(how: How) -> None:
    """However many digits are wanted, a derived figure has no more than the weakest one behind it."""
    assert shown(figure("0.89509488005728", how, 5), 10) == "0.89509"
    assert shown(figure("0.89509488005728", how, 3), 10) == "0.895"
    assert shown(figure("0.27229407760381", how, 28), 10) == "0.2722940776"


@pytest.mark.parametrize(
    ("how", "digits", "is_weak"),
    [("published", 3, True), ("cross", 2, True), ("inverse", 4, False), ("identity", 1, False)],
)
def test_weak(how: How, digits: int, is_weak: bool) -> None:
    """Fewer than four digits behind it make a figure weak, an identity never is."""
    assert weak(figure("1.5", how, digits)) is is_weak


@given(positive, st.sampled_from(["published", "inverse", "cross"]), st.integers(1, 28))
def test_never_scientific_never_nothing(rate: Decimal, how: How, digits: int) -> None:
    """No positive rate prints as zero or with an exponent."""
    text = shown(figure(rate, how), digits)
    assert "E" not in text.upper()
    assert Decimal(text) > 0


@given(positive, st.sampled_from(["inverse", "cross"]), st.integers(1, 28))
def test_at_least_four_digits_are_real(rate: Decimal, how: How, digits: int) -> None:
    """A derived figure is shown with an error of at most half a unit of its last digit, the fourth or fifth of five."""
    kept = min(max(digits, 4), 5)
    off = abs(Decimal(shown(figure(rate, how), digits)) - rate)
    assert off <= Decimal(5).scaleb(rate.adjusted() - kept)


@given(st.integers(1, 10**9 - 1), st.integers(-12, 6))
def test_published_untouched(coefficient: int, exponent: int) -> None:
    """A published figure of up to nine digits is shown digit by digit."""
    rate = Decimal(coefficient).scaleb(exponent)
    assert shown(figure(rate), 6) == plain(rate)
    assert Decimal(plain(rate)) == rate


@given(positive, st.integers(4, 28))
def test_rounding_twice_is_rounding_once(rate: Decimal, digits: int) -> None:
    """Rounding what is rounded changes nothing, and it has no more digits than were asked."""
    once = rounded(rate, digits)
    assert rounded(once, digits) == once
    assert len(once.as_tuple().digits) <= digits


@given(positive, positive)
def test_order_kept(one: Decimal, other: Decimal) -> None:
    """Of two rates the larger is never shown as the smaller."""
    small, large = sorted((one, other))
    assert Decimal(shown(figure(small, "cross"), 6)) <= Decimal(shown(figure(large, "cross"), 6))
