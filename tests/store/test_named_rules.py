"""The rules of law: the day that each asks for, worked out by hand from its text and a calendar on the wall."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest

from rates import providers
from rates.errors import NoRates, UsageError
from rates.settings.days import span
from rates.store.history_source import HistorySource
from rates.store.lookup import look_up
from rates.store.named_rules import RULES, checked, checked_into, day_of, named
from tests.store.listed import Listed, quote

TODAY = date(2026, 10, 31)  # a Saturday; the history ends the day before

# Directive 2006/112/EC, Articles 366 and 369h: "the exchange rate applying on the last date of the tax period …
# published by the European Central Bank for that day, or, if there is no publication on that day, on the next day of
# publication". A row: the time given, the last day of its quarter, the day used.
ONE_STOP_SHOP = (
    ("2015-Q1", "2015-03-31", "2015-03-31"),  # Tuesday
    ("2016-Q4", "2016-12-31", "2017-01-02"),  # Saturday; Sunday is New Year's Day
    ("2018-Q1", "2018-03-31", "2018-04-03"),  # Saturday; 2 April is Easter Monday
    ("2021-Q4", "2021-12-31", "2021-12-31"),  # Friday
    ("2023-Q4", "2023-12-31", "2024-01-02"),  # Sunday, then New Year's Day
    ("2024-Q1", "2024-03-31", "2024-04-02"),  # Easter Sunday, then Easter Monday
    ("2024-Q2", "2024-06-30", "2024-07-01"),  # Sunday
    ("2026-Q1", "2026-03-31", "2026-03-31"),  # Tuesday
    ("2026-01-01", "2026-03-31", "2026-03-31"),  # any day stands for its quarter, also the first …
    ("2026-03-31", "2026-03-31", "2026-03-31"),  # … and the last
    ("2026-07-01", "2026-09-30", "2026-09-30"),  # Wednesday
)
# Article 369u: the same by months.
IMPORT_SHOP = (
    ("2021-07", "2021-07-31", "2021-08-02"),  # Saturday
    ("2022-04", "2022-04-30", "2022-05-02"),  # Saturday; 1 May, a day without rates, is the Sunday
    ("2021-12", "2021-12-31", "2021-12-31"),  # Friday
    ("2024-02", "2024-02-29", "2024-02-29"),  # Thursday of a leap year
    ("2026-02-03", "2026-02-28", "2026-03-02"),  # Saturday
    ("2025-11-30", "2025-11-30", "2025-12-01"),  # Sunday
)
# Implementing Regulation (EU) 2015/2447, Article 146: "the rate published on the penultimate Wednesday of every month",
# for "a month, starting on the first day of the following month".
CUSTOMS = (
    ("2016-05-01", "2016-04-20", "2016-04-20"),  # Wednesdays 6, 13, 20, 27; the first day of the regulation
    ("2020-05", "2020-04-22", "2020-04-22"),  # 1, 8, 15, 22, 29
    ("2024-03-31", "2024-02-21", "2024-02-21"),  # 7, 14, 21, 28
    ("2025-01-31", "2024-12-18", "2024-12-18"),  # 4, 11, 18, and Christmas Day
    ("2026-01-01", "2025-12-24", "2025-12-24"),  # 3, 10, 17, 24, 31
    ("2026-03-14", "2026-02-18", "2026-02-18"),  # 4, 11, 18, 25
    ("2026-10-31", "2026-09-23", "2026-09-23"),  # 2, 9, 16, 23, 30
)


@pytest.mark.parametrize(
    ("name", "cases"), [("eu-oss", ONE_STOP_SHOP), ("eu-ioss", IMPORT_SHOP), ("eu-customs", CUSTOMS)]
)
def test_of_the_ecb(name: str, cases: Sequence[tuple[str, str, str]]) -> None:
    """The day asked for, and the day on which the ECB's own history has the rate."""
    rule, source = named(name), HistorySource()
    for given, asked, used in cases:
        day = day_of(rule, span(given), TODAY)
        assert str(day) == asked, given
        rate = look_up("USD", "EUR", day, rule.lookup, (rule.publisher,), (source,))
        assert (str(rate.day), checked(rule, rate, TODAY)) == (used, rate), given


