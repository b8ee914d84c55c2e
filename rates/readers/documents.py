"""Bytes to rows: text, JSON, XML, CSV, zip."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, DecimalException
from typing import TYPE_CHECKING, Any, TypeVar

from rates.errors import ErrorAnswer
from rates.readers.values import day, number

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element as Element
else:
    Element = object  # a name for annotations alone: the parser is imported when a document is read

T = TypeVar("T")

MOST_WORDS = 200  # characters of a publisher's message that are repeated; a longer one is a page, not a reason
MOST_NAME = 100  # characters of a name that are repeated in a message
UNZIPPED_CAP = 64 * 2**20  # the ECB's whole history is 2 MB; 64 MB leaves room and stops a zip bomb


# Objects need 50 to 150 bytes each, in parsers that cannot be stopped: a document with more of these than any
# publisher's is refused before it is parsed. The largest recorded table is the ECB's history: 7,126 days of 41 cells.
MOST_LINES = 500_000
MOST_TAGS = 500_000
MOST_ATTRIBUTES = 700_000
MOST_VALUES = 800_000


def text(body: bytes, encoding: str = "utf-8-sig") -> str:
    """The body as text in the publisher's stated encoding; never guessed, since guessing costs more than parsing."""
    at_most(MOST_LINES, "lines", body, b"\n")
    return body.decode(encoding)


def at_most(most: int, what: str, body: bytes, *signs: bytes) -> None:
    """Raises ValueError for a document in which these signs stand more than `most` times."""
    if len(body) > most and sum(map(body.count, signs)) > most:
        raise ValueError(f"the document has more than {most} {what}")


def whole_lines(body: bytes) -> bytes:
    """The body if its last line has a line end; without one it was cut, and its last number cannot be trusted.

    All lines must end alike: a digit in place of a carriage return would become the last digit of a number.
    """
    if not body.endswith(b"\n"):
        raise ValueError(f"ends within a line: {body[-40:]!r}")
    if body.count(b"\r\n") not in (0, body.count(b"\n")):
        raise ValueError("some lines end in another way than the others")
    return body


def json_value(body: bytes) -> Any:
    """The JSON document with every fraction a Decimal as written; NaN, Infinity and doubled names are refused.

    Of two equal names json keeps the last: of two objects that damage has merged, one would be lost without an error.

    The bytes may be UTF-8, 16 or 32.
    """
    at_most(MOST_VALUES, "values", body, b",", b"[", b"{")
    try:
        return _JSON.decode(body.decode(json.detect_encoding(body), "surrogatepass"))
    except (RecursionError, DecimalException) as error:
        raise ValueError(f"invalid JSON: {type(error).__name__}") from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError(f"an object has two of {_doubled(pairs)[:MOST_NAME]!r}")
    return found


def _doubled(pairs: list[tuple[str, Any]]) -> str:
    """The first name that stands there a second time; one of a million costs a second, not hours."""
    seen: set[str] = set()
    for name, _ in pairs:
        if name in seen:
            return name
        seen.add(name)
    raise AssertionError("no name is doubled")


def _no_constant(name: str) -> Decimal:
    raise ValueError(f"not a number: {name}")


# Made once: `json.loads` would make one for every document.
_JSON = json.JSONDecoder(parse_float=Decimal, parse_constant=_no_constant, object_pairs_hook=_object)


def mapping(value: object, what: str = "an object") -> Mapping[str, Any]:
    """The value if it is a JSON object; ValueError names what was expected."""
    if not isinstance(value, dict):
        raise ValueError(f"expected {what}, got {type(value).__name__}")
    return value


def rows(value: object, what: str = "a list") -> list[Any]:
    """The value if it is a JSON array; ValueError names what was expected."""
    if not isinstance(value, list):
        raise ValueError(f"expected {what}, got {type(value).__name__}")
    return value


def json_object(body: bytes) -> Mapping[str, Any]:
    """The JSON document if it is an object; ValueError otherwise."""
    return mapping(json_value(body))


def records(body: bytes, *path: str, error: Sequence[str] = ()) -> list[Mapping[str, Any]]:
    """The rows of a JSON document, each an object; `path`: the names that lead to their list, outermost first.

    error: names under which an answer without the rows holds the publisher's message; the first that has one is
    raised as `ErrorAnswer`. Raises ValueError for another shape, KeyError for a missing name of the path.
    """
    value = json_value(body)
    if isinstance(value, dict) and not (path and path[0] in value):
        for words in filter(None, (value.get(name) for name in error)):
            raise reported(words)
    for name in path:
        value = mapping(value)[name]
    return [mapping(row) for row in rows(value)]


