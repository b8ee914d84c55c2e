"""Puts the `responses` library between our requests and the network; only `install` imports this (40 ms).

It patches `send` of our own adapter class, not of requests: other code in the process that uses or mocks requests is
not affected.
"""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import requests
import responses
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse

from rates.forks import fork_safe_lock
from rates.transport import current_mock
from rates.transport.session import Adapter

TARGET = f"{Adapter.__module__}.{Adapter.__qualname__}.send"


class _NoCalls(responses.CallList):
    """Keeps no calls; `responses` would keep each one twice (9 kB) until the process ends."""

    def add(self, *args: Any, **kwargs: Any) -> None:
        """Does nothing."""

    def add_call(self, *args: Any, **kwargs: Any) -> None:
        """Does nothing."""


class _Answers(responses.BaseResponse):
    """The only registered response, so that none is searched for: each request has its own mock."""

    def __init__(self) -> None:
        super().__init__("GET", re.compile(""))
        self._calls = _NoCalls()

    def matches(self, *args: Any, **kwargs: Any) -> tuple[bool, str]:
        """Always matches: requests without a mock are sent to the network before this."""
        return True, ""

    def get_response(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> HTTPResponse:
        """The mock's answer; its exceptions are passed on."""
        mock = current_mock()
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
    """The read timeout of the request, which `responses` itself ignores."""
    timeout = getattr(request, "req_kwargs", {}).get("timeout")
    if isinstance(timeout, tuple):
        timeout = timeout[1]
    return float("inf") if timeout is None else float(timeout)


class _Interceptor(responses.RequestsMock):
    """A RequestsMock that keeps no calls and sends requests without a mock to the network."""

    def __init__(self) -> None:
        super().__init__(assert_all_requests_are_fired=False, target=TARGET)
        self._calls = _NoCalls()
        self.add(_Answers())
        # A plain lock may be held by another thread at a fork.
        self._thread_lock = fork_safe_lock()  # type: ignore[assignment]

    def unbound_on_send(self, *args: Any, **kwargs: Any) -> Any:
        """The replacement of `send`."""
        answered = super().unbound_on_send(*args, **kwargs)

        def send(adapter: HTTPAdapter, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> Any:
            if current_mock() is None:
                return HTTPAdapter.send(adapter, request, *args, **kwargs)
            return answered(adapter, request, *args, **kwargs)

        return send


def start() -> None:
    """Starts the mock. It is never stopped, because requests of other threads would then reach the network."""
    _Interceptor().start()
