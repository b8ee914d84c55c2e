"""Bank Al-Maghrib: units, a day that comes twice, the ouguiya's code, one day a request, the key in a header."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates import providers
from rates.errors import NoRates, ParseError
from rates.fetch.run_provider import run_provider
from rates.model import Query, Quote
from tests.providers.conversation import Publisher, ask, case, latest, on, specimen
from tests.providers.recordings import asked, body, codes, in_sample, recordings, replay

CASE = case("bam", "MAD", "9.2146", "day.json")

URL = "https://api.centralbankofmorocco.ma/cours/Version1/api/CoursVirement?date="
DAY, NONE = specimen("bam/day.json"), specimen("bam/none.json")
KEY = (("bam", "s3cret"),)
FRIDAY = date(2026, 10, 30)


def test_units_and_duplicates() -> None:
    """Each rate for one unit, once although the day comes twice, and the new ouguiya by its own code."""
    quotes, urls = ask("bam", latest("MAD", secrets=KEY), DAY)
    assert urls == [f"{URL}2026-10-30T12:30:00"]
    assert quotes == (
        Quote("USD", "MAD", Decimal("9.2146"), FRIDAY),
        Quote("JPY", "MAD", Decimal("0.059931"), FRIDAY),
        Quote("DZD", "MAD", Decimal("0.07061"), FRIDAY),
        Quote("MRU", "MAD", Decimal("0.23082"), FRIDAY),
    )


def test_two_rates_of_a_currency_are_a_parse_error() -> None:
    """A day that comes twice must say the same twice."""
    with pytest.raises(ParseError, match="two rates for JPY"):
        ask("bam", latest("MAD", secrets=KEY), DAY.replace(b"5.9931", b"5.9932", 1))


def test_older_days_have_two_sides() -> None:
    """(11.0104 + 11.0766) / 2, and a hundredth of (3.2010 + 3.2204) / 2; the ouguiya was the old one."""
    day = date(2010, 6, 14)
    quotes, _ = ask("bam", on(day, "MAD", secrets=KEY), specimen("bam/2010.json"))
    assert quotes == (Quote("EUR", "MAD", Decimal("11.0435"), day), Quote("MRO", "MAD", Decimal("0.032107"), day))


def test_closed_days_are_walked_back_over() -> None:
    """A Sunday and a Saturday are not asked for; an empty list sends a day back."""
    _, urls = ask("bam", on(date(2026, 10, 25), "MAD", secrets=KEY), DAY.replace(b"10-30", b"10-23"))
    assert urls == [f"{URL}2026-10-23T12:30:00"]
    _, urls = ask("bam", on(FRIDAY, "MAD", secrets=KEY), NONE, DAY.replace(b"10-30", b"10-29"))
    assert urls == [f"{URL}2026-10-30T12:30:00", f"{URL}2026-10-29T12:30:00"]


def test_range() -> None:
    """Every working day of the range, in order; what is of another day is left out."""
    other = DAY.replace(b"10-30", b"10-29")
    monday = date(2026, 11, 2)
    query = Query("MAD", (), date(2026, 10, 28), monday, monday, KEY)
    quotes, urls = ask("bam", query, NONE, other, other, DAY.replace(b"10-30", b"11-02"))
    assert [url[len(URL) + 5 :] for url in urls] == [f"{day}T12:30:00" for day in ("10-28", "10-29", "10-30", "11-02")]
    assert sorted({quote.day.isoformat() for quote in quotes}) == ["2026-10-29", "2026-11-02"]
    assert len(quotes) == 8


def test_a_week_of_empty_lists_is_no_rates() -> None:
    """The bank says of each day that it has nothing."""
    with pytest.raises(NoRates):
        ask("bam", on(FRIDAY, "MAD", secrets=KEY), *[NONE] * 6)


def test_the_key_is_in_a_header() -> None:
    """The publisher's own header carries it, and nothing else does."""
    publisher = Publisher([DAY])
    run_provider(providers.load("bam"), latest("MAD", secrets=KEY), publisher)
    (request,) = publisher.asked
    assert request.headers == (("Ocp-Apim-Subscription-Key", "s3cret"),)
    assert request.private == ("Ocp-Apim-Subscription-Key",)


@recordings
def test_recorded() -> None:
    """Every row of three days, divided by its unit; the sample's MRO is the MRU."""
    query = asked("2026-03-25", "2026-03-27", "MAD")
    found = replay("bam", Query("MAD", (), query.start, query.end, query.today, KEY))
    row = r'"date":"([\d-]+)T12:30:00","libDevise":"([A-Z]{3})","moyen":([\d.]+),"uniteDevise":(\d+)'
    expected = {
        (code.replace("MRO", "MRU"), "MAD", date.fromisoformat(day)): Decimal(rate) / Decimal(unit)
        for name in "123"
        for day, code, rate, unit in re.findall(row, body(f"bam/{name}.json").decode())
    }
    assert found == expected
    assert codes(found) == in_sample("bam") - {"MRO"} | {"MRU"}
