from __future__ import annotations

import copy
import errno
import pickle
import tempfile

import pytest

from rates import errors
from rates.errors import (
    HttpError,
    MissingSymbols,
    NoRates,
    QuotaExceeded,
    RatesError,
    ServerFailed,
    UsageError,
    machine_limit,
    suggest,
    unexpected,
)

EVERY = [value for value in vars(errors).values() if isinstance(value, type)]

# What the transport and the checks add to some of them after they are made.
ADDED = {"status": 503, "symbols": ("RUB", "HRK"), "retry_after_s": 12.5}


def _full(kind: type[RatesError]) -> RatesError:
    """One error with every field set, and with those that its class adds."""
    error = kind("the answer is empty", provider="ecb", hint="try later")
    for name, value in ADDED.items():
        if hasattr(kind, name):
            setattr(error, name, value)
    return error


@pytest.mark.parametrize("kind", EVERY)
@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_pickles_with_every_field(kind: type[RatesError], protocol: int) -> None:
    """An error is equal after pickling; one that does not unpickle breaks the whole pool."""
    error = _full(kind)
    back = pickle.loads(pickle.dumps(error, protocol))
    assert type(back) is kind
    assert vars(back) == vars(error)
    assert back.args == error.args
    assert str(back) == str(error) == "ecb: the answer is empty; try later"


@pytest.mark.parametrize("kind", EVERY)
def test_copies_with_every_field(kind: type[RatesError]) -> None:
    """A copy, deep or not, is another object with the same fields."""
    error = _full(kind)
    for other in (copy.copy(error), copy.deepcopy(error)):
        assert other is not error
        assert type(other) is kind
        assert vars(other) == vars(error)


@pytest.mark.parametrize("kind", EVERY)
def test_pickles_bare(kind: type[RatesError]) -> None:
    """An error without any field pickles too, and its class's defaults hold."""
    back = pickle.loads(pickle.dumps(kind()))
    assert (back.detail, back.provider, back.hint, str(back)) == ("", "", "", "")


@pytest.mark.parametrize("kind", EVERY)
def test_every_error_has_docstring_base_and_name(kind: type[RatesError]) -> None:
    """Every class has a docstring, the one base, and its own name to print."""
    assert issubclass(kind, RatesError)
    assert kind.__doc__
    assert kind("x").name == kind.__name__


def test_defaults_of_what_is_added() -> None:
    """An unset field reads as not known, on an instance and on the class."""
    assert HttpError("x").status == 0
    assert QuotaExceeded("x").retry_after_s is None
    assert MissingSymbols("x").symbols == ()


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (NoRates("has none"), "has none"),
        (NoRates("has none", provider="nbp"), "nbp: has none"),
        (NoRates("has none", hint="ask for Friday"), "has none; ask for Friday"),
        (UsageError("unknown currency 'usb'", hint="did you mean USD?"), "unknown currency 'usb'; did you mean USD?"),
    ],
)
def test_sentence(error: RatesError, message: str) -> None:
    """The sentence names the provider first and what to do last, each when it is known."""
    assert str(error) == message


def test_fields_added_later_are_kept() -> None:
    """The driver adds the provider after the raise, and the sentence shows it."""
    error = ServerFailed("answers 503")
    error.provider = "boc"
    assert str(pickle.loads(pickle.dumps(error))) == "boc: answers 503"


def test_quoted_in_short() -> None:
    """A value is shown by its repr, cut off if it is long."""
    assert errors.quoted("us\x1bd") == "'us\\x1bd'"
    assert errors.quoted("A" * 1000) == f"'{'A' * 59}…"
    assert errors.quoted(10**5000) == "a huge number"


def test_suggest() -> None:
    """At most two words, the nearest first; without any, what to do otherwise."""
    assert suggest("timeot", ["timeout", "on"]) == "did you mean timeout?"
    assert suggest("abc", ["abd", "abe", "abf"]) == "did you mean abd or abe?"
    assert suggest("xyz", ["timeout"], "see --help") == "see --help"
    assert suggest("xyz", []) == ""
    assert suggest("UDX", ["UDS", "UDT"], first=["UDT"]) == "did you mean UDT or UDS?"


