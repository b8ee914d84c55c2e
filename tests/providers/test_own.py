from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates.errors import Unsupported
from rates.model import Query, Quote
from rates.providers import choices, keys, load
from rates.providers._own import PROVIDER, parse, steps

FOREVER = date.max
JANUARY, JUNE, JULY = date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1)

CSV = b"""base,symbol,rate,day,valid_from,valid_to,note
USD,EUR,0.9105,2026-01-05,,,
gbp,eur,1.1700,,2026-01-01,2026-06-30,"contract 4711,
second page"
GBP,EUR,1.1650,,2026-07-01,,until further notice
"""

TOML = b"""# contract 4711
[[rate]]
base = "USD"
symbol = "EUR"
rate = 0.9105
day = 2026-01-05

[[ rate ]]
base = "GBP"
symbol = "EUR"
rate = "1.1700"
valid_from = "2026-01-01"
valid_to = 2026-06-30
note = "x"

[[rate]]
base = "GBP"
symbol = "EUR"
rate = 1.1650
valid_from = 2026-07-01
"""

QUOTES = (
    Quote("GBP", "EUR", Decimal("1.1700"), JANUARY, JUNE),
    Quote("GBP", "EUR", Decimal("1.1650"), JULY, FOREVER),
    Quote("USD", "EUR", Decimal("0.9105"), date(2026, 1, 5)),
)


def test_both_forms() -> None:
    """CSV and TOML give the same quotes, digit by digit, by pair and day."""
    assert parse(CSV) == parse(TOML) == QUOTES
    assert [str(quote.rate) for quote in parse(TOML)] == ["1.1700", "1.1650", "0.9105"]


@pytest.mark.parametrize(
    "body",
    [
        b"\xef\xbb\xbf" + CSV,
        CSV.replace(b"\n", b"\r\n"),
        CSV.replace(b'"contract 4711,\nsecond page"', b"x").replace(b",", b"\t"),
        CSV.replace(b'"contract 4711,\nsecond page"', b"x").replace(b",", b";").replace(b".", b","),
        CSV + b",,,,,,\n\n",
    ],
)
def test_as_spreadsheets_write_it(body: bytes) -> None:
    """Byte order mark, CRLF, tabs, semicolons with a decimal comma, and empty rows change nothing."""
    assert parse(body) == QUOTES


def test_an_open_period_ends_when_the_next_begins() -> None:
    """Without valid_to a rate holds until the next of its pair, and the last one until further notice."""
    body = b"base,symbol,rate,valid_from\nUSD,EUR,0.93,2026-04-01\nUSD,EUR,0.91,2026-01-01\nUSD,JPY,150,2026-02-01\n"
    assert [(quote.symbol, quote.day, quote.valid_to) for quote in parse(body)] == [
        ("EUR", JANUARY, date(2026, 3, 31)),
        ("EUR", date(2026, 4, 1), FOREVER),
        ("JPY", date(2026, 2, 1), FOREVER),
    ]


