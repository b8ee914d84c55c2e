from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

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
    for line in list(readers.csv(readers.unzip(history.FILE.read_bytes())))[::step]:
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


def test_head_meets_the_rest() -> None:
    """At the edge of the rows that are decompressed first, both parts agree."""
    head = history._head()
    edge = date.fromisoformat(head[head.rfind(b"\n", 0, -1) + 1 :][:10].decode())
    for shift in range(-5, 6):
        day = edge + timedelta(days=shift)
        start = history._offset(history._whole(), str(day))
        expected = history._whole()[start : start + 10].decode()
        row = history.row(day)
        assert row is not None
        assert str(row[0]) == expected


def test_last_day() -> None:
    """The newest day is that of the embedded file."""
    assert history.last_day() == date(2026, 10, 30)


def test_archive_is_cut_for_an_earlier_today() -> None:
    """The file of an earlier day has no later rows; after the last day it is the file as published."""
    assert history.published(date(2026, 11, 23)) == history.FILE.read_bytes()
    rows = list(readers.csv(readers.unzip(history.published(date(1999, 1, 9)))))
    assert rows[0]["Date"] == "1999-01-08"
    assert rows[-1]["Date"] == "1999-01-04"


def test_threads_unpack_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight threads that need the whole history at once decompress it once."""
    unpacked = []
    real = history._unpacked

    def counted(size: int) -> bytes:
        unpacked.append(size)
        return real(size)

    monkeypatch.setattr(history, "_unpacked", counted)
    monkeypatch.setattr(history, "_all", [])
    with ThreadPoolExecutor(8) as pool:
        assert len(set(map(id, pool.map(lambda _: history._whole(), range(32))))) == 1
    assert unpacked == [-1]


def test_source_is_named() -> None:
    """The text file beside the history names the ECB as the source, as its terms require."""
    assert "Source: European Central Bank" in history.FILE.with_suffix(".txt").read_text()
