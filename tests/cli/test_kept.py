"""`rates` beside the store: a second run asks no publisher, and without a network what is kept is shown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from rates import providers
from rates.errors import HostNotFound
from rates.fetch import single_flight
from rates.model import Query
from rates.providers import Steps
from rates.store import Store
from tests.cli.conftest import Run
from tests.fetch.publisher import facts, module, quote

MONDAY = date(2026, 11, 23)


class Bank:
    """A publisher that counts how often it is asked, and may be out of reach."""

    def __init__(self) -> None:
        self.asked, self.reached = 0, True
        self.module = module(facts("bank", published="16:00 Europe/Berlin"), self.steps)

    def steps(self, query: Query) -> Steps:
        """Two rates of the day; each call counts."""
        self.asked += 1
        if not self.reached:
            raise HostNotFound("the name bank.example does not resolve")
        yield from ()
        return [quote("EUR", "USD", "1.10", MONDAY), quote("EUR", "JPY", "176", MONDAY)]


@pytest.fixture
def bank(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bank]:
    """The only publisher of the settings' chain."""
    made, load = Bank(), providers.load
    monkeypatch.setattr(providers, "load", lambda key: made.module if key == "bank" else load(key))
    monkeypatch.setattr(providers, "choices", lambda: ("bank",))
    monkeypatch.setenv("RATES_PROVIDER", "bank")
    single_flight.forget()
    yield made
    single_flight.forget()


def test_a_second_run_asks_nobody(run: Run, bank: Bank) -> None:
    """The caption has when the rates were fetched; --fresh asks again, --no-store does not look."""
    first = run("USD")
    assert (first.status, bank.asked) == (0, 1)
    single_flight.forget()
    again = run("USD", "JPY")
    assert (again.status, bank.asked, again.err) == (0, 1, "")
    assert "bank · mid · Mon 2026-11-23 (today) · fetched just now" in again.out
    for flag in ("--fresh", "--no-store"):
        single_flight.forget()
        asked = bank.asked
        assert run("USD", flag).out == first.out
        assert bank.asked == asked + 1


def test_programs_see_where_rates_are_from(run: Run, bank: Bank) -> None:
    """Json has the source and the time of the answer."""
    run("USD")
    single_flight.forget()
    (entry,) = json.loads(run("USD", "--format", "json").out)
    assert (entry["source"], entry["offline"]) == ("store", False)
    assert entry["fetched"].endswith("+00:00")


def test_convert_uses_it_too(run: Run, bank: Bank) -> None:
    """An amount is converted with what a table has fetched, and the other way round."""
    run("USD")
    single_flight.forget()
    assert "= 16000.00 JPY" in run("100 USD JPY").out.replace("16000 JPY", "16000.00 JPY")
    assert bank.asked == 1


def test_without_a_network_what_is_kept_is_shown(run: Run, bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    """If no publisher is reached, the newest rates kept are shown with their age; the status is 1."""
    run("USD")
    single_flight.forget()
    bank.reached = False
    monkeypatch.setenv("RATES_TODAY", "2026-11-25")
    ran = run("USD")
    assert ran.status == 1
    assert "1 USD · bank · mid · Mon 2026-11-23 (2 days old) · fetched just now" in ran.out
    assert "no publisher is reached; the newest rates kept are of 2026-11-23, 2 days old" in ran.out
    assert run("USD", "--no-store").status == 3


def test_a_broken_store_fails_no_run(run: Run, bank: Bank, tmp_path: Path) -> None:
    """A store that cannot be used is named in a line; the publishers are asked all the same."""
    file = tmp_path / "rates.db"
    file.write_text("no database, but text of some length, as another program may have left it there" * 9)
    ran = run("USD", "--store", str(file))
    assert (ran.status, bank.asked) == (0, 1)
    assert f"{file} is not a store of rates" in ran.err


def test_a_day_without_a_network(run: Run, bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is kept serves a day that is asked for, too, where the rest of the chain has the latest rates alone."""
    load, late = providers.load, module(facts("late", answers=("latest",)), bank.steps)
    monkeypatch.setattr(providers, "load", lambda key: late if key == "late" else load(key))
    monkeypatch.setattr(providers, "choices", lambda: ("bank", "late"))
    monkeypatch.setenv("RATES_PROVIDER", "bank,late")
    run("USD")
    single_flight.forget()
    bank.reached = False
    monkeypatch.setenv("RATES_TODAY", "2026-11-25")
    ran = run("USD", "--on", "2026-11-24")
    assert ran.status == 1
    assert "no publisher is reached; the newest rates kept up to 2026-11-24 are of 2026-11-23" in ran.out


def test_a_broken_store_without_a_network(run: Run, bank: Bank, tmp_path: Path) -> None:
    """It is named once, and the failure of the publishers beside it."""
    file = tmp_path / "rates.db"
    file.write_text("no database, but text of some length, as another program may have left it there" * 9)
    bank.reached = False
    ran = run("USD", "--store", str(file))
    assert ran.status == 3
    assert ran.err.count("is not a store of rates") == 1
    assert "bank: the name bank.example does not resolve" in ran.err


def test_a_recording_needs_the_publisher(run: Run, bank: Bank, tmp_path: Path) -> None:
    """With --record it is asked, also where the store could answer: else there were nothing to record."""
    run("USD")
    for line in (("USD",), ("convert", "1", "USD", "EUR")):
        single_flight.forget()
        asked = bank.asked
        assert run(*line, "--record", str(tmp_path)).status == 0
        assert bank.asked == asked + 1


def test_a_group_is_kept(run: Run, bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    """What each publisher of a group gave is kept as its own answer."""
    run("USD", "--from", "bank")
    single_flight.forget()
    assert run("USD").status == 0
    assert bank.asked == 1


def test_offline_runs_keep_nothing(run: Run, bank: Bank) -> None:
    """Rates of the history or of a recording are not kept as if they were a publisher's answer."""
    assert run("USD", "--offline", "--provider", "ecb").status == 0
    assert run("USD", "--offline", "--provider", "ecb", "--mode", "sequential").status == 0
    assert Store.open().providers() == ()


def test_a_figure_far_from_the_last_kept_is_a_warning(run: Run, bank: Bank) -> None:
    """The command says so on stderr, beside the table."""
    with Store.open() as store:
        store.put("bank", [quote("EUR", "JPY", "1.75", date(2026, 11, 20))], None, "")
    ran = run("EUR")
    assert ran.status == 0
    assert "warning: Implausible: bank: 1 EUR = 176 JPY on 2026-11-23, 100 times the 1.75 of 2026-11-20" in ran.err
