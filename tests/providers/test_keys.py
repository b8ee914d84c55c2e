"""No provider's key reaches a log, an error, a traceback or a recording, over either client.

A server on this machine answers for all hosts with a failure that repeats the whole request.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

import rates.aio
from rates import providers
from rates.errors import ConnectionRefused, RatesError
from rates.fetch import attempt, fetch_quotes
from rates.model import Outcome, Query
from rates.settings import Settings
from tests.transport.server import Handler, Site, serving

USER, PASSWORD = "somebody@bank.example", "hush-0815-Hush-0815-Hush-0815-99"
TODAY = date(2026, 11, 27)
KEYED = [key for key in providers.own_keys() if providers.load(key).PROVIDER.key_env]


def repeats(handler: Handler) -> None:
    """An answer with the request's line and headers in its body and in its headers."""
    words = f"{handler.path} {dict(handler.headers)}"
    handler.answer(words.encode(), 400, X_Echo=handler.path)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """The server, which gives the same answer for every path."""
    with serving() as found:
        found.pages = AnyPath(repeats)
        yield found


class AnyPath(dict[str, Callable[[Handler], None]]):
    """The same page for every path."""

    def __init__(self, page: Callable[[Handler], None]) -> None:
        super().__init__()
        self._page = page

    def get(self, _: str, default: object = None) -> Callable[[Handler], None]:
        """The page."""
        return self._page


def by_thread(base: str, settings: Settings) -> Outcome:
    """A fetch over requests."""
    return attempt(base, settings)


def by_loop(base: str, settings: Settings) -> Outcome:
    """A fetch over aiohttp."""
    return asyncio.run(rates.aio.attempt(base, settings))


@pytest.mark.parametrize("client", [by_thread, by_loop])
@pytest.mark.parametrize("key", KEYED)
def test_no_key_is_shown(
    key: str,
    client: Callable[[str, Settings], Outcome],
    site: Site,
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
) -> None:
    """With every logger at DEBUG, and a server that repeats the key: it is sent, and nothing else has it."""
    caplog.set_level(logging.DEBUG)
    secret = f"{USER}:{PASSWORD}" if key == "bcch" else PASSWORD
    settings = Settings(
        provider=(key,),
        keys=((key, secret),),
        loopback=site.host,
        retries=0,
        record=str(tmp_path),
        today=date(2026, 11, 27),
    )
    base = providers.load(key).PROVIDER.pivot or "EUR"
    site.seen.clear()
    outcome = client(base, settings)
    sent = "".join(f"{seen.path} {seen.headers} {seen.body!r}" for seen in site.seen)
    assert PASSWORD in sent
    shown = [caplog.text, repr(outcome), repr(settings), str(outcome.error), repr(vars(outcome.error))]
    with pytest.raises(RatesError) as caught:
        fetch_quotes(key, Query(base, today=TODAY), settings)
    shown.append("".join(traceback.format_exception(caught.value)))
    shown += [file.read_bytes().decode("latin-1") for file in tmp_path.rglob("*") if file.is_file()]
    for text in shown:
        assert PASSWORD.lower() not in text.lower()


@pytest.mark.parametrize("key", KEYED)
def test_no_failed_connection_shows_a_key(key: str, caplog: pytest.LogCaptureFixture) -> None:
    """The libraries' errors hold the whole URL; as causes of ours they would show it in a traceback."""
    caplog.set_level(logging.DEBUG)
    secret = f"{USER}:{PASSWORD}" if key == "bcch" else PASSWORD
    settings = Settings(provider=(key,), keys=((key, secret),), loopback="127.0.0.1:9", retries=0, today=TODAY)
    with pytest.raises(ConnectionRefused) as caught:
        fetch_quotes(key, Query(providers.load(key).PROVIDER.pivot or "EUR", today=TODAY), settings)
    assert PASSWORD not in "".join(traceback.format_exception(caught.value)) + caplog.text
    assert "127.0.0.1" not in str(caught.value)
