"""`rates rules`: the rules as a list, in full, and for programs."""

from __future__ import annotations

import json
import shlex

import pytest

from rates.store.named_rules import RULES
from tests.cli.conftest import Run


def test_the_list(run: Run) -> None:
    """A line for each rule, with the publisher and what it goes by."""
    ran = run("rules")
    assert (ran.status, ran.err) == (0, "")
    assert [line.split()[0] for line in ran.out.splitlines()[2:]] == [*RULES]
    assert "eu-oss          ecb          any     quarter    EU one-stop-shop VAT returns" in ran.out


def test_one_in_full(run: Run) -> None:
    """What it takes, where the law stands, what else to know, and an example."""
    ran = run("rules", "UK-VAT")
    assert ran.out.startswith("uk-vat · British VAT")
    for text in ("HMRC's monthly rate in force in the month", "VAT Notice 700", "https://www.gov.uk/", "into  GBP"):
        assert text in ran.out
    assert run("rules", "uk").err.startswith("rates: unknown rule 'uk'")
    assert run("rules", "uk").status == 2


def test_for_programs(run: Run) -> None:
    """Every field of each rule; null for what a rule leaves open."""
    rows = json.loads(run("rules", "--format", "json").out)
    assert [row["rule"] for row in rows] == [*RULES]
    (mean,) = (row for row in rows if row["rule"] == "irs-average")
    assert (mean["publisher"], mean["when"], mean["goes_by"]) == (None, None, "year")
    assert (
        run("rules", "eu-oss", "--format", "csv")
        .out.splitlines()[1]
        .startswith("eu-oss,ecb,,quarter,next,7,,2015-01-01,")
    )


@pytest.mark.parametrize("name", RULES)
def test_examples(run: Run, name: str) -> None:
    """The example of each rule is a line that the rule accepts; without a network some publishers are not reached."""
    lines = run("rules", name).out.partition("  example ")[2].split()
    ran = run(*shlex.split(" ".join(lines))[1:], "--offline")
    assert ran.status in (0, 3), ran.err
    assert ran.status == 0 or RULES[name].publisher not in ("", "ecb")
