"""The modes as parameters of tests: each is tried, or skipped with the reason why it cannot be had here."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

import pytest

from rates.executors import MODES

REASONS = {
    "interpreter": "" if sys.version_info >= (3, 14) else "the mode interpreter needs Python 3.14",
    "dask": "" if find_spec("distributed") else "dask is not installed",
}


def _param(mode: str) -> object:
    reason = REASONS.get(mode, "")
    return pytest.param(mode, marks=pytest.mark.skip(reason=reason)) if reason else mode


def guarded(modes: Sequence[Any], *slow: str) -> list[Any]:
    """The modes, of which some are tried in the slow run only, since others guard the same law at every change."""
    return [pytest.param(mode, marks=pytest.mark.slow) if mode in slow else mode for mode in modes]


EACH = [_param(mode) for mode in MODES]
# For tests that start a whole program in each: a cluster of its own takes a second.
PROGRAMS = guarded(EACH, "dask")
# By where calls run: a thread cannot be killed, and what is killed elsewhere must be noticed here.
PROCESSES = [_param(mode) for mode in ("process", "pool", "dask")]
THREADS = [_param(mode) for mode in ("thread", "dummy", "asyncio")]
ELSEWHERE = [_param(mode) for mode in ("process", "pool", "interpreter", "dask")]
