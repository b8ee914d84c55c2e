"""`rates currencies`: the lists, and single currencies in full."""

from __future__ import annotations

import csv
import io

from rates.currencies import FRACTIONS, OFFSHORE, all_currencies, code
from rates.currencies.market_codes import SIGNS
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


def codes_of(run: Run, *args: str) -> list[str]:
    """The codes of a list."""
    return [row["code"] for row in csv.DictReader(io.StringIO(run("currencies", *args, "--format", "csv").out))]


def test_search_by_name(run: Run) -> None:
    """Words of a name give the currencies that have all of them, the most traded first, ended ones last."""
    found = codes_of(run, "dollar")
    assert found[:3] == ["USD", "AUD", "CAD"]
    assert {"JMD", "KID", "ZWL"} <= set(found)
    assert found.index("ZWL") > found.index("KID")
    assert codes_of(run, "Swiss", "franc") == ["CHF"]
    assert codes_of(run, "pound", "jersey") == ["JEP"]
    assert run("currencies", "swiss", "franc").out.startswith("CHF · Swiss Franc\n")
    assert "2024-04-08" in run("currencies", "dollar").out


def test_search_by_sign(run: Run) -> None:
    """A sign gives the currencies that are written with it."""
    assert run("currencies", "€").out.startswith("EUR · Euro\n")
    assert codes_of(run, "¥") == ["JPY", "CNY", "CNH"]
    assert codes_of(run, "£")[0] == "GBP"


def test_a_search_for_nothing(run: Run) -> None:
    """Words in no name are an error like that of an unknown code."""
    ran = run("currencies", "qqqq", "dollar")
    assert (ran.status, ran.out) == (2, "")
    assert "unknown currency 'qqqq'" in ran.err


def test_every_sign_is_of_known_currencies() -> None:
    """Each sign has at least one currency, and only known ones."""
    for sign, symbols in SIGNS.items():
        assert symbols
        assert [code(symbol) for symbol in symbols] == list(symbols), sign


def test_codes_beside_iso_4217(run: Run) -> None:
    """Minor units, money at par and the offshore yuan have a list, and each has its worth in full."""
    assert codes_of(run, "--market") == sorted((*FRACTIONS, *OFFSHORE))
    out = " ".join(run("currencies", "GBp", "jep", "cnh", "syp").out.split())
    for part in (
        "GBX · British Penny",
        "worth 1 GBP = 100 GBX; rates are those of GBP",
        "also written GBp",
        "worth 1 GBP = 1 JEP; rates are those of GBP",
        "CNH · Chinese Yuan (offshore)",
        "redenominated 1 SYP = 100 SYP of before 2026-01-01",
    ):
        assert part in out


def test_unknown_code(run: Run) -> None:
    """The error about an unknown code names the nearest one."""
    ran = run("currencies", "jpx")
    assert ran.status == 2
    assert not ran.out
    assert "did you mean JPY?" in ran.err
