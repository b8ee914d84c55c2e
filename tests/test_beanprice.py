"""The source of prices, run by the real `bean-price`, without a network."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest

pytest.importorskip("beanprice", reason="beanprice is not installed")

RUN = "from beanprice.price import main; main()"
BOOK = """
2020-01-01 open Assets:Euro
2020-01-01 open Assets:Zloty
2020-01-01 open Equity:Opening
2020-01-01 commodity EUR
  price: "USD:rates.beanprice/EUR-USD"
2020-01-01 commodity PLN
  price: "USD:rates.beanprice/ecb:PLN-USD EUR:rates.beanprice/^EUR-PLN"
2020-01-02 * "opening"
  Assets:Euro   1234.56 EUR
  Equity:Opening
2020-01-02 * "opening"
  Assets:Zloty  100.00 PLN
  Equity:Opening
"""


def bean_price(folder: Path, *args: str, zone: str = "UTC") -> tuple[str, str]:
    """What `bean-price` prints on standard output and standard error."""
    environ = {**os.environ, "RATES_OFFLINE": "1", "TZ": zone, "HOME": str(folder), "RATES_TODAY": "2026-11-01"}
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "RATES_CONFIG"):
        environ.pop(name, None)
    command = [sys.executable, "-W", "ignore", "-c", RUN, "--no-cache", *args]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, env=environ, cwd=folder)
    return ran.stdout, ran.stderr


@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles", "Pacific/Auckland", "Pacific/Kiritimati"])
def test_a_price_of_a_day(tmp_path: Path, zone: str) -> None:
    """A Sunday has the rate of the Friday before, with the Friday's date in every time zone."""
    out, err = bean_price(tmp_path, "-e", "USD:rates.beanprice/EUR-USD", "--date", "2020-03-01", zone=zone)
    assert err == ""
    assert out.split() == ["2020-02-28", "price", "EUR-USD", "1.0977", "USD"]


def test_the_latest_price(tmp_path: Path) -> None:
    """Without a date the newest rate is printed, here of a given provider."""
    out, err = bean_price(tmp_path, "-e", "USD:rates.beanprice/ecb:EURUSD")
    assert err == ""
    assert out.split()[0] == "2026-10-30"
    assert out.split()[3:] == ["1.1172", "USD"]


def test_the_holdings_of_a_book(tmp_path: Path) -> None:
    """bean-price finds the currencies of a book and their sources, and Beancount reads what it prints."""
    book = tmp_path / "book.beancount"
    book.write_text(BOOK, encoding="utf-8")
    out, err = bean_price(tmp_path, "--inactive", "--date", "2024-12-31", str(book))
    assert err == ""
    found = {tuple(line.split()[2:5:2]): line.split() for line in out.splitlines()}
    assert set(found) == {("EUR", "USD"), ("PLN", "USD"), ("PLN", "EUR")}
    assert found[("EUR", "USD")][:4] == ["2024-12-31", "price", "EUR", "1.0389"]
    script = (
        "import sys\nfrom beancount import loader\n"
        "entries, errors, _ = loader.load_string(sys.stdin.read())\nprint(len(entries), errors)"
    )
    ran = subprocess.run([sys.executable, "-W", "ignore", "-c", script], input=BOOK + out, capture_output=True,
                         text=True, check=True, timeout=60)  # fmt: skip
    assert ran.stdout == "10 []\n"


@pytest.mark.parametrize(
    ("ticker", "message"),
    [
        ("EUR-USB", "did you mean USD"),
        ("EUR", "not a pair: 'EUR'; write it like EUR-USD"),
        ("nowhere:EUR-USD", "nowhere"),
    ],
)
def test_what_has_no_price(tmp_path: Path, ticker: str, message: str) -> None:
    """A ticker without a price is no crash of bean-price: it says why, and goes on."""
    out, err = bean_price(tmp_path, "-e", f"USD:rates.beanprice/{ticker}", "--date", "2020-03-01")
    assert out == ""
    assert message in err
    assert "Traceback" not in err


def test_a_series(monkeypatch: pytest.MonkeyPatch) -> None:
    """A series has each published day between two moments, which know their zones."""
    from rates.beanprice import Source

    monkeypatch.setenv("RATES_OFFLINE", "1")
    begin = datetime(2024, 12, 27, 16, tzinfo=UTC)
    found = Source().get_prices_series("EUR-USD", begin, begin + timedelta(days=4))
    assert found is not None
    assert [(one.price, one.time.astimezone().date()) for one in found] == [
        (Decimal("1.0435"), date(2024, 12, 27)),
        (Decimal("1.0444"), date(2024, 12, 30)),
        (Decimal("1.0389"), date(2024, 12, 31)),
    ]
    assert {one.quote_currency for one in found} == {"USD"}
    assert all(one.time.tzinfo is not None for one in found)
    assert Source().get_prices_series("EUR-XAF", begin, begin) is None
    late = datetime(2024, 12, 27, 23, 30, tzinfo=timezone(timedelta(hours=-1)))
    assert Source().get_historical_price("EUR-USD", late) is not None