@pytest.mark.parametrize(
    ("wrong", "right", "nearest"),
    [
        ("ebc", ("cbc", "nbc", "ecb"), "ecb"),
        ("UDS", ("UZS", "USD"), "USD"),
        ("nbpp", ("nb", "nbp", "nbg"), "nbp"),
        ("currency", ("currencies", "convert"), "currencies"),
        ("frankfruter", ("frankfurter", "frank"), "frankfurter"),
    ],
)
def test_letters_in_the_wrong_order_are_near(wrong: str, right: tuple[str, ...], nearest: str) -> None:
    """Two letters in the wrong order, or one too many, are nearer than another letter; only the nearest is offered."""
    assert suggest(wrong, right) == f"did you mean {nearest}?"


@pytest.mark.parametrize(("wrong", "right"), [("abc", ("axx", "bca")), ("help", ("show", "doctor")), ("usd", ("ecb",))])
def test_nothing_far_is_offered(wrong: str, right: tuple[str, ...]) -> None:
    """A word with more than one mistake in four letters is not a guess."""
    assert suggest(wrong, right, "see the list") == "see the list"


@pytest.mark.parametrize(
    ("foreign", "shown"),
    [
        ("\x1b[2Jgone", "\\x1b[2Jgone"),
        ("\x9b31mred", "\\x9b31mred"),
        ("bell\x07 back\x08 null\x00", "bell\\x07 back\\x08 null\\x00"),
        ("\u202eDSU", "\\u202eDSU"),
        ("a\u200bb\u2066c", "a\\u200bb\\u2066c"),
        ("line\r\nend", "line\\r\nend"),
        ("Überweisung €, 円", "Überweisung €, 円"),
    ],
)
def test_foreign_words_reach_no_terminal_raw(foreign: str, shown: str) -> None:
    """Codes that a terminal obeys, that reorder text or hide are escaped, in the detail and the hint; letters stay."""
    error = errors.ErrorAnswer(f"reports '{foreign}'", hint=foreign)
    assert error.detail == f"reports '{shown}'"
    assert error.hint == shown
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (MemoryError(), "this machine has no memory left; use fewer --workers, or lower max_bytes"),
        (OSError(errno.ENOMEM, "no"), "this machine has no memory left"),
        (OSError(errno.EMFILE, "no"), "this process may open no more files and connections; use fewer --workers"),
        (OSError(errno.ENFILE, "no"), "this process may open no more files and connections"),
        (BlockingIOError(errno.EAGAIN, "no"), "no more threads or processes can be started; use fewer --workers"),
        (RuntimeError("can't start new thread"), "no more threads or processes can be started"),
        (
            OSError(errno.ENOSPC, "no", "/t/x"),
            "no room is left for temporary files: /t; make room there, or name another",
        ),
        (OSError(errno.EDQUOT, "no"), f"no room is left for temporary files: {tempfile.gettempdir()}; make room"),
        (OSError("AF_UNIX path too long"), "the path of the folder of temporary files is too long: /"),
    ],
)
def test_what_this_machine_lacks(error: Exception, words: str) -> None:
    """Each limit has its own sentence with what to do, also as the cause of another error."""
    outer = OSError("the pool cannot start")
    outer.__cause__ = error
    for one in (error, outer):
        assert str(machine_limit(one)).startswith(words)
        assert type(unexpected(one)) is errors.MachineLimit


@pytest.mark.parametrize("error", [None, OSError("x"), RuntimeError("x"), OSError(errno.ECONNRESET, "x"), KeyError(24)])
def test_what_no_limit_explains(error: Exception | None) -> None:
    """Any other error is no limit of this machine; an unexpected one is a fault of the code, to be reported."""
    assert machine_limit(error) is None
    if error is not None:
        found = unexpected(error)
        assert (found.name, found.hint) == ("InternalError", "please report this")
        assert found.detail == f"failed unexpectedly: {type(error).__name__}: {error}"


def test_errors_in_a_circle() -> None:
    """An error that is the cause of its own cause is looked at once."""
    first, second = OSError("first"), KeyError("second")
    first.__cause__, second.__cause__ = second, first
    assert machine_limit(first) is None
