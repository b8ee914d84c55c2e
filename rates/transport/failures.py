"""Errors of this package for the exceptions of requests, urllib3 and the sockets, and for HTTP statuses."""

from __future__ import annotations

import http.client
import re
import socket
import ssl
from collections.abc import Container, Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import requests
from urllib3 import exceptions as u3

from rates import errors

Translation = tuple[tuple[type[BaseException], ...], type[errors.TransportError], str, str]
# (exceptions, error, detail, hint): the first that fits an exception or one of its causes. A proxy's failure wraps
# all the others.
TRANSLATIONS: tuple[Translation, ...] = (
    ((requests.exceptions.ProxyError, u3.ProxyError), errors.ProxyFailed, "the proxy for {host} does not answer: {why}",
     "check HTTPS_PROXY, HTTP_PROXY and NO_PROXY"),
    ((requests.exceptions.InvalidProxyURL, u3.ProxySchemeUnknown), errors.ProxyFailed, "the proxy's address is no URL",
     "check HTTPS_PROXY and HTTP_PROXY"),
    ((requests.exceptions.InvalidSchema,), errors.ProxyFailed, "the proxy for {host} cannot be used: {why}",
     "a SOCKS proxy needs PySocks to be installed"),
    ((ssl.SSLCertVerificationError,), errors.BadCertificate, "the certificate of {host} cannot be trusted: {why}",
     "behind a company's proxy, name its CA file in REQUESTS_CA_BUNDLE"),
    ((ssl.SSLEOFError, ssl.SSLZeroReturnError), errors.ConnectionFailed, "the connection to {host} broke: {why}", ""),
    ((requests.exceptions.SSLError, u3.SSLError, ssl.SSLError), errors.BadCertificate,
     "TLS with {host} failed: {why}", ""),
    ((u3.NameResolutionError, socket.gaierror), errors.HostNotFound, "the name {host} does not resolve",
     "is there a network? else try --offline"),
    ((ConnectionRefusedError,), errors.ConnectionRefused, "{host} refuses the connection", ""),
    ((requests.exceptions.Timeout, u3.TimeoutError, TimeoutError), errors.TimedOut,
     "no answer from {host} within {timeout:g} s", "give more time with --timeout"),
    ((http.client.RemoteDisconnected,), errors.ConnectionFailed, "the connection to {host} failed: {why}", ""),
    ((u3.IncompleteRead, requests.exceptions.ChunkedEncodingError, http.client.HTTPException), errors.Truncated,
     "the answer of {host} broke off or is damaged", ""),
    ((Exception,), errors.ConnectionFailed, "the connection to {host} failed: {why}", ""),
)  # fmt: skip


# What no network causes: a mistake in this package, or a library that calls or is called in another way than known.
FAULTS = (TypeError, AttributeError, NameError, LookupError, ArithmeticError, AssertionError, NotImplementedError)


def translate(
    error: Exception, host: str, timeout_s: float, table: tuple[Translation, ...] = TRANSLATIONS
) -> errors.RatesError:
    """The error of this package for an exception of the libraries; the host is not blamed for what this machine lacks.

    A bare ProtocolError of urllib3 means that a body broke off while it was read; requests wraps all others. A fault in
    code is raised as it is, since no try can help.
    """
    if isinstance(error, FAULTS):
        raise error
    chain = list(_chain(error))
    in_body = isinstance(error, u3.ProtocolError)
    for cause in chain:
        if limit := errors.machine_limit(cause):
            return limit
    for kinds, ours, detail, hint in table:
        for cause in chain:
            if isinstance(cause, kinds) or (in_body and ours is errors.Truncated):
                why = _reason(chain)
                return ours(detail.format(host=host, timeout=round(timeout_s, 2), why=why), hint=hint)
    raise AssertionError("the last kind fits every exception") from error


def caused_by(error: BaseException, kind: type[BaseException]) -> bool:
    """True if the exception, or what it wraps or was caused by, is of that kind."""
    return any(isinstance(cause, kind) for cause in _chain(error))


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The exception, what it wraps, and what caused it, outermost first.

    Not its context: that may be an exception which the caller was handling, and has nothing to do with this fetch.
    """
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        cause = waiting.pop(0)
        if isinstance(cause, BaseException) and id(cause) not in seen:
            seen.add(id(cause))
            yield cause
            waiting += [*cause.args, getattr(cause, "reason", None), cause.__cause__]


def _reason(chain: list[BaseException]) -> str:
    """The innermost message, in a few words, without any address or query."""
    for cause in reversed(chain):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return str(cause.verify_message)
        if isinstance(cause, OSError) and cause.strerror:
            return _without_addresses(cause.strerror)
    return _without_addresses(str(chain[-1])) or type(chain[-1]).__name__


def _without_addresses(words: str) -> str:
    words = " ".join(words.split("(_ssl.c")[0].removeprefix("400, message:").split())  # aiohttp's, of several lines
    return re.sub(r"https?://\S+|<[^>]*>|\?\S+", "", words).strip(" :()'\",")[:120]


# (statuses, error, detail, hint) of the statuses that have a class. Any other is an `HttpError`: a redirect without a
# target too, or "not modified" without a condition in the request.
STATUSES: tuple[tuple[Container[int], type[errors.RatesError], str, str], ...] = (
    ((401,), errors.KeyRefused, "{host} does not accept the key (status {status})", ""),
    ((402,), errors.PlanRefused, "{host} wants another plan for this (status {status})", ""),
    ((429,), errors.QuotaExceeded, "{host} has had too many requests (status {status})", "try later"),
    ((404, 410), errors.NotFound, "has nothing at {where} (status {status})", ""),
    ((403, 451), errors.Blocked, "{host} refuses access (status {status})", ""),
    (range(500, 1000), errors.ServerFailed, "{host} failed (status {status})", "try later"),
)


def status_error(status: int, headers: Mapping[str, str], host: str, where: str) -> errors.RatesError:
    """The error for an HTTP status that means no success. where: the URL without its query."""
    other = (errors.HttpError, "{host} answers status {status}", "")
    kind, detail, hint = next((row[1:] for row in STATUSES if status in row[0]), other)
    error = kind(detail.format(host=host, where=where, status=status), hint=hint)
    if isinstance(error, errors.HttpError):
        error.status = status
    if isinstance(error, errors.QuotaExceeded | errors.ServerFailed):
        error.retry_after_s = retry_after(headers)
    if isinstance(error, errors.QuotaExceeded) and error.retry_after_s is not None:
        error.hint = f"it asks to wait {error.retry_after_s:g} s"
    return error


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds that a Retry-After header asks to wait; None without a readable one.

    A date counts from the answer's own Date, since this machine's clock may be wrong.
    """
    value = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,9}", value, re.ASCII):
        return float(value)
    then = _moment(value)
    if then is None:
        return None
    return max(0.0, (then - (_moment(headers.get("date", "")) or datetime.now(UTC))).total_seconds())


def _moment(value: str) -> datetime | None:
    """The moment of a date in a header, which is in UTC, also with the zone -0000; None for no date."""
    try:
        found = parsedate_to_datetime(value)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None
