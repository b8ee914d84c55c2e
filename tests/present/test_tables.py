from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from rates.conversion import rebase
from rates.errors import NoRates, TimedOut
from rates.model import Failed, Fetched, Quote, RateTable
from rates.present import caption, failures, present_result, rate_text, show, show_by_provider
from rates.present.tables import age, matrix_caption, period, shown_symbols
from rates.settings import TABLE_FORMATS

from .samples import BASES, FRIDAY, SETTINGS, TODAY, outcomes, provider, table

LATE = TimedOut("no answer within 10 s", provider="frankfurter", hint="try again or raise --timeout")
PUBLISHERS = [Fetched("EUR", table("EUR", key=key), provider=key) for key in ("ecb", "apilayer_currency_data")]
USD = SETTINGS.with_values(symbols=("USD",))


def test_one_base() -> None:
    """One base is a table with its source above, aligned on the point, with an identity of 1."""
    assert (
        show(outcomes("USD"), SETTINGS, today=TODAY)
        == """\
1 USD · ecb · reference · Fri 2026-10-30 (24 days old)

symbol         rate
--------  ---------
USD         1
EUR         0.89509
GBP         0.77815
JPY       157.25
CHF         0.8248"""
    )


def test_matrix_of_one_source() -> None:
    """Several bases are one matrix, their common source above it once, within 80 columns."""
    text = show(outcomes(*BASES), SETTINGS, today=TODAY)
    assert (
        text
        == """\
ecb · reference · Fri 2026-10-30 (24 days old)

base          USD        EUR        GBP     JPY       CHF
------  ---------  ---------  ---------  ------  --------
1 USD   1          0.89509    0.77815    157.25  0.8248
1 EUR   1.1172     1          0.86935    175.68  0.9215
1 GBP   1.2851     1.1503     1          202.08  1.060
1 JPY   0.0063593  0.0056922  0.0049485    1     0.005245
1 CHF   1.212      1.085      0.9434     190.6   1"""
    )
    assert max(map(len, text.splitlines())) <= 80


def test_matrix_of_several_sources() -> None:
    """Bases of several providers and days are named with them, in lines that leave the matrix narrow."""
    given = [*outcomes("USD", "EUR"), Fetched("GBP", table("GBP", key="frankfurter", day=date(2026, 10, 29)))]
    assert (
        show(given, SETTINGS.with_values(symbols=("USD", "EUR")), today=TODAY)
        == """\
USD EUR: ecb · reference · Fri 2026-10-30 (24 days old)
GBP: frankfurter · reference · Thu 2026-10-29 (25 days old)

base       USD      EUR
------  ------  -------
1 USD   1       0.89509
1 EUR   1.1172  1
1 GBP   1.2851  1.1503"""
    )


def test_failures_are_not_among_the_tables() -> None:
    """A failed base is missing from the table; each of its reasons is a line of `failures`, in the order met."""
    lost = Failed("JPY", error=NoRates("has nothing for 2026-10-30", provider="ecb"), passed_over=(LATE,))
    given = [*outcomes("EUR"), lost]
    assert (
        show(given, SETTINGS.with_values(symbols=("USD",)), today=TODAY)
        == """\
ecb · reference · Fri 2026-10-30 (24 days old)

base       USD
------  ------
1 EUR   1.1172"""
    )
    assert (
        failures(given, SETTINGS)
        == """\
JPY  TimedOut  frankfurter: no answer within 10 s; try again or raise --timeout
     NoRates   ecb: has nothing for 2026-10-30"""
    )


def test_missing_symbol() -> None:
    """A symbol that the table lacks is a dash; if the currency has ended, a line names its successor."""
    given = [Fetched("EUR", table("EUR", without=("ISK",)))]
    assert (
        show(given, SETTINGS.with_values(symbols=("USD", "ISK", "HRK")), today=TODAY)
        == """\
1 EUR · ecb · reference · Fri 2026-10-30 (24 days old)

symbol      rate
--------  ------
USD       1.1172
ISK       –
HRK       –

HRK was replaced by EUR on 2023-01-01"""
    )


def test_older_figures_in_a_table() -> None:
    """Where figures are of different days, each line has its own."""
    given = [Fetched("EUR", table("EUR", older=("GBP",)))]
    assert (
        show(given, SETTINGS.with_values(symbols=("USD", "GBP", "ZAR")), today=TODAY)
        == """\
1 EUR · ecb · reference · Fri 2026-10-30 (24 days old)

symbol       rate  day
--------  -------  ----------
USD       1.1172   2026-10-30
GBP       0.86935  2026-10-28
ZAR       –        –"""
    )


