"""Where the rates of dated conversions come from: what is at hand first, the publishers only for what is not."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from rates.errors import NoRates
from rates.fetch import single_flight
from rates.model import Query, Quote
from rates.providers import Steps
from rates.store import Store, session
from tests.cli.conftest import Run
from tests.fetch.publisher import facts, known_as, module, quote

FRIDAY = date(2026, 11, 20)
NIGHT = datetime(2026, 11, 1, 16, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def no_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store that does not exist; a publisher that is asked cannot be reached, and is tried once."""
    monkeypatch.setenv("RATES_STORE", str(tmp_path / "rates.db"))
    monkeypatch.setenv("RATES_RETRIES", "0")


def stored(tmp_path: Path, *quotes: Quote, provider: str = "nbp") -> None:
    """Puts a provider's quotes into the store, which then has all that it published in those days."""
    with Store.open(tmp_path / "rates.db") as store:
        store.put(provider, quotes, NIGHT, "ab" * 32)
        days = [quote.day for quote in quotes]
        store.attempts.settle(provider, "", min(days), max(days))


SCRIPT = """
import sys
from rates.cli import main
assert main(["convert", "100", "USD", "EUR", "JPY", "--on", "2020-03-01"]) == 0
print(*{name.split(".")[0] for name in sys.modules})
"""


def test_the_history_needs_no_network_library(tmp_path: Path) -> None:
    """A dated conversion from the history in the package loads neither requests nor responses nor a database."""
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    *lines, modules = done.stdout.splitlines()
    assert lines[0] == "100 USD = 91.10 EUR"
    assert not {"requests", "responses", "urllib3", "sqlite3", "tabulate", "rich"} & set(modules.split())


@pytest.mark.parametrize(
    ("rule", "on", "day"),
    [
        (("--when", "exact"), "2020-03-02", "2020-03-02"),
        ((), "2020-03-01", "2020-02-28"),
        (("--when", "next"), "2020-03-01", "2020-03-02"),
        (("--when", "next"), "2020-03-02", "2020-03-02"),
        (("--when", "before"), "2020-03-02", "2020-02-28"),
        (("--when", "nearest"), "2020-03-01", "2020-03-02"),
        (("--when", "nearest"), "2020-02-29", "2020-02-28"),
        (("--max-age", "2"), "2020-03-01", "2020-02-28"),
        (("--max-age", ""), "2020-03-01", "2020-02-28"),
    ],
)
def test_rules(run: Run, rule: tuple[str, ...], on: str, day: str) -> None:
    """Each rule takes its day, from the history, without a network."""
    ran = run("convert", "1", "USD", "EUR", "--on", on, *rule, "--format", "json")
    assert (ran.status, ran.err) == (0, "")
    (row,) = json.loads(ran.out)
    assert (row["day"], row["asked"], row["provider"], row["source"]) == (day, on, "ecb", "ecb-history")


@pytest.mark.parametrize("more", [("--when", "exact"), ("--max-age", "1"), ("--when", "next", "--max-age", "0")])
def test_no_rate_that_the_rule_allows(run: Run, more: tuple[str, ...]) -> None:
    """A rate of a day that the rule does not allow is not used, also if a publisher gives it."""
    ran = run("convert", "1", "USD", "EUR", "--on", "2020-03-01", *more, "--offline")
    assert (ran.status, ran.out) == (3, "")
    assert "ecb" in ran.err


@pytest.mark.parametrize(
    ("pair", "on", "rule", "hint"),
    [
        (("USD", "EUR"), "2020-03-01", ("--when", "exact"), "--when previous or --when next"),
        (("USD", "EUR"), "2020-03-01", ("--max-age", "0"), "--max-age 2 or --when next --max-age 1"),
        (("RUB", "EUR"), "2023-03-02", (), "ecb has it on 2022-03-01: --max-age 366"),
    ],
)
def test_what_is_known_not_to_exist(run: Run, pair: tuple[str, str], on: str, rule: tuple[str, ...], hint: str) -> None:
    """Where all is at hand that was published, the error names the nearest days, and no publisher is asked."""
    ran = run("convert", "1", *pair, "--on", on, *rule, "--provider", "ecb")
    assert (ran.status, ran.out) == (3, "")
    assert hint in " ".join(ran.err.split())
    assert "network" not in ran.err


def test_the_end_of_the_history(run: Run) -> None:
    """For a day after the end of the history its last rates are not used: the ECB has published others since."""
    assert run("convert", "1", "USD", "EUR", "--on", "2026-11-01").status == 0  # a Sunday
    ran = run("convert", "1", "USD", "EUR", "--on", "2026-11-03")
    assert (ran.status, ran.out) == (3, "")
    assert "no network" in ran.err
    ran = run("convert", "1", "USD", "EUR", "--on", "2026-11-03", "--when", "nearest")
    assert (ran.status, ran.out) == (3, "")
    assert "no network" in ran.err


