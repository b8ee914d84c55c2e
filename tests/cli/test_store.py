"""`rates store`: what is in it, checks, exports and pruning."""

from __future__ import annotations

import csv
import json
import re
import shlex
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from rates.cli.store import command as store_command
from rates.store import Store
from rates.store.attempts import Failure
from tests.cli.conftest import Run
from tests.cli.screen import on_screen
from tests.store.conftest import quote

NOON = datetime(2026, 10, 30, 12, tzinfo=UTC)
DIGEST = "ab" * 32
COMMANDS = sorted(store_command.commands)


@pytest.fixture
def filled() -> None:
    """A store with two providers, a correction, a period and a failure."""
    with Store.open() as store:
        store.put("bank", [quote("USD", "1.10"), quote("USD", "1.2", date(2009, 12, 31))], NOON, DIGEST)
        store.put("bank", [quote("USD", "1.11")], NOON, DIGEST)
        period = quote("USD", "1.3", date(2026, 3, 1), base="GBP", valid_to=date(2026, 3, 31))
        store.put("customs", [period], None, "")
        store.attempts.settle("bank", "", date(2009, 1, 1), date(2026, 10, 30))
        store.attempts.fail(Failure("bank", "", date(2001, 1, 1), date(2001, 12, 31), NOON, "took longer than 10 s"))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(run: Run, name: str) -> None:
    """The help of each has its purpose and examples that are valid, within 80 columns."""
    ran = run("store", name, "--help")
    assert (ran.status, max(map(len, ran.out.splitlines())) <= 80) == (0, True)
    examples = re.findall(rf"^ +(rates store {name}.*)$", ran.out[ran.out.index("Examples:") :], re.MULTILINE)
    assert examples
    for line in examples:
        words = shlex.split(re.split(r" {2,}| && | \| | > ", line)[0])[3:]
        command = store_command.commands[name]
        command.make_context(name, words)


def test_path(run: Run) -> None:
    """The path of the file; of a server its address without the password."""
    assert run("store", "path").out.endswith("/rates/rates.db\n")
    assert run("store", "path", "--store", "postgresql://me:secret@host/x").out == "postgresql://me@host/x\n"


def test_an_empty_store(run: Run) -> None:
    """Looking makes no file, and says how to fill it."""
    ran = run("store", "info")
    assert ran.status == 0
    assert "it is empty; `rates sync` fills it" in ran.out
    assert run("store", "verify").out.startswith("sound: 0 figures of no provider")
    assert run("store", "export").out.splitlines() == ["provider,base,symbol,day,valid_to,rate,revision,fetched,digest"]
    assert not Path(run("store", "path").out.strip()).exists()


def test_info(run: Run, filled: None) -> None:
    """A row for each provider; of a named one its corrections and failures."""
    lines = [" ".join(line.split()) for line in run("store", "info").out.splitlines()]
    assert lines[4:6] == [
        "bank 1 2 1 2009-12-31 2026-10-30 1 2026-10-30 12:00 UTC", "customs 1 1 0 2026-03-01 2026-03-01 0",
    ]  # fmt: skip
    assert lines[-1] == "failed days are asked for again; `rates store info bank` lists them"
    out = run("store", "info", "bank").out
    assert "corrected: 1 EUR = 1.10 USD of 2026-10-30 to 1.11\n" in out
    assert "failed: 2001-01-01 to 2001-12-31: took longer than 10 s\n" in out
    assert "customs" not in out
    rows = json.loads(run("store", "info", "--format", "json").out)
    assert (rows[0]["figures"], rows[0]["corrected"], rows[0]["failed"], rows[1]["fetched"]) == (2, 1, 1, None)


def test_info_of_a_provider_that_only_failed(run: Run) -> None:
    """A provider without figures is shown with its failures."""
    with Store.open() as store:
        store.attempts.fail(Failure("bank", "", date(2001, 1, 1), date(2001, 12, 31), NOON, "took longer than 10 s"))
    out = run("store", "info", "bank").out
    assert "failed: 2001-01-01 to 2001-12-31: took longer than 10 s\n" in out
    assert json.loads(run("store", "info", "--format", "json").out)[0]["figures"] == 0


def test_without_a_command_it_is_info(run: Run, filled: None) -> None:
    """`rates store` alone shows what is there; an unknown command is wrong usage."""
    assert run("store") == run("store", "info")
    for options in (("--format", "csv"), ("--store", "elsewhere.db")):
        assert run("store", *options) == run("store", "info", *options)
        assert run("store", *options, "verify") == run("store", "verify", *options)
    assert "no such option: --nonsense" in run("store", "--nonsense").err
    ran = run("store", "nosuch")
    assert (ran.status, ran.err) == (2, "rates: no such command 'nosuch'; see rates store --help\n")


