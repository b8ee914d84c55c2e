"""The whole world at once: each publisher's dollar against the others', for every currency that five of them have.

A wrong unit is a factor of ten or a hundred, a wrong direction the inverse, a wrong column some other currency's rate:
none of them hides within 2 %. The recordings are not of one day but of February to May and of September 2026, and a few
of each publisher: each day is compared with the others' figures of the same day, where there are four, else within a
day, three, or a week, and the median over the publisher's days must lie within 2 % of the others' median.
"""

from __future__ import annotations

import pytest

from tests.providers import world
from tests.providers.recordings import recordings
from tests.providers.world import ELSEWHERE

pytestmark = recordings

CLOSE = 0.02

POUND = "the Egyptian pound fell from 47.9 on 28 February 2026 to 52.2 on 6 March; days lie apart by up to a week"
ROUBLE = "the rouble's rates outside Russia are of thin markets, from 80 to 86 to the dollar in that fortnight"
KABUL = "rates of Kabul's money market, which publishes them as they are (see the provider)"
SAMPLE = "its recorded rows of 2 March 2026 lie off everybody's of that day, the euro by 1 %, the rand by 5 %"
EARLIER = "one day alone, 9 April 2026, after one on which the dollar fell by 2 to 3 %: figures of different hours"
DEALERS = "averages of few deals, with the dealers' wide margins"
DIFFERING = {
    ("bam", "EGP"): POUND,
    ("boi", "EGP"): POUND,
    ("nbrb", "RUB"): ROUBLE,
    ("boi", "ZAR"): SAMPLE,
    ("boi", "SEK"): SAMPLE,
    ("cbm", "ZAR"): EARLIER,
    ("cbssc", "GBP"): "the dealers' mean, which that day lies near their selling rate",
    **{("cbtt", symbol): DEALERS for symbol in ("CAD", "CHF", "EUR", "GBP")},
    ("cbr", "KRW"): "set from the market of the day before; the won lost 3 % from 2 to 4 March 2026",
    ("cbr", "VND"): "the dong's official central rate, 4 % under what its market pays",
    ("dab", "CNY"): KABUL,
    ("dab", "INR"): KABUL,
    ("hkma", "TWD"): "of the end of February 2026; the others' are of the first week of March, when the dollar rose",
    ("nbrb", "BRL"): "one day alone, 17 March 2026, made before a day on which the real rose by 1 %",
}


def test_each_publisher_is_close_to_the_others() -> None:
    """No publisher is further than 2 % from the median of the others, unless the reason is known and listed."""
    far = {
        (key, symbol): f"{off:+.2%}"
        for key in world.world()
        if key not in ELSEWHERE
        for symbol, off in world.differences(key)
        if abs(off) > CLOSE and (key, symbol) not in DIFFERING
    }
    assert far == {}


def test_every_exception_is_one() -> None:
    """What is listed as far from the others is: a listing without need would hide the next mistake."""
    off = {(key, symbol): dict(world.differences(key)).get(symbol) for key, symbol in DIFFERING}
    assert {pair for pair, share in off.items() if share is None or abs(share) <= CLOSE} == set()
    for key in ELSEWHERE:
        assert sum(abs(share) > CLOSE for _, share in world.differences(key)) >= 3


def test_the_world_is_large_enough() -> None:
    """Most publishers have recordings and currencies in common; a reader that suddenly gives nothing is missed here."""
    compared = {key: dict(world.differences(key)) for key in world.world()}
    assert sum(bool(found) for found in compared.values()) >= 35
    assert sum(map(len, compared.values())) >= 600
    assert all(compared[key] for key in ("bcccd", "beac", "bm", "bsh", "cbo", "cbssc", "pma"))
    assert all(compared[key] for key in ("cnb", "nbp", "nbu", "cbr", "rba", "tcmb", "bom", "nbk", "cbu"))


@pytest.mark.parametrize("factor", [100, 0.01, 10])
def test_a_wrong_unit_would_be_seen(factor: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """A publisher whose yen is taken per hundred as if per one stands out."""
    days = {day: {**table} for day, table in world.world()["nbp"].items()}
    for table in days.values():
        table["JPY"] *= type(table["JPY"])(str(factor))
    monkeypatch.setitem(world.world(), "nbp", days)
    assert abs(dict(world.differences("nbp"))["JPY"]) > CLOSE
