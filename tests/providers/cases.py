"""One good conversation for every provider, for the tests that hold for all of them: `CASE` of its own test file."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from tests.providers.conversation import Case

CASES: dict[str, Case] = {
    file.stem.removeprefix("test_"): module.CASE
    for file in sorted(Path(__file__).parent.glob("test_*.py"))
    if "\nCASE = " in file.read_text(encoding="utf-8")
    for module in [import_module(f"tests.providers.{file.stem}")]
}