def test_a_named_provider_is_asked_first(run: Run) -> None:
    """The history does not answer in the place of a provider before it that the user has named, unless none is reached.

    The output then says so, and the status, as for a table.
    """
    on = ("convert", "1", "USD", "EUR", "--on", "2020-03-02")
    assert run(*on).status == run(*on, "--provider", "ecb,nbp").status == 0
    ran, table = run(*on, "--provider", "nbp,ecb"), run("USD", *on[4:], "--provider", "nbp,ecb")
    assert ran.status == table.status == 1
    assert "warning: Stale: ecb: no publisher is reached; the newest rates kept up to 2020-03-02" in ran.err
    assert run(*on, "--provider", "nbp").status == 3


def test_the_store(run: Run, tmp_path: Path) -> None:
    """What the store has is used, with the time of its answer; before the history, if its provider is named first."""
    quotes = [Quote("USD", "PLN", Decimal("3.9"), date(2020, 3, day)) for day in (2, 3)]
    euros = [Quote("EUR", "PLN", Decimal("4.3"), date(2020, 3, day)) for day in (2, 3)]
    stored(tmp_path, *quotes, *euros)
    ran = run("convert", "100", "USD", "EUR", "--on", "2020-03-03", "--provider", "nbp,ecb")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.splitlines() == [
        "100 USD = 90.70 EUR",
        "",
        "1 USD = 0.91 EUR (fewer than four significant digits behind it), cross",
        "nbp · mid · Tue 2020-03-03 (the day asked for)",
        "from the store, fetched on 2026-11-01 16:05 UTC",
        "rounded to ISO 4217 decimals, half-even",
    ]
    # For a later day the store may lack what was published, so that the publisher is asked; it is not reached.
    ran = run("convert", "100", "USD", "EUR", "--on", "2020-03-04", "--provider", "nbp")
    assert (ran.status, "no publisher is reached" in ran.err) == (1, True)
    assert run("convert", "100", "USD", "EUR", "--on", "2020-03-04", "--provider", "nbp", "--no-store").status == 3
    ran = run("convert", "100", "USD", "EUR", "--on", "2020-03-04", "--provider", "nbp", "--when", "exact")
    assert (ran.status, ran.out) == (3, "")


def test_the_store_without_a_network(run: Run, tmp_path: Path) -> None:
    """Where the publisher must be asked and is not reached, the store's newest rates are used, with a warning."""
    stored(tmp_path, Quote("USD", "PLN", Decimal("3.9"), date(2020, 3, 3)))
    on = ("--on", "2020-03-04", "--provider", "nbp")
    ran = run("convert", "100", "USD", "PLN", *on, "--when", "nearest")
    assert (ran.status, ran.out.splitlines()[0]) == (1, "100 USD = 390.00 PLN")
    assert ran.err == "warning: no publisher has answered; these are the newest rates kept\n"
    (tmp_path / "in.csv").write_text("total\n100\n")
    line = ("convert", "--csv", str(tmp_path / "in.csv"), "--amount-column", "1", "--base", "USD", "--to", "PLN")
    ran = run(*line, *on)
    assert (ran.status, ran.out.splitlines()[1]) == (1, "100,390.00,PLN,3.9,2020-03-03,1,published,nbp")
    assert "warning: no publisher has answered" in ran.err
    assert run(*line, *on, "--no-store").status == 3


def test_the_latest_without_a_network(run: Run) -> None:
    """An amount without a day gets the newest rate kept, that of the history if nothing else is, with its age."""
    ran = run("convert", "100", "USD", "EUR", "--provider", "ecb")
    assert (ran.status, ran.out.splitlines()[0]) == (1, "100 USD = 89.51 EUR")
    assert "the newest rates kept are of 2026-10-30, 24 days old" in ran.err


def test_own_rates_before_others(run: Run, tmp_path: Path) -> None:
    """Each target has the first provider of the chain that has it, for a day and for the latest rates."""
    own = tmp_path / "own.csv"
    own.write_text("base,symbol,rate,valid_from\nUSD,EUR,0.91,2020-01-01\n")
    for more in (("--on", "2020-03-02"), ("--offline",)):
        ran = run("convert", "100", "USD", "EUR", "JPY", "--own", str(own), *more, "--format", "json")
        assert (ran.status, ran.err) == (0, "")
        rows = json.loads(ran.out)
        assert [(row["symbol"], row["how"], row["provider"]) for row in rows] == [
            ("EUR", "own", "own"), ("JPY", "cross", "ecb")
        ]  # fmt: skip
    assert (
        "1 USD = 0.91 EUR, own\nown · your own rates · valid from 2020-01-01\n"
        in run("convert", "100", "USD", "EUR", "--own", str(own)).out
    )


