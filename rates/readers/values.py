"""Text to numbers and days."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from functools import cache, lru_cache
from typing import TypeVar

# As Python's default, but our own to the last field: neither a caller's context nor a changed default changes a rate.
EXACT = Context(
    prec=28,
    rounding=ROUND_HALF_EVEN,
    Emin=-999999,
    Emax=999999,
    capitals=1,
    clamp=0,
    traps=[DivisionByZero, InvalidOperation, Overflow],
)
_DOUBLE = Context(prec=15, rounding=ROUND_HALF_EVEN)  # the digits of a decimal that a double holds for certain
MOST_DIGITS = 100  # no rate has as many; more would fill the memory when printed
TROY_OUNCE_G = Decimal("31.1034768")  # grams in a troy ounce, exact by definition

_FIGURE = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
_PLAIN = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d{1,2})?", re.ASCII)
K = TypeVar("K")
V = TypeVar("V")


def months(names: str) -> Mapping[str, int]:
    """The numbers 1 to 12 of the months of a language, whose names are written in order: "enero febrero ..."."""
    found = {name: number for number, name in enumerate(names.lower().split(), start=1)}
    if len(found) != 12:
        raise ValueError(f"expected twelve names of months, got {len(found)}")
    return found


_MONTHS = months("jan feb mar apr may jun jul aug sep oct nov dec")


def named(codes: Mapping[K, V], name: K, written: str = "") -> V:
    """The entry of `codes` for a publisher's own name of a currency; ValueError with the name if there is none.

    written: the name for the message, where `name` is another form of it, such as its lower case.
    """
    try:
        return codes[name]
    except KeyError:
        raise ValueError(f"unknown currency: {(written or name)!r}") from None


def matched(pattern: re.Pattern[str], written: str, what: str) -> re.Match[str]:
    """The match of a whole text; ValueError with the text, and `what` was expected, when it has another form."""
    found = pattern.fullmatch(written)
    if not found:
        raise ValueError(f"expected {what}, got {written!r}")
    return found


def searched(pattern: re.Pattern[str], page: str, what: str) -> re.Match[str]:
    """The first match in a page; ValueError, naming `what`, when it has none."""
    found = pattern.search(page)
    if not found:
        raise ValueError(f"found no {what}")
    return found


def number(value: object, *, comma: bool = False, thousands: str = "") -> Decimal:
    """The Decimal that a publisher's text or JSON number means, digit by digit.

    comma: the text has a decimal comma. thousands: the mark between groups of three digits before the point ("," or
    "." or " ", which stands for any space), where the publisher sets one; a mark elsewhere is refused.
    Refuses all but plain numbers: "", "-", "NaN", "1_000", "1 234".
    """
    if type(value) is Decimal and value.is_finite() and _short(value):
        return value  # every rate of a JSON answer, by far the most
    if type(value) is str and not thousands and len(value) <= MOST_DIGITS and _FIGURE.fullmatch(value):
        return Decimal(value)  # most of the others
    found: Decimal | None = None
    if isinstance(value, int) and not isinstance(value, bool):
        found = Decimal(value)
    if isinstance(value, str):
        plain = _ungrouped(value.strip(), thousands) if thousands else value.strip()
        plain = plain.replace(",", ".") if comma and "." not in plain else plain
        found = Decimal(plain) if _PLAIN.fullmatch(plain) else None
    if found is None or not found.is_finite() or not _short(found):
        raise ValueError(f"not a number: {str(value)[:MOST_DIGITS]!r}")
    return found


def _ungrouped(text: str, mark: str) -> str:
    """The number without the marks between its thousands; unchanged if a mark stands anywhere else."""
    wide = r"[ \xa0\u2009\u202f]" if mark == " " else re.escape(mark)
    grouped = re.fullmatch(rf"([+-]?\d{{1,3}}(?:{wide}\d{{3}})+)(\D\d+)?", text, re.ASCII)
    return re.sub(wide, "", grouped[1]) + (grouped[2] or "") if grouped else text


def _short(value: Decimal) -> bool:
    """False for 1e999999999, which JSON can write, and for a text of a million digits."""
    if abs(value.adjusted()) >= MOST_DIGITS:
        return False
    # The text first: it is at hand for every rate of every answer, the tuple of digits is not.
    return len(str(value)) <= MOST_DIGITS or len(value.as_tuple().digits) < MOST_DIGITS


def per_unit(rate: object, units: object) -> Decimal:
    """The rate of one unit when `rate` is quoted for `units` (100, "1000", ...); both as `number` reads them.

    A power of ten only moves the point, so that all published digits stay; anything else is divided to 28 digits.
    """
    value, amount = number(rate), number(units)
    if amount == 1:
        return value  # most are
    if amount <= 0:
        raise ValueError(f"not a number of units: {units}")
    shift = amount.adjusted()
    if amount == Decimal((0, (1,), shift)):
        sign, figures, exponent = value.as_tuple()
        return Decimal((sign, figures, int(exponent) - shift))
    return EXACT.divide(value, amount)


def midpoint(buy: object, sell: object) -> Decimal:
    """The exact middle of a buying and a selling rate, both as `number` reads them.

    A side that is not positive is refused, since the middle would hide it.
    """
    sides = number(buy), number(sell)
    if min(sides) <= 0:
        raise ValueError(f"not buying and selling rates: {buy} and {sell}")
    return EXACT.divide(EXACT.add(*sides), Decimal(2))


def fifteen_digits(value: object) -> Decimal:
    """The value, as `number` reads it, without the digits that binary arithmetic adds beyond the fifteenth.

    For publishers that print doubles whole: 7.8245000000000005 means 7.8245. A shorter number stays as written.
    """
    found = number(value)
    if len(found.as_tuple().digits) <= _DOUBLE.prec:
        return found
    return Decimal(f"{_DOUBLE.plus(found).normalize(_DOUBLE):f}")


def per_ounce(rate_per_gram: object) -> Decimal:
    """A price per gram, as `number` reads it, as a price per troy ounce, in which XAU and its kin are quoted."""
    return EXACT.multiply(number(rate_per_gram), TROY_OUNCE_G)


def day(text: object, form: str = "Y-M-D", months: Mapping[str, int] | None = None) -> date:
    """The day that a text means; `form` orders Y, M, D around one-character marks, or none: "D.M.Y", "YMD".

    A midnight after it is passed over: "2026-10-30T00:00:00", with a fraction or a zone, or a blank in place of the T.
    Months may be English names of three or more letters, or the names in `months`, in lower case, of another language.
    Y has four digits; y has two and means 1970 to 2069; without marks M and D have two.
    """
    if not isinstance(text, str):
        raise ValueError(f"not a day: {text!r}")
    if months is not None:
        return _read_day(text, form, months)
    return _day(text, form)


@lru_cache(maxsize=1024)
def _day(text: str, form: str) -> date:
    """The same, once for each text: an answer has hundreds of rates and few days."""
    return _read_day(text, form, None)


def _read_day(text: str, form: str, months: Mapping[str, int] | None) -> date:
    found = _day_pattern(form).fullmatch(text.strip())
    if not found or not all(found[part].isascii() for part in "YD"):
        raise ValueError(f"not a day like {form}: {text!r}")
    month, year = found["M"], int(found["Y"])
    if "y" in form:
        year += 1900 if year >= 70 else 2000
    return date(year, int(month) if month.isdigit() else _month(month, months), int(found["D"]))


@cache
def _day_pattern(form: str) -> re.Pattern[str]:
    parts = _UNMARKED_PARTS if form.isalpha() else _DAY_PARTS
    return re.compile("".join(parts.get(letter, re.escape(letter)) for letter in form) + _MIDNIGHT)


_MIDNIGHT = r"(?:[T ](?:00:00:00(?:\.0{1,9})?(?:Z|[+-]\d\d:\d\d)?|12:00:00 AM))?"
_DAY_PARTS = {
    "Y": r"(?P<Y>\d{4})",
    "y": r"(?P<Y>\d{2})",
    "M": r"(?P<M>\d{1,2}|[^\W\d_]{3,20}\.?)",
    "D": r"(?P<D>\d{1,2})",
}
_UNMARKED_PARTS = {"Y": r"(?P<Y>\d{4})", "y": r"(?P<Y>\d{2})", "M": r"(?P<M>\d{2})", "D": r"(?P<D>\d{2})"}


def _month(name: str, months: Mapping[str, int] | None) -> int:
    """The number of a month's name, English unless another language's are given."""
    written = name.rstrip(".").lower()
    try:
        return months[written] if months is not None else _MONTHS[written[:3]]
    except KeyError:
        raise ValueError(f"not a month: {name!r}") from None


_PERIOD = re.compile(r"(?P<Y>\d{4})(?:-(?:(?P<M>0[1-9]|1[0-2])|Q(?P<Q>[1-4])|[SH](?P<S>[12])))?", re.ASCII)


def period(text: object) -> tuple[date, date]:
    """The first and last day of a period as SDMX writes it: 2026, 2026-10, 2026-Q4, 2026-S2 (or H2, a half-year)."""
    found = _PERIOD.fullmatch(text) if isinstance(text, str) else None
    if not found:
        raise ValueError(f"not a period like 2026-10, 2026-Q4 or 2026: {text!r}")
    months, place = next(((size, found[part]) for part, size in _LENGTHS.items() if found[part]), (12, "1"))
    first = date(int(found["Y"]), (int(place) - 1) * months + 1, 1)
    return first, (first + timedelta(days=31 * months)).replace(day=1) - timedelta(days=1)


_LENGTHS = {"M": 1, "Q": 3, "S": 6}  # in months


def unix_day(seconds: object) -> date:
    """The UTC day of a count of seconds since 1970."""
    try:
        return date(1970, 1, 1) + timedelta(seconds=int(number(seconds)))
    except OverflowError:
        raise ValueError(f"not a time in seconds: {seconds!r}") from None


def unix_close_day(seconds: object, late_s: int = 600) -> date:
    """The UTC day whose rates a file has that was stamped at this time.

    Services that close a day at midnight stamp its file up to `late_s` later, which is on the next day.
    """
    return unix_day(number(seconds) - late_s)


def stamp_day(text: object) -> date:
    """The day of a time stamp, as written: 2026-10-30T23:59:59Z or 2026-10-30 23:59:59, or of a day alone."""
    if not isinstance(text, str) or len(text) < 10 or text[10:11] not in ("", "T", " "):
        raise ValueError(f"not a time stamp: {str(text)[:40]!r}")
    return day(text[:10])
