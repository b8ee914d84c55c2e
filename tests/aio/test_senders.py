"""One table of what servers do, asked from a thread and from an event loop."""

from __future__ import annotations

import gzip
import socket
import threading
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rates.errors import (
    BadCertificate,
    Blocked,
    ConnectionFailed,
    ConnectionRefused,
    DeadlineExceeded,
    HostNotFound,
    HttpError,
    KeyRefused,
    NotFound,
    PlanRefused,
    ProxyFailed,
    QuotaExceeded,
    RatesError,
    RedirectLoop,
    ServerFailed,
    TimedOut,
    TooLarge,
    Truncated,
)
from rates.model import Request
from rates.transport import session
from tests.transport.server import Handler, Site

from .conftest import Asks

SECRET = "hush-hush-0815"
PACKED = gzip.compress(bytes(range(256)) * 400)


def answer(body: bytes = b"", status: int = 200, **headers: str) -> Callable[[Handler], None]:
    """A page with a fixed answer."""
    return lambda handler: handler.answer(body, status, **headers)


def cut(handler: Handler) -> None:
    """Half a body."""
    handler.start(Content_Length="10")
    handler.wfile.write(b"12345")
    handler.close_connection = True


def cut_chunk(handler: Handler) -> None:
    """A chunked body without its last chunk."""
    handler.start(Transfer_Encoding="chunked")
    handler.wfile.write(b"5\r\n12345\r\n")
    handler.close_connection = True


def gone(handler: Handler) -> None:
    """No answer."""
    handler.close_connection = True


