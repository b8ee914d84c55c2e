"""The Bank of Jamaica: a token from a page, the middle of transfers' two sides, names, Northern Ireland's notes."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from urllib.parse import urlencode

import pytest

from rates import providers
from rates.errors import ErrorAnswer, NoRates, ParseError
from rates.fetch.run_provider import run_provider
from rates.model import Quote, Reply, Request
from rates.providers import boja
from tests.providers.conversation import Publisher, ask, case, latest, on, specimen
from tests.providers.recordings import Figures, asked, body, codes, figures, in_sample, recordings

CASE = case("boja", "JMD", "0f1e2d3c4b", "page.html", "data.json", html=True)

PAGE, DATA = specimen("boja/page.html"), specimen("boja/data.json")


def test_latest() -> None:
    """The second table's token is posted; of the whole history only the window is read, names and all."""
    publisher = Publisher([PAGE, DATA])
    quotes = run_provider(providers.load("boja"), latest("JMD"), publisher)
    assert publisher.urls() == [
        "https://boj.org.jm/market/foreign-exchange/counter-rates/",
        "https://boj.org.jm/wp-admin/admin-ajax.php?action=get_wdtable&table_id=134",
    ]
    assert urlencode(publisher.asked[1].form) == "draw=1&start=0&length=-1&wdtNonce=0f1e2d3c4b"
    assert quotes == (
        Quote("USD", "JMD", Decimal("159.0710"), date(2026, 10, 29)),
        Quote("DOP", "JMD", Decimal("2.5450"), date(2026, 10, 30)),
        Quote("GBP", "JMD", Decimal("210.8317"), date(2026, 10, 30)),
        Quote("USD", "JMD", Decimal("159.1710"), date(2026, 10, 30)),
    )


def test_an_unknown_name_is_refused_where_it_counts() -> None:
    """A name of the window that the list lacks is named; one of years ago does not stop today's rates."""
    old = DATA.replace(b"BERMUDA DOLLAR", b"IRISH POUND")
    with pytest.raises(ParseError, match="IRISH POUND"):
        ask("boja", on(date(2006, 5, 1), "JMD"), PAGE, old)
    with pytest.raises(ValueError, match="IRISH POUND"):
        list(boja.parse(old))
    assert ask("boja", latest("JMD"), PAGE, old) == ask("boja", latest("JMD"), PAGE, DATA)


def test_nothing_and_errors() -> None:
    """A table without rows of the window is a rest; an answer without rows at all, a wrong token, are errors."""
    with pytest.raises(NoRates):
        ask("boja", on(date(2020, 1, 1), "JMD"), PAGE, DATA)
    with pytest.raises(ErrorAnswer):
        ask("boja", latest("JMD"), PAGE, b'{"error": "nonce"}')
    with pytest.raises(ParseError, match="token"):
        ask("boja", latest("JMD"), PAGE.replace(b"Side_134", b"Side_135"))
    for wrong in (b'"0"', b'""', b'"-2"', b"null", b'"NaN"'):
        with pytest.raises(ParseError):
            ask("boja", latest("JMD"), PAGE, DATA.replace(b'"158.0010"', wrong))
    for cut in range(1, len(DATA), 7):
        with pytest.raises(ParseError):
            ask("boja", latest("JMD"), PAGE, DATA[:cut])


@recordings
def test_recorded() -> None:
    """Every row but Northern Ireland's: the middle of the first and the last number."""

    def send(request: Request) -> Reply:
        assert not request.form or urlencode(request.form) == "draw=1&start=0&length=-1&wdtNonce=5a1cc1896f"
        return Reply(200, body("boja/2.json" if request.form else "boja/1.html"))

    found = figures(run_provider(providers.load("boja"), asked("2026-03-02", "2026-03-20", "JMD"), send))
    row = r'\["(\d\d \w{3} \d{4})","([^"]+)","([\d.]+)","[\d.]+","[\d.]+","([\d.]+)"\]'
    expected: Figures = {}
    for day, name, buy, sell in re.findall(row, body("boja/2.json").decode()):
        when = datetime.strptime(day, "%d %b %Y").date()
        if name != "NORTHERN IRELAND POUND":
            expected[boja.NAMES[name.strip()], "JMD", when] = (Decimal(buy) + Decimal(sell)) / 2
    assert found == expected
    assert len(found) == 240
    assert codes(found) == in_sample("boja")


@recordings
def test_the_two_sides_are_transfers() -> None:
    """The dollars of Barbados and Belize cost half a US dollar, the Eastern Caribbean's 1/2.7, within one per cent."""
    found = figures(boja.parse(body("boja/2.json")))
    day = date(2026, 3, 20)
    for code, per_dollar in (("BBD", Decimal(2)), ("BZD", Decimal(2)), ("XCD", Decimal("2.7"))):
        cross = found[code, "JMD", day] / found["USD", "JMD", day] * per_dollar
        assert abs(cross - 1) < Decimal("0.011")
