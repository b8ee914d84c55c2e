"""The Central Bank of Chile: a user and a password in one key, a series a request, rows of closed days, errors."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal

import pytest

from rates import providers
from rates.errors import ErrorAnswer, KeyNeeded, KeyRefused, NoRates, ParseError
from rates.fetch.run_provider import run_provider
from rates.model import Query, Quote
from tests.providers.conversation import Case, Publisher, ask, between, latest, on, specimen
from tests.providers.recordings import Figures, asked, codes, in_sample, recorded, recordings, replay

USD, EUR = specimen("bcch/usd.json"), specimen("bcch/eur.json")
CASE = Case(latest("CLP", "USD", "EUR", secrets=(("bcch", "me@k3y-of-tests:k3y-of-tests"),)), (USD, EUR), b"941.18")

URL = "https://si3.bcentral.cl/SieteRestWS/SieteRestWS.ashx?user=me&pass=s3:cret&function=GetSeries"
KEY = (("bcch", "me:s3:cret"),)
THURSDAY, FRIDAY = date(2026, 10, 29), date(2026, 10, 30)


def test_series() -> None:
    """Rows of closed days have no rate; a comma between thousands is read as one."""
    quotes, _ = ask("bcch", latest("CLP", "USD", "EUR", secrets=KEY), USD, EUR)
    assert quotes == (
        Quote("USD", "CLP", Decimal("941.18"), THURSDAY),
        Quote("USD", "CLP", Decimal("944.03"), FRIDAY),
        Quote("EUR", "CLP", Decimal("1089.42"), THURSDAY),
        Quote("EUR", "CLP", Decimal("1091.60"), FRIDAY),
    )


@pytest.mark.parametrize(
    ("query", "window"),
    [
        (latest("CLP", "USD", secrets=KEY), "firstdate=2026-10-23&lastdate=2026-10-30"),
        (on(THURSDAY, "CLP", "USD", secrets=KEY), "firstdate=2026-10-22&lastdate=2026-10-29"),
        (between(date(1990, 1, 2), FRIDAY, "CLP", "USD", secrets=KEY), "firstdate=1990-01-02&lastdate=2026-10-30"),
    ],
)
def test_what_is_asked(query: Query, window: str) -> None:
    """User and password are what stands before and after the first colon; both are private."""
    publisher = Publisher([USD])
    run_provider(providers.load("bcch"), query, publisher)
    assert publisher.urls() == [f"{URL}&timeseries=F073.TCO.PRE.Z.D&{window}"]
    assert publisher.asked[0].private == ("user", "pass")


@pytest.mark.parametrize("key", ["no colon", ":password", "user:"])
def test_a_key_without_both_parts_is_refused_before_asking(key: str) -> None:
    """The error says how the key is written, and does not show it."""
    with pytest.raises(KeyNeeded, match="USER:PASSWORD") as caught:
        ask("bcch", latest("CLP", secrets=(("bcch", key),)))
    assert key not in str(caught.value)


def test_rows_of_closed_days_alone_are_no_rates() -> None:
    """Every row says that there is no datum."""
    with pytest.raises(NoRates):
        ask("bcch", on(date(2026, 10, 25), "CLP", "USD", secrets=KEY), specimen("bcch/none.json"))


def test_a_missing_figure_of_an_open_day_is_a_parse_error() -> None:
    """NaN is none only where the status says so."""
    with pytest.raises(ParseError):
        ask("bcch", latest("CLP", "USD", secrets=KEY), USD.replace(b'"ND"', b'"OK"'))


def test_another_series_is_a_parse_error() -> None:
    """The euro's series in answer to the dollar's would be believed otherwise."""
    with pytest.raises(ParseError, match="expected"):
        ask("bcch", latest("CLP", "USD", secrets=KEY), EUR)


@pytest.mark.parametrize(("name", "error"), [("user", KeyRefused), ("error", ErrorAnswer)])
def test_errors(name: str, error: type[Exception]) -> None:
    """The bank's message distinguishes a bad account from a bad question."""
    with pytest.raises(error):
        ask("bcch", latest("CLP", "USD", secrets=KEY), specimen(f"bcch/{name}.json"))


@recordings
def test_recorded() -> None:
    """Every row with the status OK of every series."""
    query = asked("2026-03-01", "2026-03-15", "CLP")
    found = replay("bcch", Query("CLP", (), query.start, query.end, query.today, (("bcch", "KEY:KEY"),)))
    expected: Figures = {}
    for (_, parameters), reply in recorded("bcch").items():
        series = dict(parameters)["timeseries"]
        code = "USD" if series == "F073.TCO.PRE.Z.D" else series[9:12]
        for row in json.loads(reply.body)["Series"]["Obs"]:
            if row["statusCode"] == "OK":
                day = datetime.strptime(row["indexDateString"], "%d-%m-%Y").date()
                expected[code, "CLP", day] = Decimal(row["value"].replace(",", ""))
    assert found == expected
    assert len(found) == 80
    assert codes(found) == in_sample("bcch")
