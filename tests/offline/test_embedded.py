from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rates import history, offline
from rates.conversion import effective
from rates.errors import NoRates, NotRecorded, RatesError, Unsupported
from rates.model import Query
from rates.providers import load
from tests.offline.asking import OFFLINE, TODAY, ask, quotes

PER_BASE = ("frankfurter", "vatcomply", "erapi", "currency_api")
LAST = date(2026, 10, 30)
SECRETS = (("openexchangerates", "a-secret-of-theirs"),)


@pytest.mark.parametrize("key", PER_BASE)
@pytest.mark.parametrize("base", ["EUR", "USD", "IDR"])
def test_latest_per_base(key: str, base: str) -> None:
    """Every per-base service answers the latest rates of any base, of the history's last day."""
    found = {quote.symbol: quote for quote in quotes(key, Query(base, today=TODAY))}
    assert {quote.day for quote in found.values()} == {LAST}
    assert {quote.base for quote in found.values()} == {base}
    assert set(found) - {base} == (set(history.row(LAST)[1]) | {"EUR"}) - {base}  # type: ignore[index]
    assert found.get(base, found["JPY"]).rate == (1 if base in found else found["JPY"].rate)


@pytest.mark.parametrize("key", [*PER_BASE[:2], "ecb", "openexchangerates", "currency_api"])
def test_one_day(key: str) -> None:
    """A query for a Sunday gets the rates of the Friday before."""
    sunday = date(2024, 11, 3)
    provider = load(key).PROVIDER
    query = Query(provider.pivot or "EUR", (), sunday, sunday, TODAY, SECRETS)
    found = effective(quotes(key, query), provider, query)
    assert {quote.day for quote in found} == {date(2024, 11, 1)}


def test_euro_digits_are_as_published() -> None:
    """With the euro as base, every service has the ECB's digits."""
    for key in PER_BASE:
        found = {quote.symbol: str(quote.rate) for quote in quotes(key, Query("EUR", today=TODAY))}
        assert (found["USD"], found["IDR"], found["ISK"]) == ("1.1172", "20275.17", "136")


def test_symbols_are_chosen() -> None:
    """A query for symbols gets only those, and the base itself if it is one of them."""
    for key in ("frankfurter", "vatcomply"):
        found = {q.symbol: q.rate for q in quotes(key, Query("USD", ("EUR", "GBP"), today=TODAY))}
        assert set(found) == {"EUR", "GBP"}
    assert [q.rate for q in quotes("frankfurter", Query("USD", ("USD",), today=TODAY))] == [Decimal(1)]


def test_range() -> None:
    """Frankfurter answers a range with each published day in it."""
    query = Query("USD", ("EUR",), date(1999, 1, 1), date(1999, 1, 8), TODAY)
    assert [q.day.day for q in quotes("frankfurter", query)] == [4, 5, 6, 7, 8]


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (None, None, 1),
        (date(2026, 10, 28), date(2026, 10, 28), 63),
        (date(2026, 9, 1), date(2026, 9, 1), 63),
        (date(1999, 1, 4), LAST, 7126),
    ],
)
def test_ecb_documents(start: date | None, end: date | None, days: int) -> None:
    """The ECB's provider gets its daily document, its 90 days and its zip file, each with its own days."""
    today = date(2026, 10, 31)
    found = quotes("ecb", Query("EUR", (), start, end, today), offline.mock_for(OFFLINE.with_values(today=today)))
    seen = {quote.day for quote in found}
    assert max(seen) == LAST
    if days == 63:
        assert min(seen) >= LAST - timedelta(days=90)
        assert len(seen) > 60
    else:
        assert len(seen) == days


def test_ecb_on_an_earlier_day() -> None:
    """With an earlier today no document holds a later day."""
    today = date(2020, 5, 5)
    mock = offline.mock_for(OFFLINE.with_values(today=today))
    for start, end in ((None, None), (today, today), (date(2001, 2, 3), date(2020, 5, 8))):
        found = quotes("ecb", Query("EUR", (), start, end, today), mock)
        assert max(quote.day for quote in found) == today


def test_open_exchange_rates() -> None:
    """The answer of Open Exchange Rates is for one dollar, and its time stamp is in the effective day."""
    found = {q.symbol: q for q in quotes("openexchangerates", Query("USD", today=TODAY, secrets=SECRETS))}
    assert found["EUR"].day == LAST
    assert found["EUR"].rate == Decimal("0.895094880057")
    with pytest.raises(NoRates):
        quotes("openexchangerates", Query("USD", (), date(1998, 1, 1), date(1998, 1, 1), TODAY, SECRETS))
    assert json.loads(ask("https://openexchangerates.org/api/latest.json?base=XYZ").body)["message"] == "invalid_base"


@pytest.mark.parametrize("key", PER_BASE)
def test_unknown_currency(key: str) -> None:
    """An unknown code gets the service's own error."""
    with pytest.raises(Unsupported):
        quotes(key, Query("XYZ", today=TODAY))


@pytest.mark.parametrize("key", ["frankfurter", "erapi", "currency_api"])
@pytest.mark.parametrize("base", ["AED", "HRK"])
def test_currency_that_the_history_lacks(key: str, base: str) -> None:
    """A currency that the ECB does not quote, but the service may, is `NotRecorded`."""
    with pytest.raises(NotRecorded, match=f"history has no {base} on 2026-10-30.*rates --record DIR --provider KEY"):
        quotes(key, Query(base, today=TODAY))


