from __future__ import annotations

import pickle
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rates.conversion import Conversion, conversion, digits, effective, minor_units, newest, rebase, select
from rates.currencies import FixedRatio
from rates.errors import MissingSymbols, Unsupported
from rates.model import ONE, DerivedRate, Provider, Query, Quote

laws = settings(deadline=None, derandomize=True, database=None, max_examples=300)

FRIDAY = date(2026, 10, 30)
SATURDAY, SUNDAY = FRIDAY + timedelta(days=1), FRIDAY + timedelta(days=2)
WEDNESDAY = FRIDAY - timedelta(days=2)
TODAY = date(2026, 11, 23)


def provider(pivot: str = "EUR", *, mixed_days: bool = False, gap_days: int = 7) -> Provider:
    """A publisher with that pivot ("": one that answers per base)."""
    return Provider(
        key="bank",
        name="A Bank",
        country="XX",
        pivot=pivot,
        rate_type="mid",
        cadence="daily",
        published="",
        since=date(1999, 1, 4),
        gap_days=gap_days,
        mixed_days=mixed_days,
    )


def quote(base: str, symbol: str, rate: str | Decimal, day: date = FRIDAY) -> Quote:
    """A quote, by default of Friday."""
    return Quote(base, symbol, Decimal(rate), day)


def rounded(fraction: Fraction, prec: int = 28) -> Decimal:
    """The fraction rounded once, half to even, to that many digits: by whole numbers, without the decimal module."""
    exponent = 0
    while fraction / Fraction(10) ** exponent >= 10**prec:
        exponent += 1
    while fraction / Fraction(10) ** exponent < 10 ** (prec - 1):
        exponent -= 1
    whole = round(fraction / Fraction(10) ** exponent)
    return Decimal((0, tuple(map(int, str(whole))), exponent))


# Rates as banks publish them: up to twelve digits; and with more than any does, where rounding twice would show.
published = st.builds(lambda whole, places: Decimal(f"{whole}E-{places}"), st.integers(1, 10**12), st.integers(0, 12))
long = st.builds(lambda whole, places: Decimal(f"{whole}E-{places}"), st.integers(10**20, 10**27), st.integers(16, 28))

EURO = [quote("EUR", "USD", "1.1000"), quote("EUR", "IDR", "18148.35"), quote("EUR", "JPY", "176.40")]


# --- directions ------------------------------------------------------------------------------------------------------


def test_published_digits_are_untouched() -> None:
    """With the pivot as base, the table has the published digits, trailing zeros included."""
    table = rebase(EURO, "EUR", provider())
    assert {symbol: str(rate) for symbol, rate in table.items()} == {
        "EUR": "1",
        "USD": "1.1000",
        "IDR": "18148.35",
        "JPY": "176.40",
    }
    assert table.how("USD") == "published"
    assert table.figures["USD"].path == (EURO[0],)
    assert (table.provider, table.day, table.rate_type, table.asked) == ("bank", FRIDAY, "mid", None)


def test_inverse_and_cross() -> None:
    """Seen from another base, the pivot is an inverse and all others are crosses, with both quotes as their path."""
    table = rebase(EURO, "USD", provider(), asked=SUNDAY)
    assert table["EUR"] == rounded(Fraction(10, 11))
    assert table["JPY"] == rounded(Fraction("176.40") / Fraction("1.1"))
    assert (table.how("EUR"), table.how("JPY"), table.how("USD")) == ("inverse", "cross", "identity")
    assert table.figures["JPY"].path == (EURO[0], EURO[2])
    assert table.asked == SUNDAY


def test_small_rates_keep_their_digits() -> None:
    """IDR to USD is 0.0000606…, not 0.000061: nothing is rounded to decimals."""
    assert rebase(EURO, "IDR", provider())["USD"] == rounded(Fraction("1.1") / Fraction("18148.35"))


def test_base_on_the_symbol_side() -> None:
    """Where a bank writes its own currency on the right (nbp, cbr), its own base is inverses, another's published."""
    quotes = [quote("USD", "PLN", "3.6520"), quote("EUR", "PLN", "4.2550")]
    zloty = rebase(quotes, "PLN", provider("PLN"))
    assert zloty["USD"] == rounded(1 / Fraction("3.6520"))
    assert zloty.how("USD") == "inverse"
    dollar = rebase(quotes, "USD", provider("PLN"))
    assert str(dollar["PLN"]) == "3.6520"
    assert dollar.how("PLN") == "published"
    assert dollar["EUR"] == rounded(Fraction("3.6520") / Fraction("4.2550"))
    assert dollar.how("EUR") == "cross"