def test_info_fits_a_terminal(filled: None) -> None:
    """No line is wider than 80 columns, but for the path of the store."""
    screen = on_screen("store", "info", "bank")
    lines = [re.sub(r"\x1b\[\d+m", "", line) for line in screen.lines]
    assert max(len(line) for line in lines[2:]) <= 80


def test_export_has_everything(run: Run, filled: None, tmp_path: Path) -> None:
    """csv, jsonl and json have every value with all digits, its revision and its answer."""
    rows = list(csv.DictReader(run("store", "export").out.splitlines()))
    assert [(row["symbol"], row["day"], row["rate"], row["revision"]) for row in rows if row["provider"] == "bank"] == [
        ("USD", "2009-12-31", "1.2", "0"), ("USD", "2026-10-30", "1.10", "0"), ("USD", "2026-10-30", "1.11", "1"),
    ]  # fmt: skip
    assert (rows[-1]["valid_to"], rows[-1]["fetched"]) == ("2026-03-31", "")
    assert (rows[0]["fetched"], rows[0]["digest"]) == ("2026-10-30T12:00:00+00:00", DIGEST)
    jsonl = [json.loads(line) for line in run("store", "export", "--format", "jsonl").out.splitlines()]
    assert json.loads(run("store", "export", "--format", "json").out) == jsonl
    assert [Decimal(row["rate"]) for row in jsonl] == [Decimal(row["rate"]) for row in rows]
    file = tmp_path / "out.csv"
    assert run("store", "export", "bank", "--since", "2026", "--until", "2026-10", "-o", str(file)).out == ""
    assert len(file.read_text().splitlines()) == 3


def test_an_export_of_nothing_is_a_whole_document(run: Run) -> None:
    """Json of an empty store is an empty list."""
    assert json.loads(run("store", "export", "--format", "json").out) == []


def test_prune_deletes_what_is_old(run: Run, filled: None) -> None:
    """Figures of days before go, with what is known of those days; the others stay, and the store is sound."""
    ran = run("store", "prune", "--before", "2010", "--yes")
    assert ran.out.startswith("deleted 1 figures; the store has ")
    with Store.open() as store:
        assert [(one.provider, one.quotes) for one in store.info()] == [("bank", 1), ("customs", 1)]
        assert store.attempts.settled("bank") == [(date(2010, 1, 1), date(2026, 10, 30))]
        assert store.attempts.failures() == []
    assert run("store", "verify").status == 0


def test_prune_deletes_a_provider(run: Run, filled: None) -> None:
    """All of one provider goes."""
    assert run("store", "prune", "bank", "--yes").out.startswith("deleted 3 figures")
    with Store.open() as store:
        assert store.providers() == ("customs",)


def test_a_sync_does_not_fetch_what_was_pruned(run: Run) -> None:
    """After a prune the days before are not wanted any more."""
    run("sync", "--offline", "--since", "2026-09")
    run("store", "prune", "--before", "2026-10", "--yes")
    run("sync", "--offline")
    with Store.open() as store:
        assert store.info()[0].first == date(2026, 10, 1)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("prune",), "nothing to delete is named; like: rates store prune --before 2010"),
        (("prune", "bank"), "this deletes the figures of bank, and there is no terminal to ask at; --yes deletes them"),
        (("info", "bnak"), "the store has nothing of 'bnak'; did you mean bank?"),
        (("export", "--format", "grid"), "the export has no format grid; take csv, jsonl or json"),
        (("export", "--format", "nope"), "the export has no format nope; take csv, jsonl or json"),
        (("export", "--since", "2026", "--until", "2025"), "--since 2026-01-01 is after --until 2025-12-31"),
    ],
)
def test_wrong_usage(run: Run, filled: None, args: tuple[str, ...], message: str) -> None:
    """Each wrong use is one sentence."""
    ran = run("store", *args)
    assert (ran.status, ran.out, ran.err) == (2, "", f"rates: {message}\n")


def test_faults_are_named(run: Run, filled: None) -> None:
    """What was changed by hand so that look-ups would miss it or fail is found."""
    import sqlite3

    path = run("store", "path").out.strip()
    connection = sqlite3.connect(path)
    connection.execute("UPDATE quote SET rate = '1,2' WHERE day = '2009-12-31'")
    connection.execute("DELETE FROM pair WHERE provider = 'customs'")
    connection.commit()
    connection.close()
    ran = run("store", "verify")
    assert ran.status == 1
    assert ran.out.splitlines() == [
        "1 figures of pairs that look-ups do not find", "bank: 1 EUR costs '1,2' USD on 2009-12-31",
    ]  # fmt: skip
    assert "has 2 faults; save its figures with `rates store export`" in ran.err
