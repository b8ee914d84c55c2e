"""A minimal PDF for tests: lines in, one page out."""

from __future__ import annotations

from collections.abc import Iterable


def pdf(lines: Iterable[str]) -> bytes:
    """One page with these lines of text below one another."""
    shown = "".join(f"({_escaped(line)}) Tj T*\n" for line in lines)
    return page(f"BT /F1 9 Tf 12 TL 40 800 Td\n{shown}ET".encode("cp1252"))


def page(stream: bytes, filters: bytes = b"") -> bytes:
    """One page with this content, which the filters decode; such as b"/Filter /FlateDecode"."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(stream), filters, stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(body))
    return body + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + trailer


def _escaped(line: str) -> str:
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