@pytest.mark.parametrize("order", [1, -1])
def test_published_both_ways(order: int) -> None:
    """Of a pair published in both directions each is used as published, also in a cross, in any order."""
    quotes = [quote("EUR", "USD", "1.1"), quote("USD", "EUR", "0.91"), quote("EUR", "JPY", "176"),
              quote("JPY", "EUR", "0.0057")][::order]  # fmt: skip
    assert rebase(quotes, "EUR", provider())["USD"] == Decimal("1.1")
    table = rebase(quotes, "USD", provider())
    assert str(table["EUR"]) == "0.91"
    assert table.how("EUR") == "published"
    assert table["JPY"] == Decimal("0.91") * 176


def test_per_base_answers_are_not_crossed() -> None:
    """A service that answers per base has published its own crosses, and no other is made from them."""
    table = rebase([quote("USD", "EUR", "0.91"), quote("USD", "JPY", "160")], "USD", provider(""))
    assert {table.how(symbol) for symbol in table} == {"identity", "published"}


def test_one_pair_is_enough_for_a_pivot() -> None:
    """The pivot is the publisher's own, also with a single pair."""
    for base, symbol in (("EUR", "USD"), ("USD", "EUR")):
        assert set(rebase([quote("EUR", "USD", "1.1")], base, provider())) == {base, symbol}


def test_identity() -> None:
    """A currency is 1 of itself, exactly and without a quote, on the table's day; a quote of it is not needed."""
    table = rebase([*EURO, quote("EUR", "EUR", "1.0000")], "EUR", provider())
    assert table["EUR"] is ONE
    assert table.figures["EUR"].day == FRIDAY
    assert table.figures["EUR"].path == ()
    assert "EUR" in rebase([quote("EUR", "EUR", "1")], "EUR", provider())


def test_a_base_that_is_not_published() -> None:
    """A base without a quote is Unsupported; the message lists the known codes."""
    with pytest.raises(Unsupported, match="publishes no RUB; it has EUR, IDR, JPY, USD") as caught:
        rebase(EURO, "RUB", provider())
    assert caught.value.provider == "bank"
    with pytest.raises(Unsupported):
        rebase([], "EUR", provider())


# --- days ------------------------------------------------------------------------------------------------------------


def test_the_newest_quote_counts() -> None:
    """Of several quotes of one pair the newest is taken; of two of one day, the later in the answer."""
    old, new = quote("EUR", "USD", "1", WEDNESDAY), quote("EUR", "USD", "2")
    again = quote("EUR", "USD", "3")
    assert newest([new, old])["EUR", "USD"] is new
    assert newest([old, new, again])["EUR", "USD"] is again


def test_a_cross_is_as_old_as_its_older_leg() -> None:
    """A rate from two days has the older one; the table has the newest."""
    table = rebase([quote("USD", "PLN", "3.6"), quote("AFN", "PLN", "0.05", WEDNESDAY)], "USD", provider("PLN"))
    assert table.days() == {"USD": FRIDAY, "PLN": FRIDAY, "AFN": WEDNESDAY}
    assert table.day == FRIDAY


QUOTES = [quote("EUR", "USD", "1", day) for day in (date(2026, 10, 23), WEDNESDAY, FRIDAY)]


