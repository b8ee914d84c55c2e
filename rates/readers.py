"""Bytes to rows, numbers and days; shared by all providers, pure.

Every function raises ValueError (or a subclass) with the offending text; `fetch.drive` turns that into ParseError.
Only the standard library's parsers are used, and defusedxml over them: isolated interpreters refuse compiled ones.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal, DecimalException, DivisionByZero, InvalidOperation, Overflow
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

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
MOST_DIGITS = 100  # no rate has as many; more would fill the memory when printed
TROY_OUNCE_G = Decimal("31.1034768")  # grams in a troy ounce, exact by definition
UNZIPPED_CAP = 64 * 2**20  # the ECB's whole history is 2 MB; 64 MB leaves room and stops a zip bomb

_PLAIN = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d{1,2})?", re.ASCII)
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}


def number(value: object, *, comma: bool = False) -> Decimal:
    """The Decimal that a publisher's text or JSON number means, digit by digit.

    comma: the text has a decimal comma. Refuses what is no plain number: "", "-", "NaN", "1_000", "1 234".
    """
    if type(value) is Decimal and value.is_finite() and _short(value):
        return value  # every rate of a JSON answer, by far the most
    found: Decimal | None = None
    if isinstance(value, int) and not isinstance(value, bool):
        found = Decimal(value)
    if isinstance(value, str):
        plain = value.strip()
        plain = plain.replace(",", ".") if comma and "." not in plain else plain
        found = Decimal(plain) if _PLAIN.fullmatch(plain) else None
    if found is None or not found.is_finite() or not _short(found):
        raise ValueError(f"no number: {str(value)[:MOST_DIGITS]!r}")
    return found


def _short(value: Decimal) -> bool:
    """False for 1e999999999, which JSON can write, and for a text of a million digits."""
    if abs(value.adjusted()) >= MOST_DIGITS:
        return False
    # The text first: it is at hand for every rate of every answer, the tuple of digits is not.
    return len(str(value)) <= MOST_DIGITS or len(value.as_tuple().digits) < MOST_DIGITS


def per_unit(rate: Decimal, units: Decimal | int) -> Decimal:
    """The rate of one unit when `rate` is quoted for `units` (100, 1000, ...).

    A power of ten only moves the point, so that all published digits stay; anything else is divided to 28 digits.
    """
    amount = Decimal(units)
    if not amount.is_finite() or amount <= 0:
        raise ValueError(f"no amount of units: {units}")
    shift = amount.adjusted()
    if amount == Decimal((0, (1,), shift)):
        sign, figures, exponent = rate.as_tuple()
        return Decimal((sign, figures, int(exponent) - shift))
    return EXACT.divide(rate, amount)


def midpoint(buy: Decimal, sell: Decimal) -> Decimal:
    """The exact middle of a buying and a selling rate; a side that is not positive would hide in it, so is refused."""
    if min(buy, sell) <= 0:
        raise ValueError(f"no buying and selling rate: {buy} and {sell}")
    return EXACT.divide(EXACT.add(buy, sell), Decimal(2))


def per_ounce(rate_per_gram: Decimal) -> Decimal:
    """A price per gram as a price per troy ounce, in which XAU and its kin are quoted."""
    return EXACT.multiply(rate_per_gram, TROY_OUNCE_G)


def day(text: object, form: str = "Y-M-D") -> date:
    """The day that a text means; `form` orders Y, M, D around one-character marks, or none: "D.M.Y", "YMD".

    Months may be English names of three or more letters. Years have four digits, and without marks the others two.
    """
    if not isinstance(text, str):
        raise ValueError(f"no day: {text!r}")
    return _day(text, form)


@lru_cache(maxsize=1024)
def _day(text: str, form: str) -> date:
    """The same, once for each text: an answer has hundreds of rates and few days."""
    parts = _UNMARKED_PARTS if form.isalpha() else _DAY_PARTS
    pattern = "".join(parts.get(letter, re.escape(letter)) for letter in form)
    found = re.fullmatch(pattern, text.strip(), re.ASCII)
    if not found:
        raise ValueError(f"no day like {form}: {text!r}")
    month = found["M"]
    return date(int(found["Y"]), int(month) if month.isdigit() else _month(month), int(found["D"]))


_DAY_PARTS = {"Y": r"(?P<Y>\d{4})", "M": r"(?P<M>\d{1,2}|[A-Za-z]{3,9})", "D": r"(?P<D>\d{1,2})"}
_UNMARKED_PARTS = {"Y": r"(?P<Y>\d{4})", "M": r"(?P<M>\d{2})", "D": r"(?P<D>\d{2})"}


def _month(name: str) -> int:
    """The number of an English month name."""
    try:
        return _MONTHS[name[:3].lower()]
    except KeyError:
        raise ValueError(f"no month: {name!r}") from None


def unix_day(seconds: object) -> date:
    """The UTC day of a count of seconds since 1970."""
    try:
        return date(1970, 1, 1) + timedelta(seconds=int(number(seconds)))
    except OverflowError:
        raise ValueError(f"no time in seconds: {seconds!r}") from None


def text(body: bytes, encoding: str = "utf-8-sig") -> str:
    """The body as text in the publisher's stated encoding; never guessed, since guessing costs more than parsing."""
    return body.decode(encoding)


