"""Writes the index of all facts: `python -m rates.providers._index`, after a provider has come or changed.

It takes the facts from the modules and their currencies from _symbols.txt, which is kept by hand.
"""

from __future__ import annotations

import os
import sys

from rates import providers
from rates.providers import _known

SYMBOLS = os.path.join(os.path.dirname(__file__), "_symbols.txt")
COMMAND = "python -m rates.providers._index"


def symbols() -> dict[str, tuple[str, str]]:
    """Of each publisher the day up to which it was seen, and the words of its currencies."""
    with open(SYMBOLS, encoding="utf-8") as file:
        lines = [line.split(None, 2) for line in file if not line.startswith("#")]
    return {key: (seen, words.strip()) for key, seen, words in lines}


def text() -> str:
    """The index as it should be."""
    known = symbols()
    lines = ["\t".join(_known.NAMES)]
    for key in (*providers.own_keys(), *providers.BLENDS):
        seen, words = known.get(key, ("", ""))
        lines.append(_known.line(_known.of_provider(providers.load(key).PROVIDER, seen, words)))
    return "\n".join(lines) + "\n"


def main() -> int:
    """Writes it."""
    written = text()
    with open(_known.FILE, "w", encoding="utf-8") as file:
        file.write(written)
    sys.stdout.write(f"{_known.FILE}: {written.count(chr(10)) - 1} publishers\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
