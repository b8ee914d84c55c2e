"""The Bank of Mexico: series by their numbers, N/E, thousands, a window without figures, the key, errors."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

import pytest

from rates import providers
from rates.errors import ErrorAnswer, KeyRefused, NoRates, ParseError
from rates.fetch.run_provider import run_provider
from rates.model import Query, Quote, Reply
from tests.providers.conversation import Publisher, ask, between, case, latest, on, specimen
from tests.providers.recordings import Figures, asked, body, codes, in_sample, recordings, replay

CASE = case("banxico", "MXN", "18.4012", "series.json")

FOLDER = "https://www.banxico.org.mx/SieAPIRest/service/v1/series/SF43718,SF46410,SF46407,SF46406,SF60632/datos/"
SERIES = specimen("banxico/series.json")
KEY = (("banxico", "s3cret"),)
THURSDAY, FRIDAY = date(2026, 10, 29), date(2026, 10, 30)


def test_series() -> None:
    """Each series by its number, not its place; N/E is none; a comma between thousands is read as one."""
    quotes, _ = ask("banxico", latest("MXN", secrets=KEY), SERIES)
    friday = {quote.base: quote.rate for quote in quotes if quote.day == FRIDAY}
    assert friday == {
        "USD": Decimal("18.4190"),
        "JPY": Decimal("0.1198"),
        "EUR": Decimal("1021.4021"),
        "CAD": Decimal("13.1600"),
        "GBP": Decimal("24.4044"),
    }
    assert Quote("USD", "MXN", Decimal("18.3577"), THURSDAY) in quotes
    assert {quote.base for quote in quotes if quote.day == THURSDAY} == {"USD", "EUR", "CAD", "GBP"}


@pytest.mark.parametrize(
    ("query", "window"),
    [
        (latest("MXN", secrets=KEY), "2026-10-23/2026-10-30"),
        (on(THURSDAY, "MXN", secrets=KEY), "2026-10-22/2026-10-29"),
        (between(date(1995, 1, 1), FRIDAY, "MXN", secrets=KEY), "1995-01-01/2026-10-30"),
    ],
)
def test_what_is_asked(query: Query, window: str) -> None:
    """One question for all series and any window, with the key in its header alone."""
    publisher = Publisher([SERIES])
    run_provider(providers.load("banxico"), query, publisher)
    (request,) = publisher.asked
    assert publisher.urls() == [FOLDER + window]
    assert request.headers == (("Bmx-Token", "s3cret"),)
    assert request.private == ("Bmx-Token",)


def test_series_without_figures_are_no_rates() -> None:
    """All series are named, none has a figure: the bank rested."""
    with pytest.raises(NoRates):
        ask("banxico", on(date(2026, 10, 25), "MXN", secrets=KEY), specimen("banxico/none.json"))


def test_a_missing_series_is_a_parse_error() -> None:
    """Fewer series than asked for would be fewer currencies in silence."""
    with pytest.raises(ParseError, match="expected"):
        ask("banxico", latest("MXN", secrets=KEY), SERIES.replace(b"SF60632", b"SF46407"))


@pytest.mark.parametrize(("name", "error"), [("token", KeyRefused), ("error", ErrorAnswer)])
def test_errors(name: str, error: type[Exception]) -> None:
    """The bank's message distinguishes a bad key from a bad question."""
    with pytest.raises(error):
        ask("banxico", latest("MXN", secrets=KEY), Reply(400, specimen(f"banxico/{name}.json")))


@recordings
def test_recorded() -> None:
    """Every figure of every series; two weeks."""
    query = asked("2026-03-01", "2026-03-15", "MXN")
    found = replay("banxico", Query("MXN", (), query.start, query.end, query.today, KEY))
    names = {"SF43718": "USD", "SF46410": "EUR", "SF46407": "GBP", "SF46406": "JPY", "SF60632": "CAD"}
    expected: Figures = {}
    for part in body("banxico/1.json").decode().split('"idSerie":"')[1:]:
        for day, rate in re.findall(r'"fecha":"([\d/]+)","dato":"([\d.]+)"', part):
            expected[names[part[:7]], "MXN", datetime.strptime(day, "%d/%m/%Y").date()] = Decimal(rate)
    assert found == expected
    assert len(found) == 50
    assert codes(found) == in_sample("banxico")
