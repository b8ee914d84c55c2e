"""The faults of servers by name: what is sent, and which ends of a fetch are right.

A server of `server.py` sends the pieces of a fault; tests judge the fetch. This module imports the standard library
alone, since the server's process is started for each run of the tests.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from itertools import repeat

SYMBOLS = ("USD", "EUR", "GBP", "JPY", "CHF")
BASES = ("USD", "EUR", "JPY", "GBP")
VICTIM = "JPY"  # the base that meets a fault; the others get right answers
DAY = "2026-11-27"
MB = 2**20
MAX_BYTES = 8 * MB  # the limit of an answer in these tests
ENDLESS = 64 * MB  # what is sent in place of an endless stream

# What a server does, in order: sends bytes, pauses for so many seconds, or one of these words.
Piece = bytes | float | str
KEEP, HANG, RESET = "keep", "hang", "reset"  # keeps the connection for the next request; else it is closed at the end


@dataclass(frozen=True)
class Asked:
    """One request. words: of its path. times: how often this target was asked, with this time. ports: by door."""

    base: str = ""
    words: tuple[str, ...] = ()
    times: int = 1
    ports: Mapping[str, int] = field(default_factory=dict)

    def at(self, door: str, path: str = "landed", before: str = "") -> str:
        """A URL of the server, for this base."""
        return f"http://{before}127.0.0.1:{self.ports[door]}/{path}?base={self.base}"


Serve = Callable[[Asked], Iterable[Piece]]


@dataclass(frozen=True)
class Fault:
    """One fault.

    ends: the right ends of a fetch, "ok" or names of errors. all: every base meets it, not the victim alone.
    door: the port. host: another name of this machine, see `NAMES`. scheme: https for doors with TLS.
    env: variables, in which {door} is the address of one, and {folder} that of the certificates.
    words: of the message. slow: it takes most of a second, or others of its kind are tried at every change.
    hung: threads that may be left waiting for the system's resolver, which cannot be stopped.
    """

    ends: frozenset[str]
    serve: Serve
    all: bool = False
    door: str = "http"
    host: str = "127.0.0.1"
    scheme: str = "http"
    env: Mapping[str, str] = field(default_factory=dict)
    words: str = ""
    slow: bool = False
    hung: int = 0


# --- parts of answers ------------------------------------------------------------------------------------------------


def rate(base: str, symbol: str) -> Decimal:
    """The right figure of a pair, another for each, so that a swapped answer shows."""
    return Decimal(10**6 + zlib.crc32(f"{base}{symbol}".encode()) % 10**6) / 10**6


def good(base: str, padding: int = 0) -> bytes:
    """The right body for a base. It does not name the base."""
    figures = ", ".join(f'"{symbol}": {rate(base, symbol)}' for symbol in SYMBOLS if symbol != base)
    return f"{{{figures}{' ' * padding}}}".encode()


def head(*lines: str, status: str = "200 OK", length: object = None) -> bytes:
    """The head of an answer."""
    sized = () if length is None else (f"Content-Length: {length}",)
    return "\r\n".join((f"HTTP/1.1 {status}", *lines, *sized, "", "")).encode("latin-1")


def whole(body: bytes, *lines: str, status: str = "200 OK") -> bytes:
    """A complete answer."""
    return head(*lines, status=status, length=len(body)) + body


def chunk(body: bytes) -> bytes:
    """A chunk of a chunked body."""
    return b"%x\r\n%s\r\n" % (len(body), body)


def endless(piece: bytes) -> Iterator[bytes]:
    """The piece again and again, up to what stands for an endless stream."""
    times = max(1, 65536 // len(piece))
    return repeat(piece * times, ENDLESS // (times * len(piece)))


def drip(pieces: Iterable[bytes], pause: float) -> Iterator[Piece]:
    """The pieces with a pause after each."""
    for piece in pieces:
        yield piece
        yield pause


@cache
def bomb(layers: int = 1) -> bytes:
    """More zeros than may be read, compressed so many times."""
    pack = zlib.compressobj(9, zlib.DEFLATED, 31)
    body = b"".join(pack.compress(bytes(MB)) for _ in range(ENDLESS // MB)) + pack.flush()
    for _ in range(layers - 1):
        body = gzip.compress(body)
    return body


def packed(base: str, layers: int) -> bytes:
    """The right body, compressed so many times."""
    body = good(base)
    for _ in range(layers):
        body = gzip.compress(body, 0 if layers > 2 else 9)
    return body


def deflated(body: bytes) -> bytes:
    """Deflate data without the frame of zlib."""
    pack = zlib.compressobj(9, zlib.DEFLATED, -15)
    return pack.compress(body) + pack.flush()


def encoded(body: bytes, name: str) -> list[Piece]:
    """A complete answer with this Content-Encoding, on a kept connection."""
    return [whole(body, f"Content-Encoding: {name}"), KEEP]


# --- rows of the table -----------------------------------------------------------------------------------------------


def row(ends: str, serve: Serve, **how: object) -> Fault:
    """A fault."""
    return Fault(frozenset(ends.split()), serve, **how)  # type: ignore[arg-type]


def sent(ends: str, *pieces: Piece, **how: object) -> Fault:
    """A fault that sends the same to each request."""
    return row(ends, lambda asked: pieces, **how)


def body(ends: str, make: Callable[[bytes], bytes], *lines: str, status: str = "200 OK", **how: object) -> Fault:
    """A complete answer whose body is made from the right one."""
    return row(ends, lambda asked: [whole(make(good(asked.base)), *lines, status=status), KEEP], **how)


def lines(ends: str, *more: str, **how: object) -> Fault:
    """The right answer with more header lines."""
    return body(ends, lambda right: right, *more, **how)


def chunked(ends: str, make: Callable[[bytes], Iterable[Piece]], **how: object) -> Fault:
    """A chunked answer, whose pieces are made from the right body."""
    return row(ends, lambda asked: [head("Transfer-Encoding: chunked"), *make(good(asked.base))], **how)


def flood(ends: str, start: bytes, piece: bytes) -> Fault:
    """A start, and then one piece for ever."""
    return row(ends, lambda asked: iter((start, *endless(piece))), slow=True)


def redirect(ends: str, target: Callable[[Asked], str], status: str = "302 Found", **how: object) -> Fault:
    """A redirect."""
    return row(ends, lambda asked: [head(f"Location: {target(asked)}", status=status, length=0), KEEP], **how)


def quota(ends: str, status: str, *retry_after: str, **how: object) -> Fault:
    """An answer with status 429 or 503."""
    named = tuple(f"Retry-After: {value}" for value in retry_after)
    return sent(ends, whole(b"{}", *named, status=status), KEEP, **how)


def door(ends: str, name: str, **how: object) -> Fault:
    """A fault of the connection: of the port itself, or of what is behind it. All bases meet it."""
    return row(ends, _right, **{"all": True, "door": name, **how})


def tls(ends: str, name: str, **how: object) -> Fault:
    """A fault of a port with TLS."""
    return door(ends, f"tls_{name}", scheme="https", host="localhost", **how)


def proxy(ends: str, address: str, **how: object) -> Fault:
    """A fault of the environment's proxy."""
    return door(ends, "http", env={"HTTP_PROXY": address, "http_proxy": address, "NO_PROXY": ""}, **how)


