"""The conversations that a provider's own tests hold, heard while these run: questions with their good answers.

So every recorded body and every specimen comes with the question that it answers, without being named a second time.
"""

from __future__ import annotations

import inspect
import itertools
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

from rates import providers
from rates.errors import NotFound
from rates.fetch.run_provider import Send, run_provider
from rates.model import Query, Quote, Reply, Request
from rates.providers import ProviderModule
from tests.providers import conversation, recordings, services
from tests.providers.cases import CASES

Pair = tuple[Request, Reply]
NO_ONES = ("test_contract", "test_recorded")  # recordings of several providers


@dataclass(frozen=True)
class Held:
    """A question, what was asked and answered, and what the provider made of it."""

    module: ProviderModule
    query: Query
    pairs: tuple[Pair, ...]
    truth: tuple[Quote, ...]

    def with_body(self, place: int, body: bytes) -> tuple[Quote, ...]:
        """What the provider makes of the conversation when one answer has another body."""
        replies: dict[Request, list[Reply]] = {}
        for number, (request, reply) in enumerate(self.pairs):
            now = Reply(reply.status, body, reply.headers) if number == place else reply
            replies.setdefault(request, []).append(now)

        def send(request: Request) -> Reply:
            known = replies.get(request)
            if not known:
                raise NotFound("the damaged answer led to another question")
            return known.pop(0) if len(known) > 1 else known[0]

        return run_provider(self.module, self.query, send)


@cache
def held(key: str) -> tuple[Held, ...]:
    """The different conversations of the provider's own tests, the case of the contract first."""
    heard: list[Held] = []
    case = CASES[key]
    with _hearing(heard, conversation):
        conversation.ask(key, case.query, *case.answers)
    for name in (f"test_{key}", "test_recorded"):
        home = import_module(f"tests.providers.{name}")
        with _hearing(heard, conversation, recordings, services, home):
            for test in _tests(home, "" if name != "test_recorded" else key):
                test()
    heard = [one for one in heard if one.module is providers.load(key)]
    read = {reply.body for one in heard for _, reply in one.pairs}
    heard += [one for body in _bodies(key) if body not in read for one in _parsed(key, body)]
    different = {
        (one.query, *((request, reply.status, reply.body) for request, reply in one.pairs)): one for one in heard
    }
    return tuple(different.values())


@contextmanager
def _hearing(heard: list[Held], *homes: ModuleType) -> Iterator[None]:
    """Whatever these modules run to a good end is heard."""

    def hearing(module: ProviderModule, query: Query, send: Send) -> tuple[Quote, ...]:
        pairs: list[Pair] = []

        def sent(request: Request) -> Reply:
            reply = send(request)
            pairs.append((request, reply))
            return reply

        quotes = run_provider(module, query, sent)
        heard.append(Held(module, query, tuple(pairs), quotes))
        return quotes

    places = [home for home in homes if getattr(home, "run_provider", None) is run_provider]
    for home in places:
        home.run_provider = hearing  # type: ignore[attr-defined]
    try:
        yield
    finally:
        for home in places:
            home.run_provider = run_provider  # type: ignore[attr-defined]


def _tests(home: ModuleType, key: str) -> Iterator[Callable[[], object]]:
    """The tests of a module whose names begin with the key, each with each of its parameters; none with fixtures."""
    for name, test in list(vars(home).items()):
        if not re.match(rf"test_{key}(_|$)" if key else "test_", name) or not inspect.isfunction(test):
            continue
        if not recordings.SOURCES.is_dir() and recordings.recordings.mark in getattr(test, "pytestmark", ()):
            continue
        for given in _parameters(test):
            if set(given) == set(inspect.signature(test).parameters):
                yield lambda test=test, given=given: _quiet(test, given)


def _parameters(test: Any) -> Iterator[Mapping[str, object]]:
    """Every combination of the values that a test's marks give it."""
    choices = []
    for mark in getattr(test, "pytestmark", ()):
        if mark.name == "parametrize":
            names = [
                name.strip() for name in (mark.args[0].split(",") if isinstance(mark.args[0], str) else mark.args[0])
            ]
            values = [getattr(value, "values", value) if hasattr(value, "marks") else value for value in mark.args[1]]
            rows = [value if isinstance(value, tuple) and len(names) > 1 else (value,) for value in values]
            choices.append([dict(zip(names, row, strict=False)) for row in rows])
    for chosen in itertools.product(*choices):
        yield {name: value for part in chosen for name, value in part.items()}


def _quiet(test: Callable[..., object], given: Mapping[str, object]) -> None:
    """Runs the test; a failure or a skip is ignored here, since the test also runs by itself."""
    try:
        test(**given)
    except (Exception, _SKIPPED):
        pass


def _skipped() -> type[BaseException]:
    import pytest

    return pytest.skip.Exception


_SKIPPED = _skipped()


def _bodies(key: str) -> Iterator[bytes]:
    """The recorded bodies in the folders that the provider's own tests name."""
    shared = import_module("tests.providers.test_recorded")
    own = [test for name, test in vars(shared).items() if re.match(rf"test_{key}(_|$)", name)]
    written = "".join(map(inspect.getsource, [import_module(f"tests.providers.test_{key}"), *own]))
    root = recordings.SOURCES / "exchanges"
    for folder in sorted(root.iterdir()) if root.is_dir() else ():
        if folder.name == key or re.search(rf"""["'(]{re.escape(folder.name)}["'/]""", written):
            yield from (file.read_bytes() for file in sorted(folder.iterdir()) if file.name != "exchange.json")


def _parsed(key: str, body: bytes) -> Iterator[Held]:
    """The conversation of one request whose answer is the body, when it has good quotes."""
    reading = _Reading(providers.load(key))
    pair = (Request("https://bank.example/", html=CASES[key].html), Reply(200, body))
    try:
        quotes = list(reading.parse(body))
        query = Query(reading.PROVIDER.pivot or quotes[0].base, today=max(quote.day for quote in quotes))
        yield Held(reading, query, (pair,), run_provider(reading, query, lambda _: pair[1]))
    except Exception:
        return


class _Reading:
    """A provider that asks one question and reads the answer, for bodies that no test asks for."""

    def __init__(self, module: ProviderModule) -> None:
        self.PROVIDER = module.PROVIDER
        self.parse = module.parse

    def steps(self, query: Query) -> providers.Steps:
        """The one question."""
        reply = yield Request("https://bank.example/", html=CASES[self.PROVIDER.key].html)
        return self.parse(reply.body)
