from __future__ import annotations

import asyncio
import pickle
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from rates.errors import (
    BadRate,
    Blocked,
    EmptyAnswer,
    ErrorAnswer,
    FutureDay,
    HtmlAnswer,
    InternalError,
    MachineLimit,
    NotFound,
    ParseError,
    RatesError,
    TimedOut,
    Unsupported,
    WrongBase,
    WrongDay,
    WrongIdentity,
)
from rates.fetch import run_provider
from rates.fetch.validate import check_query
from rates.model import Query, Quote, Reply, Request
from rates.providers import ProviderModule, Steps

from .publisher import TODAY, asking, facts, giving, module, never, quote

LATEST = Query("EUR", today=TODAY)
TOMORROW, YESTERDAY = TODAY + timedelta(days=1), TODAY - timedelta(days=1)
GOOD = quote("EUR", "USD", "1.10")


def on(day: date) -> Query:
    """The question for one day."""
    return replace(LATEST, start=day, end=day)


@pytest.mark.parametrize(
    ("quotes", "query", "error", "words"),
    [
        ([], LATEST, EmptyAnswer, "holds no rates"),
        ([GOOD, quote("EUR", "JPY", "0")], LATEST, BadRate, "EUR to JPY is 0 on 2026-10-30"),
        ([GOOD, quote("EUR", "JPY", "-1")], LATEST, BadRate, "EUR to JPY is -1"),
        ([GOOD, quote("EUR", "JPY", "NaN")], LATEST, BadRate, "EUR to JPY is NaN"),
        ([GOOD, quote("EUR", "JPY", "sNaN")], LATEST, BadRate, "EUR to JPY is sNaN"),
        ([GOOD, quote("EUR", "JPY", "Infinity")], LATEST, BadRate, "EUR to JPY is Infinity"),
        ([quote("EUR", "USD", "1.1", TODAY + timedelta(days=2))], LATEST, FutureDay, "2026-11-01, after tomorrow"),
        ([GOOD, quote("EUR", "EUR", "1.01")], LATEST, WrongIdentity, "1 EUR costs 1.01 EUR"),
        ([GOOD, quote("EUR", "Yen", "160")], LATEST, ParseError, "'Yen' is not a currency code"),
        ([GOOD, quote("EUR", "ＵＳＤ", "160")], LATEST, ParseError, "is not a currency code"),
        ([GOOD, tuple(quote("EUR", "JPY", "160"))], LATEST, ParseError, "'tuple' object has no attribute"),
        ([GOOD, quote("USD", "JPY", "150")], LATEST, WrongBase, "quotes USD to JPY, without its own EUR"),
        ([GOOD, quote("USD", "DEM", "1.7")], LATEST, WrongBase, "quotes USD to DEM, without its own EUR"),
        ([GOOD], on(date(2026, 10, 1)), WrongDay, "has nothing for 2026-10-01; the nearest it has is 2026-10-30"),
        ([GOOD], on(TOMORROW), WrongDay, "has nothing for 2026-10-31; the nearest it has is 2026-10-30"),
        ([GOOD], on(TODAY + timedelta(days=8)), WrongDay, "has nothing for 2026-11-07"),
        (
            [GOOD], replace(LATEST, start=date(2026, 10, 1), end=date(2026, 10, 9)), WrongDay,
            "has nothing from 2026-10-01 to 2026-10-09; the nearest it has is 2026-10-30",
        ),
    ],
)  # fmt: skip
def test_nonsense_has_its_name(quotes: list[Quote], query: Query, error: type[RatesError], words: str) -> None:
    """An impossible quote is a named error with the provider and the value, and survives pickling."""
    with pytest.raises(error) as caught:
        run_provider(giving(quotes), query, never)
    assert type(caught.value) is error
    assert caught.value.provider == "bank"
    assert words in str(caught.value)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_other_base_than_asked() -> None:
    """A publisher that answers per base and answers for another one is WrongBase."""
    per_base = facts(pivot="")
    with pytest.raises(WrongBase, match="asked for EUR, it answers for USD"):
        run_provider(giving([quote("USD", "EUR", "0.9")], per_base), LATEST, never)


