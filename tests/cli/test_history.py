"""`rates history`, offline, on a day after the end of the ECB's history."""

from __future__ import annotations

import csv
import io
import json
import os
import shlex
import sqlite3
import subprocess
import sys
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

import pytest

from rates import history
from rates.settings import FORMATS
from tests.cli.conftest import Run
from tests.cli.screen import on_screen

NORMAL = ("PAGER", "LESS", "COLUMNS", "LINES", "FORCE_COLOR")


@pytest.fixture(autouse=True)
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is asked of a network, and no pager begins."""
    monkeypatch.setenv("RATES_OFFLINE", "1")
    for name in NORMAL:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PAGER", "cat")
    monkeypatch.setenv("NO_COLOR", "1")


def rows(run: Run, *args: str) -> list[dict[str, str]]:
    """What csv gives."""
    ran = run("history", *args, "--format", "csv")
    assert (ran.status, ran.err) == (0, "")
    return list(csv.DictReader(io.StringIO(ran.out)))


def test_the_last_published_days(run: Run) -> None:
    """Without a range the last 30 published days are shown, each once, the newest last."""
    days = [row["day"] for row in rows(run, "EUR/USD")]
    assert len(set(days)) == len(days) == 30
    assert days[0] == "2026-09-21"
    assert days[-1] == "2026-10-30"
    assert days == sorted(days)


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("--since 2024-12-31 --until 2025-01-02", "2024-12-31", "2025-01-02"),
        ("--since 2024 --until 2024", "2024-01-02", "2024-12-31"),
        ("--since 2024-Q4 --until 2025-02", "2024-10-01", "2025-02-28"),
        ("--since 2024-W01 --until 2024-W02", "2024-01-02", "2024-01-12"),
        ("--since -3m --until 2026-10-01", "2026-08-24", "2026-10-01"),
        ("--since 2026-10 --until 2026", "2026-10-01", "2026-10-30"),
        ("--since 2026-10-29 --until tomorrow", "2026-10-29", "2026-10-30"),
    ],
)
def test_a_range_as_people_write_it(run: Run, words: str, first: str, last: str) -> None:
    """A range begins with the first day of what is written and ends with the last, but not after today."""
    found = rows(run, "EUR/USD", *words.split())
    assert (found[0]["day"], found[-1]["day"]) == (first, last)


@pytest.mark.parametrize(
    ("words", "pairs"),
    [
        ("EUR/USD", ["EUR/USD"]),
        ("eurusd", ["EUR/USD"]),
        ("EUR USD GBP", ["EUR/USD", "EUR/GBP"]),
        ("EUR/USD,GBP", ["EUR/USD", "EUR/GBP"]),
        ("EUR/USD, GBP", ["EUR/USD", "EUR/GBP"]),
        ("USD in EUR", ["USD/EUR"]),
        ("EUR/USD USD/JPY EUR/USD", ["EUR/USD", "USD/JPY"]),
    ],
)
def test_pairs(run: Run, words: str, pairs: list[str]) -> None:
    """Pairs may be written in the ways of the other commands, and are shown in their order, each once."""
    found = rows(run, *words.split(), "--since", "2026-10-30")
    assert [f"{row['base']}/{row['symbol']}" for row in found] == pairs


def test_figures_are_exact(run: Run) -> None:
    """Programs get published figures as published, and crosses with 28 digits, with how they were had."""
    published, cross = rows(run, "EUR/USD", "USD/GBP", "--since", "2026-10-30")
    assert published["rate"] == "1.1172"
    assert (published["how"], published["digits"], published["provider"]) == ("published", "5", "ecb")
    assert cross["rate"] == "0.7463301109917651271034729681"
    assert (cross["how"], cross["source"], cross["period"]) == ("cross", "ecb-history", "")


def test_hundredths_and_ended_currencies(run: Run) -> None:
    """A pair with a currency of a fixed ratio has the published rates by that ratio, which the legend names."""
    (pence,) = rows(run, "USD/GBX", "--since", "2026-10-30")
    assert pence["rate"] == "74.63301109917651271034729681"
    ran = run("history", "DEM/USD", "--since", "2026-10-30")
    assert "0.57122" in ran.out
    assert ran.out.splitlines()[-1] == "1 EUR = 1.95583 DEM, irrevocably since 1999-01-01"


def test_pegs(run: Run) -> None:
    """A currency that the publisher lacks is derived from its peg, if that is asked for, and marked."""
    line = ("history", "EUR/AED", "--since", "2026-10-30")
    ran = run(*line, "--pegs")
    assert (ran.status, ran.err) == (0, "")
    assert "2026-10-30    4.1029‡" in ran.out
    assert ran.out.splitlines()[-1] == "‡ pegged: 1 USD = 3.6725 AED since 1997-11-02"
    ran = run(*line)
    assert ran.status == 3
    assert "--pegs derives it: 1 USD = 3.6725 AED since 1997-11-02" in ran.err


@pytest.mark.parametrize("every", ["week", "month", "quarter", "year"])
def test_means_are_exact(run: Run, every: str) -> None:
    """Every mean of a cross equals one that is computed with fractions from the ECB's figures, and says of how many."""
    found = rows(run, "USD/GBP", "--since", "2024", "--until", "2025", "--every", every, "--stat", "mean")
    by_period: dict[str, list[Fraction]] = {}
    for day, quoted in history.span(date(2024, 1, 1), date(2025, 12, 31)):
        labels = {"week": f"{day:%G-W%V}", "month": f"{day:%Y-%m}", "year": f"{day:%Y}",
                  "quarter": f"{day:%Y}-Q{(day.month + 2) // 3}"}  # fmt: skip
        by_period.setdefault(labels[every], []).append(Fraction(quoted["GBP"]) / Fraction(quoted["USD"]))
    assert [row["period"] for row in found] == list(by_period)
    for row in found:
        exact = by_period[row["period"]]
        mean = sum(exact) / len(exact)
        assert row["count"] == str(len(exact))
        assert Decimal(row["rate"]) == +(Decimal(mean.numerator) / Decimal(mean.denominator))
        assert (row["day"], row["how"], row["stat"]) == ("", "mean", "mean")


