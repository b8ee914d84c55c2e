"""The National Bank of Moldova: two documents a day, metals by the gram, units of up to a hundred."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates.errors import NoRates, ParseError
from rates.model import Quote
from rates.providers import nbm
from tests.providers.conversation import ask, between, case, latest, on, specimen
from tests.providers.recordings import asked, body, codes, dotted, in_sample, recordings, replay

CASE = case("nbm", "MDL", "17.0521", "day.xml", "metals.xml")

DAY, METALS, CLOSED = (specimen(f"nbm/{name}.xml") for name in ("day", "metals", "closed"))
FRIDAY = date(2026, 10, 30)


def test_latest() -> None:
    """The lek is per 10, the sum per 100; 26.7 and 2193.105 lei per gram times 31.1034768."""
    quotes, urls = ask("nbm", latest("MDL"), DAY, METALS)
    assert urls == [
        f"{nbm.FOLDER}official_exchange_rates?get_xml=1&date=30.10.2026",
        f"{nbm.FOLDER}official_metal_rates?get_xml=1&date=30.10.2026",
    ]
    assert quotes == (
        Quote("USD", "MDL", Decimal("17.0521"), FRIDAY),
        Quote("ALL", "MDL", Decimal("0.20614"), FRIDAY),
        Quote("UZS", "MDL", Decimal("0.001401"), FRIDAY),
        Quote("XAG", "MDL", Decimal("830.46283056"), FRIDAY),
        Quote("XAU", "MDL", Decimal("68213.190487464"), FRIDAY),
    )


def test_metals_are_asked_only_when_they_may_be_wanted() -> None:
    """Named symbols without gold and silver spare a request; with one of them they do not."""
    assert len(ask("nbm", latest("MDL", "USD"), DAY)[1]) == 1
    assert len(ask("nbm", latest("XAU", "MDL"), DAY, METALS)[1]) == 2


def test_a_closed_day_has_the_metals_of_the_list_before() -> None:
    """Metals are priced on weekends too; a table has those of its own day."""
    old, metals = (text.replace(b"30.10.2026", b"24.10.2026") for text in (DAY, METALS))
    quotes, urls = ask("nbm", on(date(2026, 10, 25), "MDL"), CLOSED, old, metals)
    assert [url[-10:] for url in urls] == ["25.10.2026", "24.10.2026", "24.10.2026"]
    assert {quote.day for quote in quotes} == {date(2026, 10, 24)}
    assert len(ask("nbm", latest("MDL"), DAY, metals)[0]) == 3


def test_a_range_is_asked_day_by_day() -> None:
    """All lists first, then the metals of the days that had one."""
    query = between(date(2026, 10, 25), date(2026, 10, 30), "MDL")
    quotes, urls = ask("nbm", query, *[CLOSED] * 5, DAY, METALS)
    assert len(urls) == 7
    assert len(quotes) == 5


def test_nothing_by_name() -> None:
    """Lists without rows are no rates."""
    with pytest.raises(NoRates):
        ask("nbm", latest("MDL"), *[CLOSED] * 11)


@pytest.mark.parametrize(
    ("old", "new"), [(b">10<", b">0<"), (b' Date="30.10.2026"', b""), (b"<Nominal>1</Nominal>", b"")]
)
def test_a_lacking_field_is_refused(old: bytes, new: bytes) -> None:
    """Without its day or its unit, or with 0 units as in the oldest files, nothing is guessed."""
    with pytest.raises(ParseError):
        ask("nbm", latest("MDL"), DAY.replace(old, new), METALS)


def test_another_metal_is_refused() -> None:
    """Whether a new metal would be priced by the gram is not known."""
    with pytest.raises(ParseError, match="XPT"):
        ask("nbm", latest("MDL"), DAY, METALS.replace(b"XAG", b"XPT"))


@recordings
def test_recorded() -> None:
    """Every currency divided by its nominal, every metal times the grams of an ounce."""
    found = replay("nbm", asked("2026-04-06", "2026-04-08", "MDL"))
    row = r"<CharCode>(\w+)</CharCode>\s*<Nominal>(\d+)</Nominal>\s*<Name>([^<]*)</Name>\s*<Value>([\d.]+)<"
    expected = {}
    for number in range(1, 7):
        text = body(f"nbm/{number}.xml").decode()
        day = dotted(re.findall(r'Date="([\d.]+)"', text)[0])
        for code, units, name, rate in re.findall(row, text):
            grams = Decimal("31.1034768") if name.startswith("Gram ") else 1
            expected[code, "MDL", day] = Decimal(rate) / int(units) * grams
    assert found == expected
    assert codes(found) == in_sample("nbm")
