"""Prices for ledgers, read by the programs themselves: they accept them, and value holdings to the cent."""

from __future__ import annotations

import csv
import io
import re
import shutil
import sqlite3
import subprocess
import sys
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rates import history
from rates.cli import main
from rates.present.ledgers import Price, fraction, ledger_text
from tests.store.server import programs, server

HOLDINGS = {"EUR": "1234.56", "USD": "777.77", "IDR": "123456789"}
PAIRS = ("EUR/USD", "IDR/USD", "USD/GBP", "CHF/JPY")
JOURNAL = "".join(
    f"2023-12-01 opening\n  Assets:{code}  {amount} {code}\n  Equity:Opening\n\n" for code, amount in HOLDINGS.items()
)
# GnuCash's own tables, as its SQLite books have them.
GNUCASH = """
CREATE TABLE commodities (guid text(32) PRIMARY KEY NOT NULL, namespace text(2048) NOT NULL,
  mnemonic text(2048) NOT NULL, fullname text(2048), cusip text(2048), fraction integer NOT NULL,
  quote_flag integer NOT NULL, quote_source text(2048), quote_tz text(2048));
CREATE TABLE prices (guid text(32) PRIMARY KEY NOT NULL, commodity_guid text(32) NOT NULL,
  currency_guid text(32) NOT NULL, date text(19) NOT NULL, source text(2048), type text(2048),
  value_num bigint NOT NULL, value_denom bigint NOT NULL);
"""


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the prices of 2024 in every format."""
    folder = tmp_path_factory.mktemp("prices")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RATES_TODAY", "2026-11-23")
        for fmt in ("beancount", "ledger", "hledger", "gnucash"):
            args = ("history", *PAIRS, "--since", "2024", "--until", "2024", "--offline", "--format", fmt)
            assert main((*args, "-o", str(folder / f"prices.{fmt}"))) == 0
    return folder


def value(code: str, symbol: str, day: date) -> Decimal:
    """A holding on a day of 2024, computed with fractions from the ECB's figures, to the cent."""
    found = history.row(day)
    assert found is not None
    legs = {"EUR": Fraction(1), **{name: Fraction(rate) for name, rate in found[1].items()}}
    exact = Fraction(HOLDINGS[code]) * legs[symbol] / legs[code]
    return cents(Decimal(exact.numerator) / Decimal(exact.denominator))


def cents(amount: Decimal) -> Decimal:
    """The amount rounded to the cent."""
    return amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_EVEN)


def program(name: str) -> str:
    """The path of a program; without it the test is skipped."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed: apt-get install {name}")
    return found


def output(*command: str | Path) -> str:
    """What a command prints; it must succeed and complain about nothing."""
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, encoding="utf-8")
    assert (ran.returncode, ran.stderr) == (0, "")
    return ran.stdout


@pytest.mark.parametrize("day", [date(2024, 3, 28), date(2024, 12, 31), date(2024, 6, 16)])
def test_ledger_values_holdings(exported: Path, day: date) -> None:
    """Ledger takes every price, and gives the value of each holding on a day, a Sunday among them."""
    ledger = program("ledger")
    journal = exported / "journal.ledger"
    journal.write_text(f"include prices.ledger\ncommodity USD\n  format 1000.00 USD\n{JOURNAL}", encoding="utf-8")
    shown = output(ledger, "-f", journal, "bal", "Assets", "-X", "USD", "--now", f"{day:%Y/%m/%d}", "--flat",
                   "--no-total", "--format", "%(account),%(quantity(scrub(display_total)))\n")  # fmt: skip
    values = {account[-3:]: cents(Decimal(amount)) for account, amount in csv.reader(io.StringIO(shown))}
    assert values == {code: value(code, "USD", day) for code in HOLDINGS}


@pytest.mark.parametrize("day", [date(2024, 3, 28), date(2024, 12, 31), date(2024, 6, 16)])
def test_hledger_values_holdings(exported: Path, day: date) -> None:
    """So does hledger, which shows cents where the journal's directive says so."""
    hledger = program("hledger")
    journal = exported / "journal.journal"
    journal.write_text(f"include prices.hledger\ncommodity 1000.00 USD\n\n{JOURNAL}", encoding="utf-8")
    shown = output(hledger, "-f", journal, "bal", "Assets", f"--value={day},USD", "--flat", "-N", "-O", "csv")
    rows = list(csv.reader(io.StringIO(shown)))[1:]
    assert {account[-3:]: amount for account, amount in rows} == {
        code: f"{value(code, 'USD', day)} USD" for code in HOLDINGS
    }


