"""Damaged answers of every provider: only named errors, right rates, or a typing error's effect come out.

Every body of every conversation of the provider's own tests, recorded ones when they are there, is emptied, cut at
evenly lying places, and has bytes turned into others one at a time, all by a fixed seed. A provider gets at least 100
mutations, shared out over its bodies, in the slow run, and 20 in the default run. For a longer run set RATES_FUZZ to
the mutations of each kind that every body shall have, such as RATES_FUZZ=50 (ten minutes and more) or RATES_FUZZ=5000,
and RATES_FUZZ_SEED to another word than "rates". A body costs its whole conversation, so that those of many or large
answers get fewer.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from random import Random

import pytest

from rates import providers
from rates.errors import AnswerError
from tests.providers.cases import CASES
from tests.providers.damage import cut_fault, cuts, flip_fault, flips
from tests.providers.held import Held, held

EACH = int(os.environ.get("RATES_FUZZ", "0"))
SEED = os.environ.get("RATES_FUZZ_SEED", "rates")
KEYS = providers.own_keys()

# Mutations of a provider, the half of them cuts: the few of a run at every change, and those of the slow run.
DUE = [20, pytest.param(100, marks=pytest.mark.slow)]
MOST = 300_000  # bytes that one round of a conversation may have read, unless the provider has no smaller one

# Formats in which a missing end, or a missing item, cannot be detected; lines of text (`Case.lines`) are others.
NO_END = {
    "bceao": "a heading and nothing after it is how the bank says that it rested",
    "brb": "a link that leads to nothing is how the bank says that no sheet came out",
}
MIXED = dict.fromkeys(
    ("abstractapi", "currency_api", "currencyapi", "currencybeacon", "fastforex", "unirate", "xchangeapi"),
    "tokens are listed among the currencies, and what ISO 4217 does not know is taken for one",
) | {"ust": "a name that is not known is left out with a warning: the Treasury writes new ones without notice"}
BINARY = {
    "bcbo": "old workbooks hold binary numbers without a check sum: a turned bit is a typing error of another figure",
    "bm": "the text of the PDF is written in hex digits, of which any may be a typing error of another figure",
    "brb": "the text of an uncompressed PDF is drawn by operators, and a damaged one draws less",
}
TWICE = {
    "cbg": "a day that the bank's archive lists twice with two figures has no rate, since either may be the slip",
    "cbtt": "a currency whose selling rate is below its buying one has no rate, since either may be the slip",
}

# Damage that once went unseen: a piece of an answer, and what became of it.
FOUND = [
    ("banxico", b'"datos"', b'"dat5s"'),
    ("bcccd", b'"content":{"history"', b'"content":{"histtry"'),
    ("bdp", b'"next_page"', b'"next5page"'),
    ("beac", b'"code_valeur', b'"codd_valeur'),
    ("bi", b"<th>Sell</th>", b"<th>Sdll</th>"),
    ("bnr", b"multiplier=", b"multipldar="),
    ("bot", b"(100 YEN)", b"7100 YEN)"),
    ("brb", b'<a href="/sites', b'<4 href="/sites'),
    ("cbsl", b"<table ", b"<table0"),
    ("cbssc", b'"gbpmid', b"'gbpmid"),
    ("cnb", b"\nUSA", b"\n\nSA"),
    ("dnb", b"00\r\n", b"002\n"),
    ("ecb", b"<Cube currency", b":Cube currency"),
    ("imf", b"Currency\t", b'C"rrency\t'),
    ("imf", b"0\r\n", b"03\n"),
]


def bodies(key: str) -> Iterator[tuple[Held, int, bytes]]:
    """Each different body of a provider, with the conversation and the place where it stands, the cheapest one."""
    seen: set[bytes] = set()
    for one in sorted(held(key), key=_cost):
        for place, (_, reply) in enumerate(one.pairs):
            if reply.body and reply.body not in seen:
                seen.add(reply.body)
                yield one, place, reply.body


def _cost(one: Held) -> int:
    return sum(len(reply.body) for _, reply in one.pairs)


def sample(key: str, due: int) -> Iterator[tuple[Held, int, bytes, int]]:
    """The bodies with how many mutations of each kind they get; those that cost too much get none when others do."""
    every = list(bodies(key))
    chosen = every if EACH else [body for body in every if _cost(body[0]) <= MOST] or every[:1]
    for one, place, body in chosen:
        yield one, place, body, EACH or due // 2 // len(chosen) + 1


@pytest.mark.parametrize("due", DUE)
@pytest.mark.parametrize("key", KEYS)
def test_cut_short(key: str, due: int) -> None:
    """An answer that is emptied or cut is an error, or has lost nothing; lines of text may end after any whole line.

    Nor is it ever taken for a day of rest.
    """
    lines = CASES[key].lines
    for one, place, body, count in sample(key, due):
        for at, short in cuts(body, count):
            fault = cut_fault(one, place, short, few=key in NO_END or (lines and short.endswith(b"\n")))
            assert not fault, f"{one.pairs[place][0]!r} cut at {at}, after {short[-50:]!r}: {fault}"


@pytest.mark.parametrize("due", DUE)
@pytest.mark.parametrize("key", KEYS)
def test_one_byte_another(key: str, due: int) -> None:
    """A changed byte is an error, or changes nothing, or no more than its own figure, amount, day or code."""
    for number, (one, place, body, count) in enumerate(sample(key, due)):
        for at, damaged in flips(body, count, Random(f"{SEED} {key} {number}")):
            fault = flip_fault(one, place, at, damaged, mixed=key in MIXED, binary=key in BINARY, twice=key in TWICE)
            near = f"{body[max(0, at - 30) : at]!r} {body[at : at + 1]!r} {body[at + 1 : at + 20]!r}"
            assert not fault, f"{one.pairs[place][0]!r} at {at} {damaged[at : at + 1]!r} for {near}: {fault}"


@pytest.mark.parametrize(("key", "piece", "damaged"), FOUND)
def test_found_damage_is_an_error(key: str, piece: bytes, damaged: bytes) -> None:
    """Damage that the runs have found is an error at every place."""
    places = [(one, place, body) for one, place, body in bodies(key) if piece in body]
    assert places
    for one, place, body in places:
        with pytest.raises(AnswerError):
            one.with_body(place, body.replace(piece, damaged, 1))


def test_every_reason_is_of_a_provider() -> None:
    """The lists of undetectable damage name existing providers only."""
    assert {*NO_END, *MIXED, *BINARY, *TWICE} <= set(KEYS)
