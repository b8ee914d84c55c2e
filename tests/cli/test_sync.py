"""`rates sync` on the command line, answered by the ECB's history."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime

import pytest

from rates.errors import KeyNeeded, TimedOut
from rates.store import Store
from tests.cli.conftest import Run
from tests.cli.screen import on_screen
from tests.store.test_sync import Bank, settings_for

OFFLINE = ("sync", "--offline", "--since", "2026-10")


def test_a_first_sync_shows_what_came(run: Run) -> None:
    """A row a provider: new figures, the first day wanted, the newest; no next moment, which needs the network."""
    ran = run(*OFFLINE)
    assert (ran.status, ran.err) == (0, "")
    row = "ecb 638 0 2026-10-01 2026-10-30"
    assert " ".join(ran.out.splitlines()[2].split()) == row
    assert ran.out.splitlines()[-1].startswith("store: /")
    with Store.open() as store:
        assert store.info()[0].quotes == 638


def test_a_second_sync_sends_nothing(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """With nothing that can be new, one line says until when, and the network's part of the program is not needed."""
    run(*OFFLINE)
    monkeypatch.setitem(__import__("sys").modules, "rates.run", None)  # an import of it fails
    ran = run(*OFFLINE)
    assert (ran.status, ran.out, ran.err) == (0, "nothing can be new before: ecb Tue 2026-11-24 15:00 UTC\n", "")


def test_a_slip_of_units_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A figure far from the one before is a warning on stderr, with --quiet too, and no failure."""
    bank = Bank()
    bank.rates = {bank.last: "110"}
    settings_for(monkeypatch, bank)
    monkeypatch.setattr("rates.providers.groups.chosen", lambda text: tuple(text.split(",")))
    monkeypatch.setenv("RATES_TODAY", "2026-10-30")
    ran = run("sync", "bank", "-q")
    assert (ran.status, ran.out) == (0, "")
    assert ran.err.startswith("warning: Implausible: bank: 1 EUR = 110 USD on 2026-10-30, 100 times the 1.10 of")


@pytest.mark.parametrize("mode", ["sequential", "process", "asyncio"])
def test_any_executor_fills_the_store(run: Run, mode: str) -> None:
    """Workers fetch, in whatever mode; the process of the command stores what they return."""
    assert (
        run(*OFFLINE, "--mode", mode, "--workers", "2", "--format", "csv").out.splitlines()[1].startswith("ecb,,638,")
    )


def test_quiet_prints_nothing_when_all_is_well(run: Run) -> None:
    """For cron: no output, so no mail."""
    assert run(*OFFLINE, "-q") == (0, "", "")


def test_programs_get_a_row_for_each_base(run: Run) -> None:
    """Json has the counts, the days and the moment."""
    [row] = json.loads(run(*OFFLINE, "--format", "json").out)
    assert row == {
        "provider": "ecb", "base": None, "new": 638, "same": 0, "corrected": 0, "asked": 1, "failed": 0,
        "since": "2026-10-01", "newest": "2026-10-30", "due": "2026-11-24T15:00:00+00:00",
    }  # fmt: skip


def test_a_failure_is_said_and_is_the_status(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """What failed is on stderr with its reason, also with -q; 1 if some came, 3 if nothing did."""
    bank = Bank()
    settings_for(monkeypatch, bank)
    monkeypatch.setattr("rates.providers.groups.chosen", lambda text: tuple(text.split(",")))
    monkeypatch.setenv("RATES_TODAY", "2026-10-30")
    bank.faults[date(2026, 8, 3)] = TimedOut("took longer than 10 s")
    ran = run("sync", "bank", "--mode", "sequential", "-q")
    assert (ran.status, ran.out) == (1, "")
    assert ran.err == "rates: bank: 1 of 3 requests failed; the next sync tries again: took longer than 10 s\n"
    ran = run("sync", "bank", "--mode", "sequential")
    assert ran.status == 3
    assert "the next sync, since some failed" in ran.out


def test_one_of_a_group_that_wants_a_key_has_not_failed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is named, and is a failure only if it was named itself."""
    bank, keyed = Bank(), Bank(key="keyed")
    keyed.faults = {date(2026, 10, 1): KeyNeeded("wants a key")}
    settings_for(monkeypatch, bank, keyed)
    monkeypatch.setattr("rates.providers.groups.chosen", lambda text: ("bank", "keyed"))
    monkeypatch.setattr("rates.providers.groups.single", lambda text: frozenset(text.split(",")))
    monkeypatch.setenv("RATES_TODAY", "2026-10-30")
    ran = run("sync", "europe", "--mode", "sequential")
    assert ran.status == 0
    assert ran.err == "not asked further, since they want a key or cannot answer for days: keyed\n"
    assert run("sync", "europe", "-q")[:3] == (0, "", "")
    assert run("sync", "bank,keyed").status == 1


