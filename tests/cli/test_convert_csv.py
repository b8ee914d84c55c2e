"""`rates convert --csv`: files in, files out; rates are looked up by a fake, except at the end."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from rates.cli.convert_csv import CsvOptions, convert_csv
from rates.cli.find_rates import Found, Pair
from rates.errors import NoRates, RatesError, UsageError
from rates.model import ONE
from rates.store.records import Rate
from tests.cli.conftest import Run

FRIDAY = date(2024, 3, 1)
TODAY = date(2026, 11, 23)


def rate(pair: Pair) -> Rate | RatesError:
    """The dollar at 0.9, the yen at 0.00625 euros, of the first of the month; nothing before 2024."""
    asked = pair.on or TODAY
    if asked < FRIDAY:
        return NoRates(f"has none for {asked}", provider="ecb", hint="its first day is 2024-03-01")
    value = {"USD": Decimal("0.9"), "JPY": Decimal("0.00625"), "EUR": ONE}[pair.base]
    day = asked.replace(day=1)
    return Rate(pair.base, pair.symbol, value, asked, day, None, "published", "ecb", 4, exact=(value, ONE))


class Finder:
    """Looks rates up, and remembers what was asked, and that the lock was saved."""

    def __init__(self) -> None:
        self.asked: list[Collection[Pair]] = []
        self.saved = 0

    def find(self, pairs: Collection[Pair]) -> Found:
        """The rates of all pairs."""
        self.asked.append(pairs)
        return {pair: rate(pair) for pair in pairs}

    def save(self) -> None:
        """Counts."""
        self.saved += 1


@pytest.fixture
def csv(tmp_path: Path) -> Any:
    """Converts text, and gives the status, the output as text, and the finder."""

    def run(text: str | bytes, **more: Any) -> tuple[int, str, Finder]:
        source, target, finder = tmp_path / "in.csv", tmp_path / "out.csv", Finder()
        source.write_bytes(text if isinstance(text, bytes) else text.encode())
        options = {
            "file": str(source), "output": str(target), "amount_column": "total", "from_column": "currency",
            "symbol": "EUR", "date_column": "date",
        }  # fmt: skip
        status = convert_csv(CsvOptions(**{**options, **more}), finder.find, finder.save)
        made = target.read_bytes().decode("latin-1") if target.exists() else ""
        return status, made, finder

    return run


INVOICES = """no,total,currency,date
"001",99.95,USD,2024-03-05
002,1000,jpy,2024-03-06

