"""Publishers as text: a line each, a row each for programs, or everything about one."""

from __future__ import annotations

from typing import Any

from rates.model import Provider
from rates.present.layout import Column
from rates.providers import published
from rates.providers.regions import place

COLUMNS = (
    Column("key"),
    Column("publisher", cut=24),
    Column("country", drop=4),
    Column("quotes"),
    Column("rate type", drop=3),
    Column("since", drop=2),
    Column("range", drop=1),
    Column("wants a key"),
)


def listed(provider: Provider) -> tuple[str, ...]:
    """One line of the list for people."""
    return (
        provider.key,
        provider.name,
        provider.country,
        provider.pivot or "per base",
        provider.rate_type,
        provider.since.isoformat(),
        "yes" if "range" in provider.answers else "no",
        "yes" if provider.key_env else "no",
    )


def row(provider: Provider) -> dict[str, Any]:
    """Everything about one publisher, for programs. currencies: null if they are not known."""
    region, sub_region = place(provider.country)
    seen = published.seen(provider.key)
    return {
        "key": provider.key,
        "name": provider.name,
        "kind": provider.kind,
        "country": provider.country,
        "region": region,
        "sub_region": sub_region,
        "pivot": provider.pivot or None,
        "per_base": provider.per_base,
        "rate_type": provider.rate_type,
        "official": provider.official,
        "reprints": provider.reprints or None,
        "cadence": provider.cadence,
        "published": provider.published,
        "since": provider.since.isoformat(),
        "answers": " ".join(provider.answers),
        "max_days": provider.max_days,
        "gap_days": provider.gap_days,
        "requests_at_once": provider.concurrency,
        "spacing_s": provider.spacing_s,
        "key_env": provider.key_env or None,
        "key_url": provider.key_url or None,
        "source": provider.source,
        "terms": provider.terms,
        "currencies": list(published.currencies(provider.key)) if seen else None,
        "currencies_seen": seen.until.isoformat() if seen else None,
    }


def fields(provider: Provider) -> dict[str, str]:
    """All that is known of one publisher, by name."""
    region, sub_region = place(provider.country)
    lines = {
        "kind": provider.kind,
        "country": ", ".join(part for part in (provider.country, sub_region, region) if part) or "no single country",
        "quotes": f"all against {provider.pivot}" if provider.pivot else "any base, one request each",
        "rate type": provider.rate_type + (", official" * (provider.official and provider.rate_type != "official")),
        "published": f"{provider.cadence}, {provider.published}",
        "longest pause": f"{provider.gap_days} days",
        "since": provider.since.isoformat(),
        "answers for": ", ".join(provider.answers),
        "longest range": _longest(provider),
        "asked": f"{provider.concurrency} requests at once"
        + (f", {provider.spacing_s:g} s apart" if provider.spacing_s else ""),
        "key": _key(provider),
        "currencies": _currencies(provider),
        "once had": _once(provider),
        "reprints": provider.reprints,
        "source": provider.source,
        "terms": provider.terms or "–",
        "example": example(provider),
    }
    return {name: text for name, text in lines.items() if text}


def _longest(provider: Provider) -> str:
    """How many days a request may span; "" for a publisher that does not answer for a range."""
    if "range" not in provider.answers:
        return ""
    return f"{provider.max_days} day{'s' * (provider.max_days > 1)} a request" if provider.max_days else "no limit"


def _key(provider: Provider) -> str:
    """How to get a key, and where to put it."""
    if not provider.key_env:
        return "none needed"
    variable, file = f"{provider.key_env} in the environment", f"{provider.key} under [keys] in the file"
    return f"{variable}, or {file}; from {provider.key_url}"


def _currencies(provider: Provider) -> str:
    seen, codes = published.seen(provider.key), published.currencies(provider.key)
    if seen is None:
        return f"not known; ask for all: rates {provider.pivot or 'USD'} --provider {provider.key} --symbols all"
    return f"{len(codes)}, as seen on {seen.until}: {' '.join(codes)}"


def _once(provider: Provider) -> str:
    """The currencies that it no longer has, each with its last day."""
    still = published.currencies(provider.key)
    gone = (spell for spell in published.spells(provider.key) if spell.code not in still)
    return ", ".join(f"{spell.code} to {spell.last}" for spell in gone)


def example(provider: Provider) -> str:
    """A command line that asks it."""
    line = f"rates {provider.pivot or 'USD'} --provider {provider.key}"
    seen = published.seen(provider.key)
    return f"{line} --on {seen.until if seen else provider.since}" if provider.ended else line
