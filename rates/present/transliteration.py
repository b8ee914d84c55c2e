"""ASCII for terminals that show no more: "..." for an ellipsis, "-" for a dash, "o" for "ó", "#" for a bar.

An error handler for the encoding of a stream, so that nothing that prints must think of it. Every character but the
ellipsis becomes one other, so that columns stay under each other; an ellipsis in a table takes the space behind it.
"""

from __future__ import annotations

import codecs
import unicodedata
from typing import TextIO

NAME = "rates-ascii"
CODEC = "rates_ascii"

_LIKE = {
    "-": "–—−·─━═╸╺▃",
    "'": "‘’",
    '"': "“”",
    "~": "±",
    "x": "×",
    "u": "µ",
    "+": "†├┬┼┤└┘┌┐┴╭╮╰╯▅",
    "#": "‡■█▉▊▋▌▓",
    "*": "§▆",
    "_": "▁",
    ",": "▂",
    "%": "▇",
    "=": "▄",
    "o": "¤",
    ">": "→",
    "<": "←",
    "^": "↑°",
    "v": "↓",
    "|": "│",
    ":": "▍▎▏",
    ".": "□▒░",
}
_ASCII = {ord(one): ascii for ascii, many in _LIKE.items() for one in many}


def write_ascii(stream: TextIO) -> None:
    """Has the stream write what its encoding has not in ASCII.

    A stream in ASCII gets the same encoding under another name: click takes that of the C locale for a mistake, and
    writes UTF-8 in its place.
    """
    encoding = stream.encoding
    if codecs.lookup(encoding).name == "ascii":
        codecs.register(lambda name: _codec() if name == CODEC else None)
        encoding = CODEC
    stream.reconfigure(encoding=encoding, errors=register())  # type: ignore[attr-defined]  # of TextIOWrapper


def _codec() -> codecs.CodecInfo:
    ascii = codecs.lookup("ascii")
    return codecs.CodecInfo(
        ascii.encode, ascii.decode, ascii.streamreader, ascii.streamwriter, ascii.incrementalencoder,
        ascii.incrementaldecoder, CODEC,
    )  # fmt: skip


def encodable(text: str, stream: TextIO) -> str:
    """The text with ASCII in place of what the stream cannot encode."""
    encoding = getattr(stream, "encoding", None) or "utf-8"  # a StringIO has none
    return text.encode(encoding, register()).decode(encoding)


def register() -> str:
    """Makes the error handler known to Python, and gives its name."""
    codecs.register_error(NAME, _replaced)
    return NAME


def _replaced(error: UnicodeError) -> tuple[str, int]:
    """What stands in place of the characters that cannot be encoded, and where the encoder goes on."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text, end = error.object, error.end
    shown = "".join(map(ascii_for, text[error.start : end]))
    if shown.endswith("...") and text[end : end + 2] == "  ":
        return shown[:-1], end + 1
    return shown, end


def ascii_for(character: str) -> str:
    """The ASCII that is nearest to a character; "?" for one that is like none."""
    if character == "…":
        return "..."
    nearest = character.translate(_ASCII)
    if not nearest.isascii():
        nearest = unicodedata.normalize("NFKD", character)[:1]
    return nearest if nearest.isascii() else "?"
