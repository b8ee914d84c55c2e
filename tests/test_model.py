from __future__ import annotations

import copy
import importlib.util
import pickle
import sys
from dataclasses import FrozenInstanceError, fields, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from rates.errors import KeyNeeded, UsageError
from rates.model import (
    ONE,
    DerivedRate,
    Failed,
    Fetched,
    Provider,
    Query,
    Quote,
    RateTable,
    Reply,
    Request,
    Timing,
)

FRIDAY = date(2026, 10, 30)
WEDNESDAY = date(2026, 10, 28)

USD = Quote("EUR", "USD", Decimal("1.10"), FRIDAY)
AFN = Quote("EUR", "AFN", Decimal("77.5"), WEDNESDAY)
PROVIDER = Provider(
    key="ecb", name="ECB", country="EU", pivot="EUR", rate_type="mid", cadence="daily", published="", since=FRIDAY
)


def table(base: str = "EUR", provider: str = "ecb", asked: date | None = None) -> RateTable:
    """A small table with figures of two days."""
    figures = {
        base: DerivedRate(ONE, FRIDAY, "identity", 28),
        "USD": DerivedRate(USD.rate, USD.day, "published", 3, (USD,)),
        "AFN": DerivedRate(AFN.rate, AFN.day, "published", 3, (AFN,)),
    }
    return RateTable(base, provider, figures, asked=asked, rate_type="mid")


NOUNS = [
    USD,
    Request("https://a.example/", (("a", "b"),), (), (("K", "v"),), (404,), ("K",), True),
    Reply(200, b"\x00\xff", {"date": "x"}),
    Query("EUR", ("USD",), FRIDAY, FRIDAY, FRIDAY, (("ecb", "k"),)),
    PROVIDER,
    DerivedRate(USD.rate, FRIDAY, "published", 3, (USD,)),
    table(),
    Timing(1.0, 2.0, 1.5, 3),
    Fetched("EUR", table(), (), Timing(1.0, 2.0, 1.5, 3)),
]


@pytest.mark.parametrize("noun", NOUNS, ids=lambda noun: type(noun).__name__)
def test_every_noun_pickles_and_copies(noun: object) -> None:
    """Every object of the model is equal after pickling and copying."""
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(noun, protocol)) == noun
    assert copy.copy(noun) == noun
    assert copy.deepcopy(noun) == noun


@pytest.mark.parametrize("noun", NOUNS, ids=lambda noun: type(noun).__name__)
def test_every_noun_is_frozen(noun: object) -> None:
    """No field can be set, deleted or added."""
    names = noun._fields if isinstance(noun, (Quote, DerivedRate)) else [f.name for f in fields(noun)]
    for name in (*names, "another"):
        with pytest.raises((FrozenInstanceError, AttributeError, TypeError)):
            setattr(noun, name, None)
    with pytest.raises((FrozenInstanceError, AttributeError, TypeError)):
        delattr(noun, names[0])


@pytest.mark.parametrize("noun", [n for n in NOUNS if not isinstance(n, Reply)], ids=lambda noun: type(noun).__name__)
def test_nouns_hash_by_value(noun: object) -> None:
    """Equal objects have equal hashes, so that they can be in sets (except Reply, which has the server's headers)."""
    assert hash(noun) == hash(pickle.loads(pickle.dumps(noun)))


def test_no_key_in_a_repr() -> None:
    """The repr of a query has no keys, and that of a request no headers."""
    assert "hush" not in repr(Query("EUR", secrets=(("tcmb", "hush"),)))
    assert "hush" not in repr(Request("https://a.example/", headers=(("key", "hush"),)))


# --- RateTable -----------------------------------------------------------------------------------------------------


def test_reads_as_a_mapping() -> None:
    """A table is a mapping of symbol to Decimal, in the order of its figures."""
    rates = table()
    assert dict(rates) == {"EUR": ONE, "USD": Decimal("1.10"), "AFN": Decimal("77.5")}
    assert str(rates["USD"]) == "1.10"
    assert len(rates) == 3
    assert "XXX" not in rates
    assert rates.get("XXX") is None
    assert rates.how("EUR") == "identity"
    assert repr(rates) == "<RateTable EUR ecb 2026-10-30 3 rates>"
    with pytest.raises(KeyError):
        rates["XXX"]


