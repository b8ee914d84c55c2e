"""US Treasury: the newest row of a name up to a day, to the end of its quarter."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from rates.conversion import effective
from rates.currencies import codes
from rates.currencies.believed import believed
from rates.errors import NoRates
from rates.model import Query
from rates.providers import ust
from tests.providers.conversation import ask, between, case, latest, on, specimen
from tests.providers.crosses import assert_periods_agree
from tests.providers.recordings import SOURCES, recordings

CASE = case("ust", "USD", "158.92", "quarters.json")

QUARTERS = specimen("ust/quarters.json")
NONE = b'{"data":[],"meta":{"count":0,"total-count":0,"total-pages":1}}'


def rate(day: date, code: str) -> tuple[str, date, date | None]:
    """The rate that serves a day, with its period."""
    query = on(day, "USD")
    quotes, _ = ask("ust", query, QUARTERS)
    (quote,) = [one for one in effective(quotes, ust.PROVIDER, query) if one.symbol == code]
    return str(quote.rate), quote.day, quote.valid_to


@pytest.mark.parametrize(
    ("day", "code", "served"),
    [
        (date(2026, 6, 30), "EUR", ("0.861", date(2026, 6, 30), date(2026, 9, 29))),
        (date(2026, 9, 29), "EUR", ("0.861", date(2026, 6, 30), date(2026, 9, 29))),
        (date(2026, 9, 30), "EUR", ("0.873", date(2026, 9, 30), date(2026, 12, 30))),
        (date(2026, 8, 19), "SSP", ("4712.0", date(2026, 6, 30), date(2026, 8, 19))),
        (date(2026, 8, 20), "SSP", ("5633.0", date(2026, 8, 20), date(2026, 9, 29))),
        (date(2026, 10, 14), "JPY", ("158.92", date(2026, 9, 30), date(2026, 10, 14))),
        (date(2026, 10, 15), "JPY", ("175.04", date(2026, 10, 15), date(2026, 12, 30))),
    ],
)
def test_the_newest_row_up_to_a_day(day: date, code: str, served: tuple[str, date, date | None]) -> None:
    """A quarter's row serves its last day and the days to the next one; an amendment those from its own day."""
    assert rate(day, code) == served


def test_the_latest() -> None:
    """The rows of the last four months are asked for again; names that are left out make no quote."""
    quotes, urls = ask("ust", latest("USD"), QUARTERS)
    assert urls == [
        f"{ust.URL}?fields={ust.FIELDS}&filter=record_date:gte:2026-06-29,record_date:lte:2026-10-30"
        "&page[number]=1&page[size]=10000&sort=record_date"
    ]
    found = effective(quotes, ust.PROVIDER, latest("USD"))
    assert {quote.symbol: str(quote.rate) for quote in found} == {"EUR": "0.873", "SSP": "5790.0", "JPY": "175.04"}


def test_all_pages() -> None:
    """A range of many quarters comes in pages, and a quote is cut by one of another page."""
    first, second = (
        QUARTERS.replace(b'"total-pages":1', b'"total-pages":2').replace(b"2026-", year)
        for year in (b"2025-", b"2026-")
    )
    quotes, urls = ask("ust", between(date(2025, 6, 30), date(2026, 10, 30), "USD"), first, second)
    assert [url.partition("page[number]=")[2][:1] for url in urls] == ["1", "2"]
    assert len({(quote.symbol, quote.day) for quote in quotes}) == len(quotes) == 14


@pytest.mark.parametrize(
    ("day", "hint"), [(date(2026, 12, 31), "due on 2027-01-06"), (date(2027, 3, 30), "due on 2027-01-06")]
)
def test_a_quarter_that_is_not_published(day: date, hint: str) -> None:
    """A day after the last period is an error with the day on which the next one is due, and nothing is asked for."""
    with pytest.raises(NoRates, match=f"no rates valid on {day}") as caught:
        ask("ust", on(day, "USD"))
    assert hint in caught.value.hint


def test_a_quarter_is_given_again_with_its_amendments() -> None:
    """A range has the rows of the four months before it, which amendments may have cut meanwhile."""
    quotes, (url,) = ask("ust", between(date(2026, 10, 1), date(2026, 10, 30), "USD"), QUARTERS)
    assert "record_date:gte:2026-05-31" in url
    assert {(str(quote.day), str(quote.valid_to)) for quote in quotes if quote.symbol == "SSP"} == {
        ("2026-06-30", "2026-08-19"),
        ("2026-08-20", "2026-09-29"),
        ("2026-09-30", "2026-12-30"),
    }


