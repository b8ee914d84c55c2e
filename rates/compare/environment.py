"""The machine and the Python that a comparison is measured on."""

from __future__ import annotations

import importlib.util
import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version

from rates import _version
from rates.compare.results import Machine
from rates.executors import processors

# The packages whose versions matter to a fetch, and the optional ones.
PACKAGES = ("requests", "urllib3", "responses", "defusedxml", "dask", "distributed")


def this_machine() -> Machine:
    """The machine and the Python of this process."""
    packages = [("rates", _version.__version__)]
    for name in PACKAGES:
        try:
            packages.append((name, version(name)))
        except PackageNotFoundError:
            continue
    return Machine(
        cores=processors(),
        cpu=_cpu(),
        system=f"{platform.system()} {platform.release()}",
        implementation=platform.python_implementation(),
        python=platform.python_version(),
        gil=bool(getattr(sys, "_is_gil_enabled", lambda: True)()),
        compiled=_compiled(),
        packages=tuple(packages),
    )


def _cpu() -> str:
    """The processor's name according to the kernel."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as file:
            for line in file:
                if line.startswith("model name"):
                    return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def _compiled() -> bool:
    """Whether our modules are byte-compiled on disk; otherwise each process that imports them compiles them first."""
    try:
        return os.path.exists(importlib.util.cache_from_source(_version.__file__))
    except NotImplementedError:
        return False