def head_drip(handler: Handler) -> None:
    """Headers without end."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
    handler.drip(b"x")


def body_drip(handler: Handler) -> None:
    """A body that would take hours."""
    handler.start(Content_Length="1000000")
    handler.drip(b"x")


def endless(handler: Handler) -> None:
    """A body without a length."""
    handler.start(Connection="close")
    handler.drip(b"x")


GOOD: dict[str, tuple[Callable[[Handler], None], bytes]] = {
    "plain": (answer(b"abc"), b"abc"),
    "empty": (answer(b""), b""),
    "gzip": (answer(gzip.compress(b"abc"), Content_Encoding="gzip"), b"abc"),
    "deflate": (answer(zlib.compress(b"abc"), Content_Encoding="deflate"), b"abc"),
    "bare deflate": (answer(zlib.compress(b"abc", wbits=-15), Content_Encoding="deflate"), b"abc"),
    "two packs": (answer(gzip.compress(b"ab") + gzip.compress(b"c"), Content_Encoding="gzip"), b"abc"),
    "filled pack": (answer(gzip.compress(b"abc") + b"\0" * 100, Content_Encoding="gzip"), b"abc"),
    "pack and rest": (answer(gzip.compress(b"abc") + b"filling", Content_Encoding="gzip"), b"abc"),
    "packed twice": (answer(gzip.compress(zlib.compress(b"abc")), Content_Encoding="deflate, gzip"), b"abc"),
    "long header": (answer(b"abc", X_Policy="x" * 20_000), b"abc"),
    "large": (answer(b"x" * 2**20), b"x" * 2**20),
}
BAD: dict[str, tuple[Callable[[Handler], None], type[RatesError]]] = {
    **{str(status): (answer(b"", status), error) for status, error in {
        301: HttpError, 304: HttpError, 400: HttpError, 401: KeyRefused, 402: PlanRefused, 403: Blocked,
        404: NotFound, 410: NotFound, 429: QuotaExceeded, 451: Blocked, 500: ServerFailed, 503: ServerFailed,
    }.items()},
    "cut": (cut, Truncated),
    "cut chunk": (cut_chunk, Truncated),
    "cut pack": (answer(PACKED[:-12], Content_Encoding="gzip"), Truncated),
    "no pack": (answer(b"not packed at all", Content_Encoding="gzip"), Truncated),
    "gone": (gone, ConnectionFailed),
    "loop": (lambda handler: handler.answer(b"", 302, Location="/"), RedirectLoop),
    "nowhere": (answer(b"", 302, Location="ftp://x/"), RedirectLoop),
    "no address": (answer(b"", 302, Location="http://["), RedirectLoop),
    "too large": (answer(b"x" * 200_001), TooLarge),
    "bomb": (answer(gzip.compress(b"\0" * 2**26), Content_Encoding="gzip"), TooLarge),
}  # fmt: skip


@pytest.mark.parametrize("name", GOOD)
def test_good_answers(site: Site, ask: Asks, name: str) -> None:
    """The body is complete and decoded; header names are in lower case, without those about the encoding."""
    page, body = GOOD[name]
    reply = ask(site.put("/", page))
    assert reply.body == body
    assert reply.status == 200
    assert all(header == header.lower() for header in reply.headers)
    assert not {"content-encoding", "content-length"} & set(reply.headers)


@pytest.mark.parametrize("name", BAD)
def test_bad_answers(site: Site, ask: Asks, name: str) -> None:
    """Each failure has its own name, and its text shows no key."""
    page, error = BAD[name]
    request = Request(site.put("/", page), (("key", SECRET),), headers=(("X-Key", SECRET),), private=("key", "x-key"))
    with pytest.raises(RatesError) as caught:
        ask(request, max_bytes=200_000)
    assert type(caught.value) is error
    assert SECRET not in str(caught.value) + repr(vars(caught.value))


def test_timeout(site: Site, ask: Asks) -> None:
    """A server that says nothing for the timeout is TimedOut, though the deadline is far."""
    with pytest.raises(TimedOut, match=r"no answer from 127.0.0.1:\d+ within 0.1 s; give more time"):
        ask(site.put("/", Handler.hang), timeout=0.1)


@pytest.mark.parametrize("page", [Handler.hang, head_drip, body_drip, endless])
def test_deadline(site: Site, ask: Asks, page: Callable[[Handler], None]) -> None:
    """Whatever the server does, the deadline ends the request with its own error, and it is not tried again."""
    start = time.monotonic()
    with pytest.raises(DeadlineExceeded, match=r"took longer than its 0.15 s; give more time with --deadline"):
        ask(site.put("/", page), deadline=0.15, retries=3)
    assert time.monotonic() - start < 2.0
    assert len(site.seen) == 1


def test_deadline_ends_a_resolver(ask: Asks, monkeypatch: pytest.MonkeyPatch) -> None:
    """The resolver knows no timeout; neither the deadline nor the end of the loop waits for it."""
    over = threading.Event()

    def hang(*args: object, **kwargs: object) -> list[object]:
        over.wait(10)
        raise socket.gaierror(socket.EAI_AGAIN, "too late")

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    start = time.monotonic()
    with pytest.raises(DeadlineExceeded):
        ask("http://rates.example/", deadline=0.15)
    assert time.monotonic() - start < 2.0
    over.set()


@pytest.mark.parametrize(
    ("url", "error"),
    [("http://127.0.0.1:9/", ConnectionRefused), ("http://localhost:9/", ConnectionRefused),
     ("http://rates.example/", HostNotFound)],
)  # fmt: skip
def test_no_server(ask: Asks, url: str, error: type[RatesError]) -> None:
    """A port at which nothing listens, and a name that does not resolve."""
    with pytest.raises(error):
        ask(Request(url, (("key", SECRET),), private=("key",)))


def test_tls(secure: Site, ask: Asks, trusted: None) -> None:
    """An authority that REQUESTS_CA_BUNDLE names is trusted."""
    assert ask(secure.page("/", b"x")).body == b"x"


def test_untrusted(secure: Site, ask: Asks) -> None:
    """A certificate of an unknown authority is an error, and the request is not tried again."""
    with pytest.raises(BadCertificate, match="cannot be trusted: unable to get"):
        ask(secure.page("/"), retries=3, backoff=60.0)
    assert not secure.seen


def test_no_tls(site: Site, ask: Asks) -> None:
    """A plain server at an https address."""
    with pytest.raises(BadCertificate, match="TLS with"):
        ask(f"https://{site.host}/")


def test_missing_bundle(secure: Site, ask: Asks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A CA bundle that does not exist is named in the error."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "no.pem"))
    session.forget()
    with pytest.raises(BadCertificate, match=r"no.pem is not there"):
        ask(secure.page("/"))


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_proxy_that_is_not_there(ask: Asks, scheme: str, monkeypatch: pytest.MonkeyPatch, trusted: None) -> None:
    """A proxy that does not answer is named as such; its password is in no message."""
    monkeypatch.setenv(f"{scheme}_proxy", f"http://me:{SECRET}@127.0.0.1:9")
    session.forget()
    with pytest.raises(ProxyFailed, match=r"the proxy for rates.example does not answer") as caught:
        ask(f"{scheme}://rates.example/")
    assert SECRET not in str(caught.value)


def test_proxy_that_refuses(site: Site, ask: Asks, monkeypatch: pytest.MonkeyPatch, trusted: None) -> None:
    """A proxy that refuses to connect is named in the error."""
    monkeypatch.setenv("https_proxy", site.url())
    session.forget()
    with pytest.raises(ProxyFailed, match="50"):  # the site does not know CONNECT: status 501
        ask("https://rates.example/")


def test_socks(site: Site, ask: Asks, monkeypatch: pytest.MonkeyPatch) -> None:
    """A SOCKS proxy that cannot be used is an error; the host is not asked directly."""
    monkeypatch.setenv("all_proxy", "socks5h://127.0.0.1:9")
    session.forget()
    with pytest.raises((ProxyFailed, ConnectionFailed, ConnectionRefused)):
        ask(site.page("/"))
    assert not site.seen


def test_proxy_is_used(site: Site, ask: Asks, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy of the environment, named without its scheme too, is asked for the whole URL."""
    monkeypatch.setenv("http_proxy", site.host)
    session.forget()
    site.page("http://rates.example/x", b"by proxy")
    assert ask("http://rates.example/x").body == b"by proxy"


