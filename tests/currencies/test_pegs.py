"""Pegs: anchor, rate and first day."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from rates.currencies import all_currencies, codes, peg, pegs
from rates.providers import bdi
from tests.providers.recordings import body, recordings


def test_what_is_recorded_elsewhere(sources: Path) -> None:
    """Anchor, rate and first day agree with the collected pegs; BAM was pegged to the mark before the euro."""
    for file in sorted((sources / "currencies" / "pegs").glob("*.json")):
        entry = json.loads(file.read_text(encoding="utf-8"), parse_float=Decimal)
        if entry["quote"] in codes():  # the pounds of three islands have no code of ISO 4217
            held = pegs()[entry["quote"]]
            since = "1999-01-01" if held.code == "BAM" else entry["since"]
            assert (held.anchor, held.rate, str(held.since)) == (entry["base"], Decimal(entry["rate"]), since)


@recordings
@pytest.mark.parametrize("code", ["BSD", "BZD", "DJF", "GIP", "LSL", "PAB", "STN"])
def test_what_is_recorded_of_another_bank(code: str) -> None:
    """The Banca d'Italia's lists of three days have currency and anchor at exactly the peg, but for their rounding."""
    held = pegs()[code]
    for number in (1, 2, 3):
        euro = {quote.symbol: quote.rate for quote in bdi.parse(body(f"bdi/{number}.csv"))} | {"EUR": Decimal(1)}
        assert abs(euro[code] / (euro[held.anchor] * held.rate) - 1) < Decimal("0.00001")


@pytest.mark.parametrize("code", sorted(pegs()))
def test_a_peg_holds_from_its_first_day_on(code: str) -> None:
    """A peg holds from its first day, when both currencies have begun, to the end of the currency."""
    held = pegs()[code]
    currency, anchor = all_currencies()[code], all_currencies()[held.anchor]
    assert peg(code, held.since) == held
    assert peg(code, held.since - timedelta(days=1)) is None
    assert anchor.began is None or anchor.began <= held.since
    assert currency.began is None or currency.began <= held.since
    if currency.ended is not None:
        assert peg(code, currency.ended) is None
        assert peg(code, currency.ended - timedelta(days=1)) == held
    assert held.authority


def test_others_have_none() -> None:
    """A floating currency has no peg, and neither has an unknown code."""
    assert peg("USD", date(2026, 1, 1)) is None
    assert peg("QQQ", date(2026, 1, 1)) is None
    assert pegs()["AED"].sentence() == "1 USD = 3.6725 AED since 1997-11-02"