@pytest.mark.parametrize(
    ("asked", "today", "gap", "found"),
    [
        (None, FRIDAY, 7, FRIDAY),
        (None, SUNDAY, 7, FRIDAY),
        (None, date(2027, 5, 1), 7, FRIDAY),  # stale, but the latest there is; its age is shown
        (None, FRIDAY - timedelta(days=1), 7, FRIDAY),  # published today for tomorrow
        (None, WEDNESDAY, 7, WEDNESDAY),  # of later days nothing is the latest yet
        (FRIDAY, FRIDAY, 7, FRIDAY),
        (SUNDAY, date(2026, 11, 5), 7, FRIDAY),
        (SUNDAY, SUNDAY, 7, FRIDAY),  # today, a Sunday: Friday's hold
        (SUNDAY, SATURDAY, 7, None),  # tomorrow is never filled from before
        (SATURDAY, SATURDAY, 7, FRIDAY),
        (FRIDAY, FRIDAY - timedelta(days=1), 7, FRIDAY),  # tomorrow, when it is out already
        (FRIDAY - timedelta(days=1), SUNDAY, 7, WEDNESDAY),
        (date(2026, 11, 6), date(2026, 12, 1), 7, FRIDAY),
        (date(2026, 11, 7), date(2026, 12, 1), 7, None),  # eight days back: too old to be in force
        (date(2026, 10, 22), SUNDAY, 7, None),  # nothing before it
        (FRIDAY - timedelta(days=1), SUNDAY, 0, None),
    ],
)
def test_effective_day(asked: date | None, today: date, gap: int, found: date | None) -> None:
    """The rates in force: the newest on or before the day, over closed days, never from the future, never guessed."""
    got = effective(QUOTES, provider(gap_days=gap), Query("EUR", (), asked, asked, today))
    assert [each.day for each in got] == ([found] if found else [])


def test_effective_of_mixed_days() -> None:
    """A weekly table stands beside a daily one, as long as it is within the gap; each pair once."""
    quotes = [
        quote("USD", "PLN", "1", WEDNESDAY),
        quote("USD", "PLN", "2", FRIDAY),
        quote("AFN", "PLN", "3", WEDNESDAY),
        quote("ZWL", "PLN", "4", date(2026, 10, 1)),
    ]
    mixed = provider("PLN", mixed_days=True, gap_days=10)
    for query in (Query("PLN", today=FRIDAY), Query("PLN", (), SUNDAY, SUNDAY, SUNDAY)):
        assert {(each.base, str(each.rate)) for each in effective(quotes, mixed, query)} == {("USD", "2"), ("AFN", "3")}
    plain = effective(quotes, provider("PLN", gap_days=10), Query("PLN", today=FRIDAY))
    assert [str(each.rate) for each in plain] == ["2"]


def test_effective_of_nothing() -> None:
    """No quotes in, none out."""
    assert effective([], provider(), Query("EUR", today=FRIDAY)) == []


# --- digits ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rate", "count"),
    [("1.10", 3), ("0.0050", 2), ("18148.35", 7), ("100", 3), ("1E+2", 1), ("0.000055", 2), ("0", 0), ("0.00", 0)],
)
def test_digits(rate: str, count: int) -> None:
    """Significant digits as published: leading zeros do not count, last ones do."""
    assert digits(Decimal(rate)) == count


def test_a_figure_is_as_precise_as_its_weakest_quote() -> None:
    """A cross of five digits and two has two."""
    quotes = [quote("EUR", "USD", "1.1000"), quote("EUR", "XYZ", "0.0055")]
    table = rebase(quotes, "USD", provider())
    assert {symbol: figure.digits for symbol, figure in table.figures.items()} == {"USD": 28, "EUR": 5, "XYZ": 2}


# --- selection -------------------------------------------------------------------------------------------------------


def test_select() -> None:
    """Only the symbols asked for, in their order, each once; pedigree and day asked for stay."""
    table = rebase(EURO, "EUR", provider(), asked=SUNDAY)
    chosen = select(table, ["JPY", "EUR", "JPY"])
    assert list(chosen) == ["JPY", "EUR"]
    assert chosen.figures["JPY"] == table.figures["JPY"]
    assert (chosen.base, chosen.provider, chosen.asked, chosen.rate_type) == ("EUR", "bank", SUNDAY, "mid")


def test_select_names_all_that_are_missing() -> None:
    """Every missing symbol is named, in the sentence and as a field that pickles."""
    with pytest.raises(MissingSymbols, match="bank: has no RUB, HRK for EUR on 2026-10-30") as caught:
        select(rebase(EURO, "EUR", provider()), ["USD", "RUB", "HRK"])
    assert pickle.loads(pickle.dumps(caught.value)).symbols == ("RUB", "HRK")


# --- laws ------------------------------------------------------------------------------------------------------------


