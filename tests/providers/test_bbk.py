"""The Bundesbank's fixings: units in a title, days not quoted, the old franc, and an end in 1998."""

from __future__ import annotations

import csv
import re
from datetime import date
from decimal import Decimal

import pytest

from rates import providers
from rates.currencies import all_currencies
from rates.errors import EmptyAnswer, NoRates, NotFound, ParseError, Unsupported
from rates.fetch.validate import check_query
from rates.model import Quote, Reply
from rates.providers import bbk
from tests.providers.conversation import Case, ask, between, latest, on, specimen
from tests.providers.recordings import Figures, asked, body, codes, in_sample, recordings, replay

CSV = specimen("bbk/fixings.csv")
NONE = Reply(404, specimen("bbk/none.json"))
TUESDAY, LAST = date(1998, 12, 29), date(1998, 12, 30)

CASE = Case(on(LAST, "DEM"), (CSV,), b"1.6730", lines=True)


def test_last_day() -> None:
    """The franc is per 100, the lira per 1 000 with its space; a point of status K and a month's row are no quotes."""
    quotes, urls = ask("bbk", on(LAST, "DEM"), CSV)
    assert urls == [f"{bbk.URL}?format=sdmx_csv&startPeriod=1998-12-23&endPeriod=1998-12-30"]
    assert quotes == (
        Quote("USD", "DEM", Decimal("1.6712"), TUESDAY),
        Quote("USD", "DEM", Decimal("1.6730"), LAST),
        Quote("CHF", "DEM", Decimal("1.22160"), LAST),
        Quote("ITL", "DEM", Decimal("0.0010100"), LAST),
    )


def test_a_range_is_asked_in_pieces_of_five_years() -> None:
    """It ends with the last fixing, whatever is asked."""
    _, urls = ask("bbk", between(date(1991, 1, 1), date(2001, 1, 1), "DEM"), NONE, CSV)
    assert [url.partition("&startPeriod=")[2] for url in urls] == [
        "1991-01-01&endPeriod=1995-12-31",
        "1996-01-01&endPeriod=1998-12-30",
    ]


def test_the_end_is_named() -> None:
    """No latest rates, and none of a day or range after 1998."""
    with pytest.raises(Unsupported, match="latest"):
        check_query(providers.load("bbk").PROVIDER, latest("DEM"))
    for query in (latest("DEM"), on(date(2026, 10, 30), "DEM"), between(date(1999, 1, 4), date(1999, 2, 1), "DEM")):
        with pytest.raises(Unsupported, match="after 1998-12-30"):
            ask("bbk", query)


def test_the_old_franc() -> None:
    """100 old francs became one new franc in 1960: their price is that of one FRF."""
    old = CSV.replace(b"CHF", b"FRF").replace(b"1998-12-30", b"1959-12-31").replace(b"122.160", b"0.8505")
    quotes, _ = ask("bbk", on(date(1959, 12, 31), "DEM"), old)
    assert Quote("FRF", "DEM", Decimal("0.8505"), date(1959, 12, 31)) in quotes
    new = CSV.replace(b"CHF", b"FRF").replace(b"1998-12-30", b"1960-01-04").replace(b"122.160", b"85.0500")
    quotes, _ = ask("bbk", on(date(1960, 1, 4), "DEM"), new)
    assert Quote("FRF", "DEM", Decimal("0.850500"), date(1960, 1, 4)) in quotes


def test_nothing_by_name() -> None:
    """404 in the standard's words, or rows of status K alone, are no rates; a bare header is empty."""
    with pytest.raises(NoRates):
        ask("bbk", on(LAST, "DEM"), NONE)
    lines = CSV.splitlines(keepends=True)
    with pytest.raises(NoRates):
        ask("bbk", on(LAST, "DEM"), lines[0] + lines[3])
    with pytest.raises(EmptyAnswer):
        ask("bbk", on(LAST, "DEM"), lines[0])
    with pytest.raises(NotFound):
        ask("bbk", on(LAST, "DEM"), Reply(404, b"gone"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"/ 100 CHF = ", b"/ CHF = "),
        (b"/ 100 CHF = ", b"/ 100 ATS = "),
        (b";DEM;0;", b";DEM;2;"),
        (b";.;P1D;4;BBEX3.D.CHF", b";;P1D;4;BBEX3.D.ATS"),
        (b"122.160", b"."),
        (b";D;USD", b";A;USD"),
    ],
)
def test_no_unit_or_figure_is_guessed(old: bytes, new: bytes) -> None:
    """Titles without units or of another currency, another multiplier, a year's row, a bare point."""
    damaged = CSV.replace(old, new)
    if new.startswith(b";;"):
        damaged = damaged.replace(b";0.0;K", b";0.0;")
    with pytest.raises(ParseError):
        ask("bbk", on(LAST, "DEM"), damaged)


@recordings
def test_recorded() -> None:
    """Every figure, divided by the units that its title names."""
    found = replay("bbk", asked("1998-12-21", "1998-12-30", "DEM"))
    expected: Figures = {}
    for row in csv.DictReader(body("bbk/1.csv").decode("utf-8-sig").splitlines(), delimiter=";"):
        units = re.findall(r"/ ([\d ]+) [A-Z]{3} =", row["BBK_TITLE"])[0].replace(" ", "")
        if row["OBS_VALUE"] != ".":
            key = row["BBK_STD_CURRENCY"], "DEM", date.fromisoformat(row["TIME_PERIOD"])
            expected[key] = Decimal(row["OBS_VALUE"]) / int(units)
    assert found == expected
    assert codes(found) == in_sample("bbk")
    assert found["ITL", "DEM", date(1998, 12, 21)] == Decimal("0.0010098")


@recordings
@pytest.mark.parametrize("code", ["ATS", "BEF", "ESP", "FIM", "FRF", "IEP", "ITL", "LUF", "NLG", "PTE"])
def test_units_agree_with_the_euro(code: str) -> None:
    """Within 0.1 %: the irrevocable rates of the next day were the fixings' own, in which no unit can hide."""
    found = replay("bbk", asked("1998-12-21", "1998-12-30", "DEM"))
    mark, other = (all_currencies()[name].ratio for name in ("DEM", code))
    assert mark
    assert other
    assert abs(found[code, "DEM", LAST] * other / mark - 1) < Decimal("0.001")
