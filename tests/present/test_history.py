from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from rates.model import Quote
from rates.present.history import History, PairHistory, figures_text, history_rows, history_text
from rates.present.history_plot import svg
from rates.settings import Settings
from rates.store.periods import Every, Stat
from rates.store.records import Rate

SETTINGS = Settings(today="2026-11-23", offline=False)
FETCHED = datetime(2026, 10, 30, 15, 4, 5, tzinfo=UTC)


def rate(day: date, figure: str, **given: object) -> Rate:
    """A published rate of EUR/USD; `given` are other fields."""
    fields = {
        "base": "EUR", "symbol": "USD", "rate": Decimal(figure), "asked": day, "day": day, "valid_to": None,
        "how": "published", "provider": "ecb", "digits": 5, "path": (Quote("EUR", "USD", Decimal(figure), day),),
        "exact": (Decimal(figure), Decimal(1)),
    }  # fmt: skip
    return Rate(**(fields | given))  # type: ignore[arg-type]  # the fields of a Rate


def text(rates: list[Rate], every: Every = Every.DAY, stat: Stat = Stat.LAST, fmt: str = "simple") -> str:
    """One pair's history as text."""
    history = History((PairHistory.of(rates, every, stat),), every, stat)
    return history_text(history, SETTINGS.with_values(format=fmt), None)


TWO = [rate(date(2026, 10, 29), "1.113"), rate(date(2026, 10, 30), "1.1172")]


def test_a_history() -> None:
    """The caption names publisher, kind, range and number of days; then come summary and table."""
    assert text(TWO).split("\n") == [
        "EUR/USD · ecb · reference · 2026-10-29 to 2026-10-30 · 2 published days",
        "",
        "pair     trend      last    change    lowest  day           highest  day",
        "-------  -------  ------  --------  --------  ----------  ---------  ----------",
        "EUR/USD  ▁█       1.1172   +0.38 %     1.113  2026-10-29     1.1172  2026-10-30",
        "",
        "day           EUR/USD",
        "----------  ---------",
        "2026-10-29     1.113",
        "2026-10-30     1.1172",
    ]


def test_rates_that_are_valid_for_a_period() -> None:
    """A rate of a period has its last day beside the first one, or that it holds until further notice."""
    lines = text([
        rate(date(2026, 9, 1), "1.15", valid_to=date(2026, 9, 30), provider="own", source="own"),
        rate(date(2026, 10, 1), "1.12", valid_to=date.max, provider="own", source="own"),
    ]).split("\n")  # fmt: skip
    assert "2 published rates" in lines[0]
    assert lines[-4].split() == ["day", "EUR/USD", "valid", "to"]
    assert lines[-2].split() == ["2026-09-01", "1.15", "2026-09-30"]
    assert lines[-1].split() == ["2026-10-01", "1.12", "further", "notice"]


def test_weak_figures_are_marked() -> None:
    """A figure with few digits behind it has its mark, and the legend its meaning; a mean has it if all are weak."""
    weak = [rate(date(2026, 10, 29), "1.1", digits=2), rate(date(2026, 10, 30), "1.2", digits=2)]
    assert "1.1*" in text(weak)
    assert "* fewer than four significant digits behind it" in text(weak)
    assert "1.15*" in text(weak, Every.MONTH, Stat.MEAN)
    assert "*" not in text([*weak[:1], TWO[1]], Every.MONTH, Stat.MEAN)


def test_a_gap() -> None:
    """A day on which one of two pairs has no rate has a dash there."""
    dollar = PairHistory.of(TWO, Every.DAY, Stat.LAST)
    pound = PairHistory.of([rate(date(2026, 10, 30), "0.8338", symbol="GBP")], Every.DAY, Stat.LAST)
    lines = history_text(History((dollar, pound)), SETTINGS, None).split("\n")
    assert lines[-2].split() == ["2026-10-29", "1.113", "–"]
    assert lines[-1].split() == ["2026-10-30", "1.1172", "0.8338"]


def test_simulated_rates_say_so() -> None:
    """The ECB's figures under another publisher's name are named as such, for people and for programs."""
    simulated = [rate(date(2026, 10, 30), "1.1172", provider="erapi", source="ecb-history")]
    assert text(simulated).startswith("EUR/USD · erapi · simulated from ECB reference rates · ")
    assert json.loads(text(simulated, fmt="json"))[0]["simulated"] is True
    assert json.loads(text(TWO, fmt="json"))[0]["simulated"] is False


def test_rows_for_programs() -> None:
    """A row has when the answer came, and its digest; a mean has no day, but the number of days."""
    kept = [rate(date(2026, 10, 30), "1.1172", fetched=FETCHED, digest="ab12", source="store")]
    (row,) = json.loads(text(kept, fmt="json"), parse_float=Decimal)
    assert row == {
        "base": "EUR", "symbol": "USD", "rate": Decimal("1.1172"), "day": "2026-10-30", "valid_to": None,
        "period": None, "stat": None, "count": None, "provider": "ecb", "rate_type": "reference", "how": "published",
        "digits": 5, "offline": True, "source": "store", "fetched": "2026-10-30T15:04:05+00:00", "digest": "ab12",
        "simulated": False,
    }  # fmt: skip
    (mean,) = json.loads(text(TWO, Every.MONTH, Stat.MEAN, "json"), parse_float=Decimal)
    assert mean["rate"] == Decimal("1.1151")
    assert (mean["day"], mean["period"], mean["stat"], mean["count"]) == (None, "2026-10", "mean", 2)


def test_rows_keep_moments() -> None:
    """A file gets moments as such, not as text."""
    kept = [rate(date(2026, 10, 30), "1.1172", fetched=FETCHED)]
    (row,) = history_rows(History((PairHistory.of(kept, Every.DAY, Stat.LAST),)))
    assert FETCHED in row


def test_figures_alone() -> None:
    """Figures are as tables show them, without marks."""
    weak = [rate(date(2026, 10, 29), "1.1", digits=2)]
    assert figures_text(History((PairHistory.of([*weak, TWO[1]], Every.DAY, Stat.LAST),)), SETTINGS) == "1.1\n1.1172"


@pytest.mark.parametrize("rates", [TWO[:1], TWO])
@pytest.mark.parametrize("stat", list(Stat))
def test_a_picture_of_few_figures(rates: list[Rate], stat: Stat) -> None:
    """One figure is drawn as well, and each has its value under the pointer."""
    drawn = svg(History((PairHistory.of(rates, Every.MONTH, stat),), Every.MONTH, stat), SETTINGS)
    assert "<title>2026-10: 1.1" in drawn
    assert "nan" not in drawn
