from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from rates.settings import FORMATS, PRICE_FORMATS
from tests.cli.conftest import Run, record


@pytest.fixture
def few(tape: str) -> tuple[str, ...]:
    """Flags that ask five publishers, of which the recording has three."""
    return "--replay", tape, "--from", "bbk,ecb,erapi,hnb,vatcomply"


def test_a_row_a_publisher(run: Run, few: tuple[str, ...]) -> None:
    """The table has each answer with country, day and age; stderr has each failure with the name of its error."""
    ran = run("USD", *few, "--symbols", "EUR,JPY")
    assert ran.status == 1
    assert ran.out.startswith("1 USD · 3 of 5 publishers\n")
    lines = [line.split() for line in ran.out.splitlines()]
    assert ["ecb", "EU", "0.89509§", "157.25§", "2026-10-30", "1", "day", "old"] in lines
    assert ["vatcomply", "EE", "0.895095", "157.250", "2026-10-30", "1", "day", "old"] in lines
    assert "§ derived: inverse, cross or median of published figures" in ran.out
    assert "\nhnb  NotRecorded  no recording of https://api.hnb.hr" in ran.err
    assert ran.err.startswith("bbk  Unsupported  cannot answer for the latest rates")


def test_several_bases(run: Run, few: tuple[str, ...]) -> None:
    """Each base has a table of its own, in their order."""
    out = run("USD", "EUR", *few).out
    assert out.index("1 USD · 3 of 5 publishers") < out.index("1 EUR · 3 of 5 publishers")


@pytest.mark.parametrize("fmt", [fmt for fmt in FORMATS if fmt not in PRICE_FORMATS])
def test_every_format(run: Run, few: tuple[str, ...], fmt: str) -> None:
    """Every format has all figures and all errors."""
    ran = run("USD", *few, "--format", fmt)
    assert ran.status == 1
    assert "157.25" in ran.out
    assert "NotRecorded" in ran.out + ran.err


@pytest.mark.parametrize("fmt", PRICE_FORMATS)
def test_prices_are_of_one_publisher(run: Run, few: tuple[str, ...], fmt: str) -> None:
    """A ledger has one price a day: many publishers are refused before any is asked."""
    for more in ((), ("--consensus",)):
        ran = run("USD", *few, *more, "--format", fmt)
        assert (ran.status, ran.out) == (2, "")
        assert f"{fmt} takes the rates of one publisher; give --provider, or take csv" in ran.err


def test_programs_get_pedigree(run: Run, few: tuple[str, ...]) -> None:
    """JSON has publisher, country and derivation of each figure, and each error; csv has a line for each rate."""
    found = json.loads(run("USD", *few, "--symbols", "EUR", "--format", "json").out)
    assert [entry["provider"] for entry in found] == ["bbk", "ecb", "erapi", "hnb", "vatcomply"]
    assert (found[1]["country"], found[1]["figures"]["EUR"]["how"], found[1]["age_days"]) == ("EU", "inverse", 1)
    assert [found[0]["error"]["name"], found[3]["error"]["name"]] == ["Unsupported", "NotRecorded"]
    lines = list(csv.DictReader(io.StringIO(run("USD", *few, "--symbols", "EUR", "--format", "csv").out)))
    assert [(line["provider"], line["country"], line["how"]) for line in lines] == [
        ("ecb", "EU", "inverse"), ("erapi", "", "published"), ("vatcomply", "EE", "published"),
    ]  # fmt: skip
    assert ({entry["restriction"] for entry in found}, {line["restriction"] for line in lines}) == ({None}, {""})


def test_programs_get_what_terms_restrict(run: Run, recording: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """JSON and csv say which publishers' terms ask for consent, or allow non-commercial use alone."""
    monkeypatch.delenv("RATES_TODAY")
    asked = ("USD", "--from", "bcccd,bomu,ecb", "--symbols", "JPY", "--replay", recording, "--format")
    expected = {"bcccd": "non-commercial", "bomu": "consent", "ecb": ""}
    found = json.loads(run(*asked, "json").out)
    assert {entry["provider"]: entry["restriction"] or "" for entry in found} == expected
    lines = list(csv.DictReader(io.StringIO(run(*asked, "csv").out)))
    assert {line["provider"]: line["restriction"] for line in lines} == {"bcccd": "non-commercial", "ecb": ""}


def test_all_symbols_are_a_table_each(run: Run, tape: str) -> None:
    """With more symbols than fit into a row each publisher has its own table."""
    out = run("USD", "--replay", tape, "--from", "ecb,erapi", "--symbols", "all").out
    assert "1 USD · ecb · reference" in out
    assert "1 USD · erapi · mid" in out


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("--from", "europ"), "'europ' is neither a provider nor a group; did you mean europe"),
        (("--from", "ecb,-ecb"), "'ecb,-ecb' leaves no provider"),
        (("--from", ""), "'' leaves no provider"),
        (("--from", "all", "--provider", "ecb"), "--from and --consensus ask all at once, --provider one"),
        (("--consensus", "--provider", "ecb"), "give one of the two"),
    ],
)
def test_wrong_usage(run: Run, args: tuple[str, ...], message: str) -> None:
    """An unknown group, or a group together with a chain, is wrong usage."""
    ran = run("USD", "--offline", *args)
    assert ran.status == 2
    assert message in ran.err


def test_no_answer(run: Run, tape: str) -> None:
    """If no publisher answers, the status is 3."""
    assert run("USD", "--replay", tape, "--from", "hnb,nbp").status == 3