def test_older_figures_in_a_matrix() -> None:
    """In a matrix an older figure has a mark, and the mark is explained."""
    given = [Fetched(base, table(base, older=("GBP",))) for base in ("EUR", "USD")]
    assert (
        show(given, SETTINGS.with_values(symbols=("USD", "GBP")), today=TODAY)
        == """\
ecb · reference · Fri 2026-10-30 (24 days old)

base       USD       GBP
------  ------  --------
1 EUR   1.1172  0.86935†
1 USD   1       0.77815†

† of an earlier day; --layout table shows which"""
    )


def test_weak_figures_are_marked() -> None:
    """A figure with fewer than four digits behind it has a mark, and a line explains it."""
    assert (
        show(outcomes("EUR"), SETTINGS.with_values(symbols=("ISK", "JPY")), today=TODAY)
        == """\
1 EUR · ecb · reference · Fri 2026-10-30 (24 days old)

symbol      rate
--------  ------
ISK       142*
JPY       175.68

* fewer than four significant digits behind it"""
    )


def test_asked_for_another_day_and_tomorrow() -> None:
    """The caption says when rates are of an earlier day than asked, or for tomorrow."""
    given = [Fetched("EUR", table("EUR", asked=date(2026, 11, 1)))]
    assert "asked for 2026-11-01, a Sunday" in show(given, SETTINGS, today=TODAY)
    assert "Fri 2026-10-30 (for tomorrow)" in show(outcomes("EUR"), SETTINGS, today=date(2026, 10, 29))
    assert "Fri 2026-10-30 (today)" in show(outcomes("EUR"), SETTINGS, today=FRIDAY)


def test_passed_over() -> None:
    """A line names the providers that were asked before in vain."""
    text = show([Fetched("EUR", table("EUR"), passed_over=(LATE,))], SETTINGS, today=TODAY)
    assert text.endswith("\n\npassed over: frankfurter (TimedOut)")


def test_all_symbols() -> None:
    """No symbols in the settings mean all that any table has; a long list goes down the page."""
    text = show(outcomes("USD", "IDR"), SETTINGS.with_values(symbols=()), today=TODAY)
    assert [line.split()[0] for line in text.splitlines()[2:-2]] == [
        "symbol", "--------", "CHF", "EUR", "GBP", "IDR", "ISK", "JPY", "USD",
    ]  # fmt: skip
    assert "0.000055102" in text
    assert "symbol          1 USD        1 IDR" in text


def test_layout() -> None:
    """The layout can be set: a table for each base, or a matrix of one."""
    settings = SETTINGS.with_values(symbols=("USD",))
    tables = show(outcomes("EUR", "GBP"), settings.with_values(layout="table"), today=TODAY)
    assert tables.count("symbol") == 2
    assert "\n\n1 GBP · ecb" in tables
    assert "1 EUR   1.1172" in show(outcomes("EUR"), settings.with_values(layout="matrix"), today=TODAY)


@pytest.mark.parametrize("layout", ["table", "matrix"])
@pytest.mark.parametrize("fmt", TABLE_FORMATS)
def test_every_format(fmt: str, layout: str) -> None:
    """Every tabulate format holds the rates and the source, in both layouts."""
    given = [*outcomes("EUR", "IDR"), Failed("JPY", error=LATE)]
    text = show(given, SETTINGS.with_values(format=fmt, layout=layout, symbols=("USD", "JPY")), today=TODAY)
    for part in ("1.1172", "175.68", "0.0000551", "ecb · reference"):
        assert part in text


def test_huge_and_tiny() -> None:
    """Very large and very small rates are shown neither in scientific notation nor as zero."""
    assert rate_text(table("IDR"), "USD", 6) == "0.000055102 USD"
    assert rate_text(table("EUR"), "ISK", 6) == "142 ISK (fewer than four significant digits behind it)"


