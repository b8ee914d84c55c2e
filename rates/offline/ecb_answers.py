"""The European Central Bank's three documents, from the embedded history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from rates.offline import history
from rates.offline.answer import Answer
from rates.offline.crosses import LackingError

HOST = "www.ecb.europa.eu"
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


def ecb(path: str, params: Mapping[str, str], today: date) -> Answer | None:
    """The daily XML, the last 90 days, or the zip, as they stood on that day."""
    newest = history.row(today)
    if newest is None:
        raise LackingError(f"the embedded ECB history begins on {history.FIRST_DAY}")
    name = path.removeprefix(FOLDER)
    if name == "eurofxref-daily.xml":
        return _xml([newest])
    if name == "eurofxref-hist-90d.xml":
        return _xml(reversed(list(history.span(newest[0] - timedelta(days=90), newest[0]))))
    if name == "eurofxref-hist.zip":
        return Answer(200, history.published(today), {"content-type": "application/zip"})
    return None


def _xml(rows: Iterable[history.Row]) -> Answer:
    """The document of some days, newest first."""
    days = "".join(_cube(day, rates) for day, rates in rows)
    return Answer(200, f"{_HEAD}{days}{_TAIL}".encode(), {"content-type": "text/xml"})


def _cube(day: date, rates: Mapping[str, str]) -> str:
    entries = "".join(f"\t\t\t<Cube currency='{code}' rate='{rate}'/>\n" for code, rate in rates.items())
    return f"\t\t<Cube time='{day}'>\n{entries}\t\t</Cube>\n"
