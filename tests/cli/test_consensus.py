from __future__ import annotations

import csv
import io
import json

import pytest

from rates.settings import FORMATS
from tests.cli.conftest import Run


def test_consensus(run: Run, recording: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The opinions, the median, the spread and the outliers; for programs every opinion with its place."""
    monkeypatch.delenv("RATES_TODAY")
    ran = run("consensus", "eur/usd", "--from", "central-banks,-keyed", "--replay", recording)
    assert ran.status == 1
    assert ran.out.startswith("1 EUR in USD · official rates · 2026-10-30")
    assert "median 1.15" in ran.out
    assert "of 2026-10-31" in ran.out
    assert "outliers" in ran.out
    (group, *_) = json.loads(
        run("consensus", "USD/EUR", "--from", "official", "--replay", recording, "--format", "json").out
    )
    opinions = {opinion["provider"]: opinion for opinion in group["opinions"]}
    assert (group["kind"], group["base"], group["symbol"]) == ("official", "USD", "EUR")
    assert not opinions["vatcomply"]["counted"]
    assert opinions["vatcomply"]["note"] == "reprints ecb"
    assert group["low"] <= group["median"] <= group["high"]
    rows = list(csv.DictReader(io.StringIO(run("consensus", "EURUSD", "--replay", recording, "--format", "csv").out)))
    assert {row["kind"] for row in rows} == {"official", "market"}


@pytest.mark.parametrize("fmt", FORMATS)
def test_consensus_in_every_format(run: Run, fmt: str) -> None:
    """Every format has the figures."""
    ran = run("consensus", "EUR/USD", "--offline", "--from", "ecb,erapi", "--format", fmt)
    assert ran.status == 0
    assert "1.1172" in ran.out


@pytest.mark.parametrize(
    ("args", "status", "message"),
    [
        (("EUR",), 2, "'EUR' is not a pair; write it like EUR/USD"),
        (("EUR/EUR",), 2, "EUR/EUR is always 1"),
        (("EUR/USDD",), 2, "unknown currency 'USDD'"),
        ((), 2, "Missing argument"),
        (("EUR/BTN", "--from", "ecb"), 3, "no publisher has EUR/BTN"),
    ],
)
def test_consensus_that_is_none(run: Run, args: tuple[str, ...], status: int, message: str) -> None:
    """A wrong pair, or one that no publisher has."""
    ran = run("consensus", "--offline", *args)
    assert ran.status == status
    assert message in ran.err


def test_the_consensus_in_place_of_a_provider(run: Run) -> None:
    """It gives tables as any provider does, help names it, and it is no provider that could be listed."""
    assert "1 USD · consensus · median of official rates" in run("USD", "--offline", "--provider", "consensus").out
    assert "--provider consensus" in run("providers", "--help").out
    ran = run("providers", "consensus")
    assert (ran.status, ran.out) == (2, "")
    assert "is not one provider but all official ones; like: --provider consensus" in ran.err
    assert run("USD", "--offline", "--provider", "consensus", "--on", "1990-01-02").status == 3
    ran = run("BTN", "--offline", "--provider", "consensus", "--format", "json")
    assert "none of its" in ran.out
