"""Which way a request goes: to its host, or to a server on this machine that stands in for all hosts."""

from __future__ import annotations

from functools import lru_cache

from requests.structures import CaseInsensitiveDict

from rates.transport import session as _session

RUN_HEADER = "X-Rates-Run"


def way(url: str, scheme: str, host: str, through: str, run: str) -> tuple[str, _session.Route]:
    """The address to send a request for `url` to, and its route: that of its host, unless all go `through` another.

    That one, as "127.0.0.1:8080", is asked over plain HTTP with the true address as its path, and told the run.
    """
    if not through:
        return url, _session.route(scheme, host)
    return f"http://{through}/{url.replace('://', '/', 1)}", _detour(run)


@lru_cache(maxsize=64)
def _detour(run: str) -> _session.Route:
    """No proxy, no login, and the run in a header."""
    return _session.Route({}, CaseInsensitiveDict({**_session.HEADERS, RUN_HEADER: run}))