def test_the_lowest_and_the_highest_have_their_days(run: Run) -> None:
    """The lowest and the highest rate of a year stand with the day on which they were published."""
    (low,) = rows(run, "EUR/USD", "--since", "2024", "--until", "2024", "--every", "year", "--stat", "min")
    (high,) = rows(run, "EUR/USD", "--since", "2024", "--until", "2024", "--every", "year", "--stat", "max")
    assert (low["rate"], low["day"], low["count"]) == ("1.0389", "2024-12-31", "256")
    assert (high["rate"], high["day"]) == ("1.1196", "2024-09-30")


def test_json(run: Run) -> None:
    """JSON has numbers, days and null; jsonl the same objects, one a line."""
    ran = run("history", "EUR/USD", "--since", "2026-10-30", "--format", "json")
    (found,) = json.loads(ran.out, parse_float=Decimal)
    assert found["rate"] == Decimal("1.1172")
    assert (found["day"], found["valid_to"], found["offline"], found["fetched"]) == ("2026-10-30", None, True, None)
    lines = run("history", "EUR/USD", "--since", "2026-10-30", "--format", "jsonl").out.splitlines()
    assert [json.loads(line, parse_float=Decimal) for line in lines] == [found]


@pytest.mark.parametrize("fmt", [fmt for fmt in FORMATS if fmt != "parquet"])
def test_every_format(run: Run, fmt: str) -> None:
    """Every format has the figure and the day."""
    ran = run("history", "EUR/USD", "--since", "2026-10-30", "--format", fmt)
    assert (ran.status, ran.err) == (0, "")
    assert ("2793, 2500" if fmt == "gnucash" else "1.1172") in ran.out
    assert "2026-10-30" in ran.out


