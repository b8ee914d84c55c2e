from __future__ import annotations

import traceback

import pytest

from rates.errors import KeyRefused, RatesError
from rates.model import Query, Request
from rates.settings import Settings

from .server import Handler, Site, ask

SECRET = "hush-hush-0815"
PAGES = {
    "missing": lambda handler: handler.answer(b"", 404),
    "refused": lambda handler: handler.answer(b"", 401),
    "failed": lambda handler: handler.answer(b"", 500),
    "quota": lambda handler: handler.answer(b"", 429),
    "loop": lambda handler: handler.answer(b"", 302, Location=handler.path),
    "nowhere": lambda handler: handler.answer(b"", 302, Location="ftp://x/" + handler.path),
    "hang": Handler.hang,
    "gone": lambda handler: setattr(handler, "close_connection", True),
    "cut": lambda handler: handler.start(Content_Length="9", Connection="close"),
}


def keyed(url: str) -> Request:
    """A request with the key in param, form and header, and in the path."""
    pair = ("key", SECRET)
    return Request(f"{url}{{key}}", (pair, ("q", "1")), (pair, ("f", "2")), (pair,), private=("key",), path=(pair,))


@pytest.mark.parametrize("name", PAGES)
def test_no_failure_shows_the_key(site: Site, name: str) -> None:
    """Whatever fails, the error's text, its repr and its fields hold no key."""
    site.put(f"/x/{SECRET}", PAGES[name])
    with pytest.raises(RatesError) as caught:
        ask(keyed(site.url("/x/")), timeout=0.1, deadline=2.0)
    error = caught.value
    assert site.seen
    shown = "".join(traceback.format_exception_only(error)) + repr(error) + repr(vars(error)) + str(error.args)
    assert SECRET not in shown


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "http://rates.example/", "https://127.0.0.1:9/"])
def test_no_connection_failure_shows_the_key(url: str) -> None:
    """The same where no server is reached."""
    with pytest.raises(RatesError) as caught:
        ask(keyed(url))
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("key", [f"{SECRET}\n", f"{SECRET}\r\nX-More: 1", f"{SECRET}…", f"{SECRET}\x00"])
def test_key_that_no_header_can_carry(site: Site, key: str) -> None:
    """A key with a line break or a strange letter is refused by name, unsent and unshown, and tried once."""
    request = Request(site.page("/"), headers=(("Authorization", f"Token {key}"),), private=("authorization",))
    with pytest.raises(KeyRefused, match="the key holds a line break") as caught:
        ask(request, retries=3, backoff=60.0)
    assert SECRET not in str(caught.value)
    assert not site.seen


def test_no_repr_shows_the_key() -> None:
    """Requests, queries and settings may be printed; what is not private in them is shown."""
    request = keyed("https://a.example/x")
    query, settings = Query("USD", secrets=(("a", SECRET),)), Settings(keys=(("a", SECRET),))
    for shown in (request, query, settings):
        assert SECRET not in repr(shown)
    assert "https://a.example/x" in repr(request)
    assert "('q', '1')" in repr(request)
    assert "('f', '2')" in repr(request)
