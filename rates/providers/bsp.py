"""Bangko Sentral ng Pilipinas: its reference rate of the US dollar, from its daily bulletin.

Publishes: the dollar alone each working day by about 9:00 Manila time, since 2017-11-06 (scans without text before).
Quoted: reference rate, pesos for one dollar, between the bank's own buying and selling rates.
Answer: JSON of a SharePoint list, newest first and a hundred at once, whose entries lead to a PDF a day.
Source: https://www.bsp.gov.ph/SitePages/Statistics/ExchangeRate.aspx

PDF is read by the library pypdf (pip install 'fetch-rates[pdf]'). The bulletin's table of other currencies, the SDR
and metals repeats closing prices of Reuters and others, so that it is not the bank's, and is not read.
"""

import re
from collections.abc import Generator

from rates.model import Provider, Query, Quote, Reply, Request
from rates.providers.kit import Any, Iterable, Mapping, Steps, date, get, not_empty, window
from rates.readers import absolute, day, json_object, number, pdf_text, rows

PROVIDER = Provider(
    name="Bangko Sentral ng Pilipinas",
    country="PH",
    pivot="PHP",
    rate_type="reference",
    published="09:00 Asia/Manila",
    since=date(2017, 11, 6),
    max_days=1,
    gap_days=10,  # Holy Week, Christmas and New Year; the longest pause of 2026 is of five days
    spacing_s=0.5,
    terms="https://www.bsp.gov.ph/Pages/AboutTheBank/Terms-of-Use.aspx",
)

HOST = "https://www.bsp.gov.ph/"
LIST = f"{HOST}_api/web/lists/getByTitle('RERB')/items"
FIELDS = {"$top": 100, "$orderby": "Id desc", "$expand": "AttachmentFiles", "$select": "Id,Title,AttachmentFiles"}
ACCEPT = (("Accept", "application/json;odata=verbose"),)  # else it answers in Atom
MOST_PAGES = 60  # of a hundred bulletins; there are 23 now

_TITLE = re.compile(r"(\d{1,2})([A-Za-z]{3,9})(\d{4})")
_DATED = re.compile(r"REFERENCE EXCHANGE RATE BULLETIN\s+(\d{1,2} [A-Za-z]{3,9} \d{4})\b")
_RATE = re.compile(r"BSP (Buying|Reference|Selling) Rate[^:]{0,10}:\s*PHP\s*([\d.,]+)")


def steps(query: Query) -> Steps:
    """The list down to the days asked for, then the bulletin of each day, or of the newest."""
    first, last = window(query, PROVIDER)
    listed = yield from _listed(first)
    days = sorted(on for on in listed if first <= on <= last)
    quotes: list[Quote] = []
    for on in days if query.kind == "range" else days[-1:]:
        reply = yield get(listed[on])
        quotes += parse(reply.body)
    return not_empty(quotes, first, last)


def _listed(first: date) -> Generator[Request, Reply, dict[date, str]]:
    """The addresses of the bulletins by day, from the newest back to the first day that is wanted."""
    found: dict[date, str] = {}
    request = get(LIST, FIELDS, headers=ACCEPT)
    for _ in range(MOST_PAGES):
        reply = yield request
        page = json_object(reply.body)["d"]
        found |= _entries(page)
        following = page.get("__next")
        if min(found) <= first or not following:
            return found
        if not str(following).startswith(HOST):
            raise ValueError(f"the list goes on elsewhere: {str(following)[:60]!r}")
        request = get(following, headers=ACCEPT)
    raise ValueError(f"the list has more than {MOST_PAGES} pages")


def _entries(page: Mapping[str, Any]) -> dict[date, str]:
    """The bulletins of one page of the list: their titles are their days, as 28May2026."""
    found = {}
    for entry in rows(page["results"]):
        title = _TITLE.fullmatch(entry["Title"].strip())
        files = [file["ServerRelativeUrl"] for file in rows(entry["AttachmentFiles"]["results"])]
        if not title or not files:
            raise ValueError(f"no bulletin of a day: {entry['Title']!r} with {len(files)} files")
        found[day(" ".join(title.groups()), "D M Y")] = absolute(HOST, files[0])
    if not found:
        raise ValueError("the list is empty")
    return found


def parse(body: bytes) -> Iterable[Quote]:
    """The quote of a bulletin; a page of the list has none."""
    if not body.startswith(b"%PDF"):
        _entries(json_object(body)["d"])
        return
    bulletin = pdf_text(body)
    dated = _DATED.search(bulletin)
    sides = dict(_RATE.findall(bulletin))
    if not dated or len(sides) < 3:
        raise ValueError("the bulletin has no date, or no rates of the bank's own")
    buying, reference, selling = (number(sides[side]) for side in ("Buying", "Reference", "Selling"))
    if not 0 < buying <= reference <= selling:
        raise ValueError(f"the reference rate {reference} is not between {buying} and {selling}")
    yield Quote("USD", "PHP", reference, day(dated[1], "D M Y"))
