"""The Export-Import Bank of Korea: units in the currency's name, empty lists, failures with status 200."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates.errors import ErrorAnswer, KeyRefused, NoRates, ParseError, QuotaExceeded
from rates.model import Quote
from tests.providers.conversation import ask, between, case, latest, on, specimen
from tests.providers.crosses import euro_rates
from tests.providers.recordings import figures, official, recordings

CASE = case("koreaexim", "KRW", "363.35", "day.json")

DAY = specimen("koreaexim/day.json")
SECRETS = (("koreaexim", "s3cr3t"),)
FRIDAY = date(2026, 10, 30)


def test_latest() -> None:
    """The yen is per 100, thousands have commas; the won's own row is left out. An empty list leads a day back."""
    quotes, urls = ask("koreaexim", latest("KRW", secrets=SECRETS), b"[]", DAY)
    assert [url.partition("searchdate=")[2] for url in urls] == ["20261030&data=AP01", "20261029&data=AP01"]
    assert quotes == tuple(
        Quote(code, "KRW", Decimal(rate), date(2026, 10, 29))
        for code, rate in (("AED", "363.35"), ("JPY", "8.489"), ("USD", "1334.6"))
    )


def test_range() -> None:
    """A range is asked day by day, without weekends."""
    query = between(date(2026, 10, 23), date(2026, 10, 26), "KRW", secrets=SECRETS)
    quotes, urls = ask("koreaexim", query, DAY, DAY)
    assert len(urls) == 2
    assert {quote.day for quote in quotes} == {date(2026, 10, 23), date(2026, 10, 26)}


def test_empty_lists_are_no_rates() -> None:
    """When no day has rows there are no rates."""
    with pytest.raises(NoRates):
        ask("koreaexim", on(FRIDAY, "KRW", secrets=SECRETS), *[b"[]"] * 10)


@pytest.mark.parametrize(
    ("result", "error"), [(2, ErrorAnswer), (3, KeyRefused), (4, QuotaExceeded), (9, ErrorAnswer), ('"x"', ErrorAnswer)]
)
def test_failures_by_name(result: object, error: type[Exception]) -> None:
    """The number in the first row names the failure; its other fields are null then."""
    body = f'[{{"result":{result},"cur_unit":null,"deal_bas_r":null}}]'.encode()
    with pytest.raises(error):
        ask("koreaexim", latest("KRW", secrets=SECRETS), body)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"JPY(100)", b"JPY(10)"),
        (b"1,334.6", b"1,33.46"),
        (b'"deal_bas_r":"363.35",', b""),
        (b'"cur_unit":"AED"', b'"cur_unit":""'),
    ],
)
def test_damage_is_refused(old: bytes, new: bytes) -> None:
    """Unknown units, a comma in another place, and rows without rate or currency are errors."""
    with pytest.raises(ParseError):
        ask("koreaexim", latest("KRW", secrets=SECRETS), DAY.replace(old, new))


@recordings
def test_recorded() -> None:
    """Both rows of the recorded answer, whose cross is within 2 % of the ECB's, the dirham at its peg."""
    body = official("koreaexim/exchangeJSON_20190314_cut.json")
    day = date(2019, 3, 14)
    rows = re.findall(r'"cur_unit":"(\w+)".*?"deal_bas_r":"([\d.]+)"', body.decode())
    found = figures(ask("koreaexim", on(day, "KRW", secrets=SECRETS), body)[0])
    assert found == {(code, "KRW", day): Decimal(rate) for code, rate in rows}
    assert len(found) == 2
    euro = euro_rates()[day]
    dollar = found["AED", "KRW", day] * Decimal("3.6725")
    assert abs(dollar / (euro["KRW"] / euro["USD"]) - 1) < Decimal("0.02")
    assert abs(found["AUD", "KRW", day] / (euro["KRW"] / euro["AUD"]) - 1) < Decimal("0.02")