def test_a_quarter_that_is_late() -> None:
    """After the quarter's last day its rows are asked for; no rate of the quarter before is carried on."""
    old = QUARTERS.replace(b"2026-09-30", b"2026-06-30").replace(b"2026-10-15", b"2026-08-20")
    day = date(2026, 10, 1)
    with pytest.raises(NoRates) as caught:
        ask("ust", Query("USD", (), day, day, day), old)
    assert caught.value.hint == "they are due on 2026-10-06"


def test_a_gap_of_the_past() -> None:
    """A quarter of the past without rows has an error without a day to wait for."""
    with pytest.raises(NoRates) as caught:
        ask("ust", on(date(2026, 2, 1), "USD"), NONE)
    assert not caught.value.hint


@pytest.mark.parametrize(
    ("name", "day", "rate", "found"),
    [
        ("Mauritania-Ouguiya", "2017-12-31", "355.0", "355.0 MRO"),
        ("Mauritania-Ouguiya", "2018-03-31", "355.0", "35.50 MRU"),
        ("Mauritania-Ouguiya", "2018-06-30", "35.5", "35.5 MRU"),
        ("Sierra Leone-Leone", "2022-03-31", "11840.0", "11840.0 SLL"),
        ("Sierra Leone-Leone", "2022-09-30", "14500.0", "14.5000 SLE"),
        ("Sierra Leone-Leone", "2026-03-31", "24.5", "24.5 SLE"),
    ],
)
def test_money_that_kept_its_name(name: str, day: str, rate: str, found: str) -> None:
    """A redenomination behind one name is seen by the day, or by the value."""
    row = {"record_date": day, "effective_date": day, "country_currency_desc": name, "exchange_rate": rate}
    (quote,) = believed(tuple(ust.parse(json.dumps({"data": [row]}).encode())))
    assert f"{quote.rate} {quote.symbol}" == found


def test_an_unknown_name_is_left_out_with_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    """A new country does not refuse the quarter; an answer with unknown names alone is refused."""
    quotes = list(ust.parse(QUARTERS))
    assert not caplog.messages
    quarter = QUARTERS.replace(b"Japan-Yen", b"Atlantis-Shell")
    assert list(ust.parse(quarter)) == [quote for quote in quotes if quote.symbol != "JPY"]
    assert caplog.messages == ["warning: ust: no currency is known for 'Atlantis-Shell': left out"]
    row = {"record_date": "2026-09-30", "effective_date": "2026-09-30", "exchange_rate": "1.5"}
    with pytest.raises(ValueError, match="no known currency: 'Atlantis-Shell'"):
        ust.parse(json.dumps({"data": [row | {"country_currency_desc": "Atlantis-Shell"}]}).encode())


def test_the_table_of_names() -> None:
    """Every name has a country and a currency, every code is one of ISO 4217, and few have two names."""
    assert all("-" in name for name in ust.CODES)
    assert set(ust.CODES.values()) <= codes()
    assert len(ust.CODES) - len(set(ust.CODES.values())) == 3  # Myanmar, Eswatini and Sudan changed their names
    assert "USD" not in ust.CODES.values()
    assert not ust.LEFT_OUT & set(ust.CODES)


OFFICIAL = SOURCES / "official" / "us-treasury"


@recordings
def test_recorded(caplog: pytest.LogCaptureFixture) -> None:
    """Every row of a known name has its rate; the few names that are left out are those of the dollar or shared."""
    body = next(OFFICIAL.glob("rates_of_exchange*.json")).read_bytes()
    found = {(quote.symbol, quote.day): quote.rate for quote in ust.parse(body)}
    rows = json.loads(body, parse_float=str)["data"]
    known = [row for row in rows if row["country_currency_desc"] in ust.CODES]
    assert found == {
        (ust.CODES[row["country_currency_desc"]], date.fromisoformat(row["effective_date"])): Decimal(
            row["exchange_rate"]
        )
        for row in known
    }
    left = {row["country_currency_desc"] for row in rows if row not in known}
    assert all(name.endswith(("Dollar", "Dolares", "Cfa Franc", "Dili")) or name == "Cuba-Chavito" for name in left)
    assert not caplog.messages
    assert len(known) > 100


@recordings
def test_recorded_crosses() -> None:
    """The rates of a quarter's last day are within 2 % of the ECB's of that day; the koruna's is of a day before."""
    body = next(OFFICIAL.glob("rates_of_exchange*.json")).read_bytes()
    quotes = [quote._replace(valid_to=quote.day) for quote in ust.parse(body) if quote.day.month in (3, 6)]
    assert_periods_agree(quotes, least=20, differing=["USD/CZK"])
