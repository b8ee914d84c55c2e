"""Providers by words: groups, keys, commas and exclusions.

"all,-fred" is every provider but one, "europe,asia" those of two regions, "ecb,nbp" two providers. The words are read
from left to right; a list that begins with an exclusion begins with all.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable

from rates import providers
from rates.defaults import CONSENSUS, OWN
from rates.errors import UsageError, quoted, suggest
from rates.model import Provider
from rates.providers.regions import REGIONS, place

_GROUPS: dict[str, Callable[[Provider], bool]] = {
    "all": lambda _: True,
    "central-banks": lambda provider: provider.kind == "central bank",
    "tax-authorities": lambda provider: provider.kind == "tax authority",
    "services": lambda provider: provider.kind == "service",
    "official": lambda provider: provider.official,
    "market": lambda provider: not provider.official,
    "free": lambda provider: not provider.key_env,
    "keyed": lambda provider: bool(provider.key_env),
}
# Their terms ask for consent before any use: they are in no group, and asked only if they are named.
BY_CONSENT = frozenset({"bm", "bomu", "cbssc"})
GROUPS = (*_GROUPS, *(region.lower() for region in REGIONS))


def members(group: str) -> tuple[str, ...]:
    """The keys of the providers in one group, without those that ask for consent.

    A plugin that cannot be loaded is in "all" alone, which loads nothing, so that it can be left out by name.
    """
    listed = providers.keys()
    known = tuple(key for key in listed if key not in BY_CONSENT)
    if group == "all":
        return known
    found = [module.PROVIDER for module in providers.load_each(known)[0]]
    if group in _GROUPS:
        return tuple(provider.key for provider in found if _GROUPS[group](provider))
    return tuple(provider.key for provider in found if place(provider.country)[0].lower() == group)


def expand(chain: Iterable[str]) -> tuple[str, ...]:
    """All providers that a chain asks: the word "consensus" stands for the official ones, any other key for itself."""
    keys = (members("official") if key == CONSENSUS else (key,) for key in chain)
    return tuple(dict.fromkeys(itertools.chain.from_iterable(keys)))


def known_ahead(chain: Iterable[str]) -> bool:
    """True if a provider of a chain has rates for periods: those of the next month are there before it begins."""
    return any(providers.load(key).PROVIDER.periods for key in chain if key not in (CONSENSUS, OWN))


def chosen(text: str) -> tuple[str, ...]:
    """The keys that the words name, each once; `UsageError` for an unknown word, or when no provider is left."""
    words = [word if word.endswith(".py") else word.lower() for word in re.split(r"[,\s]+", text.strip()) if word]
    found: dict[str, None] = dict.fromkeys(members("all")) if words and words[0].startswith("-") else {}
    for word in words:
        named = _named(word.removeprefix("-"))
        if word.startswith("-"):
            found = {key: None for key in found if key not in named}
        else:
            found.update(dict.fromkeys(named))
    if not found:
        raise UsageError(f"{quoted(text)} leaves no provider", hint=f"groups are {', '.join(GROUPS)}")
    return tuple(found)


def single(text: str) -> frozenset[str]:
    """The keys that the words name one by one, not as members of a group."""
    words = {word.lower() for word in re.split(r"[,\s]+", text.strip())}
    return frozenset(words.intersection(providers.choices()).difference(GROUPS))


def _named(word: str) -> tuple[str, ...]:
    """The keys that one word stands for."""
    if word in GROUPS:
        return members(word)
    if word.endswith(".py"):
        return (providers.load(word).PROVIDER.key,)
    known = providers.choices()
    if word in known:
        return (word,)
    near = suggest(word, (*GROUPS, *known), f"groups are {', '.join(GROUPS)}; or name keys")
    raise UsageError(f"{quoted(word)} is neither a provider nor a group", hint=near)