def test_redirects(site: Site, other: Site, ask: Asks) -> None:
    """Redirects are followed, and the key stays with its host; 307 sends a form again."""
    site.page("/1", b"", 302, Location="2")
    site.page("/2", b"", 307, Location=other.url("/3?a=b c#part"))
    other.page("/3", b"there")
    request = Request(site.url("/1"), headers=(("X-Key", SECRET), ("X-Open", "1")), private=("x-key",))
    assert ask(request).body == b"there"
    assert [(seen.path, seen.headers.get("x-key")) for seen in (*site.seen, *other.seen)] == [
        ("/1", SECRET), ("/2", SECRET), ("/3?a=b%20c", None),
    ]  # fmt: skip


def test_form(site: Site, ask: Asks) -> None:
    """A form and a document arrive unchanged, with their type and length."""
    url = site.page("/", b"x")
    ask(Request(url, form=(("a", "1 2"), ("b", "ü"))))
    ask(Request(url, content=b"<x/>", headers=(("Content-Type", "text/xml"),)))
    assert [(seen.method, seen.body, seen.headers["content-type"]) for seen in site.seen] == [
        ("POST", b"a=1+2&b=%C3%BC", "application/x-www-form-urlencoded"),
        ("POST", b"<x/>", "text/xml"),
    ]


def test_headers(site: Site, ask: Asks) -> None:
    """Both ways send the same headers, except the name of the library, and no cookies."""
    url = site.page("/", b"x", Set_Cookie="a=b")
    ask(url)
    ask(url)
    for seen in site.seen:
        assert seen.headers.pop("user-agent").startswith("fetch-rates/")
        assert set(seen.headers) == {"host", "accept", "accept-encoding", "connection"}
        assert (seen.headers["accept"], seen.headers["accept-encoding"]) == ("*/*", "gzip, deflate")


def test_netrc(site: Site, ask: Asks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The login of a .netrc is sent."""
    file = tmp_path / "netrc"
    file.write_text("machine 127.0.0.1 login me password pass\n")
    file.chmod(0o600)
    monkeypatch.setenv("NETRC", str(file))
    session.forget()
    ask(site.page("/"))
    assert site.seen[0].headers["authorization"] == "Basic bWU6cGFzcw=="


@pytest.mark.parametrize("first", [answer(b"", 503), cut, answer(b"", 429, Retry_After="0")])
def test_second_try_helps(site: Site, ask: Asks, first: Callable[[Handler], None]) -> None:
    """What another try can mend is tried again."""
    assert ask(site.series("/", first, answer(b"good")), retries=2).body == b"good"
    assert len(site.seen) == 2


def test_tries_are_counted(site: Site, ask: Asks) -> None:
    """After the first try there are as many as the limits say."""
    with pytest.raises(ServerFailed):
        ask(site.page("/", b"", 500), retries=2)
    assert len(site.seen) == 3


def test_long_wishes_are_not_granted(site: Site, ask: Asks) -> None:
    """If a server asks to wait longer than the limit, the fetch does not wait."""
    with pytest.raises(QuotaExceeded, match="it asks to wait 3600 s"):
        ask(site.page("/", b"", 429, Retry_After="3600"), retries=3, deadline=60.0)
    assert len(site.seen) == 1


def test_allowed_status(site: Site, ask: Asks) -> None:
    """A failure status that the provider reads itself comes back with its body."""
    reply = ask(Request(site.page("/", b"why", 422), allow=(422,)))
    assert (reply.status, reply.body) == (422, b"why")


def test_headers_that_come_twice(site: Site, ask: Asks) -> None:
    """Headers of one name are joined."""

    def page(handler: Handler) -> None:
        handler.send_response(200)
        for value in ("1", "2"):
            handler.send_header("X-Two", value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    assert ask(site.put("/", page)).headers["x-two"] == "1, 2"


@pytest.mark.parametrize("key", [f"{SECRET}\n", f"{SECRET}…"])
def test_key_that_no_header_can_carry(site: Site, ask: Asks, key: str) -> None:
    """The key is refused, and neither sent nor shown."""
    request: Any = Request(site.page("/"), headers=(("Authorization", key),), private=("authorization",))
    with pytest.raises(KeyRefused, match="the key holds a line break") as caught:
        ask(request)
    assert SECRET not in str(caught.value)
    assert not site.seen
