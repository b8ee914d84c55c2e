"""`rates convert --rule`: what a rule of law decides, for an amount, a file and a lock file."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from rates.model import Quote
from rates.store import Store
from tests.cli.conftest import Run

NIGHT = datetime(2026, 11, 1, 16, 5, tzinfo=UTC)
OSS = ("convert", "100", "USD", "EUR", "--rule", "eu-oss")
MARCH = Quote("GBP", "USD", Decimal("1.3402"), date(2026, 3, 1), date(2026, 3, 31))
DECEMBER = Quote("GBP", "USD", Decimal("1.35"), date(2026, 12, 1), date(2026, 12, 31))
YEAR_END = Quote("USD", "EUR", Decimal("0.8513"), date(2025, 12, 31), date(2026, 3, 30))


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store with some official rates, and no network."""
    monkeypatch.setenv("RATES_STORE", str(tmp_path / "rates.db"))
    monkeypatch.setenv("RATES_RETRIES", "0")
    with Store.open(tmp_path / "rates.db") as opened:
        for key, quotes in {"hmrc": (MARCH, DECEMBER), "ust": (YEAR_END,)}.items():
            opened.put(key, quotes, NIGHT, "ab" * 32)


@pytest.fixture
def invoices(tmp_path: Path) -> tuple[str, ...]:
    """The flags for a file of amounts in dollars, each with its day."""
    path = tmp_path / "in.csv"
    path.write_text("total,date\n100,2024-03-01\n100,2024-03-31\n100,2024-04-01\n100,2027-01-01\n")
    return "convert", "--csv", str(path), "--amount-column", "total", "--base", "USD", "--to", "EUR"


def test_an_amount(run: Run) -> None:
    """The rate that the rule asks for, with the day that it asks for, and one sentence with the law on stderr."""
    ran = run(*OSS, "--period", "2024-Q1")
    assert (ran.status, ran.out) == (
        0,
        "100 USD = 93.03 EUR\n\n"
        "1 USD = 0.93032 EUR, inverse\n"
        "ecb · reference · Tue 2024-04-02 (2 days later)\n"
        "eu-oss asks for 2024-03-31, a Sunday: these are the first rates from then on\n"
        "offline: the ECB's history in this package, which ends on 2026-10-30\n"
        "rounded to ISO 4217 decimals, half-even\n",
    )
    assert ran.err == (
        "rule eu-oss: the ECB's reference rate of the last day of 2024-Q1, or else of the next publication "
        "(2024-04-02); Directive 2006/112/EC, Articles 366 and 369h\n"
    )
    ran = run("convert", "100", "USD", "EUR", "--rule", "eu-customs", "--on", "2026-03-14")
    assert "ecb · reference · Wed 2026-02-18 (the day of eu-customs)\n" in ran.out
    assert "asks for" not in ran.out


def test_rates_of_periods(run: Run) -> None:
    """The month that holds the day, of the days behind and of those ahead that are published."""
    uk = ("convert", "100", "USD", "GBP", "--rule", "uk-vat")
    for given in (("--on", "2026-03-14"), ("--period", "2026-03")):
        ran = run(*uk, *given)
        assert (ran.status, ran.out.splitlines()[0]) == (0, "100 USD = 74.62 GBP")
        assert "hmrc · monthly · valid from 2026-03-01 to 2026-03-31\n" in ran.out
        assert "in force in March 2026 (2026-03-01 to 2026-03-31); VAT Act 1994" in ran.err
    assert run(*uk, "--on", "2026-12-05", "-q").out == "74.07\n"
    assert run(*uk, "--on", "2026-04-01").status == 3
    ran = run(*uk, "--on", "2027-01-05")
    assert (ran.status, ran.out) == (3, "")
    assert "a rate of 2027-01-05, which is not published yet; it is due on 2026-12-24" in ran.err


