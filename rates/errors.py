"""Every failure by name, and what their messages need.

One base class; its children are grouped by who must act: the caller (`UsageError`), the network or its owner
(`TransportError`), the holder of a key, the publisher (`AnswerError`), or no one (`NoRates`).
All of them pickle with every field, because an error that does not unpickle breaks a whole process pool.
"""

from __future__ import annotations

import errno
import os
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence


class RatesError(Exception):
    """Base of all errors of this package.

    detail: a lower-case sentence with the wrong value, never a key. provider: the key of the provider asked ("" for
    none). hint: what to do next ("" if the detail says it).
    """

    def __init__(self, detail: str = "", *, provider: str = "", hint: str = "") -> None:
        detail, hint = printable(detail), printable(hint)
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


def printable(text: str) -> str:
    """The text with escapes in place of characters that move the cursor, reorder text or hide; line ends stay.

    A server's words may hold codes that a terminal obeys.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode() for c in text)


def quoted(value: object, most: int = 60) -> str:
    """A value as a message repeats it: its repr without a URL's password, cut off after `most` characters."""
    try:
        text = without_password(repr(value))
    except ValueError:  # Python does not print a number of over 4300 digits
        return "a huge number"
    return text if len(text) <= most else f"{text[:most]}…"


def without_password(text: str) -> str:
    """The text with no password in the URLs that it has."""
    if "://" not in text:
        return text
    import re  # which few messages need

    text = re.sub(r"(://[^/@:\s]*):[^/@\s]*@", r"\1@", text)
    return re.sub(r"([?&]password=)[^&'\"\s]*", r"\1…", text, flags=re.IGNORECASE)


def suggest(wrong: str, right: Iterable[str], otherwise: str = "", *, first: Collection[str] = ()) -> str:
    """A hint for a wrong word: "did you mean A or B?" with the nearest right words, or `otherwise` if none is near.

    Of equally near words those in `first` come first, then those with most letters in the same places.
    """
    most = FAR * (1 + (len(wrong) > 4) + (len(wrong) > 7))
    costs = {word: _typing_cost(wrong, word) for word in right if abs(len(word) - len(wrong)) * SLIP <= most}
    least = min(costs.values(), default=most + 1)
    if least > most:
        return otherwise
    near = sorted(
        (word for word, cost in costs.items() if cost == least),
        key=lambda word: (word not in first, -sum(a == b for a, b in zip(word, wrong, strict=False))),
    )
    return f"did you mean {' or '.join(near[:2])}?"


# What mistakes in typing cost: two letters in the wrong order, one too many or too few; another letter. `ebc` is nearer
# to ecb than to cbc. Up to four letters may have one mistake, up to seven two, more three.
SLIP, FAR = 2, 3


def _typing_cost(wrong: str, right: str) -> int:
    """The least cost of mistakes that lead from the right word to the wrong one."""
    before: list[int] = []
    line = [SLIP * place for place in range(len(right) + 1)]
    for i, letter in enumerate(wrong, start=1):
        older, before, line = before, line, [SLIP * i]
        for j, other in enumerate(right, start=1):
            cost = min(before[j] + SLIP, line[j - 1] + SLIP, before[j - 1] + (FAR if letter != other else 0))
            if i > 1 and j > 1 and letter == right[j - 2] and wrong[i - 2] == other:
                cost = min(cost, older[j - 2] + SLIP)
            line.append(cost)
    return line[-1]


# --- the caller must act -------------------------------------------------------------------------------------------


class UsageError(RatesError):
    """The request is wrong: an unknown code, day, provider, mode or format."""


class SettingsError(UsageError):
    """A setting is unknown or has a wrong value; the detail names the place (file and line, variable or flag)."""


# --- another provider must be asked --------------------------------------------------------------------------------


class Unsupported(RatesError):
    """The provider cannot answer the question: a range, a base that it lacks, a day before its first."""


# --- no one must act ------------------------------------------------------------------------------------------------


class NoRates(RatesError):
    """The publisher states that it has nothing for that day. Only such a statement raises this."""


class Interrupted(RatesError):
    """The fetch was interrupted, for example by Ctrl-C."""