def test_ledger_and_hledger_take_every_price(exported: Path) -> None:
    """Each line is read as a price, in both programs the same number of them."""
    lines = (exported / "prices.hledger").read_text(encoding="utf-8").splitlines()
    count = sum(line.startswith("P ") for line in lines)
    assert count == len(PAIRS) * 256
    assert len(output(program("hledger"), "-f", exported / "prices.hledger", "prices").splitlines()) == count
    held = exported / "held.ledger"  # Ledger lists the prices of what is held
    held.write_text(f"include prices.ledger\n{JOURNAL}2023-12-01 francs\n  Assets:CHF  1 CHF\n  Equity\n", "utf-8")
    assert len(output(program("ledger"), "-f", held, "pricedb").splitlines()) == count


@pytest.mark.parametrize("day", [date(2024, 3, 28), date(2024, 12, 31), date(2024, 6, 16)])
def test_beancount_values_holdings(exported: Path, day: date) -> None:
    """Beancount loads the prices without an error, and values each holding to the cent."""
    pytest.importorskip("beancount", reason="beancount is not installed")
    accounts = "".join(f"2023-01-01 open Assets:{code}\n" for code in HOLDINGS)
    book = exported / "book.beancount"
    entries = JOURNAL.replace(" opening", ' * "opening"').replace("Assets:", "Assets:Held:")
    accounts = accounts.replace("Assets:", "Assets:Held:") + "2023-01-01 open Equity:Opening\n"
    book.write_text(f'{accounts}{entries}include "prices.beancount"\n', encoding="utf-8")
    script = """
import datetime, decimal, sys
from beancount import loader
from beancount.core import convert, prices
from beancount.core.amount import Amount
entries, errors, _ = loader.load_file(sys.argv[1])
assert not errors, errors
table = prices.build_price_map(entries)
for text in sys.argv[3:]:
    code, number = text.split("=")
    amount = convert.convert_amount(Amount(decimal.Decimal(number), code), "USD", table,
                                    datetime.date.fromisoformat(sys.argv[2]))
    print(code, amount.currency, amount.number)
"""
    held = [f"{code}={amount}" for code, amount in HOLDINGS.items()]
    shown = output(sys.executable, "-W", "ignore", "-c", script, book, str(day), *held)
    values = {line.split()[0]: cents(Decimal(line.split()[2])) for line in shown.splitlines()}
    assert values == {code: value(code, "USD", day) for code in HOLDINGS}
    assert all(line.split()[1] == "USD" for line in shown.splitlines())


def test_gnucash_tables(exported: Path) -> None:
    """The SQL runs on GnuCash's tables, twice as well; the book's own currencies are kept, and prices are exact."""
    book = sqlite3.connect(":memory:")
    book.executescript(GNUCASH)
    book.execute("INSERT INTO commodities VALUES ('mine', 'CURRENCY', 'USD', 'US Dollar', '840', 100, 1, 'x', '')")
    sql = (exported / "prices.gnucash").read_text(encoding="utf-8")
    book.executescript(sql)
    before = book.execute("SELECT * FROM prices ORDER BY guid").fetchall()
    book.executescript(sql)
    assert book.execute("SELECT * FROM prices ORDER BY guid").fetchall() == before
    found = book.execute("SELECT mnemonic, guid, fraction FROM commodities ORDER BY mnemonic").fetchall()
    assert [row[0] for row in found] == ["CHF", "EUR", "GBP", "IDR", "JPY", "USD"]
    assert {row[0]: row[1] for row in found}["USD"] == "mine"
    assert {row[0]: row[2] for row in found}["JPY"] == 1
    rows = book.execute(
        "SELECT a.mnemonic, b.mnemonic, substr(date, 1, 10), value_num, value_denom FROM prices "
        "JOIN commodities a ON a.guid = commodity_guid JOIN commodities b ON b.guid = currency_guid"
    ).fetchall()
    assert len(rows) == len(PAIRS) * 256
    for base, symbol, day, numerator, denominator in rows:
        _, quoted = history.row(date.fromisoformat(day)) or (None, {})
        legs = {"EUR": Fraction(1), **{code: Fraction(rate) for code, rate in quoted.items()}}
        assert Fraction(numerator, denominator) == legs[symbol] / legs[base]


