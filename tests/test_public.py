from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import get_args

import pytest

import rates

ROOT = Path(__file__).resolve().parent.parent


def _python(*args: str) -> str:
    """What a fresh interpreter prints."""
    done = subprocess.run([sys.executable, *args], capture_output=True, text=True, check=False, timeout=300, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("name", rates.__all__)
def test_every_public_name_loads(name: str) -> None:
    """Every name that is promised is there, is listed, and is the object of its own module."""
    value = getattr(rates, name)
    assert name in dir(rates)
    if name == "Outcome":  # a union
        assert get_args(value) == (rates.Fetched, rates.Failed)
    elif home := getattr(value, "__module__", None):
        assert getattr(sys.modules[home], value.__name__) is value


def test_no_other_name() -> None:
    """A name that is not there is an AttributeError that says so."""
    with pytest.raises(AttributeError, match="no attribute 'fetch_rate'"):
        _ = rates.fetch_rate  # type: ignore[attr-defined]


def test_all_is_what_the_homes_say() -> None:
    """The lazy names, the constants and the version are the whole public surface, once each."""
    assert sorted(rates.__all__) == sorted({*rates._HOME, "BASES", "SYMBOLS", "POOL_SIZE", "__version__"})


def test_import_costs_nothing() -> None:
    """`import rates` loads no dependency, and of our own modules only constants."""
    loaded = set(_python("-c", "import rates, sys; print(*sys.modules)").split())
    assert {name for name in loaded if name.split(".")[0] == "rates"} == {"rates", "rates._version", "rates.defaults"}
    assert not loaded & {"requests", "responses", "click", "tabulate", "rich", "babel", "urllib3", "decimal"}


def test_settings_and_nouns_need_no_network_library() -> None:
    """What an executor's worker unpickles first loads no HTTP library."""
    loaded = set(_python("-c", "import sys; from rates import Settings, Outcome; print(*sys.modules)").split())
    assert not loaded & {"requests", "responses", "click", "tabulate", "rich", "babel", "urllib3"}


def test_a_plain_fetch_loads_no_reader_that_it_does_not_use() -> None:
    """A table of one provider loads neither the consensus nor the readers of pages and workbooks: 3 ms less."""
    fetched = "import sys; from rates import Settings, attempt; assert attempt('USD', Settings(offline=True)).ok"
    loaded = set(_python("-c", f"{fetched}; print(*sys.modules)").split())
    assert "rates.readers.documents" in loaded
    assert not loaded & {"rates.consensus", *(f"rates.readers.{name}" for name in ("html", "xlsx", "services"))}


def test_star() -> None:
    """`from rates import *` gives just the public names."""
    printed = _python("-c", "from rates import *; print(*sorted(n for n in dir() if not n.startswith('__')))")
    assert printed.split() == sorted(name for name in rates.__all__ if name != "__version__")


def test_version() -> None:
    """The version that the build reads, the package says and the command prints is one."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert "version" in project["project"]["dynamic"]
    source = (Path(rates.__file__).parent.parent / project["tool"]["hatch"]["version"]["path"]).read_text("utf-8")
    assert re.findall(r'^__version__ = "(.+)"$', source, re.MULTILINE) == [rates.__version__]
    assert rates.__version__ in _python("-m", "rates", "--version").split()


def test_typed() -> None:
    """The package says that it is typed."""
    assert (Path(rates.__file__).parent / "py.typed").is_file()


def test_constants() -> None:
    """The seed's constants have the seed's types."""
    assert all(isinstance(code, str) and len(code) == 3 for code in (*rates.BASES, *rates.SYMBOLS))
    assert rates.POOL_SIZE > 0
