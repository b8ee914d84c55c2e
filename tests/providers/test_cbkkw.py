"""The Central Bank of Kuwait: fils for one unit, the numbers of the currencies on the page, a request for each."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates import providers
from rates.errors import NoRates, ParseError, Unsupported
from rates.fetch.run_provider import run_provider
from rates.model import Quote
from rates.providers import cbkkw
from tests.providers.conversation import Publisher, ask, between, case, latest, on, specimen
from tests.providers.crosses import assert_crosses_agree
from tests.providers.recordings import figures, official, recordings

CASE = case("cbkkw", "KWD", "128735", "form.html", "usd.html", "jpy.html", html=True)

PAGE, USD, JPY, VEF = (specimen(f"cbkkw/{name}.html") for name in ("form", "usd", "jpy", "vef"))
WEDNESDAY, THURSDAY = date(2026, 10, 28), date(2026, 10, 29)


def test_latest() -> None:
    """The form is sent for each main currency of the page; the Venezuelan one is none of these."""
    publisher = Publisher([PAGE, USD, JPY])
    assert run_provider(providers.load("cbkkw"), latest("KWD"), publisher) == (
        Quote("USD", "KWD", Decimal("0.305450"), WEDNESDAY),
        Quote("USD", "KWD", Decimal("0.305200"), THURSDAY),
        Quote("JPY", "KWD", Decimal("0.0019412"), THURSDAY),
    )
    assert publisher.urls() == [cbkkw.PAGE, *[cbkkw.FORM] * 2]
    assert publisher.asked[1].form == (
        ("formId", "127906"),
        ("selCurrency", "USD:128735"),
        ("txtDateFrom", "17/10/2026"),
        ("txtDateTo", "30/10/2026"),
    )


def test_only_what_is_asked_for() -> None:
    """Named symbols save the requests for the others; those that the page does not list are refused."""
    quotes, urls = ask("cbkkw", on(THURSDAY, "KWD", "JPY"), PAGE, JPY)
    assert {quote.base for quote in quotes} == {"JPY"}
    assert len(urls) == 2
    with pytest.raises(Unsupported):
        ask("cbkkw", on(THURSDAY, "KWD", "XOF"), PAGE)


def test_no_row_is_no_rates() -> None:
    """Tables without rows for all currencies are days of rest; one that is not a main one is asked for when named."""
    with pytest.raises(NoRates):
        ask("cbkkw", on(date(2026, 10, 30), "KWD", "VEF"), PAGE, VEF)


@pytest.mark.parametrize(
    ("number", "old", "new"),
    [
        (0, b'value="127906"', b'value=""'),
        (0, b"USD:128735", b"USD:"),
        (0, b"USD:128735", b"USE:128735"),
        (1, b"KWD / USD", b"KWD / EUR"),
        (1, b"KWD / USD", b"USD / KWD"),
        (1, b"305.450", b"n/a"),
        (1, b"</table>", b""),
    ],
)
def test_damage_is_refused(number: int, old: bytes, new: bytes) -> None:
    """A form without its numbers, and a table of another currency, or without its end, are errors."""
    answers = [PAGE, USD]
    answers[number] = answers[number].replace(old, new)
    with pytest.raises(ParseError):
        run_provider(providers.load("cbkkw"), latest("KWD", "USD"), Publisher(answers))


@recordings
def test_recorded() -> None:
    """Every row of both recorded tables, in dinars, and crosses that agree with the ECB's."""
    names = {code: f"cbkkw/get-exchange-rates_{code}_2026-09-05_08.html" for code in ("USD", "JPY")}
    query = between(date(2026, 9, 5), date(2026, 9, 8), "KWD", *names)
    page, *bodies = (official(name) for name in ("cbkkw/usd_form_cut.html", *names.values()))
    found = figures(ask("cbkkw", query, page, *bodies)[0])
    assert found == {
        (code, "KWD", date(2026, 9, int(number))): Decimal(fils) / 1000
        for code, body in zip(names, bodies, strict=True)
        for number, fils in re.findall(r"<td>(\d\d)\.09\.2026</td><td>([\d.]+)</td>", body.decode())
    }
    assert len(found) == 4
    assert_crosses_agree(found, "KWD", least=2)