def _leg(base: str, symbol: str, rate: Decimal, turned: bool) -> Quote:
    return Quote(symbol, base, rate, FRIDAY) if turned else Quote(base, symbol, rate, FRIDAY)


def _value(leg: Quote, base: str) -> Fraction:
    """What one `base` costs by this quote, exactly."""
    return Fraction(leg.rate) if leg.base == base else 1 / Fraction(leg.rate)


@laws
@given(st.one_of(published, long), st.one_of(published, long), st.booleans(), st.booleans())
def test_a_cross_is_rounded_once(first: Decimal, second: Decimal, turn_first: bool, turn_second: bool) -> None:
    """However the two legs are written, the cross is the exact fraction, rounded once to 28 digits."""
    legs = _leg("EUR", "USD", first, turn_first), _leg("EUR", "JPY", second, turn_second)
    table = rebase(legs, "USD", provider())
    assert table["JPY"] == rounded(_value(legs[1], "EUR") / _value(legs[0], "EUR"))
    assert table.how("JPY") == "cross"


@laws
@given(published, published, st.booleans(), st.booleans())
def test_there_and_back(first: Decimal, second: Decimal, turn_first: bool, turn_second: bool) -> None:
    """USD to JPY and back is 1 within one unit in the 27th digit, and so is every pair."""
    legs = [_leg("EUR", "USD", first, turn_first), _leg("EUR", "JPY", second, turn_second)]
    tables = {base: rebase(legs, base, provider()) for base in ("EUR", "USD", "JPY")}
    for here, there in product(tables, tables):
        back = Fraction(tables[here][there]) * Fraction(tables[there][here])
        assert abs(back - 1) <= Fraction(1, 10**26)


@laws
@given(st.lists(published, min_size=1, max_size=5), st.booleans())
def test_published_figures_are_never_touched(rates: list[Decimal], turned: bool) -> None:
    """Byte for byte: in the direction of its publication every rate is in the table as it was written."""
    codes = ("USD", "JPY", "GBP", "CHF", "IDR")[: len(rates)]
    quotes = [_leg("EUR", code, rate, turned) for code, rate in zip(codes, rates, strict=True)]
    for each in quotes:
        assert str(rebase(quotes, each.base, provider())[each.symbol]) == str(each.rate)


@laws
@given(published)
def test_the_inverse_of_the_inverse(rate: Decimal) -> None:
    """A rate of up to twelve digits, inverted twice, is itself to 27 digits."""
    inverse = rebase([quote("EUR", "USD", rate)], "USD", provider())["EUR"]
    again = rebase([quote("USD", "EUR", inverse)], "EUR", provider())["USD"]
    assert abs(Fraction(again) / Fraction(rate) - 1) <= Fraction(1, 10**26)


@laws
@given(published, published, st.sampled_from(["EUR", "USD", "JPY"]))
def test_a_callers_decimal_context_changes_nothing(first: Decimal, second: Decimal, base: str) -> None:
    """A caller's decimal context of five digits gives the same table."""
    quotes = [quote("EUR", "USD", first), quote("EUR", "JPY", second)]
    usual = rebase(quotes, base, provider())
    with localcontext(Context(prec=5, Emax=6, Emin=-6)):
        assert [*map(str, rebase(quotes, base, provider()).values())] == [*map(str, usual.values())]
        assert pickle.loads(pickle.dumps(usual)) == usual


def test_without_minor_units() -> None:
    """Gold has no minor units, and gets four places; the yen none, the dinar three."""
    cases = {"XAU": "1.2346", "JPY": "1", "KWD": "1.235", "EUR": "1.23"}
    assert {symbol: str(minor_units(Decimal("1.234567"), symbol)) for symbol in cases} == cases


@pytest.mark.parametrize(
    ("amount", "half_even", "half_up"),
    [
        ("0.005", "0.005000", "0.005000"),
        ("0.015", "0.02", "0.02"),
        ("0.025", "0.02", "0.03"),
        ("-0.025", "-0.02", "-0.03"),
    ],
)
def test_rounding_of_a_half(amount: str, half_even: str, half_up: str) -> None:
    """A half goes to the even digit, or up on request; an amount that would become 0 keeps four digits."""
    assert str(minor_units(Decimal(amount), "EUR")) == half_even
    assert str(minor_units(Decimal(amount), "EUR", ROUND_HALF_UP)) == half_up