def test_the_whole_world(run: Run, recording: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """All publishers of a recording, with the agreement of each pair under the table."""
    monkeypatch.delenv("RATES_TODAY")
    ran = run("USD", "--from", "all", "--replay", recording, "--consensus", "--symbols", "EUR,JPY")
    assert ran.status == 1
    assert "USD/EUR  official  2026-10-30" in ran.out
    assert "USD/JPY  market" in ran.out
    assert ran.err.endswith(" cannot give it · --failures lists them\n")
    assert " 4 ended" in ran.err
    ran = run("USD", "--from", "all", "--replay", recording, "--symbols", "EUR,JPY", "--failures")
    assert "cannot answer for the latest rates" in ran.err  # of one that ended


@pytest.mark.parametrize(("group", "status"), [("all", 0), ("all,bbk", 1), ("all,tcmb", 1), ("all,-ecb", 0)])
def test_what_is_not_asked_has_not_failed(
    run: Run, tape: str, monkeypatch: pytest.MonkeyPatch, group: str, status: int
) -> None:
    """In a group, a publisher that wants a key or has ended is no failure; one that is named by itself is."""
    from rates.providers import groups

    known = ("bbk", "ecb", "erapi", "tcmb", "vatcomply")
    monkeypatch.setattr(groups, "members", lambda group: known)
    monkeypatch.setattr("rates.fetch.secrets.RECORDED", "")  # the key that any recording is read with
    ran = run("USD", "--replay", tape, "--from", group, "--symbols", "EUR", "--format", "csv")
    assert ran.status == (1 if status else 0)
    assert "tcmb  KeyNeeded" in ran.err
    assert run("consensus", "USD/EUR", "--replay", tape, "--from", group).status == ran.status


def test_weak_figures_are_marked(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A figure derived from the reverse rate is marked in tables, and json has the published one."""
    from rates.offline import embedded

    monkeypatch.setattr(embedded, "_object", _six_decimals)
    monkeypatch.delenv("RATES_TODAY")
    record(tmp_path, "erapi")
    args = ("IDR", "USD", "--replay", str(tmp_path), "--provider", "erapi", "--symbols", "IDR,USD")
    ran = run(*args)
    assert "0.0000551019§" in ran.out
    assert "§ derived from the reverse rate, which is published with more digits" in ran.out
    (weak, _) = json.loads(run(*args, "--format", "json").out)
    figure = weak["figures"]["USD"]
    assert (figure["how"], figure["instead_of"]) == ("inverse", 0.000055)
    assert figure["digits"] > 6
    alone = run("IDR", "--replay", str(tmp_path), "--provider", "erapi", "--symbols", "USD")
    assert "0.000055*" in alone.out


def _six_decimals(rates: dict[str, str]) -> str:
    """Rates as services write them: small ones lose their digits."""
    from decimal import Decimal

    return (
        "{"
        + ",".join(f'"{code}":{round(Decimal(rate), 6) if Decimal(rate) < 1 else rate}' for code, rate in rates.items())
        + "}"
    )


def test_providers_that_were_passed_over(run: Run) -> None:
    """The table has the provider that answered, stderr and json those that were asked before it, with the reason."""
    args = ("USD", "--offline", "--provider", "nbp,tcmb,ecb")
    ran = run(*args)
    assert ran.status == 0
    assert ran.out.startswith("1 USD · ecb · reference")
    assert "passed over: nbp (NotRecorded), tcmb (KeyNeeded)" in ran.out
    assert "passed over for ecb: NotRecorded: nbp: no recording of" in ran.err
    assert "passed over for ecb: KeyNeeded: tcmb: wants a key" in ran.err
    converted = run("convert", "1", "USD", "EUR", "--offline", "--provider", "tcmb,ecb")
    assert (converted.status, converted.out.splitlines()[0]) == (0, "1 USD = 0.90 EUR")
    assert "passed over for ecb: KeyNeeded: tcmb: wants a key" in converted.err
    (entry,) = json.loads(run(*args, "--format", "json").out)
    assert [error["name"] for error in entry["passed_over"]] == ["NotRecorded", "KeyNeeded"]


def test_the_next_has_the_symbol(run: Run) -> None:
    """A publisher that lacks a symbol is passed over for the next."""
    ran = run("EUR", "--offline", "--provider", "ecb,erapi", "--symbols", "BTN")
    assert ran.status == 3
    assert "MissingSymbols" in ran.err


def test_a_stale_one_is_warned_of(run: Run, recording: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stale provider is passed over for the next; as the last of a chain it is shown with a warning."""
    from rates import offline
    from rates.fetch import single_flight

    single_flight.forget()
    replay = offline.Replay(recording)
    monkeypatch.setattr(offline, "mock_for", lambda settings: replay)  # whatever day it is of
    monkeypatch.setenv("RATES_TODAY", "2026-11-23")
    ran = run("EUR", "--replay", recording, "--provider", "ecb", "--symbols", "USD")
    assert ran.status == 0
    assert "warning: Stale: ecb: its newest rates are of 2026-10-30, 24 days old; it rests 8 days at most" in ran.out
    ran = run("EUR", "--replay", recording, "--provider", "ecb", "--symbols", "USD", "--format", "json")
    assert json.loads(ran.out)[0]["warning"]["name"] == "Stale"
    assert "warning: Stale: ecb" in ran.err
