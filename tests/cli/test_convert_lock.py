"""`rates convert --lock` and `--locked`, with the store and the own rates as what may have moved."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from rates.model import Quote
from rates.store import Store
from tests.cli.conftest import Run

DAY = ("--on", "2020-03-01")


@pytest.fixture
def lock(tmp_path: Path, run: Run) -> str:
    """A lock file with the euro and the yen for the dollar of a Sunday."""
    path = str(tmp_path / "rates.lock")
    assert run("convert", "100", "USD", "EUR", "JPY", *DAY, "--offline", "--lock", path).status == 0
    return path


@pytest.fixture
def store(tmp_path: Path) -> str:
    """A store with another value of the same figure than the ECB's history."""
    path = str(tmp_path / "rates.db")
    with Store.open(path) as opened:
        quote = Quote("EUR", "USD", Decimal("1.0978"), date(2020, 2, 28))
        opened.put("ecb", [quote], datetime(2026, 11, 1, tzinfo=UTC), "ab" * 32)
    return path


def test_the_same_without_any_source(run: Run, lock: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lock file alone gives the same result to the last digit, years later and without --offline."""
    line = ("convert", "100", "USD", "EUR", "JPY", *DAY)
    before = run(*line, "--offline", "--format", "json").out
    monkeypatch.setenv("RATES_TODAY", "2036-11-23")
    again = run(*line, "--lock", lock, "--locked", "--format", "json")
    assert (again.status, again.err) == (0, "")
    assert json.loads(again.out, parse_float=str) == json.loads(before, parse_float=str)
    assert f"locked: the rates are those of {lock}\n" in run(*line, "--lock", lock, "--locked").out.replace("\n  ", " ")


def test_nothing_is_written_when_locked(run: Run, lock: str) -> None:
    """A locked run leaves the file as it is."""
    before = Path(lock).stat()
    run("convert", "100", "USD", "EUR", *DAY, "--lock", lock, "--locked")
    assert Path(lock).stat() == before


def test_what_is_missing_is_named(run: Run, lock: str) -> None:
    """Another pair, day or rule is not in the file, which the message says."""
    for args, message in (
        (("CHF", *DAY), "has no USD/CHF for 2020-03-01 by --when previous; lock it with --lock, without --locked"),
        (("EUR", "--on", "2020-03-02"), "has no USD/EUR for 2020-03-02 by --when previous; it has the pair for"),
        (("EUR", *DAY, "--when", "next"), "by --when next; it has the pair for 2020-03-01 by previous from ecb"),
        (("EUR",), "has no USD/EUR without a day"),
    ):
        ran = run("convert", "100", "USD", *args, "--lock", lock, "--locked")
        assert (ran.status, ran.out) == (3, "")
        assert message in ran.err


def test_what_has_moved_is_named(run: Run, lock: str, store: str) -> None:
    """A publisher's later correction that the store has is named; without --locked it is used, and said."""
    line = ("convert", "100", "USD", "EUR", *DAY, "--lock", lock)
    ran = run(*line, "--store", store, "--locked")
    assert (ran.status, ran.out) == (3, "")
    assert "locked figures have moved: ecb's EUR/USD of 2020-02-28 was 1.0977 and is 1.0978" in ran.err


def test_fixed_ratios_need_no_lock(run: Run, lock: str) -> None:
    """A conversion by ratios fixed by law is the same with any lock file."""
    assert run("convert", "100", "DEM", "EUR", "--lock", lock, "--locked").out.startswith("100 DEM = 51.13 EUR\n")


def test_the_latest_rates(run: Run, lock: str) -> None:
    """A conversion without a day is repeated with the rates of its last run."""
    line = ("convert", "5", "USD", "EUR", "--lock", lock)
    first = run(*line, "--offline", "-q").out
    assert run(*line, "--locked", "-q").out == first == "4.48\n"


def test_own_rates_that_changed(run: Run, tmp_path: Path) -> None:
    """A changed line of the own rates is a figure that moved."""
    own, lock = tmp_path / "own.csv", str(tmp_path / "rates.lock")
    own.write_text("base,symbol,rate,valid_from\nUSD,EUR,0.91,2026-01-01\n")
    line = ("convert", "5", "USD", "EUR", "--own", str(own), "--lock", lock)
    assert run(*line).status == run(*line, "--locked").status == 0
    own.write_text("base,symbol,rate,valid_from\nUSD,EUR,0.92,2026-01-01\n")
    assert "own's USD/EUR of 2026-01-01 was 0.91 and is 0.92" in run(*line, "--locked").err


def test_wrong_files(run: Run, tmp_path: Path) -> None:
    """A missing file and one that is not a lock file are each one line, and nothing is asked."""
    ran = run("convert", "5", "USD", "EUR", "--lock", str(tmp_path / "none.lock"), "--locked")
    assert (ran.status, ran.err.count("\n")) == (3, 1)
    assert "no lock file" in ran.err
    (tmp_path / "other.lock").write_text("requests==2.32\n")
    assert "is not a lock file" in run("convert", "5", "USD", "EUR", "--lock", str(tmp_path / "other.lock")).err


def test_an_option_is_no_file(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is left out is named as missing; no file gets the name of the next option."""
    monkeypatch.chdir(tmp_path)
    ran = run("convert", "100", "USD", "EUR", *DAY, "--offline", "--lock", "--locked")
    assert (ran.status, ran.out) == (2, "")
    assert "'--lock': --locked is an option, and no file is named" in ran.err
    assert list(tmp_path.glob("--*")) == []


def test_a_file_of_amounts(run: Run, tmp_path: Path) -> None:
    """A whole file is locked, and repeated from the lock file to the last character."""
    (tmp_path / "in.csv").write_text("total,currency,date\n5,DEM,2020-03-01\n7,USD,2020-03-01\n")
    lock = str(tmp_path / "rates.lock")
    line = ("convert", "--csv", str(tmp_path / "in.csv"), "--amount-column", "total", "--from-column", "currency")
    line = (*line, "--to", "EUR", "--on", "2020-03-01", "--lock", lock)
    first, again = tmp_path / "first.csv", tmp_path / "again.csv"
    assert run(*line, "--offline", "-o", str(first)).status == 0
    assert run(*line, "--locked", "-o", str(again)).status == 0
    assert again.read_text() == first.read_text()