class WorkerLost(RatesError):
    """The worker that ran this fetch died, twice."""


# --- this machine, or the code, must be changed -----------------------------------------------------------------------


class MachineLimit(RatesError):
    """Memory, open files, processes and threads, or room for temporary files are used up on this machine."""


class InternalError(RatesError):
    """A fault in the code of this package, or of a provider that was added to it."""


# What is used up, by the number of the system's error, and what to do.
_FILES = "this process may open no more files and connections", "use fewer --workers, or raise the limit: ulimit -n"
_SPACE = "no room is left for temporary files", "make room there, or name another folder in TMPDIR"
_USED_UP = {
    errno.EMFILE: _FILES,
    errno.ENFILE: _FILES,
    errno.EAGAIN: (
        "no more threads or processes can be started",
        "use fewer --workers, or raise the limit: ulimit -u",
    ),
    errno.ENOMEM: ("this machine has no memory left", "use fewer --workers, or lower max_bytes"),
    errno.ENOSPC: _SPACE,
    errno.EDQUOT: _SPACE,
}


def machine_limit(error: BaseException | None) -> MachineLimit | None:
    """The error of an exception that means, or whose cause means, that this machine gives too little; else None."""
    if error is None:
        return None
    return _limit(error) or (_limit(error.__cause__) if error.__cause__ is not None else None)


def _limit(error: BaseException) -> MachineLimit | None:
    number = error.errno if isinstance(error, OSError) else None
    if isinstance(error, MemoryError):
        number = errno.ENOMEM
    elif isinstance(error, OSError | RuntimeError):
        words = str(error)
        if _LONG_PATH in words:
            detail = f"the path of the folder of temporary files is too long: {_temporary_folder()}"
            return MachineLimit(detail, hint="name a shorter one in TMPDIR")
        if isinstance(error, RuntimeError):
            named = _NUMBER.search(words)
            number = errno.EAGAIN if "can't start new thread" in words else int(named[1]) if named else None
    if number not in _USED_UP:
        return None
    detail, hint = _USED_UP[number]
    if number in (errno.ENOSPC, errno.EDQUOT):
        file = getattr(error, "filename", None)
        detail += f": {os.path.dirname(str(file)) if file else _temporary_folder()}"
    return MachineLimit(detail, hint=hint)


_NUMBER = re.compile(r"\[Errno (\d+)\]")  # in the message of another process, of Dask's cluster
_LONG_PATH = "AF_UNIX path too long"  # of a socket in that folder, by which processes talk


def _temporary_folder() -> str:
    import tempfile

    return tempfile.gettempdir()


def unexpected(error: BaseException) -> RatesError:
    """The error of an exception that nothing from outside explains.

    Raises the exception of a signal that struck in the body of a class, which Python 3.11 wraps in a RuntimeError.
    """
    if error.__cause__ is not None and by_signal(error.__cause__):
        raise error.__cause__
    found = machine_limit(error)
    if found is not None:
        return found
    return InternalError(f"failed unexpectedly: {type(error).__name__}: {error}"[:300], hint="please report this")


def by_signal(error: BaseException) -> bool:
    """True for an exception that a signal has raised, to end the program, in whatever code ran at that moment."""
    import signal
    import threading
    from traceback import walk_tb

    if threading.current_thread() is not threading.main_thread():
        return False
    if isinstance(error, KeyboardInterrupt) and callable(signal.getsignal(signal.SIGINT)):
        return True
    # By number: `valid_signals` makes a member of an enumeration of each, which takes most of 70 microseconds.
    handlers = {getattr(signal.getsignal(number), "__code__", None) for number in range(1, signal.NSIG)}
    return any(frame.f_code in handlers for frame, _ in walk_tb(error.__traceback__))


# --- the key holder must act ---------------------------------------------------------------------------------------


class KeyNeeded(RatesError):
    """The provider wants a key and none is set."""


class KeyRefused(RatesError):
    """The provider does not accept the key."""


class PlanRefused(RatesError):
    """The key is good, but its plan does not cover this question."""


class QuotaExceeded(RatesError):
    """Too many requests. retry_after_s: the seconds to wait that the server named, if any."""

    retry_after_s: float | None = None


