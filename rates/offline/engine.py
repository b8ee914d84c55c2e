"""The `responses` library put between our requests and the network; imported by `install` alone (40 ms).

It patches `send` of our own adapter class, not of all of requests: whatever else in the process uses or mocks
requests neither sees this nor is seen.
"""

from __future__ import annotations

import os
import re
import threading
from io import BytesIO
from typing import Any

import requests
import responses
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse

from rates.transport import asking
from rates.transport.session import _Adapter

TARGET = f"{_Adapter.__module__}.{_Adapter.__qualname__}.send"


class _NoCalls(responses.CallList):
    """Keeps no calls; `responses` would keep each one twice, 9 kB, for as long as the process lives."""

    def add(self, request: Any, response: Any) -> None:
        """Forgets it."""

    def add_call(self, call: Any) -> None:
        """Forgets it."""


class _Answers(responses.BaseResponse):
    """The one registered response: every request of ours, answered by its own mock. Searched in no time."""

    def __init__(self) -> None:
        super().__init__("GET", re.compile(""))
        self._calls = _NoCalls()

    def matches(self, request: requests.PreparedRequest) -> tuple[bool, str]:
        """Every request; those without a mock have not come this far."""
        return True, ""

    def get_response(self, request: requests.PreparedRequest) -> HTTPResponse:
        """The mock's answer; its exceptions leave as they are."""
        mock = asking()
        assert mock is not None
        body = request.body or b""
        form = body.encode() if isinstance(body, str) else bytes(body)
        reply = mock(request.method or "GET", request.url or "", form, _read_timeout_s(request))
        return HTTPResponse(
            body=BytesIO(reply.body),
            headers=reply.headers,
            status=reply.status,
            preload_content=False,
            request_method=request.method,
        )


def _read_timeout_s(request: requests.PreparedRequest) -> float:
    """The read timeout that the request was sent with, which `responses` leaves to its callbacks."""
    timeout = getattr(request, "req_kwargs", {}).get("timeout")
    if isinstance(timeout, tuple):
        timeout = timeout[1]
    return float("inf") if timeout is None else float(timeout)


class _Engine(responses.RequestsMock):
    """A RequestsMock that keeps no calls and lets requests without a mock go the way they would have gone."""

    def __init__(self) -> None:
        super().__init__(assert_all_requests_are_fired=False, target=TARGET)
        self._calls = _NoCalls()
        self.add(_Answers())
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._renew)

    def _renew(self) -> None:
        """Another thread may have been matching when this process was forked."""
        self._thread_lock = threading.Lock()

    def unbound_on_send(self) -> Any:
        """What takes the place of `send`."""
        answered = super().unbound_on_send()

        def send(adapter: HTTPAdapter, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> Any:
            if asking() is None:
                return HTTPAdapter.send(adapter, request, *args, **kwargs)
            return answered(adapter, request, *args, **kwargs)

        return send


def start() -> None:
    """Starts the mock; nobody stops it, since that would let another thread's requests reach the network."""
    _Engine().start()
