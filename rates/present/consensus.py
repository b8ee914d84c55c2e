"""The rates of many publishers for one pair, and how far they agree: the groups of `rates.consensus` as text.

json is a list with one object per group of a pair; jsonl is the same objects, one a line; only shares are rounded:

    {"base": "EUR", "symbol": "USD",
     "kind": "official",             or "market"
     "day": "2026-10-30",            the effective day that is compared
     "median": 1.1172, "low": 1.1169, "high": 1.1174,
     "spread": 0.00044756,           from low to high, without outliers, as a share of the median
     "sources": 12,                  the number of counted ones
     "outliers": ["bcc"],            null where the sources are too few to judge
     "opinions": [{"provider": "ecb", "rate": 1.1172, "day": "2026-10-30", "how": "published", "digits": 5,
                   "deviation": 0.0,    signed distance from the median, as a share of it; null for another day
                   "counted": true, "note": "", "outlier": false}],
     "offline": false,               true for recordings
     "simulated": null}              the simulated network, in words

csv has one line per opinion, without the note, under base,symbol,kind,day,median,provider,rate,how,digits,deviation,
counted,outlier,offline,simulated; `day` is that of the opinion's figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from rates.consensus import FEWEST, Group, Opinion
from rates.defaults import HISTORY, RECORDING
from rates.present.layout import Column
from rates.present.rounding import LEAST_DIGITS, plain, rounded
from rates.present.tables import ABSENT, View, age, marked, network_note, offline_notes, simulated_network, view
from rates.present.tabular import notes, objects_text, rows, stacked
from rates.settings import MACHINE_FORMATS, Settings

CSV = (
    "base",
    "symbol",
    "kind",
    "day",
    "median",
    "provider",
    "rate",
    "how",
    "digits",
    "deviation",
    "counted",
    "outlier",
    "offline",
    "simulated",
)
SHARE = Decimal("0.00000001")  # to which shares are rounded in json and csv: a millionth of a percent
PERCENT = Decimal("0.001")  # and in tables


# A narrow terminal keeps rates, days and distances; keys, remarks and lists of outliers are cut with `…`.
OPINIONS = (
    Column("publisher", cut=12),
    Column("rate", "decimal"),
    Column("day"),
    Column("deviation", "decimal"),
    Column("", cut=7),
)
SUMMARY = (
    Column("pair"),
    Column("kind"),
    Column("day", drop=2),
    Column("median", "decimal"),
    Column("sources", "right", drop=1),
    Column("spread", "decimal"),
    Column("outliers", cut=15),
)


def show_consensus(groups: Sequence[Group], settings: Settings, *, today: date, width: int | None = None) -> str:
    """The groups of some pairs, every opinion on a line."""
    if settings.format in MACHINE_FORMATS:
        return _export(groups, settings)
    how = view(settings, today, width)
    blocks = [block for group in groups for block in _group(group, how, asked=settings.on is not None)]
    return stacked([*blocks, notes(_remarks(settings, today) if groups else [], how.format, how.width)])


def _remarks(settings: Settings, today: date) -> list[str]:
    source = RECORDING if settings.replay else HISTORY if settings.offline else ""
    return [*offline_notes([source], today), *network_note(settings)]


def _group(group: Group, how: View, *, asked: bool) -> list[str]:
    aged = "" if asked else f" ({age(group.day, how.today)})"
    head = f"1 {group.base} in {group.symbol} · {group.kind} rates · {group.day}{aged}"
    lines = [
        (
            one.provider,
            marked(one.figure, how.digits, one.figure.day),
            one.figure.day,
            percent(one.deviation),
            remark(one),
        )
        for one in group.opinions
    ]
    table = rows(OPINIONS, lines, how.format, how.width)
    return [notes([head], how.format, how.width), table, notes([summary(group, how.digits)], how.format, how.width)]


def summary(group: Group, digits: int) -> str:
    """Median, spread and outliers in two sentences."""
    count = f"{group.sources} source{'s' if group.sources > 1 else ''}"
    middle = median_text(group, digits)
    outside = f"outliers: {_outside(group)}" if _outside(group) else "no outliers"
    if not group.enough_sources:
        outside = f"too few sources to find outliers ({FEWEST} are needed)"
    return f"median {middle} of {count}, spread {percent(group.spread, sign=False)}\n{outside}"


def median_text(group: Group, digits: int) -> str:
    """The median, rounded to `digits` significant digits and to those of the figures behind it."""
    return plain(rounded(group.median, min(max(digits, LEAST_DIGITS), group.digits)))


def _outside(group: Group) -> str:
    return ", ".join(
        f"{opinion.provider} ({percent(opinion.deviation)})" for opinion in group.opinions if opinion.outlier
    )


def remark(opinion: Opinion) -> str:
    """Whether the opinion is an outlier, and why it is not counted."""
    return ", ".join(part for part in ("outlier" if opinion.outlier else "", opinion.note) if part)


def percent(share: Decimal | None, *, sign: bool = True) -> str:
    """A share for people: +0.012 %."""
    if share is None:
        return ABSENT
    shown = (share * 100).quantize(PERCENT)
    return f"{abs(shown):f} %" if not sign or not shown else f"{shown:+f} %"


def show_summaries(groups: Sequence[Group], settings: Settings, *, width: int | None = None) -> str:
    """A line per group, without the opinions, to stand under a table that has them."""
    lines = [
        (
            f"{group.base}/{group.symbol}",
            group.kind,
            group.day,
            median_text(group, settings.digits),
            group.sources,
            percent(group.spread, sign=False),
            _outside(group) or ("none" if group.enough_sources else "too few sources"),
        )
        for group in groups
    ]
    return rows(SUMMARY, lines, settings.format, width)


def _export(groups: Sequence[Group], settings: Settings) -> str:
    """The groups for programs, without a final line end."""
    fmt = settings.format
    offline = {"offline": settings.mocked, "simulated": simulated_network(settings) or None}
    objects = [_object(group) | offline for group in groups]
    if fmt == "csv":
        lines = [{**entry, **opinion} for entry in objects for opinion in entry["opinions"]]
        return rows(CSV, [[line[name] for name in CSV] for line in lines], fmt)
    return objects_text(objects, fmt, expand=3)


def _object(group: Group) -> dict[str, Any]:
    """One group as the module's docstring describes it."""
    outliers = [opinion.provider for opinion in group.opinions if opinion.outlier]
    return {
        "base": group.base,
        "symbol": group.symbol,
        "kind": group.kind,
        "day": group.day,
        "median": group.median,
        "low": group.low,
        "high": group.high,
        "spread": group.spread.quantize(SHARE),
        "sources": group.sources,
        "outliers": outliers if group.enough_sources else None,
        "opinions": [_opinion(opinion) for opinion in group.opinions],
    }


def _opinion(opinion: Opinion) -> dict[str, Any]:
    return {
        "provider": opinion.provider,
        "rate": opinion.figure.rate,
        "day": opinion.figure.day,
        "how": opinion.figure.how,
        "digits": opinion.figure.digits,
        "deviation": None if opinion.deviation is None else opinion.deviation.quantize(SHARE),
        "counted": opinion.counted,
        "note": opinion.note,
        "outlier": opinion.outlier,
    }
