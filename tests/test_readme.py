"""What README.md shows is what the package does."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import ModuleType

import pytest

import rates
from rates.cli import main
from rates.fetch import run_provider
from rates.model import Query, Reply, Request
from tests.cli.test_help import parsed
from tests.faults.faults import FAULTS

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
DAY = "2026-11-23"
BLOCKS = [(kind, body) for kind, body in re.findall(r"^```(\w+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)]


def _blocks(kind: str) -> list[str]:
    return [body for found, body in BLOCKS if found == kind]


CONSOLE = [block.split("\n", 1) for block in _blocks("console")]
PRINTED = [(line, shown) for line, shown in CONSOLE if not line.startswith("$ rates compare")]
PYTHON = _blocks("python")
SCRIPTS = [block for block in PYTHON if "PROVIDER" not in block]
COMMANDS = [line for block in _blocks("bash") for line in block.splitlines() if line.startswith("rates")]


def test_there_is_something_to_test() -> None:
    """The README has the blocks that the tests below look for."""
    assert f"As printed on {DAY}:" in README
    assert (len(PRINTED), len(SCRIPTS), len(PYTHON)) == (3, 2, 3)
    assert len(README.splitlines()) <= 150
    assert len(COMMANDS) >= 10


@pytest.mark.parametrize(("line", "shown"), PRINTED, ids=[line for line, _ in PRINTED])
def test_printed_as_shown(
    line: str, shown: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the README shows of a command is, letter by letter, what it prints on that day."""
    monkeypatch.setenv("RATES_TODAY", DAY)
    assert main(shlex.split(line)[2:]) == 0
    assert capsys.readouterr().out == shown


@pytest.mark.parametrize("line", COMMANDS)
def test_commands_are_understood(line: str) -> None:
    """Every command line of the README has commands, options and values that exist."""
    parsed(tuple(shlex.split(line, comments=True)[1:]))


def test_options_named_in_the_text() -> None:
    """Every option that the text names is one of a command of ours."""
    from importlib import import_module

    from rates.cli import COMMANDS as NAMES

    known = {
        option for name in NAMES for param in import_module(f"rates.cli.{name}").command.params for option in param.opts
    }
    prose = re.sub(r"^```.*?^```$", "", README, flags=re.MULTILINE | re.DOTALL)
    for quoted in re.findall(r"`([^`]*)`", prose):
        assert {word for word in quoted.split() if word.startswith("--")} <= known | {"--help", "--version"}


def test_promises_name_their_tests() -> None:
    """Each promise of the section on reliability names files of tests that exist, and the number of faults."""
    (section,) = re.findall(r"^## Reliability.*?\n\n(.*?)\n\n", README, re.MULTILINE | re.DOTALL)
    promises = section.splitlines()
    assert len(promises) == 5
    assert f" {len(FAULTS)} faults " in promises[0]
    for promise in promises:
        named = re.findall(r"`(tests/\w+/test_\w+\.py)`", promise)
        assert named
        assert all((ROOT / name).is_file() for name in named)