def test_customs_without_a_publication_that_wednesday() -> None:
    """Article 146(2): "Where no rate has been published on that day, the most recent published rate applies"."""
    rule = named("eu-customs")
    source = Listed("ecb", [quote("EUR/USD", "1.1", "2026-02-17"), quote("EUR/USD", "1.2", "2026-02-19")])
    rate = look_up("USD", "EUR", day_of(rule, span("2026-03"), TODAY), rule.lookup, ("ecb",), (source,))
    assert str(rate.day) == "2026-02-17"


# Polish VAT Act, Article 31a(1): "the middle rate … published by the National Bank of Poland on the last working day
# before the day of the tax point". The days of table A around feasts, and the day used for each tax point.
TABLE_A = (
    "2025-12-22", "2025-12-23", "2025-12-29", "2026-01-05", "2026-01-07", "2026-03-11", "2026-03-12", "2026-04-02",
    "2026-04-03", "2026-04-07", "2026-06-02", "2026-06-03", "2026-06-05", "2026-10-30",
)  # fmt: skip
TAX_POINTS = (
    ("2025-12-24", "2025-12-23"),  # Christmas Eve, free since 2025
    ("2025-12-29", "2025-12-23"),  # the Monday after Christmas: 24 to 28 are free
    ("2026-01-07", "2026-01-05"),  # the day after Epiphany
    ("2026-03-12", "2026-03-11"),  # a Thursday with a rate of its own, which is not used
    ("2026-04-03", "2026-04-02"),  # Good Friday is a working day
    ("2026-04-05", "2026-04-03"),  # Easter Sunday
    ("2026-04-07", "2026-04-03"),  # the Tuesday after Easter
    ("2026-06-05", "2026-06-03"),  # the day after Corpus Christi
    ("2026-10-31", "2026-10-30"),  # Saturday
)


def test_of_poland() -> None:
    """The newest rate strictly before the day, also where the day has one."""
    rule = named("pl-vat")
    source = Listed("nbp", [quote("USD/PLN", "3.9", day) for day in TABLE_A])
    for given, used in TAX_POINTS:
        rate = look_up("USD", "PLN", day_of(rule, span(given), TODAY), rule.lookup, ("nbp",), (source,))
        assert str(rate.day) == used, given


