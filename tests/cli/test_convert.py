from __future__ import annotations

import json
import re

import pytest

from tests.cli.conftest import Run


@pytest.mark.parametrize(
    ("amount", "line"),
    [
        ("100", "100 USD = 89.51 EUR"),
        ("1e5", "100000 USD = 89509.49 EUR"),
        ("1_000.50", "1000.50 USD = 895.54 EUR"),
        ("1,000.50", "1000.50 USD = 895.54 EUR"),
        ("1.000,50", "1000.50 USD = 895.54 EUR"),
        ("1'000.50", "1000.50 USD = 895.54 EUR"),
        ("1 000", "1000 USD = 895.09 EUR"),
        ("1,000,000", "1000000 USD = 895094.88 EUR"),
        ("1.000.000", "1000000 USD = 895094.88 EUR"),
        ("12,34,567.5", "1234567.5 USD = 1105055.05 EUR"),
        ("99,95", "99.95 USD = 89.46 EUR"),
        ("1.0000", "1.0000 USD = 0.90 EUR"),
        ("1.000,5", "1000.5 USD = 895.54 EUR"),
        ("0.125", "0.125 USD = 0.11 EUR"),
        ("0,125", "0.125 USD = 0.11 EUR"),
        ("1234.567", "1234.567 USD = 1105.05 EUR"),
        ("1'234", "1234 USD = 1104.55 EUR"),
        ("1 234,567", "1234.567 USD = 1105.05 EUR"),
        ("1.234e3", "1234 USD = 1104.55 EUR"),
        (".5", "0.5 USD = 0.45 EUR"),
        ("+5", "5 USD = 4.48 EUR"),
        ("-5", "-5 USD = -4.48 EUR"),
        ("0", "0 USD = 0.00 EUR"),
        ("-0", "0 USD = 0.00 EUR"),
        ("0.0001", "0.0001 USD = 0.00008951 EUR"),
        ("9" * 35, f"{'9' * 35} USD = 89509488005728607232366630860000000.00 EUR"),
    ],
)
def test_amounts(run: Run, amount: str, line: str) -> None:
    """Any plain number is converted, rounded to minor units; an amount that would become 0 keeps four digits."""
    ran = run("convert", amount, "USD", "EUR", "--offline")
    assert ran.status == 0
    assert ran.out.splitlines()[0] == line


@pytest.mark.parametrize(
    "amount",
    [
        "1,000.50,5",
        "12,34.5",
        "10 00",
        "abc",
        "nan",
        "inf",
        "",
        "٣",
        "１００",
        "1e400",
        "1__0",
        "_1",
        "0x10",
        "9" * 5000,
        "--",
        "USD",
    ],
)
def test_no_amount(run: Run, amount: str) -> None:
    """The message about another amount is short, and shows how to write one."""
    ran = run("convert", "--offline", "--", amount, "USD", "EUR")
    assert ran.status == 2
    assert not ran.out
    assert "write it like 100 or 99.95" in ran.err
    assert len(ran.err) < 300


def test_exact_for_programs(run: Run) -> None:
    """Programs get the exact product, never in scientific notation, with rate, publisher and day."""
    ran = run("convert", "1e5", "usd", "jpy,eur", "EUR", "--offline", "--format", "json")
    rows = json.loads(ran.out, parse_float=str, parse_int=str)
    assert [(row["amount"], row["result"], row["symbol"]) for row in rows] == [
        ("100000", "15725026.85284640171858216971", "JPY"),
        ("100000", "89509.48800572860723236663086", "EUR"),
    ]
    assert rows[0]["day"] == "2026-10-30"


def test_same_currency(run: Run) -> None:
    """One unit of a currency is one unit of itself."""
    ran = run("convert", "5", "USD", "USD", "--offline")
    assert ran.status == 0
    assert ran.out.startswith("5 USD = 5.00 USD\n")


def test_another_day(run: Run) -> None:
    """A conversion for a Sunday states that it uses the Friday's rates."""
    ran = run("convert", "5", "USD", "EUR", "--on", "2020-03-01", "--offline")
    assert ran.status == 0
    assert "asked for 2020-03-01, a Sunday" in ran.out


