"""Colour for text that is laid out already: headings bold, captions and legends dim, warnings and outliers yellow.

A table in the format "simple" is known by its rule. Text without one (json, csv, other formats, help) stays plain.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import TextIO

import click

_RULE = re.compile(r"^-+(  +-+)*$", re.MULTILINE)
_CHART = re.compile(r"^ +└─+$", re.MULTILINE)
_WARNING = re.compile(r"warning: |no network: |passed over|\d+ did not answer: |\d+ of \d+ bases failed: ")
_OUTLIER = re.compile(r"  outlier(, .*)?$")


def colored(stream: TextIO | None) -> bool:
    """Whether text on that stream is coloured: by --color, else by the variables that people know, else on a terminal.

    NO_COLOR (no-color.org) forbids, FORCE_COLOR and CLICOLOR_FORCE force, CLICOLOR=0 and TERM=dumb say that the
    terminal has none.
    """
    context = click.get_current_context(silent=True)
    if context is not None and context.color is not None:
        return context.color
    if os.environ.get("NO_COLOR") or os.environ.get("FORCE_COLOR") == "0":
        return False
    if any(os.environ.get(name, "0") not in ("", "0") for name in ("FORCE_COLOR", "CLICOLOR_FORCE")):
        return True
    dull = os.environ.get("CLICOLOR") == "0" or os.environ.get("TERM") == "dumb"
    return stream is not None and stream.isatty() and not dull


def painted(text: str) -> str:
    """A page of tables with the captions and legends between them, in colour."""
    if not _RULE.search(text):
        return text
    return "\n\n".join(map(_block, text.split("\n\n")))


def _block(block: str) -> str:
    """A table, a chart, which stays plain, or the notes between them."""
    if _RULE.search(block):
        return _table(block)
    return block if _CHART.search(block) else _notes(block)


def _table(block: str) -> str:
    heading, rule, *lines = block.split("\n")
    rows = (click.style(line, fg="yellow") if _OUTLIER.search(line) else line for line in lines)
    return "\n".join((click.style(heading, bold=True), click.style(rule, dim=True), *rows))


def _notes(block: str) -> str:
    return "\n".join(line if warns else click.style(line, dim=True) for line, warns in _warnings(block))


def painted_reasons(text: str) -> str:
    """Reasons for standard error: warnings in colour, all else plain."""
    return "\n".join(line for line, _ in _warnings(text))


def _warnings(text: str) -> Iterator[tuple[str, bool]]:
    """Each line, and whether it belongs to a warning, which is then coloured; further lines of one are indented."""
    warns = False
    for line in text.split("\n"):
        warns = bool(_WARNING.match(line)) or (warns and line.startswith(" "))
        yield click.style(line, fg="yellow") if warns else line, warns