@pytest.mark.slow
def test_gnucash_tables_of_postgresql(exported: Path) -> None:
    """The same SQL runs on the tables of a book in PostgreSQL, where a price's date is a timestamp."""
    psycopg = pytest.importorskip("psycopg", reason="psycopg is not installed")
    if not programs():
        pytest.skip("no PostgreSQL server: install Debian's package postgresql")
    tables = re.sub(r"\btext\((\d+)\)", r"varchar(\1)", GNUCASH).replace("date varchar(19)", "date timestamp")
    with server() as url, psycopg.connect(url, autocommit=True) as book:
        book.execute(tables)
        for _ in range(2):
            book.execute((exported / "prices.gnucash").read_text(encoding="utf-8"))
        assert book.execute("SELECT count(*) FROM prices").fetchone() == (len(PAIRS) * 256,)
        euros = "SELECT value_num, value_denom FROM prices WHERE date::date = '2024-12-31' AND value_denom = 10000"
        assert book.execute(euros).fetchall() == [(10389, 10000)]


@pytest.mark.slow
def test_gnucash_through_piecash(exported: Path) -> None:
    """A book that piecash makes takes the SQL, and piecash reads the prices from it."""
    python = shutil.which("python", path=str(Path(sys.executable).parent)) or sys.executable
    if subprocess.run([python, "-W", "ignore", "-c", "import piecash"], capture_output=True, check=False).returncode:
        pytest.skip("piecash is not installed, or does not work with this Python")
    script = """
import sqlite3, sys, piecash
from pathlib import Path
folder = Path(sys.argv[1])
path = str(folder / "book.gnucash")
book = piecash.create_book(path, currency="USD", overwrite=True)
book.save()
book.close()
base = sqlite3.connect(path)
base.executescript((folder / "prices.gnucash").read_text(encoding="utf-8"))
base.close()
book = piecash.open_book(path)
for price in book.prices:
    if str(price.date) == "2024-12-31" and price.commodity.mnemonic == "EUR":
        print(price.currency.mnemonic, price.value)
"""
    assert output(python, "-W", "ignore", "-c", script, exported) == "USD 1.0389\n"


def test_origins(exported: Path) -> None:
    """Each price names its publisher, and how it was had; the head names the publisher in full, and its source."""
    lines = (exported / "prices.beancount").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("; ecb: European Central Bank, reference rates, https://www.ecb.europa.eu/")
    assert "2024-12-31 price EUR 1.0389 USD ; ecb, published" in lines
    cross = "ecb, cross of EUR/USD 1.0389 and EUR/GBP 0.82918"
    assert f"2024-12-31 price USD 0.7981326402926171912599865242 GBP ; {cross}" in lines
    days = [line[:10] for line in lines if line[:1] == "2"]
    assert days == sorted(days)


def test_a_name_with_a_quote(monkeypatch: pytest.MonkeyPatch) -> None:
    """A quote in the name of a currency ends no text of the SQL."""
    monkeypatch.setattr("rates.present.ledgers.name", lambda code: f"{code}'s '; name")
    book = sqlite3.connect(":memory:")
    book.executescript(GNUCASH)
    price = Price(date(2024, 12, 31), "WST", "TOP", Decimal("0.84"), "", "own")
    book.executescript(ledger_text([price], "gnucash"))
    names = book.execute("SELECT mnemonic, fullname FROM commodities ORDER BY mnemonic").fetchall()
    assert names == [("TOP", "TOP's '; name"), ("WST", "WST's '; name")]


@given(st.decimals(Decimal("1e-8"), Decimal("1e8"), places=12))
def test_fractions_are_exact(rate: Decimal) -> None:
    """A rate of as many digits as publishers give is an exact fraction of 64-bit numbers."""
    if rate:
        assert fraction(rate) == Fraction(rate) or max(Fraction(rate).numerator, Fraction(rate).denominator) > 2**63


@given(st.integers(1, 10**8), st.integers(1, 10**8))
def test_a_cross_is_the_fraction_of_its_figures(top: int, below: int) -> None:
    """The fraction behind 28 digits of a cross is found again."""
    found = fraction(Decimal(top) / Decimal(below))
    assert found == Fraction(top, below)
    assert max(found.numerator, found.denominator) < 2**63