@pytest.mark.parametrize("key", ["frankfurter", "vatcomply", "currency_api"])
@pytest.mark.parametrize("day", [date(1998, 12, 31), date(2026, 11, 24)])
def test_days_without_rates(key: str, day: date) -> None:
    """Before the first day and after today, the services answer that they have no rates."""
    with pytest.raises(NoRates):
        quotes(key, Query("USD", (), day, day, TODAY))


@pytest.mark.parametrize(
    ("url", "status", "words"),
    [
        ("https://api.frankfurter.dev/v2/rates?base=XYZ", 422, b'"message": "invalid currency: XYZ"'),
        ("https://api.frankfurter.dev/v2/rates?quotes=USD,XYZ", 422, b"invalid currency: XYZ"),
        ("https://api.frankfurter.dev/v2/rates?date=1998-01-01", 200, b"[]"),
        ("https://api.frankfurter.dev/v2/rates?from=2026-10-24&to=2026-10-25", 200, b"[]"),
        ("https://api.vatcomply.com/rates?base=XYZ", 400, b"Base currency 'XYZ' is not supported."),
        ("https://api.vatcomply.com/rates?symbols=XYZ", 400, b"Currency 'XYZ' is not supported."),
        ("https://api.vatcomply.com/rates?base=HRK", 400, b"'HRK' not available in current rates data"),
        ("https://api.vatcomply.com/rates?date=1998-01-01", 404, b"No rate data available"),
        ("https://open.er-api.com/v6/latest/XYZ", 404, b'"error-type": "unsupported-code"'),
        ("https://latest.currency-api.pages.dev/v1/currencies/xyz.json", 404, b"requested file"),
        ("https://1998-01-01.currency-api.pages.dev/v1/currencies/usd.json", 404, b"release version"),
        (
            "https://latest.currency-api.pages.dev/v1/currencies/usd.min.json",
            200,
            b'{"date":"2026-10-30","usd":{"usd":1,',
        ),
        (
            "https://2024-11-03.currency-api.pages.dev/v1/currencies/eur.json",
            200,
            b'{"date":"2024-11-01","eur":{',
        ),
    ],
)
def test_services_own_words(url: str, status: int, words: bytes) -> None:
    """Errors and second hosts answer as the services do."""
    reply = ask(url)
    assert reply.status == status
    assert words in reply.body


def test_numbers_are_exact_and_plain() -> None:
    """No answer has rounding errors of floats or exponents; derived rates have at most 12 digits."""
    body = ask("https://api.frankfurter.dev/v2/rates?base=IDR").body
    rates = [row["rate"] for row in json.loads(body, parse_float=str, parse_int=str)]
    assert all("e" not in rate.lower() for rate in rates)
    assert all(len(Decimal(rate).as_tuple().digits) <= 12 for rate in rates)


@pytest.mark.parametrize(
    "url",
    [
        "https://api.nbp.pl/api/exchangerates/tables/A",
        "https://api.frankfurter.dev/v1/latest",
        "https://api.vatcomply.com/vat",
        "https://open.er-api.com/v6/latest/USD/EUR",
        "https://cdn.jsdelivr.net/npm/other@1/file.json",
        "https://openexchangerates.org/api/usage.json",
        "https://www.ecb.europa.eu/other.xml",
    ],
)
def test_what_nothing_answers(url: str) -> None:
    """An unknown URL raises `NotRecorded`, with the URL and the command to record it."""
    with pytest.raises(NotRecorded) as caught:
        ask(url)
    assert url in caught.value.detail
    assert caught.value.hint == (
        "offline there is only the ECB's history; record it with: rates --record DIR --provider KEY"
    )


def test_no_key_in_the_message() -> None:
    """The message about an unrecorded URL shows neither a key nor a login."""
    url = "https://me:hidden1@a.example/x?app_id=hidden2&q=0f8fad5bd9cb469fa16570867728950e&day=2026-10-30"
    with pytest.raises(NotRecorded) as caught:
        ask(url)
    assert "https://a.example/x?day=2026-10-30" in str(caught.value)
    assert "hidden" not in str(caught.value)
    assert "0f8f" not in str(caught.value)


def test_a_form_is_not_answered() -> None:
    """The services answer a GET only; a POST is `NotRecorded`."""
    from rates.model import Request

    with pytest.raises(NotRecorded):
        ask("", request=Request("https://api.frankfurter.dev/v2/rates", form=(("base", "USD"),)))


def test_before_the_history() -> None:
    """On a day before the euro there are no rates: each provider fails with an error of ours."""
    mock = offline.mock_for(OFFLINE.with_values(today=date(1998, 1, 1)))
    for key in (*PER_BASE, "ecb"):
        try:
            assert not quotes(key, Query("EUR", today=date(1998, 1, 1)), mock)
        except RatesError:
            pass


def test_mock_is_made_once() -> None:
    """Equal settings share one mock; another day has another."""
    assert offline.mock_for(OFFLINE) is offline.mock_for(OFFLINE.with_values(workers=3))
    assert offline.mock_for(OFFLINE) is not offline.mock_for(OFFLINE.with_values(today=LAST))


_ROW = history.row(LAST)
assert _ROW is not None


@given(st.sampled_from(sorted(_ROW[1])), st.sampled_from(sorted(_ROW[1])))
def test_there_and_back(left: str, right: str) -> None:
    """A cross times its reverse is 1, to 11 digits."""
    _, there = history.rates_on(left, LAST)
    _, back = history.rates_on(right, LAST)
    assert abs(Decimal(there[right]) * Decimal(back[left]) - 1) < Decimal("1e-11")
