"""A fake publisher, and questions to put to it: a provider runs against it through the real driver, with no network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rates import providers
from rates.errors import AnswerError, RatesError
from rates.fetch.run_provider import run_provider
from rates.model import Query, Quote, Reply, Request

TODAY = date(2026, 10, 30)  # a Friday
SPECIMENS = Path(__file__).parent.parent / "specimens"

PAGE = b"<!DOCTYPE html>\n<html><head><title>Maintenance</title></head><body>We are back soon.</body></html>\n"

Answer = bytes | Reply | RatesError


class Publisher:
    """Gives its answers in order, whatever is asked, and keeps the questions. An error is raised, as transport does."""

    def __init__(self, answers: Sequence[Answer]) -> None:
        self.answers = list(answers)
        self.asked: list[Request] = []

    def __call__(self, request: Request) -> Reply:
        """The next answer."""
        self.asked.append(request)
        if not self.answers:
            raise AnswerError("no answer is left for another question")
        answer = self.answers.pop(0)
        if isinstance(answer, RatesError):
            raise answer
        return Reply(200, answer) if isinstance(answer, bytes) else answer

    def urls(self) -> list[str]:
        """The questions as URLs, parameters in order and without escapes, so that they read as documented."""
        return [written(request) for request in self.asked]


def written(request: Request) -> str:
    """The request's URL with its parameters, unescaped."""
    query = "&".join(f"{name}={value}" for name, value in request.params)
    return f"{request.url}?{query}" if query else request.url


def specimen(name: str) -> bytes:
    """The bytes of one specimen, such as ecb/daily.xml."""
    return (SPECIMENS / name).read_bytes()


def ask(key: str, query: Query, *answers: Answer) -> tuple[tuple[Quote, ...], list[str]]:
    """The quotes that the provider makes of these answers, and the URLs that it asked for. All answers must be used."""
    publisher = Publisher(answers)
    quotes = run_provider(providers.load(key), query, publisher)
    assert not publisher.answers, "the provider did not ask for all answers"
    return quotes, publisher.urls()


def latest(base: str, *symbols: str, secrets: tuple[tuple[str, str], ...] = ()) -> Query:
    """The question for the latest rates."""
    return Query(base, symbols, today=TODAY, secrets=secrets)


def on(day: date, base: str, *symbols: str, secrets: tuple[tuple[str, str], ...] = ()) -> Query:
    """The question for one day."""
    return Query(base, symbols, day, day, TODAY, secrets)


def between(start: date, end: date, base: str, *symbols: str, secrets: tuple[tuple[str, str], ...] = ()) -> Query:
    """The question for a range of days."""
    return Query(base, symbols, start, end, TODAY, secrets)


@dataclass(frozen=True)
class Case:
    """A question for the latest rates with its good answers.

    figure: the text of one rate in the first answer. other: a base that a per-base answer is not for.
    lines: True when the format is lines of text, which may end after any of them unnoticed. html: True when the data
    are a web page, which may lack its end when the table is whole. packed: True when the answer is
    compressed (xlsx, xls, pdf), so that a figure cannot be replaced in its bytes; figure is then of no matter.
    """

    query: Query
    answers: tuple[bytes, ...]
    figure: bytes
    other: str = ""
    lines: bool = False
    html: bool = False
    packed: bool = False


def case(
    key: str,
    base: str,
    figure: str,
    *names: str,
    other: str = "",
    lines: bool = False,
    html: bool = False,
    packed: bool = False,
) -> Case:
    """The case of a provider's latest rates from its specimens, named without their folder, in the order of asking."""
    query = latest(base, secrets=((key, "k3y-of-tests"),))
    answers = tuple(specimen(f"{key}/{name}") for name in names)
    return Case(query, answers, figure.encode(), other, lines, html, packed)