# The period that holds the day, and no neighbour's. HMRC: a calendar month; BAZG: the days in `gueltigkeit`, of a
# Friday's list Saturday to Monday; ESTV and BMF: a calendar month; Treasury: the row of 31 December, and no other.
PERIODS = {
    "hmrc": [("GBP/USD", "1.34", "2026-02-01", "2026-02-28"), ("GBP/USD", "1.35", "2026-03-01", "2026-03-31")],
    "bazg": [("USD/CHF", "0.81", "2026-10-24", "2026-10-26"), ("USD/CHF", "0.82", "2026-10-27", "2026-10-27")],
    "estv": [("USD/CHF", "0.80", "2026-09-01", "2026-09-30"), ("USD/CHF", "0.79", "2026-10-01", "2026-10-31")],
    "bmf": [("EUR/USD", "1.16", "2026-08-01", "2026-08-31"), ("EUR/USD", "1.17", "2026-09-01", "2026-09-30")],
    "ust": [("USD/EUR", "0.86", "2024-12-31", "2025-03-30"), ("USD/EUR", "0.85", "2025-12-31", "2026-03-30")],
}
HELD = (
    ("uk-vat", "USD", "2026-02-28", "2026-02-01"),
    ("uk-vat", "USD", "2026-03-01", "2026-03-01"),
    ("uk-vat", "USD", "2026-03-31", "2026-03-01"),
    ("uk-vat", "USD", "2026-02", "2026-02-01"),
    ("uk-vat", "USD", "2026-04-01", ""),  # not published
    ("uk-vat", "USD", "2026-01-31", ""),
    ("ch-vat-daily", "USD", "2026-10-24", "2026-10-24"),  # Saturday
    ("ch-vat-daily", "USD", "2026-10-26", "2026-10-24"),  # Monday, by Friday's list
    ("ch-vat-daily", "USD", "2026-10-27", "2026-10-27"),
    ("ch-vat-daily", "USD", "2026-10-28", ""),
    ("ch-vat-monthly", "USD", "2026-09-30", "2026-09-01"),
    ("ch-vat-monthly", "USD", "2026-10-01", "2026-10-01"),
    ("ch-vat-monthly", "USD", "2026-08", ""),
    ("de-vat", "USD", "2026-08-31", "2026-08-01"),  # the month of the supply
    ("de-vat", "USD", "2026-09-01", "2026-09-01"),
    ("de-vat", "USD", "2026-09", "2026-09-01"),
    ("de-vat", "USD", "2026-10-31", ""),  # published after the month
    ("us-fbar", "EUR", "2025", "2025-12-31"),
    ("us-fbar", "EUR", "2024-02-29", "2024-12-31"),
    ("us-fbar", "EUR", "2023", ""),
    ("us-8938", "EUR", "2025", "2025-12-31"),
    ("us-8938", "EUR", "2024-12-31", "2024-12-31"),
    ("us-8938", "EUR", "2022", ""),
    ("uk-customs", "USD", "2026-03-31", "2026-03-01"),  # the day on which the declaration is accepted
    ("uk-customs", "USD", "2026-04-01", ""),
)


@pytest.mark.parametrize(("name", "base", "given", "used"), HELD)
def test_of_periods(name: str, base: str, given: str, used: str) -> None:
    """The rate whose period holds the day; without one there is none."""
    rule = named(name)
    source = Listed(rule.publisher, [quote(*one) for one in PERIODS[rule.publisher]])
    day = day_of(rule, span(given), TODAY)
    if used:
        assert str(look_up(base, rule.into, day, rule.lookup, (rule.publisher,), (source,)).day) == used
    else:
        with pytest.raises(NoRates):
            look_up(base, rule.into, day, rule.lookup, (rule.publisher,), (source,))


def test_the_year_s_last_day_alone_for_fbar() -> None:
    """A rate of the quarter before, valid to the end of the year, is not that of 31 December."""
    rule, source = named("us-fbar"), Listed("ust", [quote("USD/EUR", "0.87", "2025-09-30", "2025-12-31")])
    rate = look_up("EUR", "USD", date(2025, 12, 31), rule.lookup, ("ust",), (source,))
    with pytest.raises(NoRates, match=r"has no EUR/USD of 2025-12-31 yet; the newest is of 2025-09-30"):
        checked(rule, rate, TODAY)


@pytest.mark.parametrize(
    ("name", "given", "message"),
    [
        ("eu-oss", "2026-Q4", "takes for 2026-Q4 a rate of 2026-12-31, which is not published yet; today is"),
        ("eu-ioss", "2026-11-02", "takes for November 2026 a rate of 2026-11-30, which is not published yet"),
        ("eu-customs", "2026-12", "takes for December 2026 a rate of 2026-11-18, which is not published yet"),
        ("uk-vat", "2027-01", "takes for January 2027 a rate of 2027-01-01, which is not published yet; it is due on"),
        ("us-fbar", "2026", "takes for 2026 a rate of 2026-12-31, which is not published yet; it is due on 2027-01-06"),
        ("irs-average", "2026", "takes for 2026 a rate of 2026-12-31"),
        ("pl-vat", "2026-11-01", "takes for 2026-11-01 a rate before 2026-11-01, which is not published yet"),
    ],
)
def test_what_is_to_come(name: str, given: str, message: str) -> None:
    """A time whose rate cannot be there yet is a named error, with the day of the rate."""
    with pytest.raises(NoRates, match=message):
        day_of(named(name), span(given), TODAY)


