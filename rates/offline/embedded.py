"""Answers to the URLs that the providers request, from the embedded history of the ECB.

The ECB's own documents are made here; those of other services, which quote any base, in `services`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from functools import partial
from urllib.parse import urlsplit

from rates.model import Reply
from rates.offline import history, services
from rates.offline.urls import not_recorded, split
from rates.transport import Mock

_Service = Callable[[str, Mapping[str, str], date], Reply | None]

FOLDER = "/stats/eurofxref/"
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" \
xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
\t<gesmes:subject>Reference rates</gesmes:subject>
\t<gesmes:Sender>
\t\t<gesmes:name>European Central Bank</gesmes:name>
\t</gesmes:Sender>
\t<Cube>
"""
_TAIL = "\t</Cube>\n</gesmes:Envelope>\n"


def embedded(today: date) -> Mock:
    """The mock that answers with the history up to today; `NotRecorded` for what it cannot answer."""

    def answer(method: str, url: str, form: bytes, timeout_s: float) -> Reply:
        bare, pairs = split(url)
        parts = urlsplit(bare)
        service = _service(parts.netloc) if method == "GET" else None
        try:
            reply = service(parts.path, dict(pairs), today) if service else None
        except history.NotInHistory as lacking:
            raise not_recorded(url, str(lacking)) from None
        if reply is None:
            raise not_recorded(url)
        return reply

    return answer


def ecb(path: str, params: Mapping[str, str], today: date) -> Reply | None:
    """The ECB's daily XML, its last 90 days, or its zip file, as of today."""
    newest = history.row(today)
    if newest is None:
        raise history.NotInHistory(f"the embedded ECB history begins on {history.FIRST_DAY}")
    name = path.removeprefix(FOLDER)
    if name == "eurofxref-daily.xml":
        return _xml([newest])
    if name == "eurofxref-hist-90d.xml":
        return _xml(reversed(list(history.span(newest[0] - timedelta(days=90), newest[0]))))
    if name == "eurofxref-hist.zip":
        return Reply(200, history.published(today), {"content-type": "application/zip"})
    return None


def _xml(rows: Iterable[history.Row]) -> Reply:
    """An XML document of rows, which must be newest first."""
    days = "".join(_cube(day, rates) for day, rates in rows)
    return Reply(200, f"{_HEAD}{days}{_TAIL}".encode(), {"content-type": "text/xml"})


def _cube(day: date, rates: Mapping[str, str]) -> str:
    entries = "".join(f"\t\t\t<Cube currency='{code}' rate='{rate}'/>\n" for code, rate in rates.items())
    return f"\t\t<Cube time='{day}'>\n{entries}\t\t</Cube>\n"


_SERVICES: Mapping[str, _Service] = {
    "www.ecb.europa.eu": ecb,
    "api.frankfurter.dev": services.frankfurter,
    "api.vatcomply.com": services.vatcomply,
    "open.er-api.com": services.erapi,
    "cdn.jsdelivr.net": services.currency_api,
    "openexchangerates.org": services.openexchangerates,
}
_DAY_HOST = ".currency-api.pages.dev"


def _service(host: str) -> _Service | None:
    """The service at a host; the second host of currency-api has the day in its name."""
    if host.endswith(_DAY_HOST):
        return partial(services.currency_api, day=host.removesuffix(_DAY_HOST))
    return _SERVICES.get(host)
