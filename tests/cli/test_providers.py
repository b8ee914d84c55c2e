"""`rates providers` with its filters and formats."""

from __future__ import annotations

import csv
import io
import json
from types import SimpleNamespace
from typing import Any

import pytest

from rates import providers
from rates.errors import RatesError
from rates.settings import TABLE_FORMATS
from tests.cli.conftest import Run


def listed(run: Run, *args: str) -> list[str]:
    """The keys of the publishers that pass these filters."""
    ran = run("providers", *args, "--format", "csv")
    assert ran.status == (0 if ran.out.count("\n") > 1 else 1)
    return [row["key"] for row in csv.DictReader(io.StringIO(ran.out))]


def test_providers(run: Run) -> None:
    """Every provider has a line; below are the meanings of the signs behind their keys."""
    ran = run("providers")
    assert ran.status == 0
    table, legend = ran.out.split("\n\n")
    assert [line.split()[0] for line in table.splitlines()[2:]] == list(providers.keys())
    assert [line[:2] for line in legend.splitlines()] == ["! ", "° ", "? "]


@pytest.mark.parametrize(("key", "signs"), [("nbp", ""), ("bm", "!"), ("pma", "°"), ("boz", "°?")])
def test_restrictions(run: Run, key: str, signs: str) -> None:
    """What terms ask for, and what no recorded answer proves, is a sign in the list, a line in full, and a fact."""
    country = providers.load(key).PROVIDER.country
    table, _, legend = run("providers", "--country", country).out.partition("\n\n")
    (line,) = (line for line in table.splitlines() if line.split()[0] == key)
    assert line.partition("  ")[0] == f"{key} {signs}".strip()
    assert "".join(line[0] for line in legend.splitlines()) == signs
    (row,) = json.loads(run("providers", key, "--format", "json").out)
    assert (row["restriction"] or "", row["proven"]) == (providers.load(key).PROVIDER.restriction, "?" not in signs)
    in_full = " ".join(run("providers", key).out.split())
    assert ("terms ask for consent before any use" in in_full) == ("!" in signs)
    assert ("terms ask for non-commercial use" in in_full) == ("°" in signs)
    assert ("no recorded answer is known" in in_full) == ("?" in signs)


@pytest.mark.parametrize("key", providers.keys())
def test_one_provider(run: Run, key: str) -> None:
    """A publisher in full has its name, its source and an example."""
    ran = run("providers", key.upper())
    provider = providers.load(key).PROVIDER
    assert ran.status == 0
    assert provider.name in ran.out
    assert provider.source in ran.out
    assert f"--provider {key}" in ran.out


def test_providers_for_programs(run: Run) -> None:
    """Programs get a row for each provider, with every fact."""
    rows = json.loads(run("providers", "--format", "json").out)
    assert [row["key"] for row in rows] == list(providers.keys())
    assert {row["per_base"] for row in rows} == {True, False}


@pytest.mark.parametrize(
    ("args", "having", "lacking"),
    [
        (("--currency", "RUB"), {"cbr", "nbk"}, {"ecb", "bbk", "erapi"}),
        (("--currency", "rub,kzt"), {"cbr", "nbk"}, {"bcra"}),
        (("--currency", "RUB", "--currency", "KZT", "--country", "ru"), {"cbr"}, {"nbk"}),
        (("--country", "CZ,PL"), {"cnb", "nbp"}, {"ecb"}),
        (("--country", "CZ", "--country", "PL"), {"cnb", "nbp"}, {"ecb"}),
        (("--region", "africa"), {"bam", "sarb"}, {"ecb"}),
        (("--region", "Western Asia,Oceania"), {"boi", "rba"}, {"nbk", "ecb"}),
        (("--key", "needed"), {"tcmb", "bam"}, {"ecb"}),
        (("--key", "none"), {"ecb"}, {"tcmb", "bam"}),
        (("--history",), {"ecb"}, {"erapi", "vatcomply"}),
        (("--kind", "service"), {"erapi", "frankfurter"}, {"ecb"}),
        (("--kind", "central-bank"), {"ecb"}, {"erapi", "frankfurter"}),
        (("--region", "europe", "--key", "none", "--currency", "TRY", "--history"), {"ecb", "cnb"}, {"tcmb", "nbk"}),
        (("ecb", "tcmb", "--key", "none"), {"ecb"}, {"tcmb"}),
    ],
)
def test_filters(run: Run, args: tuple[str, ...], having: set[str], lacking: set[str]) -> None:
    """Each filter keeps the publishers that it names; several keep those that pass all of them."""
    keys = listed(run, *args)
    assert having <= set(keys)
    assert not lacking & set(keys)


def test_unknown_currencies_are_reported(run: Run) -> None:
    """A publisher whose currencies are not known is not listed, and is named on stderr."""
    ran = run("providers", "--currency", "USD", "--kind", "service")
    assert "it is not known which currencies these publish: " in ran.err
    assert "erapi" in ran.err
    assert "erapi" not in ran.out
    assert "cbr" not in ran.err  # no service


