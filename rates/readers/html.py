"""Web pages to tables of text, links and the hidden fields of forms.

Tags are found by one regular expression: html.parser takes ten times as long, and the compiled parsers (selectolax,
lxml) are refused by isolated interpreters. Only what a table is made of is looked at, so that the rest may be as
broken as pages are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import unescape
from urllib.parse import quote, urljoin

from rates.readers.documents import text

# Quotes count only after an equals sign, as in browsers: a stray one would swallow the cells up to the next. Nothing
# backtracks and a tag has a hundred attributes at most, so that even a hostile page takes no more than its length.
_ATTRIBUTES = r"""(?:[^<>=]++|=\s{0,9}(?:"[^"]*+"|'[^']*+')?+){0,200}+"""
# A comment or script without its end reaches to the end of the page, as in browsers.
_NO_MARKUP = r"<!--(?:-?>|.*?-->|.*)|<(?:script|style)\b(?:.*?</(?:script|style)\s*>|.*)"
_FLAGS = re.IGNORECASE | re.DOTALL
# A cell without markup is found whole, with its end: that is most of them, and halves the time.
_TAG = re.compile(
    rf"<t[dh]\b({_ATTRIBUTES})>([^<]*+)</t[dh]>|<(/?)(t(?:able|body|foot|head|[rdh]))\b({_ATTRIBUTES})>|{_NO_MARKUP}",
    _FLAGS,
)
_ANY_TAG = re.compile(rf"{_NO_MARKUP}|</?[a-z]{_ATTRIBUTES}>", _FLAGS)
_INPUT = re.compile(rf"{_NO_MARKUP}|<input\b({_ATTRIBUTES})>", _FLAGS)
_ANCHOR = re.compile(rf"{_NO_MARKUP}|<(/?)a\b({_ATTRIBUTES})>", _FLAGS)
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++)))?""")
_SPAN = re.compile(r"""\b(col|row)span\s*=\s*["']?\s*(\d{1,5})""", re.IGNORECASE)

MOST_CELLS = 200_000  # a cell may span a thousand columns of all rows: a short page would fill the memory
MOST_CHARACTERS = 4_000_000  # of a page; the largest seen has 170,000
MOST_MARKS = 200_000  # tags and entities of a page
MOST_NESTED = 100  # tables in one another; pages that are laid out by tables have up to ten

Table = list[list[str]]


def tables(page: str) -> list[Table]:
    """Every table of a page, a list of rows of cells' text, in the order in which they end; one in another apart.

    Cells and rows close as browsers close them: at the next cell, row, section or end of the table. A cell that spans
    columns or rows is given once for each, so that all keep their places. Rows without cells are left out. Raises
    ValueError for a table that never ends, the page being cut, and for a tag that reaches over others.
    """
    found: list[Table] = []
    open_tables: list[_Open] = []
    room = _Room()
    for tag in _TAG.finditer(_bounded(page)):
        cell, text, ends, name, others = tag.groups()
        if "</t" in (cell or others or ""):
            raise ValueError(f"a tag of a table holds others, its quotes are damaged: {tag[0][:80]!r}")
        if name and not ends and name.lower() == "table":
            if len(open_tables) == MOST_NESTED:
                raise ValueError(f"more than {MOST_NESTED} tables of the page stand in one another")
            open_tables.append(_Open(room))
        elif open_tables and (name or text is not None):
            current = open_tables[-1]
            if current.begun >= 0:
                current.close_cell(plain(page[current.begun : tag.start()]))
            if text is not None:
                current.open(cell, -1)
                current.close_cell(_folded(text))
            elif name.lower() != "table":
                current.tag(name.lower(), bool(ends), others, tag.end())
            else:
                found.append(open_tables.pop().closed())
                if open_tables:
                    open_tables[-1].skip(tag.end())
    if open_tables:
        raise ValueError("a table of the page does not end")
    return found


class _Room:
    """How many cells a page may still have."""

    def __init__(self) -> None:
        self.left = MOST_CELLS

    def take(self, cells: int) -> None:
        self.left -= cells
        if self.left < 0:
            raise ValueError(f"the tables of the page have more than {MOST_CELLS} cells")


