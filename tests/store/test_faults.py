"""What goes wrong with a file: nothing stored is lost, the next run continues, and a sentence says what to do."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rates.errors import StoreError
from rates.store import Store, schema, sqlite
from rates.store.postgres import Postgres
from tests.store.conftest import DAY, quote
from tests.store.test_sync import START, TODAY, Bank, days_of, run, settings_for, working_days

NOON = datetime(2026, 10, 30, 12, tzinfo=UTC)
NOBODY = 65534
ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def path(tmp_path: Path) -> str:
    """Where the file of a store can be."""
    return str(tmp_path / "rates.db")


@pytest.fixture
def filled(path: str) -> str:
    """The path of a store with one figure."""
    with Store.open(path) as store:
        store.put("bank", [quote("USD", "1.10")], NOON, "ab")
    return path


def figures(path: str) -> list[str]:
    """All rates in a store, which must be sound."""
    with Store.open(path) as store:
        assert store.verify() == []
        return [str(one.stored.quote.rate) for key in store.providers() for one in store.export(key)]


@contextmanager
def program(*args: str, lines: int) -> Iterator[None]:
    """Runs a program of `killed` until it has written so many lines; after the block it is killed."""
    child = subprocess.Popen([sys.executable, "-m", "tests.store.killed", *args], stdout=subprocess.PIPE, cwd=ROOT)
    assert child.stdout is not None
    try:
        for _ in range(lines):
            assert child.stdout.readline() != b""
        yield
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()


@pytest.mark.parametrize("lines", [1, 7, 40])
def test_a_sync_that_is_killed_is_continued(path: str, lines: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was stored before `kill -9` is there, and the next sync fetches the rest alone."""
    with program("sync", path, lines=lines):
        pass
    bank = Bank(max_days=2)
    with Store.open(path) as store:
        assert store.verify() == []
        before = days_of(store)
        assert len(before) >= lines  # two days a piece, most of them working days
        run(store, settings_for(monkeypatch, bank))
        assert days_of(store) == working_days(START, TODAY)
    assert len(bank.asked) <= 75 - lines


def test_a_transaction_that_is_killed_leaves_nothing(filled: str) -> None:
    """Nothing of it is there, and what it left beside the file stops no later reader or writer."""
    with program("transaction", filled, lines=1):
        assert figures(filled) == ["1.10"]  # a reader does not wait, and sees what was there before
    assert os.path.getsize(f"{filled}-wal") > 0
    assert figures(filled) == ["1.10"]
    with Store.open(filled) as store:
        assert store.put("bank", [quote("CHF", "0.9")], NOON, "").new == 1
    assert figures(filled) == ["0.9", "1.10"]


def test_the_lock_of_a_killed_sync_is_free(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sync that was killed does not keep the next one waiting."""
    with program("lock", path, lines=1):
        pass
    assert os.path.exists(f"{path}.lock")
    with Store.open(path) as store:
        done = run(store, settings_for(monkeypatch, Bank()), waiting=lambda: pytest.fail("waits"))
        assert done.errors == []


def test_a_second_program_waits_and_says_so(path: str) -> None:
    """`rates sync` beside another one says that it waits, and goes on when the other has ended."""
    environ = {**os.environ, "RATES_TODAY": "2026-11-23", "RATES_STORE": path}
    command = [sys.executable, "-m", "rates", "sync", "--offline", "--since", "2026-10"]
    with program("lock", path, lines=1):
        second = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environ)
        assert second.stderr is not None
        assert second.stderr.readline().startswith("rates: another `rates sync` is filling this store; waiting")
    out, _ = second.communicate(timeout=60)
    assert second.returncode == 0
    assert "638" in out


def test_another_writer_is_waited_for_and_then_named(filled: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A writer that does not end is named, after the time that writers wait."""
    monkeypatch.setattr(sqlite, "BUSY_S", 0.01)
    with program("transaction", filled, lines=1), Store.open(filled) as store:
        with pytest.raises(StoreError, match=r"another program has been writing to the store .*rates\.db"):
            store.put("bank", [quote("CHF", "0.9")], NOON, "")
        assert len(list(store.between("bank", (), DAY, DAY))) == 1


def test_programs_make_the_same_store_at_the_same_time(place: str) -> None:
    """Each finds or makes the tables, and all figures are there."""
    command = [sys.executable, "-m", "tests.store.killed", "make", place]
    makers = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT) for _ in range(4)]
    for maker in makers:
        assert maker.stdin is not None
        maker.stdin.close()
    for maker in makers:
        assert maker.stdout is not None
        assert maker.stdout.read() == b"made\n"
        maker.stdout.close()
        assert maker.wait() == 0
    assert figures(place) == ["1.1"] * 4


