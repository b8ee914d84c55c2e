"""The two standards of web services: SOAP 1.1, calls and results in envelopes, and SDMX, tables of statistics."""

from __future__ import annotations

import re
from decimal import Decimal

from rates.errors import NotFound
from rates.model import Reply, Request
from rates.readers.documents import Element, excerpt, reported, xml

_ENVELOPE = (
    '<?xml version="1.0" encoding="utf-8"?>'
    '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>'
    '<{name} xmlns="{space}">{fields}</{name}>'
    "</soap:Body></soap:Envelope>"
)


def soap_call(
    url: str, space: str, name: str, fields: str = "", *, action: str = "", allow: tuple[int, ...] = ()
) -> Request:
    """The request for the operation `name` of the namespace `space`.

    fields: its arguments as XML. action: the SOAPAction as sent, with its quotes when the server wants them. allow:
    500 where faults come with that status.
    """
    headers = (("Content-Type", "text/xml; charset=utf-8"), *((("SOAPAction", action),) if action else ()))
    content = _ENVELOPE.format(name=name, space=space, fields=fields).encode()
    return Request(url, content=content, headers=headers, allow=allow)


def soap_result(body: bytes, *names: str) -> Element:
    """The element that answers one of the operations `names`; a fault is an `ErrorAnswer` in the publisher's words.

    The answer may have any namespaces: `{*}` before a tag means any, in `child` and in the methods of an element.
    """
    root = xml(body)
    for fault in root.iterfind("{*}Body/{*}Fault"):
        raise reported(" ".join(fault.itertext()))
    for name in names:
        for found in root.iterfind(f"{{*}}Body/{{*}}{name}Response"):
            return found
    raise ValueError(f"no answer to {' or '.join(names)} in <{root.tag}>")


# --- SDMX ------------------------------------------------------------------------------------------------------------

# A window without data is answered with status 404 and words such as these; another 404 is a moved address.
NO_DATA = re.compile(rb"no ?(data|results|records)", re.IGNORECASE)


def has_rows(reply: Reply, no_data: re.Pattern[bytes] = NO_DATA) -> bool:
    """False for status 204, and for a failure status with the words `no_data`; `NotFound` for any other failure.

    The request must allow those statuses.
    """
    if reply.status < 400:
        return reply.status != 204
    if no_data.search(reply.body):
        return False
    raise NotFound(f"answers {excerpt(reply.body.decode('utf-8', 'replace'))!r}: the address has moved")


def power_of_ten(unit_mult: str) -> Decimal:
    """The units that a rate is for: 100 when UNIT_MULT is 2."""
    return Decimal(1).scaleb(int(unit_mult))
