"""Publishers by words: all, a kind, who wants a key, a region, single keys, with commas and exclusions.

`all,-fred` is everybody but one, `europe,asia` two regions, `ecb,nbp` two publishers. The words are read from left to
right; a list that begins with an exclusion begins with all.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from rates import providers
from rates.currencies import suggest
from rates.errors import RatesError, UsageError, quoted
from rates.model import Provider
from rates.providers._regions import REGIONS, place

_GROUPS: dict[str, Callable[[Provider], bool]] = {
    "all": lambda _: True,
    "central-banks": lambda facts: facts.kind == "central bank",
    "services": lambda facts: facts.kind == "service",
    "official": lambda facts: facts.official,
    "market": lambda facts: not facts.official,
    "free": lambda facts: not facts.key_env,
    "keyed": lambda facts: bool(facts.key_env),
}
GROUPS = (*_GROUPS, *(region.lower() for region in REGIONS))


def members(group: str) -> tuple[str, ...]:
    """The keys of the publishers in one group, in their order; a blend of the others is in none.

    Nor is one of another distribution that cannot be loaded, but in `all`: what it is nobody knows.
    """
    known = (*providers.own_keys(), *providers.foreign_keys())
    if group == "all":  # loads none, so that one that cannot be loaded can still be left out by name
        return known
    facts = [module.PROVIDER for key in known if (module := _loaded(key)) is not None]
    belongs = _GROUPS.get(group)
    return tuple(one.key for one in facts if (belongs(one) if belongs else _region(one) == group))


def _loaded(key: str) -> providers.ProviderModule | None:
    """The module; None for a broken one, which is no reason to do without the others."""
    try:
        return providers.load(key)
    except RatesError:
        return None


def _region(facts: Provider) -> str:
    return place(facts.country)[0].lower()


def chosen(text: str) -> tuple[str, ...]:
    """The keys that the words name, each once; `UsageError` for an unknown word, or when nobody is left."""
    words = [word for word in re.split(r"[,\s]+", text.strip().lower()) if word]
    found: dict[str, None] = dict.fromkeys(members("all")) if words and words[0].startswith("-") else {}
    for word in words:
        named = _named(word.removeprefix("-"))
        if word.startswith("-"):
            found = {key: None for key in found if key not in named}
        else:
            found.update(dict.fromkeys(named))
    if not found:
        raise UsageError(f"no publisher is left of {quoted(text)}", hint=f"groups are {', '.join(GROUPS)}")
    return tuple(found)


def _named(word: str) -> tuple[str, ...]:
    """The keys that one word stands for."""
    if word in GROUPS:
        return members(word)
    known = providers.keys()
    if word in known:
        return (word,)
    near = suggest(word, (*GROUPS, *known), f"groups are {', '.join(GROUPS)}; or name keys")
    raise UsageError(f"{quoted(word)} is no publisher and no group", hint=near)
