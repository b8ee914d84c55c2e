"""The Central Bank of Madagascar: a request a currency, blanks between thousands, lists in place of empty objects."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal

import pytest

from rates import providers
from rates.errors import ErrorAnswer, NoRates, ParseError
from rates.fetch.run_provider import run_provider
from rates.model import Quote
from rates.providers import bfm
from tests.providers.conversation import Case, Publisher, ask, between, latest, on, specimen
from tests.providers.recordings import figures, official, recordings

USD, NONE = specimen("bfm/usd.json"), specimen("bfm/none.json")
FRIDAY = date(2026, 10, 30)
DAYS = (FRIDAY, date(2026, 10, 29), date(2026, 10, 28))

CASE = Case(latest("MGA"), (*[USD] * 2, *[NONE] * (len(bfm.SYMBOLS) - 2)), b"4 461,52")


def test_latest() -> None:
    """Every currency is asked for by the form of the bank's page; one without days has no rates."""
    publisher = Publisher(CASE.answers)
    quotes = run_provider(providers.load("bfm"), latest("MGA"), publisher)
    rates = [Decimal(rate) for rate in ("4461.52", "4470.18", "4468.03")]
    assert quotes == tuple(
        Quote(code, "MGA", rate, day) for code in ("EUR", "USD") for rate, day in zip(rates, DAYS, strict=True)
    )
    assert [dict(request.form)["filterData"] for request in publisher.asked] == list(bfm.SYMBOLS)
    assert publisher.asked[0].form[:2] == (("dateFilterDebut", "2026/10/20"), ("dateFilterFin", "2026/10/30"))
    assert ("Origin", bfm.HOST) in publisher.asked[0].headers


@pytest.mark.parametrize("blank", ["\xa0", "\u202f"])
def test_any_blank_parts_the_thousands(blank: str) -> None:
    """The blank between the thousands may be one that breaks no line."""
    body = USD.decode().replace("4 461", f"4{blank}461").encode()
    assert next(iter(bfm.parse(body))).rate == Decimal("4461.52")


def test_no_day_is_no_rates() -> None:
    """Empty lists for all currencies are days of rest."""
    with pytest.raises(NoRates):
        ask("bfm", on(FRIDAY, "MGA", "USD"), NONE)


def test_another_status_is_an_error_answer() -> None:
    """An answer that gives another status inside is not one of rates."""
    with pytest.raises(ErrorAnswer, match="500"):
        ask("bfm", latest("MGA", "USD"), USD.replace(b'"status":200', b'"status":500'))


@pytest.mark.parametrize(
    ("old", "new"), [(b'"coursMid"', b'"cours"'), (b"4 461,52", b"44 61,52"), (b"10-30", b"10-31a")]
)
def test_damage_is_refused(old: bytes, new: bytes) -> None:
    """Other names, a blank in another place and no day are errors."""
    with pytest.raises(ParseError):
        ask("bfm", latest("MGA", "USD"), USD.replace(old, new))


@recordings
@pytest.mark.parametrize("code", ["EUR", "JPY"])
def test_recorded(code: str) -> None:
    """Every day of the recorded answers; the answer's own numbers for its graph are the second reading."""
    body = official(f"bfm/cours_mid_en_ar_filter_{code}_2026-09-21_23.json")
    quotes, _ = ask("bfm", between(date(2026, 9, 21), date(2026, 9, 23), "MGA", code), body)
    graph = re.findall(
        r'"([\d-]+)":"([\d.]+)"', json.dumps(json.loads(body)["data"]["data"]["grapheData"]).replace(" ", "")
    )
    assert figures(quotes) == {(code, "MGA", date.fromisoformat(day)): Decimal(rate) for day, rate in graph}
    assert len(graph) == 3


@recordings
def test_recorded_cross() -> None:
    """The recorded euro in yen is within 2 % of the ECB's: units and direction are right."""
    from tests.providers.crosses import euro_rates

    found = {
        code: list(bfm.parse(official(f"bfm/cours_mid_en_ar_filter_{code}_2026-09-21_23.json"), code))
        for code in ("EUR", "JPY")
    }
    for euro, yen in zip(found["EUR"], found["JPY"], strict=True):
        assert euro.day == yen.day
        assert abs(euro.rate / yen.rate / euro_rates()[euro.day]["JPY"] - 1) < Decimal("0.02")
