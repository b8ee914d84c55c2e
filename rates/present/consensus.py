"""What publishers say of one pair, and how far they agree: `rates.consensus`'s sides as tables and for programs.

json is a list with one object a side of a pair; jsonl is the same objects, one a line; only shares are rounded:

    {"base": "EUR", "symbol": "USD",
     "side": "official",             or "market"
     "day": "2026-10-30",            the effective day that is compared
     "median": 1.1172, "low": 1.1169, "high": 1.1174,
     "spread": 0.00044756,           from low to high, outliers left out, as a share of the median
     "sources": 12,                  those that are counted
     "outliers": ["bcc"],            null where the sources are too few to tell
     "voices": [{"provider": "ecb", "rate": 1.1172, "day": "2026-10-30", "how": "published", "digits": 5,
                 "off": 0.0,         distance from the median as a share of it; null where it is of another day
                 "counted": true, "note": "", "outlier": false}]}

csv has one line a voice, without the note's words, under base,symbol,side,day,median,provider,rate,how,digits,off,
counted,outlier; `day` is that of the voice's figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from rates.consensus import FEWEST, Side, Voice
from rates.parse_settings import MACHINE_FORMATS
from rates.present.captions import age
from rates.present.encode import csv_text, json_text, jsonl_text
from rates.present.rounding import LEAST_DIGITS, plain, rounded
from rates.present.tables import ABSENT, cell, stacked
from rates.present.tabular import notes, rows
from rates.settings import Settings

CSV = ("base", "symbol", "side", "day", "median", "provider", "rate", "how", "digits", "off", "counted", "outlier")
SHARE = Decimal("0.00000001")  # to which shares are rounded in json and csv: a millionth of a percent
PERCENT = Decimal("0.001")  # and in tables


def show_sides(sides: Sequence[Side], settings: Settings, *, today: date) -> str:
    """One pair's sides, every voice with its place."""
    if settings.format in MACHINE_FORMATS:
        return export_sides(sides, settings.format)
    return stacked([block for side in sides for block in _side(side, settings, today)])


def _side(side: Side, settings: Settings, today: date) -> list[str]:
    fmt, digits = settings.format, settings.digits
    head = f"1 {side.base} in {side.symbol} · {side.kind} rates · {side.day} ({age(side.day, today)})"
    lines = [[v.provider, cell(v.figure, digits), str(v.figure.day), percent(v.off), remark(v)] for v in side.voices]
    table = rows(["publisher", "rate", "day", "off", ""], lines, fmt, ["left", "decimal", "left", "decimal", "left"])
    return [notes([head], fmt), table, notes([summary(side, digits)], fmt)]


def summary(side: Side, digits: int) -> str:
    """Median, spread and outliers in two sentences."""
    count = f"{side.sources} source{'s' if side.sources > 1 else ''}"
    middle = plain(rounded(side.median, max(digits, LEAST_DIGITS)))
    return f"median {middle} of {count}, spread {percent(side.spread, sign=False)}\n{outliers(side)}"


def outliers(side: Side) -> str:
    """Who lies outside and by how much, or that it cannot be told."""
    if not side.tellable:
        return f"outliers cannot be told of fewer than {FEWEST} sources"
    outside = _outside(side)
    return f"outliers: {outside}" if outside else "no outliers"


def _outside(side: Side) -> str:
    return ", ".join(f"{voice.provider} ({percent(voice.off)})" for voice in side.voices if voice.outlier)


def remark(voice: Voice) -> str:
    """What is to be said of one voice."""
    return ", ".join(part for part in ("outlier" if voice.outlier else "", voice.note) if part)


def percent(share: Decimal | None, *, sign: bool = True) -> str:
    """A share as a person reads it: +0.012 %."""
    if share is None:
        return ABSENT
    shown = (share * 100).quantize(PERCENT)
    return f"{abs(shown):f} %" if not sign or not shown else f"{shown:+f} %"


def show_summaries(sides: Sequence[Side], settings: Settings) -> str:
    """A line a side, without the voices, to stand under a table that has them."""
    headers = ["pair", "side", "day", "median", "sources", "spread", "outliers"]
    lines = [
        [
            f"{side.base}/{side.symbol}",
            side.kind,
            str(side.day),
            plain(rounded(side.median, max(settings.digits, LEAST_DIGITS))),
            str(side.sources),
            percent(side.spread, sign=False),
            _outside(side) or ("none" if side.tellable else "cannot be told"),
        ]
        for side in sides
    ]
    return rows(headers, lines, settings.format, ["left", "left", "left", "decimal", "right", "decimal", "left"])


def export_sides(sides: Sequence[Side], fmt: str) -> str:
    """The sides for programs, without a final line end."""
    if fmt == "csv":
        return csv_text(CSV, [_line(side, voice) for side in sides for voice in side.voices])
    objects = [as_object(side) for side in sides]
    return jsonl_text(objects) if fmt == "jsonl" else json_text(objects, expand=3)


def as_object(side: Side) -> dict[str, object]:
    """One side as the module's docstring describes it."""
    return {
        "base": side.base,
        "symbol": side.symbol,
        "side": side.kind,
        "day": str(side.day),
        "median": side.median,
        "low": side.low,
        "high": side.high,
        "spread": side.spread.quantize(SHARE),
        "sources": side.sources,
        "outliers": [voice.provider for voice in side.voices if voice.outlier] if side.tellable else None,
        "voices": [_voice(voice) for voice in side.voices],
    }


def _voice(voice: Voice) -> dict[str, object]:
    return {
        "provider": voice.provider,
        "rate": voice.figure.rate,
        "day": str(voice.figure.day),
        "how": voice.figure.how,
        "digits": voice.figure.digits,
        "off": None if voice.off is None else voice.off.quantize(SHARE),
        "counted": voice.counted,
        "note": voice.note,
        "outlier": voice.outlier,
    }


def _line(side: Side, voice: Voice) -> list[str]:
    figure = voice.figure
    return [
        side.base,
        side.symbol,
        side.kind,
        str(figure.day),
        plain(side.median),
        voice.provider,
        plain(figure.rate),
        figure.how,
        str(figure.digits),
        "" if voice.off is None else plain(voice.off.quantize(SHARE)),
        "yes" if voice.counted else "no",
        "yes" if voice.outlier else "no",
    ]
