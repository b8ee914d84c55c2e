"""Web pages to tables of text, links and the hidden fields of forms.

Tags are found by one regular expression: html.parser takes ten times as long, and the compiled parsers (selectolax,
lxml) are refused by isolated interpreters. Only what a table is made of is looked at, so that the rest may be as
broken as pages are.
"""

from __future__ import annotations

import re
from html import unescape

_ATTRIBUTES = r"""(?:[^>"']|"[^"]*"|'[^']*')*"""
_TAG = re.compile(
    rf"<!--.*?-->|<(?:script|style)\b.*?</(?:script|style)\s*>|<(/?)(table|tr|td|th)\b({_ATTRIBUTES})>",
    re.IGNORECASE | re.DOTALL,
)
_ANY_TAG = re.compile(rf"<!--.*?-->|<(?:script|style)\b.*?</(?:script|style)\s*>|</?[a-zA-Z]{_ATTRIBUTES}>", re.DOTALL)
_ATTRIBUTE = re.compile(r"""([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_INPUT = re.compile(rf"<input\b({_ATTRIBUTES})>", re.IGNORECASE)
_ANCHOR = re.compile(rf"<a\b({_ATTRIBUTES})>(.*?)</a\s*>", re.IGNORECASE | re.DOTALL)

Table = list[list[str]]


def tables(page: str) -> list[Table]:
    """Every table of a page, a list of rows of cells' text, in the order in which they end; one in another apart.

    Cells close as browsers close them: at the next cell, row or end of the table. A cell that spans several columns
    is given once for each, so that columns keep their places. Raises ValueError for a table that never ends: the
    page was cut.
    """
    found: list[Table] = []
    open_tables: list[_Open] = []
    for tag in _TAG.finditer(page):
        name = (tag[2] or "").lower()
        if not name:
            continue
        if name == "table" and not tag[1]:
            open_tables.append(_Open())
        elif open_tables:
            current = open_tables[-1]
            current.close_cell(page, tag.start())
            if name == "table":
                found.append(open_tables.pop().rows)
                if open_tables and open_tables[-1].begun >= 0:
                    open_tables[-1].skip(tag.end())
            elif not tag[1]:
                current.open(name, tag[3], tag.end())
    if open_tables:
        raise ValueError("a table of the page does not end")
    return [[row for row in table if row] for table in found]


class _Open:
    """A table that has not ended yet. begun: where the text of its open cell begins, -1 when none is open."""

    def __init__(self) -> None:
        self.rows: Table = []
        self.begun = -1
        self.columns = 1

    def open(self, name: str, attributes_text: str, end: int) -> None:
        if name == "tr" or not self.rows:
            self.rows.append([])
        if name != "tr":
            span = re.search(r"""colspan\s*=\s*["']?\s*(\d{1,3})""", attributes_text, re.IGNORECASE)
            self.columns = max(1, int(span[1])) if span else 1
            self.begun = end

    def skip(self, end: int) -> None:
        """What a table within the cell holds is not the cell's own text."""
        self.begun = end

    def close_cell(self, page: str, end: int) -> None:
        if self.begun >= 0:
            self.rows[-1] += [plain(page[self.begun : end])] * self.columns
            self.begun = -1


def plain(markup: str) -> str:
    """The text of a piece of a page: no tags, entities resolved, white space folded."""
    if "<" in markup:
        markup = _ANY_TAG.sub(" ", markup)
    if "&" in markup:
        markup = unescape(markup)
    return " ".join(markup.split())


def attributes(tag: str) -> dict[str, str]:
    """The attributes of one tag's text, names in lower case."""
    return {name.lower(): unescape(double or single or bare) for name, double, single, bare in _ATTRIBUTE.findall(tag)}


def hidden(page: str) -> dict[str, str]:
    """The named inputs of a page and their values, as a browser would send them back: tokens and view states."""
    fields = [attributes(tag) for tag in _INPUT.findall(page)]
    return {field["name"]: field.get("value", "") for field in fields if field.get("name")}


def links(page: str) -> list[tuple[str, str]]:
    """The addresses and texts of a page's links, in order."""
    return [(attributes(tag).get("href", ""), plain(inner)) for tag, inner in _ANCHOR.findall(page)]
