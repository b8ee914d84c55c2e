"""A new provider: `rates providers new KEY` writes its module, a specimen of its answer, and its test."""

from __future__ import annotations

import keyword
import re
from collections.abc import Sequence
from pathlib import Path

from rates import providers
from rates.errors import UsageError, quoted

_PROVIDER = '''"""Bank of {title}: official rates.

Publishes: 3 currencies each working day at 12:00, since 2001-01-02.
Quoted: official, euros for one unit of the currency.
Answer: JSON, a list of rows under "rates", each with its code, rate and day.
Source: https://bank.example/rates
"""

from rates.providers.kit import Iterable, Provider, Query, Quote, Request, Steps, by_window, date, get
from rates.readers import day, number, records

PROVIDER = Provider(
    name="Bank of {title}",
    country="",
    pivot="EUR",
    rate_type="official",
    published="12:00 Europe/Berlin",
    since=date(2001, 1, 2),
    max_days=366,
)

URL = "https://bank.example/rates.json"


def steps(query: Query) -> Steps:
    """The days asked for, in windows of a year; `rates.providers.kit` has other ways."""
    return by_window(query, PROVIDER, ask, parse)


def ask(first: date, last: date) -> Request:
    """The rows of a window."""
    return get(URL, {{"from": first, "to": last}})


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all rows, digit by digit."""
    for row in records(body, "rates"):
        yield Quote(row["code"], "EUR", number(row["rate"]), day(row["date"]))
'''

_SPECIMEN = """{"rates": [
  {"code": "USD", "rate": 0.8951, "date": "2026-10-30"},
  {"code": "GBP", "rate": 1.1993, "date": "2026-10-30"},
  {"code": "JPY", "rate": 0.005692, "date": "2026-10-30"}
]}
"""

_TEST = '''"""The Bank of {title}: the requests, and the quotes read from an answer."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from rates.errors import ParseError
from rates.fetch import run_provider
from rates.model import Query, Quote, Reply, Request

import {key}

TODAY = date(2026, 10, 30)


def answered(body: bytes) -> tuple[Quote, ...]:
    """The checked quotes of one answer."""
    asked: list[Request] = []

    def send(request: Request) -> Reply:
        asked.append(request)
        return Reply(200, body)

    quotes = run_provider({key}, Query("EUR", today=TODAY), send)
    assert [request.url for request in asked] == [{key}.URL]
    return quotes


def test_latest() -> None:
    """The rates as published, with their day."""
    quotes = answered(Path(__file__).with_name("{key}.json").read_bytes())
    assert quotes[0] == Quote("USD", "EUR", Decimal("0.8951"), TODAY)
    assert len(quotes) == 3


def test_another_document_is_refused() -> None:
    """An answer of another form is a named error."""
    with pytest.raises(ParseError):
        answered(b"{{}}")
'''

_NEXT = """written: {files}

Next:
  1. put in the bank's own facts, address and form; keep a true answer of it as {key}.json
  2. python -m pytest {test}
  3. use it: rates EUR --provider {module.parent}/{key}.py
  4. join it to rates: in the pyproject.toml of your distribution

     [project.entry-points."rates.providers"]
     {key} = "{key}"

     or, in a checkout of rates, move it to rates/providers, and its test and specimen to tests/providers; there the
     test says `from rates.providers import {key}`. Add the currencies that it publishes to
     rates/providers/_symbols.txt
"""


def write(keys: Sequence[str], into: str) -> str:
    """Writes the three files, and returns the next steps; `UsageError` when one of the files is there already."""
    if len(keys) != 1:
        raise UsageError("`new` needs one key", hint="like: rates providers new utopia")
    (key,) = keys
    _check(key)
    folder = Path(into)
    title = key.replace("_", " ").title()
    texts = {
        folder / f"{key}.py": _PROVIDER.format(key=key, title=title),
        folder / f"{key}.json": _SPECIMEN,
        folder / f"test_{key}.py": _TEST.format(key=key, title=title),
    }
    there = [str(file) for file in texts if file.exists() or file.is_symlink()]
    if there:
        raise UsageError(f"{', '.join(there)} is there already", hint="take another key, or --into another folder")
    if not folder.is_dir():
        raise UsageError(f"no folder {quoted(into)}", hint="make it first")
    for file, text in texts.items():
        with file.open("x", encoding="utf-8") as opened:
            opened.write(text)
    names = {"module": folder / f"{key}.py", "test": folder / f"test_{key}.py"}
    return _NEXT.format(files=", ".join(map(str, texts)), key=key, **names)


def _check(key: str) -> None:
    """Refuses a key that cannot be the name of a provider and of its module, or is taken."""
    if not re.fullmatch(r"[a-z][a-z0-9_]{1,39}", key) or keyword.iskeyword(key) or key == "new":
        raise UsageError(f"{quoted(key)} cannot be a key", hint="small letters, digits and _, like: bank_of_utopia")
    if key in providers.choices():
        raise UsageError(f"there is a provider {key} already", hint=f"see: rates providers {key}")
