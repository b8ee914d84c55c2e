"""Runs one provider over any `send`: where its failures get their names, once for all providers."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any, TypeVar

from rates import readers
from rates.errors import Blocked, EmptyAnswer, HtmlAnswer, ParseError, RatesError
from rates.fetch.validate import check
from rates.model import Query, Quote, Reply, Request
from rates.providers import ProviderModule
from rates.transport.talk import talk

E = TypeVar("E")

Send = Callable[[Request], Reply]
# How a request is asked within a conversation: yields what is to be done for it, and returns the Reply.
Asking = Callable[[Request], Generator[E, Any, Reply]]

# Words on pages that stand between a program and the data; seen at firewalls of several publishers.
_WALLED, _LATER = "a captcha or firewall page came where data was due", "try later or another provider"
_WALL = (b"captcha", b"cf-challenge", b"access denied", b"request unsuccessful", b"are you a robot")


def run_provider(module: ProviderModule, query: Query, send: Send) -> tuple[Quote, ...]:
    """All quotes that a provider's conversation gives, checked; see `driving`."""
    return talk(driving(module, query, _plainly), send)


def _plainly(request: Request) -> Generator[Request, Reply, Reply]:
    return (yield request)


def driving(module: ProviderModule, query: Query, asking: Asking[E]) -> Generator[E, Any, tuple[Quote, ...]]:
    """The conversation that gives all quotes of a provider's own, checked.

    Errors of the sending are thrown into it, so that a provider can turn to its second host. Whatever else goes wrong
    in the provider's code is a ParseError: the answer was not what the code was written for.
    """
    key = module.PROVIDER.key
    page: list[bytes] = []
    try:
        quotes = yield from _converse(module, query, asking, page)
        check(quotes, module.PROVIDER, query)
    except RatesError as error:
        error.provider = error.provider or key
        raise
    except Exception as error:
        if page and _walled(page[0]):
            raise Blocked(_WALLED, provider=key, hint=_LATER) from error
        raise ParseError(f"the answer cannot be read: {_told(error)}", provider=key) from error
    return quotes


def _converse(
    module: ProviderModule, query: Query, asking: Asking[E], page: list[bytes]
) -> Generator[E, Any, tuple[Quote, ...]]:
    """The provider's conversation: requests out, replies in, until it returns its quotes; `page` is its last page."""
    conversation = module.steps(query)
    try:
        request = next(conversation)
        while True:
            page.clear()
            try:
                reply = yield from asking(request)
                if request.html and readers.is_html(reply.body):
                    page.append(reply.body)
                reply = _data(request, reply)
            except RatesError as error:
                request = conversation.throw(error)
            else:
                request = conversation.send(reply)
    except StopIteration as end:
        return tuple(end.value)
    finally:
        conversation.close()


def _data(request: Request, reply: Reply) -> Reply:
    """The reply, when it can hold data: not empty, and no web page where data was due."""
    if reply.status in request.allow and (request.html or not readers.is_html(reply.body)):
        return reply
    if not reply.body.strip():
        raise EmptyAnswer("the answer is empty")
    if not request.html and readers.is_html(reply.body):
        if _walled(reply.body):
            raise Blocked(_WALLED, hint=_LATER)
        raise HtmlAnswer("a web page came where data was due", hint="the publisher may be down, or have moved")
    return reply


def _walled(body: bytes) -> bool:
    """True for a page that says that it stands before the data."""
    page = body[:20_000].lower()
    return any(word in page for word in _WALL)


def _told(error: Exception) -> str:
    """What went wrong in the reading, in a few words."""
    words = f"no {error.args[0]!r}" if isinstance(error, KeyError) and error.args else str(error)
    if type(error) is ValueError and words:
        return words[:200]  # the readers' own sentence
    return f"{type(error).__name__}: {words}"[:200] if words else type(error).__name__
