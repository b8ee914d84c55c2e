"""The facts of publishers as text: a line each, a row each for programs, or everything about one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rates.providers._known import Facts

HEADERS = ("key", "publisher", "country", "quotes", "rate type", "since", "range", "wants a key")
WIDTH = 80


def listed(facts: Facts) -> tuple[str, ...]:
    """One line of the list for people."""
    return (
        facts.key,
        facts.name,
        facts.country,
        facts.pivot or "per base",
        facts.rate_type,
        facts.since,
        "yes" if "range" in facts.answers else "no",
        "yes" if facts.key_env else "no",
    )


def row(facts: Facts) -> dict[str, Any]:
    """Every fact, for programs. currencies: null where it is not known which there are."""
    return {
        "key": facts.key,
        "name": facts.name,
        "kind": facts.kind,
        "country": facts.country,
        "region": facts.region,
        "sub_region": facts.part,
        "pivot": facts.pivot or None,
        "per_base": not facts.pivot,
        "rate_type": facts.rate_type,
        "official": facts.official,
        "reprints": facts.reprints or None,
        "cadence": facts.cadence,
        "published": facts.published,
        "since": facts.since,
        "answers": " ".join(facts.answers),
        "max_days": facts.max_days,
        "gap_days": facts.gap_days,
        "requests_at_once": facts.concurrency,
        "spacing_s": facts.spacing_s,
        "key_env": facts.key_env or None,
        "key_url": facts.key_url or None,
        "source": facts.source,
        "terms": facts.terms,
        "currencies": list(facts.currencies) if facts.seen else None,
        "currencies_seen": facts.seen or None,
    }


def told(facts: Facts) -> str:
    """Everything about one publisher, for people."""
    return block(f"{facts.key} · {facts.name}", fields(facts))


def block(title: str, lines: Mapping[str, str]) -> str:
    """A title, and under it what there is to tell, by name; what is empty is left out."""
    filled = {name: text for name, text in lines.items() if text}
    width = max(len(name) for name in filled)
    body = "\n".join(f"  {name:<{width}}  {_indented(text, width + 4)}" for name, text in filled.items())
    return f"{title}\n{body}"


def _indented(text: str, by: int) -> str:
    """A long list of words over several lines; an address stays whole."""
    if len(text) + by <= WIDTH or "://" in text:
        return text
    from textwrap import wrap

    return ("\n" + " " * by).join(wrap(text, WIDTH - by, break_on_hyphens=False))


def fields(facts: Facts) -> dict[str, str]:
    """What there is to tell of one publisher, by name."""
    place = ", ".join(part for part in (facts.country, facts.part, facts.region) if part)
    lines = {
        "kind": facts.kind,
        "country": place or "none of one country",
        "quotes": f"all against {facts.pivot}" if facts.pivot else "any base, one request each",
        "rate type": facts.rate_type + (", official" if facts.official and facts.rate_type != "official" else ""),
        "published": f"{facts.cadence}, {facts.published}",
        "longest pause": f"{facts.gap_days} days",
        "since": facts.since,
        "answers for": ", ".join(facts.answers),
        "longest range": _longest(facts),
        "asked": f"{facts.concurrency} requests at once"
        + (f", {facts.spacing_s:g} s apart" if facts.spacing_s else ""),
        "key": _key(facts),
        "currencies": _currencies(facts),
        "once had": _once(facts),
        "reprints": facts.reprints,
        "source": facts.source,
        "terms": facts.terms or "–",
        "example": example(facts),
    }
    return {name: text for name, text in lines.items() if text}


def _longest(facts: Facts) -> str:
    """How many days a request may span; nothing of one that answers for no range."""
    if "range" not in facts.answers:
        return ""
    return f"{facts.max_days} day{'s' * (facts.max_days > 1)} a request" if facts.max_days else "no limit"


def _key(facts: Facts) -> str:
    """How to get a key, and where to put it."""
    if not facts.key_env:
        return "none needed"
    return f"{facts.key_env} in the environment, or {facts.key} under [keys] in the file; from {facts.key_url}"


def _currencies(facts: Facts) -> str:
    if not facts.seen:
        return f"not known; ask for all: rates {facts.pivot or 'USD'} --provider {facts.key} --symbols all"
    return f"{len(facts.currencies)}, as seen on {facts.seen}: {' '.join(facts.currencies)}"


def _once(facts: Facts) -> str:
    """The currencies that it has no longer, each with its last day."""
    still = set(facts.currencies)
    return ", ".join(f"{spell.code} to {spell.last}" for spell in facts.spells if spell.code not in still)


def example(facts: Facts) -> str:
    """A command line that asks it."""
    line = f"rates {facts.pivot or 'USD'} --provider {facts.key}"
    return f"{line} --on {facts.seen or facts.since}" if facts.over else line
