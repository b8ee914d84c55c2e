"""The README's table of publishers, from the facts of all providers: `python -m tests.readme_table` prints it.

With `--write` it puts the table into README.md in place of the one that is there.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from rates import providers

README = Path(__file__).resolve().parent.parent / "README.md"
HEAD = "| key | publisher | quotes | rate type | published | since | answers for | key |\n" + "| --- " * 8 + "|\n"
_TABLE = re.compile(re.escape(HEAD) + r"(?:\|.*\|\n)*")


def table() -> str:
    """The head, and a row for each provider of this package, by key."""
    return HEAD + "".join(f"| `{key}` | {' | '.join(row(key))} |\n" for key in providers.own_keys())


def row(key: str) -> tuple[str, ...]:
    """What the table shows of a provider beside its key."""
    facts = providers.load(key).PROVIDER
    return (
        f"[{facts.name}]({facts.source})",
        facts.pivot or "per base",
        facts.rate_type,
        facts.published,
        facts.since.isoformat(),
        "all" if facts.answers == ("latest", "day", "range") else ", ".join(facts.answers),
        f"`{facts.key_env}`" if facts.key_env else "none",
    )


def replaced(text: str) -> str:
    """The README's text with the table as it should be."""
    return _TABLE.sub(lambda _: table(), text)


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        README.write_text(replaced(README.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        sys.stdout.write(table())
