"""The Bank of Central African States: a block of divisions on the home page, whose ids repeat."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates.errors import ParseError
from rates.model import Quote
from rates.providers import beac
from tests.providers.conversation import ask, case, latest, specimen
from tests.providers.crosses import assert_crosses_agree
from tests.providers.recordings import SOURCES, figures, recordings

CASE = case("beac", "XAF", "561.2317", "home.html", html=True)

HOME = specimen("beac/home.html")


def test_latest() -> None:
    """The middle of both sides; the titles in the first row are no pair."""
    quotes, urls = ask("beac", latest("XAF"), HOME)
    assert urls == ["https://www.beac.int/"]
    assert quotes == tuple(
        Quote(code, "XAF", Decimal(rate), date(2026, 10, 30))
        for code, rate in (("EUR", "655.957"), ("USD", "563.6411"), ("ZAR", "34.31055"))
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"USD/XAF", b"USD/EUR"),
        (b"561.2317", b""),
        (b"561.2317", b"561,2317"),
        (b"Date de valeur", b"Date"),
        (b"30/10/2026", b"30/13/2026"),
        (b"code_valeur", b"code"),
        (b'id="middle"', b'id="centre"'),
    ],
)
def test_another_block_is_refused(old: bytes, new: bytes) -> None:
    """Another pair, a missing figure, day or mark: a named error, no missing quote."""
    with pytest.raises(ParseError):
        ask("beac", latest("XAF"), HOME.replace(old, new))


@recordings
def test_recorded() -> None:
    """Every pair of 22 May 2026, read by the text between the tags."""
    body = (SOURCES / "official" / "beac" / "accueil_2026-05-22_cut.html").read_bytes()
    found = figures(beac.parse(body))
    words = re.sub(r"<[^>]*>", " ", body.decode())
    pairs = re.findall(r"([A-Z]{3})/XAF\s+([\d.]+)\s+([\d.]+)", words)
    day = date(2026, 5, 22)
    assert found == {(code, "XAF", day): (Decimal(buy) + Decimal(sell)) / 2 for code, buy, sell in pairs}
    assert len(found) == 6
    assert found["USD", "XAF", day] == Decimal("563.6411")
    assert found["EUR", "XAF", day] == Decimal("655.957")
    assert_crosses_agree(found, "XAF")