def test_present_result_prints(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The seed's presenter prints the table of the package's symbols and an empty line."""
    monkeypatch.setenv("RATES_TODAY", "2026-11-23")
    present_result("USD", table("USD"))
    assert capsys.readouterr().out == show(outcomes("USD"), SETTINGS, today=TODAY) + "\n\n"


def test_present_result_of_a_plain_mapping(capsys: pytest.CaptureFixture[str]) -> None:
    """Any mapping of symbols to numbers is printed, without a source."""
    present_result("USD", {"EUR": Decimal("0.8951"), "JPY": 157.25, "GBP": 1})
    assert (
        capsys.readouterr().out
        == """\
1 USD

symbol        rate
--------  --------
EUR         0.8951
GBP         1
JPY       157.25

"""
    )


def test_present_result_of_other_symbols(capsys: pytest.CaptureFixture[str]) -> None:
    """When none of the package's symbols is there, all are shown."""
    present_result("XAU", {"IDR": 5.5e-05})
    assert "IDR       0.000055\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "today"), (1, "1 day old"), (24, "24 days old"), (-1, "for tomorrow"), (-3, "for 3 days ahead")],
)
def test_age(days: int, words: str) -> None:
    """An age is in words that a person would use."""
    assert age(TODAY - timedelta(days=days), TODAY) == words


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 1, 1), date(2026, 12, 31), "in force"),
        (date(2026, 11, 1), TODAY, "in force"),
        (date(2026, 1, 1), date.max, "in force"),
        (date(2026, 1, 1), TODAY - timedelta(days=1), "1 day old"),
        (TODAY + timedelta(days=1), date.max, "for tomorrow"),
    ],
)
def test_age_of_a_period(first: date, last: date, words: str) -> None:
    """A rate that is valid today is not old, whenever its period began; later its age counts from the end."""
    assert age(first, TODAY, last) == words
    quotes = [Quote("EUR", "USD", Decimal("1.1"), first, last)]
    own = Fetched("EUR", rebase(quotes, "EUR", provider("own", "own")), provider="own")
    one = show_by_provider([own], USD, today=TODAY)
    assert one.splitlines()[4].endswith(f"{first}  {words}")


def test_caption_of_one_base() -> None:
    """A caption names base, provider, kind of rate, weekday, day and age."""
    assert caption(table("USD"), TODAY, "1 USD") == ["1 USD · ecb · reference · Fri 2026-10-30 (24 days old)"]


def test_caption_of_another_day_than_asked() -> None:
    """A line under the caption names the day asked for, when it is another, and its weekday, which explains it."""
    lines = caption(table("USD", asked=date(2026, 11, 1)), TODAY, "1 USD")
    assert lines[1] == "asked for 2026-11-01, a Sunday: these are the newest rates up to then"
    assert len(caption(table("USD", asked=FRIDAY), TODAY, "1 USD")) == 1


def test_no_age_of_a_day_asked_for() -> None:
    """Only the newest rates have an age: those of a day in the past are what they were."""
    asked = table("USD", asked=FRIDAY)
    assert caption(asked, TODAY, "1 USD") == ["1 USD · ecb · reference · Fri 2026-10-30"]
    assert "(" not in matrix_caption([asked, table("GBP", asked=FRIDAY)], TODAY)[0]
    text = show_by_provider([Fetched("USD", asked, provider="ecb")], USD, today=TODAY)
    assert "day" in text
    assert "age" not in text
    assert "24 days old" in show_by_provider([Fetched("USD", table("USD"), provider="ecb")], USD, today=TODAY)


def test_caption_offline() -> None:
    """The caption names the source of rates that are not from the network, and a service that is simulated."""
    history = "offline: the ECB's history in this package, which ends on 2026-10-30"
    own = replace(table("USD"), source="ecb-history")
    assert caption(own, TODAY) == ["ecb · reference · Fri 2026-10-30 (24 days old)", history]
    other = replace(own, provider="frankfurter")
    simulated = "frankfurter, simulated from ECB reference rates · Fri 2026-10-30"
    assert caption(other, TODAY) == [simulated, history]
    assert matrix_caption([own, other], TODAY)[1:] == [f"USD: {simulated}", history]
    replayed = replace(own, source="recording")
    assert caption(replayed, TODAY)[1] == "offline: a recording; ages count to 2026-11-23"


def test_simulated_network() -> None:
    """A simulated network is named under the table; settings for one count offline only."""
    settings = USD.with_values(latency=0.12, fail=0.05)
    assert "simulated" not in show(outcomes("EUR"), settings, today=TODAY)
    text = show(outcomes("EUR"), settings.with_values(offline=True), today=TODAY)
    assert text.endswith("\n\nsimulated network: latency 120 ms, 5 % of requests fail")


