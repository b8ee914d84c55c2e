from __future__ import annotations

import io
import sys
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from rates.errors import UsageError
from rates.present.parquet import parquet

parquet_files = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")


def read(content: bytes) -> list[dict[str, object]]:
    """The rows of a file."""
    found: list[dict[str, object]] = parquet_files.read_table(io.BytesIO(content)).to_pylist()
    return found


def test_cells_come_back() -> None:
    """Decimals, days, moments, words, numbers and flags come back as they were, and None as None."""
    moment = datetime(2026, 10, 30, 15, 4, 5, tzinfo=UTC)
    headers = ("base", "rate", "day", "fetched", "digits", "offline")
    cells = [
        ("EUR", Decimal("1.1172"), date(2026, 10, 30), moment, 5, True),
        ("IDR", Decimal("0.00005510190000000000000000000001"), None, None, None, False),
    ]
    rows = read(parquet(headers, cells))
    assert [tuple(row.values()) for row in rows] == cells
    assert tuple(rows[0]) == headers


def test_an_empty_column_has_its_type() -> None:
    """Files of different ranges have the same types, so that they can be read as one table."""
    table = parquet_files.read_table(io.BytesIO(parquet(("day", "word"), [(None, None)], {"day": date})))
    assert [str(field.type) for field in table.schema] == ["date32[day]", "string"]
    assert parquet_files.read_table(io.BytesIO(parquet(("day",), [], {"day": date}))).num_rows == 0


@pytest.mark.parametrize(
    "texts",
    [
        ["20275.17", "0.00006176252372051878379728052278"],
        ["12345678901234567890", "0.000000000000000000000000000012345"],
        ["1E+3", "-5"],
        ["0", "0.10"],
    ],
)
def test_decimals_are_exact(texts: list[str]) -> None:
    """Large and small numbers share a column without rounding."""
    rows = read(parquet(("rate",), [(Decimal(text),) for text in texts]))
    assert [row["rate"] for row in rows] == [Decimal(text) for text in texts]


def test_a_number_that_does_not_fit_is_rounded() -> None:
    """A column holds 76 digits at most; smaller parts of a number than that are rounded half-even."""
    long = Decimal("0." + "0" * 70 + "12345678901234567890")
    rows = read(parquet(("rate",), [(Decimal("20275.17"),), (long,)]))
    assert rows[0]["rate"] == Decimal("20275.17")
    assert rows[1]["rate"] == Decimal("0." + "0" * 70 + "1")


def test_without_pyarrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says what to install."""
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(UsageError, match=r"fetch-rates\[parquet\]"):
        parquet(("rate",), [])
