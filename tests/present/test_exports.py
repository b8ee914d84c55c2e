from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rates.errors import TimedOut
from rates.model import DerivedRate, Failed, Fetched, Quote, RateTable
from rates.present import show
from rates.present.exports import CSV_HEADERS
from rates.present.tabular import json_text

from .samples import FRIDAY, SETTINGS, TODAY, outcomes, table

LATE = TimedOut('no "answer"\nwithin 10 s', provider="frankfurter")
JSON = SETTINGS.with_values(format="json", symbols=())
CSV = SETTINGS.with_values(format="csv", symbols=())


def figures(**rates: Decimal) -> RateTable:
    """A table of published rates."""
    return RateTable("USD", "a, bank", {s: DerivedRate(r, FRIDAY, "published", 5) for s, r in rates.items()})


def test_json_object() -> None:
    """A base's object holds its rates as numbers and the pedigree of each."""
    text = show(outcomes("EUR"), JSON.with_values(symbols=("EUR", "USD", "XAU")), today=TODAY)
    assert json.loads(text, parse_float=Decimal) == [
        {
            "base": "EUR",
            "provider": "ecb",
            "rate_type": "reference",
            "day": "2026-10-30",
            "asked": None,
            "age_days": 24,
            "offline": False,
            "source": None,
            "fetched": None,
            "simulated": None,
            "rates": {"EUR": 1, "USD": Decimal("1.1172")},
            "figures": {
                "EUR": {"day": "2026-10-30", "how": "identity", "digits": None},
                "USD": {"day": "2026-10-30", "how": "published", "digits": 5},
            },
        }
    ]


def test_json_text() -> None:
    """The document is laid out so that a person can read it: a line a rate, a line a pedigree."""
    given_ = [*outcomes("EUR"), Failed("JPY", error=LATE)]
    assert (
        show(given_, JSON.with_values(symbols=("USD",)), today=TODAY)
        == """\
[
  {
    "base": "EUR",
    "provider": "ecb",
    "rate_type": "reference",
    "day": "2026-10-30",
    "asked": null,
    "age_days": 24,
    "offline": false,
    "source": null,
    "fetched": null,
    "simulated": null,
    "rates": {
      "USD": 1.1172
    },
    "figures": {
      "USD": {"day": "2026-10-30", "how": "published", "digits": 5}
    }
  },
  {
    "base": "JPY",
    "offline": false,
    "simulated": null,
    "error": {
      "name": "TimedOut",
      "message": "frankfurter: no \\"answer\\"\\nwithin 10 s"
    }
  }
]"""
    )


def test_failed_and_passed_over() -> None:
    """A failed base holds its error in place; errors that were passed over are listed too."""
    asked = date(2026, 11, 1)
    given_ = [Failed("JPY", error=LATE), Fetched("USD", table("USD", asked=asked), passed_over=(LATE,))]
    lost, found = json.loads(show(given_, JSON, today=TODAY))
    error = {"name": "TimedOut", "message": str(LATE)}
    assert lost == {"base": "JPY", "offline": False, "simulated": None, "error": error}
    assert found["passed_over"] == [error]
    assert (found["asked"], found["age_days"]) == ("2026-11-01", None)


def test_offline_and_simulated() -> None:
    """Rates that are not from the network name their source, and every object and line the simulated network."""
    settings = JSON.with_values(offline=True, latency=0.12, jitter=0.02, fail=0.05)
    given_ = [Fetched("EUR", replace(table("EUR"), source="ecb-history")), Failed("JPY", error=LATE)]
    found, lost = json.loads(show(given_, settings, today=TODAY))
    words = "latency 120 ms ± 20 ms, 5 % of requests fail"
    assert (found["offline"], found["source"], found["simulated"]) == (True, "ecb-history", words)
    assert (lost["offline"], lost["simulated"]) == (True, words)
    lines = csv.DictReader(io.StringIO(show(given_, settings.with_values(format="csv"), today=TODAY)))
    assert {(line["offline"], line["source"], line["simulated"]) for line in lines} == {("yes", "ecb-history", words)}