def test_own_rates_of_days_to_come(run: Run, tmp_path: Path) -> None:
    """A contract may have rates of days in the future; no publisher has any, and none is asked."""
    own = tmp_path / "own.csv"
    own.write_text("base,symbol,rate,valid_from\nUSD,EUR,0.91,2020-01-01\n")
    on = ("convert", "100", "USD", "--on", "2030-01-01")
    ran = run(*on, "EUR", "--own", str(own), "-q")
    assert (ran.status, ran.out) == (0, "91.00\n")
    ran = run(*on, "JPY", "--own", str(own))
    assert (ran.status, ran.err) == (2, "rates: 2030-01-01 is in the future; today is 2026-11-23\n")
    assert run(*on, "EUR").status == 2


def test_pegs(run: Run) -> None:
    """A peg serves a dated conversion, if it is asked for."""
    on = ("convert", "100", "EUR", "AED", "--on", "2020-03-02", "--provider", "ecb")
    ran = run(*on, "--pegs")
    assert ran.status == 0
    assert "pegged: 1 USD = 3.6725 AED since 1997-11-02" in ran.out


def test_days_that_must_be_fetched(run: Run) -> None:
    """A provider that is not at hand is asked for the days around; what answers in its place is named."""
    ran = run(
        "convert", "100", "USD", "EUR", "--on", "2020-03-01", "--when", "next", "--provider", "frankfurter", "--offline"
    )
    assert (ran.status, ran.err) == (0, "")
    assert "frankfurter · simulated from ECB reference rates · Mon 2020-03-02 (1 day later)" in ran.out


@pytest.mark.parametrize(
    ("on", "more", "day"),
    [
        ("2026-10-28", ("--max-age", "30"), "2026-10-01"),
        ("2026-10-28", ("--max-age", ""), "2026-10-01"),
        ("2026-10-28", ("--max-age", "30", "--when", "before"), "2026-10-01"),
        ("2026-10-06", (), "2026-10-01"),
        ("2026-10-06", ("--when", "before"), "2026-10-01"),
    ],
)
def test_rates_older_than_a_publisher_rests(
    run: Run, monkeypatch: pytest.MonkeyPatch, on: str, more: tuple[str, ...], day: str
) -> None:
    """An age that is asked for counts, also where a publisher rests for fewer days; tomorrow is a day like others."""
    known = [Quote("EUR", "USD", Decimal("1.1"), date(2026, 10, 1))]

    def steps(query: Query) -> Steps:
        yield from ()
        first, last = query.span(7)
        if not (first <= known[0].day <= last):
            raise NoRates(f"has no rates from {first} to {last}")
        return known

    known_as(monkeypatch, module(facts(), steps))
    monkeypatch.setenv("RATES_TODAY", "2026-10-05" if on == "2026-10-06" else "2026-10-30")
    ran = run("convert", "1", "EUR", "USD", "--on", on, "--provider", "bank", "--format", "json", *more)
    assert ran.status == 0, ran.err
    assert json.loads(ran.out)[0]["day"] == day


