"""Answers to the URLs that the providers request, from the embedded history of the ECB.

The ECB's own documents, and the answers of services that quote any base, each in its own format. A function for each
host takes path, query and today, and gives the answer, or None for an address that the host does not have. An unknown
currency gets the service's own error. A currency that the ECB does not quote raises `NotInHistory`, since the service
itself may have it.
"""

from __future__ import annotations

import re
from calendar import timegm
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from email.utils import formatdate
from functools import partial
from json import dumps
from urllib.parse import urlsplit

from rates import history
from rates.currencies import codes
from rates.defaults import HISTORY, SOURCE_HEADER
from rates.model import Reply
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
ONLY = "offline there is only the ECB's history"
_TAIL = "\t</Cube>\n</gesmes:Envelope>\n"


def embedded_mock(today: date) -> Mock:
    """The mock that answers with the history up to today; `NotRecorded` for what it cannot answer."""

    def answer(method: str, url: str, form: bytes, timeout_s: float) -> Reply:
        bare, pairs = split(url)
        parts = urlsplit(bare)
        service = _service(parts.netloc) if method == "GET" else None
        try:
            reply = service(parts.path, dict(pairs), today) if service else None
        except history.NotInHistory as lacking:
            raise not_recorded(url, str(lacking), hint=ONLY) from None
        if reply is None:
            raise not_recorded(url, hint=ONLY)
        return Reply(reply.status, reply.body, {**reply.headers, SOURCE_HEADER: HISTORY})

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


# --- services of any base --------------------------------------------------------------------------------------------

_DAY_S = 86_400


def _json(body: str, status: int = 200) -> Reply:
    """A JSON answer; the caller writes the text, so that its numbers stay exact."""
    return Reply(status, body.encode(), {"content-type": "application/json"})


