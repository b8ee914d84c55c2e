"""`rates providers [KEY]…`: who publishes what, and how to ask."""

from __future__ import annotations

import sys
from typing import Any

import click

from rates import providers
from rates.cli import OK
from rates.cli.options import LIST, Setting, options, settings_from
from rates.model import Provider
from rates.parse_settings import MACHINE_FORMATS

EPILOG = """\b
Examples:
  rates providers               all of them
  rates providers ecb           all that is known of one, with an example
  rates providers --format json
"""


@click.command("providers", epilog=EPILOG)
@click.argument("keys", nargs=-1, metavar="[KEY]…", type=click.UNPROCESSED,
                shell_complete=Setting("provider", "KEY").shell_complete)  # fmt: skip
@options(*LIST)
def command(keys: tuple[str, ...], **flags: Any) -> int:
    """List the publishers, or print all that is known of the KEYs."""
    settings = settings_from(flags)
    from rates.present import rows

    known = [providers.load(key.lower()).PROVIDER for key in keys or providers.keys()]
    if settings.format in MACHINE_FORMATS:
        facts = [_facts(provider) for provider in known]
        sys.stdout.write(rows(tuple(facts[0]), [tuple(fact.values()) for fact in facts], settings.format) + "\n")
    elif keys:
        sys.stdout.write("\n\n".join(_told(provider) for provider in known) + "\n")
    else:
        headers = ("key", "publisher", "quotes", "rate type", "since", "range", "wants a key")
        sys.stdout.write(rows(headers, [_line(provider) for provider in known], settings.format) + "\n")
    return OK


def _line(provider: Provider) -> tuple[str, ...]:
    """One line of the list for people."""
    return (
        provider.key,
        provider.name,
        provider.pivot or "per base",
        provider.rate_type,
        provider.since.isoformat(),
        "yes" if "range" in provider.answers else "no",
        "yes" if provider.key_env else "no",
    )


def _facts(provider: Provider) -> dict[str, Any]:
    """Every fact, for programs."""
    return {
        "key": provider.key,
        "name": provider.name,
        "country": provider.country,
        "pivot": provider.pivot or None,
        "per_base": provider.per_base,
        "rate_type": provider.rate_type,
        "cadence": provider.cadence,
        "published": provider.published,
        "since": provider.since.isoformat(),
        "answers": " ".join(provider.answers),
        "max_days": provider.max_days,
        "requests_at_once": provider.concurrency,
        "spacing_s": provider.spacing_s,
        "key_env": provider.key_env or None,
        "key_url": provider.key_url or None,
        "source": provider.source,
        "terms": provider.terms,
    }


def _told(provider: Provider) -> str:
    """Everything about one publisher, for people."""
    lines = {
        "country": provider.country,
        "quotes": f"all against {provider.pivot}" if provider.pivot else "any base, one request each",
        "rate type": provider.rate_type,
        "published": f"{provider.cadence}, {provider.published}",
        "since": provider.since.isoformat(),
        "answers for": ", ".join(provider.answers),
        "longest range": f"{provider.max_days} days a request" if provider.max_days else "no limit",
        "asked": f"{provider.concurrency} requests at once"
        + (f", {provider.spacing_s:g} s apart" if provider.spacing_s else ""),
        "key": f"{provider.key_env} in the environment; from {provider.key_url}" if provider.key_env else "none needed",
        "source": provider.source,
        "terms": provider.terms or "–",
        "example": f"rates {provider.pivot or 'USD'} --provider {provider.key}",
    }
    width = max(len(name) for name in lines)
    told = "\n".join(f"  {name:<{width}}  {text}" for name, text in lines.items())
    return f"{provider.key} · {provider.name}\n{told}"