def test_a_program_that_waits_for_the_tables_finds_them(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that found none, and waits until another has made them, does not make them again."""
    make, waiting = Postgres._migrate, ThreadPoolExecutor(1)
    second: list[Future[Postgres]] = []

    def migrate(database: Postgres, since: int) -> None:
        if not second:
            second.append(waiting.submit(Postgres, postgres_url))
            while database.rows("SELECT 1 FROM pg_locks WHERE NOT granted") == []:
                assert not second[0].done()
        make(database, since)

    monkeypatch.setattr(Postgres, "_migrate", migrate)
    with waiting:
        Postgres(postgres_url).close()
        second[0].result().close()


# --- no room ---------------------------------------------------------------------------------------------------------


def synced(path: str, *more: str, limit: int | None = None) -> subprocess.CompletedProcess[str]:
    """`rates sync` of the ECB's history in a process of its own, which may write files of `limit` bytes at most."""

    def confine() -> None:
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    environ = {**os.environ, "RATES_TODAY": "2026-11-23", "RATES_STORE": path}
    return subprocess.run(
        [sys.executable, "-m", "rates", "sync", "--offline", *more], capture_output=True, text=True, env=environ,
        preexec_fn=confine, timeout=60, check=False,
    )  # fmt: skip


def test_no_room_for_more(path: str) -> None:
    """Where the file may not grow the sync ends with a sentence, keeps what it has, and continues when it may."""
    assert synced(path, "--since", "2026-10").returncode == 0
    before = figures(path)
    ended = synced(path, "--since", "2015", limit=200_000)
    assert (ended.returncode, ended.stdout) == (3, "")
    assert ended.stderr.startswith(f"rates: the store {path} cannot be read or written: ")
    assert "what was stored before is kept" in ended.stderr
    assert figures(path) == before
    assert synced(path, "--since", "2025").returncode == 0
    assert len(figures(path)) > 5000


@pytest.fixture
def small_disk() -> Iterator[str]:
    """A disk of one megabyte."""
    folder = tempfile.mkdtemp()
    mounted = os.getuid() == 0 and shutil.which("mount") is not None
    mounted = mounted and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], stderr=subprocess.DEVNULL, check=False
    ).returncode == 0  # fmt: skip
    try:
        if not mounted:
            pytest.skip("no file system can be mounted here")
        yield folder
    finally:
        if mounted:
            subprocess.run(["umount", folder], check=True)
        os.rmdir(folder)


def test_a_full_disk(small_disk: str) -> None:
    """On a full disk the sync says so, what was there stays readable, and with room the next one goes on."""
    path = f"{small_disk}/rates.db"
    assert synced(path, "--since", "2026-10").returncode == 0
    before = figures(path)
    ended = synced(path, "--since", "2015")
    assert ended.returncode == 3
    assert "make room and run it again; what was stored before is kept" in ended.stderr
    assert figures(path) == before
    assert synced(path, "--since", "2026-08").returncode == 0
    assert len(figures(path)) > len(before)


# --- no store --------------------------------------------------------------------------------------------------------


def refusal(path: str) -> str:
    """The sentence with which a store is refused, for reading and for writing."""
    with Store.open(path) as store:
        with pytest.raises(StoreError) as reading:
            store.providers()
        with pytest.raises(StoreError) as writing:
            store.put("bank", [quote("USD", "1.1")], NOON, "")
    assert str(reading.value) == str(writing.value)
    return str(reading.value)


