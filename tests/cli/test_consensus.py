from __future__ import annotations

import csv
import io
import json
from decimal import Decimal

import pytest

from rates.settings import FORMATS, PRICE_FORMATS
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


def test_quiet(run: Run, tape: str) -> None:
    """With -q there is the median alone, as the table rounds it, in pence a hundred times the one in pounds."""
    where = ("-q", "--replay", tape, "--from", "ecb,erapi")
    assert run("consensus", "EUR/USD", *where).out.splitlines()[0] == "1.1172"
    pounds, pence = (run("consensus", f"EUR/{code}", *where).out.split()[0] for code in ("GBP", "GBp"))
    assert Decimal(pence) == 100 * Decimal(pounds)


@pytest.mark.parametrize("fmt", [fmt for fmt in FORMATS if fmt not in PRICE_FORMATS])
def test_consensus_in_every_format(run: Run, tape: str, fmt: str) -> None:
    """Every format has the figures."""
    ran = run("consensus", "EUR/USD", "--replay", tape, "--from", "ecb,erapi", "--format", fmt)
    assert ran.status == 0
    assert "1.1172" in ran.out


@pytest.mark.parametrize(
    ("args", "status", "message"),
    [
        (("EUR",), 2, "'EUR' is not a pair; write it like EUR/USD"),
        (("EUR/EUR",), 2, "EUR/EUR is always 1"),
        (("EUR/USDD",), 2, "unknown currency 'USDD'"),
        ((), 2, "missing argument"),
        (("EUR/BTN", "--from", "ecb"), 3, "no publisher has EUR/BTN"),
    ],
)
def test_consensus_that_is_none(run: Run, tape: str, args: tuple[str, ...], status: int, message: str) -> None:
    """A wrong pair, or one that no publisher has."""
    ran = run("consensus", "--replay", tape, *args)
    assert ran.status == status
    assert message in ran.err


def test_the_consensus_in_place_of_a_provider(run: Run, tape: str) -> None:
    """It gives tables as any provider does, help names it, and it is no provider that could be listed."""
    assert "1 USD · consensus · median of official rates" in run("USD", "--replay", tape, "--provider", "consensus").out
    assert "--provider consensus" in run("providers", "--help").out
    ran = run("providers", "consensus")
    assert (ran.status, ran.out) == (2, "")
    assert "is not one provider but all official ones; like: --provider consensus" in ran.err
    assert run("USD", "--replay", tape, "--provider", "consensus", "--on", "1990-01-02").status == 3
    ran = run("BTN", "--replay", tape, "--provider", "consensus", "--format", "json")
    assert "none of its" in ran.out


@pytest.mark.parametrize(
    "line", ["consensus EUR/USD", "doctor", "doctor ecb", "USD --from all", "USD --from ecb,erapi", "USD --consensus"]
)
def test_offline_there_is_one_source(run: Run, line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What compares publishers refuses the ECB's history in their place, however offline is set."""
    words = "rates: offline there is one source, the ECB's history, and no other to compare it with; leave out"
    ran = run(*line.split(), "--offline")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith(words)
    monkeypatch.setenv("RATES_OFFLINE", "1")
    assert run(*line.split()).err == ran.err


def test_no_consensus_offline(run: Run) -> None:
    """A chain with the consensus passes over it offline."""
    assert "consensus: offline there is one source" in run("USD", "--offline", "--provider", "consensus").err
    ran = run("USD", "--offline", "--provider", "consensus,ecb")
    assert ran.out.startswith("1 USD · ecb · reference")


def test_offline_is_in_what_programs_get(run: Run, tape: str) -> None:
    """The opinions of a recording say that they are not from the network."""
    args = ("consensus", "EUR/USD", "--replay", tape, "--from", "ecb,erapi")
    assert {group["offline"] for group in json.loads(run(*args, "--format", "json").out)} == {True}
    lines = csv.DictReader(io.StringIO(run(*args, "--latency", "1ms", "--format", "csv").out))
    assert {(line["offline"], line["simulated"]) for line in lines} == {("yes", "latency 1 ms")}
    assert run(*args).out.endswith("\n\noffline: a recording; ages count to 2026-10-31\n")
