from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from rates.cli import main
from rates.fetch import attempt
from rates.model import Outcome
from rates.settings import FORMATS, Settings
from tests.cli.conftest import Run


def test_one_base_is_a_table(run: Run) -> None:
    """One base gives a table that names publisher, day and age, and where offline rates are from."""
    ran = run("--offline", "usd")
    assert ran.status == 0
    assert ran.out.startswith(
        "1 USD · ecb · reference · Fri 2026-10-30 (24 days old)\n"
        "offline: the ECB's history in this package, which ends on 2026-10-30\n"
    )
    assert "JPY       157.25\n" in ran.out
    assert ran.err == ""


def test_a_service_offline_is_simulated(run: Run) -> None:
    """A service named offline has the ECB's figures, with how and from how many digits each was derived."""
    args = ("USD", "--offline", "--provider", "erapi")
    assert run(*args).out.startswith("1 USD · erapi, simulated from ECB reference rates · Fri 2026-10-30\noffline: ")
    (found,) = json.loads(run(*args, "--format", "json").out, parse_float=str)
    assert (found["provider"], found["rate_type"]) == ("erapi", "reference")
    assert (found["offline"], found["source"], found["simulated"]) == (True, "ecb-history", None)
    assert found["figures"]["EUR"] == {"day": "2026-10-30", "how": "inverse", "digits": 5}
    assert found["figures"]["GBP"] == {"day": "2026-10-30", "how": "cross", "digits": 4}
    (own,) = json.loads(run("USD", "--offline", "--format", "json").out, parse_float=str)
    assert (own["rates"], own["figures"]) == (found["rates"], found["figures"])


def test_no_digits_that_are_not_there(run: Run) -> None:
    """More digits are shown only of figures that have them."""
    out = run("USD", "--offline", "--digits", "10").out
    assert [line.split() for line in out.splitlines()[-4:-2]] == [["EUR", "0.89509"], ["GBP", "0.7463"]]


def test_a_recording_beside_the_history(run: Run, tape: str) -> None:
    """With both, each table says whether a recording or the history has answered."""
    args = ("EUR", "SEK", "--offline", "--replay", tape, "--provider", "frankfurter", "--format", "json")
    found = json.loads(run(*args).out)
    assert [row["source"] for row in found] == ["recording", "ecb-history"]


@pytest.mark.parametrize("args", [("usd", "eur"), ("USD,eur",), ("show", "USD", "EUR", "usd,"), ("USD", "EUR", "USD")])
def test_bases_in_any_way(run: Run, args: tuple[str, ...]) -> None:
    """Codes in any case, with or without commas, `show` and repetitions: the same matrix."""
    ran = run(*args, "--offline")
    lines = [line for line in ran.out.splitlines() if line.startswith("1 ")]
    assert ran.status == 0
    assert [line.split()[1] for line in lines] == ["USD", "EUR"]