# --- the network or its owner must act -----------------------------------------------------------------------------


class TransportError(RatesError):
    """No usable answer arrived. The fetch is tried again where that can help."""


class TimedOut(TransportError):
    """One wait on the socket took longer than the timeout."""


class DeadlineExceeded(TransportError):
    """The whole fetch took longer than its deadline."""


class HostNotFound(TransportError):
    """The host's name does not resolve."""


class ConnectionRefused(TransportError):
    """No server listens at that host and port."""


class ConnectionFailed(TransportError):
    """The connection could not be opened, or it broke."""


class NoNetwork(TransportError):
    """None of the publishers asked first could be reached, so the others were not waited for."""


class BadCertificate(TransportError):
    """The server's TLS certificate cannot be trusted, or TLS failed."""


class ProxyFailed(TransportError):
    """The proxy of the environment does not answer."""


class Truncated(TransportError):
    """The answer ended before it was complete, or its compression is damaged."""


class TooLarge(TransportError):
    """The decoded answer is larger than `max_bytes`."""


class RedirectLoop(TransportError):
    """Too many redirects, or one to an address that must not be followed."""


class HttpError(TransportError):
    """An HTTP status that means failure and has no class here. status: the number."""

    status: int = 0


class NotFound(HttpError):
    """404 or 410: the address has moved or never existed."""


class Blocked(HttpError):
    """403 or 451, or a captcha: a firewall blocks the request."""


class ServerFailed(HttpError):
    """5xx: a fault of the server; try again later. retry_after_s: the seconds to wait that it named, if any."""

    retry_after_s: float | None = None


class NotRecorded(TransportError):
    """Offline, and neither a recording nor the embedded history answers this URL."""


class RecordingError(RatesError):
    """A recording cannot be written or read (full disk, no permission, damaged file)."""


class StoreError(RatesError):
    """The store cannot be written or read (full disk, no permission, damaged file, a newer version, no server)."""


class LockError(RatesError):
    """A figure is not in the lock file or has moved since, or the file cannot be written or read."""


# --- the publisher must act, or our parser be changed --------------------------------------------------------------


class AnswerError(RatesError):
    """An answer arrived, but is not what was asked for."""


class EmptyAnswer(AnswerError):
    """The answer has no rates, and does not state that there are none."""


class HtmlAnswer(AnswerError):
    """A web page in place of data: maintenance, a login, a moved address."""


class ErrorAnswer(AnswerError):
    """A success status with a body that reports an error."""


class ParseError(AnswerError):
    """The answer does not have the publisher's known format."""


class WrongBase(AnswerError):
    """The answer is for another base than the one asked for."""


class WrongDay(AnswerError):
    """The answer is for another day than the one asked for."""


class FutureDay(AnswerError):
    """The answer is dated after tomorrow."""


class Stale(AnswerError):
    """The publisher's newest rates are older than its longest pause between publications."""


class Implausible(AnswerError):
    """A rate is more than five times its neighbour, or less than a fifth; it is given, with this as a warning."""


class WrongIdentity(AnswerError):
    """A currency is quoted against itself at another rate than 1."""


class BadRate(AnswerError):
    """A rate is zero, negative, infinite or not a number."""


class MissingSymbols(AnswerError):
    """A symbol that was asked for is not in the answer. symbols: the missing ones."""

    symbols: tuple[str, ...] = ()


# --- which errors show whether there is a network -------------------------------------------------------------------

# No host was reached. If it is so for all publishers, the machine has no network.
UNREACHABLE = (HostNotFound, ConnectionFailed, ConnectionRefused, NoNetwork)
# What an unreachable publisher cannot cause: a server has answered, if only with a refusal.
ANSWERED = (
    AnswerError,
    HttpError,
    BadCertificate,
    Truncated,
    TooLarge,
    RedirectLoop,
    NoRates,
    KeyRefused,
    PlanRefused,
    QuotaExceeded,
)


def telling(errors: Sequence[RatesError]) -> RatesError:
    """The last error, if possible of a provider that can answer such questions."""
    return next((one for one in reversed(errors) if not isinstance(one, Unsupported)), errors[-1])