@pytest.mark.parametrize("block", SCRIPTS, ids=["seed", "library"])
def test_scripts_run(block: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The seed and the library in ten lines run as they stand, without a network."""
    monkeypatch.setenv("RATES_OFFLINE", "1")
    monkeypatch.setenv("RATES_TODAY", DAY)
    file = tmp_path / "script.py"
    file.write_text(block, encoding="utf-8")
    done = subprocess.run([sys.executable, str(file)], capture_output=True, text=True, check=False, timeout=300)
    assert (done.returncode, done.stderr) == (0, "")
    if "fetch_all(" in block:
        first, amount, *rest = done.stdout.splitlines()
        assert first.startswith("0.8991188635")  # 1 / 1.1122, the ECB's dollar of 2020-03-02
        assert first.endswith("2020-03-02 ecb inverse")
        assert amount == "91.05"  # 99.95 / 1.0977, the dollar of 2020-02-28, a Friday
        assert [line.split()[0] for line in rest] == ["USD", "EUR", "XAF"]
        assert rest[1] == "EUR 0.9194"
        assert rest[2].startswith("XAF ecb: publishes no XAF")
        assert "offline there is only the ECB's history" in rest[2]
    else:
        assert done.stdout.count("Fri 2026-10-30 (24 days old)") == len(rates.BASES)


def test_provider_example() -> None:
    """The provider that the README adds is one, and its answer becomes quotes."""
    (block,) = (body for body in PYTHON if "PROVIDER" in body)
    module = ModuleType("utopia")
    exec(compile(block, "README.md", "exec"), module.__dict__)
    for label in ("Publishes:", "Quoted:", "Answer:", "Source:"):
        assert f"\n{label}" in (module.__doc__ or "")
    asked: list[Request] = []

    def send(request: Request) -> Reply:
        asked.append(request)
        rows = ('"code": "EUR", "rate": 1.250', '"code": "USD", "rate": "1.1"')
        listed = ", ".join(f'{{{row}, "date": "2026-11-20"}}' for row in rows)
        return Reply(200, f'{{"rates": [{listed}]}}'.encode())

    quotes = run_provider(module, Query("UTO", today=date(2026, 11, 23)), send)  # type: ignore[arg-type]
    assert [request.url for request in asked] == ["https://bank.example/rates.json"]
    assert {quote.base: quote.rate for quote in quotes} == {"EUR": Decimal("1.250"), "USD": Decimal("1.1")}
    assert {(quote.symbol, quote.day) for quote in quotes} == {("UTO", date(2026, 11, 20))}


# What users write, with what type checkers must know of it: mypy narrows an outcome by `ok`, pyright by `table`.
TYPED = """
from __future__ import annotations
from datetime import date
from decimal import Decimal
from rates import Outcome, Settings, aio, attempt, fetch_all, fetch_many, fetch_range, fetch_rates

settings = Settings(provider="ecb", on="2020-03-02", timeout="5s").with_values(symbols=["EUR"], on=date(2020, 3, 2))
base, rates = fetch_rates("USD", settings, offline=True)
found: tuple[Decimal, str] = rates["EUR"], rates.how("EUR")

def first(outcome: Outcome) -> Decimal:
    if not outcome.ok:
        raise outcome.error
    return outcome.table["EUR"]

def second(outcome: Outcome) -> Decimal | str:
    return outcome.table["EUR"] if outcome.table is not None else outcome.error.detail

outcomes: list[Outcome] = [attempt("USD", pegs=True), *fetch_all(["USD"], workers=3), *fetch_many("USD", mode="dummy")]
days: list[date] = [table.day for table in fetch_range("USD", "2020-03-02", date(2020, 3, 6), symbols="EUR")]

async def main() -> None:
    async for outcome in aio.fetch_all(["USD"], mode="async", provider=["ecb"]):
        first(outcome)
"""
WRONG = """
from rates import Settings, fetch_rates
fetch_rates("USD", provder="ecb")
fetch_rates("USD", on=5)
fetch_rates("USD").table
Settings(timeout=[])
"""


def test_typed(tmp_path: Path) -> None:
    """Every Python block of the README is strictly typed, and so is what users write beside; mistakes are found."""
    for number, block in enumerate([*PYTHON, TYPED]):
        (tmp_path / f"block_{number}.py").write_text(block, encoding="utf-8")
    (tmp_path / "wrong.py").write_text(WRONG, encoding="utf-8")
    checked = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--cache-dir", str(tmp_path), str(tmp_path)]
    done = subprocess.run(checked, capture_output=True, text=True, check=False, timeout=300)
    lines = [line for line in done.stdout.splitlines() if ": error:" in line]
    found = [line.partition("wrong.py:")[2].partition(":")[0] for line in lines]
    assert found == ["3", "4", "5", "6"], done.stdout + done.stderr


@pytest.mark.parametrize("block", PYTHON)
def test_imported_names_exist(block: str) -> None:
    """What the README imports from us is there, and from `rates` itself it is public."""
    compile(block, "README.md", "exec")
    for home, names in re.findall(r"^from (rates[\w.]*) import (.+)$", block, re.MULTILINE):
        module = __import__(home, fromlist=["*"])
        for name in names.split(", "):
            assert hasattr(module, name)
            assert home != "rates" or name in rates.__all__ or name == "aio"


def test_named_functions_exist() -> None:
    """Functions and names that the text puts in code are public."""
    for name in re.findall(r"`(fetch_\w+|present_result|open_executor|dispatch|attempt)\(", README):
        assert name in rates.__all__
