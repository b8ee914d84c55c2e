from __future__ import annotations

import json

import pytest

from tests.cli.conftest import Run


@pytest.mark.parametrize(
    ("amount", "line"),
    [
        ("100", "100 USD = 89.51 EUR"),
        ("1e5", "100000 USD = 89509.49 EUR"),
        ("1_000.50", "1000.50 USD = 895.54 EUR"),
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
        "1,000.50",
        "1 000",
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
        ((), "Missing argument 'AMOUNT'"),
        (("5",), "Missing argument 'FROM'"),
        (("5", "USD"), "Missing argument 'TO…'"),
        (("USD", "5", "EUR"), "not an amount: 'USD'"),
        (("5", "USDD", "EUR"), "unknown currency 'USDD'; did you mean USD"),
        (("5", "USD", "to", "EUR"), "unknown currency 'to'"),
        (("5", "USD", "EUR", "--formt", "json"), "No such option"),
        (("5", "USD", "EUR", "--provider", "ebc"), "did you mean ecb?"),
    ],
)
def test_wrong_usage(run: Run, args: tuple[str, ...], message: str) -> None:
    """The message names the missing or wrong argument."""
    ran = run("convert", *args)
    assert ran.status == 2
    assert message in ran.err
