"""The pictures as one SVG file, or as one HTML page that needs nothing else. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from rates.compare.plots.curve import curve
from rates.compare.plots.draw import DARK, MARGIN, STYLE, WIDTH, Part, box, number, text
from rates.compare.plots.lanes import timelines
from rates.compare.plots.wall_times import walls
from rates.compare.records import Comparison, Figures
from rates.compare.words import time

HEAD = 44.0
PAGE = "\n".join((
    ":root { color-scheme: light dark; }",
    "body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; "
    "color: #1f2328; background: #ffffff; }",
    "h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; }",
    ".dim { color: #59636e; } figure { margin: 0; overflow-x: auto; }",
    "figure svg { width: 100%; min-width: 40rem; height: auto; display: block; }",
    "table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .9rem; }",
    "th, td { padding: .25rem .7rem; text-align: right; border-bottom: 1px solid #d8dee4; }",
    "th:first-child, td:first-child { text-align: left; padding-left: 0; } .wide { overflow-x: auto; }",
    "@media print { body { max-width: none; margin: 0; font-size: 11px; } figure svg { min-width: 0; } "
    "h2 { break-after: avoid; } section.whole { break-inside: avoid; } }",
))  # fmt: skip
DARK_PAGE = "body { color: #e6edf3; background: #0d1117; } .dim { color: #9198a1; } th, td { border-color: #2a313a; }"
COLUMNS = ("variant", "start-up", "whole", "min…max", "speed-up", "95 %", "ideal", "failed")


def parts(result: Comparison) -> list[Part]:
    """The pictures that there is something to draw for."""
    return [part for part in (walls(result), curve(result), timelines(result)) if part is not None]


def svg(result: Comparison, *, dark: bool = True) -> str:
    """All pictures in one, with a heading. dark: with the colours for a dark screen, which not every program reads."""
    y, shapes = 0.0, []
    heading = [text(MARGIN, 36, "rates compare", "head")]
    heading += [text(MARGIN, 56 + 17 * place, line, "dim") for place, line in enumerate(about(result))]
    y = 56 + 17 * len(about(result)) + 8
    found = parts(result)
    for part in found:
        shapes.append(text(MARGIN, y + 24, part.title, "head"))
        shapes.append(f'<g transform="translate(0 {number(y + HEAD)})">{part.shapes}</g>')
        y += HEAD + part.height + 16
    colours = f"{STYLE}\n@media (prefers-color-scheme: dark) {{\n{DARK}\n}}" if dark else STYLE
    told = " ".join(f"{part.title}: {part.description}" for part in found)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{number(y)}" '
        f'viewBox="0 0 {WIDTH} {number(y)}" role="img" aria-labelledby="title about">\n'
        f'<title id="title">rates compare: {escape(about(result)[0])}</title>\n'
        f'<desc id="about">{escape(told)}</desc>\n<style>\n{colours}\n</style>\n'
        f"{box(0, 0, WIDTH, y, 'paper')}\n{''.join(heading)}\n{chr(10).join(shapes)}\n</svg>\n"
    )


def html(result: Comparison) -> str:
    """A page with the verdict, the pictures and the figures; legible printed, and on dark screens."""
    sections = [_section(place, part) for place, part in enumerate(parts(result))]
    said = "".join(f"<p>{escape(sentence)}</p>\n" for sentence in result.verdict.splitlines())
    facts = "<br>\n".join(map(escape, about(result)))
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>rates compare: {escape(about(result)[0])}</title>\n<style>\n{PAGE}\n{STYLE}\n"
        f"@media screen and (prefers-color-scheme: dark) {{\n{DARK_PAGE}\n{DARK}\n}}\n</style>\n</head>\n<body>\n"
        f'<header><h1>rates compare</h1>\n<p class="dim">{facts}</p></header>\n<main>\n'
        f"<section>\n<h2>Verdict</h2>\n{said}</section>\n{''.join(sections)}{_table(result.figures)}</main>\n"
        "</body>\n</html>\n"
    )


def about(result: Comparison) -> list[str]:
    """What was measured and where, in two lines."""
    plan, here = result.plan, result.machine
    latency = "" if plan.latency_s is None else f" · latency {time(plan.latency_s)}"
    jitter = f" ± {time(plan.jitter_s)}" if plan.jitter_s else ""
    pools = "warm pools" if plan.warm else "cold pools"
    gil = "" if here.gil else " without the GIL"
    rounds = f"{result.rounds} rounds" if result.rounds != 1 else "1 round"
    return [
        f"{len(plan.items)} fetches · {rounds}, interleaved · {plan.source}{latency}{jitter} · "
        f"{pools} · seed {result.seed}",
        f"{here.cores} cores of {here.cpu} · {here.implementation} {here.python}{gil} · "
        f"{here.system.partition('-')[0]}",
    ]


def _section(place: int, part: Part) -> str:
    """One picture of the page, with its name and description for who cannot see it."""
    names, whole = f"t{place} d{place}", ' class="whole"' if part.title != "Timelines" else ""
    return (
        f"<section{whole}>\n<h2>{escape(part.title)}</h2>\n<figure>\n"
        f'<svg viewBox="{MARGIN} 0 {WIDTH - 2 * MARGIN + 14} {number(part.height)}" '
        f'role="img" aria-labelledby="{names}">\n'
        f'<title id="t{place}">{escape(part.title)}</title>\n<desc id="d{place}">{escape(part.description)}</desc>\n'
        f"{part.shapes}\n</svg>\n</figure>\n</section>\n"
    )


def _table(rows: Sequence[Figures]) -> str:
    """The figures in a table, for reading and for copying."""
    head = "".join(f'<th scope="col">{name}</th>' for name in COLUMNS)
    body = "\n".join(_line(row) for row in rows)
    return (
        '<section>\n<h2>Figures</h2>\n<div class="wide"><table>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table></div>\n</section>\n"
    )


def _line(row: Figures) -> str:
    wall, ends = row.wall, row.speedup_ci95
    cells = (
        "–" if row.startup is None else time(row.startup.median),
        "–" if wall is None else time(wall.median),
        "–" if wall is None else f"{time(wall.low)}…{time(wall.high)}",
        "–" if row.speedup is None else f"{row.speedup:.2f}",
        "" if ends is None else f"{ends[0]:.2f}…{ends[1]:.2f}",
        "–" if row.ideal_share is None else f"{row.ideal_share * 100:.0f} %",
        f"{row.failures} of {row.calls}",
    )
    return f'<tr><th scope="row">{escape(str(row.variant))}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'