def test_corrections_and_cuts_are_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each correction is a line, and so is a publisher of which not all days are asked for."""
    bank = Bank(max_days=1, since=date(2020, 1, 1))
    settings_for(monkeypatch, bank)
    monkeypatch.setattr("rates.providers.groups.chosen", lambda text: tuple(text.split(",")))
    monkeypatch.setenv("RATES_TODAY", "2026-10-30")
    with Store.open() as store:
        store.put("bank", [one for one in bank_quotes(bank) if one.day < bank.last], datetime.now(UTC), "")
    bank.rates[date(2026, 10, 29)] = "1.2"
    out = run("sync", "bank").out
    assert "bank corrected 1 EUR = 1.10 USD of 2026-10-29 to 1.2\n" in out
    assert "bank was asked since 2026-06-03; for more: rates sync bank --since YEAR\n" in out


def bank_quotes(bank: Bank) -> list[object]:
    """The bank's quotes of a week."""
    from rates.model import Query

    steps = bank.steps(Query("EUR", (), date(2026, 10, 26), bank.last))
    try:
        next(steps)
    except StopIteration as end:
        return list(end.value)
    raise AssertionError("the bank needs no request")


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("--offline", "nbp"), "offline only the ECB's history answers; like: rates sync ecb --offline"),
        (("own",), "your own rates are in your file already; leave out own"),
        (("--since", "2027"), "2027-01-01 is in the future; today is 2026-11-23"),
        (("nosuch",), "'nosuch' is neither a provider nor a group"),
        (("--provider", "erapi"), "no such option: --provider"),
        (("--no-store",), "no such option: --no-store; a sync is what fills the store"),
    ],
)
def test_wrong_usage(run: Run, args: tuple[str, ...], message: str) -> None:
    """Each wrong use is one sentence."""
    ran = run("sync", *args)
    assert (ran.status, ran.out) == (2, "")
    assert message in ran.err


def test_a_chain_without_history_is_refused(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a provider that has history there is nothing to do by default."""
    monkeypatch.setenv("RATES_PROVIDER", "erapi,floatrates")
    ran = run("sync")
    assert (ran.status, ran.err) == (
        2,
        "rates: no provider of the settings has history; name one, like: rates sync ecb\n",
    )


def test_the_summary_fits_a_terminal() -> None:
    """No line is wider than 80 columns, but for the path of the store."""
    screen = on_screen(*OFFLINE)
    assert screen.status == 0
    lines = [re.sub(r"\x1b\[\d+m", "", line) for line in screen.lines]
    assert [line for line in lines if len(line) > 80 and "/" not in line] == []


def test_a_chain_with_one_that_has_no_history(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is passed over, also without loading it the next time; named, it is asked for its latest rates."""
    monkeypatch.setenv("RATES_PROVIDER", "ecb,erapi")
    monkeypatch.setenv("RATES_OFFLINE", "1")
    monkeypatch.setattr("rates.settings.schema.Settings.history_only", False)
    assert "erapi" not in run("sync", "--since", "2026-10").out
    monkeypatch.setitem(__import__("sys").modules, "rates.store.sync", None)  # an import of it fails
    assert run("sync").out == "nothing can be new before: ecb Tue 2026-11-24 15:00 UTC\n"
    monkeypatch.undo()
    with Store.open() as store:
        assert store.attempts.visits("erapi") == {}
