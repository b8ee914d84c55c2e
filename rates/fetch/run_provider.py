"""Runs one provider's generator: sends its requests, hands it the answers, and names what goes wrong."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVarTuple

from rates import readers
from rates.currencies.believed import believed
from rates.errors import (
    Blocked,
    EmptyAnswer,
    HtmlAnswer,
    InternalError,
    ParseError,
    RatesError,
    by_signal,
    machine_limit,
)
from rates.fetch.validate import check_quotes
from rates.model import Provider, Query, Quote, Reply, Request
from rates.providers import ProviderModule, Steps
from rates.readers import apart
from rates.transport import SLOW, THREAD, Io, run_coroutine
from rates.transport.watchdog import TimeOver

Ts = TypeVarTuple("Ts")

Quotes = tuple[Quote, ...]
Send = Callable[[Request], Reply]
Ask = Callable[[Request], Awaitable[Reply]]
# Which of a provider's quotes are wanted for a query.
Keep = Callable[[Quotes, Provider, Query], Iterable[Quote]]

_PACKED = (b"PK", b"%PDF", b"\xd0\xcf\x11\xe0")  # zip and xlsx, PDF, xls
# Words on pages of the firewalls of several publishers.
_WALLED, _LATER = "a captcha or firewall page came in place of data", "try later or another provider"
_WALL = (b"captcha", b"cf-challenge", b"access denied", b"request unsuccessful", b"are you a robot")


def run_provider(module: ProviderModule, query: Query, send: Send) -> Quotes:
    """All quotes that a provider gives for a query, checked; see `converse`."""

    async def ask(request: Request) -> Reply:
        return send(request)

    return run_coroutine(converse(THREAD, module, query, ask))


async def converse(io: Io, module: ProviderModule, query: Query, ask: Ask, keep: Keep | None = None) -> Quotes:
    """All quotes that a provider gives for a query, checked, and then only those that `keep` gives of them.

    Errors of the asking are thrown into the provider's generator, which may ask its second host. Any other exception in
    the provider's code is a ParseError: the answer was not what the code was written for. One that would end the
    program, as SystemExit, is an InternalError.
    """
    conversation = _Conversation(module, query, keep)
    try:
        step = conversation.begin()
        while isinstance(step, Request):
            try:
                reply = await ask(step)
            except RatesError as error:
                step = conversation.fail(error)
            else:
                step = await io.compute(_effort(reply.body), conversation.answer, reply)
        return step
    finally:
        conversation.close()


def _effort(body: bytes) -> float:
    """The size of an answer for `Io.compute`; a packed one takes long whatever its size."""
    return SLOW if body.startswith(_PACKED) else len(body)


class _Conversation:
    """One provider's generator under way; each step gives the next request, or in the end the quotes."""

    _request: Request

    def __init__(self, module: ProviderModule, query: Query, keep: Keep | None) -> None:
        self._provider, self._query, self._keep = module.PROVIDER, query, keep
        self._begin = module.steps
        self._steps: Steps | None = None
        self._page = b""  # the last answer, if it was a web page that was asked for

    def begin(self) -> Request | Quotes:
        """The first request."""

        def first() -> Request:
            self._steps = self._begin(self._query)
            return next(self._steps)

        return self._advance(first)

    def answer(self, reply: Reply) -> Request | Quotes:
        """Goes on with an answer; one that cannot hold data is an error in the provider's generator."""
        if self._request.html and readers.is_html(reply.body):
            self._page = reply.body
        try:
            _check_body(self._request, reply)
        except RatesError as error:
            return self.fail(error)
        assert self._steps is not None
        return self._advance(self._steps.send, reply)

    def fail(self, error: RatesError) -> Request | Quotes:
        """Goes on with an error in place of an answer."""
        assert self._steps is not None
        return self._advance(self._steps.throw, error)

    def close(self) -> None:
        """Ends the generator, unless a thread still computes in it for a task that was cancelled.

        What its code does then has no effect on the answer.
        """
        if self._steps is not None and not self._steps.gi_running:  # type: ignore[attr-defined]
            try:
                self._steps.close()
            except BaseException as error:
                if by_signal(error):
                    raise

    def _advance(self, step: Callable[[*Ts], Request], *args: *Ts) -> Request | Quotes:
        """The next request or the quotes, within the time of the fetch."""
        fetch = apart.limit.get()
        return self._take(step, *args) if fetch is None else fetch.compute(self._take, step, *args)

    def _take(self, step: Callable[[*Ts], Request], *args: *Ts) -> Request | Quotes:
        """The next request or the quotes; every error gets its name and the provider's key."""
        provider = self._provider
        try:
            try:
                self._request = step(*args)
                self._page = b""
                return self._request
            except StopIteration as end:
                quotes = tuple(end.value)
            check_quotes(quotes, provider, self._query)
            if self._keep is None:
                return quotes
            on = self._query.end or self._query.today
            return believed(tuple(self._keep(quotes, provider, self._query)), on, provider.key)
        except RatesError as error:
            error.provider = error.provider or provider.key
            raise
        except BaseException as error:
            if isinstance(error, TimeOver) or by_signal(error):
                raise
            raise self._failure(error) from error

    def _failure(self, error: BaseException) -> RatesError:
        """The error of an exception of the provider's code."""
        key = self._provider.key
        if limit := machine_limit(error):
            limit.provider = key
            return limit
        if not isinstance(error, Exception):
            detail = f"its code raised {_reason(error)}, which would end the program"
            return InternalError(detail, provider=key, hint="please report this")
        if self._page and _is_wall(self._page):
            return Blocked(_WALLED, provider=key, hint=_LATER)
        return ParseError(f"the answer cannot be read: {_reason(error)}", provider=key)


def _check_body(request: Request, reply: Reply) -> None:
    """Raises the named error of an answer that cannot hold data: it is empty, or a web page in place of data."""
    if reply.status in request.allow and (request.html or not readers.is_html(reply.body)):
        return
    if not reply.body.strip():
        raise EmptyAnswer("the answer is empty")
    if not request.html and readers.is_html(reply.body):
        if _is_wall(reply.body):
            raise Blocked(_WALLED, hint=_LATER)
        raise HtmlAnswer("a web page came in place of data", hint="the publisher may be down, or have moved")


def _is_wall(body: bytes) -> bool:
    """True for a page of a firewall in front of the data."""
    page = body[:20_000].lower()
    return any(word in page for word in _WALL)


def _reason(error: BaseException) -> str:
    """Why the answer could not be read, in a few words."""
    words = f"no {error.args[0]!r}" if isinstance(error, KeyError) and error.args else str(error)
    if type(error) is ValueError and words:
        return words[:200]  # the sentence of a reader
    return f"{type(error).__name__}: {words}"[:200] if words else type(error).__name__
