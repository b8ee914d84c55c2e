from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from rates.model import ONE, Quote
from rates.present.conversions import HEADERS, Converted, conversion_text, figures
from rates.settings import Settings
from rates.store.records import Rate

SUNDAY, FRIDAY, MONDAY = date(2020, 3, 1), date(2020, 2, 28), date(2020, 3, 2)
LATEST = Settings(offline=True, today="2020-03-03")
ASKED = LATEST.with_values(on=SUNDAY)


def rate(day: date = FRIDAY, asked: date = SUNDAY, symbol: str = "EUR", **more: object) -> Rate:
    """The dollar in euros, inverse of what the ECB has published."""
    known = Rate(
        "USD", symbol, Decimal("0.9109957183201238954176915368"), asked, day, None, "inverse", "ecb", 5,
        (Quote("EUR", "USD", Decimal("1.0977"), day),), exact=(ONE, Decimal("1.0977")),
    )  # fmt: skip
    return known._replace(**more)  # type: ignore[arg-type]


def lines(*rates: Rate, settings: Settings = ASKED, digits: int | None = None, width: int | None = 80) -> list[str]:
    """The lines under the results."""
    text = conversion_text([Converted(Decimal(100), one, digits) for one in rates], settings, width)
    return text.partition("\n\n")[2].splitlines()


@pytest.mark.parametrize(
    ("when", "used", "shown"),
    [
        ("exact", SUNDAY, ["ecb · reference · Sun 2020-03-01 (the day asked for)"]),
        ("previous", FRIDAY, ["ecb · reference · Fri 2020-02-28 (2 days earlier)",
                              "asked for 2020-03-01, a Sunday: these are the newest rates up to then"]),
        ("next", MONDAY, ["ecb · reference · Mon 2020-03-02 (1 day later)",
                          "asked for 2020-03-01, a Sunday: these are the first rates from then on"]),
        ("before", FRIDAY, ["ecb · reference · Fri 2020-02-28 (2 days earlier)",
                            "asked for 2020-03-01, a Sunday: these are the newest rates before that day"]),
        ("nearest", MONDAY, ["ecb · reference · Mon 2020-03-02 (1 day later)",
                             "asked for 2020-03-01, a Sunday: these are the rates of the nearest day"]),
    ],
)  # fmt: skip
def test_each_rule_is_shown(when: str, used: date, shown: list[str]) -> None:
    """The day used, how far it is from the day asked for, and the rule by which it was chosen; 80 columns suffice."""
    found = lines(rate(used), settings=ASKED.with_values(when=when))
    assert found == ["1 USD = 0.91100 EUR, inverse", *shown, "rounded to ISO 4217 decimals, half-even"]
    assert max(map(len, found)) <= 80


@pytest.mark.parametrize(
    ("amount", "symbol", "words"),
    [
        ("0.02", "EUR", ""),
        ("0.001", "EUR", " (four digits of a smaller amount)"),
        ("100", "XAU", " (4 for XAU, of which it defines none)"),
        ("0", "EUR", ""),
    ],
)
def test_what_has_other_decimals_than_those_of_iso(amount: str, symbol: str, words: str) -> None:
    """An amount below them, or of a currency without any, is not said to be rounded to them."""
    text = conversion_text([Converted(Decimal(amount), rate(symbol=symbol))], ASKED, 80)
    assert text.splitlines()[-1] == f"rounded to ISO 4217 decimals{words}, half-even"


def test_the_latest_rates_have_an_age() -> None:
    """Without a day the age counts from today."""
    assert lines(rate(asked=date(2020, 3, 3)), settings=LATEST)[1] == "ecb · reference · Fri 2020-02-28 (4 days old)"


def test_a_period() -> None:
    """A rate of a period has its first and last day, and no age within it."""
    period = rate(date(2020, 1, 1), valid_to=date(2020, 6, 30), provider="own", how="own", source="own", digits=28)
    assert lines(period)[1:3] == [
        "own · your own rates · valid from 2020-01-01 to 2020-06-30",
        "asked for 2020-03-01, a Sunday of that period",
    ]
    assert lines(period._replace(valid_to=date.max), settings=LATEST)[1] == (
        "own · your own rates · valid from 2020-01-01"
    )


