"""`rates consensus BASE/SYMBOL…`: the rates of many publishers for one pair and day, and how far they agree."""

from __future__ import annotations

from typing import Any

import click

from rates.cli import NOTHING
from rates.cli.fetching import FAILURES, FROM, fetch_group, group_status, groups_of
from rates.cli.options import CONSENSUS, PAIRS, options, settings_from
from rates.cli.terminal import error_width, output_width, put_error, put_text, say
from rates.cli.typed import split_pair
from rates.currencies import code
from rates.errors import UsageError, quoted
from rates.settings import MACHINE_FORMATS

EPILOG = """\b
Examples:
  rates consensus EUR/USD
  rates consensus eur/usd usd/jpy --from europe,-ecb
  rates consensus EUR/USD --on 2026-03-12 --from official --format json
  rates USD --from central-banks --consensus      the same beside the table
  rates USD --provider consensus                  the medians as a table

Method: official rates are kept apart from those of markets and services. Only figures of one effective day are
compared: the day asked for, else the day that most sources have. Reprints, and figures that agree in all of five or
more digits, count as one source. An outlier is further from the median than 3.5 times 1.4826 times the median
distance, and further than the rounding of the published digits explains. With fewer than four sources there are no
outliers.

Exit status: 0 success, 1 some publishers failed, 2 wrong usage, 3 no publisher has the pair, 130 interrupted.
"""


@click.command("consensus", epilog=EPILOG)
@click.argument("pairs", nargs=-1, required=True, metavar="BASE/SYMBOL…", type=PAIRS)
@FROM
@FAILURES
@options(*CONSENSUS)
def command(pairs: tuple[str, ...], group: str | None, listed: bool, **flags: Any) -> int:
    """Compare the rates of many publishers for a pair: median, spread, and outliers with their distance."""
    settings = settings_from(flags)
    wanted = [pair_of(word) for word in pairs]
    bases = tuple(dict.fromkeys(base for base, _ in wanted))
    symbols = tuple(dict.fromkeys(symbol for _, symbol in wanted))
    outcomes = fetch_group(bases, group, settings.with_values(symbols=symbols), flags)
    groups = groups_of(outcomes, wanted, settings)
    from rates.present.consensus import median_text, show_consensus
    from rates.present.errors import group_failures, of_group_failed

    if flags["quiet"]:
        text = "\n".join(median_text(group, settings.digits) for group in groups)
    else:
        text = show_consensus(groups, settings, today=settings.day(), width=output_width())
    if text or settings.format in MACHINE_FORMATS:
        put_text(text)
    put_error(group_failures(outcomes, settings, error_width(), listed=listed))
    unreached = not any(one.ok for one in outcomes) and any(of_group_failed(one) for one in outcomes)
    for base, symbol in () if unreached else wanted:
        if not any((group.base, group.symbol) == (base, symbol) for group in groups):
            say(f"no publisher has {base}/{symbol}")
    return group_status(outcomes, group) if groups else NOTHING


def pair_of(word: str) -> tuple[str, str]:
    """The two currencies of a pair such as EUR/USD, EURUSD or eur-usd."""
    parts = split_pair(word)
    if parts is None:
        raise UsageError(f"{quoted(word)} is not a pair", hint="write it like EUR/USD")
    base, symbol = code(parts[0]), code(parts[1])
    if base == symbol:
        raise UsageError(f"{base}/{symbol} is always 1", hint="name two currencies")
    return base, symbol