def test_tsv_is_one_table(run: Run) -> None:
    """Programs that read tsv get one table; all else is behind a `#`."""
    out = run("history", "EUR/USD", "--since", "2026-10-29", "--format", "tsv").out
    lines = [line.split("\t") for line in out.splitlines() if line and not line.startswith("#")]
    assert lines == [["day", "EUR/USD"], ["2026-10-29", "1.113"], ["2026-10-30", "1.1172"]]


def test_figures_alone(run: Run) -> None:
    """-q prints the figures as tables show them."""
    assert run("history", "EUR/USD", "USD/EUR", "--since", "2026-10-29", "-q").out.split() == [
        "1.113", "1.1172", "0.8985", "0.89509",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        ("", 2, "missing argument 'PAIR…'; like: rates history EUR/USD"),
        ("EUR", 2, "missing argument 'PAIR…'; like EUR/USD"),
        ("USD/USD", 2, "USD/USD is 1 on every day"),
        ("EUR/USB", 2, "did you mean USD"),
        ("DEM/EUR", 2, "DEM/EUR is fixed: 1 EUR = 1.95583 DEM, irrevocably since 1999-01-01; rates convert 1 DEM EUR"),
        ("EUR/USD --stat mean", 2, "--stat is of a period; add --every"),
        ("EUR/USD --every moth", 2, "did you mean month?"),
        ("EUR/USD --every month --stat men", 2, "did you mean mean"),
        ("EUR/USD --since soon", 2, "must be a day, week, month, quarter or year, like 2026-10-30"),
        ("EUR/USD --since 30.10.2026", 2, "the year comes first"),
        ("EUR/USD --since 2027", 2, "--since 2027-01-01 is after today; today is 2026-11-23"),
        ("EUR/USD --since 2024 --until 2023", 2, "--since 2024-01-01 is after --until 2023-12-31\n"),
        ("EUR/USD -o x.xlsx", 2, "-o x.xlsx: no format has that ending; known are .csv, .json, "),
        ("EUR/USD -o x.svg", 2, "no format has that ending; --plot draws pictures"),
        ("EUR/USD -o x.html --plot x.html", 2, "x.html would be written twice"),
        ("EUR/USD --plot x.gif", 2, "no picture has that ending; known are .svg, .html, .png"),
        ("EUR/USD --since 1980 --until 1990", 3, "EUR/USD: "),
        ("EUR/XAF", 3, "EUR/XAF: "),
    ],
)
def test_mistakes(run: Run, words: str, status: int, message: str) -> None:
    """Each mistake is one line that says what to do."""
    ran = run("history", *words.split())
    assert ran.status == status
    assert message in ran.err
    assert len(ran.err.splitlines()) == 1
    assert ran.out == ""


def test_some_pairs_fail(run: Run) -> None:
    """A pair without rates is named on stderr, and the others are shown."""
    ran = run("history", "EUR/USD,XAF", "--since", "2026-10-30", "--format", "csv")
    assert ran.status == 1
    assert ran.err.startswith("rates: EUR/XAF: ")
    assert len(ran.out.splitlines()) == 2