@pytest.mark.parametrize(
    ("name", "today"), [("uk-vat", 30), ("uk-vat", 23), ("uk-customs", 22), ("ch-vat-monthly", 26)]
)
def test_a_month_ahead(name: str, today: int) -> None:
    """A month that is published before it begins is asked for from then on, to its last day."""
    assert day_of(named(name), span("2026-11-30"), date(2026, 10, today)) == date(2026, 11, 30)


def test_a_rate_that_may_still_come_today() -> None:
    """On the penultimate Wednesday itself the rate of the day before is not taken for that day's."""
    rule, wednesday = named("eu-customs"), date(2026, 9, 23)
    source = Listed("ecb", [quote("EUR/USD", "1.1", "2026-09-22")])
    rate = look_up("USD", "EUR", day_of(rule, span("2026-10"), wednesday), rule.lookup, ("ecb",), (source,))
    with pytest.raises(NoRates, match="has no USD/EUR of 2026-09-23 yet"):
        checked(rule, rate, wednesday)
    assert checked(rule, rate, date(2026, 9, 24)) is rate


@pytest.mark.parametrize(
    ("name", "given", "message"),
    [
        ("eu-oss", "2026-01", "the rule eu-oss goes by the quarter, not by the month; give a day, or a quarter"),
        ("eu-oss", "2026", "goes by the quarter, not by the year"),
        ("eu-customs", "2026-Q1", "goes by the month, not by the quarter"),
        ("pl-vat", "2026-01", "goes by the day, not by the month; give one day"),
        ("ch-vat-daily", "2026-W05", "goes by the day, not by the week"),
        ("eu-customs", "2016-04-30", "is for days since 2016-05-01, not for 2016-04-30"),
        ("uk-customs", "2020-12-31", "is for days since 2021-01-01, not for 2020-12-31"),
        ("eu-ioss", "2021-06", "is for days since 2021-07-01, not for 2021-06-01"),
    ],
)
def test_other_times(name: str, given: str, message: str) -> None:
    """A time of another length than the rule's, or before its law, is refused."""
    with pytest.raises(UsageError, match=message):
        day_of(named(name), span(given), TODAY)


def test_names() -> None:
    """In any case; an unknown name gets the nearest."""
    assert named(" UK-VAT ") is RULES["uk-vat"]
    with pytest.raises(UsageError, match="unknown rule 'uk-vta'; did you mean uk-vat"):
        named("uk-vta")
    with pytest.raises(UsageError, match="converts into GBP, not into EUR"):
        checked_into(named("uk-vat"), "EUR")


@pytest.mark.parametrize("name", RULES)
def test_every_rule(name: str) -> None:
    """A known publisher that quotes the rule's currency, a law, an address, and a sentence with the time in it."""
    rule = RULES[name]
    assert bool(rule.publisher) != rule.mean
    if rule.publisher:
        facts = providers.load(rule.publisher).PROVIDER
        assert rule.into in ("", facts.pivot)
    assert rule.law
    assert rule.source.startswith("https://")
    sentence = rule.sentence("TIME", "PUBLISHER", "DAYS")
    assert sentence.startswith(f"rule {name}: ")
    assert "TIME (DAYS)" in sentence or ("TIME" in sentence and " (DAYS); " in sentence)
    assert "{" not in sentence


def test_rounding() -> None:
    """FinCEN: 15,265.25 is recorded as 15,266. Poland: below half a grosz nothing, from half a grosz one."""
    fbar, poland = named("us-fbar").rounding, named("pl-vat").rounding
    assert fbar is not None
    assert poland is not None
    assert [str(fbar.round(Decimal(one))) for one in ("15265.25", "15266", "0.01")] == ["15266", "15266", "1"]
    assert [str(poland.round(Decimal(one))) for one in ("1.0049", "1.005", "1.015")] == ["1.00", "1.01", "1.02"]
