"""What must hold of every provider alike."""

from __future__ import annotations

import ast
import inspect
import re

import pytest

from rates import providers
from rates.currencies import codes
from rates.errors import (
    AnswerError,
    BadRate,
    Blocked,
    EmptyAnswer,
    HtmlAnswer,
    KeyNeeded,
    NoRates,
    ParseError,
    RatesError,
    WrongBase,
)
from rates.fetch.run_provider import run_provider
from rates.model import Query, Quote, Reply, Request
from tests.providers.cases import CASES
from tests.providers.conversation import PAGE, TODAY, Case, Publisher

KEYS = providers.own_keys()
LABELS = ("Publishes", "Quoted", "Answer", "Source")

# What a provider may import: our rooms to its left, and what computes. No clock, no file, no network, no environment.
PURE = {
    "__future__",
    "collections",
    "collections.abc",
    "datetime",
    "decimal",
    "functools",
    "itertools",
    "json",  # for the bodies of questions
    "rates",
    "rates.currencies",
    "rates.errors",
    "rates.model",
    "rates.providers",
    "rates.providers.kit",
    "rates.readers",
    "re",
    "typing",
    "xml.etree.ElementTree",  # for the type alone
}

# Kinds of rates that are valid for a period.
LENGTHS = ("monthly", "quarterly", "half-yearly", "yearly")
PERIODS = ("monthly", "quarterly", "spot", "customs", *(f"{length} average" for length in LENGTHS))
RATE_TYPES = {
    *("official", "reference", "indicative", "fixing", "representative", "blended", "floating", "selling"),
    *PERIODS,
    *("mid", "mid of buying and selling", "market mid", "market average", "market buying", "market closing"),
}
TIME = r"((about|by) )?\d\d:\d\d|in the morning|in the afternoon|no stated time|monthly|a month ahead"
OTHERWISE = r"every (hour|minute) UTC|00:00 and 12:00 UTC|through the day|ended on [\d-]+"
WHEN = rf"({TIME}) ([A-Z]\w+/[\w/]+|UTC)(, .+)?|{OTHERWISE}"

SINGLE = {"bsp"}  # publishers of one rate, a document a day


def answered(key: str, case: Case, *answers: bytes) -> tuple[Quote, ...]:
    """The quotes of these answers instead of the case's first ones; given twice if the provider asks a second host."""
    spare = answers if key == "currency_api" else ()
    publisher = Publisher([*answers, *spare, *case.answers[len(answers) :]])
    return run_provider(providers.load(key), case.query, publisher)


def test_every_provider_has_a_case() -> None:
    """A provider without a good conversation in `cases` would be tested by nothing here."""
    assert tuple(sorted(CASES)) == KEYS


@pytest.mark.parametrize("key", KEYS)
def test_docstring_has_the_four_labelled_lines(key: str) -> None:
    """Who opens a provider reads what is published, which side, in what form, and where that is described."""
    lines = (providers.load(key).__doc__ or "").splitlines()
    assert [line.partition(":")[0] for line in lines[2:6]] == list(LABELS)
    assert all(len(line.partition(":")[2]) > 10 for line in lines[2:6])
    assert lines[5].startswith("Source: https://")


@pytest.mark.parametrize("key", KEYS)
def test_facts_are_complete(key: str) -> None:
    """PROVIDER has its key, publisher, terms, first day and rate limit."""
    facts = providers.load(key).PROVIDER
    assert facts.key == key
    assert facts.name
    assert facts.rate_type
    assert facts.cadence
    assert facts.published
    assert facts.terms
    assert re.fullmatch(r"([A-Z]{2})?", facts.country)
    assert not facts.pivot or facts.pivot in codes()
    assert facts.since < TODAY
    assert facts.answers
    assert set(facts.answers) <= {"latest", "day", "range"}
    assert facts.source.startswith("https://")
    assert facts.concurrency >= 1
    assert facts.spacing_s >= 0
    assert facts.gap_days >= 1
    assert bool(facts.key_env) == bool(facts.key_url)


@pytest.mark.parametrize("key", KEYS)
def test_facts_speak_alike(key: str) -> None:
    """Every field has the same words for the same thing, and a service is official only where it reprints a bank."""
    facts = providers.load(key).PROVIDER
    assert facts.rate_type in RATE_TYPES
    assert re.fullmatch(WHEN, facts.published)
    assert re.match(
        r"(daily|hourly|weekly|monthly|quarterly|half-yearly|yearly|every minute|continuous)(, |$)", facts.cadence
    )
    assert re.fullmatch(r"([A-Z_]+_API_KEY)?|OPENEXCHANGERATES_APP_ID", facts.key_env)  # the last is its maker's name
    assert facts.periods == (facts.rate_type in PERIODS)
    assert facts.kind != "service" or not facts.official or facts.reprints
    assert not facts.reprints or facts.reprints in KEYS


@pytest.mark.parametrize("key", KEYS)
def test_imports_nothing_that_does_io(key: str) -> None:
    """A provider is pure: it imports no clock, file, network or environment, and never asks for today."""
    tree = ast.parse(inspect.getsource(providers.load(key)))  # type: ignore[arg-type]
    names = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    names |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert {name for name in names if not (name or "").startswith("rates.providers._")} <= PURE
    functions = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    called = {node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "") for node in functions}
    assert not called & {"today", "now", "open", "print"}