class _Open:
    """A table that has not ended yet.

    row: the cells so far of its open row. begun: where the text of its open cell begins, -1 when none is open.
    down: for each column that a cell of a row above spans, the number of the first row without it, and its text.
    """

    def __init__(self, room: _Room) -> None:
        self.room = room
        self.rows: Table = []
        self.row: list[str] = []
        self.in_row = False
        self.number = 0  # of the open row, among those since the last one that no cell spans
        self.begun = -1
        self.across = self.deep = 1
        self.down: dict[int, tuple[int, str]] = {}

    def tag(self, name: str, ends: bool, attributes_text: str, end: int) -> None:
        """A tag within the table: of a cell, a row or a section."""
        if name not in ("td", "th"):
            self.close_row(section=name != "tr")
            self.in_row = name == "tr" and not ends
        elif not ends:
            self.open(attributes_text, end)

    def open(self, attributes_text: str, begun: int) -> None:
        """A cell begins; rowspan 0 means all rows to the end of the section."""
        self.begun = begun
        self.across = self.deep = 1
        if "span" in attributes_text.lower():
            spans = {way.lower(): int(count) for way, count in _SPAN.findall(attributes_text)}
            self.across = min(max(1, spans.get("col", 1)), 1000)
            self.deep = spans.get("row", 1) or MOST_CELLS

    def skip(self, end: int) -> None:
        """What stands in the open cell up to here, a table, is not the cell's own text."""
        if self.begun >= 0:
            self.begun = end

    def close_cell(self, text: str) -> None:
        """The open cell ends; those from above that stand before it come first."""
        self.begun = -1
        if self.down:
            self._from_above()
        self.room.take(self.across)
        if self.deep > 1:
            columns = range(len(self.row), len(self.row) + self.across)
            self.down.update(dict.fromkeys(columns, (self.number + self.deep, text)))
        self.row += [text] * self.across

    def close_row(self, *, section: bool) -> None:
        """The open row, if there is one, ends; a section's end ends what spans rows too."""
        if self.down and (self.row or self.in_row):
            self._from_above()
            self.number += 1
        if self.row:
            self.rows.append(self.row)
            self.row = []
        if section:
            self.down = {}

    def _from_above(self) -> None:
        """The cells of rows above that reach down to the next places of this one."""
        while (spanned := self.down.get(len(self.row))) and spanned[0] > self.number:
            self.room.take(1)
            self.row.append(spanned[1])

    def closed(self) -> Table:
        """The rows, when the table ends."""
        self.close_row(section=True)
        return self.rows


def plain(markup: str) -> str:
    """The text of a piece of a page: no tags, entities resolved, white space folded."""
    if "<" in markup:
        markup = _ANY_TAG.sub(" ", markup)
    return _folded(markup)


def _folded(text: str) -> str:
    """A text without tags, its entities resolved and its white space folded."""
    return " ".join((unescape(text) if "&" in text else text).split())


def _bounded(page: str) -> str:
    """The page; ValueError for one that is far larger than any publisher's, which would take seconds to read."""
    if len(page) > MOST_CHARACTERS or page.count("<") + page.count("&") > MOST_MARKS:
        raise ValueError(f"the page has more than {MOST_CHARACTERS} characters or {MOST_MARKS} tags and entities")
    return page


def attributes(tag: str) -> dict[str, str]:
    """The attributes of one tag's text, names in lower case, the first where one is repeated."""
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(tag):
        found.setdefault(name.lower(), unescape(double or single or bare))
    return found


def hidden(page: str) -> dict[str, str]:
    """The names and values of a page's hidden inputs, which a browser sends back: tokens and view states."""
    inputs = [attributes(tag[1]) for tag in _INPUT.finditer(_bounded(page)) if tag[1] is not None]
    return {
        field["name"]: field.get("value", "")
        for field in inputs
        if field.get("name") and field.get("type", "").lower() == "hidden"
    }


def links(page: str) -> list[tuple[str, str]]:
    """The addresses and texts of a page's links, in order; one ends where the next begins, if not before."""
    found: list[tuple[str, str]] = []
    address, begun = "", -1
    for tag in _ANCHOR.finditer(_bounded(page)):
        if tag[1] is None:
            continue
        if begun >= 0:
            found.append((address, plain(page[begun : tag.start()])))
            begun = -1
        if not tag[1]:
            address, begun = attributes(tag[2]).get("href", ""), tag.end()
    return found


def whole_page(body: bytes, encoding: str = "utf-8-sig") -> str:
    """The text of a page, when it has its end: a page that was cut may lack tables without a sign of it."""
    page = text(body, encoding)
    if "</html>" not in page[-2000:].lower():
        raise ValueError(f"the page does not end: {page[-40:]!r}")
    return page


def rows_below(found: Iterable[Table], head: Sequence[str]) -> Table:
    """The rows below the row `head` of the first table that has it; ValueError when none has."""
    for table in found:
        if list(head) in table:
            return table[table.index(list(head)) + 1 :]
    raise ValueError(f"no table has the head {', '.join(head)}")


def link(page: bytes, base: str, address: str, words: str = "") -> str:
    """The first link of the page at `base` whose address and text match the two regular expressions, made absolute."""
    for href, label in links(text(page)):
        if re.search(address, href, re.IGNORECASE) and re.search(words, label):
            return absolute(base, href)
    raise ValueError(f"the page links to no address like {address}")


def absolute(base: str, href: str) -> str:
    """The address of a link on the page at `base`, its blanks escaped as browsers do; what is escaped stays."""
    return quote(urljoin(base, href.strip()), safe="%/:?&=+,;@!$'()*~#")