def test_its_day_is_the_newest() -> None:
    """The day is the newest among the figures, the identity aside; each figure keeps its own."""
    rates = table()
    assert rates.day == FRIDAY
    assert rates.days() == {"EUR": FRIDAY, "USD": FRIDAY, "AFN": WEDNESDAY}
    weekly = RateTable("EUR", "ecb", {s: rates.figures[s] for s in ("EUR", "AFN")})
    assert weekly.day == WEDNESDAY
    assert RateTable("EUR", "ecb", {"EUR": rates.figures["EUR"]}).day == FRIDAY
    assert RateTable("EUR", "ecb", {}).day == date.min


def test_age_counts_calendar_days() -> None:
    """Friday's rates are two days old on Sunday, and tomorrow's minus one."""
    assert table().age_days(date(2026, 11, 1)) == 2
    assert table().age_days(date(2026, 10, 29)) == -1


def test_age_without_a_day_is_of_today() -> None:
    """The age counts to the current day in UTC where none is given."""
    today = datetime.now(UTC).date()
    assert table().age_days() in (table().age_days(today), table().age_days(today) + 1)


@pytest.mark.parametrize("symbol", ["usd", "Usd", "USD"])
def test_a_symbol_in_any_case(symbol: str) -> None:
    """Symbols are found in small letters too."""
    assert table()[symbol] == Decimal("1.10")
    assert symbol in table()
    assert table().get(symbol) == Decimal("1.10")
    assert table().how(symbol) == "published"


@pytest.mark.parametrize("symbol", ["USd", "xxx", "", 5, None, ("USD",)])
def test_a_symbol_that_is_not_there(symbol: Any) -> None:
    """GBp and its like mean hundredths, and so are not the pound; other types are no symbols."""
    assert symbol not in table()
    assert table().get(symbol) is None
    with pytest.raises(KeyError):
        table().how(symbol)


def test_as_text() -> None:
    """A table prints as a line about it and one a rate: as published, or rounded to six digits."""
    figures = {
        "USD": DerivedRate(Decimal("1.10"), FRIDAY, "published", 3),
        "IDR": DerivedRate(Decimal("14347.51298"), FRIDAY, "cross", 6),
        "BTC": DerivedRate(Decimal("0.0000123456789"), FRIDAY, "inverse", 6),
        "EUR": DerivedRate(ONE, FRIDAY, "identity", 28),
        "VES": DerivedRate(Decimal("25330001.7"), FRIDAY, "cross", 6),
    }
    assert str(RateTable("EUR", "ecb", figures, rate_type="reference")) == (
        "1 EUR · ecb · reference · 2026-10-30\nUSD  1.10\nIDR  14347.5\nBTC  0.0000123457\nEUR  1\nVES  25330000"
    )
    simulated = RateTable("EUR", "nbp", {}, source="ecb-history")
    assert str(simulated) == "1 EUR · nbp · simulated from ECB reference rates · 0001-01-01"
    assert str(RateTable("EUR", "", {})) == "1 EUR · 0001-01-01"


def test_in_a_notebook() -> None:
    """A notebook shows a table of HTML, in which a publisher's text is only text."""
    shown = RateTable("EUR", "<b>", {"<i>": DerivedRate(ONE, FRIDAY, "cross", 3)}, rate_type="a & b")._repr_html_()
    assert "<caption>1 EUR · &lt;b&gt; · a &amp; b · 2026-10-30</caption>" in shown
    assert "<tr><th>&lt;i&gt;</th><td>1</td><td>2026-10-30</td><td>cross</td></tr>" in shown
    assert ElementTree.fromstring(shown).tag == "table"


