from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from email.utils import formatdate

import pytest

from rates.errors import HttpError, NotFound, QuotaExceeded, RatesError, ServerFailed, Truncated
from rates.model import Reply, Request
from rates.transport import Guard, Limits, pauses
from rates.transport.retry import pause as _pause

from .server import Handler, Site, ask, send


def answering(body: bytes, status: int = 200, **headers: str) -> Callable[[Handler], None]:
    """A page with a fixed answer."""
    return lambda handler: handler.answer(body, status, **headers)


def cut(handler: Handler) -> None:
    """Half a body."""
    handler.start(Content_Length="10")
    handler.wfile.write(b"12345")
    handler.close_connection = True


@pytest.mark.parametrize("first", [answering(b"", 500), answering(b"", 503), cut, answering(b"", 429, Retry_After="0")])
def test_second_try_helps(site: Site, first: Callable[[Handler], None]) -> None:
    """What another try can mend is tried again, and the answer is whole."""
    assert ask(site.series("/", first, answering(b"good")), retries=2).body == b"good"
    assert len(site.seen) == 2


def test_a_form_is_sent_again_too(site: Site) -> None:
    """Forms only ask; nothing is done twice by asking twice."""
    url = site.series("/", answering(b"", 502), answering(b"good"))
    assert ask(Request(url, form=(("a", "1"),)), retries=1).body == b"good"
    assert [seen.body for seen in site.seen] == [b"a=1", b"a=1"]


@pytest.mark.parametrize("retries", [0, 1, 3])
@pytest.mark.parametrize(("page", "error"), [(answering(b"", 500), ServerFailed), (cut, Truncated)])
def test_tries_are_counted(site: Site, retries: int, page: Callable[[Handler], None], error: type[RatesError]) -> None:
    """After the first try there are as many as the limits allow, then the error is raised."""
    with pytest.raises(error):
        ask(site.put("/", page), retries=retries)
    assert len(site.seen) == retries + 1


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 429])
def test_no_try_where_none_helps(site: Site, status: int) -> None:
    """Failures that last are tried once; so is status 429 without a time to wait."""
    with pytest.raises(RatesError):
        ask(site.page("/", b"", status), retries=3)
    assert len(site.seen) == 1


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("asked", ["11", "99999999", formatdate(4e9, usegmt=True)])
def test_long_wishes_are_not_granted(site: Site, status: int, asked: str) -> None:
    """If a server asks to wait longer than the limit, the request is not tried again."""
    with pytest.raises(RatesError) as caught:
        ask(site.page("/", b"", status, Retry_After=asked), retries=3, retry_after=10.0, deadline=60.0)
    assert len(site.seen) == 1
    if status == 429:
        assert isinstance(caught.value, QuotaExceeded)
        assert caught.value.retry_after_s is not None
        assert caught.value.retry_after_s >= 11


def test_time_to_wait_is_in_the_error(site: Site) -> None:
    """QuotaExceeded says how long the server asks to wait."""
    with pytest.raises(QuotaExceeded, match="it asks to wait 3600 s"):
        ask(site.page("/", b"", 429, Retry_After="3600"))


def failed(error: type[QuotaExceeded | ServerFailed], retry_after_s: float | None) -> RatesError:
    """An error with the time that the server asks to wait."""
    made = error("no")
    made.retry_after_s = retry_after_s
    return made


def test_pauses() -> None:
    """The backoff doubles around its mean; the time that a server asks for has priority."""
    limits = Limits(backoff=1.0, retry_after=10.0)
    for tries in range(4):
        waits = [_pause(ServerFailed("no"), tries, limits) or 0.0 for _ in range(200)]
        assert 0.5 * 2**tries <= min(waits) < max(waits) <= 1.5 * 2**tries
        assert max(waits) - min(waits) > 0.2 * 2**tries, "workers that failed together come back together"
    assert _pause(failed(ServerFailed, 4.0), 0, limits) == 4.0
    assert _pause(failed(QuotaExceeded, 4.0), 0, limits) == 4.0
    assert 0.5 < max(_pause(failed(QuotaExceeded, 0.0), 0, limits) or 0.0 for _ in range(200)) <= 1.0
    assert _pause(failed(QuotaExceeded, None), 0, limits) is None
    assert _pause(failed(QuotaExceeded, 10.1), 0, limits) is None
    assert _pause(failed(ServerFailed, 10.1), 0, limits) is None


def test_pause_is_kept(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the tries the fetch waits what the server asked for, and a little more."""
    slept: list[float] = []
    monkeypatch.setattr(Guard, "sleep", lambda self, seconds: slept.append(seconds))
    monkeypatch.setattr(pauses, "monotonic", lambda: 100.0 + sum(slept))
    ask(site.series("/", answering(b"", 429, Retry_After="2"), answering(b"x")), retries=1)
    assert slept[0] == 2.0
    assert len(slept) == 2, "and once for the spread"
    assert 2.0 <= sum(slept) <= 4.0


def test_every_complete_answer_is_observed(site: Site) -> None:
    """The observer sees each try's answer, failures too: a recording must be able to replay them."""
    seen: list[tuple[int, bytes]] = []

    def observe(request: Request, reply: Reply) -> None:
        seen.append((reply.status, reply.body))

    url = site.series("/", answering(b"oh", 500), cut, answering(b"no", 404))
    with Guard(5) as guard, pytest.raises(NotFound):
        send(Request(url), Limits(retries=5, backoff=0.0), guard, observe)
    assert seen == [(500, b"oh"), (404, b"no")]


@pytest.mark.parametrize("status", [201, 203])
def test_every_whole_answer_is_one(site: Site, status: int) -> None:
    """Servers are not strict about which status says that all went well."""
    assert ask(site.page("/", b"good", status)).body == b"good"


def test_a_part_that_was_not_asked_for_is_no_answer(site: Site) -> None:
    """Status 206 says that the body is a piece of a document."""
    with pytest.raises(HttpError, match="answers status 206"):
        ask(site.page("/", b"go", 206))


@pytest.mark.parametrize("interim", [b"103 Early Hints", b"102 Processing", b"101 Switching Protocols"])
def test_an_interim_answer_swaps_no_answers(site: Site, interim: bytes) -> None:
    """The answer that follows an interim one is never taken for that of the next request on the same connection."""

    def page(handler: Handler) -> None:
        handler.wfile.write(b"HTTP/1.1 " + interim + b"\r\nLink: <x>\r\n\r\n")
        handler.answer(b"first")

    with suppress(HttpError):  # of the interim answer, where http.client does not skip it
        assert ask(site.put("/first", page)).body == b"first"
    assert ask(site.page("/second", b"second")).body == b"second"
