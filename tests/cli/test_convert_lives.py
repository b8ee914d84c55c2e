"""`rates convert` with currencies that ended, that had not begun, and that are pegged."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction

import pytest

from tests.cli.conftest import Run


@pytest.mark.parametrize(
    ("args", "lines"),
    [
        (("100", "DEM", "EUR"), ["100 DEM = 51.13 EUR", "1 EUR = 1.95583 DEM, irrevocably since 1999-01-01"]),
        (("100", "EUR", "DEM"), ["100 EUR = 195.58 DEM"]),
        (("100", "DEM", "FRF"), ["100 DEM = 335.39 FRF", "1 EUR = 6.55957 FRF, irrevocably since 1999-01-01"]),
        (("1000", "ITL", "EUR"), ["1000 ITL = 0.52 EUR"]),
        (("1", "EUR", "ITL"), ["1 EUR = 1936 ITL"]),
        (("100", "BGN", "EUR"), ["100 BGN = 51.13 EUR", "1 EUR = 1.95583 BGN, irrevocably since 2026-01-01"]),
        (("5000000", "TRL", "TRY"), ["5000000 TRL = 5.00 TRY", "1 TRY = 1000000 TRL, since 2005-01-01"]),
        (("1", "BYN", "BYB"), ["1 BYN = 10000000 BYB"]),
        (("3e10", "ZWN", "ZWR"), ["30000000000 ZWN = 3.00 ZWR"]),
        (("5e11", "VEF", "VES"), ["500000000000 VEF = 5.00 VES", "1 VES = 1000000 VES of before 2021-10-01"]),
        (("1", "VED", "VES"), ["1 VED = 1.00 VES", "1 VES = 1 VED, since 2021-10-01"]),
        (("25000", "ECS", "USD"), ["25000 ECS = 1.00 USD"]),
        (("1", "VES", "VEF", "--on", "2020-03-02"), ["1 VES = 100000.00 VEF"]),
        (("5", "DEM", "DEM"), ["5 DEM = 5.00 DEM"]),
    ],
)
def test_fixed_rates_need_no_publisher(run: Run, args: tuple[str, ...], lines: list[str]) -> None:
    """A ratio fixed by law is used without a publisher, and is shown."""
    ran = run("convert", *args)
    assert (ran.status, ran.err) == (0, "")
    assert [line for line in lines if line not in ran.out.splitlines()] == []
    assert ran.out.startswith(lines[0])


def test_a_half_is_rounded_up(run: Run) -> None:
    """A half is rounded up with a fixed ratio (Article 5 of the euro's regulation), else to even."""
    assert run("convert", "1.95583", "EUR", "EUR").out.startswith("1.95583 EUR = 1.96 EUR")
    # 0.0097791500 DEM are 0.005 EUR exactly.
    assert run("convert", "0.02933745", "DEM", "EUR").out.startswith("0.02933745 DEM = 0.02 EUR")
    assert run("convert", "0.04889575", "DEM", "EUR").out.startswith("0.04889575 DEM = 0.03 EUR")


def test_the_inverse_is_never_used(run: Run) -> None:
    """Programs get the quotient to 28 digits, without an intermediate rounding or an inverse."""
    ran = run("convert", "123456789.01", "DEM", "EUR", "FRF", "--format", "json")
    rows = json.loads(ran.out, parse_float=Decimal, parse_int=Decimal)
    exact = Fraction("123456789.01") / Fraction("1.95583")
    for row, true in zip(rows, (exact, exact * Fraction("6.55957")), strict=True):
        assert abs(Fraction(row["result"]) / true - 1) < Fraction(1, 10**27)
        assert (row["how"], row["provider"], row["day"], row["pegged"]) == ("fixed", None, None, None)
    assert rows[1]["fixed"].count("irrevocably since 1999-01-01") == 2


def test_over_the_fixed_rate_to_a_live_one(run: Run) -> None:
    """An ended currency is converted by its successor's rate; the ratio and the rate are shown."""
    ran = run("convert", "100", "DEM", "USD", "--offline", "--provider", "ecb")
    assert ran.status == 0
    assert ran.out.splitlines() == [
        "100 DEM = 57.12 USD",
        "",
        "1 EUR = 1.95583 DEM, irrevocably since 1999-01-01",
        "1 EUR = 1.1172 USD, published",
        "ecb · reference · Fri 2026-10-30 (24 days old)",
        "offline: the ECB's history in this package, which ends on 2026-10-30",
        "rounded to ISO 4217 decimals, half-up",
    ]
    (row,) = json.loads(run("convert", "100", "USD", "DEM", "--offline", "--format", "json").out)
    assert (row["how"], row["provider"], row["day"]) == ("cross", "ecb", "2026-10-30")
    assert row["fixed"] == "1 EUR = 1.95583 DEM, irrevocably since 1999-01-01"


def test_several_at_once(run: Run) -> None:
    """One command converts by fixed ratios, by a rate, and into the same currency."""
    ran = run("convert", "100", "DEM", "EUR", "USD", "DEM", "FRF", "--offline")
    assert ran.status == 0
    assert [line.split(" = ")[1] for line in ran.out.splitlines()[:4]] == [
        "51.13 EUR", "57.12 USD", "100.00 DEM", "335.39 FRF"
    ]  # fmt: skip


def test_alive_on_that_day(run: Run) -> None:
    """Before its ratio was fixed, an ended currency has published rates like any other."""
    ran = run("convert", "100", "EUR", "HRK", "--on", "2022-12-30", "--offline", "--provider", "ecb")
    assert ran.out.startswith("100 EUR = 753.65 HRK")
    assert "fixed" not in ran.out
    ran = run("convert", "100", "EUR", "HRK", "--on", "2023-01-02", "--offline", "--provider", "ecb")
    assert ran.out.startswith("100 EUR = 753.45 HRK")


@pytest.mark.parametrize(
    ("args", "status", "message"),
    [
        (("100", "DEM", "EUR", "--on", "1998-05-05"), 2, "no rates of 1998-05-05: EUR began on 1999-01-01"),
        (("100", "CUC", "CUP"), 3, "CUC was replaced by CUP on 2021-06-30, at no fixed ratio"),
        (("1", "ZWN", "ZWG"), 3, "no ratio leads from ZWN to ZWG: the ZWL of 2009 was withdrawn"),
        (("1", "EUR", "RUB", "--on", "2023-01-03", "--offline", "--provider", "ecb"), 3,
         "RUB ended at ecb on 2022-03-01; offline there is only"),
        (("1", "EUR", "AED", "--offline", "--provider", "ecb"), 3, "or --pegs: 1 USD = 3.6725 AED since 1997-11-02"),
    ],
)  # fmt: skip
def test_what_cannot_be(run: Run, args: tuple[str, ...], status: int, message: str) -> None:
    """The message about a currency without a ratio or rate on that day has the reason and what to do."""
    ran = run("convert", *args)
    assert (ran.status, ran.out) == (status, "")
    assert message in ran.err


def test_pegs_only_when_asked(run: Run) -> None:
    """A peg is used only with --pegs, and is marked in the text, the table and the JSON."""
    where = ("--offline", "--provider", "ecb", "--pegs")
    ran = run("convert", "100", "EUR", "AED", *where)
    assert ran.out.startswith("100 EUR = 410.29 AED\n")
    assert "pegged: 1 USD = 3.6725 AED since 1997-11-02" in ran.out
    (row,) = json.loads(run("convert", "100", "EUR", "AED", *where, "--format", "json").out)
    assert (row["how"], row["pegged"]) == ("pegged", "1 USD = 3.6725 AED since 1997-11-02")
    ran = run("EUR", "--symbols", "AED,USD", *where)
    assert "AED       4.1029‡" in ran.out
    assert "‡ pegged: 1 USD = 3.6725 AED since 1997-11-02" in ran.out
    assert "1.1172‡" not in ran.out
    (entry,) = json.loads(run("EUR", "--symbols", "AED", *where, "--format", "json").out)
    assert entry["figures"]["AED"]["how"] == "pegged"
    assert entry["figures"]["AED"]["pegged"] == "1 USD = 3.6725 AED since 1997-11-02"


@pytest.mark.parametrize(
    ("args", "lines"),
    [
        (("100", "USD", "PAB"), ["1 USD = 1 PAB, pegged", "pegged: 1 USD = 1 PAB since 1905-01-01"]),
        (("100", "AED", "USD"), ["1 AED = 0.272294 USD, pegged", "pegged: 1 USD = 3.6725 AED since 1997-11-02"]),
        (
            ("100", "AED", "BSD"),
            [
                "1 AED = 0.272294 BSD, pegged",
                "pegged: 1 USD = 3.6725 AED since 1997-11-02",
                "pegged: 1 USD = 1 BSD since 1974-06-01",
            ],
        ),
        (
            ("1000", "STD", "EUR"),
            ["1 STN = 1000 STD, since 2018-01-01", "pegged: 1 EUR = 24.5 STN since 2018-01-01"],
        ),
    ],
)
def test_a_peg_without_a_publisher_is_marked(run: Run, args: tuple[str, ...], lines: list[str]) -> None:
    """Between a currency and its anchor, or two of one anchor, the peg is named, and nothing else."""
    out = run("convert", *args, "--on", "2020-03-02", "--offline", "--pegs").out
    assert out.splitlines()[2:-1] == lines


def test_a_peg_is_not_a_published_rate(run: Run) -> None:
    """Over a redenomination the legs are listed: those of a publisher as published, the peg as one."""
    out = run("convert", "100", "STD", "USD", "--on", "2020-03-02", "--offline", "--pegs").out
    assert [line for line in out.splitlines() if "STN" in line or "published" in line] == [
        "1 STN = 1000 STD, since 2018-01-01",
        "1 EUR = 1.1122 USD, published",
        "pegged: 1 EUR = 24.5 STN since 2018-01-01",
    ]


def test_no_peg_before_its_day(run: Run) -> None:
    """A peg is not used before its first day."""
    args = ("convert", "1", "EUR", "QAR", "--offline", "--provider", "ecb", "--pegs", "--on")
    assert run(*args, "2001-07-09").status == 0
    ran = run(*args, "2001-07-06")
    assert (ran.status, ran.out) == (3, "")
