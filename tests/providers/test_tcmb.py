"""The Central Bank of Türkiye: the exact middle, the yen per 100, rows of nulls, a key in a header."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from rates import providers
from rates.errors import ErrorAnswer, KeyRefused, NoRates, ParseError
from rates.fetch.run_provider import run_provider
from rates.model import Quote, Reply
from tests.providers.conversation import Publisher, ask, between, case, latest, on, specimen

CASE = case("tcmb", "TRY", "27.21050000", "rows.json")

ROWS = specimen("tcmb/rows.json")
KEY = (("tcmb", "s3cret"),)
FRIDAY = date(2026, 10, 30)


def test_middle_and_units() -> None:
    """(41.9448 + 42.0203) / 2, (48.4011 + 48.4884) / 2, and a hundredth of (27.2105 + 27.3907) / 2."""
    quotes, _ = ask("tcmb", latest("TRY", secrets=KEY), ROWS)
    assert quotes == (
        Quote("EUR", "TRY", Decimal("48.44475"), FRIDAY),
        Quote("JPY", "TRY", Decimal("0.273006"), FRIDAY),
        Quote("USD", "TRY", Decimal("41.98255"), FRIDAY),
    )


def test_the_question_stands_in_the_path() -> None:
    """Both sides of every currency, whatever the base, no question mark; the key in its header alone."""
    publisher = Publisher([ROWS])
    run_provider(providers.load("tcmb"), on(FRIDAY, "TRY", secrets=KEY), publisher)
    (request,) = publisher.asked
    assert request.url.startswith(
        "https://evds3.tcmb.gov.tr/igmevdsms-dis/series=TP.DK.AED.A.YTL-TP.DK.AED.S.YTL-TP.DK.AUD"
    )
    assert request.url.endswith(
        "-TP.DK.USD.A.YTL-TP.DK.USD.S.YTL&startDate=18-10-2026&endDate=30-10-2026&type=json&frequency=1"
    )
    assert request.url.count("TP.DK.") == 42
    assert request.params == ()
    assert "?" not in request.url
    assert request.headers == (("key", "s3cret"),)
    assert request.private == ("key",)


def test_a_range_is_asked_in_pieces_of_730_days() -> None:
    """Longer ranges are several questions."""
    query = between(date(2024, 1, 1), FRIDAY, "TRY", secrets=KEY)
    _, urls = ask("tcmb", query, specimen("tcmb/none.json"), ROWS)
    windows = [url.partition("&startDate=")[2].partition("&type")[0] for url in urls]
    assert windows == ["01-01-2024&endDate=30-12-2025", "31-12-2025&endDate=30-10-2026"]


def test_rows_of_nulls_are_no_rates() -> None:
    """A window of closed days has rows without figures."""
    with pytest.raises(NoRates):
        ask("tcmb", latest("TRY", secrets=KEY), specimen("tcmb/none.json"))


@pytest.mark.parametrize(
    "body",
    [
        ROWS.replace(b'"totalCount":3', b'"totalCount":4'),
        ROWS.replace(b'"41.94480000"', b"null"),
        ROWS.replace(b'"TP_DK_USD_S_YTL":"42.02030000",', b""),
    ],
)
def test_lost_rows_and_half_pairs_are_refused(body: bytes) -> None:
    """Fewer rows than announced, or one side of a pair, is no answer."""
    with pytest.raises(ParseError):
        ask("tcmb", latest("TRY", secrets=KEY), body)


def test_errors_by_name() -> None:
    """A refused key comes with status 403; an error object gives its message."""
    with pytest.raises(KeyRefused) as caught:
        ask("tcmb", latest("TRY", secrets=KEY), Reply(403, b""))
    assert "s3cret" not in str(caught.value)
    with pytest.raises(ErrorAnswer, match="Invalid series"):
        ask("tcmb", latest("TRY", secrets=KEY), specimen("tcmb/error.json"))