def test_each_rate_has_its_day(run: Run, recording: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rate of an earlier day than the others, as of the NBP's weekly table, is named with it."""
    monkeypatch.delenv("RATES_TODAY")
    args = ("convert", "100", "PLN", "USD", "MGA", "--provider", "nbp", "--replay", recording)
    assert run(*args).out.splitlines()[3:] == [
        "1 PLN = 0.27178 USD, inverse",
        "1 PLN = 1230 MGA (fewer than four significant digits behind it), inverse, of 2026-10-28",
        "nbp · mid · Fri 2026-10-30 (today)",
        "offline: a recording; ages count to 2026-10-30",
        "rounded to ISO 4217 decimals, half-even",
    ]
    rows = json.loads(run(*args, "--format", "json").out)
    assert [(row["day"], row["offline"], row["source"]) for row in rows] == [
        ("2026-10-30", True, "recording"), ("2026-10-28", True, "recording")
    ]  # fmt: skip
    assert "of 2026" not in run(*args[:4], "MGA", *args[5:]).out.splitlines()[2]  # alone it has the caption's day


def test_every_failed_provider_of_the_chain_is_named(run: Run) -> None:
    """If no publisher has the currency, stderr has the reason of each one asked, and the status is 3."""
    ran = run("convert", "5", "XAU", "USD", "--offline", "--provider", "frankfurter,ecb,erapi,nbp")
    assert ran.status == 3
    assert not ran.out
    assert [word for word in ("frankfurter:", "ecb:", "erapi:", "nbp:") if word in ran.err] == [
        "frankfurter:",
        "ecb:",
        "erapi:",
        "nbp:",
    ]


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ((), "missing argument 'AMOUNT'"),
        (("5",), "missing argument 'FROM'"),
        (("5", "USD"), "missing argument 'TO…'"),
        (("1,000", "USD", "EUR"), "'1,000' is not clear: it may be 1000 or 1.000; write 1000 or 1.0000"),
        (("1.234", "USD", "EUR"), "'1.234' is not clear: it may be 1234 or 1.234; write 1234 or 1.2340"),
        (("12.345USD", "EUR"), "'12.345' is not clear: it may be 12345 or 12.345"),
        (("-123.456", "USD", "EUR"), "'-123.456' is not clear: it may be -123456 or -123.456"),
        (("€1.234", "USD"), "'1.234' is not clear"),
        (("1,234e3", "USD", "EUR"), "'1,234e3' is not clear"),
        (("USD", "5", "EUR"), "not an amount: 'USD'"),
        (("5", "USDD", "EUR"), "unknown currency 'USDD'; did you mean USD"),
        (("5", "to", "EUR"), "missing argument 'TO…', the currency to convert into; like: 5 EUR USD"),
        (("5", "USD", "EUR", "--formt", "json"), "no such option: --formt; did you mean --format?"),
        (("5", "JPy", "EUR"), "'JPy' is not clear: exchanges write hundredths with a small last letter"),
        (("5", "VED", "USD", "--on", "2020-03-02"), "no rates of 2020-03-02: VED began on 2021-10-01"),
        (("5", "USD", "EUR", "--provider", "ebc"), "did you mean ecb?"),
    ],
)
def test_wrong_usage(run: Run, args: tuple[str, ...], message: str) -> None:
    """The message names the missing or wrong argument."""
    ran = run("convert", *args)
    assert ran.status == 2
    assert message in ran.err
    assert ran.err.startswith("rates: ")
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize(
    "line",
    [
        "100 USD EUR",
        "100USD EUR",
        "100usd/eur",
        "100 USD to EUR",
        "100 USDEUR",
        "convert 100 USD in EUR",
        "convert 100 USD -> EUR",
        "convert 100 usd = eur",
        "--provider ecb 100 USD EUR",
        "--provider=ecb 100 USD EUR",
        "--when nearest 100 USD EUR",
        "--max-age 7 --when nearest 100 USD EUR",
    ],
)
def test_forms(run: Run, line: str) -> None:
    """A conversion may be typed with or without the command, spaces and a word between the currencies."""
    ran = run(*line.split(), "--offline")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith("100 USD = 89.51 EUR\n")


@pytest.mark.parametrize("flags", [("--when", "exact"), ("--rule", "uk-vat"), ("--to", "GBP")])
def test_options_of_convert_may_come_first(run: Run, flags: tuple[str, ...]) -> None:
    """The value of an option that `convert` alone has is not the first word: the answer is that of `convert`."""
    words = ("100", "USD", "EUR", "--offline")
    assert run(*flags, *words) == run("convert", *words, *flags)


