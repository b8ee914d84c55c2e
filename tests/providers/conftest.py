"""What the tests of providers share."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def _read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workbooks (xls) and PDF are read in this process: starting another for each of a hundred takes half a minute."""

    def read_here(function: str, body: bytes) -> Any:
        module, _, name = function.partition(":")
        return getattr(import_module(module), name)(body)

    monkeypatch.setattr("rates.readers.optional.read_apart", read_here)