@pytest.mark.parametrize(
    ("quotes", "query"),
    [
        ([GOOD, quote("EUR", "EUR", "1.000")], LATEST),
        ([quote("USD", "EUR", "0.9")], LATEST),
        ([quote("EUR", "USD", "1.1", TOMORROW)], LATEST),
        ([quote("EUR", "USD", "1.1", date(2026, 10, 23))], on(TODAY)),
        ([quote("EUR", "USD", "1.1", YESTERDAY)], on(TODAY)),
    ],
)
def test_sense_passes(quotes: list[Quote], query: Query) -> None:
    """Identities of 1, quotes to the pivot, tomorrow's rates, and those of the last working day are accepted."""
    assert run_provider(giving(quotes), query, never) == tuple(quotes)


PAGE = b"  <!DOCTYPE html><html><title>We are back soon</title></html>"
WALL = b"<html><body>Please solve the CAPTCHA</body></html>"


@pytest.mark.parametrize(
    ("body", "error"),
    [(b"", EmptyAnswer), (b" \r\n", EmptyAnswer), (PAGE, HtmlAnswer), (WALL, Blocked), (b"{", ParseError)],
)
def test_bodies_that_are_no_data(body: bytes, error: type[RatesError]) -> None:
    """An empty body, a page, a captcha and unreadable data are different errors, even with a success status."""
    with pytest.raises(error) as caught:
        run_provider(asking(facts()), LATEST, lambda request: Reply(200, body))
    assert caught.value.provider == "bank"


def test_page_where_a_page_was_due() -> None:
    """A publisher whose data is a page gets it."""

    def steps(query: Query) -> Steps:
        reply = yield Request("http://bank.example/", html=True)
        assert reply.body == PAGE
        return [GOOD]

    assert run_provider(module(facts(), steps), LATEST, lambda request: Reply(200, PAGE)) == (GOOD,)


def test_allowed_failure_reaches_the_provider() -> None:
    """A status that the provider reads itself reaches it, an empty body too; its own error keeps its name."""

    def steps(query: Query) -> Steps:
        reply = yield Request("http://bank.example/", allow=(404,))
        assert (reply.status, reply.body) == (404, b"")
        raise ErrorAnswer("reports that all is lost")

    with pytest.raises(ErrorAnswer, match="bank: reports that all is lost"):
        run_provider(module(facts(), steps), LATEST, lambda request: Reply(404, b""))


def test_second_host() -> None:
    """Errors of `send` are thrown into the conversation, so that a provider can turn to another host."""

    def steps(query: Query) -> Steps:
        try:
            yield Request("http://one.example/")
        except NotFound:
            yield Request("http://two.example/")
        return [GOOD]

    asked: list[str] = []

    def send(request: Request) -> Reply:
        asked.append(request.url)
        if len(asked) == 1:
            raise NotFound("gone")
        return Reply(200, b"x")

    assert run_provider(module(facts(), steps), LATEST, send) == (GOOD,)
    assert asked == ["http://one.example/", "http://two.example/"]


def test_error_of_send_keeps_its_name() -> None:
    """An error that the provider does not handle keeps its type, and gets the provider's key."""

    def send(request: Request) -> Reply:
        raise TimedOut("too slow")

    with pytest.raises(TimedOut, match="bank: too slow"):
        run_provider(asking(facts()), LATEST, send)


def test_fault_in_the_sending_keeps_its_type() -> None:
    """An unexpected exception of the sending is not reported as an unreadable answer."""

    def send(request: Request) -> Reply:
        raise AttributeError("a fault in the sending")

    with pytest.raises(AttributeError, match="a fault in the sending"):
        run_provider(asking(facts()), LATEST, send)


def broken(kind: str) -> Callable[[Query], Steps]:
    """Steps with a fault."""

    def steps(query: Query) -> Steps:
        reply = yield Request("http://bank.example/")
        if kind == "key":
            return {}["rates"]  # type: ignore[no-any-return]
        if kind == "value":
            return [Quote("EUR", "USD", Decimal(reply.body.decode()), TODAY)]
        if kind == "none":
            return None  # type: ignore[return-value]
        return (quote("EUR", symbol, "1") for symbol in (None,) if symbol.upper())  # type: ignore[attr-defined]

    return steps


@pytest.mark.parametrize(
    ("kind", "words"),
    [("key", "KeyError: no 'rates'"), ("value", "InvalidOperation"), ("none", "TypeError"), ("lazy", "AttributeError")],
)
def test_fault_in_the_reading(kind: str, words: str) -> None:
    """Any exception in a provider's code is its ParseError, in a few words, also while its quotes are iterated."""
    with pytest.raises(ParseError, match=f"bank: the answer cannot be read: {words}") as caught:
        run_provider(module(facts(), broken(kind)), LATEST, lambda request: Reply(200, b"abc" * 500))
    assert len(str(caught.value)) < 300