def test_no_base_shows_the_settings(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a base, those of the settings are shown."""
    monkeypatch.setenv("RATES_BASES", "SEK NOK")
    assert [row["base"] for row in json.loads(run("--offline", "--format", "json").out)] == ["SEK", "NOK"]


@pytest.mark.parametrize("mode", ["sequential", "thread"])
@pytest.mark.parametrize("via", ["map", "submit"])
def test_order_is_that_of_the_bases(run: Run, mode: str, via: str) -> None:
    """In every mode, by map and by submit, the bases are in the order in which they were named."""
    bases = ["JPY", "USD", "SEK", "EUR", "CHF"]
    ran = run(*bases, "--offline", "--mode", mode, "--via", via, "--workers", "3", "--format", "jsonl")
    assert [json.loads(line)["base"] for line in ran.out.splitlines()] == bases


def test_processes(run: Run) -> None:
    """Worker processes give the same as threads."""
    args = ("--offline", "USD", "EUR", "GBP", "--format", "csv")
    assert run(*args, "--mode", "process", "--workers", "2").out == run(*args).out


@pytest.mark.parametrize("fmt", [fmt for fmt in FORMATS if fmt != "parquet"])
def test_every_format(run: Run, fmt: str) -> None:
    """Every format has the rates of the base that was fetched; status 1 means that the other failed."""
    ran = run("--offline", "USD", "BTN", "--format", fmt)
    assert ran.status == 1
    assert ("146400, 931" if fmt == "gnucash" else "157.25") in ran.out
    assert "BTN" in ran.out + ran.err


def test_parquet(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """Parquet has the lines of csv, as bytes on standard output."""
    files = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
    assert main(["--offline", "USD", "BTN", "--symbols", "JPY,EUR", "--format", "parquet"]) == 1
    out, err = capfdbinary.readouterr()
    first, second = files.read_table(io.BytesIO(out)).to_pylist()
    assert (first["symbol"], second["symbol"], first["day"]) == ("JPY", "EUR", date(2026, 10, 30))
    assert first["rate"] == Decimal("157.2502685284640171858216971")
    assert b"BTN" in err


@pytest.mark.parametrize("fmt", ["json", "jsonl", "csv"])
def test_programs_get_only_data(run: Run, fmt: str) -> None:
    """In a format for programs stdout can be parsed, and failures are on stderr."""
    ran = run("--offline", "USD", "BTN", "--format", fmt)
    if fmt == "csv":
        assert {row["base"] for row in csv.DictReader(io.StringIO(ran.out))} == {"USD"}
    else:
        rows = json.loads(ran.out) if fmt == "json" else [json.loads(line) for line in ran.out.splitlines()]
        assert [row["base"] for row in rows] == ["USD", "BTN"]
        assert rows[1]["error"]["name"] == "Unsupported"
    assert "BTN  Unsupported" in ran.err


def test_all_symbols(run: Run) -> None:
    """`--symbols all` shows everything that the publisher has."""
    rows = list(csv.DictReader(io.StringIO(run("--offline", "EUR", "--symbols", "all", "--format", "csv").out)))
    assert len(rows) == 30
    assert {"IDR", "ZAR", "EUR"} <= {row["symbol"] for row in rows}


def test_hundreds_of_bases(run: Run) -> None:
    """Hundreds of bases are all in the output, fetched or failed."""
    from rates.currencies import codes

    ran = run(*sorted(codes()), "--offline", "--format", "jsonl", "--provider", "ecb", "--workers", "32")
    assert ran.status == 1
    assert [json.loads(line)["base"] for line in ran.out.splitlines()] == sorted(codes())


@pytest.mark.parametrize(
    ("args", "status", "message"),
    [
        (("BTN",), 3, "ecb: publishes no BTN; it has AUD, BRL"),
        (("USD", "--on", "1998-12-31"), 3, "ecb: has no rates of 1998-12-31; its first are of 1999-01-04"),
        (
            ("USD", "--on", "2026-11-22"),
            3,
            "has nothing for 2026-11-22; the ECB's history in this package ends on",
        ),
        (("USD", "--on", "2026-11-24"), 3, "has nothing for 2026-11-24; the ECB's history in this package ends on"),
        (("EUR", "--symbols", "CUC"), 3, "has no CUC for EUR on 2026-10-30; CUC was replaced by CUP on 2021-06-30"),
        (("CUC",), 3, "CUC was replaced by CUP on 2021-06-30, at no fixed ratio; ask for CUP, or for a day before"),
        (("EUR", "--symbols", "HRK"), 0, "1 EUR = 7.53450 HRK, irrevocably since 2023-01-01"),
        (("HRK",), 0, "1 EUR = 7.53450 HRK, irrevocably since 2023-01-01"),
        (("USD", "--provider", "nbp"), 3, "record it with: rates --record DIR USD --provider nbp"),
        (("USD", "--provider", "tcmb"), 3, "TCMB_API_KEY"),
        (("USD", "--on", "2020-03-01"), 0, "asked for 2020-03-01, a Sunday: these are the newest rates up to then"),
        (("HRK", "--on", "2020-03-02"), 0, "1 HRK · ecb · reference · Mon 2020-03-02\n"),
    ],
)
def test_reasons_for_missing_rates(run: Run, args: tuple[str, ...], status: int, message: str) -> None:
    """The output says why a base, symbol or day is missing; the status says whether some or all are.

    Why there is no table stands on standard error, remarks about a table with it.
    """
    ran = run("--offline", *args)
    assert ran.status == status
    assert message in (ran.err if status else ran.out)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("usdd",), "unknown currency 'usdd'; did you mean USD"),
        (("",), "unknown currency ''; list them with: rates currencies"),
        ((",",), "unknown currency ''"),
        (("usdé",), "unknown currency 'usdé'; did you mean USD?"),
        (("\udcff",), "unknown currency '\\udcff'"),
        (("\x1b[31m",), "unknown currency '\\x1b[31m'"),
        (("comvert",), "did you mean convert? (a command)"),
        (("--offline", "show"), "'show' is a command; commands come first: rates show …"),
        (("help",), "try rates --help"),
        (("--on", "2026-11-25"), "2026-11-25 is in the future; today is 2026-11-23"),
        (("--on", "2026-13-01"), "not a day of the calendar"),
        (("--on", "soon"), "must be a day like 2026-10-30, or today, yesterday, -3d"),
        (("USD", "2020-Q1"), "'2020-Q1' is not a currency; a day is given by --on 2020-Q1"),
        (("--on", "2020-03"), "is a month, and one day is wanted, like 2020-03-01 or 2020-03-31"),
        (("USD", "2020-03-02"), "'2020-03-02' is not a currency; a day is given by --on 2020-03-02"),
        (("USD", "100"), "'100' is not a currency; an amount comes first: rates convert 100 …"),
        (("EUR/USD", "--symbols", "JPY"), "a pair names its symbol already; leave out --symbols"),
        (("--mode", "thred"), "'thred': did you mean thread?"),
        (("--via", "sumbit"), "did you mean submit?"),
        (("--format", "jsn"), "'jsn': did you mean json"),
        (("--layout", "matrx"), "did you mean matrix?"),
        (("--start-method", "fok"), "did you mean fork"),
        (("--provider", "nbpp"), "unknown provider 'nbpp'; did you mean nbp?"),
        (("--provider", "ecb,xxxxxxx"), "unknown provider 'xxxxxxx'; list them with: rates providers"),
        (("--symbols", "USDD"), "unknown currency 'USDD'; did you mean USD"),
        (("--workers", "0"), "'0': must be a whole number from 1 to 512"),
        (("--timeout", "0"), "must be more than zero"),
        (("--timeout", "nan"), "from 0 to a day"),
        (("--fail", "101%"), '"0%" to "100%"'),
        (("--provider",), "requires an argument"),
        (("--offlin",), "--offline"),
        (("--latency", "5ms"), "--latency, --jitter and --fail are for a simulated network; add --offline"),
        (("--record", "tape", "--offline"), "leave out --offline"),
    ],
)
def test_wrong_usage(run: Run, args: tuple[str, ...], message: str) -> None:
    """A wrong word is an error with a correction, on stderr only, with status 2."""
    ran = run(*args)
    assert ran.status == 2
    assert not ran.out
    assert message in ran.err


@pytest.mark.parametrize("option", ["", "--format", "--provider", "--on", "--symbols", "--workers", "--timeout"])
def test_long_arguments_are_shortened_in_messages(run: Run, option: str) -> None:
    """A message repeats sixty characters of an argument of a hundred thousand."""
    ran = run(*([option] if option else []), "A" * 100_000)
    assert ran.status == 2
    assert len(ran.err) < 1500
    assert f"{'a' * 59}…" in ran.err.lower()


def test_without_a_network(run: Run) -> None:
    """If no host name resolves, that is two lines, which suggest `--offline`; with --failures a line a publisher."""
    ran = run("USD", "--retries", "0", "--no-store")
    assert (ran.status, ran.out) == (3, "")
    assert ran.err == (
        "no network: 3 unreachable (the name api.frankfurter.dev does not resolve)\n"
        "check the connection; --offline shows past rates · --failures lists them\n"
    )
    ran = run("USD", "--retries", "0", "--failures", "--no-store")
    assert (ran.status, ran.out) == (3, "")
    assert ran.err.count("does not resolve") == 3
    assert ran.err.endswith("without a network, --offline shows rates of the past\n")


def test_unexpected_exception(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unexpected exception is one line that asks for a report, with status 70 and no traceback."""
    import rates.present

    def broken(*args: object, **kwargs: object) -> str:
        raise ZeroDivisionError("of all things")

    monkeypatch.setattr(rates.present, "show", broken)
    ran = run("--offline")
    assert ran.status == 70
    assert ran.err == "rates: this is a bug in rates, please report it: ZeroDivisionError: of all things\n"


def test_out_of_memory(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without memory is no bug."""
    import rates.present

    def broken(*args: object, **kwargs: object) -> str:
        raise MemoryError

    monkeypatch.setattr(rates.present, "show", broken)
    ran = run("--offline")
    assert (ran.status, ran.err[:38]) == (3, "rates: this machine has no memory left")


def test_interrupted_in_the_body_of_a_class(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """So is a Ctrl-C that strikes while a class is made, in an import: Python 3.11 wraps it in a RuntimeError."""
    import rates.present

    def interrupted(*args: object, **kwargs: object) -> str:
        raise RuntimeError("Error calling __set_name__ on 'cached_property'") from KeyboardInterrupt()

    monkeypatch.setattr(rates.present, "show", interrupted)
    ran = run("--offline")
    assert (ran.status, ran.err) == (130, "\nrates: interrupted\n")


def test_interrupted(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C prints one word and gives status 130."""
    import rates.cli.show

    def stopped(*args: object) -> list[Outcome]:
        raise KeyboardInterrupt

    monkeypatch.setattr(rates.cli.show, "fetch_bases", stopped)
    ran = run("--offline")
    assert ran.status == 130
    assert ran.err.strip() == "rates: interrupted"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(30, "Read-only file system"), "the operating system reports: Read-only file system"),
        (
            OSError(24, "Too many open files"),
            "this process may open no more files and connections; use fewer --workers",
        ),
    ],
)
def test_error_of_the_system(run: Run, error: OSError, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error of the operating system is reported as such, not as an output that cannot be written."""
    import rates.run

    def refused(*args: object, **kwargs: object) -> str:
        raise error

    monkeypatch.setattr(rates.run.tempfile, "mkdtemp", refused)
    ran = run("--offline", "--mode", "process")
    assert ran.status == 3
    assert ran.err.startswith(f"rates: {words}")
    assert ran.err.count("\n") == 1


def test_replay_without_a_recording(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without a recording is one error, with the command that records one."""
    monkeypatch.delenv("RATES_TODAY")
    for folder in (tmp_path, tmp_path / "nowhere"):
        ran = run("--replay", str(folder), "USD", "EUR")
        assert ran.status == 3
        assert ran.err.count("\n") == 1
        assert f"{folder} holds no recording" in ran.err
        assert "record one with: rates --record DIR" in ran.err


@pytest.mark.parametrize("line", ["EUR/USD", "eurusd", "EUR-USD", "EUR in USD", "EUR to usd"])
def test_pairs(run: Run, line: str) -> None:
    """A pair is a base with one symbol, in whatever form it is typed."""
    assert run(*line.split(), "--offline").out == run("EUR", "--symbols", "USD", "--offline").out


def test_several_pairs(run: Run) -> None:
    """Several pairs give their bases by their symbols; one base may have a list of symbols."""
    assert run("EUR/USD", "GBP/JPY", "--offline").out == run("EUR", "GBP", "--symbols", "USD,JPY", "--offline").out
    assert run("EUR/USD,JPY", "--offline").out == run("EUR", "--symbols", "USD,JPY", "--offline").out


@pytest.mark.parametrize(
    ("args", "out"),
    [
        (("EUR/USD",), "1.1172\n"),
        (("EUR/USD,JPY",), "1.1172\n175.68\n"),
        (("USD", "EUR", "--symbols", "USD,EUR"), "0.89509\n1.1172\n"),
        (("5", "EUR", "USD"), "5.59\n"),
        (("convert", "5250", "GBX", "EUR", "JPY"), "62.96\n11062\n"),
    ],
)
def test_quiet(run: Run, args: tuple[str, ...], out: str) -> None:
    """With -q there are the figures alone, one a line."""
    assert run(*args, "-q", "--offline") == (0, out, "")
    assert run(*args, "--quiet", "--offline").out == out


def test_quiet_failures(run: Run) -> None:
    """Without a figure there is nothing on stdout; the reason is on stderr, and the status says it."""
    ran = run("EUR/XAU", "-q", "--offline")
    assert (ran.status, ran.out) == (3, "")
    assert "has no XAU for EUR" in ran.err
    assert "leave it out" in run("EUR", "--from", "ecb", "-q").err


def test_verbose(run: Run) -> None:
    """With -v stderr has what is asked and answered, with the time since the start; stdout is as without."""
    ran = run("EUR/USD", "-v", "--offline", "--provider", "ecb")
    assert re.fullmatch(r" *\d+ ms  ecb: EUR of 2026-10-30 from the ecb-history\n", ran.err)
    assert ran.out == run("EUR/USD", "--offline", "--provider", "ecb").out
    ran = run("EUR/USD", "-v", "--offline", "--provider", "ecb", "--mode", "sequential")
    assert ran.out == run("EUR/USD", "--offline", "--provider", "ecb").out
    asked, answered = ran.err.splitlines()
    assert re.fullmatch(r" *\d+ ms  ecb: GET https://www\.ecb\.europa\.eu/\S+", asked)
    assert re.fullmatch(r" *\d+ ms  ecb: status 200, \d+ bytes after \d\.\d{3} s", answered)
    assert run("EUR/USD", "--offline", "--provider", "ecb").err == "", "-v ends with its command"


def test_verbose_has_no_keys(run: Run, monkeypatch: pytest.MonkeyPatch, recording: str) -> None:
    """The lines of -v hold no key, wherever the service wants it."""
    for key, variable in (("openexchangerates", "OPENEXCHANGERATES_APP_ID"), ("exchangerate_api", "")):
        variable = variable or f"{key.upper()}_API_KEY"
        monkeypatch.setenv(variable, "hush-hush-0815")
        ran = run("USD", "-v", "--provider", key, "--replay", recording, "--retries", "0")
        assert f"{key}: GET https://" in ran.err
        assert "hush-hush" not in ran.err + ran.out


def test_a_period_to_come(run: Run) -> None:
    """A day in the future may be asked of publishers of periods; the error names the day on which its rate is due."""
    ran = run("USD", "JPY", "--provider", "ecb_average", "--on", "2026-12-31")
    assert ran.status == 3
    assert "has no rates valid from 2026-12-01 to 2026-12-31; they are due on 2027-01-01" in ran.err + ran.out


RULED = {
    "2024-03-01 exact": (0, "asked for 2024-03-01, a Friday: only rates of that day count"),
    "2024-03-02 exact": (3, "ecb: has no rates of USD for 2024-03-02 by --when exact; it has those of 2024-03-01"),
    "2024-03-02 previous": (0, "a Saturday: these are the newest rates up to then\n"),
    "2024-03-03 previous 1": (3, "has no rates of USD for 2024-03-03 by --when previous and --max-age 1; it has"),
    "2024-03-03 previous 2": (0, "a Sunday: these are the newest rates up to then, at most 2 days back\n"),
    "2024-03-04 before": (
        0,
        "Fri 2024-03-01\nasked for 2024-03-04, a Monday: these are the newest rates before that day",
    ),
    "2024-03-04 before 2": (3, "has no rates of USD for 2024-03-04 by --when before and --max-age 2"),
    "2024-03-02 next": (0, "Mon 2024-03-04\nasked for 2024-03-02, a Saturday: these are the first rates from then on"),
    "2024-03-01 next": (0, "1 USD · ecb · reference · Fri 2024-03-01\n"),
    "2024-03-02 next 1": (3, "has no rates of USD for 2024-03-02 by --when next and --max-age 1"),
    "2024-03-29 next 5": (0, "Tue 2024-04-02\nasked for 2024-03-29, a Friday: these are the first rates from then on"),
    "2024-03-29 next 4": (0, ", at most 4 days away\n"),
    "2024-03-02 nearest": (0, "Fri 2024-03-01\nasked for 2024-03-02, a Saturday: these are the rates of the near"),
    "2024-03-03 nearest": (0, "Mon 2024-03-04\nasked for 2024-03-03, a Sunday: these are the rates of the nearest day"),
    "2026-10-31 next": (3, "2026-10-31"),
    "2024-03-29 next any": (0, ", however far\n"),
    "1998-12-01 next": (3, "1998-12-01"),
}  # fmt: skip


@pytest.mark.parametrize("asked", RULED)
@pytest.mark.parametrize("more", [(), ("--latency", "1ms")])
def test_tables_follow_the_rule(run: Run, asked: str, more: tuple[str, ...]) -> None:
    """A table has only rates that the rule for days without a rate allows, and names a rule that is not the usual."""
    (day, when, *age), (status, message) = asked.split(), RULED[asked]
    flags = ("--when", when, *(("--max-age", age[0].replace("any", "")) if age else ()))
    ran = run("USD", "--on", day, "--offline", "--provider", "ecb", *flags, *more)
    assert ran.status == status
    assert message in (ran.err if status else ran.out)


def test_the_rule_of_the_environment(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rule of the settings holds for tables and matrices of a day, in each format; the latest need none."""
    monkeypatch.setenv("RATES_WHEN", "exact")
    assert run("USD", "EUR", "--on", "2024-03-02", "--offline").status == 3
    assert run("USD", "EUR", "--on", "2024-03-01", "--offline").out.count("only rates of that day count") == 1
    monkeypatch.setenv("RATES_WHEN", "before")
    (found,) = json.loads(run("USD", "--on", "2024-03-04", "--offline", "--format", "json").out)
    assert (found["day"], found["asked"]) == ("2024-03-01", "2024-03-04")
    monkeypatch.setenv("RATES_WHEN", "next")
    assert run("USD", "--offline").status == 0
    ran = run("USD", "--on", "2024-03-02", "--from", "europe")
    assert (ran.status, "asked for rates up to a day, and none by --when next" in ran.err) == (2, True)
    assert run("EUR", "--on", "2024-03-02", "--symbols", "CHF", "--provider", "ecb", "-q").out == "0.9604\n"
    far = run("USD", "--on", "1998-12-01", "--max-age", "", "--offline")
    assert far.out.startswith("1 USD · ecb · reference · Mon 1999-01-04\n")
    for more in (("GBX",), ("--provider", "consensus"), ("--own", __file__)):
        assert run("USD", "--on", "2024-03-02", *more).status in (1, 2, 3)


def test_a_group_follows_the_rule(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each publisher of a group is held to the rule, and the consensus is that of the day before by `before`."""

    def answers(bases: tuple[str, ...], group: str, settings: Settings, flags: object) -> list[Outcome]:
        """The ECB's outcomes from the history, in place of a group's over the network."""
        return [replace(attempt(base, settings, provider="ecb", offline=True), provider="ecb") for base in bases]

    monkeypatch.setattr("rates.cli.show.fetch_group", answers)
    args = ("EUR", "--symbols", "USD", "--from", "ecb", "--when")
    ran = run(*args, "exact", "--on", "2024-03-02")
    assert ran.status == 3
    assert "has no EUR/USD for 2024-03-02 by --when exact" in ran.err
    ran = run(*args, "before", "--on", "2024-03-05", "--consensus")
    assert ran.status == 0
    assert "asked for 2024-03-05, a Tuesday: these are the newest rates before that day" in ran.out
    assert ran.out.count("1.0846") >= 2
