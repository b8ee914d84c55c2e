"""Bangko Sentral ng Pilipinas: a list of bulletins in pages, and the one figure in each that is the bank's own."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal

import pytest

from rates.errors import HtmlAnswer, NoRates, ParseError
from rates.model import Quote, Reply
from rates.providers import bsp
from tests.providers.conversation import PAGE as MAINTENANCE
from tests.providers.conversation import Case, ask, between, latest, on
from tests.providers.crosses import euro_rates
from tests.providers.pdf import pdf
from tests.providers.recordings import asked, codes, in_sample, recorded, recordings, replay

FRIDAY, THURSDAY, WEDNESDAY = (date(2026, 10, number) for number in (30, 29, 28))
NEXT = f"{bsp.LIST}?%24skiptoken=Paged%3dTRUE%26p_ID%3d2184&%24top=100"
FIRST = f"{bsp.LIST}?$top=100&$orderby=Id desc&$expand=AttachmentFiles&$select=Id,Title,AttachmentFiles"


def listing(*titles: str, following: str = "") -> bytes:
    """A page of the list with a bulletin a title."""
    entries = [
        {
            "Id": 2400 - place,
            "Title": title,
            "AttachmentFiles": {
                "results": [{"ServerRelativeUrl": f"/Lists/RERB/Attachments/{2400 - place}/{title}.pdf"}]
            },
        }
        for place, title in enumerate(titles)
    ]
    return json.dumps({"d": {"results": entries, **({"__next": following} if following else {})}}).encode()


def bulletin(day: str, buying: str = "61.300", selling: str = "61.800", reference: str = "61.550") -> bytes:
    """The PDF of a day."""
    return pdf(
        [
            "BANGKO SENTRAL NG PILIPINAS",
            "REFERENCE EXCHANGE RATE BULLETIN",
            day,
            "1 UNITED STATES DOLLAR USD 0.859771 1.000000 61.5820",
            f"BSP Buying Rate (T/T):    PHP {buying} GOLD BUYING:      $ 4,446.85",
            f"BSP Selling Rate (T/T):    PHP {selling} SILVER BUYING:   $ 74.50",
            f"BSP Reference Rate:         PHP {reference}",
            "PDS Closing Rate (29-Oct-2026): PHP 61.560",
        ]
    )


LIST = listing("30Oct2026", "29Oct2026", "28Oct2026", "01Oct2026")
CASE = Case(latest("PHP"), (LIST, bulletin("30 Oct 2026")), b"", packed=True)


def test_latest() -> None:
    """The reference rate of the newest bulletin; the row of the dollar in the table is another's."""
    quotes, urls = ask("bsp", latest("PHP"), LIST, bulletin("30 Oct 2026"))
    assert quotes == (Quote("USD", "PHP", Decimal("61.550"), FRIDAY),)
    assert urls == [FIRST, "https://www.bsp.gov.ph/Lists/RERB/Attachments/2400/30Oct2026.pdf"]


def test_json_is_asked_for() -> None:
    """Without its own word for JSON the server answers in Atom."""
    conversation = bsp.steps(latest("PHP"))
    for request in (next(conversation), conversation.send(Reply(200, listing("30Oct2026", following=NEXT)))):
        assert request.headers == (("Accept", "application/json;odata=verbose"),)


def test_day_and_range() -> None:
    """A day between bulletins has the one before; a range each of its own; older ones are further down the list."""
    newest = listing("30Oct2026", "29October2026", following=NEXT)
    older = listing("28Oct2026", "15Oct2026")
    quotes, urls = ask("bsp", on(date(2026, 10, 28), "PHP"), newest, older, bulletin("28 Oct 2026"))
    assert urls == [FIRST, NEXT, "https://www.bsp.gov.ph/Lists/RERB/Attachments/2400/28Oct2026.pdf"]
    assert {quote.day for quote in quotes} == {WEDNESDAY}
    bulletins = [bulletin("28 Oct 2026"), bulletin("29 October 2026")]
    quotes, _ = ask("bsp", between(WEDNESDAY, THURSDAY, "PHP"), newest, older, *bulletins)
    assert {quote.day for quote in quotes} == {WEDNESDAY, THURSDAY}
    with pytest.raises(NoRates):
        ask("bsp", on(date(2026, 10, 14), "PHP"), newest, older)


@pytest.mark.parametrize(
    "answer",
    [
        pdf(["nothing"]),
        bulletin("30.10.2026"),
        bulletin("30 Oct 2026", reference="N/A"),
        bulletin("30 Oct 2026", reference="61.900"),
        bulletin("30 Oct 2026", buying="0", reference="0"),
        bulletin("30 Oct 2026")[:700],
        b"{}",
    ],
)
def test_another_bulletin_is_refused(answer: bytes) -> None:
    """A bulletin without date or rate, or whose rate is not between the bank's two others, is named."""
    with pytest.raises(ParseError):
        ask("bsp", latest("PHP"), LIST, answer)


@pytest.mark.parametrize(
    "answer",
    [
        listing(),
        listing("Oct2026"),
        LIST.replace(b'[{"ServerRelativeUrl": "/Lists/RERB/Attachments/2400/30Oct2026.pdf"}]', b"[]"),
        listing("30Oct2026", following="https://example.org/next"),
    ],
)
def test_another_list_is_refused(answer: bytes) -> None:
    """A list without entries, days or files, or one that goes on at another host, is named."""
    with pytest.raises(ParseError):
        ask("bsp", latest("PHP"), answer)


def test_a_page_in_place_of_a_bulletin() -> None:
    """The address of a bulletin may lead to the site's own page."""
    with pytest.raises(HtmlAnswer):
        ask("bsp", latest("PHP"), LIST, MAINTENANCE)


@recordings
def test_recorded() -> None:
    """Both bulletins, read a second time by their layout."""
    pypdf = pytest.importorskip("pypdf")
    from io import BytesIO

    found = replay("bsp", asked("2026-05-28", "2026-05-29", "PHP"))
    expected = {}
    for reply in recorded("bsp").values():
        if reply.body.startswith(b"%PDF"):
            text = pypdf.PdfReader(BytesIO(reply.body)).pages[0].extract_text(extraction_mode="layout")
            (rate,) = re.findall(r"Reference Rate:\s+PHP\s+(\d\d\.\d{3})\b", text)
            (day,) = re.findall(r"\b(2[89]) May 2026\b", text)
            expected["USD", "PHP", date(2026, 5, int(day))] = Decimal(rate)
    assert found == expected
    assert len(found) == 2
    assert codes(found) == in_sample("bsp")
    # The ECB's own cross of these days is close by.
    for (_, _, day), rate in found.items():
        euro = euro_rates()[day]
        assert abs(rate * euro["USD"] / euro["PHP"] - 1) < Decimal("0.01")
