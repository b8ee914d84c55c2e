"""`rates.convert_many`: a column gives what its rows give one by one, as a column of the same kind."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rates
from rates.errors import NoRates, UsageError
from rates.model import Query, Quote
from rates.providers import Steps
from rates.store import convert_many, session
from tests.fetch.publisher import facts, known_as, module

MONDAY = date(2020, 3, 2)
AMOUNTS = [Decimal("19.90"), 250, Decimal("-3"), Decimal("0"), Decimal("123456789012345678901234567890.12")]


@pytest.fixture(autouse=True)
def fresh() -> None:
    """No test finds the sessions of another."""
    session.RECENT.clear()


def one_by_one(amounts: Any, bases: Any, symbols: Any, days: Any, **more: Any) -> list[Decimal]:
    """The loop that `convert_many` replaces."""
    rows = zip(amounts, bases, symbols, days, strict=True)
    return [rates.convert(amount, base, symbol, on=day, **more) for amount, base, symbol, day in rows]


@pytest.mark.parametrize("pair", ["EUR/USD", "USD/EUR", "USD/JPY", "DEM/FRF", "EUR/EUR", "GBX/USD", "HRK/USD"])
@pytest.mark.parametrize("digits", [None, "iso", 3])
def test_one_pair_and_day(pair: str, digits: Any) -> None:
    """Each result is that of `convert`, to the last digit and in the same digits."""
    base, symbol = pair.split("/")
    found = rates.convert_many(AMOUNTS, base, symbol, on=MONDAY, digits=digits, offline=True)
    expected = [rates.convert(one, base, symbol, on=MONDAY, digits=digits, offline=True) for one in AMOUNTS]
    assert list(map(str, found)) == list(map(str, expected))


codes = st.sampled_from(["USD", "EUR", "JPY", "GBP", "CHF", "DEM"])
days = st.dates(date(2019, 1, 1), date(2020, 12, 31))
rows = st.tuples(st.decimals(-(10**9), 10**9, places=2), codes, codes, days)


@given(st.lists(rows, max_size=20), st.integers(1, 5))
def test_columns(drawn: list[tuple[Decimal, str, str, date]], piece: int) -> None:
    """Columns of codes and days, however they are cut into pieces, are taken row by row."""
    amounts, bases, symbols, asked = map(list, zip(*drawn, strict=True)) if drawn else ([], [], [], [])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(convert_many, "PIECE", piece)
        assert rates.convert_many(amounts, bases, symbols, on=asked, offline=True) == one_by_one(
            amounts, bases, symbols, asked, offline=True
        )
        assert rates.convert_many(amounts, bases, "EUR", on=MONDAY, offline=True) == one_by_one(
            amounts, bases, ["EUR"] * len(drawn), [MONDAY] * len(drawn), offline=True
        )


def test_many_rows_come_from_the_table() -> None:
    """Beyond the size at which the table of the history is made, the results are the same."""
    amounts = [Decimal(count) / 100 for count in range(5000)]
    days = [date(2020, 1, 1 + count % 28) for count in range(5000)]
    found = rates.convert_many(amounts, "USD", "JPY", on=days, offline=True)
    session.RECENT.clear()
    assert found[:28] == one_by_one(amounts[:28], ["USD"] * 28, ["JPY"] * 28, days[:28], offline=True)
    assert found[-28:] == one_by_one(amounts[-28:], ["USD"] * 28, ["JPY"] * 28, days[-28:], offline=True)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1, True], "USD", "EUR", MONDAY), r"amounts[1] must be a Decimal, an int or text, not True"),
        (([1, "x"], "USD", "EUR", MONDAY), "amounts[1] = 'x' is not an amount"),
        (([1, Decimal("NaN")], "USD", "EUR", MONDAY), "amounts[1] = NaN is not an amount"),
        (([1, None], "USD", "EUR", MONDAY), "amounts[1] must be"),
        (([1, 0.5], "USD", "EUR", MONDAY), "amounts are floats, which are rarely exact"),
        ((5, "USD", "EUR", MONDAY), "amounts must be a column"),
        (("12", "USD", "EUR", MONDAY), "amounts must be a column"),
        (([1, 2], ["USD"], "EUR", MONDAY), "base has 1 rows, and amounts 2"),
        (([1, 2], "USD", "EUR", [MONDAY, "soon"]), "row 1: on = 'soon'"),
        (([1, 2], ["USD", "USB"], "EUR", MONDAY), "row 1: unknown currency 'USB'"),
        (([1, 2], "USD", "EUR", [MONDAY, [1]]), "row 1: on = [1]"),
        (([1, 2], ["USD", ["EUR"]], "EUR", MONDAY), "row 1: a currency is a code"),
        (([1], "USD", "EUR", 5), "on = 5"),
        (([Decimal("9e999999")], "EUR", "JPY", MONDAY), "too large"),
    ],
)
def test_errors_name_the_row(arguments: tuple[Any, ...], message: str) -> None:
    """What is wrong is named with the argument and its row."""
    with pytest.raises(UsageError) as caught:
        rates.convert_many(*arguments, offline=True)
    assert message in str(caught.value)


def test_a_row_without_a_rate() -> None:
    """The row whose day has no rate is named, with what there is."""
    with pytest.raises(NoRates, match=r"row 1: no rate of ISK/EUR .* ecb has it on 2008-12-09"):
        rates.convert_many([1, 2], ["USD", "ISK"], "EUR", on="2012-06-01", offline=True)


def test_kinds_of_columns() -> None:
    """A list gives a list, a tuple a tuple, an iterator a list, and nothing gives nothing."""
    assert rates.convert_many((1, 2), "EUR", "USD", on=MONDAY) == (Decimal("1.1122"), Decimal("2.2244"))
    assert rates.convert_many(iter([1]), "EUR", "USD", on=MONDAY) == [Decimal("1.1122")]
    assert rates.convert_many([], "EUR", "USD", on=MONDAY) == []
    assert rates.convert_many([], [], "USD", on=[]) == []


def test_numpy() -> None:
    """An array gives an array of Decimals; of floats only where that is asked for."""
    numpy = pytest.importorskip("numpy")
    whole = rates.convert_many(numpy.array([1, 2]), "EUR", "USD", on=MONDAY)
    assert whole.dtype == object
    assert list(whole) == [Decimal("1.1122"), Decimal("2.2244")]
    with pytest.raises(UsageError, match="amounts are floats"):
        rates.convert_many(numpy.array([1.5]), "EUR", "USD", on=MONDAY)
    rough = rates.convert_many(numpy.array([1.5, math.nan]), "EUR", "USD", on=MONDAY, floats=True)
    assert rough.dtype == float
    assert rough[0] == pytest.approx(1.6683)
    assert math.isnan(rough[1])
    days = numpy.array(["2020-03-02", "2020-03-03"], dtype="datetime64[ns]")
    assert list(rates.convert_many(numpy.array([1, 1]), "EUR", numpy.array(["USD", "USD"]), on=days)) == [
        Decimal("1.1122"),
        Decimal("1.1117"),
    ]
    with pytest.raises(UsageError, match="one dimension"):
        rates.convert_many(numpy.array([[1]]), "EUR", "USD", on=MONDAY)


def test_pandas() -> None:
    """A Series gives a Series with its index and name; its days may be timestamps."""
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(
        {"total": ["19.90", "5"], "currency": ["USD", "GBP"], "day": pandas.to_datetime(["2020-03-02", "2020-03-03"])},
        index=[7, 9],
    )
    found = rates.convert_many(frame["total"], frame["currency"], "EUR", on=frame["day"], digits="iso")
    assert list(found.index) == [7, 9]
    assert found.name == "total"
    assert list(found) == [Decimal("17.89"), Decimal("5.75")]
    with pytest.raises(UsageError, match="amounts are floats"):
        rates.convert_many(frame["total"].astype(float), "EUR", "USD", on=MONDAY)
    assert rates.convert_many(frame["total"].astype(float), "EUR", "USD", on=MONDAY, floats=True).dtype == "float64"
    missing = pandas.Series([pandas.Timestamp("2020-03-02"), pandas.NaT])
    with pytest.raises(UsageError, match=r"row 1: on = NaT"):
        rates.convert_many([1, 2], "EUR", "USD", on=missing)


def test_digits_are_for_exact_results() -> None:
    """Rounded floats are the caller's."""
    with pytest.raises(UsageError, match="digits are for exact results"):
        rates.convert_many([1.5], "EUR", "USD", on=datetime(2020, 3, 2), floats=True, digits="iso")