@pytest.mark.parametrize("fmt", ["github", "grid", "html", "tsv", "plain"])
def test_formats_of_tables(run: Run, fmt: str) -> None:
    """Each format of tables has a row for each result, and what the lines say of the rates under it."""
    words = ("convert", "100", "USD", "EUR", "JPY", "DEM", "--on", "2020-03-01", "--offline")
    ran = run(*words, "--format", fmt)
    assert (ran.status, ran.err) == (0, "")
    text = re.sub(r"</?[^>]*>|[|+=\t]", " ", ran.out)
    lines = [" ".join(line.split()) for line in text.splitlines()]
    table = " ".join(lines)
    assert "amount from result to rate how publisher day" in table
    assert "100 USD 91.10 EUR 0.91100 inverse ecb 2020-02-28" in table
    assert "asked for 2020-03-01, a Sunday: these are the newest rates up to then" in table
    assert "rounded to ISO 4217 decimals" in table


def test_a_table_for_github(run: Run) -> None:
    """The cells, and an empty line between the table and the notes; figures alone have no table."""
    ran = run("convert", "100", "EUR", "USD", "DEM", "--offline", "--format", "github")
    lines = ran.out.splitlines()
    assert [cell.strip() for cell in lines[0].split("|")[1:-1]] == [
        "amount", "from", "result", "to", "rate", "how", "publisher", "day",
    ]  # fmt: skip
    assert [cell.strip() for cell in lines[3].split("|")[1:-1]] == [
        "100", "EUR", "195.58", "DEM", "1.95583", "fixed", "", "",
    ]  # fmt: skip
    assert lines[4] == ""
    assert run("convert", "100", "EUR", "USD", "--offline", "--format", "github", "-q").out.count("\n") == 1


def test_more_forms(run: Run) -> None:
    """Negative amounts, groups as words, signs, several targets, and a sentence in quotes."""
    for line, first in (
        (("-5", "USD", "EUR"), "-5 USD = -4.48 EUR"),
        (("1", "000", "USD", "EUR"), "1000 USD = 895.09 EUR"),
        (("€20", "USD"), "20 EUR = 22.34 USD"),
        (("20", "EUR", "in", "USD,JPY", "CHF"), "20 EUR = 22.34 USD"),
        (("20 EUR to USD",), "20 EUR = 22.34 USD"),
    ):
        ran = run(*line, "--offline")
        assert (ran.status, ran.out.splitlines()[0]) == (0, first)


@pytest.mark.parametrize(
    ("args", "line"),
    [
        (("5250", "GBX", "EUR"), "5250 GBX = 62.96 EUR"),
        (("5250", "GBp", "EUR"), "5250 GBX = 62.96 EUR"),
        (("5250", "GBP", "EUR"), "5250 GBP = 6296.47 EUR"),
        (("5250", "gbp", "EUR"), "5250 GBP = 6296.47 EUR"),
        (("100", "USD", "GBX"), "100 USD = 7463 GBX"),
        (("150", "ZAc", "ZAR"), "150 ZAC = 1.50 ZAR"),
        (("10", "JEP", "IMP"), "10 JEP = 10.00 IMP"),
        (("1", "JEP", "GBX"), "1 JEP = 100 GBX"),
    ],
)
def test_minor_units_and_par_money(run: Run, args: tuple[str, ...], line: str) -> None:
    """Pence and cents are hundredths, also by their form with a small letter; an island's pound is a pound."""
    ran = run("convert", *args, "--offline")
    assert (ran.status, ran.out.splitlines()[0]) == (0, line)
    assert not re.search(r"(?i)replaced|ended", ran.out)


def test_the_day_by_a_word(run: Run) -> None:
    """A day may be given by its distance from today."""
    days = {"-24d": "2026-10-30", "-4w": "2026-10-26", "2026-10-30": "2026-10-30"}
    for typed, day in days.items():
        assert day in run("convert", "1", "USD", "EUR", "--offline", "--on", typed).out
    assert "2026-11-22" in run("convert", "1", "USD", "EUR", "--offline", "--on", "yesterday").err