HEAD = b"base,symbol,rate,day,valid_from,valid_to\n"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "line 1: no base and no symbol and no rate"),
        (HEAD, "holds no rates"),
        (b"base,symbol,rate\nUSD,EUR,1\n", "line 1: no day and no valid_from"),
        (b"base,symbol,rates,day\n", "line 1: unknown column 'rates'; did you mean rate?"),
        (b"base,symbol,rate,rate,day\n", "line 1: two columns rate"),
        (HEAD + b"USD,EUR,1.1,2026-01-05,,\nUSD,EURO,1.1,2026-01-06,,\n", "line 3: unknown currency 'EURO'"),
        (HEAD + b"USD,EUR,0,2026-01-05,,\n", "line 2: a rate is more than zero, not 0"),
        (HEAD + b"USD,EUR,-1,2026-01-05,,\n", "line 2: a rate is more than zero, not -1"),
        (HEAD + b"USD,EUR,nan,2026-01-05,,\n", "line 2: not a number: 'nan'"),
        (HEAD + b'USD,EUR,"1,234",2026-01-05,,\n', "line 2: not a number: '1,234'"),
        (HEAD + b"USD,USD,2,2026-01-05,,\n", "line 2: USD costs one USD, always"),
        (HEAD + b"USD,EUR,1.1,05.01.2026,,\n", "line 2: day = '05.01.2026' is not a day like 2026-01-05"),
        (HEAD + b"USD,EUR,1.1,,,\n", "line 2: a rate has either a day or a valid_from"),
        (HEAD + b"USD,EUR,1.1,2026-01-05,2026-01-05,\n", "line 2: a rate has either a day or a valid_from"),
        (HEAD + b"USD,EUR,1.1,2026-01-05,,2026-01-06\n", "line 2: a rate of one day has no valid_to"),
        (HEAD + b"USD,EUR,1.1,,2026-01-05,2026-01-04\n", "line 2: valid_to = 2026-01-04 is before valid_from"),
        (HEAD + b"USD,EUR,1.1\n", "line 2 has too few cells"),
        (HEAD + b"EUR,DEM,1.95583,2026-01-05,,\n", "line 2: DEM was replaced by EUR"),
        (HEAD + b"VED,USD,1,2020-01-05,,\n", "line 2: VED began on 2021-10-01"),
        (HEAD + b"GBX,EUR,1,2026-01-05,,\n", "line 2: 1 GBP = 100 GBX: write the rate of GBP"),
        (b"base;symbol;rate;day\nUSD;EUR;1,1;2026-01-05\nUSD;JPY;1.234;2026-01-05\n", "line 3: some rates have a dec"),
        (TOML.replace(b"[[rate]]", b"[[rates]]"), "unknown name 'rates'; the rates are tables"),
        (TOML.replace(b"1.1650", b"0.0"), "line 16: a rate is more than zero"),
        (TOML.replace(b"note", b"remark"), "line 8: unknown column 'remark'"),
        (TOML.replace(b'symbol = "EUR"\nrate = "1', b'rate = "1'), "line 8: no symbol"),
        (b"[[rate]]\nbase = 5", "line 1: no symbol and no rate"),
        (b"[[rate]]\nbase =", "Invalid value"),
    ],
)
def test_wrong_files(body: bytes, message: str) -> None:
    """The message names the line and what is wrong."""
    with pytest.raises(ValueError, match=re.escape(message)):
        parse(body)


@pytest.mark.parametrize(
    ("rows", "both"),
    [
        (b"USD,EUR,1.1,2026-01-05,,\nUSD,EUR,1.2,2026-01-05,,\n", "lines 2 and 3: two rates of USD/EUR for 2026-01-05"),
        (b"USD,EUR,1.1,,2026-01-10,2026-02-01\nGBP,EUR,1,2026-01-05,,\nUSD,EUR,1.1,,2026-01-01,2026-01-10\n",
         "lines 2 and 4: two rates of USD/EUR for 2026-01-10"),
        (b"USD,EUR,1.1,,2026-01-01,\nUSD,EUR,1.2,2026-03-05,,\n", "lines 2 and 3: two rates of USD/EUR for 2026-03-05"),
        (b"USD,EUR,1.1,,2026-01-01,\nUSD,EUR,1.2,,2026-01-01,\n", "lines 2 and 3: two rates of USD/EUR for 2026-01-01"),
    ],
)  # fmt: skip
def test_two_rates_for_one_day(rows: bytes, both: str) -> None:
    """Two rates of one pair that hold on one day are refused, with the lines of both."""
    with pytest.raises(ValueError, match=both):
        parse(HEAD + rows)


def test_each_direction_may_have_a_rate() -> None:
    """A bank's counter has a buying and a selling rate: one for each direction."""
    assert len(parse(HEAD + b"USD,EUR,0.90,2026-01-05,,\nEUR,USD,1.08,2026-01-05,,\n")) == 2


def test_a_provider_by_name_alone() -> None:
    """`own` may stand in a chain, but is no member of any group, and is never asked over the network."""
    assert "own" in choices()
    assert "own" not in keys()
    assert load("own").PROVIDER is PROVIDER
    with pytest.raises(Unsupported, match="from a file"):
        steps(Query("USD"))
