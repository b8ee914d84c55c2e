from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from rates.store.own import OwnSource
from rates.store.records import Source

CSV = """base,symbol,rate,day,valid_from,valid_to
USD,EUR,0.91,2026-10-28,,
USD,EUR,0.92,2026-10-20,,
GBP,EUR,1.17,,2026-10-01,2026-10-30
GBP,USD,1.30,2026-10-21,,
"""


@pytest.fixture
def own(tmp_path: Path) -> Source:
    """The rates above, as a source."""
    file = tmp_path / "own.csv"
    file.write_text(CSV)
    return OwnSource(str(file))


def day(number: int) -> date:
    """A day of October 2026."""
    return date(2026, 10, number)


def test_between(own: Source) -> None:
    """The quotes of those currencies that touch the days, by day, each with the digest of the file."""
    found = list(own.between("own", (), day(20), day(21)))
    assert [str(one.quote.rate) for one in found] == ["1.17", "0.92", "1.30"]
    assert {(one.provider, one.fetched, len(one.digest)) for one in found} == {("own", None, 64)}
    assert [str(one.quote.rate) for one in own.between("own", ("USD", "EUR"), day(1), day(31))] == ["0.92", "0.91"]
    assert list(own.between("ecb", (), day(1), day(31))) == []


@pytest.mark.parametrize(
    ("codes", "asked", "earlier", "later"),
    [
        (("USD", "EUR"), 28, 28, 28),
        (("USD", "EUR"), 27, 20, 28),
        (("USD", "EUR"), 19, None, 20),
        (("USD", "EUR"), 29, 28, None),
        (("GBP", "EUR"), 15, 15, 15),  # within the period
        (("GBP", "EUR"), 31, None, None),  # it is not carried past its end
        ((), 31, 28, None),
        (("JPY", "EUR"), 15, None, None),
    ],
)
def test_nearest(own: Source, codes: tuple[str, ...], asked: int, earlier: int | None, later: int | None) -> None:
    """The nearest day with a rate, on each side; any day of a period has one."""
    assert own.nearest("own", codes, day(asked), later=False) == (earlier and day(earlier))
    assert own.nearest("own", codes, day(asked), later=True) == (later and day(later))


def test_its_provider(own: Source) -> None:
    """It has figures of the provider own alone."""
    assert own.providers() == ("own",)
    assert own.nearest("ecb", (), day(28), later=False) is None