def _right(asked: Asked) -> Iterable[Piece]:
    return [whole(good(asked.base)), KEEP]


# Right ends that stand together: the time is over; the connection or its protocol is broken.
LATE, BROKE = "TimedOut DeadlineExceeded", "ConnectionFailed Truncated"
CHUNKED = head("Transfer-Encoding: chunked")
PART = "Content-Range: bytes 0-9/400"
HINTS = b"HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\n"
UPGRADE = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
OTHER = whole(good("XAU"))  # an answer for another base
WALL = b"<html><body>Please solve the captcha</body></html>"
CODES = b"\x1b]0;owned\x07\x1b[2J\x1b[31m"  # codes that a terminal obeys

# What ports do that answer no request properly: before anything is read ("") or after the first bytes ("read").
DOORS: dict[str, tuple[str, Iterable[Piece]]] = {
    "reset_accepted": ("", (0.01, RESET)),
    "end_accepted": ("", (0.01,)),
    "reset_asked": ("read", (RESET,)),
    "end_asked": ("read", ()),
    "tls_hang": ("", (HANG,)),
    "tls_drip": ("", (*drip([b"\x16"] * 60, 0.1),)),
    "tls_reset": ("read", (RESET,)),
    "tls_end": ("read", ()),
    "tls_plain": ("read", (b"HTTP/1.1 400 Bad Request\r\n\r\n",)),
    "tls_alert": ("read", (b"\x15\x03\x03\x00\x02\x02\x70", 0.02)),
    "tls_records": ("read", (*endless(b"\x16\x03\x03\x40\x00" + bytes(16384)),)),
    "proxy_hang": ("", (HANG,)),
    "proxy_drip": ("read", (*drip([b"H"] * 60, 0.1),)),
    "proxy_407": ("read", (head("Proxy-Authenticate: Basic realm=x", "Connection: close", status="407 No"), 0.02)),
    "proxy_502": ("read", (head("Connection: close", status="502 Bad Gateway"), 0.02)),
    "proxy_end": ("read", ()),
}
# Certificates of the doors with TLS that answer: the host, and from which to which day from now.
CERTIFICATES = {
    "tls_good": ("localhost", -2, 30),
    "tls_expired": ("localhost", -60, -1),
    "tls_future": ("localhost", 5, 60),
    "tls_other": ("other.example", -2, 30),
    "tls_self": ("localhost", -2, 30),  # of an authority that is not known
    "tls_old": ("localhost", -2, 30),  # speaks only a TLS that is no longer spoken
    "tls_name": ("localhost", -2, 30),  # refuses the name
    "tls_client": ("localhost", -2, 30),  # wants a certificate of the client
}
# Names of this machine, as tests resolve them: their addresses, "" for a name that does not resolve, "?" for a resolver
# that never answers.
NAMES: dict[str, tuple[str, ...]] = {
    "gone.test": ("",),
    "hung.test": ("?",),
    "six.test": ("::1",),
    "both.test": ("::1", "127.0.0.1"),
    "silent.test": ("127.0.0.2", "127.0.0.1"),
    "refusing.test": ("127.0.0.3", "127.0.0.1"),
}

