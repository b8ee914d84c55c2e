"""SOAP 1.1: a question put into its envelope, and an answer taken out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rates import readers
from rates.errors import ErrorAnswer
from rates.model import Request
from rates.providers._shared import said

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_ENVELOPE = (
    '<?xml version="1.0" encoding="utf-8"?>'
    '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>'
    '<{name} xmlns="{space}">{fields}</{name}>'
    "</soap:Body></soap:Envelope>"
)


def question(url: str, space: str, name: str, fields: str = "", *, action: str = "") -> Request:
    """The operation `name` of the namespace `space`; fields: its arguments as XML; action: the SOAPAction as sent."""
    headers = (("Content-Type", "text/xml; charset=utf-8"),)
    content = _ENVELOPE.format(name=name, space=space, fields=fields).encode()
    return Request(url, content=content, headers=(*headers, ("SOAPAction", action)) if action else headers)


def answer(body: bytes, *names: str) -> Element:
    """The element that answers an operation of those names; a fault is an `ErrorAnswer` in the publisher's words.

    Whatever namespaces the answer has are looked through: `{*}` before a tag means any.
    """
    root = readers.xml(body)
    for fault in root.iterfind("{*}Body/{*}Fault"):
        raise ErrorAnswer(f"reports {said(' '.join(fault.itertext()))!r}")
    for name in names:
        for found in root.iterfind(f"{{*}}Body/{{*}}{name}Response"):
            return found
    raise ValueError(f"no answer to {' or '.join(names)} in <{root.tag}>")
