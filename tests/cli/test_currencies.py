"""`rates currencies`: the lists, and single currencies in full."""

from __future__ import annotations

import csv
import io

from rates.currencies import all_currencies
from tests.cli.conftest import Run


def test_currencies(run: Run) -> None:
    """The list has the codes in use, with --ended the others."""
    used, ended = (list(csv.DictReader(io.StringIO(run("currencies", *more, "--format", "csv").out)))
                   for more in ((), ("--ended",)))  # fmt: skip
    assert sorted(row["code"] for row in (*used, *ended)) == sorted(all_currencies())
    assert "ended" not in used[0]
    assert {row["ended"] != "" for row in ended} == {True}


def test_some_currencies(run: Run) -> None:
    """An ended currency has its end and its successor; digits are ISO's."""
    rows = list(csv.DictReader(io.StringIO(run("currencies", "hrk", "iqd", "xau", "--format", "csv").out)))
    assert [(row["code"], row["digits"], row["ended"], row["successor"]) for row in rows] == [
        ("HRK", "2", "2023-01-01", "EUR"), ("IQD", "3", "", ""), ("XAU", "", "", "")
    ]  # fmt: skip


def test_the_life_of_a_currency(run: Run) -> None:
    """A currency in full has its first day, end, ratio, peg and publishers."""
    out = " ".join(run("currencies", "hrk", "aed", "isk", "rub").out.split())
    for part in (
        "began 1994-05-30 before it HRD ended 2023-01-01, replaced by EUR",
        "fixed 1 EUR = 7.53450 HRK, irrevocably since 2023-01-01",
        "at ecb 2005-04-01 to 2022-12-30",
        "pegged 1 USD = 3.6725 AED since 1997-11-02, by the Central Bank of the UAE",
        "at ecb 1999-01-04 to 2008-12-09, 2018-02-01 to now",
        "published by cbr, ",
        "bam (key)",
    ):
        assert part in out


def test_unknown_code(run: Run) -> None:
    """The error about an unknown code names the nearest one."""
    ran = run("currencies", "jpx")
    assert ran.status == 2
    assert not ran.out
    assert "did you mean JPY?" in ran.err