def _day(text: str | None) -> date | None:
    """The day of an ISO date; None for other text."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _object(rates: Mapping[str, str]) -> str:
    """A JSON object with the numbers as they are written."""
    return "{" + ",".join(f'"{code}":{rate}' for code, rate in rates.items()) + "}"


def _chosen(rates: Mapping[str, str], asked: str) -> Mapping[str, str]:
    """The rates of the symbols in a list with commas; all rates for an empty list."""
    wanted = asked.upper().split(",") if asked else []
    return {code: rate for code, rate in rates.items() if code in wanted} if wanted else rates


def _within(day: date, today: date) -> bool:
    """True for a day on which a service can have rates."""
    return history.FIRST_DAY <= day <= today


def frankfurter(path: str, params: Mapping[str, str], today: date) -> Reply | None:
    """Rows of date, base, quote and rate; none for days that it lacks; 422 for an unknown code."""
    if path != "/v2/rates":
        return None
    base, quotes = params.get("base", "EUR").upper(), params.get("quotes", "")
    for code in (base, *filter(None, quotes.upper().split(","))):
        if code not in codes():
            return _json(dumps({"status": 422, "message": f"invalid currency: {code}"}), 422)
    rows = (
        f'{{"date":"{day}","base":"{base}","quote":"{code}","rate":{rate}}}'
        for day, rates in _frankfurter_days(base, params, today)
        for code, rate in _chosen(rates, quotes).items()
    )
    return _json(f"[{','.join(rows)}]")


def _frankfurter_days(base: str, params: Mapping[str, str], today: date) -> list[tuple[date, Mapping[str, str]]]:
    """The days of the query: a range, one day, or the latest."""
    first = _day(params.get("from"))
    if first is not None:
        if not history.has(base):
            raise history.NotInHistory(f"the embedded ECB history has no {base}")
        last = _day(params.get("to")) or today
        return list(history.rates_between(base, first, min(last, today)))
    day = _day(params.get("date")) or today
    return [history.rates_on(base, day)] if _within(day, today) else []


def vatcomply(path: str, params: Mapping[str, str], today: date) -> Reply | None:
    """Date, base and rates; 400 for an unknown code, 404 for a day that it lacks."""
    if path != "/rates":
        return None
    base, asked = params.get("base", "EUR"), params.get("symbols", "")
    day = _day(params.get("date")) or today
    if not history.has(base):
        return _json(dumps({"error": f"Base currency '{base}' is not supported."}), 400)
    for code in filter(None, asked.split(",")):
        if not history.has(code):
            return _json(dumps({"error": f"Currency '{code}' is not supported."}), 400)
    if not _within(day, today):
        return _json(dumps({"error": "No rate data available for the specified date."}), 404)
    try:
        found, rates = history.rates_on(base, day)
    except history.NotInHistory:  # this service has what the ECB has, and no more
        message = f"Base currency '{base}' not available in current rates data"
        return _json(dumps({"error": message}), 400)
    return _json(f'{{"date":"{found}","base":"{base}","rates":{_object(_chosen(rates, asked))}}}')


def erapi(path: str, _: Mapping[str, str], today: date) -> Reply | None:
    """The latest rates with the times of this update and the next; 404 for an unknown code."""
    base = path.removeprefix("/v6/latest/").upper()
    if "/" in base:
        return None
    if base not in codes():
        return _json(dumps({"result": "error", "error-type": "unsupported-code"}), 404)
    day, rates = history.rates_on(base, today)
    last = timegm(day.timetuple()) + _DAY_S + 1  # the file of a day is stamped a second after its end
    head = dumps(
        {
            "result": "success",
            "provider": "https://www.exchangerate-api.com",
            "time_last_update_unix": last,
            "time_last_update_utc": formatdate(last),
            "time_next_update_unix": last + _DAY_S,
            "time_next_update_utc": formatdate(last + _DAY_S),
            "time_eol_unix": 0,
            "base_code": base,
        }
    )
    return _json(f'{head[:-1]}, "rates": {_object(rates)}}}')


_FILE = re.compile(
    r"(?:/npm/@fawazahmed0/currency-api@(?P<day>[^/]+))?/v1/currencies/(?P<base>[a-z0-9]+)(?:\.min)?\.json"
)


def currency_api(path: str, _: Mapping[str, str], today: date, day: str = "") -> Reply | None:
    """A day's file of one base, in lower case; 404 with the first host's text for what it lacks."""
    found = _FILE.fullmatch(path)
    name = day or (found["day"] if found else "")
    if not found or not name:
        return None
    base, wanted = found["base"].upper(), today if name == "latest" else _day(name)
    if wanted is None or not _within(wanted, today):
        return Reply(404, f"Couldn't find the requested release version {name}.".encode())
    if base not in codes():
        file = f"/v1/currencies/{found['base']}.min.json"
        return Reply(404, f"Couldn't find the requested file {file} in @fawazahmed0/currency-api.".encode())
    effective, rates = history.rates_on(base, wanted)
    lower = _object({code.lower(): rate for code, rate in rates.items()})
    return _json(f'{{"date":"{effective}","{base.lower()}":{lower}}}')


def openexchangerates(path: str, params: Mapping[str, str], today: date) -> Reply | None:
    """The rates of the dollar, or of the base asked for, with a time stamp; its own error for what it lacks."""
    found = re.fullmatch(r"/api/(?:latest|historical/(?P<day>[\d-]+))\.json", path)
    if not found:
        return None
    day = _day(found["day"]) if found["day"] else today
    base = params.get("base", "USD").upper()
    if day is None or not _within(day, today):
        return _oxr_error(400, "not_available", "Historical rates for the requested date are not available.")
    if base not in codes():
        return _oxr_error(400, "invalid_base", f"{base} is no base currency.")
    effective, rates = history.rates_on(base, day)
    stamp = timegm((effective + timedelta(days=1)).timetuple()) - 1  # the last second of the day, as the service has it
    body = _object(_chosen(rates, params.get("symbols", "")))
    return _json(f'{{"timestamp":{stamp},"base":"{base}","rates":{body}}}')


def _oxr_error(status: int, message: str, description: str) -> Reply:
    error = {"error": True, "status": status, "message": message, "description": description}
    return _json(dumps(error), status)


# --- which host is which ---------------------------------------------------------------------------------------------

_SERVICES: Mapping[str, _Service] = {
    "www.ecb.europa.eu": ecb,
    "api.frankfurter.dev": frankfurter,
    "api.vatcomply.com": vatcomply,
    "open.er-api.com": erapi,
    "cdn.jsdelivr.net": currency_api,
    "openexchangerates.org": openexchangerates,
}
_DAY_HOST = ".currency-api.pages.dev"


def _service(host: str) -> _Service | None:
    """The service at a host; the second host of currency-api has the day in its name."""
    if host.endswith(_DAY_HOST):
        return partial(currency_api, day=host.removesuffix(_DAY_HOST))
    return _SERVICES.get(host)
