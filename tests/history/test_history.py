from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from rates import history, readers


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (date(2030, 1, 1), date(2026, 10, 30)),  # after the last
        (date(2026, 10, 30), date(2026, 10, 30)),
        (date(2026, 10, 25), date(2026, 10, 23)),  # a Sunday
        (date(2010, 1, 3), date(2009, 12, 31)),
        (date(2009, 12, 31), date(2009, 12, 31)),
        (date(1999, 1, 5), date(1999, 1, 5)),
        (date(1999, 1, 4), date(1999, 1, 4)),
    ],
)
def test_newest_day_on_or_before(asked: date, found: date) -> None:
    """The row of a day is its own, or the newest before it."""
    row = history.row(asked)
    assert row is not None
    assert row[0] == found


def test_nothing_before_the_first_day() -> None:
    """There is no row before the euro."""
    assert history.row(date(1999, 1, 3)) is None
    assert list(history.span(date(1990, 1, 1), date(1999, 1, 3))) == []


def test_text_is_as_published() -> None:
    """Rates are the published text; unpublished ones are absent."""
    row = history.row(date(2026, 10, 30))
    assert row is not None
    assert (row[1]["USD"], row[1]["ISK"], row[1]["IDR"]) == ("1.1172", "136", "20275.17")
    assert "BGN" not in row[1]
    assert "EUR" not in row[1]
    assert "N/A" not in row[1].values()


def test_every_row_is_found() -> None:
    """The row of each published day equals that of the whole document."""
    step = 7  # every seventh row is enough, and takes a tenth of a second
    for line in list(readers.csv(readers.unzip(history.file_bytes())))[::step]:
        row = history.row(date.fromisoformat(line["Date"]))
        assert row is not None
        assert str(row[0]) == line["Date"]
        assert dict(row[1]) == {k: v for k, v in line.items() if k not in ("Date", "") and v != "N/A"}


def test_span() -> None:
    """A span holds its published days, both ends included, oldest first, among new rows and old ones."""
    days = [day for day, _ in history.span(date(2026, 10, 23), date(2026, 10, 27))]
    assert days == [date(2026, 10, 23), date(2026, 10, 26), date(2026, 10, 27)]
    assert [day for day, _ in history.span(date(1990, 1, 1), date(1999, 1, 5))] == [
        date(1999, 1, 4),
        date(1999, 1, 5),
    ]
    assert list(history.span(date(2026, 10, 24), date(2026, 10, 25))) == []
    assert list(history.span(date(2026, 10, 27), date(2026, 10, 26))) == []
    assert len(list(history.span(date.min, date.max))) == 7126


def test_each_piece_meets_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows that are decompressed piece by piece are those of the whole document, none torn at an edge."""
    monkeypatch.setattr(history, "PIECE_BYTES", 777)
    rows, whole = history._Rows(), readers.text(readers.unzip(history.file_bytes())).splitlines()
    assert rows.head.decode() == whole[0]
    for day in (date(2026, 10, 1), date(2026, 9, 1), date(2015, 5, 5), date(1999, 1, 4)):
        lines = rows.back_to(day)
        assert lines[-1][:10].decode() <= str(day)
        assert [line.decode() for line in lines] == whole[1 : len(lines) + 1]
    assert len(rows.back_to(date.min)) == len(whole) - 1


def test_a_recent_day_needs_little(monkeypatch: pytest.MonkeyPatch) -> None:
    """One day is found without decompressing the years before it."""
    assert len(history._Rows().back_to(date(2026, 6, 1))) < 400
    assert len(history._Rows().back_to(date(2016, 6, 1))) < 4000


@pytest.mark.parametrize(
    ("asked", "codes", "before", "after"),
    [
        (date(2020, 3, 1), ("USD",), date(2020, 2, 28), date(2020, 3, 2)),
        (date(2020, 3, 2), (), date(2020, 3, 2), date(2020, 3, 2)),
        (date(2012, 6, 1), ("ISK",), date(2008, 12, 9), date(2018, 2, 1)),
        (date(2012, 6, 1), ("ISK", "JPY"), date(2012, 6, 1), date(2012, 6, 1)),
        (date(2026, 1, 1), ("BGN",), date(2025, 12, 31), None),
        (date(1999, 1, 1), ("USD",), None, date(1999, 1, 4)),
        (date(2030, 1, 1), ("USD",), date(2026, 10, 30), None),
        (date(2020, 3, 2), ("KZT",), None, None),
    ],
)
def test_nearest(asked: date, codes: tuple[str, ...], before: date | None, after: date | None) -> None:
    """The nearest day on either side on which any of the currencies was published."""
    assert history.nearest(asked, codes, later=False) == before
    assert history.nearest(asked, codes, later=True) == after


def test_last_day() -> None:
    """The newest day is that of the embedded file."""
    assert history.last_day() == date(2026, 10, 30)


def test_archive_is_cut_for_an_earlier_today() -> None:
    """The file of an earlier day has no later rows; after the last day it is the file as published."""
    assert history.published(date(2026, 11, 23)) == history.file_bytes()
    rows = list(readers.csv(readers.unzip(history.published(date(1999, 1, 9)))))
    assert rows[0]["Date"] == "1999-01-08"
    assert rows[-1]["Date"] == "1999-01-04"


def test_threads_share_the_rows() -> None:
    """Threads that need different years at once all get whole rows, each once."""
    rows = history._Rows()
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda year: rows.back_to(date(year, 1, 1))[-1][:4], range(2025, 1998, -1)))
    assert all(int(year) <= asked for year, asked in zip(found, range(2025, 1998, -1), strict=True))
    days = [line[:10] for line in rows.back_to(date.min)]
    assert days == sorted(set(days), reverse=True)
    assert len(days) == 7126


def test_digest() -> None:
    """The digest that look-ups name is that of the file."""
    assert hashlib.sha256(history.file_bytes()).hexdigest() == history.DIGEST


def test_source_is_named() -> None:
    """The text file beside the history names the ECB as the source, as its terms require."""
    assert "Source: European Central Bank" in Path(history.FILE).with_suffix(".txt").read_text()
