from __future__ import annotations

import gzip
import socket
import ssl
import tracemalloc
import zlib
from datetime import UTC, datetime, tzinfo
from pathlib import Path

import pytest
import trustme

from rates.errors import (
    BadCertificate,
    Blocked,
    ConnectionFailed,
    ConnectionRefused,
    HostNotFound,
    HttpError,
    KeyRefused,
    NotFound,
    PlanRefused,
    ProxyFailed,
    QuotaExceeded,
    RatesError,
    ServerFailed,
    TooLarge,
    Truncated,
)
from rates.fetch import attempt
from rates.model import Request
from rates.transport import Limits, failures, session
from rates.transport.failures import retry_after, status_error

from .server import Handler, Site, ask, serving


@pytest.fixture
def closed_port() -> int:
    """A port at which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


STATUSES = {
    301: HttpError, 304: HttpError, 400: HttpError, 401: KeyRefused, 402: PlanRefused, 403: Blocked, 404: NotFound,
    410: NotFound, 418: HttpError, 429: QuotaExceeded, 451: Blocked, 500: ServerFailed, 502: ServerFailed,
    503: ServerFailed,
}  # fmt: skip


@pytest.mark.parametrize("status", STATUSES)
def test_status_has_its_name(site: Site, status: int) -> None:
    """Each failure status is a named error with host and status, without the part of the URL that may hold a key."""
    with pytest.raises(RatesError) as caught:
        ask(Request(site.page("/x", b"", status), (("key", "hush"),), private=("key",)))
    assert type(caught.value) is STATUSES[status]
    assert site.host in str(caught.value)
    assert f"tatus {status}" in str(caught.value)
    assert "hush" not in str(caught.value)
    if isinstance(caught.value, HttpError):
        assert caught.value.status == status


def test_allowed_status_is_a_reply(site: Site) -> None:
    """A failure status that the provider reads itself comes back with its body."""
    reply = ask(Request(site.page("/", b"why", 422), allow=(404, 422)))
    assert (reply.status, reply.body) == (422, b"why")


def test_missing_page_is_named(site: Site) -> None:
    """NotFound names the address, since the address has moved."""
    with pytest.raises(NotFound, match=r"has nothing at http://127.0.0.1:\d+/gone \(status 404\)"):
        ask(Request(site.url("/gone"), (("q", "1"),)))


def test_refused_port(closed_port: int) -> None:
    """A port at which nothing listens is ConnectionRefused."""
    with pytest.raises(ConnectionRefused, match=rf"127.0.0.1:{closed_port} refuses the connection"):
        ask(f"http://127.0.0.1:{closed_port}/")


def test_unknown_host() -> None:
    """A name that does not resolve is HostNotFound."""
    with pytest.raises(HostNotFound, match=r"the name rates.example does not resolve; is there a network"):
        ask("http://rates.example/x?key=1")


def test_error_that_the_caller_deals_with_is_not_ours(closed_port: int) -> None:
    """A fetch in an `except` block has its own error, not that of the exception being handled."""
    try:
        raise ssl.SSLCertVerificationError("of somebody else")
    except ssl.SSLError:
        with pytest.raises(ConnectionRefused):
            ask(f"http://127.0.0.1:{closed_port}/")


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


def cut_pack(handler: Handler) -> None:
    """Compressed data that breaks off, in a complete answer."""
    handler.answer(gzip.compress(bytes(range(256)) * 400)[:-12], Content_Encoding="gzip")


def cut_deflate(handler: Handler) -> None:
    """The same, compressed in another way."""
    handler.answer(zlib.compress(bytes(range(256)) * 400)[:-12], Content_Encoding="deflate")


def no_pack(handler: Handler) -> None:
    """A body that the headers call compressed, and that is not."""
    handler.answer(b"not packed at all", Content_Encoding="gzip")


@pytest.mark.parametrize("page", [cut, cut_chunk, cut_pack, cut_deflate, no_pack])
def test_broken_body(site: Site, page: object) -> None:
    """A body that breaks off or cannot be decompressed is Truncated, never a shorter answer."""
    with pytest.raises(Truncated):
        ask(site.put("/", page))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "body",
    [
        gzip.compress(b"abc"),
        gzip.compress(b"ab") + gzip.compress(b"c"),
        gzip.compress(b"abc") + b"\0" * 100,
        gzip.compress(b"abc") + b"filling",
    ],
    ids=["one part", "two parts", "zeros behind", "filling behind"],
)
def test_whole_packs(site: Site, body: bytes) -> None:
    """Compressed data with several members, or with padding after them, is complete."""
    assert ask(site.page("/", body, Content_Encoding="gzip")).body == b"abc"


def test_reset_connection(site: Site) -> None:
    """A connection that ends without an answer is ConnectionFailed, and names the host."""

    def gone(handler: Handler) -> None:
        handler.close_connection = True

    with pytest.raises(ConnectionFailed, match=site.host):
        ask(site.put("/", gone))


def bomb(handler: Handler, status: int = 200, **headers: str) -> None:
    """64 MB of zeros in 64 kB."""
    handler.answer(gzip.compress(b"\0" * 2**26), status, Content_Encoding="gzip", **headers)


@pytest.mark.parametrize("framing", ["length", "chunks"])
@pytest.mark.parametrize("status", [200, 302, 500])
def test_bomb_is_stopped(site: Site, status: int, framing: str) -> None:
    """A small answer that decompresses to a huge one is stopped at the cap, whatever its status."""
    packed = gzip.compress(b"\0" * 2**26)

    def page(handler: Handler) -> None:
        if framing == "length":
            handler.answer(packed, status, Content_Encoding="gzip", Location="/next")
            return
        handler.start(status, Content_Encoding="gzip", Location="/next", Transfer_Encoding="chunked")
        handler.wfile.write(b"%x\r\n%s\r\n0\r\n\r\n" % (len(packed), packed))

    url = site.put("/", page)
    ask(site.page("/warm"))
    tracemalloc.start()
    try:
        with pytest.raises(TooLarge, match=r"larger than 100000 bytes; raise max_bytes"):
            ask(url, max_bytes=100_000)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 2**23
    assert ask(site.page("/next", b"x")).body == b"x"


def test_cap_is_not_reached(site: Site) -> None:
    """An answer of just the cap's size is taken."""
    url = site.page("/", b"x" * 1000)
    assert len(ask(url, max_bytes=1000).body) == 1000
    with pytest.raises(TooLarge):
        ask(url, max_bytes=999)