@pytest.mark.parametrize("key", KEYS)
def test_specimen_gives_checked_quotes(key: str) -> None:
    """The good answers give positive rates of three-letter codes with the pivot or the asked base in each."""
    case = CASES[key]
    facts = providers.load(key).PROVIDER
    quotes = answered(key, case)
    assert len(quotes) >= (1 if key in SINGLE else 3)
    for quote in quotes:
        assert quote.rate.is_finite()
        assert quote.rate > 0
        assert re.fullmatch(r"[A-Z]{3}", quote.base)
        assert re.fullmatch(r"[A-Z]{3}", quote.symbol)
        assert facts.pivot in (quote.base, quote.symbol) if facts.pivot else quote.base == case.query.base


@pytest.mark.parametrize("key", KEYS)
def test_parse_is_pure(key: str) -> None:
    """The same bytes give the same quotes, however often and in whatever order they are read."""
    module = providers.load(key)
    first = [list(module.parse(body)) for body in CASES[key].answers]
    again = [list(module.parse(body)) for body in reversed(CASES[key].answers)]
    assert first == again[::-1]


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("body", [b"", b"  \r\n"])
def test_empty_body_is_empty_answer(key: str, body: bytes) -> None:
    """Nothing at all, or white space, is no holiday."""
    with pytest.raises(EmptyAnswer) as caught:
        answered(key, CASES[key], body)
    assert caught.value.provider == key


@pytest.mark.parametrize("key", KEYS)
def test_maintenance_page_is_html_answer(key: str) -> None:
    """A page with status 200 in place of data is an HtmlAnswer; if the data are a page, a ParseError."""
    with pytest.raises(ParseError if CASES[key].html else HtmlAnswer):
        answered(key, CASES[key], PAGE)


@pytest.mark.parametrize("key", KEYS)
def test_captcha_is_blocked(key: str) -> None:
    """A page that asks for a captcha is a firewall's, not the publisher's."""
    with pytest.raises(Blocked):
        answered(key, CASES[key], PAGE.replace(b"We are back soon.", b"Solve the captcha"))


@pytest.mark.parametrize("key", KEYS)
def test_an_error_page_is_no_holiday(key: str) -> None:
    """A page with a failure status that the provider reads itself is a named error, and never "no data"."""
    case = CASES[key]
    page = PAGE.replace(b"We are back soon.", b"404 Not Found")

    def send(request: Request) -> Reply:
        return Reply(request.allow[0] if request.allow else 200, page)

    with pytest.raises(RatesError) as caught:
        run_provider(providers.load(key), case.query, send)
    assert not isinstance(caught.value, NoRates)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("body", [b"{}", b"[]", b"null", b"42", b'"rates"', b"[[]]", b"[null]", b"<a/>", b"a,b\n1,2\n"])
def test_another_document_is_an_answer_error(key: str, body: bytes) -> None:
    """A well-formed document of another shape is a named error of that provider, no traceback of another type.

    An empty list is how several publishers say that they have nothing, so that it may be NoRates.
    """
    with pytest.raises((AnswerError, NoRates) if body == b"[]" else AnswerError):
        answered(key, CASES[key], body)


@pytest.mark.parametrize("key", KEYS)
def test_truncated_bytes_never_lose_rates_in_silence(key: str) -> None:
    """Cut at any of many places, an answer is a named error; lines may end early, but never with a wrong rate."""
    case = CASES[key]
    whole, body = answered(key, case), case.answers[0]
    for cut in range(1, len(body), max(1, len(body) // 300)):
        try:
            quotes = answered(key, case, body[:cut])
        except AnswerError:
            continue
        if case.lines:
            assert body[:cut].endswith(b"\n")
            assert set(quotes) < set(whole)
        else:
            assert case.html or case.packed or body[cut:].strip() == b""
            assert quotes == whole


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("wrong", ["0", "0.0", "-1.5", "NaN", "Infinity", "1e999", "", "null", "1_0", "abc"])
def test_a_wrong_figure_is_refused(key: str, wrong: str) -> None:
    """A rate that is zero, negative, infinite or no number is a named error, never left out and never passed on."""
    case = CASES[key]
    if case.packed:
        pytest.skip("the answer is compressed: the provider's own test changes a figure")
    assert case.answers[0].count(case.figure) >= 1
    with pytest.raises((BadRate, ParseError)):
        answered(key, case, case.answers[0].replace(case.figure, wrong.encode(), 1))


@pytest.mark.parametrize("key", [key for key in KEYS if CASES[key].other])
def test_another_base_is_wrong_base(key: str) -> None:
    """A per-base publisher that answers for another base than asked is found out by what its body says."""
    case = CASES[key]
    with pytest.raises(WrongBase):
        run_provider(providers.load(key), Query(case.other, today=TODAY), Publisher(case.answers))


@pytest.mark.parametrize("key", [key for key in KEYS if providers.load(key).PROVIDER.key_env])
def test_a_key_is_needed_and_kept_private(key: str) -> None:
    """Without its key a provider says so before it asks; with it, the key is only in what is named private."""
    case = CASES[key]
    with pytest.raises(KeyNeeded):
        run_provider(providers.load(key), Query(case.query.base, today=TODAY), Publisher([]))
    publisher = Publisher(case.answers)
    run_provider(providers.load(key), case.query, publisher)
    for request in publisher.asked:
        sent = (*request.headers, *request.params, *request.form, *request.path)
        carrying = [name for name, value in sent if "k3y-of-tests" in value]
        assert carrying
        assert set(carrying) <= set(request.private)
        assert "k3y-of-tests" not in f"{request.url} {request!r}"
        assert b"k3y-of-tests" not in request.content