def test_several_publishers_and_days() -> None:
    """Each publisher has its caption, and a rate of an earlier day than others of it has its day."""
    found = lines(rate(), rate(date(2020, 2, 27), symbol="CHF"), rate(symbol="JPY", provider="nbp"))
    assert found == [
        "1 USD = 0.91100 EUR, inverse",
        "1 USD = 0.91100 CHF, inverse, of 2020-02-27",
        "ecb · reference · Fri 2020-02-28 (2 days earlier)",
        "asked for 2020-03-01, a Sunday: these are the newest rates up to then",
        "1 USD = 0.91100 JPY, inverse",
        "nbp · mid · Fri 2020-02-28 (2 days earlier)",
        "asked for 2020-03-01, a Sunday: these are the newest rates up to then",
        "rounded to ISO 4217 decimals, half-even",
    ]


def test_where_rates_are_from() -> None:
    """The history in the package is named, and a figure from the store has the time of its answer."""
    assert "offline: the ECB's history in this package" in lines(rate(source="ecb-history"))[3]
    assert lines(rate(source="ecb-history", provider="erapi"))[1] == (
        "erapi · simulated from ECB reference rates · Fri 2020-02-28 (2 days earlier)"
    )
    kept = rate(source="store", fetched=datetime(2020, 2, 28, 16, 5, tzinfo=UTC))
    assert lines(kept)[3] == "from the store, fetched on 2020-02-28 16:05 UTC"
    text = conversion_text([Converted(ONE, rate())], ASKED, None, lock="rates.lock")
    assert "\nlocked: the rates are those of rates.lock\n" in text


@pytest.mark.parametrize(
    ("ratios", "digits", "shown"),
    [
        (((), ()), None, "rounded to ISO 4217 decimals, half-even"),
        ((("1 EUR = 2 X",), ()), None, "rounded to ISO 4217 decimals, half-even, half-up by fixed ratios"),
        ((("1 EUR = 2 X",), ("1 EUR = 2 X",)), None, "rounded to ISO 4217 decimals, half-up"),
        (((), ()), 4, "rounded to 4 decimals, half-even"),
        (((), ()), 1, "rounded to 1 decimal, half-even"),
    ],
)
def test_the_rounding_is_stated(ratios: tuple[tuple[str, ...], ...], digits: int | None, shown: str) -> None:
    """Once for all results, with the decimals and what becomes of a half."""
    assert lines(*(rate(ratios=one) for one in ratios), digits=digits)[-1] == shown


@pytest.mark.parametrize(
    ("amount", "digits", "symbol", "result"),
    [
        ("0.5", None, "JPY", "0.5000"),
        ("1.5", None, "JPY", "2"),
        ("2.5", None, "JPY", "2"),
        ("2.345", None, "EUR", "2.34"),
        ("2.345", 4, "EUR", "2.3450"),
        ("2.345", 0, "EUR", "2"),
        ("0.00012345", None, "EUR", "0.0001234"),
        ("0.00012345", 2, "EUR", "0.00"),
    ],
)
def test_decimals(amount: str, digits: int | None, symbol: str, result: str) -> None:
    """ISO 4217's decimals, or as many as asked for, halves to even; only by default a small amount keeps digits."""
    one = Converted(Decimal(amount), rate(symbol=symbol, rate=ONE, exact=(ONE, ONE)), digits)
    assert figures([one]) == result


def test_rows() -> None:
    """Programs get the exact product, the day asked for, the rule, the day used and its age."""
    settings = ASKED.with_values(format="json")
    (row,) = json.loads(conversion_text([Converted(Decimal(100), rate())], settings, None), parse_float=str)
    assert tuple(row) == HEADERS
    assert row == {
        "amount": 100, "base": "USD", "result": "91.09957183201238954176915368", "symbol": "EUR",
        "rate": "0.9109957183201238954176915368", "how": "inverse", "provider": "ecb", "day": "2020-02-28",
        "valid_to": None, "asked": "2020-03-01", "when": "previous", "age_days": 2, "fixed": None, "pegged": None,
        "offline": False, "source": None, "simulated": None,
    }  # fmt: skip
    text = conversion_text([Converted(Decimal(100), rate(), 2)], settings.with_values(format="csv"), None)
    assert text.splitlines()[1].startswith("100,USD,91.10,EUR,")
