"""Every way in which rates can fail to come, by name.

One base class; its children are divided by who must act: the caller (`UsageError`), the network or its owner
(`TransportError`), the key holder, the publisher (`AnswerError`), or nobody (`NoRates`).
All of them survive pickling with every field, because one that does not breaks a whole process pool.
"""

from __future__ import annotations

__all__ = [
    "AnswerError",
    "BadCertificate",
    "BadRate",
    "Blocked",
    "ConnectionFailed",
    "ConnectionRefused",
    "DeadlineExceeded",
    "EmptyAnswer",
    "ErrorAnswer",
    "FutureDay",
    "HostNotFound",
    "HtmlAnswer",
    "HttpError",
    "Interrupted",
    "KeyNeeded",
    "KeyRefused",
    "MissingSymbols",
    "NoRates",
    "NotFound",
    "NotRecorded",
    "ParseError",
    "PlanRefused",
    "ProxyFailed",
    "QuotaExceeded",
    "RatesError",
    "RecordingError",
    "RedirectLoop",
    "ServerFailed",
    "SettingsError",
    "Stale",
    "TimedOut",
    "TooLarge",
    "TransportError",
    "Truncated",
    "Unsupported",
    "UsageError",
    "WorkerLost",
    "WrongBase",
    "WrongDay",
    "WrongIdentity",
]


class RatesError(Exception):
    """Base of all errors of this package.

    detail: a lower-case sentence with the offending value, never a key; provider: the key of the publisher asked
    ("" when none was); hint: what to do next ("" when the detail says it).
    """

    def __init__(self, detail: str = "", *, provider: str = "", hint: str = "") -> None:
        super().__init__(detail)
        self.detail = detail
        self.provider = provider
        self.hint = hint

    def __str__(self) -> str:
        named = f"{self.provider}: {self.detail}" if self.provider else self.detail
        return f"{named}; {self.hint}" if self.hint else named

    @property
    def name(self) -> str:
        """The error's name as printed and exported: that of its class."""
        return type(self).__name__


def quoted(value: object, most: int = 60) -> str:
    """What somebody wrote, as a message repeats it: whole when it is short."""
    try:
        told = repr(value)
    except ValueError:  # Python prints no number of over 4300 digits
        return "a huge number"
    return told if len(told) <= most else f"{told[:most]}…"


# --- the caller must act -------------------------------------------------------------------------------------------


class UsageError(RatesError):
    """The question itself is wrong: an unknown code, day, provider, mode or format."""


class SettingsError(UsageError):
    """A setting is unknown or has a wrong value; the detail names where (file and line, variable or flag)."""


# --- another provider must be asked --------------------------------------------------------------------------------


class Unsupported(RatesError):
    """The provider asked cannot answer that question: a range, a base it lacks, a day before its first."""


# --- nobody must act -----------------------------------------------------------------------------------------------


class NoRates(RatesError):
    """The publisher says that it has nothing for that day. Nobody else raises this."""


class Interrupted(RatesError):
    """The fetch was stopped from outside (Ctrl-C)."""


class WorkerLost(RatesError):
    """The worker that ran this fetch died, twice."""


# --- the key holder must act ---------------------------------------------------------------------------------------


class KeyNeeded(RatesError):
    """The provider wants a key and none is set."""


class KeyRefused(RatesError):
    """The provider does not accept the key."""


class PlanRefused(RatesError):
    """The key is good, but its plan does not cover this question."""


class QuotaExceeded(RatesError):
    """Too many requests. retry_after_s: seconds to wait, when the server said so."""

    retry_after_s: float | None = None


# --- the network or its owner must act -----------------------------------------------------------------------------


class TransportError(RatesError):
    """No usable answer arrived. Retried where that can help."""


class TimedOut(TransportError):
    """One wait on the socket took longer than the timeout."""


class DeadlineExceeded(TransportError):
    """The whole fetch took longer than its deadline."""


class HostNotFound(TransportError):
    """The host's name does not resolve."""


class ConnectionRefused(TransportError):
    """Nothing listens at that host and port."""


class ConnectionFailed(TransportError):
    """The connection could not be made or broke."""


class BadCertificate(TransportError):
    """The server's TLS certificate cannot be trusted, or TLS failed."""


class ProxyFailed(TransportError):
    """The proxy named in the environment does not answer."""


class Truncated(TransportError):
    """The answer ended before it was complete, or its compression is damaged."""


class TooLarge(TransportError):
    """The decoded answer is larger than the cap."""


class RedirectLoop(TransportError):
    """Too many redirects, or one to where a request must not follow."""


class HttpError(TransportError):
    """An HTTP status that means failure and has no name of its own. status: the number."""

    status: int = 0


class NotFound(HttpError):
    """404 or 410: the address has moved or never was."""


class Blocked(HttpError):
    """403 or 451, or a captcha: a firewall stands before the data."""


class ServerFailed(HttpError):
    """5xx: the server's own fault; worth another try later. retry_after_s: seconds to wait, when it said so."""

    retry_after_s: float | None = None


class NotRecorded(TransportError):
    """Offline, and no recording nor the embedded history answers this URL."""


class RecordingError(RatesError):
    """A recording cannot be written or read (full disk, no permission, damaged file)."""


# --- the publisher must act, or our reading of it ------------------------------------------------------------------


class AnswerError(RatesError):
    """An answer arrived and cannot be what was asked for."""


class EmptyAnswer(AnswerError):
    """The answer holds no rates, and does not say that there are none."""


class HtmlAnswer(AnswerError):
    """A web page where data was due: maintenance, a login, a move."""


class ErrorAnswer(AnswerError):
    """A success status around a body that reports an error."""


class ParseError(AnswerError):
    """The answer does not have the publisher's known form."""


class WrongBase(AnswerError):
    """The answer is for another base than the one asked for."""


class WrongDay(AnswerError):
    """The answer is for another day than the one asked for."""


class FutureDay(AnswerError):
    """The answer is dated beyond tomorrow."""


class Stale(AnswerError):
    """The publisher's newest rates are older than its own calendar allows for."""


class WrongIdentity(AnswerError):
    """A currency is quoted against itself at another rate than 1."""


class BadRate(AnswerError):
    """A rate is zero, negative, infinite or not a number."""


class MissingSymbols(AnswerError):
    """A symbol that was asked for by name is not in the answer. symbols: those that are missing."""

    symbols: tuple[str, ...] = ()
