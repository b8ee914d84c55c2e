"""Which publisher had which currency when."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from rates import providers
from rates.currencies import codes, ended
from rates.providers import published
from tests.providers.recordings import recordings
from tests.providers.world import read

FIRST_RATES = date(1945, 1, 1)  # no publisher has older ones


def listed() -> dict[str, published.Seen]:
    """What the file holds, by key."""
    with open(published.FILE, encoding="utf-8") as file:
        keys = [line.split()[0] for line in file if not line.startswith("#")]
    return {key: found for key in keys if (found := published.seen(key))}


def test_lines_and_codes_are_sorted() -> None:
    """Each publisher has one line, the lines are sorted by key, the words of a line by code and day."""
    with open(published.FILE, encoding="utf-8") as file:
        lines = [line.split() for line in file if not line.startswith("#")]
    keys = [line[0] for line in lines]
    assert keys == sorted(set(keys))
    assert all(line[2:] == sorted(line[2:]) for line in lines)


def test_every_line_is_of_a_provider() -> None:
    """A line is of a provider of this package; the currencies of every central bank but these are known.

    Of those few, recorded answers were seen that are cut to some currencies, or none was.
    """
    assert set(listed()) <= set(providers.own_keys())
    banks = {key for key in providers.own_keys() if providers.load(key).PROVIDER.kind == "central bank"}
    assert banks - set(listed()) == {"bis", "bnb", "bok", "snb", "snb_month_end", "snb_yearly"}


def test_currencies_are_currencies() -> None:
    """Every code of the list is one, each line is of a day, and no spell ends before it begins."""
    for key, seen in listed().items():
        assert {spell.code for spell in seen.spells} <= codes(), key
        assert seen.until < date(2100, 1, 1)
        for spell in seen.spells:
            assert not (spell.first and spell.last) or spell.first <= spell.last
            assert FIRST_RATES < (spell.first or spell.last or seen.until) <= seen.until


def test_the_spells_of_one_currency_follow_each_other() -> None:
    """A currency with a pause has its spells in order, and only the last of them goes on."""
    for key, seen in listed().items():
        for code in {spell.code for spell in seen.spells}:
            spells = published.spells(key, code)
            for before, after in pairwise(spells):
                assert before.last < after.first, (key, code)  # neither is None


def test_the_pivot_is_among_the_currencies() -> None:
    """A publisher whose currencies are known has its own."""
    for key in listed():
        pivot = providers.load(key).PROVIDER.pivot
        assert not pivot or published.spells(key, pivot)


# Codes that publishers use beside currencies: the yuan outside China, an index.
NOT_CURRENCIES = {"CNH", "XXX"}


@recordings
def test_the_newest_recorded_rates_are_of_listed_currencies() -> None:
    """Every currency in use of which a publisher's newest recorded answer has a rate is in its line."""
    missing = {}
    for key in listed():
        quotes = read(key)
        newest = max((quote.day for quote in quotes), default=date.max)
        found = {code for quote in quotes if quote.day == newest for code in (quote.base, quote.symbol)}
        in_use = {code for code in found - NOT_CURRENCIES if not ended(code, newest)}
        missing[key] = sorted(code for code in in_use if not published.has(key, code, newest))
    assert {key: codes for key, codes in missing.items() if codes} == {}


def day(text: str) -> date | None:
    """A day; None for none."""
    return date.fromisoformat(text) if text else None


@pytest.mark.parametrize(
    ("key", "code", "on", "had"),
    [
        ("ecb", "RUB", "", False),
        ("ecb", "RUB", "2022-03-01", True),
        ("ecb", "RUB", "2022-03-02", False),
        ("ecb", "RUB", "2005-03-31", False),
        ("ecb", "ISK", "2008-12-09", True),
        ("ecb", "ISK", "2012-01-02", False),
        ("ecb", "ISK", "", True),
        ("ecb", "USD", "1998-12-31", False),
        ("cbr", "RUB", "", True),
        ("bbk", "USD", "", False),
        ("bbk", "USD", "1998-12-30", True),
        ("bbk", "USD", "1999-01-04", False),
        ("erapi", "USD", "", False),
        ("no such key", "USD", "", False),
    ],
)
def test_who_has_what(key: str, code: str, on: str, had: bool) -> None:
    """A currency that ended or paused, a publisher that ended, and one of which nothing is known."""
    assert published.has(key, code, day(on)) is had


@pytest.mark.parametrize(
    ("key", "code", "on", "reason"),
    [
        ("ecb", "USD", "2020-01-02", ""),
        ("ecb", "RUB", "2022-03-02", "RUB ended at ecb on 2022-03-01"),
        ("ecb", "RUB", "2005-03-31", "RUB began at ecb on 2005-04-01"),
        ("ecb", "ISK", "2012-01-02", "ISK paused at ecb from 2008-12-09 to 2018-02-01"),
        ("ecb", "HRK", "2023-06-01", "HRK was replaced by EUR on 2023-01-01"),
        ("ecb", "KZT", "2020-01-02", ""),
        ("erapi", "USD", "2020-01-02", ""),
        ("", "RUB", "2022-03-02", ""),
    ],
)
def test_why_a_currency_is_absent(key: str, code: str, on: str, reason: str) -> None:
    """It ended, began or paused at this publisher, or ended everywhere; "" where no reason is known."""
    assert published.absence(key, code, date.fromisoformat(on)) == reason


def test_publishers_of_a_currency() -> None:
    """Those without a key come first, and one that has it no longer is not named."""
    found = published.publishers("RUB", on=date(2023, 1, 3))
    assert {"cbr", "nbk"} <= set(found)
    assert found[0] == "cbr"  # whose own currency it is
    assert "ecb" not in found
    wanting = [bool(providers.load(key).PROVIDER.key_env) for key in found]
    assert wanting == sorted(wanting)
    assert "ecb" in published.publishers("RUB", on=date(2022, 1, 3))


def test_publishers_of_several_currencies() -> None:
    """Only those that have all of them."""
    both = set(published.publishers("RUB", "KZT"))
    assert both == set(published.publishers("RUB")) & set(published.publishers("KZT"))
    assert "bcra" in set(published.publishers("RUB")) - both


def test_a_few_publishers_are_found_without_loading_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only those whose line has the currency are loaded."""
    loaded = []

    def load(key: str) -> providers.ProviderModule:
        loaded.append(key)
        return real(key)

    real = providers.load
    monkeypatch.setattr(providers, "load", load)
    assert set(published.publishers("DZD")) <= set(loaded)
    assert {key for key in providers.own_keys() if published.spells(key, "DZD")} == set(loaded)
