from __future__ import annotations

import csv
import io
import json

import pytest

from rates import providers
from rates.currencies import all_currencies
from tests.cli.conftest import Run


def test_providers(run: Run) -> None:
    """Every provider has a line."""
    ran = run("providers")
    assert ran.status == 0
    assert [line.split()[0] for line in ran.out.splitlines()[2:]] == list(providers.keys())


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


def test_currencies(run: Run) -> None:
    """The list has the codes in use, with --ended the others."""
    used, ended = (list(csv.DictReader(io.StringIO(run("currencies", *more, "--format", "csv").out)))
                   for more in ((), ("--ended",)))  # fmt: skip
    assert sorted(row["code"] for row in (*used, *ended)) == sorted(all_currencies())
    assert "ended" not in used[0]
    assert {row["ended"] != "" for row in ended} == {True}


def test_some_currencies(run: Run) -> None:
    """An ended currency has its end and its successor; digits are ISO's."""
    rows = list(csv.DictReader(io.StringIO(run("currencies", "hrk", "iqd", "xau", "--format", "csv").out)))
    assert [(row["code"], row["digits"], row["ended"], row["successor"]) for row in rows] == [
        ("HRK", "2", "2023-01-01", "EUR"), ("IQD", "3", "", ""), ("XAU", "", "", "")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("currencies", "jpx"), "did you mean JPY?"),
        (("providers", "frankfurtr"), "did you mean frankfurter?"),
        (("providers", "nbpp"), "did you mean nbp or nb?"),
        (("providers", "zzzz"), "list them with: rates providers"),
        (("config", "more"), "unexpected extra argument"),
    ],
)
def test_wrong_usage(run: Run, args: tuple[str, ...], told: str) -> None:
    """The message about an unknown word has the nearest, or the command that lists all."""
    ran = run(*args)
    assert ran.status == 2
    assert not ran.out
    assert told in ran.err


def test_a_life_is_told(run: Run) -> None:
    """A currency in full has its first day, end, ratio, peg and publishers."""
    out = " ".join(run("currencies", "hrk", "aed", "isk", "rub").out.split())
    for part in (
        "began 1994-05-30 before it HRD ended 2023-01-01, replaced by EUR",
        "fixed 1 EUR = 7.53450 HRK, irrevocably since 2023-01-01",
        "at ecb 2005-04-01 to 2022-12-30",
        "pegged 1 USD = 3.6725 AED since 1997-11-02, by the Central Bank of the UAE",
        "at ecb 1999-01-04 to 2008-12-09, 2018-02-01 to now",
        "published by cbr, ",
        "bam (key)",
    ):
        assert part in out