def test_headers_that_are_no_longer_true_are_dropped(site: Site) -> None:
    """Header names are in lower case; those about the encoding are removed, since the body is decoded."""
    reply = ask(site.page("/", gzip.compress(b"x"), Content_Encoding="gzip", ETag="7"))
    assert reply.headers["etag"] == "7"
    assert not {"content-encoding", "content-length"} & set(reply.headers)


def test_bad_certificate(secure: Site) -> None:
    """A certificate of an unknown authority is BadCertificate with a hint; the request is not tried again."""
    with pytest.raises(BadCertificate, match=r"cannot be trusted: unable to get .*; behind .* REQUESTS_CA_BUNDLE"):
        ask(secure.page("/"), retries=3, backoff=60.0)
    assert not secure.seen


def test_certificate_of_another_host(authority: trustme.CA, trusted: None) -> None:
    """A certificate for another name is BadCertificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("other.example").configure_cert(context)
    with serving(context) as site, pytest.raises(BadCertificate, match="Hostname mismatch"):
        ask(site.page("/"))


def test_no_tls_where_tls_was_due(site: Site) -> None:
    """A plain server at an https address gives a readable error, without places in C files."""
    with pytest.raises(BadCertificate, match=r"TLS with \S+ failed: \S.*") as caught:
        ask(f"https://{site.host}/")
    assert "_ssl.c" not in str(caught.value)


def test_missing_bundle(secure: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A CA bundle that does not exist is named in the error; the request is not tried again."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "no.pem"))
    session.forget()
    with pytest.raises(BadCertificate, match=r"no.pem is not there; check REQUESTS_CA_BUNDLE"):
        ask(secure.page("/"), retries=3, backoff=60.0)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_proxy_that_is_not_there(closed_port: int, scheme: str, monkeypatch: pytest.MonkeyPatch, trusted: None) -> None:
    """A proxy that does not answer is named as such; its password is in no message."""
    monkeypatch.setenv(f"{scheme}_proxy", f"http://me:secret@127.0.0.1:{closed_port}")
    session.forget()
    with pytest.raises(ProxyFailed, match=r"the proxy for rates.example does not answer.*check HTTPS_PROXY") as caught:
        ask(f"{scheme}://rates.example/")
    assert "secret" not in str(caught.value)


def test_proxy_that_refuses(monkeypatch: pytest.MonkeyPatch, site: Site, trusted: None) -> None:
    """A proxy that wants a login is ProxyFailed and says so."""
    monkeypatch.setenv("https_proxy", site.url())
    session.forget()
    with pytest.raises(ProxyFailed, match="50"):  # the site does not know CONNECT: status 501
        ask("https://rates.example/")


def test_proxy_is_used(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy of the environment is asked for the whole URL; NO_PROXY is asked directly."""
    monkeypatch.setenv("http_proxy", site.url())
    session.forget()
    site.page("http://rates.example/x", b"by proxy")
    assert ask("http://rates.example/x").body == b"by proxy"
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    session.forget()
    assert ask(site.page("/direct", b"x")).body == b"x"
    assert [seen.path for seen in site.seen] == ["http://rates.example/x", "/direct"]


