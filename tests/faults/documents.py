"""Hostile documents by name: how each is read, and its bytes.

None is larger than `max_bytes`. Most are a few kilobytes that a careless reader turns into gigabytes, or into minutes.
"""

from __future__ import annotations

import bz2
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from rates import readers
from tests.providers.pdf import page
from tests.readers.workbooks import package, strings, worksheet

MB = 2**20


@dataclass(frozen=True)
class Document:
    """One document. read: the reader, which must refuse it. large: it takes seconds to make or to read."""

    read: Callable[[bytes], object]
    make: Callable[[], bytes]
    large: bool = False


def pages(body: bytes) -> None:
    """All that providers do with a page."""
    page = readers.text(body)
    readers.tables(page), readers.hidden(page), readers.links(page)
    raise ValueError("harmless")  # a page without rates is no error of the reader


def workbooks(body: bytes) -> None:
    """All sheets of a workbook."""
    for sheet in readers.sheets(body).values():
        for row in sheet:
            readers.number("".join(row))


def lines(body: bytes) -> None:
    """All rows of a CSV."""
    for row in readers.csv(body):
        readers.number(row["rate"])


def packed(name: str, size: int, declared: int, method: int = ZIP_DEFLATED) -> bytes:
    """A zip with one file of so many zero bytes, whose directory declares another size."""
    if method == ZIP_DEFLATED:
        squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
        data = b"".join(squeeze.compress(bytes(MB)) for _ in range(size // MB)) + squeeze.flush()
    else:
        data = bz2.compress(bytes(size))
    named = name.encode()
    common = struct.pack("<3H3L", method, 0, 0, 0, len(data), declared)
    local = b"PK\3\4" + struct.pack("<2H", 20, 0) + common + struct.pack("<2H", len(named), 0) + named + data
    entry = b"PK\1\2" + struct.pack("<3H", 20, 20, 0) + common
    entry += struct.pack("<5H2L", len(named), 0, 0, 0, 0, 0, 0) + named
    return local + entry + b"PK\5\6" + struct.pack("<4H2LH", 0, 0, 1, 1, len(entry), len(local), 0)


def sheet(data: str, texts: str = "") -> bytes:
    """A workbook with one sheet of this XML."""
    parts = {"xl/worksheets/sheet1.xml": worksheet(data)}
    if texts:
        parts["xl/sharedStrings.xml"] = strings(texts)
    return package(["Rates"], parts)


def files(count: int) -> bytes:
    """A zip of so many empty files."""
    written = BytesIO()
    with ZipFile(written, "w", ZIP_STORED) as archive:
        for number in range(count):
            archive.writestr(str(number), "")
    return written.getvalue()


def pdf(content: bytes, name: str) -> bytes:
    """A PDF of one page with this content, packed in the way of this name."""
    return page(content, f"/Filter {name}".encode())


def named(count: int) -> Iterator[str]:
    """So many names with their values, as in a JSON object."""
    return (f'"k{number}":1' for number in range(count))


ROW = '<row r="1"><c r="A1" t="inlineStr"><is><t>USD</t></is></c><c r="B1"><v>1.5</v></c></row>'
SPAN = b"<td rowspan=65000 colspan=1000>x</td>"
ENTITIES = b'<!DOCTYPE x [<!ENTITY a "%s">]><x>%s</x>' % (b"a" * 1000, b"&a;" * 1000)

DOCUMENTS: dict[str, Document] = {
    "json-deep": Document(readers.json_value, lambda: b"[" * 100_000),
    "json-deep-objects": Document(readers.json_value, lambda: b'{"a":' * 100_000 + b"1" + b"}" * 100_000),
    "json-doubled-name": Document(
        readers.json_value, lambda: b"{%s,%s}" % (",".join(named(50_000)).encode(), b'"k7":2')
    ),
    "json-long-integer": Document(readers.json_value, lambda: b"[%s]" % (b"1" * 100_000)),
    "json-huge-exponent": Document(readers.json_value, lambda: b"[1e%s]" % (b"9" * 30)),
    "json-lists": Document(readers.json_value, lambda: b"[" + b"[]," * 10_000_000 + b"1]", large=True),
    "json-values": Document(readers.json_value, lambda: b"[" + b"0.1," * 8_000_000 + b"1]", large=True),
    "xml-entities": Document(readers.xml, lambda: ENTITIES),
    "xml-outside": Document(readers.xml, lambda: b'<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd"><x/>'),
    "xml-siblings": Document(readers.xml, lambda: b"<x>" + b"<a/>" * 5_000_000 + b"</x>", large=True),
    "xml-deep": Document(readers.xml, lambda: b"<a>" * 1_000_000 + b"</a>" * 1_000_000, large=True),
    "csv-lines": Document(lines, lambda: b"code,rate\n" + b"USD,1\n" * 5_000_000, large=True),
    "csv-cell": Document(lines, lambda: b"code,rate\nUSD," + b"1" * 1_000_000 + b"\n"),
    "html-nested-tables": Document(pages, lambda: b"<table>" * 100_000),
    "html-row-spans": Document(pages, lambda: b"<table><tr><td>x</td>" + SPAN * 900 + b"</tr>" + b"<tr>" * 20_000),
    "html-column-spans": Document(pages, lambda: b"<table>" + b"<tr><td colspan=1000>x</td></tr>" * 5000),
    "html-open-tags": Document(pages, lambda: b"<table>" + b"<td a=\"b' c='d\" " * 30_000),
    "html-open-comments": Document(pages, lambda: b"<!--" * 100_000),
    "html-open-scripts": Document(pages, lambda: b"<script>" + (b"</script" + b" " * 2000) * 300),
    "html-links": Document(pages, lambda: b"<a href=x>" * 3_000_000, large=True),
    "html-entities": Document(pages, lambda: b"<table><td>" + b"&amp;" * 6_000_000, large=True),
    "zip-files": Document(readers.unzip, lambda: files(2000)),
    "zip-lies": Document(readers.unzip, lambda: packed("a.csv", 256 * MB, 1000), large=True),
    "zip-bomb": Document(readers.unzip, lambda: packed("a.csv", 256 * MB, 256 * MB), large=True),
    "zip-bzip2": Document(readers.unzip, lambda: packed("a.csv", 256 * MB, 1000, method=12), large=True),
    "zip-cut": Document(readers.unzip, lambda: files(1)[:-9]),
    "xlsx-open-texts": Document(workbooks, lambda: sheet(ROW, "<si>" * 30_000)),
    "xlsx-spoken-texts": Document(
        workbooks, lambda: sheet('<row><c t="s"><v>0</v></c></row>', f"<si>{'<rPh>' * 30_000}</si>")
    ),
    "xlsx-open-cells": Document(workbooks, lambda: sheet('<row r="1">' + "<c><is>" * 30_000)),
    "xlsx-open-rows": Document(workbooks, lambda: sheet("<row " * 30_000)),
    "xlsx-open-formulas": Document(workbooks, lambda: sheet('<row r="1">' + "<c><f>" * 30_000)),
    "xlsx-blanks": Document(workbooks, lambda: sheet('<row r="1">' + ("<c " + " " * 2000) * 100)),
    "xlsx-far-corner": Document(workbooks, lambda: sheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')),
    "xlsx-long-text": Document(
        workbooks, lambda: sheet('<row><c t="s"><v>0</v></c></row>', f"<si><t>{'a' * MB}</t></si>")
    ),
    "xlsx-bomb": Document(workbooks, lambda: sheet(ROW + " " * 100 * MB), large=True),
    "xls-garbage": Document(
        readers.xls_sheets, lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 100_000, large=True
    ),
    "pdf-bomb": Document(readers.pdf_text, lambda: pdf(zlib.compress(bytes(400 * MB)), "/FlateDecode"), large=True),
    "pdf-ascii85": Document(readers.pdf_text, lambda: pdf(b"z" * 30_000_000, "/ASCII85Decode"), large=True),
    "pdf-words": Document(
        readers.pdf_text,
        lambda: pdf(zlib.compress(b"BT /F1 9 Tf " + b"(x) Tj " * 2_000_000), "/FlateDecode"),
        large=True,
    ),
}