def test_as_a_dict() -> None:
    """The dict has the facts, the exact rates and their pedigree."""
    found = table(asked=FRIDAY).to_dict()
    assert found.pop("rates") == dict(table())
    assert found.pop("figures")["AFN"] == {"day": WEDNESDAY, "how": "published", "digits": 3}
    assert found == {"base": "EUR", "provider": "ecb", "rate_type": "mid", "day": FRIDAY, "asked": FRIDAY, "source": ""}


def test_as_a_series() -> None:
    """A Series has the Decimals by symbol; floats are a step away."""
    pandas = pytest.importorskip("pandas")
    series = table().to_series()
    assert series.to_dict() == dict(table())
    assert (series.name, series.attrs) == ("EUR", {"provider": "ecb", "day": FRIDAY})
    assert series.astype(float)["USD"] == 1.1
    assert isinstance(series, pandas.Series)


def test_without_pandas(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without pandas the error says what to install."""
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(UsageError, match=r"needs pandas; pip install 'fetch-rates\[pandas\]'"):
        table().to_series()


def test_timings_do_not_make_outcomes_differ() -> None:
    """Two outcomes with the same table or error are equal, and hash equally, whatever their timings."""
    error, slow = KeyNeeded("x"), Timing(1.0, 2.0, 1.5, 3)
    assert Fetched("EUR", table(), timing=slow) == Fetched("EUR", table())
    assert hash(Failed("EUR", error, timing=slow)) == hash(Failed("EUR", error))
    assert Failed("EUR", error, timing=slow) == Failed("EUR", error) != Failed("USD", error)


@pytest.mark.parametrize(
    ("valid_to", "days", "holds"),
    [
        (None, (-1, 0, 1), (False, True, False)),
        (FRIDAY + timedelta(days=2), (-1, 0, 2, 3), (False, True, True, False)),
        (date.max, (-1, 9999), (False, True)),
    ],
)
def test_a_quote_holds_within_its_period(valid_to: date | None, days: tuple[int, ...], holds: tuple[bool, ...]) -> None:
    """A rate holds on its own day, or from its first day to its last, both included."""
    one = USD._replace(valid_to=valid_to)
    assert tuple(one.holds_on(FRIDAY + timedelta(days=distance)) for distance in days) == holds


def test_a_query_takes_days() -> None:
    """Text in place of a day is named, before a publisher is asked."""
    with pytest.raises(UsageError, match=r"start must be a date, not '2026-10-30'"):
        Query("EUR", start="2026-10-30", end=FRIDAY)  # type: ignore[arg-type]


def test_figures_cannot_be_changed() -> None:
    """A table cannot be changed through its figures or the dict they came from."""
    given = dict(table().figures)
    rates = RateTable("EUR", "ecb", given)
    given.clear()
    assert len(rates) == 3
    with pytest.raises(TypeError):
        rates.figures["USD"] = given  # type: ignore[index]


def test_tables_are_equal_with_their_pedigree() -> None:
    """Equal figures of another publisher or day are another table; a plain dict of equal rates is equal."""
    assert table() == table()
    assert table() != table(provider="boc")
    assert table() != table(asked=FRIDAY)
    assert table() != table(base="USD")
    assert table() == {"EUR": ONE, "USD": Decimal("1.1"), "AFN": Decimal("77.5")}
    assert table() != {"EUR": ONE}
    assert table() != "EUR"
    assert len({table(), table(), table(provider="boc")}) == 2


# --- Query -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "kind", "span"),
    [
        (Query("EUR", today=FRIDAY), "latest", (date(2026, 10, 25), date(2026, 10, 31))),
        (Query("EUR", (), WEDNESDAY, WEDNESDAY, FRIDAY), "day", (date(2026, 10, 23), WEDNESDAY)),
        (Query("EUR", (), WEDNESDAY, FRIDAY, FRIDAY), "range", (WEDNESDAY, FRIDAY)),
    ],
)
def test_kind_and_span(query: Query, kind: str, span: tuple[date, date]) -> None:
    """Latest reaches to tomorrow, a day reaches back over closed days, a range is asked for unchanged."""
    assert query.kind == kind
    assert query.span(5) == span


@pytest.mark.parametrize(("start", "end"), [(FRIDAY, None), (None, FRIDAY), (FRIDAY, WEDNESDAY)])
def test_half_a_range_or_a_backward_one_is_refused(start: date | None, end: date | None) -> None:
    """A wrong query is an error before anything is sent."""
    with pytest.raises(UsageError, match="range"):
        Query("EUR", (), start, end, FRIDAY)


def test_secret() -> None:
    """A provider is given its own key; none, or an empty one, is KeyNeeded of that provider."""
    query = Query("EUR", secrets=(("tcmb", "k"), ("empty", "")))
    assert query.secret("tcmb") == "k"
    for name in ("empty", "openexchangerates"):
        with pytest.raises(KeyNeeded) as caught:
            query.secret(name)
        assert caught.value.provider == name


def test_per_base() -> None:
    """A publisher without a pivot answers each base by itself."""
    assert not PROVIDER.per_base
    assert Provider(
        key="x", name="", country="", pivot="", rate_type="", cadence="", published="", since=FRIDAY
    ).per_base


def _module(folder: Path, name: str, text: str, module_name: str = "anything") -> Provider:
    """The provider that a file outside any package makes."""
    file = folder / f"{name}.py"
    file.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(module_name, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: Provider = module.PROVIDER
    return found


MADE = """import sys
from datetime import UTC, date, datetime, timedelta
from rates.model import Provider, Failed, Fetched
PROVIDER = Provider(name="Utopia", rate_type="mid", published="noon", since=date(2001, 1, 2), {facts})
"""
DOCUMENTED = '"""Utopia.\n\nSource: https://bank.example/en/rates (in English)\n"""\n' + MADE


def test_a_provider_takes_its_key_and_source_from_its_module(tmp_path: Path) -> None:
    """The key is the file's name, the source is in the docstring, the terms are those of the source's home page."""
    made = _module(tmp_path, "utopia", DOCUMENTED.format(facts=""))
    assert (made.key, made.source, made.terms) == ("utopia", "https://bank.example/en/rates", "https://bank.example/")
    assert (made.cadence, made.concurrency, made.gap_days, made.key_env) == ("daily", 1, 7, "")
    copied = pickle.loads(pickle.dumps(made))
    assert copied == replace(made) == made
    assert replace(made, gap_days=3).key == "utopia"


def test_what_a_provider_says_of_itself_counts_first(tmp_path: Path) -> None:
    """A key, a source, terms and the name of its key's variable stand as given; without a docstring none is known."""
    facts = 'key="other", source="https://x.example", terms="t", key_url="https://x.example/key"'
    made = _module(tmp_path, "utopia", DOCUMENTED.format(facts=facts))
    assert (made.key, made.source, made.terms, made.key_env) == ("other", "https://x.example", "t", "OTHER_API_KEY")
    assert _module(tmp_path, "bare", MADE.format(facts='key_url="u", key_env="E"')).key_env == "E"
    assert _module(tmp_path, "bare", MADE.format(facts="")).source == ""
    assert _module(tmp_path, "__init__", MADE.format(facts=""), "lands.atlantis").key == "atlantis"


def test_outcome_is_ok_without_an_error() -> None:
    """`ok` is true if the base has rates."""
    assert Fetched("EUR", table()).ok
    assert not Failed("EUR", error=KeyNeeded("x")).ok


@pytest.mark.parametrize(
    ("end", "age"),
    [(None, 22), (date(2026, 11, 10), 13), (date(2026, 11, 23), 0), (date(2026, 12, 31), 0), (date.max, 0)],
)
def test_the_age_of_rates_for_a_period(end: date | None, age: int) -> None:
    """They are of today while the period lasts; afterwards their age counts from its end."""
    quote = Quote("EUR", "USD", Decimal("1.1"), date(2026, 11, 1), end)
    table = RateTable("EUR", "x", {"USD": DerivedRate(quote.rate, quote.day, "published", 2, (quote,))})
    assert table.age_days(date(2026, 11, 23)) == age
    assert table.age_days(date(2026, 10, 31)) == -1
