"""Answers the very URLs that the providers request, out of the embedded history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from urllib.parse import urlsplit

from rates.offline import ecb_answers, services
from rates.offline.answer import Answer, not_recorded, split
from rates.offline.crosses import LackingError
from rates.transport import Mock, MockReply

_Service = Callable[[str, Mapping[str, str], date], Answer | None]

_SERVICES: Mapping[str, _Service] = {
    ecb_answers.HOST: ecb_answers.ecb,
    "api.frankfurter.dev": services.frankfurter,
    "api.vatcomply.com": services.vatcomply,
    "open.er-api.com": services.erapi,
    "cdn.jsdelivr.net": services.currency_api,
    "openexchangerates.org": services.openexchangerates,
}
_DAY_HOST = ".currency-api.pages.dev"


def _service(host: str) -> _Service | None:
    """Who answers at a host; currency-api's second host has the day in its name."""
    if host.endswith(_DAY_HOST):
        return partial(services.currency_api, day=host.removesuffix(_DAY_HOST))
    return _SERVICES.get(host)


def embedded(today: date) -> Mock:
    """The mock that knows the ECB's rates until today; what it cannot answer raises `NotRecorded`."""

    def answer(method: str, url: str, form: bytes, timeout_s: float) -> MockReply:
        bare, pairs = split(url)
        parts = urlsplit(bare)
        service = _service(parts.netloc) if method == "GET" else None
        try:
            reply = service(parts.path, dict(pairs), today) if service else None
        except LackingError as lacking:
            raise not_recorded(url, str(lacking)) from None
        if reply is None:
            raise not_recorded(url)
        return reply

    return answer
