"""How many requests a live comparison sends, and whether that is wanted."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from rates.compare import Variant
from rates.errors import UsageError

# What one host is sent without a question.
MOST_UNASKED = 200


def requests_a_host(n: int, variants: Sequence[Variant], rounds: int, per_base: bool) -> int:
    """How many requests the first host gets: one for each fetch, or one for all where one document serves them."""
    return (n if per_base else 1) * len(variants) * rounds


def confirm(total: int, host: str, yes: bool) -> None:
    """Asks before that many requests are sent; UsageError when nobody is there to answer, or says no."""
    if total <= MOST_UNASKED or yes:
        return
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError(
            f"{total} requests to {host} are more than {MOST_UNASKED}, and nobody is at a terminal to be asked",
            hint="--yes sends them; fewer --rounds, --modes, --via, --workers or bases need no question",
        )
    if not click.confirm(f"This sends about {total} requests to {host}. Go on?", err=True):
        raise UsageError("nothing was sent", hint="fewer --rounds, --modes, --via, --workers or bases make it less")