def test_conversation_is_closed() -> None:
    """A provider's generator is closed when the fetch is broken off."""
    closed = []

    def steps(query: Query) -> Steps:
        try:
            yield Request("http://bank.example/")
        finally:
            closed.append(True)
        return []

    def send(request: Request) -> Reply:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_provider(module(facts(), steps), LATEST, send)
    assert closed == [True]


def test_question_that_it_cannot_answer() -> None:
    """A range of a provider without ranges, or a day before its first, is Unsupported; the error says what it has."""
    with pytest.raises(Unsupported, match="bank: cannot answer for a range of days; it answers for the latest rates"):
        check_query(facts(answers=("latest",)), replace(LATEST, start=YESTERDAY, end=TODAY))
    with pytest.raises(Unsupported, match="bank: has no rates of 1999-12-31; its first are of 2000-01-03"):
        check_query(facts(), on(date(1999, 12, 31)))
    check_query(facts(), LATEST)
    check_query(facts(), replace(LATEST, start=date(1999, 1, 1), end=TODAY))


# --- the provider's own code -----------------------------------------------------------------------------------------

ENDING = [
    SystemExit(5),
    KeyboardInterrupt(),
    GeneratorExit(),
    asyncio.CancelledError(),
    BaseExceptionGroup("many", [SystemExit()]),
]


def raising(error: BaseException, where: str) -> ProviderModule:
    """A provider whose code raises an error: when it is called, at its first step, or after an answer."""

    def steps(query: Query) -> Steps:
        if where == "first":
            raise error
        yield Request("https://bank.example/")
        raise error

    def called(query: Query) -> Steps:
        raise error

    return module(facts(), called if where == "call" else steps)


def in_thread(call: Callable[[], object]) -> object:
    """What a call raises in a thread, where no Ctrl-C can come from; else what it gives."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: _caught(call)).result()


def _caught(call: Callable[[], object]) -> object:
    try:
        return call()
    except BaseException as error:
        return error


@pytest.mark.parametrize("where", ["call", "first", "answer"])
@pytest.mark.parametrize("error", ENDING, ids=lambda error: type(error).__name__)
def test_code_that_would_end_the_program(error: BaseException, where: str) -> None:
    """A provider that raises what ends a program is a fault of its code, by name, and ends no more than its fetch."""
    found = in_thread(lambda: run_provider(raising(error, where), LATEST, lambda request: Reply(200, b"x")))
    assert isinstance(found, InternalError)
    assert str(found).startswith(f"{facts().key}: its code raised {type(error).__name__}")
    assert found.hint == "please report this"


@pytest.mark.parametrize("where", ["call", "first", "answer"])
def test_out_of_memory(where: str) -> None:
    """An answer for which there is no memory is no fault of the publisher."""
    with pytest.raises(MachineLimit, match="this machine has no memory left; use fewer --workers"):
        run_provider(raising(MemoryError(), where), LATEST, lambda request: Reply(200, b"x"))


def test_ctrl_c_in_a_provider() -> None:
    """A Ctrl-C strikes wherever the main thread is, and ends the program."""
    with pytest.raises(KeyboardInterrupt):
        run_provider(raising(KeyboardInterrupt(), "answer"), LATEST, lambda request: Reply(200, b"x"))


def test_signal_handler_in_a_provider() -> None:
    """So does a handler of the program for another signal, which raises SystemExit."""

    def stop(number: int, frame: object) -> None:
        raise SystemExit(number)

    def steps(query: Query) -> Steps:
        yield Request("https://bank.example/")
        signal.raise_signal(signal.SIGTERM)
        return [GOOD]

    before = signal.signal(signal.SIGTERM, stop)
    try:
        with pytest.raises(SystemExit):
            run_provider(module(facts(), steps), LATEST, lambda request: Reply(200, b"x"))
    finally:
        signal.signal(signal.SIGTERM, before)


def test_the_end_of_a_provider_does_not_count() -> None:
    """What its code raises while it is broken off does not hide why it was."""

    def steps(query: Query) -> Steps:
        try:
            yield Request("https://bank.example/")
        except GeneratorExit:
            raise SystemExit(5) from None
        return [GOOD]

    def ask(request: Request) -> Reply:
        raise TimeoutError("of the test")

    found = in_thread(lambda: run_provider(module(facts(), steps), LATEST, ask))
    assert isinstance(found, TimeoutError)