003,-5,EUR,2024-03-07
"""


def test_columns_are_added(csv: Any) -> None:
    """Each line is as it was, with its result, the rate, its day, its age, how it was had and from whom."""
    status, made, finder = csv(INVOICES)
    assert status == 0
    assert made.splitlines() == [
        "no,total,currency,date,result,symbol,rate,day,age_days,how,provider",
        '"001",99.95,USD,2024-03-05,89.96,EUR,0.9,2024-03-01,4,published,ecb',
        "002,1000,jpy,2024-03-06,6.25,EUR,0.00625,2024-03-01,5,published,ecb",
        "",
        "003,-5,EUR,2024-03-07,-5.00,EUR,1,2024-03-01,6,published,ecb",
    ]
    assert len(finder.asked) == finder.saved == 1


def test_a_rate_is_looked_up_once(csv: Any) -> None:
    """A pair and day is asked for once, however many lines have it."""
    _, made, finder = csv("total,currency,date\n" + "5,USD,2024-03-05\n" * 1000)
    assert finder.asked == [{Pair("USD", "EUR", date(2024, 3, 5))}]
    assert made.count("4.50") == 1000


BAD = """total,currency,date
abc,USD,2024-03-05
5,USD,2024-03-05
5,USDD,2024-03-05
5,USD,2024-02-30
5,USD,2023-03-05
,,
5,,2024-03-05
5,USD,2024-03-05,x
5,USD,"2024-03-05"x
"""


def test_bad_lines_are_left_out_and_named(csv: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """Each bad line is on stderr with its number and the reason; the others are converted, and the status is 1."""
    status, made, finder = csv(BAD)
    assert status == 1
    assert made.splitlines()[1:] == ["5,USD,2024-03-05,4.50,EUR,0.9,2024-03-01,4,published,ecb", ",,,,,,,,,"]
    assert finder.saved == 1
    lines = [line.partition("in.csv, line ")[2] for line in capsys.readouterr().err.splitlines()]
    assert lines[:-1] == [
        "2: not an amount: 'abc'",
        "4: unknown currency 'USDD'; did you mean USD or SDD?",
        "5: '2024-02-30' is not a day of the calendar: day is out of range for month",
        "6: ecb: has none for 2023-03-05; its first day is 2024-03-01",
        "8: no currency",
        "9: has 4 cells, and the header 3",
        "10: a quote stands within a cell (',' expected after '\"')",
    ]


def test_bad_lines_are_kept(csv: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """On request they stay, with empty cells, so that no line is missing."""
    status, made, _ = csv(BAD, bad="keep")
    assert status == 1
    assert len(made.splitlines()) == len(BAD.splitlines())
    assert made.splitlines()[1] == "abc,USD,2024-03-05,,,,,,,"
    assert capsys.readouterr().err.endswith("in.csv: 1 line converted, 7 kept without a result\n")


def test_bad_lines_stop(csv: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """On request one bad line is enough for nothing to be written, neither output nor lock; all are named."""
    status, made, finder = csv(BAD, bad="stop")
    assert (status, made, finder.saved) == (3, "", 0)
    assert "line 10:" in (err := capsys.readouterr().err)
    assert err.endswith("in.csv: nothing written, 7 bad lines\n")


def test_many_bad_lines(csv: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """Ten are listed, and all on request."""
    text = "total,currency,date\n5,USD,2024-03-05\n" + "x,USD,2024-03-05\n" * 25
    csv(text)
    lines = capsys.readouterr().err.splitlines()
    assert (len(lines), lines[10]) == (12, "and 15 more; --failures lists all")
    assert lines[11].endswith("in.csv: 1 line converted, 25 left out")
    csv(text, listed=True)
    assert capsys.readouterr().err.count("line ") == 26


def test_nothing_to_convert(csv: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """A file without an amount, or with bad lines alone, gives no output and the status 3."""
    assert csv("total,currency,date\n")[:2] == (3, "")
    assert capsys.readouterr().err.endswith("nothing written, no line has an amount\n")
    assert csv("total,currency,date\nx,USD,2024-03-05\n")[:2] == (3, "")
    assert capsys.readouterr().err.endswith("nothing written, 1 bad line\n")


def test_a_european_spreadsheet(csv: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """Semicolons, decimal commas, days with the day first, CRLF and a byte order mark: read so, and written so."""
    text = "Gesamt;currency;Datum\r\n1.234;USD;05/03/2024\r\n99,95;USD;31/03/2024\r\n"
    status, made, _ = csv(text.encode("utf-8-sig"), amount_column="gesamt", date_column="Datum")
    assert status == 0
    assert made.encode("latin-1").decode("utf-8-sig").split("\r\n") == [
        "Gesamt;currency;Datum;result;symbol;rate;day;age_days;how;provider",
        "1.234;USD;05/03/2024;1110,60;EUR;0,9;2024-03-01;4;published;ecb",
        "99,95;USD;31/03/2024;89,96;EUR;0,9;2024-03-01;30;published;ecb",
        "",
    ]
    assert "in.csv: 2 lines converted; decimal comma; days as D/M/Y" in capsys.readouterr().err


def test_what_stays_open_is_bad(csv: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """Two meanings that no other cell decides are refused, until an option decides."""
    text = 'total,currency,date\n"1,234",USD,04/03/2024\n'
    assert csv(text)[0] == 3
    assert "line 2: '1,234' is not clear: it may be 1234 or 1.234; say which with --decimal" in capsys.readouterr().err
    status, made, _ = csv(text, decimal=".", date_order="dmy")
    assert (status, made.splitlines()[1].split(",")[4]) == (0, "1110.60")
    assert "1,11," in csv(text, decimal=",", date_order="mdy")[1].replace('"', "")


def test_an_old_encoding(csv: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """A file of Windows is read as such, which is said, and written in the same bytes."""
    text = "total,currency,date,name\n5,USD,2024-03-05,Zoë\n".encode("windows-1252")
    _, made, _ = csv(text)
    assert ",Zo\xeb,4.50," in made
    assert "read as windows-1252" in capsys.readouterr().err


def test_one_currency_or_day_for_all(csv: Any) -> None:
    """Currency, target and day may come from columns or be the same for all lines."""
    text = "total,into\n5,JPY\n"
    options = {"from_column": "", "base": "EUR", "symbol": "", "to_column": "into", "date_column": ""}
    assert csv(text, **options, on=date(2024, 3, 5))[2].asked == [{Pair("EUR", "JPY", date(2024, 3, 5))}]
    assert csv(text, **options)[2].asked == [{Pair("EUR", "JPY", None)}]


def test_columns_by_number(csv: Any) -> None:
    """Without a header the columns are numbers, and no header is written."""
    status, made, _ = csv("2024-03-05,5,USD\n", amount_column="2", from_column="3", date_column="1", header=False)
    assert (status, made) == (0, "2024-03-05,5,USD,4.50,EUR,0.9,2024-03-01,4,published,ecb\n")


@pytest.mark.parametrize(
    ("symbol", "digits", "result"), [("EUR", None, "0.00"), ("EUR", 4, "0.0045"), ("JPY", None, "0"), ("EUR", 0, "0")]
)
def test_decimals(csv: Any, symbol: str, digits: int | None, result: str) -> None:
    """The decimals are those of ISO 4217, or as many as asked for; in a ledger a small amount becomes zero."""
    _, made, _ = csv("total,currency,date\n0.005,USD,2024-03-05\n", symbol=symbol, digits=digits)
    assert made.splitlines()[1].split(",")[3] == result


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        (INVOICES, {"amount_column": ""}, "--csv needs --amount-column"),
        (INVOICES, {"from_column": ""}, "--csv needs --from-column COLUMN or --base CODE"),
        (INVOICES, {"base": "USD"}, "--csv needs --from-column COLUMN or --base CODE, not both"),
        (INVOICES, {"symbol": ""}, "--csv needs --to CODE or --to-column COLUMN"),
        (INVOICES, {"on": FRIDAY}, "--on and --date-column contradict each other"),
        (INVOICES, {"amount_column": "sum"}, "in.csv: --amount-column: no column 'sum'; there are no, total, currency"),
        (INVOICES.replace("no,", "Rate,"), {}, "in.csv: it has a column rate already; the added columns get other"),
        ("", {}, "in.csv: the file is empty"),
        ('total,currency,date\n5,"USD,2024-03-05\n', {}, "in.csv: a quote that begins in line 2 is never closed"),
    ],
)
def test_wrong_usage(csv: Any, text: str, options: dict[str, Any], message: str) -> None:
    """What is wrong with the options or the whole file is an error, and nothing is written."""
    with pytest.raises(UsageError) as caught:
        csv(text, **options)
    assert message in str(caught.value)


def test_the_file_is_not_written_over(csv: Any, tmp_path: Path) -> None:
    """The amounts that could not be converted would be gone."""
    (tmp_path / "link.csv").symlink_to(tmp_path / "in.csv")
    for name in ("in.csv", "./in.csv", "link.csv"):
        with pytest.raises(UsageError, match="is the file to convert"):
            csv("total,currency,date\n5,USD,2024-03-05\n", output=f"{tmp_path}/{name}")
        assert (tmp_path / "in.csv").read_text() == "total,currency,date\n5,USD,2024-03-05\n"


def test_a_prefix_makes_room(csv: Any) -> None:
    """A file that has a column of an added one's name gets the added ones under other names."""
    _, made, _ = csv(INVOICES.replace("no,", "rate,"), prefix="eur_")
    assert made.splitlines()[0].endswith(
        "date,eur_result,eur_symbol,eur_rate,eur_day,eur_age_days,eur_how,eur_provider"
    )
    assert len(csv(made, prefix="chf_")[1].splitlines()[0].split(",")) == 4 + 7 + 7


def test_a_failed_lock_leaves_no_output(csv: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the lock file cannot be written, the output is not either."""

    def fail(self: Finder) -> None:
        raise RatesError("disk full")

    monkeypatch.setattr(Finder, "save", fail)
    with pytest.raises(RatesError, match="disk full"):
        csv(INVOICES)
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


@pytest.mark.parametrize(
    ("name", "reason"), [("none.csv", "No such file or directory"), ("folder.csv", "Is a directory")]
)
def test_a_file_that_cannot_be_read(run: Run, tmp_path: Path, name: str, reason: str) -> None:
    """It is wrong usage, with the name of the file and what to do."""
    (tmp_path / "folder.csv").mkdir()
    ran = run("convert", "--csv", str(tmp_path / name), "--amount-column", "1", "--base", "USD", "--to", "EUR")
    hint = "name the file of amounts after --csv, or - for standard input"
    assert (ran.status, ran.out, ran.err) == (2, "", f"rates: {tmp_path / name}: cannot be read: {reason}; {hint}\n")