def test_a_file_of_a_publisher(run: Run, recording: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """HMRC's own file, replayed: 100 dollars at 1.3402 to the pound."""
    monkeypatch.delenv("RATES_TODAY")
    ran = run("convert", "100", "USD", "GBP", "--rule", "uk-vat", "--on", "2026-10-15", "--replay", recording, "-q")
    assert (ran.status, ran.out) == (0, "74.62\n")
    assert "HMRC's monthly rate in force in October 2026 (2026-10-01 to 2026-10-31)" in ran.err


def test_the_rounding_of_a_rule(run: Run) -> None:
    """Up to the next dollar for people and for programs, and the rule's name is in the row."""
    fbar = ("convert", "15265.25", "EUR", "USD", "--rule", "us-fbar", "--year", "2025")
    ran = run(*fbar)
    assert ran.out.splitlines()[0] == "15265.25 EUR = 17932 USD"  # 15265.25 / 0.8513 = 17931.69…
    assert "rounded up to the next whole dollar, as the rule asks\n" in ran.out
    (row,) = json.loads(run(*fbar, "--format", "json").out, parse_float=str)
    assert (row["result"], row["rule"], row["asked"], row["valid_to"]) == (17932, "us-fbar", "2025-12-31", "2026-03-30")
    assert "rule" not in json.loads(run("convert", "1", "USD", "EUR", "--on", "2020-03-02", "--format", "json").out)[0]


def test_a_year_s_mean(run: Run) -> None:
    """The mean of the named publisher's rates: of the ECB's dollar in 2024 what it publishes as its yearly average."""
    mean = ("convert", "100", "EUR", "USD", "--rule", "irs-average", "--year")
    ran = run(*mean, "2024", "--provider", "ecb")
    assert (ran.status, ran.out.splitlines()[:3]) == (0, ["100 EUR = 108.24 USD", "", "1 EUR = 1.0824 USD, average"])
    assert "ecb · reference · mean of 2024-01-01 to 2024-12-31\n" in ran.out
    assert "the mean of ecb's rates of 2024" in ran.err
    for more, message in (
        (("2024",), "the rule irs-average needs a publisher; name one with --provider, like ecb"),
        (("2026", "--provider", "ecb"), "takes for 2026 a rate of 2026-12-31, which is not published yet"),
        (("2024", "--provider", "ecb", "--lock", "rates.lock"), "a lock file has published figures, and no mean"),
    ):
        ran = run(*mean, *more)
        assert ran.status in (2, 3)
        assert message in ran.err
    ran = run("convert", "100", "RUB", "USD", "--rule", "irs-average", "--year", "2022", "--provider", "ecb")
    assert (ran.status, ran.out) == (3, "")
    assert "has not all rates of RUB/USD of 2022; it has them from 2022-01-03 to 2022-03-01" in ran.err


def test_a_file(run: Run, invoices: tuple[str, ...]) -> None:
    """Each line has the rate of its own quarter; one that is to come is a bad line."""
    ran = run(*invoices, "--rule", "eu-oss", "--date-column", "date")
    assert (ran.status, [line.split(",")[5] for line in ran.out.splitlines()[1:]]) == (
        1,
        ["2024-04-02", "2024-04-02", "2024-07-01"],
    )
    assert "line 5: the rule eu-oss takes for 2027-Q1 a rate of 2027-03-31, which is not published yet" in ran.err
    assert ran.err.splitlines()[-1].startswith(
        "rule eu-oss: the ECB's reference rate of the last day of the quarter of each line, or else"
    )
    ran = run(*invoices, "--rule", "eu-oss", "--period", "2024-Q1")
    assert {line.split(",")[5] for line in ran.out.splitlines()[1:]} == {"2024-04-02"}


def test_a_file_is_rounded_by_the_rule(run: Run, tmp_path: Path) -> None:
    """In a file, too, FBAR amounts go up to the next dollar."""
    (tmp_path / "in.csv").write_text("total\n1\n0\n")
    flags = ("--amount-column", "total", "--base", "EUR", "--to", "USD", "--rule", "us-fbar", "--year", "2025")
    ran = run("convert", "--csv", str(tmp_path / "in.csv"), *flags)
    assert [line.split(",")[1] for line in ran.out.splitlines()[1:]] == ["2", "0"]


def test_a_lock_file(run: Run, invoices: tuple[str, ...], tmp_path: Path) -> None:
    """What a rule has used is kept, and repeated from the file alone."""
    lock = ("--lock", str(tmp_path / "rates.lock"))
    ran = run(*invoices, "--rule", "eu-oss", "--date-column", "date", *lock)
    assert ran.status == 1
    again = run(*invoices, "--rule", "eu-oss", "--date-column", "date", *lock, "--locked")
    assert again == ran
    assert run(*OSS, "--on", "2024-01-15", *lock, "--locked", "-q").out == "93.03\n"
    ran = run(*OSS, "--period", "2023-Q1", *lock, "--locked")
    assert (ran.status, "has no USD/EUR for 2023-03-31 by --when next" in ran.err) == (3, True)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (("--rule", "eu-os"), "unknown rule 'eu-os'; did you mean eu-oss?"),
        (("--rule", "eu-oss"), "the rule eu-oss needs a day; give one with --on, or a quarter with --period"),
        (("--rule", "pl-vat"), "the rule pl-vat needs a day; give one with --on"),
        (
            ("--rule", "eu-oss", "--period", "2024-01"),
            "not by the month; give a day, or a quarter",
        ),
        (("--rule", "eu-oss", "--year", "2024"), "goes by the quarter, not by the year"),
        (("--rule", "eu-oss", "--year", "2024-Q1"), "'2024-Q1': must be a year like 2025"),
        (("--rule", "uk-vat", "--on", "2026-03-14"), "the rule uk-vat converts into GBP, not into EUR"),
        (("--rule", "eu-oss", "--on", "2024-01-02", "--period", "2024-Q1"), "contradict one another; give one of them"),
        (("--rule", "eu-oss", "--on", "2024-01-02", "--provider", "nbp"), "the rule eu-oss decides --provider"),
        (("--rule", "eu-oss", "--on", "2024-01-02", "--when", "exact"), "the rule eu-oss decides --when"),
        (("--rule", "eu-oss", "--on", "2024-01-02", "--max-age", "1"), "the rule eu-oss decides --max-age"),
        (("--rule", "eu-oss", "--on", "2024-01-02", "--pegs"), "the rule eu-oss decides --pegs"),
        (("--rule", "us-fbar", "--year", "2024", "--digits", "2"), "the rule us-fbar decides --digits"),
        (("--period", "2024-Q1"), "--period is for a rule; name it with --rule, like --rule eu-oss"),
        (("--year", "2024"), "--year is for a rule"),
    ],
)
def test_wrong_usage(run: Run, more: tuple[str, ...], message: str) -> None:
    """What contradicts a rule, or is not a time of its length, is one line of wrong usage."""
    ran = run("convert", "100", "USD", "EUR", *more)
    assert (ran.status, ran.out) == (2, "")
    assert message in ran.err


