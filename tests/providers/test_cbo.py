"""The Central Bank of Oman: a page of the newest day, its form posted for each currency, and rows that are revised."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates import providers
from rates.errors import NoRates, ParseError, Unsupported
from rates.fetch.run_provider import run_provider
from rates.model import Quote, Reply
from rates.providers import cbo
from tests.providers.conversation import Publisher, ask, between, case, latest, on, specimen
from tests.providers.crosses import assert_crosses_agree
from tests.providers.recordings import SOURCES, Figures, figures, recordings

CASE = case("cbo", "OMR", "0.384<", "page.html", html=True)

PAGE, EXPORT = specimen("cbo/page.html"), specimen("cbo/export.html")
NOTHING = EXPORT[: EXPORT.index(b"</tr>")] + b"</tr></table>"
THURSDAY = date(2026, 10, 29)
FIELD = "ctl00$g_12$ctl00$"
TODAY = tuple(
    Quote(code, "OMR", Decimal(rate), THURSDAY)
    for code, rate in (("EUR", "0.44725045"), ("USD", "0.3845"), ("XAU", "1683.375"))
)


@pytest.mark.parametrize("query", [latest("OMR"), on(date(2026, 10, 30), "OMR"), on(THURSDAY, "OMR")])
def test_the_page_has_the_newest_rates(query: object) -> None:
    """It will do for the latest rates, and for a day from its own on: Friday is a day of rest."""
    assert ask("cbo", query, PAGE) == (TODAY, [cbo.URL])  # type: ignore[arg-type]


def test_a_range() -> None:
    """The form of the page goes back for each currency that is asked for; the latest row of a day is valid."""
    publisher = Publisher([Reply(200, PAGE, {"set-cookie": "; HttpOnly, TS01=a1; Path=/"}), EXPORT])
    query = between(date(2019, 5, 26), date(2019, 5, 27), "OMR", "EUR")
    assert run_provider(providers.load("cbo"), query, publisher) == (
        Quote("EUR", "OMR", Decimal("0.42825615"), date(2019, 5, 26)),
        Quote("EUR", "OMR", Decimal("0.4290245"), date(2019, 5, 27)),
    )
    assert publisher.asked[1].headers == (("Cookie", "TS01=a1"),)
    assert dict(publisher.asked[1].form) == {
        "__VIEWSTATE": "6DYdGzLqoLyS4F7+ENE0bDR0L7I=",
        "__VIEWSTATEGENERATOR": "BAB98CB3",
        "__EVENTVALIDATION": "icUl24lbY3TmYPDVZaJHydSt=",
        f"{FIELD}ddCurrencyCodes": "EUR",
        f"{FIELD}dateFrom": "26/05/2019",
        f"{FIELD}dateTo": "27/05/2019",
        f"{FIELD}btnExport": "",
    }


def test_a_past_day_is_bridged() -> None:
    """The days before are asked for too, and all currencies when none is named."""
    exports = [EXPORT, EXPORT.replace(b"EUR", b"USD"), EXPORT.replace(b"EUR", b"XAU")]
    publisher = Publisher([PAGE, *exports])
    quotes = run_provider(providers.load("cbo"), on(date(2019, 5, 28), "OMR"), publisher)
    assert {quote.base for quote in quotes} == {"EUR", "USD", "XAU"}
    assert dict(publisher.asked[1].form)[f"{FIELD}dateFrom"] == "18/05/2019"


def test_nothing_and_another_currency() -> None:
    """Tables without rows are no rates; a currency that is not listed is not asked for; another's is an error."""
    query = between(date(2019, 5, 24), date(2019, 5, 25), "OMR", "EUR")
    with pytest.raises(NoRates):
        ask("cbo", query, PAGE, NOTHING)
    with pytest.raises(Unsupported):
        ask("cbo", between(date(2019, 5, 24), date(2019, 5, 25), "XXX", "ISK"), PAGE)
    with pytest.raises(ParseError, match="other rates than those of EUR"):
        ask("cbo", query, PAGE, EXPORT.replace(b"EUR", b"USD"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"27/05/2019 12:30:00 PM", b"27/05/2019"),
        (b"string;#0.4276608", b"string;#0"),
        (b"string;#0.4276608", b"string;#"),
        (b"Exchange Date", b"Day"),
        (b"</table>", b""),
    ],
)
def test_another_export_is_refused(old: bytes, new: bytes) -> None:
    """Another head, no time, no rate, no end: a named error, no missing row."""
    with pytest.raises(ParseError):
        ask("cbo", between(date(2019, 5, 26), date(2019, 5, 27), "OMR", "EUR"), PAGE, EXPORT.replace(old, new, 1))


@pytest.mark.parametrize(
    ("old", "new"), [(b"10 AM, 29 Oct", b"29 Oct"), (b"lblDate", b"date"), (b"Selling", b"Selling rate")]
)
def test_another_page_is_refused(old: bytes, new: bytes) -> None:
    """A page without its day or its table."""
    with pytest.raises(ParseError):
        ask("cbo", latest("OMR"), PAGE.replace(old, new))


OFFICIAL = SOURCES / "official" / "cbo"
CELL = r"<td>string;#([\d.]+)</td>"


@recordings
def test_recorded_page() -> None:
    """Every row of 9 September 2026 by a pattern."""
    body = (OFFICIAL / "DFESearch_2026-09-09_cut.html").read_bytes()
    found = figures(cbo.parse(body))
    rows = re.findall(rf"<td>([A-Z]{{3}})</td>(?:<td>[^<]*</td>){{2}}{CELL}{CELL}", body.decode())
    day = date(2026, 9, 9)
    assert found == {(code, "OMR", day): (Decimal(buy) + Decimal(sell)) / 2 for code, buy, sell in rows}
    assert len(found) == 15
    known = {"EUR": "0.44725045", "JPY": "0.00250745", "XAU": "1683.375"}
    assert {code: str(found[code, "OMR", day]) for code in known} == known
    rupiah = found.pop(("IDR", "OMR", day))  # 5 % above the ECB's
    assert Decimal(15_000) < found["USD", "OMR", day] / rupiah < Decimal(20_000)
    assert_crosses_agree(found, "OMR")


@recordings
def test_recorded_exports() -> None:
    """Every row of three currencies, asked for by the recorded page."""
    page = (OFFICIAL / "DFESearch_2026-09-09_cut.html").read_bytes()
    exports = [(OFFICIAL / f"export_{code}_2026-06-01_04.xls.html").read_bytes() for code in ("USD", "YER", "ZAR")]
    publisher = Publisher([page, *exports])
    query = between(date(2026, 6, 1), date(2026, 6, 4), "OMR", "USD", "YER", "ZAR")
    found = figures(run_provider(providers.load("cbo"), query, publisher))
    expected: Figures = {}
    for export in exports:
        row = rf"<td>([A-Z]{{3}})</td><td>(\d\d)/06/2026 [^<]+</td>(?:<td>[^<]*</td>){{2}}{CELL}{CELL}"
        for code, day, buy, sell in re.findall(row, export.decode()):
            expected[code, "OMR", date(2026, 6, int(day))] = (Decimal(buy) + Decimal(sell)) / 2
    assert found == expected
    assert len(found) == 12
    assert found["USD", "OMR", date(2026, 6, 1)] == Decimal("0.3845")
    prefix = "ctl00$ctl50$g_790c03a5_71cd_45b4_b68e_523450d109bc$ctl00$"
    assert {name for name, _ in publisher.asked[1].form if name.startswith("ctl")} == {
        prefix + name for name in ("ddCurrencyCodes", "dateFrom", "dateTo", "btnExport")
    }