def test_a_file_that_is_no_database(path: str) -> None:
    """Another kind of file is not touched."""
    text = "Date,USD\n2026-10-30,1.1172\n" * 100
    Path(path).write_text(text)
    assert refusal(path) == f"{path} is not a store of rates; name another file with --store"
    assert Path(path).read_text() == text


def test_a_database_of_another_program(path: str) -> None:
    """Another program's database is not touched, whatever its version is."""
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE quote (price REAL)")
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    assert refusal(path) == f"{path} is a database of another program; name another file with --store"


def test_a_folder(tmp_path: Path) -> None:
    """A folder cannot be a store."""
    assert refusal(str(tmp_path)).startswith(f"the store {tmp_path} cannot be opened: it is a folder")


def test_a_damaged_file(filled: str) -> None:
    """A check finds the damage, and a look-up that meets it says so in a sentence."""
    days = [DAY - timedelta(days=count) for count in range(2000)]
    with Store.open(filled) as store:
        store.put("bank", [quote("USD", "1.25", day) for day in days], NOON, "")
    size = os.path.getsize(filled)
    with open(filled, "r+b") as file:
        file.seek(size // 2)
        file.write(b"\xff" * (size // 4))
    with Store.open(filled) as store:
        assert store.verify() != []
        with pytest.raises(StoreError, match=r"is damaged .*; `rates store export` prints what can be read"):
            list(store.between("bank", (), days[-1], DAY))


def test_an_empty_file_is_a_new_store(path: str) -> None:
    """What is left when a program is killed as it makes the file is taken for a new one."""
    Path(path).touch()
    assert figures(path) == []
    with Store.open(path) as store:
        store.put("bank", [quote("USD", "1.1")], NOON, "")
    assert figures(path) == ["1.1"]


# --- versions --------------------------------------------------------------------------------------------------------


def test_a_newer_store_is_refused(filled: str) -> None:
    """An older program does not touch what a newer one has written."""
    with sqlite3.connect(filled) as connection:
        connection.execute(f"PRAGMA user_version = {schema.VERSION + 5}")
    connection.close()
    sentence = refusal(filled)
    assert sentence.startswith(f"the store {filled} was written by a newer rates: its version is {schema.VERSION + 5}")
    assert sentence.endswith("upgrade fetch-rates, or name another store with --store")


def test_an_older_store_is_brought_up_to_date(path: str) -> None:
    """A file of the first version, which had no attempts, keeps its figures and gets the new tables."""
    with sqlite3.connect(path) as connection:
        for statement in schema.statements(sqlite.TYPES, 0, schema.STEPS[:1]):
            connection.execute(statement)
        connection.execute("INSERT INTO answer VALUES (1, 'bank', '2026-10-30T12:00:00+00:00', 'ab')")
        connection.execute("INSERT INTO quote VALUES ('bank', 'EUR', 'USD', '2026-10-30', 0, '1.10', NULL, 1)")
        connection.execute("INSERT INTO pair VALUES ('bank', 'EUR', 'USD', 0)")
        connection.execute(f"PRAGMA application_id = {sqlite.APPLICATION}")
        connection.execute("PRAGMA user_version = 1")
    connection.close()
    assert figures(path) == ["1.10"]
    with Store.open(path) as store:
        store.attempts.settle("bank", "", DAY, DAY)
        assert store.attempts.state("bank", DAY) == "published"


def test_a_server_has_versions_too(postgres_url: str) -> None:
    """An older version on a server is brought up to date, a newer one refused."""
    import psycopg

    with Store.open(postgres_url) as store:
        store.put("bank", [quote("USD", "1.10")], NOON, "ab")
    with psycopg.connect(postgres_url) as connection:
        connection.execute("DROP TABLE rates.settled, rates.failed, rates.visit, rates.answered")
        connection.execute("UPDATE rates.version SET number = 1")
    assert figures(postgres_url) == ["1.10"]
    with psycopg.connect(postgres_url) as connection:
        connection.execute("UPDATE rates.version SET number = 99")
    assert "was written by a newer rates: its version is 99" in refusal(postgres_url)


# --- no permission ---------------------------------------------------------------------------------------------------


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder that every user can enter, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


@contextmanager
def as_nobody() -> Iterator[None]:
    """Without the rights of root, to whom no folder is read-only."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(user)


def test_a_read_only_folder(shared: Path) -> None:
    """What is in it can be read; writing says that it cannot be written, and what to do."""
    path = str(shared / "rates.db")
    with Store.open(path) as store:
        store.put("bank", [quote("USD", "1.10")], NOON, "ab")
    os.chmod(path, 0o444)
    shared.chmod(0o555)
    with as_nobody():
        assert figures(path) == ["1.10"]
        with Store.open(path) as store, pytest.raises(StoreError) as error:
            store.put("bank", [quote("CHF", "0.9")], NOON, "")
        with Store.open(str(shared / "new" / "rates.db")) as store, pytest.raises(StoreError) as making:
            store.put("bank", [quote("CHF", "0.9")], NOON, "")
    sentence = f"the store {path} cannot be written: the folder {shared} is read-only; allow it, or name another file"
    assert str(error.value) == f"{sentence} with --store"
    assert str(making.value).startswith(f"the folder {shared}/new of the store cannot be made: Permission denied")


def test_a_file_without_permission(shared: Path) -> None:
    """A file that cannot even be read is named."""
    path = str(shared / "rates.db")
    with Store.open(path) as store:
        store.put("bank", [quote("USD", "1.10")], NOON, "ab")
    os.chmod(path, 0)
    with as_nobody():
        assert "the file may not be read" in refusal(path)


# --- no server -------------------------------------------------------------------------------------------------------


def test_no_server(tmp_path: Path) -> None:
    """A server that does not answer is named without the password, with what to look at."""
    pytest.importorskip("psycopg")
    sentence = refusal(f"postgresql://me:secret@/name?host={tmp_path}")
    assert sentence.startswith(f"the store postgresql://me@/name?host={tmp_path} is not reached: ")
    assert sentence.endswith("is the server running, and is the URL right?")
    assert "secret" not in sentence


def test_no_message_has_the_password() -> None:
    """Neither a wrong URL, nor one that the client cannot read, nor the settings' repr show a password."""
    from rates.errors import SettingsError, UsageError
    from rates.settings import Settings

    wrong = "mysql://me:secret@host/name?password=secret"
    with pytest.raises(SettingsError) as error:
        Settings(store=wrong)
    assert "mysql://me@host/name?password=…" in str(error.value)
    assert "secret" not in f"{error.value}{Settings(store='postgresql://me:secret@host/name')}"
    pytest.importorskip("psycopg")
    with Store.open("postgresql://me:secret@[::1/name") as store, pytest.raises((StoreError, UsageError)) as unread:
        store.providers()
    assert "secret" not in f"{unread.value}{store.place}{store!r}"


def test_without_psycopg(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra, what to install."""
    from rates.errors import UsageError

    monkeypatch.setitem(sys.modules, "psycopg", None)
    with Store.open("postgresql://host/name") as store, pytest.raises(UsageError, match=r"fetch-rates\[postgres\]"):
        store.providers()


def test_a_server_that_goes_away_is_found_again(postgres_url: str) -> None:
    """A connection that the server has ended is named; the next use opens another."""
    import psycopg

    with Store.open(postgres_url) as store:
        store.put("bank", [quote("USD", "1.10")], NOON, "ab")
        with psycopg.connect(postgres_url) as connection:
            connection.execute(
                """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                   WHERE pid <> pg_backend_pid() AND datname = current_database()"""
            )
        assert store.providers() == ("bank",)  # a reader connects again by itself
        with pytest.raises(StoreError, match="is not reached"):
            store.put("bank", [quote("CHF", "0.9")], NOON, "")
        assert store.put("bank", [quote("CHF", "0.9")], NOON, "").new == 1