@pytest.mark.parametrize(
    ("base", "symbol", "units", "how"),
    [
        ("DEM", "EUR", ("EUR", "EUR"), "fixed"),
        ("EUR", "DEM", ("EUR", "EUR"), "fixed"),
        ("DEM", "FRF", ("EUR", "EUR"), "fixed"),
        ("ZWN", "ZWR", ("ZWR", "ZWR"), "fixed"),  # though the line of successors has no ratio further on
        ("USD", "USD", ("USD", "USD"), "identity"),
        ("DEM", "USD", ("EUR", "USD"), "fixed"),
        ("USD", "EUR", ("USD", "EUR"), "identity"),
    ],
)
def test_what_law_has_fixed(base: str, symbol: str, units: tuple[str, str], how: str) -> None:
    """A publisher is needed only between different units; an ended currency counts in its successor's."""
    found = conversion(base, symbol, TODAY)
    assert (found.base.unit, found.symbol.unit) == units
    assert found.needs_rate == (units[0] != units[1])
    assert found.how == how


def test_before_the_ratio_holds() -> None:
    """On a day before its ratio was fixed, a currency is its own unit."""
    assert conversion("DEM", "FRF", date(1998, 12, 31)).needs_rate
    assert not conversion("DEM", "FRF", date(1999, 1, 1)).needs_rate


def test_one_division_at_the_end() -> None:
    """100 DEM in FRF over a rate of 2 are 100 x 2 x 6.55957 / 1.95583, divided once, to 28 digits."""
    mark, franc = FixedRatio("DEM", "EUR", Decimal("1.95583")), FixedRatio("FRF", "EUR", Decimal("6.55957"))
    found = Conversion(mark, franc, DerivedRate(Decimal(2), TODAY, "published", 28))
    exact = Fraction(100) * 2 * Fraction("6.55957") / Fraction("1.95583")
    assert abs(Fraction(found.result(Decimal(100))) / exact - 1) < Fraction(1, 10**27)
    assert found.how == "published"
    euro = FixedRatio("EUR", "EUR", ONE)
    assert str(Conversion(euro, euro).result(Decimal("1.10"))) == "1.10"


def period(rate: int, first: date, last: date) -> Quote:
    """A dollar's rate for a period."""
    return Quote("EUR", "USD", Decimal(rate), first, last)


JULY, AUGUST = period(7, date(2026, 7, 1), date(2026, 7, 31)), period(8, date(2026, 8, 1), date(2026, 8, 31))
YEAR = period(1, date(2026, 1, 1), date(2026, 12, 31))
YEAR_TO_MARCH = period(2, date(2026, 4, 1), date(2027, 3, 31))


@pytest.mark.parametrize(
    ("quotes", "day", "today", "used"),
    [
        ([JULY, AUGUST], date(2026, 7, 31), TODAY, [JULY]),
        ([JULY, AUGUST], date(2026, 9, 1), TODAY, []),
        ([JULY, AUGUST], None, date(2026, 7, 15), [JULY]),
        ([JULY, AUGUST], None, date(2026, 9, 20), [AUGUST]),
        ([AUGUST], None, date(2026, 7, 31), []),
    ],
)
def test_rates_of_periods(quotes: list[Quote], day: date | None, today: date, used: list[Quote]) -> None:
    """A day has the rate whose period holds it, the latest is that of today, else of the period that ended last."""
    assert effective(quotes, provider(), Query("EUR", (), day, day, today)) == used


@pytest.mark.parametrize("quotes", [[YEAR, YEAR_TO_MARCH], [YEAR_TO_MARCH, YEAR]])
def test_of_periods_that_overlap_the_one_that_ends_first(quotes: list[Quote]) -> None:
    """A day in two years has the average of the one that ends first; of equal ends the newest is used."""
    assert newest(quotes) == {("EUR", "USD"): YEAR}
    amended = period(3, date(2026, 8, 10), date(2026, 8, 31))
    assert newest([amended, AUGUST]) == newest([AUGUST, amended]) == {("EUR", "USD"): amended}
    assert newest([AUGUST, JULY]) == {("EUR", "USD"): AUGUST}