def test_days_of_a_file_and_of_a_flag(run: Run, invoices: tuple[str, ...]) -> None:
    """A column of days and a period contradict each other."""
    ran = run(*invoices, "--rule", "eu-oss", "--date-column", "date", "--period", "2024-Q1")
    assert (ran.status, ran.err) == (2, "rates: --date-column has the days; leave out --on, --period and --year\n")


def test_nothing_is_applied_that_was_not_named(run: Run) -> None:
    """Without --rule no sentence and no rule: the day asked for is that of the user."""
    ran = run("convert", "100", "USD", "EUR", "--on", "2024-03-31")
    assert (ran.status, ran.err) == (0, "")
    assert "ecb · reference · Thu 2024-03-28 (3 days earlier)\n" in ran.out


def test_no_rate_that_may_not_be_the_newest(run: Run, tmp_path: Path) -> None:
    """Where the publisher is not reached, a kept rate of an earlier day is not taken for that of the rule."""
    with Store.open(tmp_path / "rates.db") as opened:
        opened.put("nbp", [Quote("USD", "PLN", Decimal("3.9123"), date(2026, 11, 2))], NIGHT, "cd" * 32)
    poland = ("100", "USD", "PLN", "--rule", "pl-vat", "--on", "2026-11-05")
    ran = run("convert", *poland, "--lock", str(tmp_path / "rates.lock"))
    assert (ran.status, ran.out) == (3, "")
    assert not (tmp_path / "rates.lock").exists()
    (tmp_path / "in.csv").write_text("total\n100\n")
    flags = ("--amount-column", "total", "--base", "USD", "--to", "PLN", *poland[3:])
    ran = run("convert", "--csv", str(tmp_path / "in.csv"), *flags)
    assert (ran.status, ran.out) == (3, "")
    assert "nbp: has not answered about 2026-11-05; the newest kept is of 2026-11-02; the rule" in ran.err
    with Store.open(tmp_path / "rates.db") as opened:
        opened.attempts.settle("nbp", "", date(2026, 11, 2), date(2026, 11, 4))
    assert run("convert", *poland, "-q").out == "391.23\n"