FAULTS: dict[str, Fault] = {
    "ok": row("ok", _right),
    # --- connections
    "refused": door("ConnectionRefused", "refused"),
    "silent": door(LATE, "silent", slow=True),
    "name_gone": door("HostNotFound", "http", host="gone.test"),
    "name_hung": door(LATE, "http", host="hung.test", slow=True, hung=1),
    "only_ip6": door("ok", "ip6", host="six.test"),
    "literal_ip6": door("ok", "ip6", host="[::1]", slow=True),
    "ip6_refused": door("ok", "http", host="both.test"),
    "first_address_refused": door("ok", "http", host="refusing.test"),
    "first_address_silent": door("ok", "two", host="silent.test", slow=True),
    "accepted_late": door("ok", "late"),
    "reset_accepted": door(BROKE, "reset_accepted", slow=True),
    "end_accepted": door(BROKE, "end_accepted"),
    "reset_asked": door(BROKE, "reset_asked"),
    "end_asked": door(BROKE, "end_asked", slow=True),
    # --- TLS
    "tls_good": tls("ok", "good"),
    **{f"tls_{name}": tls("BadCertificate", name) for name in ("expired", "future", "other", "self", "old", "name")},
    "tls_client": tls("BadCertificate ConnectionFailed", "client"),
    "tls_plain": tls("BadCertificate", "plain"),
    "tls_alert": tls("BadCertificate", "alert"),
    "tls_reset": tls("BadCertificate ConnectionFailed", "reset"),
    "tls_end": tls("BadCertificate ConnectionFailed", "end"),
    "tls_hang": tls(LATE, "hang", slow=True),
    "tls_drip": tls(f"{LATE} BadCertificate", "drip", slow=True),
    "tls_records": tls(f"{LATE} BadCertificate ConnectionFailed", "records", slow=True),
    **{
        f"bundle_{name}": tls(
            "BadCertificate",
            "good",
            env={"REQUESTS_CA_BUNDLE": path},
            words="the CA bundle",
            slow=name not in ("missing", "garbage"),
        )
        for name, path in {
            "missing": "/nowhere/ca.pem",
            "device": "/dev/null",
            "folder": "{folder}/empty",
            "garbage": "{folder}/garbage.pem",
            "empty": "{folder}/empty.pem",
            "pipe": "{folder}/pipe",
        }.items()
    },
    "bundle_other": tls("BadCertificate", "good", env={"REQUESTS_CA_BUNDLE": ""}),
    # --- proxies
    "proxy_refused": proxy("ProxyFailed", "http://{refused}"),
    "proxy_gone": proxy("ProxyFailed", "http://gone.test:8080"),
    "proxy_garbage": proxy("ProxyFailed", "ht!tp://::::"),
    "proxy_port": proxy("ProxyFailed", "http://127.0.0.1:99999"),
    "proxy_without_scheme": proxy("ProxyFailed", "{refused}", slow=True),
    "proxy_407": proxy("ProxyFailed HttpError", "http://me:secret@{proxy_407}"),
    "proxy_502": proxy("ProxyFailed ServerFailed", "http://{proxy_502}"),
    "proxy_end": proxy(f"ProxyFailed {BROKE}", "http://{proxy_end}", slow=True),
    "proxy_hang": proxy(f"ProxyFailed {LATE}", "http://{proxy_hang}", slow=True),
    "proxy_drip": proxy(f"ProxyFailed {LATE} {BROKE}", "http://{proxy_drip}", slow=True),
    # --- status line and headers
    "hang": sent(LATE, HANG, slow=True),
    "status_garbage": sent(BROKE, bytes(range(128, 192)) + b"\r\n\r\n"),
    "status_word": sent(BROKE, b"HTTP/1.1 abc OK\r\n\r\n"),
    "status_negative": body(f"{BROKE} HttpError", bytes, status="-200 OK", slow=True),
    "status_999": body("HttpError ServerFailed", bytes, status="999 Strange"),
    "status_codes": sent(BROKE, CODES + b"\r\n\r\n"),
    "status_drip": row(f"{LATE} {BROKE}", lambda asked: drip(repeat(b"H"), 0.1), slow=True),
    "status_endless": flood(f"{BROKE} TooLarge", b"", b"H"),
    "http09": row(BROKE, lambda asked: [good(asked.base)]),
    "http2": sent(f"{BROKE} {LATE}", b"\x00\x00\x12\x04" + bytes(23), 0.05),
    "header_drip": row(LATE, lambda asked: [head()[:-2], *drip([b"X"] * 60, 0.1)], slow=True),
    "header_lines_drip": row(f"{LATE} {BROKE}", lambda asked: [head()[:-2], *drip([b"X: y\r\n"] * 60, 0.1)], slow=True),
    "header_10_mb": lines(f"{BROKE} TooLarge", "X: " + "y" * 10 * MB, slow=True),
    "headers_100_000": lines(f"{BROKE} TooLarge", *(f"X-{n}: y" for n in range(100_000)), slow=True),
    "header_60_kb": lines("ok", "X: " + "y" * 60_000),
    "headers_90": lines("ok", *(f"X-{n}: y" for n in range(90)), slow=True),
    "headers_150": lines(f"ok {BROKE}", *(f"X-{n}: y" for n in range(150))),
    "header_without_colon": lines(f"ok {BROKE} {LATE}", "nonsense", slow=True),
    "header_nul": lines(f"ok {BROKE}", "X: a\0b", slow=True),
    "header_folded": lines(f"ok {BROKE}", "X: a", "  folded", slow=True),
    "header_latin": lines("ok", "X: ä\x80ÿ", slow=True),
    "header_codes": lines(f"ok {BROKE}", "X: " + CODES.decode()),
    # --- lengths
    "length_negative": row(BROKE, lambda asked: [head(length=-5) + good(asked.base)]),
    "length_word": row(BROKE, lambda asked: [head(length="abc") + good(asked.base)]),
    "length_signed": row(BROKE, lambda asked: [head(length=f"+{len(good(asked.base))}") + good(asked.base)]),
    "length_huge": row(f"{LATE} TooLarge", lambda asked: [head(length=10**18) + good(asked.base), HANG], slow=True),
    "length_twice": lines(f"ok {BROKE}", f"Content-Length: {len(good(VICTIM))}", slow=True),
    "length_two": lines(BROKE, "Content-Length: 5"),
    "length_and_chunks": row(
        f"ok {BROKE}",
        lambda asked: [head("Transfer-Encoding: chunked", length=5) + chunk(good(asked.base)) + b"0\r\n\r\n"],
        slow=True,
    ),
    "no_length": row("ok", lambda asked: [head("Connection: close") + good(asked.base)], slow=True),
    "cut": row("Truncated", lambda asked: [head(length=200), good(asked.base)[:40]]),
    "cut_reset": row(BROKE, lambda asked: [head(length=200), good(asked.base)[:40], 0.02, RESET], slow=True),
    "cut_no_length": row(
        "ParseError Truncated", lambda asked: [head("Connection: close"), good(asked.base)[:40]], slow=True
    ),
    "body_hang": sent(LATE, head(length=100), HANG, slow=True),
    "body_drip": row(
        LATE,
        lambda asked: [head(length=1000), *drip((b"%c" % one for one in good(asked.base, 900)), 0.1)],
        slow=True,
    ),
    "body_drip_fast": row(
        LATE,
        lambda asked: [head(length=10**6), *drip([b" " * 100] * 9999, 0.005)],
        slow=True,
    ),
    "body_large": body("ok", lambda right: right[:-1] + b" " * (7 * MB) + b"}", slow=True),
    "body_too_large": body("TooLarge", lambda right: right[:-1] + b" " * (2 * MAX_BYTES) + b"}", slow=True),
    "body_endless": flood("TooLarge", head("Connection: close"), b" "),
    # --- chunks
    "chunk": chunked("ok", lambda right: [chunk(right) + b"0\r\n\r\n", KEEP]),
    "chunk_size_word": chunked(BROKE, lambda right: [b"zz\r\nhello\r\n0\r\n\r\n"]),
    "chunk_size_word_later": chunked(BROKE, lambda right: [chunk(right), 0.02, b"zz\r\nhello\r\n0\r\n\r\n"]),
    "chunk_size_codes": chunked(BROKE, lambda right: [CODES + b"\r\n"], slow=True),
    "chunk_size_signed": chunked(BROKE, lambda right: [b"+%x\r\n%s\r\n0\r\n\r\n" % (len(right), right)]),
    "chunk_size_negative": flood(f"{BROKE} TooLarge", CHUNKED + b"-1\r\n", b"x"),
    "chunk_size_minus_five": flood(BROKE, CHUNKED + b"-5\r\n", b"x"),
    "chunk_size_huge": flood("TooLarge Truncated", CHUNKED + b"F" * 16 + b"\r\n", b"x"),
    "chunk_size_zeros": flood(f"TooLarge {BROKE} {LATE}", CHUNKED, b"0"),
    "chunk_line_endless": flood(f"TooLarge {BROKE} {LATE}", CHUNKED + b"5;", b"a"),
    "chunk_trailer_endless": flood(f"TooLarge {BROKE} {LATE}", CHUNKED + b"1\r\nx\r\n0\r\nX: ", b"a"),
    "chunk_trailers_endless": flood(f"TooLarge {BROKE} {LATE}", CHUNKED + b"1\r\nx\r\n0\r\n", b"X: y\r\n"),
    "chunks_of_one": flood(f"TooLarge {LATE}", CHUNKED, b"1\r\nx\r\n"),
    "chunk_cut": chunked("Truncated", lambda right: [chunk(right)[:-60]]),
    "chunk_no_end": chunked("Truncated", lambda right: [chunk(right)], slow=True),
    # --- encodings
    "gzip": body("ok", gzip.compress, "Content-Encoding: gzip"),
    "gzip_cut": body("Truncated", lambda right: gzip.compress(right)[:-20], "Content-Encoding: gzip"),
    "gzip_sum": body(
        "Truncated", lambda right: gzip.compress(right)[:-8] + bytes(8), "Content-Encoding: gzip", slow=True
    ),
    "gzip_claimed": body("Truncated", bytes, "Content-Encoding: gzip"),
    "gzip_bomb": row("TooLarge", lambda asked: encoded(bomb(), "gzip"), slow=True),
    "gzip_bomb_in_bomb": row("TooLarge", lambda asked: encoded(bomb(2), "gzip, gzip"), slow=True),
    "gzip_twice": row("ok", lambda asked: encoded(packed(asked.base, 2), "gzip, gzip")),
    "gzip_200": row(
        f"ok {BROKE} TooLarge", lambda asked: encoded(packed(asked.base, 200), ", ".join(["gzip"] * 200)), slow=True
    ),
    "gzip_10_000": row(
        f"{BROKE} TooLarge", lambda asked: encoded(packed(asked.base, 1), ",".join(["gzip"] * 10_000)), slow=True
    ),
    "gzip_members": body(
        "ok", lambda right: gzip.compress(right[:20]) + gzip.compress(right[20:]), "Content-Encoding: gzip", slow=True
    ),
    "gzip_members_many": body(
        f"ok {BROKE} {LATE}",
        lambda right: gzip.compress(b"") * 300_000 + gzip.compress(right),
        "Content-Encoding: gzip",
        slow=True,
    ),
    "deflate": body("ok", zlib.compress, "Content-Encoding: deflate", slow=True),
    "deflate_raw": body("ok", deflated, "Content-Encoding: deflate"),
    "br_claimed": body("ParseError Truncated", lambda right: b"\x8b\x08\x80" + right[::-1], "Content-Encoding: br"),
    "br_false": lines("ok Truncated ParseError", "Content-Encoding: br", slow=True),
    "zstd_claimed": body(
        "ParseError Truncated", lambda right: b"\x28\xb5\x2f\xfd" + right[::-1], "Content-Encoding: zstd", slow=True
    ),
    "charset_wrong": body("ParseError", lambda right: right[:-1] + b',"x":"\xe4"}'),
    "utf16": body("ok", lambda right: right.decode().encode("utf-16")),
    "utf8_mark": body("ok", lambda right: b"\xef\xbb\xbf" + right, slow=True),
    "nul_before": body("ParseError", lambda right: b"\0\0\0" + right, slow=True),
    "nul_after": body("ParseError", lambda right: right + b"\0\0\0"),
    # --- statuses without an answer, and more answers than one
    "status_204": sent("EmptyAnswer", head(status="204 No Content"), KEEP),
    "status_204_body": body("EmptyAnswer Truncated", bytes, status="204 No Content"),
    "status_205": sent("EmptyAnswer", head(status="205 Reset", length=0), KEEP, slow=True),
    "status_206": body("HttpError Truncated", bytes, PART, status="206 Partial Content"),
    "status_206_whole": body("HttpError Truncated", bytes, status="206 Partial Content", slow=True),
    "status_304": sent("HttpError", head(status="304 Not Modified"), KEEP),
    "status_100_endless": flood(f"{LATE} {BROKE}", b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "status_100": row(
        "ok", lambda asked: [b"HTTP/1.1 100 Continue\r\n\r\n" * 3 + whole(good(asked.base)), KEEP], all=True
    ),
    "status_102": row(
        "ok", lambda asked: [b"HTTP/1.1 102 Processing\r\n\r\n" + whole(good(asked.base)), KEEP], all=True, slow=True
    ),
    "status_103": row("ok", lambda asked: [HINTS + whole(good(asked.base)), KEEP], all=True),
    "status_103_later": row("ok", lambda asked: [HINTS, 0.05, whole(good(asked.base)), KEEP], all=True),
    "status_101": row(f"{BROKE} HttpError", lambda asked: [UPGRADE, 0.05, whole(good(asked.base)), KEEP], all=True),
    "more_now": row("ok", lambda asked: [whole(good(asked.base)) + OTHER, KEEP], all=True),
    # aiohttp reads an answer and what follows it in one step.
    "more_bytes": row("ok Truncated", lambda asked: [whole(good(asked.base)) + b"\r\n\r\ngarbage", KEEP], all=True),
    "more_408": row(
        "ok", lambda asked: [whole(good(asked.base)), whole(b"", status="408 Request Timeout"), KEEP], all=True
    ),
    "closed_as_announced": row("ok", lambda asked: [whole(good(asked.base), "Connection: close")], all=True, slow=True),
    "closed": row("ok", lambda asked: [whole(good(asked.base))], all=True),
    "closed_late": row("ok", lambda asked: [whole(good(asked.base)), 0.01], all=True, slow=True),
    "closed_reset": row("ok", lambda asked: [whole(good(asked.base)), 0.01, RESET], all=True),
    # --- redirects
    "loop": redirect("RedirectLoop", lambda asked: asked.at("http", "loop")),
    "loop_307": redirect(
        "RedirectLoop", lambda asked: asked.at("http", "loop_307"), "307 Temporary Redirect", slow=True
    ),
    "hops_endless": redirect("RedirectLoop", lambda asked: asked.at("http", f"hops_endless/{len(asked.words)}/x")),
    "hops_four": row(
        "ok",
        lambda asked: (
            _right(asked)
            if len(asked.words) > 4
            else [head(f"Location: {asked.at('http', '/'.join((*asked.words, 'x')))}", status="302 F", length=0), KEEP]
        ),
    ),
    **{
        f"to_{scheme}": redirect("RedirectLoop", lambda asked, scheme=scheme: f"{scheme}://127.0.0.1/etc/passwd")
        for scheme in ("file", "ftp", "gopher")
    },
    "to_data": redirect("RedirectLoop", lambda asked: "data:application/json,{}"),
    "to_other": redirect("ok", lambda asked: asked.at("other")),
    "to_other_307": redirect("ok", lambda asked: asked.at("other"), "307 Temporary Redirect", slow=True),
    "to_same_303": redirect("ok", lambda asked: asked.at("http"), "303 See Other", slow=True),
    "to_capitals": redirect("ok", lambda asked: asked.at("http").replace("http:", "HTTP:"), slow=True),
    "to_user": redirect("ok RedirectLoop", lambda asked: asked.at("other", before="me:secret@")),
    "to_relative": redirect("ok", lambda asked: f"../landed?base={asked.base}"),
    "to_no_scheme": redirect("ok", lambda asked: asked.at("other").removeprefix("http:"), slow=True),
    "to_empty": redirect("RedirectLoop HttpError", lambda asked: ""),
    "to_fragment": redirect("ok", lambda asked: f"/landed?base={asked.base}#part", slow=True),
    "to_nowhere": sent("HttpError RedirectLoop", head(status="302 Found", length=0), KEEP),
    "to_great_port": redirect("RedirectLoop ConnectionFailed", lambda asked: "http://127.0.0.1:99999/", slow=True),
    "to_word_port": redirect("RedirectLoop ConnectionFailed", lambda asked: "http://127.0.0.1:abc/", slow=True),
    "to_half_ip6": redirect("RedirectLoop", lambda asked: "http://[::1/", slow=True),
    "to_spaces": redirect("ok", lambda asked: asked.at("http") + "&x=a b\tc", slow=True),
    "to_utf8": redirect("ok", lambda asked: asked.at("http") + "&x=ä€".encode().decode("latin-1")),
    "to_long_name": redirect("RedirectLoop HostNotFound ConnectionFailed", lambda asked: f"http://{'a' * 70}.test/"),
    "to_empty_name": redirect("RedirectLoop HostNotFound ConnectionFailed", lambda asked: "http://a..test/", slow=True),
    "to_codes": redirect("RedirectLoop HostNotFound ConnectionFailed", lambda asked: f"http://{CODES.decode()}.test/"),
    "to_with_body": row(
        "ok", lambda asked: [whole(b"x" * 1000, f"Location: {asked.at('http')}", status="302 Found"), KEEP]
    ),
    "to_with_endless_body": row(
        f"ok TooLarge {LATE}",
        lambda asked: iter((head(f"Location: {asked.at('http')}", status="302 Found"), *endless(b"x"))),
        slow=True,
    ),
    # --- limits and refusals
    "quota": quota("QuotaExceeded", "429 Too Many Requests"),
    **{
        f"quota_{name}": quota(
            "QuotaExceeded", "429 Too Many Requests", value, slow=name not in ("1", "year_huge", "codes")
        )
        for name, value in {
            "0": "0",
            "1": "1",
            "huge": "9" * 20,
            "9_digits": "9" * 9,
            "negative": "-5",
            "word": "soon",
            "fraction": "0.5",
            "past": "Wed, 21 Oct 2015 07:28:00 GMT",
            "year_9999": "Fri, 31 Dec 9999 23:59:59 GMT",
            "year_huge": f"Fri, 31 Dec {'9' * 20} 23:59:59 GMT",
            "year_1": "Mon, 01 Jan 0001 00:00:00 +2300",
            "zone_9999": "Fri, 31 Dec 2026 23:59:59 +9999",
            "zone_huge": f"Fri, 31 Dec 2026 23:59:59 +{'9' * 20}",
            "arabic": "٣".encode().decode("latin-1"),
            "codes": CODES.decode(),
        }.items()
    },
    "quota_twice": quota("QuotaExceeded", "429 Too Many Requests", "1", "1", slow=True),
    "unavailable": quota("ServerFailed", "503 Service Unavailable"),
    "unavailable_1": quota("ServerFailed", "503 Service Unavailable", "1", slow=True),
    "unavailable_once": row(
        "ok",
        lambda asked: [
            whole(b"{}", status="503 Service Unavailable") if asked.times == 1 else whole(good(asked.base)),
            KEEP,
        ],
    ),
    "wall": sent("Blocked", whole(WALL, "Content-Type: text/html", status="403 Forbidden"), KEEP, slow=True),
    "wall_200": sent("Blocked", whole(WALL, "Content-Type: text/html"), KEEP),
    "page_200": sent(
        "HtmlAnswer", whole(WALL.replace(b"captcha", b"riddle"), "Content-Type: text/html"), KEEP, slow=True
    ),
    "key_refused": sent("KeyRefused", whole(b"{}", status="401 Unauthorized"), KEEP),
    "plan_refused": sent("PlanRefused", whole(b"{}", status="402 Payment Required"), KEEP, slow=True),
    "not_found": sent("NotFound", whole(b"{}", status="404 Not Found"), KEEP),
    "error_in_json": sent(
        "ParseError ErrorAnswer QuotaExceeded", whole(b'{"success": false, "error": {"code": 104}}'), KEEP
    ),
    "error_with_codes": sent("ParseError ErrorAnswer", whole(json.dumps({CODES.decode(): 1}).encode()), KEEP),
}
