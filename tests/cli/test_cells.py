from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from rates.cli.cells import day_order, decimal_mark, read_amount, read_cell_day
from rates.errors import UsageError


@pytest.mark.parametrize(
    ("column", "mark"),
    [
        ("100 200", ""),
        ("1.234 99,95", ","),
        ("1.234 99.95", "."),
        ("1,234 1.234.567", ","),
        ("1.234 1,234,567", "."),
        ("1.234,56", ","),
        ("1,234.56", "."),
        ("0.125", "."),
        ("1234.567", "."),
        (".125", "."),
        ("1.234 1,234", ""),
        ("99.95 99,95", ""),
        ("(1.234) -1.234 1.234-", ""),
        ("abc 99,9", ","),
    ],
)
def test_the_decimal_mark_of_a_column(column: str, mark: str) -> None:
    """Clear amounts decide for the others; amounts that differ decide nothing."""
    assert decimal_mark(column.split()) == mark


@pytest.mark.parametrize(
    ("cell", "mark", "amount"),
    [
        ("100", "", "100"),
        ("-99.95", "", "-99.95"),
        ("99,95", "", "99.95"),
        ("1.234", ",", "1234"),
        ("1.234", ".", "1.234"),
        ("1,234", ",", "1.234"),
        ("1,234", ".", "1234"),
        ("1.234,50", ",", "1234.50"),
        ("1\xa0234,5", ",", "1234.5"),
        ("1\u202f234,5", "", "1234.5"),
        ("1'234.50", "", "1234.50"),
        ("(1,234.50)", "", "-1234.50"),
        ("100.00-", "", "-100.00"),
        ("\N{MINUS SIGN}5", "", "-5"),
        (" 5 ", "", "5"),
        ("0", "", "0"),
    ],
)
def test_amounts(cell: str, mark: str, amount: str) -> None:
    """An amount as spreadsheets and accountants write it, digit by digit."""
    assert str(read_amount(cell, mark)) == amount


@pytest.mark.parametrize(
    ("cell", "mark", "message"),
    [
        ("1.234", "", "'1.234' is not clear: it may be 1234 or 1.234; say which with --decimal"),
        ("(1,234)", "", "'1,234' is not clear"),
        ("99.95", ",", "not an amount: '99.95'"),
        ("1.234,5", ".", "not an amount: '1.234,5'"),
        ("", "", "no amount"),
        ("-", "", "not an amount: '-'"),
        ("EUR 5", "", "not an amount: 'EUR 5'"),
        ("()", "", "not an amount"),
        ("--5", "", "not an amount"),
        ("=A1*2", "", "not an amount"),
    ],
)
def test_no_amounts(cell: str, mark: str, message: str) -> None:
    """What is no amount, or has two meanings, or another mark than the column's, is refused."""
    with pytest.raises(UsageError) as caught:
        read_amount(cell, mark)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("column", "order"),
    [
        ("03/04/2024 31/12/2024", "dmy"),
        ("03/04/2024 12/31/2024", "mdy"),
        ("03-04-24 31-12-24", "dmy"),
        ("03/04/2024", ""),
        ("31/12/2024 12/31/2024", ""),
        ("31.12.2024 2024-12-31 03/04/2024", ""),  # these say nothing about slashes
        ("44/44/2024", ""),
    ],
)
def test_the_order_of_a_column(column: str, order: str) -> None:
    """A day that only one order can have decides for the column."""
    assert day_order(column.split()) == order


@pytest.mark.parametrize(
    ("cell", "order", "day"),
    [
        ("2024-12-31", "", (2024, 12, 31)),
        ("2024-1-5", "", (2024, 1, 5)),
        ("2024/12/31", "", (2024, 12, 31)),
        ("20241231", "", (2024, 12, 31)),
        ("2024-12-31T10:15:00Z", "", (2024, 12, 31)),
        ("2024-12-31 10:15", "", (2024, 12, 31)),
        ("31.12.2024", "", (2024, 12, 31)),
        ("03.04.2024", "mdy", (2024, 4, 3)),
        ("3.4.24", "", (2024, 4, 3)),
        ("31/12/2024", "", (2024, 12, 31)),
        ("12/31/2024 0:00", "", (2024, 12, 31)),
        ("03/04/2024", "dmy", (2024, 4, 3)),
        ("03/04/2024", "mdy", (2024, 3, 4)),
        ("04/04/2024", "", (2024, 4, 4)),
        ("31-Dec-2024", "", (2024, 12, 31)),
        ("31 December 2024", "", (2024, 12, 31)),
        ("Dec 31, 2024", "", (2024, 12, 31)),
        ("31-Dec-24", "", (2024, 12, 31)),
    ],
)
def test_days(cell: str, order: str, day: tuple[int, int, int]) -> None:
    """A day as spreadsheets write it; a time behind it is passed over."""
    assert read_cell_day(cell, order) == date(*day)


@pytest.mark.parametrize(
    ("cell", "order", "message"),
    [
        ("03/04/2024", "", "'03/04/2024' may be 2024-04-03 or 2024-03-04; say which with --date-order"),
        ("31/12/2024", "mdy", "'31/12/2024' is not a day of the calendar"),
        ("2023-02-29", "", "'2023-02-29' is not a day of the calendar"),
        ("2024131", "", "not a day: '2024131'"),
        ("45657", "", "not a day: '45657'"),
        ("soon", "", "not a day: 'soon'"),
        ("", "", "no day"),
    ],
)
def test_no_days(cell: str, order: str, message: str) -> None:
    """What is no day, or has two meanings, is refused."""
    with pytest.raises(UsageError) as caught:
        read_cell_day(cell, order)
    assert message in str(caught.value)


def test_the_quick_way_gives_the_same() -> None:
    """Plain amounts are read without the rules for marks, and mean the same."""
    for cell in ("7", "-7.5", "7.25", "7.1234", "1234.56"):
        assert read_amount(cell, "") == read_amount(cell, ".") == Decimal(cell)