@pytest.mark.parametrize(("more", "out"), [((), ""), (("--format", "json"), "[]\n"), (("--format", "jsonl"), "\n")])
def test_none_matches(run: Run, more: tuple[str, ...], out: str) -> None:
    """No match is a sentence and a status; a program gets an empty document."""
    ran = run("providers", "--country", "CZ", "--key", "needed", *more)
    assert ran.status == 1
    assert ran.out.strip() == out.strip()
    assert ran.err == "no publisher matches all these filters; leave one out\n"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("--currency", "TRYY"), "unknown currency 'TRYY'; did you mean TRY"),
        (("--region", "afrika"), "unknown region 'afrika'; did you mean Africa"),
        (("--region", "moon"), "regions are Africa"),
        (("--key", "maybe"), "'maybe' is not one of"),
        (("--kind", "bank"), "'bank' is not one of"),
        (("ecb", "--into", "x"), "--into is for"),
        (("new",), "`new` needs one key"),
    ],
)
def test_wrong_usage(run: Run, args: tuple[str, ...], message: str) -> None:
    """An unknown word is an error that names the nearest known one."""
    ran = run("providers", *args)
    assert (ran.status, ran.out) == (2, "")
    assert message in ran.err


def test_all_about_one(run: Run) -> None:
    """How to get a key, what it publishes and published, as seen when, and a command to try."""
    out = " ".join(run("providers", "ecb").out.split())
    assert "currencies 30, as seen on 2026-10-30: AUD BRL" in out
    assert "RUB to 2022-03-01" in out
    assert "EU, Euro area, Europe" in out
    assert "rate type reference, official published daily" in out
    assert "rate type official published daily" in " ".join(run("providers", "cbr").out.split())
    assert run("providers", "ECB,nbp", "ecb").out == run("providers", "ecb", "nbp").out
    out = " ".join(run("providers", "bam").out.split())
    assert "BAM_API_KEY in the environment, or bam under [keys] in the file; from https://" in out
    assert "ask for all: rates USD --provider erapi --symbols all" in " ".join(run("providers", "erapi").out.split())
    assert "--on 1998-12-30" in run("providers", "bbk").out
    assert "rate type reference, official published" in " ".join(run("providers", "ecb").out.split())
    assert "rate type official published" in " ".join(run("providers", "nbkr").out.split())


@pytest.mark.parametrize(
    ("key", "shown"),
    [("nbp", "93 days a request"), ("bct", "1 day a request"), ("ecb", "no limit"), ("erapi", "")],
)
def test_the_longest_range(run: Run, key: str, shown: str) -> None:
    """The longest range that one request may ask for; no line for a publisher that does not answer for a range."""
    lines = [line.split("  ")[-1] for line in run("providers", key).out.splitlines() if "longest range" in line]
    assert lines == ([shown] if shown else [])


@pytest.mark.parametrize("fmt", TABLE_FORMATS)
def test_every_format(run: Run, fmt: str) -> None:
    """The list and the details of one publisher are there in every format of tables."""
    for keys in ((), ("ecb",)):
        ran = run("providers", *keys, "--format", fmt)
        assert ran.status == 0
        assert "European Central Bank" in ran.out or keys


def test_facts_for_programs(run: Run) -> None:
    """Currencies are a list, or null where they are not known."""
    found = {row["key"]: row for row in json.loads(run("providers", "--format", "json").out)}
    assert "TRY" in found["ecb"]["currencies"]
    assert "RUB" not in found["ecb"]["currencies"]
    assert (found["erapi"]["currencies"], found["erapi"]["currencies_seen"]) == (None, None)
    assert (found["nbp"]["region"], found["nbp"]["sub_region"]) == ("Europe", "Eastern Europe")
    assert found["vatcomply"]["reprints"] == "ecb"


def test_settings_are_still_heeded(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    """The list reads no settings where there are none; a file's or a variable's format counts all the same."""
    monkeypatch.delenv("RATES_TODAY")
    assert run("providers", "ecb", "--key", "none").out.startswith("ecb · European")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / "rates").mkdir()
    (tmp_path / "rates" / "rates.toml").write_text('format = "csv"\n', encoding="utf-8")
    assert run("providers", "ecb").out.startswith("key,name,")
    monkeypatch.setenv("RATES_FORMAT", "jsonl")
    assert run("providers", "ecb").out.startswith('{"key": "ecb"')


def test_a_joined_provider_that_is_broken(run: Run, tape: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plugin that cannot be imported is reported, and the others are listed; asked for by key, it is an error."""

    def load() -> Any:
        raise ImportError("no module named acme")

    entry = SimpleNamespace(name="acme", value="acme.rates", module="acme.rates", load=load)
    monkeypatch.setattr(providers, "_plugins", lambda: {"acme": entry})
    ran = run("providers")
    assert ran.status == 0
    assert "the installed provider acme (acme.rates) cannot be loaded: ImportError: no module named acme" in ran.err
    assert run("providers", "acme").status == 3
    asked = run("EUR", "--from", "ecb,acme", "--replay", tape, "--format", "json")
    assert (asked.status, [row["provider"] for row in json.loads(asked.out)]) == (1, ["ecb", "acme"])
    entry.load = lambda: SimpleNamespace(PROVIDER=SimpleNamespace(key="other"))
    with pytest.raises(RatesError, match="has the key 'other'"):
        providers.load("acme")


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("frankfurtr", "did you mean frankfurter?"),
        ("nbpp", "did you mean nbp?"),
        ("zzzz", "list them with: rates providers"),
    ],
)
def test_unknown_key(run: Run, key: str, message: str) -> None:
    """The error about an unknown key names the nearest ones, or the command that lists all."""
    ran = run("providers", key)
    assert ran.status == 2
    assert not ran.out
    assert message in ran.err