def test_what_is_fetched_is_kept(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer about the days around goes into the store, which then answers; --no-store leaves it alone."""
    asked: list[Query] = []

    def steps(query: Query) -> Steps:
        asked.append(query)
        return [Quote("EUR", "USD", Decimal("1.1"), day) for day in (date(2020, 2, 28), date(2020, 3, 2))]
        yield

    known_as(monkeypatch, module(facts("bank"), steps))
    line = ("convert", "100", "EUR", "USD", "--on", "2020-03-01", "--when", "next", "--provider", "bank")
    for more, times in ((("--no-store",), 1), (("--no-store",), 2), ((), 3), ((), 3)):
        ran = run(*line, *more)
        assert (ran.status, ran.out.splitlines()[0]) == (0, "100 EUR = 110.00 USD")
        assert len(asked) == times
    assert (asked[0].start, asked[0].end) == (date(2020, 3, 1), date(2020, 3, 8))
    assert "from the store, fetched just now" in run(*line).out


def test_a_day_that_is_not_published_yet(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A publisher that answers with other days does not have the rate yet; the error names what it has."""
    module_ = module(facts("bank", since=date(2026, 11, 2)), lambda query: _given([quote("EUR", "USD", "1.1", FRIDAY)]))
    known_as(monkeypatch, module_)
    ran = run("convert", "1", "EUR", "USD", "--on", "2026-11-20", "--provider", "bank")
    assert ran.status == 0
    for line in (("convert", "1", "EUR", "USD"), ("EUR",)):
        ran = run(*line, "--on", "2026-11-22", "--when", "next", "--provider", "bank")
        assert (ran.status, ran.out) == (3, "")
        assert "NoRates" in ran.err
        assert "2026-11-20" in ran.err


def _given(quotes: list[Quote]) -> Steps:
    yield from ()
    return quotes


def test_fresh_asks_anyway(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """With --fresh a publisher is asked for a day that the store has, too, for an amount and for a history."""
    asked: list[Query] = []

    def steps(query: Query) -> Steps:
        asked.append(query)
        return [Quote("EUR", "USD", Decimal("1.1"), date(2020, 2, 28))]
        yield

    known_as(monkeypatch, module(facts("bank"), steps))
    amount = ("convert", "100", "EUR", "USD", "--on", "2020-02-28", "--provider", "bank")
    days = ("history", "EUR/USD", "--since", "2020-02-28", "--until", "2020-02-28", "--provider", "bank")
    runs = [(amount, 1), (amount, 1), (days, 2), (days, 2), ((*amount, "--fresh"), 3), ((*days, "--fresh"), 4)]
    for line, times in runs:
        session.RECENT.clear()  # as in another process
        single_flight.forget()
        assert (run(*line).status, len(asked)) == (0, times), line


FILE = """total,currency,date
5,USD,2020-03-01
7,JPY,2020-03-02
9,XAU,2020-03-02
9,USD,2026-11-03
9,USD,1990-01-01
9,USD,2030-01-01
9,DEM,2020-03-02
"""


def test_a_file(run: Run, tmp_path: Path) -> None:
    """Each line has the rate of its day; what is not at hand is asked for, and its failure is that of its lines."""
    (tmp_path / "in.csv").write_text(FILE)
    line = ("convert", "--csv", str(tmp_path / "in.csv"), "--amount-column", "total", "--from-column", "currency")
    ran = run(*line, "--to", "EUR", "--date-column", "date", "--provider", "ecb")
    assert ran.status == 1
    assert [text.split(",")[3:6:2] + text.split(",")[6:7] for text in ran.out.splitlines()[1:]] == [
        ["4.55", "0.9109957183201238954176915368", "2020-02-28"],
        ["0.06", "0.008345852111500584209647805041", "2020-03-02"],
        ["4.60", "0.5112918811962184852466727681", "2020-03-02"],
    ]
    reasons = [text.partition(", line ")[2] for text in ran.err.splitlines()[:4]]
    assert [reason[:2] for reason in reasons] == ["4:", "5:", "6:", "7:"]
    assert "is there a network?" in reasons[1]
    assert "EUR began on 1999-01-01" in reasons[2]
    assert "2030-01-01 is in the future" in reasons[3]


def test_a_file_of_the_latest_rates(run: Run, tmp_path: Path) -> None:
    """Without a day all lines have the latest rates, each base asked for once."""
    (tmp_path / "in.csv").write_text("total,currency,into\n5,USD,EUR\n7,GBP,EUR\n8,USD,JPY\n9,XAU,EUR\n")
    line = ("convert", "--csv", str(tmp_path / "in.csv"), "--amount-column", "total", "--from-column", "currency")
    ran = run(*line, "--to-column", "into", "--offline")
    assert ran.status == 1
    assert [text.split(",")[3:5] for text in ran.out.splitlines()[1:]] == [
        ["4.48", "EUR"], ["8.40", "EUR"], ["1258", "JPY"]
    ]  # fmt: skip
    assert "line 5: ecb: publishes no XAU" in ran.err


def test_flags_of_files(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What lacks or contradicts is one line of wrong usage; a day of the environment yields to a column of days."""
    (tmp_path / "in.csv").write_text("total,currency,date\n5,USD,2020-03-02\n")
    csv = ("convert", "--csv", str(tmp_path / "in.csv"))
    full = (*csv, "--amount-column", "total", "--from-column", "currency", "--to", "EUR", "--date-column", "date")
    for line, message in (
        (csv, "--csv needs --amount-column; name the column of the amounts"),
        ((*full, "--on", "2020-03-02"), "--on and --date-column contradict each other"),
        ((*full, "5", "USD"), "--csv converts a file, and '5 USD' is not one of its options"),
        ((*full, "--format", "json"), "--csv writes CSV; leave out --format"),
        ((*full, "--base", "USDD"), "unknown currency 'USDD'"),
        ((*full, "--delimiter", "dash"), "'dash': must be one of comma, semicolon, tab, bar"),
        (("convert", "5", "USD", "EUR", "-o", "out.csv"), "--output is for a file; name it with --csv FILE"),
        (("convert", "5", "USD", "EUR", "--digits", "29"), "'29': must be a whole number from 0 to 28"),
    ):
        ran = run(*line)
        assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1), ran.err
        assert message in ran.err
    monkeypatch.setenv("RATES_ON", "2019-01-02")
    assert ",2020-03-02,0,inverse,ecb" in run(*full).out
    assert run("convert", "5", "USD", "--to", "EUR", "-q", "--digits", "4").out == "4.3871\n"
