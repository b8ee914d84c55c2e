from __future__ import annotations

from datetime import date, timedelta

import pytest

from rates.model import RateTable
from rates.present import caption
from rates.present.captions import WIDTH, age, matrix_caption, table_caption

from .samples import FRIDAY, TODAY, table


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "today"), (1, "1 day old"), (24, "24 days old"), (-1, "for tomorrow"), (-3, "for 3 days ahead")],
)
def test_age(days: int, words: str) -> None:
    """An age is told in words that a person would use."""
    assert age(TODAY - timedelta(days=days), TODAY) == words


def test_one_base() -> None:
    """A caption names base, provider, side, weekday, day and age."""
    assert table_caption(table("USD"), TODAY) == ["1 USD · ecb · reference · Fri 2026-10-30 (24 days old)"]


def test_other_day_than_asked() -> None:
    """Rates of another day than was asked for say so, with the weekday that explains it."""
    lines = table_caption(table("USD", asked=date(2026, 11, 1)), TODAY)
    assert lines[1] == "asked for 2026-11-01, a Sunday: these are the newest rates up to then"
    assert len(table_caption(table("USD", asked=FRIDAY), TODAY)) == 1


def test_no_pedigree() -> None:
    """A table without a provider has its base for a caption, and no day that was made up."""
    assert table_caption(RateTable("USD", "", {}), TODAY) == ["1 USD"]
    assert caption(RateTable("USD", "", {}), TODAY) == ""


def test_matrix_of_one_source() -> None:
    """What holds for every row is said once."""
    lines = matrix_caption([table("USD"), table("GBP")], TODAY)
    assert lines == ["ecb · reference · Fri 2026-10-30 (24 days old)"]


def test_matrix_of_several_sources() -> None:
    """Each source is named with its bases, within 80 columns."""
    tables = [table("USD"), table("GBP", key="frankfurter"), table("JPY")]
    assert matrix_caption(tables, TODAY) == [
        "USD JPY: ecb · reference · Fri 2026-10-30 (24 days old)",
        "GBP: frankfurter · reference · Fri 2026-10-30 (24 days old)",
    ]
    many = matrix_caption([table("EUR", key="x"), *[table("USD")] * 40], TODAY)
    assert max(len(line) for block in many for line in block.splitlines()) <= WIDTH
