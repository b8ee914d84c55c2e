"""SOAP 1.1: a call put into its envelope, and a result taken out of it."""

from __future__ import annotations

from rates.model import Request
from rates.readers.documents import Element, reported, xml

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