@pytest.mark.parametrize(("pivot", "requests"), [("EUR", 1), ("", 2)])
def test_days_that_are_not_at_hand_are_fetched_in_few_requests(
    monkeypatch: pytest.MonkeyPatch, pivot: str, requests: int
) -> None:
    """A column of two years costs one request of a document, or one for each base of a service."""
    queries = []

    def steps(query: Query) -> Steps:
        queries.append(query)
        assert query.start is not None
        assert query.end is not None
        span = (query.start + timedelta(days=count) for count in range((query.end - query.start).days + 1))
        return [Quote(query.base, "USD", Decimal(day.toordinal()), day) for day in span if day.weekday() < 5]
        yield

    settings = known_as(monkeypatch, module(facts(pivot=pivot), steps))
    days = [date(2020, 1, 1) + timedelta(days=count) for count in range(0, 700, 3)]
    bases = ["EUR" if pivot or count % 2 else "GBP" for count in range(len(days))]
    found = rates.convert_many([1] * len(days), bases, "USD", on=days, settings=settings)
    assert found == [day.toordinal() - max(0, day.weekday() - 4) for day in days]
    assert len(queries) == requests


@pytest.mark.parametrize(
    ("rule", "bases", "days", "more"),
    [
        ("eu-oss", ["USD", "GBP", "USD"], ["2024-Q1", date(2024, 3, 31), datetime(2023, 5, 6)], {"digits": "iso"}),
        ("eu-customs", "USD", ["2026-03", "2026-03-14", "2024-01"], {}),
        ("irs-average", ["USD", "GBP", "USD"], 3 * ["2024"], {"provider": "ecb"}),
    ],
)
def test_rules_of_law(rule: str, bases: Any, days: Any, more: dict[str, Any]) -> None:
    """Each row has the rate that the rule asks for on its day, as one by one."""
    amounts, symbol = [Decimal(100), 250, "12.50"], "EUR" if rule != "irs-average" else "USD"
    each = [bases] * 3 if isinstance(bases, str) else bases
    if rule == "irs-average":
        each = bases = ["EUR", "GBP", "EUR"]
    more = {"rule": rule, "offline": True, **more}
    expected = one_by_one(amounts, each, [symbol] * 3, days, **more)
    assert rates.convert_many(amounts, bases, symbol, days, **more) == expected
    assert rates.convert_many(amounts, each[0], symbol, days[0], **more)[0] == expected[0]


def test_a_rule_that_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """The results are rounded by the rule, and what it decides is refused."""
    known_as(monkeypatch, module(facts("nbp", pivot="PLN"), lambda query: _zlotys(query)))
    days = ["2026-10-20", "2026-10-21"]
    given: dict[str, Any] = {"rule": "pl-vat", "no_store": True}
    assert rates.convert_many([Decimal("0.333"), 2], "EUR", "PLN", days, **given) == [Decimal("1.40"), Decimal("8.40")]
    for wrong, message in (({"floats": True}, "rounds"), ({"digits": 2}, "rounds"), ({"when": "next"}, "decides when")):
        with pytest.raises(UsageError, match=message):
            rates.convert_many([1], "EUR", "PLN", days[:1], **given, **wrong)
    with pytest.raises(UsageError, match=r"row 1: .*pl-vat"):
        rates.convert_many([1, 2], "EUR", ["PLN", "USD"], days, **given)


def _zlotys(query: Query) -> Steps:
    yield from ()
    first, last = query.span(7)
    days = [first + timedelta(days=count) for count in range((last - first).days + 1)]
    return [Quote("EUR", "PLN", Decimal("4.2"), day) for day in days]