def test_days_that_cannot_be_fetched(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a network the days that the package has are shown, and the others are named on stderr."""
    monkeypatch.setenv("RATES_OFFLINE", "0")
    ran = run("history", "EUR/USD", "--since", "2026-10-29", "--provider", "ecb", "--retries", "0", "-q")
    assert (ran.status, ran.out) == (1, "1.113\n1.1172\n")
    assert ran.err == ("rates: EUR/USD: 2026-11-02 to 2026-11-23 could not be fetched; `rates doctor ecb` shows why\n")


def test_own_rates_after_the_end_of_the_history(run: Run, tmp_path: Path) -> None:
    """Offline the user's own rates are shown up to today, with their periods."""
    own = tmp_path / "own.csv"
    lines = ("base,symbol,rate,valid_from,valid_to", "EUR,USD,1.15,2026-09-01,2026-09-30", "EUR,USD,1.12,2026-11-01,")
    own.write_text("\n".join(lines), encoding="utf-8")
    found = rows(run, "EUR/USD", "--own", str(own), "--since", "2026-09")
    assert [(row["rate"], row["day"], row["valid_to"], row["source"]) for row in found] == [
        ("1.15", "2026-09-01", "2026-09-30", "own"), ("1.12", "2026-11-01", "9999-12-31", "own"),
    ]  # fmt: skip


def test_what_is_kept_is_not_fetched_again(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Days of the history in the package need no network."""
    monkeypatch.setenv("RATES_OFFLINE", "0")
    ran = run("history", "EUR/USD", "--since", "2026-10-29", "--until", "2026-10-30", "--provider", "ecb", "-q")
    assert (ran.status, ran.out, ran.err) == (0, "1.113\n1.1172\n", "")


# --- files ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ending", "begins"),
    [
        ("csv", "base,symbol,rate"), ("json", "[\n"), ("jsonl", '{"base": "EUR"'), ("beancount", "; ecb: "),
        ("ledger", "; ecb: "), ("journal", "; ecb: "), ("sql", "-- ecb: "), ("md", "EUR/USD · ecb"), ("html", "<p>EUR"),
    ],
)  # fmt: skip
def test_the_ending_gives_the_format(run: Run, tmp_path: Path, ending: str, begins: str) -> None:
    """A file is written in the format of its ending, and ends with one line end; nothing is printed."""
    path = tmp_path / f"rates.{ending}"
    ran = run("history", "EUR/USD", "--since", "2026-10", "-o", str(path))
    assert (ran.status, ran.out, ran.err) == (0, "", "")
    text = path.read_text(encoding="utf-8")
    assert text.startswith(begins)
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


def test_a_format_overrules_the_ending(run: Run, tmp_path: Path) -> None:
    """--format is stronger than the ending."""
    path = tmp_path / "rates.csv"
    assert run("history", "EUR/USD", "--since", "2026-10", "-o", str(path), "--format", "ledger").status == 0
    assert path.read_text(encoding="utf-8").startswith("; ecb")


def test_parquet(run: Run, tmp_path: Path) -> None:
    """A Parquet file has exact decimals and days; a terminal gets none."""
    files = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
    path = tmp_path / "rates.parquet"
    assert run("history", "EUR/USD", "IDR/USD", "--since", "2026-10-30", "-o", str(path)).status == 0
    first, second = files.read_table(path).to_pylist()
    assert (first["day"], first["rate"]) == (date(2026, 10, 30), Decimal("1.1172"))
    assert second["rate"] == Decimal("0.00005510188077337945871723886902")
    seen = on_screen("history", "EUR/USD", "--format", "parquet")
    assert seen.status == 2
    assert "parquet is not for a terminal" in seen.lines[0]


def test_no_half_written_file(run: Run, tmp_path: Path) -> None:
    """A file that cannot be written is named, and an old one is as before."""
    missing = tmp_path / "missing" / "rates.csv"
    ran = run("history", "EUR/USD", "-o", str(missing))
    assert ran.status != 0
    assert "missing" in ran.err
    assert os.listdir(tmp_path) == []


def test_pictures(run: Run, tmp_path: Path) -> None:
    """SVG, HTML and PNG show each pair; the table is printed as well."""
    for kind in ("svg", "html", "png"):
        path = tmp_path / f"rates.{kind}"
        ran = run("history", "EUR/USD,GBP", "--since", "2026", "--every", "month", "--plot", str(path))
        assert ran.status == 0
        assert "EUR/USD" in ran.out
        assert path.stat().st_size > 4000
    root = ElementTree.fromstring((tmp_path / "rates.svg").read_bytes())
    words = " ".join(filter(None, (one.text for one in root.iter("{http://www.w3.org/2000/svg}text"))))
    for part in ("EUR/USD", "EUR/GBP", "ecb", "2026-01", "2026-10"):
        assert part in words
    lines = list(root.iter("{http://www.w3.org/2000/svg}polyline"))
    assert [len(line.attrib["points"].split()) for line in lines] == [10, 10]
    assert (tmp_path / "rates.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    assert "<table>" in (tmp_path / "rates.html").read_text(encoding="utf-8")


# --- screens ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("columns", [40, 60, 80, 120])
@pytest.mark.parametrize(
    "line",
    [
        "history EUR/USD", "history EUR/USD,GBP,IDR --since 2026-10",
        "history USD/IDR --since 2006 --every year --stat mean",
        "history EUR/USD,GBP --since 2024 --every quarter --stat max", "history EUR/USD --since 2026-10-30",
    ],
)  # fmt: skip
def test_screens_fit(line: str, columns: int) -> None:
    """No line is wider than the terminal."""
    seen = on_screen(*line.split(), columns=columns)
    assert seen.status == 0
    assert [one for one in seen.lines if len(one) > columns] == []


def test_one_pair_has_a_chart_on_a_terminal(run: Run) -> None:
    """A terminal gets a chart of one pair, a file and several pairs none; all get sparklines."""
    assert any("┤" in line for line in on_screen("history", "EUR/USD").lines)
    assert not any("┤" in line for line in on_screen("history", "EUR/USD,GBP").lines)
    out = run("history", "EUR/USD").out
    assert "┤" not in out
    assert "█" in out


def test_a_long_table_is_paged(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A table that is longer than the screen goes through the pager, unless --no-pager is given."""
    kept = tmp_path / "kept"
    monkeypatch.setenv("PAGER", f"sh -c 'cat > {kept}'")
    assert on_screen("history", "EUR/USD", "--no-pager").lines
    assert not kept.exists()
    assert on_screen("history", "EUR/USD").lines == []
    assert "2026-10-30" in kept.read_text(encoding="utf-8")


def test_in_ascii() -> None:
    """A terminal without UTF-8 gets the chart in ASCII."""
    environ = {**os.environ, "PYTHONIOENCODING": "ascii", "COLUMNS": "80"}
    command = [sys.executable, "-m", "rates", "history", "EUR/USD", "--since", "2026-10"]
    ran = subprocess.run(command, env=environ, capture_output=True, check=False, timeout=60)
    assert ran.returncode == 0
    assert ran.stdout.isascii()
    assert b"?" not in ran.stdout


# --- the formats of `rates show` --------------------------------------------------------------------------------------


def test_ledgers_of_a_table(run: Run) -> None:
    """`rates` prints its rates as prices too."""
    ran = run("USD", "--symbols", "GBP,USD,JPY", "--format", "beancount")
    assert ran.status == 0
    assert ran.out.splitlines()[2:] == [
        "2026-10-30 price USD 0.7463301109917651271034729681 GBP ; "
        "ecb, cross of EUR/USD 1.1172 and EUR/GBP 0.8338",
        "2026-10-30 price USD 157.2502685284640171858216971 JPY ; "
        "ecb, cross of EUR/USD 1.1172 and EUR/JPY 175.68",
    ]  # fmt: skip
    book = sqlite3.connect(":memory:")
    book.execute(
        "CREATE TABLE prices (guid, commodity_guid, currency_guid, date, source, type, value_num, value_denom)"
    )
    book.execute(
        "CREATE TABLE commodities (guid, namespace, mnemonic, fullname, cusip, fraction, quote_flag, quote_source, "
        "quote_tz)"
    )
    book.executescript(run("EUR", "--symbols", "USD", "--format", "gnucash").out)
    assert book.execute("SELECT value_num, value_denom FROM prices").fetchall() == [(2793, 2500)]


@pytest.mark.parametrize(
    "line", ["providers", "currencies", "convert 1 USD EUR", "config", "consensus EUR/USD", "doctor ecb", "compare"]
)
def test_other_commands_have_no_prices(run: Run, line: str) -> None:
    """A format of prices is refused by the commands that print something else, before they begin."""
    for fmt in ("beancount", "parquet"):
        ran = run(*shlex.split(line), "--format", fmt)
        assert ran.status == 2
        assert f"the format {fmt} is of rates, not of what this command prints" in ran.err
