"""The National Bank of Serbia: the newest list on a page, its day in Cyrillic, units of a hundred."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates.errors import ParseError
from rates.model import Quote
from rates.providers import nbs
from tests.providers.conversation import ask, case, latest, specimen
from tests.providers.crosses import assert_crosses_agree
from tests.providers.recordings import figures, official, recordings

CASE = case("nbs", "RSD", "117,2104", "list.html", html=True)

PAGE = specimen("nbs/list.html")


def test_latest() -> None:
    """The list of the page, of the day on which it was made; the yen per 100."""
    quotes, urls = ask("nbs", latest("RSD"), PAGE)
    assert urls == [nbs.URL]
    assert quotes == tuple(
        Quote(code, "RSD", Decimal(rate), date(2026, 10, 30))
        for code, rate in (("EUR", "117.2104"), ("AUD", "73.6987"), ("JPY", "0.667181"), ("USD", "104.9144"))
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"30.10.2026", b"30.10."),
        (b"<td>100</td>", b"<td>0</td>"),
        (b"<td>100</td>", b""),
        (b"<td>JPY</td>", b"<td></td>"),
        (b"</html>", b""),
        (b"</table>", b"</table><table></table>"),
    ],
)
def test_damage_is_refused(old: bytes, new: bytes) -> None:
    """A page without its day, its end or a cell, and another table, are errors."""
    with pytest.raises(ParseError):
        ask("nbs", latest("RSD"), PAGE.replace(old, new))


@recordings
def test_recorded() -> None:
    """Every row of the recorded page, and crosses that agree with the ECB's.

    The yen's row in that cut, 68.9012 for 100, lies 8 % off the ECB's: 63.9012 would be within 0.1 % of it, so that a
    digit was mistyped. The bank's page of 24 June 2026, with 63.9236 for 100 yen and 103.2560 for the dollar, is within
    0.1 % of the ECB's of its day; so it is with a unit of 100.
    """
    body = official("nbs-serbia/CurrentMiddleRate_2026-08-14_cut.html")
    cells = re.findall(r"<td>([^<]*)</td>", body.decode())
    day = date(2026, 8, 14)
    found = figures(ask("nbs", latest("RSD"), body)[0])
    assert found == {
        (cells[at], "RSD", day): Decimal(cells[at + 4].replace(",", ".")) / int(cells[at + 3])
        for at in range(0, len(cells), 5)
    }
    assert len(found) == 4
    yen = found.pop(("JPY", "RSD", day))
    assert_crosses_agree(found, "RSD")
    assert abs(found["USD", "RSD", day] / yen / 150 - 1) < Decimal("0.1")
    assert_crosses_agree(found | {("JPY", "RSD", day): yen - Decimal("0.05")}, "RSD")  # 63.9012
    june = date(2026, 6, 24)
    page = {("JPY", "RSD", june): Decimal("0.639236"), ("USD", "RSD", june): Decimal("103.2560")}
    assert_crosses_agree(page | {("EUR", "RSD", june): Decimal("117.4021")}, "RSD")