_ISO_DAY = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", re.ASCII)


def rows_between(
    found: Iterable[Mapping[str, Any]], field: str, first: date, last: date
) -> Iterator[tuple[date, Mapping[str, Any]]]:
    """The rows whose `field` is an ISO day from first to last, with that day, without reading the other rows' days.

    For archives that come whole: reading each day of Nigeria's 60,000 rows takes as long again as the JSON itself.
    Raises ValueError when any row has no day there.
    """
    low, high = str(first), str(last)
    for row in found:
        written = row[field]
        if not isinstance(written, str) or not _ISO_DAY.fullmatch(written):
            raise ValueError(f"not a day like Y-M-D: {written!r}")
        if low <= written <= high:
            yield day(written), row


def counted(found: Sequence[T], due: object, what: str = "rows") -> Sequence[T]:
    """The rows if there are as many as the publisher states; ValueError otherwise, since some were lost."""
    if len(found) != number(due):
        raise ValueError(f"expected {due} {what}, got {len(found)}")
    return found


def excerpt(words: object) -> str:
    """A publisher's words on one line, cut to `MOST_WORDS` characters, fit for a message."""
    return " ".join(str(words).split())[:MOST_WORDS]


def reported(words: object) -> ErrorAnswer:
    """The error to raise for an answer that holds a publisher's message in place of rates."""
    return ErrorAnswer(f"reports {excerpt(words)!r}")


def xml(body: bytes, *tags: str) -> Element:
    """The root of an XML document, which must be one of `tags` when any are given.

    A document type, and so any entity, is refused, as is text between elements: no publisher writes any, and
    damage can turn an element into text, which would be lost without an error.
    """
    at_most(MOST_TAGS, "tags", body, b"<")
    at_most(MOST_ATTRIBUTES, "attributes", body, b"=")
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root: Element = fromstring(body, forbid_dtd=True)
    except DefusedXmlException as error:
        raise ValueError("the XML declares a document type or an entity, which is refused") from error
    except (SyntaxError, LookupError) as error:  # ElementTree.ParseError is a SyntaxError; an unknown encoding
        raise ValueError(f"invalid XML: {error}") from error
    for element in root.iter():
        stray = (element.tail or "") + ((element.text or "") if len(element) else "")
        if stray and not stray.isspace():
            raise ValueError(f"text between elements, near <{element.tag}>: {stray.strip()[:MOST_NAME]!r}")
    if tags and root.tag not in tags:
        raise ValueError(f"expected <{'> or <'.join(tags)}>, got <{root.tag}>")
    return root


def child(element: Element, name: str) -> str:
    """The text of a child element that must be there."""
    found = element.findtext(name)
    if found is None:
        raise ValueError(f"no <{name}> in <{element.tag}>")
    return found


def csv(body: bytes, *, delimiter: str = ",", encoding: str = "utf-8-sig") -> Iterator[dict[str, str]]:
    """The rows of a CSV with a header line, each a dict; a row with more or fewer cells is refused.

    Drops trailing empty cells. Any other surplus cell is an error: a stray delimiter would shift the numbers.
    """
    return (row for _, row in numbered_csv(body, delimiter=delimiter, encoding=encoding))


def numbered_csv(
    body: bytes, *, delimiter: str = ",", encoding: str = "utf-8-sig"
) -> Iterator[tuple[int, dict[str, str]]]:
    """The same, each row with the number of its last line in the file."""
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
            yield reader.line_num, row
    except CsvError as error:
        raise ValueError(f"invalid CSV: {error}") from error


_MORE = "\0more"  # where the cells beyond the header's are kept; no header has it


def unzip(body: bytes, cap: int = UNZIPPED_CAP) -> bytes:
    """The one file in a zip archive; ValueError for one that unpacks to more than `cap` bytes."""
    from rates.readers.archive import Archive

    archive = Archive(body, cap)
    if len(archive.names) != 1:
        raise ValueError(f"expected one file in the zip, got {len(archive.names)}")
    return archive.read(archive.names[0])


def is_html(body: bytes) -> bool:
    """True when the body is a web page, whatever its Content-Type says."""
    head = body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return head.startswith((b"<!doctype html", b"<html")) or (
        head.startswith((b"<!--", b"<head", b"<body", b"<script")) or b"<html" in head[:512]
    )
