"""The facts about the machine and the Python that a comparison was measured on."""

from __future__ import annotations

import importlib.util
import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version

from rates import _version
from rates.compare.records import Machine
from rates.executors import processors

# What a fetch stands on, and what joins when it is installed.
PACKAGES = ("requests", "urllib3", "responses", "defusedxml", "dask", "distributed")


def machine() -> Machine:
    """Those of this process."""
    return Machine(
        cores=processors(),
        cpu=_cpu(),
        system=f"{platform.system()} {platform.release()}",
        implementation=platform.python_implementation(),
        python=platform.python_version(),
        gil=bool(getattr(sys, "_is_gil_enabled", lambda: True)()),
        compiled=_compiled(),
        packages=(("rates", _version.__version__), *_installed()),
    )


def _cpu() -> str:
    """The processor's name, as the kernel tells it."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as file:
            for line in file:
                if line.startswith("model name"):
                    return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def _installed() -> list[tuple[str, str]]:
    found = []
    for name in PACKAGES:
        try:
            found.append((name, version(name)))
        except PackageNotFoundError:
            continue
    return found


def _compiled() -> bool:
    """Whether our modules lie byte-compiled on disk: without, each process that imports them compiles them first."""
    try:
        return os.path.exists(importlib.util.cache_from_source(_version.__file__))
    except NotImplementedError:
        return False