def test_caption_without_a_source() -> None:
    """A table without a provider has only its base as caption, and no day."""
    assert caption(RateTable("USD", "", {}), TODAY, "1 USD") == ["1 USD"]
    assert caption(RateTable("USD", "", {}), TODAY) == []


def test_caption_of_a_matrix() -> None:
    """The source is named once when it is that of every row."""
    lines = matrix_caption([table("USD"), table("GBP")], TODAY)
    assert lines == ["ecb · reference · Fri 2026-10-30 (24 days old)"]


def test_caption_of_several_sources() -> None:
    """Each source is named with its bases, within 80 columns, or within the terminal."""
    tables = [table("USD"), table("GBP", key="frankfurter"), table("JPY")]
    assert matrix_caption(tables, TODAY) == [
        "USD JPY: ecb · reference · Fri 2026-10-30 (24 days old)",
        "GBP: frankfurter · reference · Fri 2026-10-30 (24 days old)",
    ]
    many = matrix_caption([table("EUR", key="x"), *[table("USD")] * 40], TODAY)
    assert max(len(line) for block in many for line in block.splitlines()) <= 80
    many = matrix_caption([table("EUR", key="x"), *[table("USD")] * 40], TODAY, 50)
    assert max(len(line) for block in many for line in block.splitlines()) <= 50


def test_nothing_slow_at_import() -> None:
    """Importing the presenter loads neither tabulate nor rich nor babel."""
    program = "import sys, rates.present; print({'tabulate', 'rich', 'babel', 'requests'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize(
    ("width", "heading", "second"),
    [
        (None, "publisher               country       USD  day         age", "apilayer_currency_data"),
        (70, "publisher               country       USD  day         age", "apilayer_currency_data"),
        (60, "publisher           country     USD  day         age", "apilayer_currency…"),
        (49, "publisher            USD  day         age", "apilayer_curren…"),
        (35, "publisher           USD  day", "apilayer_curre…"),
    ],
)
def test_publishers_on_a_narrow_terminal(width: int | None, heading: str, second: str) -> None:
    """The country goes first, then the age, which follows from the day; the rate and its day stay."""
    lines = show_by_provider(PUBLISHERS, USD, today=TODAY, width=width).splitlines()
    assert lines[0] == "1 EUR · 2 of 2 publishers"
    assert lines[2] == heading
    assert lines[5].split()[0] == second
    assert all("1.1172" in line and "2026-10-30" in line for line in lines[4:6])
    assert width is None or max(map(len, lines)) <= width


def test_publishers_whose_terms_restrict_use() -> None:
    """A sign behind the key says so, and its meaning stands below; a plugin that is not there has none."""
    asked = [Fetched("EUR", table("EUR", key=key), provider=key) for key in ("ecb", "bm", "pma", "elsewhere")]
    lines = show_by_provider(asked, USD, today=TODAY, width=80).splitlines()
    assert [line[:12].strip() for line in lines[4:8]] == ["ecb", "bm !", "pma °", "elsewhere"]
    assert lines[9:] == [
        "! its terms ask for consent before any use: in no group, asked if named",
        "° its terms allow non-commercial use alone",
    ]


def test_other_formats_of_publishers_are_complete() -> None:
    """On any terminal a format other than the usual one has every column."""
    settings = USD.with_values(format="github")
    assert show_by_provider(PUBLISHERS, settings, today=TODAY, width=20) == show_by_provider(
        PUBLISHERS, settings, today=TODAY
    )


def test_shown_symbols() -> None:
    """The symbols asked for, or all that any table has, without the base."""
    tables = [table("EUR", without=("JPY",)), table("EUR", without=("ISK",))]
    assert shown_symbols(tables, "EUR", ()) == ("CHF", "GBP", "IDR", "ISK", "JPY", "USD")
    assert shown_symbols(tables, "EUR", ("EUR", "XAF")) == ("XAF",)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 1, 1), date(2026, 6, 30), "valid from 2026-01-01 to 2026-06-30"),
        (date(2026, 1, 1), date.max, "valid from 2026-01-01"),
        (date(2026, 3, 31), date(2026, 3, 31), "valid on 2026-03-31"),
    ],
)
def test_the_words_for_a_period(first: date, last: date, words: str) -> None:
    """A period of one day, or without an end, is named so."""
    assert period(first, last) == words
