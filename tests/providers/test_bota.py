"""The Bank of Tanzania: token and cookies, commas on both sides of the point, currencies left out."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from urllib.parse import urlencode

import pytest

from rates import providers
from rates.errors import BadRate, NoRates, ParseError
from rates.fetch.run_provider import run_provider
from rates.model import Quote, Reply, Request
from tests.providers.conversation import Publisher, ask, between, case, latest, specimen
from tests.providers.recordings import Figures, asked, body, codes, figures, in_sample, recordings

CASE = case("bota", "TZS", "aB3_dEf-Gh1jKlMnOpQrStUv", "form.html", "rates.html", html=True)

URL = "https://www.bot.go.tz/ExchangeRate/previous_rates"
FORM, RATES, NOTHING = (specimen(f"bota/{name}.html") for name in ("form", "rates", "nothing"))


def test_latest() -> None:
    """The token goes back in the form and the cookies in a header; the mean is read whatever its commas."""
    publisher = Publisher(
        [Reply(200, FORM, {"set-cookie": "ASP.NET_SessionId=r1; path=/; HttpOnly, lang=en; path=/"}), RATES]
    )
    quotes = run_provider(providers.load("bota"), latest("TZS"), publisher)
    assert publisher.urls() == [URL, URL]
    assert publisher.asked[1].headers == (("Cookie", "ASP.NET_SessionId=r1; lang=en"),)
    assert publisher.asked[1].form == (
        ("__RequestVerificationToken", "aB3_dEf-Gh1jKlMnOpQrStUv"),
        ("dateFrom", "10/23/2026"),
        ("dateTo", "10/30/2026"),
    )
    assert quotes == (
        Quote("USD", "TZS", Decimal("2453.5333"), date(2026, 10, 30)),
        Quote("JPY", "TZS", Decimal("15.2650"), date(2026, 10, 30)),
        Quote("UGX", "TZS", Decimal("0.6850"), date(2026, 10, 29)),
    )


def test_a_range_is_asked_in_months() -> None:
    """Thirty days a request, all with the one token; nothing in any is no rates."""
    publisher = Publisher([FORM, NOTHING, RATES])
    run_provider(providers.load("bota"), between(date(2026, 9, 15), date(2026, 10, 30), "TZS"), publisher)
    assert [dict(request.form)["dateFrom"] for request in publisher.asked[1:]] == ["09/15/2026", "10/15/2026"]
    with pytest.raises(NoRates):
        ask("bota", latest("TZS"), FORM, NOTHING)


@pytest.mark.parametrize(
    "wrong", ["2,45.5,333", "2453,5333", "24,53.5", "", "-2,453.5,333", "2,453.5,33", "0.0,000", "1.2.3"]
)
def test_commas_in_wrong_places_are_refused(wrong: str) -> None:
    """Only commas that part threes are dropped."""
    with pytest.raises((BadRate, ParseError)):
        ask("bota", latest("TZS"), FORM, RATES.replace(b"2,453.5,333", wrong.encode()))


def test_no_token() -> None:
    """A form without the token is an error, and is not posted."""
    with pytest.raises(ParseError, match="token"):
        ask("bota", latest("TZS"), FORM.replace(b"__RequestVerificationToken", b"other"))


@recordings
def test_recorded() -> None:
    """Every row but RUR's, commas dropped; the figures were partly made up by the recorder, the form is the bank's."""
    token = re.findall(r'type="hidden" value="([^"]+)"', body("bota/1.html").decode())[0]

    def send(request: Request) -> Reply:
        posted = f"__RequestVerificationToken={token}&dateFrom=05%2F19%2F2026&dateTo=05%2F20%2F2026"
        assert not request.form or urlencode(request.form) == posted
        return Reply(200, body("bota/2.html" if request.form else "bota/1.html"))

    found = figures(run_provider(providers.load("bota"), asked("2026-05-19", "2026-05-20", "TZS"), send))
    expected: Figures = {}
    row = r"<td>([A-Z]+)</td>\s*<td>[\d.,]+</td>\s*<td>[\d.,]+</td>\s*<td>([\d.,]+)</td>\s*<td>([\w-]+)</td>"
    for code, mean, day in re.findall(row, body("bota/2.html").decode()):
        expected[code, "TZS", datetime.strptime(day, "%d-%b-%y").date()] = Decimal(mean.replace(",", ""))
    assert len(expected) == 43
    assert found == {key: rate for key, rate in expected.items() if key[0] != "RUR"}
    assert codes(found) == in_sample("bota") - {"RUR"}


@recordings
def test_recorded_without_a_token() -> None:
    """The page without a token is refused by name."""
    with pytest.raises(ParseError, match="token"):
        ask("bota", latest("TZS"), body("bota_no_token/1.html"))
