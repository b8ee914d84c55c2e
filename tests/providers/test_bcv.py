"""The Central Bank of Venezuela: the blocks of a page, the day of value, and Monday's rate on Friday."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal

import pytest

from rates.errors import NoRates, ParseError
from rates.model import Query, Quote
from rates.providers import bcv
from tests.providers.conversation import ask, case, latest, specimen
from tests.providers.crosses import assert_crosses_agree
from tests.providers.recordings import figures, official, recordings

CASE = case("bcv", "VES", "897,88810000", "page.html", html=True)

PAGE = specimen("bcv/page.html")
FRIDAY = date(2026, 10, 30)


def test_latest() -> None:
    """The blocks with thousands and decimal commas; the banks' own rates below them are not read."""
    quotes, urls = ask("bcv", latest("VES"), PAGE)
    assert urls == [bcv.URL]
    assert quotes == tuple(
        Quote(code, "VES", Decimal(rate), FRIDAY)
        for code, rate in (("EUR", "1003.12044001"), ("CNY", "135.02210000"), ("USD", "897.88810000"))
    )


def test_tomorrow_and_later() -> None:
    """Tomorrow's rates are given; on Friday afternoon there are only Monday's, which are in force on no day yet."""
    quotes, _ = ask("bcv", latest("VES"), PAGE.replace(b"2026-10-30T", b"2026-10-31T"))
    assert {quote.day for quote in quotes} == {date(2026, 10, 31)}
    with pytest.raises(NoRates, match="has rates for 2026-11-02 alone"):
        ask("bcv", latest("VES"), PAGE.replace(b"2026-10-30T", b"2026-11-02T"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Fecha Valor", b"Fecha"),
        (b"2026-10-30T00:00:00", b"2026-10-30T12:00:00"),
        (b'class="row recuadrotsmc"', b'class="row"'),
        (b'"strong-tb"> 897', b'"strong"> 897'),
        (b"<span> USD</span>", b"<span> </span>"),
        (b"1.003,12044001", b"10.03,12044001"),
        (b"</html>", b""),
    ],
)
def test_damage_is_refused(old: bytes, new: bytes) -> None:
    """A page without its day or its end, or with a block that cannot be read, is an error."""
    with pytest.raises(ParseError):
        ask("bcv", latest("VES"), PAGE.replace(old, new))


@recordings
def test_recorded() -> None:
    """Every block of the recorded page, what is known from elsewhere of that day, and crosses that agree."""
    body = official("bcv/tipo-cambio-de-referencia-smc_2026-09-09_cut.html")
    day = date(2026, 9, 9)
    found = figures(ask("bcv", Query("VES", today=day), body)[0])
    codes = re.findall(r"<span> ([A-Z]{3}) ?</span>", body.decode())
    rates = re.findall(r'"strong-tb"> ?([\d,]+)</strong>', body.decode())
    assert found == {
        (code, "VES", day): Decimal(rate.replace(",", ".")) for code, rate in zip(codes, rates, strict=True)
    }
    assert len(found) == 5
    for known in json.loads(official("bcv/expected.json"), parse_float=Decimal)["expectations"]:
        if known["in_transcribed_body"]:
            assert found[known["base"], "VES", day] == known["rate"]
    assert_crosses_agree(found, "VES")