def test_jsonl_is_json_a_line_each() -> None:
    """JSON lines are the objects of json, one a line."""
    given_ = outcomes("USD", "EUR")
    lines = show(given_, JSON.with_values(format="jsonl"), today=TODAY).splitlines()
    assert [json.loads(line) for line in lines] == json.loads(show(given_, JSON, today=TODAY))


def test_csv_lines() -> None:
    """CSV holds one line a rate, quoted where needed, with the figure's own day."""
    text = show([Fetched("USD", figures(IDR=Decimal("1.5869E+4"))), Failed("JPY", error=LATE)], CSV, today=TODAY)
    assert text == f'{",".join(CSV_HEADERS)}\nUSD,IDR,15869,2026-10-30,"a, bank",,published,5,no,,,,'


def test_csv_of_nothing() -> None:
    """Without rates csv is its header, json an empty list, jsonl nothing."""
    assert show([], CSV, today=TODAY) == ",".join(CSV_HEADERS)
    assert show([], JSON, today=TODAY) == "[]"
    assert show([], JSON.with_values(format="jsonl"), today=TODAY) == ""


def test_identity_has_no_digits() -> None:
    """The exact 1 of a base against itself has an empty count of digits."""
    line = show(outcomes("EUR"), CSV.with_values(symbols=("EUR",)), today=TODAY).splitlines()[1]
    assert line == "EUR,EUR,1,2026-10-30,ecb,reference,identity,,no,,,,"


decimals = st.decimals(min_value=Decimal("1e-30"), max_value=Decimal("1e30"), allow_nan=False, allow_infinity=False)


@given(st.dictionaries(st.from_regex("[A-Z]{3}", fullmatch=True), decimals, min_size=1))
def test_round_trip(rates: dict[str, Decimal]) -> None:
    """A program reads back every digit from json, jsonl and csv, without an exponent."""
    given_ = [Fetched("USD", figures(**rates))]
    document = show(given_, JSON, today=TODAY)
    numbers = json.loads(document, parse_float=Decimal, parse_int=Decimal)[0]["rates"]
    lines = list(csv.DictReader(io.StringIO(show(given_, CSV, today=TODAY))))
    assert numbers == rates
    assert {line["symbol"]: Decimal(line["rate"]) for line in lines} == rates
    assert all("E" not in line["rate"] for line in lines)
    assert {symbol: str(number) for symbol, number in numbers.items()} == {
        symbol: str(Decimal(format(rate, "f"))) for symbol, rate in rates.items()
    }


def test_tiny_rate() -> None:
    """The ECB's IDR to USD keeps its zeros in the document's text."""
    text = show([Fetched("IDR", figures(USD=Decimal("0.0000551019")))], JSON, today=TODAY)
    assert '"USD": 0.0000551019' in text


@pytest.mark.parametrize("bad", [Decimal("NaN"), Decimal("Infinity"), float("nan")])
def test_json_has_no_nan(bad: object) -> None:
    """A number that JSON does not have is an error, never written."""
    with pytest.raises(ValueError, match="JSON"):
        json_text([bad])


def test_the_last_day_of_a_period() -> None:
    """A rate for a period has its last day in json and csv; of a rate of one day the cell is empty."""
    quote = Quote("USD", "CHF", Decimal("0.81"), FRIDAY, date(2026, 12, 30))
    rate = DerivedRate(quote.rate, FRIDAY, "published", 2, (quote,))
    outcome = Fetched("USD", RateTable("USD", "x", {"CHF": rate, "EUR": rate._replace(path=())}))
    (entry,) = json.loads(show([outcome], JSON, today=TODAY))
    assert entry["figures"]["CHF"]["valid_to"] == "2026-12-30"
    assert "valid_to" not in entry["figures"]["EUR"]
    lines = csv.DictReader(io.StringIO(show([outcome], CSV, today=TODAY)))
    assert [(line["symbol"], line["valid_to"]) for line in lines] == [("CHF", "2026-12-30"), ("EUR", "")]