def whole_lines(body: bytes) -> bytes:
    """The body, when its last line has its end; a text without that was cut, and its last number cannot be trusted."""
    if not body.endswith(b"\n"):
        raise ValueError(f"ends within a line: {body[-40:]!r}")
    return body


def json_value(body: bytes) -> Any:
    """The JSON document with every fraction a Decimal as written; NaN and Infinity are refused.

    Bytes go to the parser as they are: JSON is UTF-8, 16 or 32, which it tells apart itself.
    """
    try:
        return json.loads(body, parse_float=Decimal, parse_constant=_no_constant)
    except (RecursionError, DecimalException) as error:
        raise ValueError(f"no JSON of rates: {type(error).__name__}") from error


def _no_constant(name: str) -> Decimal:
    raise ValueError(f"no number: {name}")


def mapping(value: object, what: str = "an object") -> Mapping[str, Any]:
    """The value, when it is a JSON object; ValueError names what was due otherwise."""
    if not isinstance(value, dict):
        raise ValueError(f"{what} was due, got {type(value).__name__}")
    return value


def rows(value: object, what: str = "a list") -> list[Any]:
    """The value, when it is a JSON array; ValueError names what was due otherwise."""
    if not isinstance(value, list):
        raise ValueError(f"{what} was due, got {type(value).__name__}")
    return value


def xml(body: bytes) -> Element:
    """The root of an XML document; a document type, and so any entity, is refused."""
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root: Element = fromstring(body, forbid_dtd=True)
    except DefusedXmlException as error:
        raise ValueError("the XML declares a document type or an entity, which is refused") from error
    except (SyntaxError, LookupError) as error:  # ElementTree.ParseError is a SyntaxError; an unknown encoding
        raise ValueError(f"no XML: {error}") from error
    return root


def child(element: Element, name: str) -> str:
    """The text of a child element that must be there."""
    found = element.findtext(name)
    if found is None:
        raise ValueError(f"no <{name}> in <{element.tag}>")
    return found


def csv(body: bytes, *, delimiter: str = ",", encoding: str = "utf-8-sig") -> Iterator[dict[str, str]]:
    """The rows of a CSV with a header line, each a dict; a row with fewer cells is refused, and one with more.

    Empty cells at the end of a line are no more; others would come of a stray delimiter, which shifts the numbers.
    """
    from csv import DictReader
    from csv import Error as CsvError
    from io import StringIO

    reader = DictReader(StringIO(text(body, encoding), newline=""), restkey=_MORE, delimiter=delimiter)
    try:
        for row in reader:
            if None in row.values():
                raise ValueError(f"line {reader.line_num} has too few cells")
            if any(row.pop(_MORE, ())):
                raise ValueError(f"line {reader.line_num} has too many cells")
            yield row
    except CsvError as error:
        raise ValueError(f"no CSV: {error}") from error


_MORE = "\0more"  # where the cells beyond the header's are kept; no header has it


def unzip(body: bytes, cap: int = UNZIPPED_CAP) -> bytes:
    """The one file in a zip archive; refused when it declares more than `cap` bytes."""
    from io import BytesIO
    from zipfile import BadZipFile, ZipFile
    from zlib import error as ZlibError  # noqa: N812  (a class, whatever its name)

    try:
        with ZipFile(BytesIO(body)) as archive:
            files = [info for info in archive.infolist() if not info.is_dir()]
            if len(files) != 1:
                raise ValueError(f"one file was due in the zip, got {len(files)}")
            if files[0].file_size > cap:
                raise ValueError(f"the zip declares {files[0].file_size} bytes, more than {cap}")
            return archive.read(files[0])
    except (BadZipFile, ZlibError, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise ValueError(f"no zip: {error}") from error


def is_html(body: bytes) -> bool:
    """True when the body is a web page, whatever its Content-Type says."""
    head = body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return head.startswith((b"<!doctype html", b"<html")) or (
        head.startswith((b"<!--", b"<head", b"<body", b"<script")) or b"<html" in head[:512]
    )
