"""Providers of the user: modules that are registered, and files named by their path, in every mode."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from rates import attempt, fetch_all, fetch_many, fetch_rates, providers
from rates.errors import RatesError, UsageError
from rates.providers import registered
from rates.settings import Settings

# A provider that asks nothing, so that no test needs a server.
MODULE = """
from rates.providers.kit import Provider, Quote, date
from decimal import Decimal

PROVIDER = Provider(name="Bank of Utopia", pivot="EUR", rate_type="mid", published="12:00", since=date(2001, 1, 2))

def steps(query):
    return [Quote("EUR", symbol, Decimal(rate), query.today) for symbol, rate in (("USD", "1.1"), ("JPY", "170.5"))]
    yield

def parse(body):
    return []
"""


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    """What a test has registered is unknown to the next."""
    yield
    registered.modules.clear()
    registered.from_file.cache_clear()


@pytest.fixture
def utopia(tmp_path: Path) -> Path:
    """The file of a provider, in a folder with a space."""
    file = tmp_path / "my banks" / "Utopia" / "utopia.py"
    file.parent.mkdir(parents=True)
    file.write_text(MODULE, encoding="utf-8")
    return file


def loaded(file: Path) -> ModuleType:
    """The module in a file, as the user's own import gives it."""
    spec = spec_from_file_location("utopia", file)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("form", [str, Path, lambda file: [str(file)], lambda file: f"{file},ecb"])
def test_a_path_is_a_provider(utopia: Path, form: Callable[[Path], str]) -> None:
    """A file is asked by its path, as text, as a path, or in a chain; its key is its name."""
    base, rates = fetch_rates("USD", provider=form(utopia))
    assert (base, rates.provider) == ("USD", "utopia")
    assert rates["JPY"] == Decimal("155")


def test_a_path_relative_to_the_folder(utopia: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A relative path becomes absolute where the setting is read, since workers have other folders."""
    monkeypatch.chdir(utopia.parent)
    assert Settings(provider="./utopia.py").provider == (str(utopia),)
    assert fetch_many("EUR", "./utopia.py")[0].provider == "utopia"


@pytest.mark.parametrize("mode", ["thread", "process", "pool"])
@pytest.mark.parametrize("how", ["path", "register"])
def test_in_every_mode(utopia: Path, mode: str, how: str) -> None:
    """Worker processes find a file that is named by its path, and a module that was registered here."""
    key = str(utopia) if how == "path" else providers.register(loaded(utopia))
    found = list(fetch_all(["USD", "EUR"], provider=key, mode=mode, workers=2))
    assert [outcome.table and outcome.table["JPY"] for outcome in found] == [Decimal("155"), Decimal("170.5")]


@pytest.mark.parametrize("mode", ["thread", "process"])
def test_among_many(utopia: Path, mode: str) -> None:
    """Many publishers at once may be files and registered modules too."""
    key = providers.register(loaded(utopia))
    (outcome,) = fetch_many("USD", key, mode=mode, workers=1)
    assert outcome.table is not None
    assert outcome.table["JPY"] == Decimal("155")


def test_a_registered_module_is_known_by_its_key(utopia: Path) -> None:
    """It is listed, loaded and asked like any other, and a second registration replaces it."""
    assert providers.register(loaded(utopia)) == "utopia"
    assert providers.keys()[-1] == "utopia"
    assert "utopia" in providers.choices()
    again = loaded(utopia)
    assert providers.register(again) == "utopia"
    assert providers.load("utopia") is again  # type: ignore[comparison-overlap]
    assert providers.register(str(utopia)) == "utopia"


def test_a_module_without_a_file(utopia: Path) -> None:
    """A module made by hand works in threads; in processes the error says why not."""
    module = ModuleType("utopia")
    exec(MODULE.replace("Provider(", 'Provider(key="utopia", '), module.__dict__)
    key = providers.register(module)
    assert attempt("USD", provider=key).ok
    with pytest.raises(UsageError, match=r"registered without a file.*; use a mode that shares memory"):
        list(fetch_all(["USD"], provider=key, mode="process"))


@pytest.mark.parametrize(
    ("change", "kind", "message"),
    [
        (("PROVIDER =", "OTHER ="), UsageError, "is no provider: it has no PROVIDER"),
        (("def parse", "def read"), UsageError, "is no provider: it has no parse"),
        (("Provider(", "Provider(key='ecb', "), UsageError, "has the key ecb, which another provider has"),
        (("Provider(", "Provider(key='Eins Zwei', "), UsageError, "has the key 'Eins Zwei'; small letters"),
        (("import Provider", "import Nonsense"), RatesError, "cannot be loaded: ImportError"),
        (("def steps(query):", "def steps(query)"), RatesError, "cannot be loaded: SyntaxError"),
    ],
)
def test_a_wrong_file_is_named(utopia: Path, change: tuple[str, str], kind: type[RatesError], message: str) -> None:
    """The error has the file and what is wrong with it, and the fetch names it too."""
    utopia.write_text(MODULE.replace(*change), encoding="utf-8")
    with pytest.raises(kind) as caught:
        providers.load(str(utopia))
    assert message in str(caught.value)
    assert str(utopia) in str(caught.value)
    assert message in str(attempt("USD", provider=utopia).error)


def test_no_file() -> None:
    """A path without a file, and what is no key at all, are usage errors."""
    with pytest.raises(UsageError, match=r"no file of Python code '.*none\.py'"):
        providers.load("./none.py")
    with pytest.raises(UsageError, match=r'a provider is a key like "ecb", not \[.ecb.\]'):
        providers.load(["ecb"])  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="is no provider: it has no PROVIDER"):
        providers.register(5)  # type: ignore[arg-type]


def test_a_file_that_would_end_the_program(tmp_path: Path) -> None:
    """A file whose code exits is a provider that cannot be loaded."""
    file = tmp_path / "leaving.py"
    file.write_text("raise SystemExit(5)", encoding="utf-8")
    with pytest.raises(RatesError, match=r"leaving\.py cannot be loaded: SystemExit: 5"):
        providers.load(str(file))