def test_socks_proxy_is_never_gone_round(site: Site, monkeypatch: pytest.MonkeyPatch, closed_port: int) -> None:
    """A SOCKS proxy that cannot be used is an error; the host is not asked directly."""
    monkeypatch.setenv("all_proxy", f"socks5h://127.0.0.1:{closed_port}")
    session.forget()
    with pytest.raises((ProxyFailed, ConnectionFailed, ConnectionRefused)):
        ask(site.page("/"))
    assert not site.seen


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("0", 0.0), ("17", 17.0), (" 5 ", 5.0), ("-1", None), ("1.5", None), ("", None), ("soon", None),
     ("Sat, 01 Jan 2000 00:00:00 GMT", 0.0), ("9" * 20, None), ("Fri, 99 Foo 2000", None)],
)  # fmt: skip
def test_retry_after(value: str, seconds: float | None) -> None:
    """Seconds or a date; a past date means now; an unreadable value means none."""
    assert retry_after({"retry-after": value}) == seconds


def test_retry_after_a_date() -> None:
    """A date to come is the seconds until then."""
    found = retry_after({"retry-after": "Fri, 01 Jan 2100 00:00:00 GMT"})
    assert found is not None
    assert found > 1e9


@pytest.mark.parametrize("date", ["Mon, 30 Nov 2026 12:00:00 GMT", "Mon, 30 Nov 2026 12:00:00 -0000"])
@pytest.mark.parametrize("then", ["Mon, 30 Nov 2026 12:00:05 GMT", "Mon, 30 Nov 2026 12:00:05 -0000",
                                  "Mon, 30 Nov 2026 13:00:05 +0100"])  # fmt: skip
def test_retry_after_counts_from_the_answers_own_date(date: str, then: str) -> None:
    """The clock of this machine, which may be wrong or jump, is not asked."""
    assert retry_after({"retry-after": then, "date": date}) == 5.0


def test_retry_after_without_a_readable_date_counts_from_now(monkeypatch: pytest.MonkeyPatch) -> None:
    """A date without a zone, or with the zone -0000, is in UTC, whatever the zone of this machine is."""
    moment = datetime(2026, 11, 30, 12, tzinfo=UTC)

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Clock:
            return cls.fromtimestamp(moment.timestamp(), tz)

    monkeypatch.setattr(failures, "datetime", Clock)
    for date in ({}, {"date": "yesterday"}):
        assert retry_after({"retry-after": "Mon, 30 Nov 2026 12:00:05 -0000", **date}) == 5.0


def test_limits_equal_the_settings() -> None:
    """The defaults of `Limits` are those of the settings."""
    from rates.settings import Settings

    limits, settings = Limits(), Settings()
    for name in ("timeout", "retries", "backoff", "retry_after", "max_bytes"):
        assert getattr(limits, name) == getattr(settings, name), name


@pytest.mark.parametrize("fault", [TypeError("got an unexpected keyword"), AttributeError("no x"), KeyError("x")])
def test_a_fault_of_ours_is_no_failed_connection(site: Site, monkeypatch: pytest.MonkeyPatch, fault: Exception) -> None:
    """A mistake in code is raised as it is, once; the outcome of a fetch calls it unexpected, and asks for a report."""
    tries = []

    def broken(*args: object, **kwargs: object) -> None:
        tries.append(args)
        raise fault

    monkeypatch.setattr(session.Adapter, "open", broken)
    with pytest.raises(type(fault)):
        ask(site.url("/"))
    assert len(tries) == 1
    error = attempt("EUR", provider="ecb", offline=False).error
    assert f"failed unexpectedly: {type(fault).__name__}" in str(error)
    assert "please report this" in str(error)


def test_a_retry_after_with_an_absurd_year_is_still_a_quota() -> None:
    """A year beyond the size of a C integer is not readable, and the server has had too many requests either way."""
    headers = {"retry-after": "Mon, 01 Jan 99999999999999999999 00:00:00 GMT"}
    error = status_error(429, headers, "host", "https://host/")
    assert isinstance(error, QuotaExceeded)
    assert error.retry_after_s is None
