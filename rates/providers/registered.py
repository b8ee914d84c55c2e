"""Providers of the user: modules that were registered, and files that a setting names by their path.

A file is run once in a process. Worker processes are given the paths, and run the files too.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from types import ModuleType
from typing import cast
from zlib import crc32

from rates.defaults import CONSENSUS, OWN
from rates.errors import RatesError, UsageError, by_signal, quoted
from rates.model import Provider
from rates.providers import ProviderModule, installed_keys

modules: dict[str, ProviderModule] = {}  # by key


def register(module: ProviderModule | ModuleType | str | os.PathLike[str]) -> str:
    """Makes a module, or the path of its file, known as a provider; gives its key. See `rates.providers.register`."""
    if isinstance(module, (str, os.PathLike)):
        return from_file(os.path.abspath(os.fspath(module))).PROVIDER.key
    return _add(module, quoted(getattr(module, "__name__", module)))


def _add(module: object, where: str) -> str:
    """Checks a module, and keeps it by its key; one that was registered under this key is replaced."""
    provider = getattr(module, "PROVIDER", None)
    missing = [name for name in ("steps", "parse") if not callable(getattr(module, name, None))]
    if not isinstance(provider, Provider) or missing:
        lacks = "PROVIDER" if not isinstance(provider, Provider) else " and ".join(missing)
        raise UsageError(f"{where} is no provider: it has no {lacks}", hint="`rates providers new KEY` writes one")
    key = provider.key
    if not re.fullmatch(r"[a-z][a-z0-9_]*", key):
        raise UsageError(f"{where} has the key {quoted(key)}", hint="small letters, digits and _, like: bank_of_utopia")
    if key in (*installed_keys(), CONSENSUS, OWN):
        raise UsageError(f"{where} has the key {key}, which another provider has", hint="rename it")
    modules[key] = cast(ProviderModule, module)
    return key


@cache
def from_file(path: str) -> ProviderModule:
    """The provider in a file, run at the first call; `UsageError` if there is none, `RatesError` if it fails."""
    stem = os.path.basename(path).removesuffix(".py")
    name = f"_rates_provider_{stem}_{crc32(path.encode()):x}"
    spec = spec_from_file_location(name, path)
    if not os.path.isfile(path) or spec is None or spec.loader is None:
        raise UsageError(f"no file of Python code {quoted(path)}", hint="`rates providers new KEY` writes a provider")
    module = sys.modules[name] = module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        del sys.modules[name]
        if by_signal(error):
            raise
        raise RatesError(f"the provider in {path} cannot be loaded: {type(error).__name__}: {error}") from error
    return modules[_add(module, path)]


def files(keys: Iterable[str]) -> tuple[str, ...]:
    """The files of those keys that were registered, for a worker process; `UsageError` for one without a file."""
    found = [(key, getattr(modules[key], "__file__", None)) for key in keys if key in modules]
    for key, file in found:
        if not file or not os.path.isfile(file):
            detail = f"the provider {key} was registered without a file, so that no worker process can load it"
            raise UsageError(detail, hint="use a mode that shares memory, like thread")
    return tuple(os.path.abspath(str(file)) for _, file in found)


def add_files(paths: Iterable[str]) -> None:
    """Loads the files that this process does not know yet."""
    known = {os.path.abspath(getattr(module, "__file__", None) or "") for module in modules.values()}
    for path in paths:
        if path not in known:
            from_file(path)
