"""How providers are found and loaded."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from textwrap import dedent
from types import ModuleType, SimpleNamespace
from typing import cast

import pytest

from rates import providers
from rates.errors import RatesError, UsageError
from rates.fetch import run_provider
from rates.model import Query, Quote, Reply, Request


def test_every_module_is_a_provider_or_shared() -> None:
    """A file of this package is a provider with the key of its name, or is named among the shared ones."""
    files = {file.stem for file in Path(providers.__file__).parent.glob("[!_]*.py")}
    assert files == {*providers.own_keys(), *providers.SHARED}
    assert not [key for key in providers.own_keys() if providers.load(key).PROVIDER.key != key]


def test_the_provider_in_the_docstring_works() -> None:
    """The whole provider that the package's docstring shows asks and reads as it says."""
    text = dedent(re.search(r"\n\n(    '''.*?)\n\nThe parts", providers.__doc__ or "", re.DOTALL)[1])  # type: ignore[index]
    module = ModuleType("utopia")
    module.__file__ = "utopia.py"
    exec(compile(text, "utopia.py", "exec"), module.__dict__)
    asked: list[Request] = []

    def send(request: Request) -> Reply:
        asked.append(request)
        return Reply(200, b'{"rates": [{"code": "USD", "rate": 0.8951, "date": "2026-10-30"}]}')

    quotes = run_provider(cast(providers.ProviderModule, module), Query("UTO", today=date(2026, 10, 30)), send)
    assert quotes == (Quote("USD", "UTO", Decimal("0.8951"), date(2026, 10, 30)),)
    assert [request.url for request in asked] == ["https://bank.example/rates.json"]
    assert (module.PROVIDER.key, module.PROVIDER.source) == ("utopia", "https://bank.example/rates")


def test_an_unknown_key_is_refused() -> None:
    """With the nearest keys."""
    with pytest.raises(UsageError, match=r"unknown provider 'frankfurtr'; did you mean frankfurter\?"):
        providers.load("frankfurtr")


def test_the_consensus_is_no_provider() -> None:
    """A chain may name it, but it is neither listed nor loaded; a misspelt one is recognised."""
    assert providers.choices() == (*providers.keys(), "consensus", "own")
    with pytest.raises(UsageError, match="not one provider but all official ones; like: --provider consensus"):
        providers.load("consensus")
    with pytest.raises(UsageError, match="did you mean consensus"):
        providers.load("concensus")


def test_one_broken_plugin_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """The others are loaded in order, and the broken one's error comes with its key."""

    def load() -> None:
        raise ImportError("no module named acme")

    entry = SimpleNamespace(name="acme", value="acme.rates", module="acme.rates", load=load)
    monkeypatch.setattr(providers, "_plugins", lambda: {"acme": entry})
    modules, errors = providers.load_each(("nbp", "acme", "ecb"))
    assert [module.PROVIDER.key for module in modules] == ["nbp", "ecb"]
    assert list(errors) == ["acme"]
    assert isinstance(errors["acme"], RatesError)
    assert providers.module_name("acme") == "acme.rates"


def test_an_own_provider_needs_no_search_for_plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    """The search opens a file of every installed distribution, for which an offline answer does not wait."""

    def search() -> None:
        raise AssertionError("searched for plugins")

    monkeypatch.setattr(providers, "_plugins", search)
    providers._load.cache_clear()
    assert providers.load("ecb").PROVIDER.key == "ecb"
    assert providers.module_name("ecb") == "rates.providers.ecb"


@pytest.mark.parametrize(
    "script",
    [
        "from rates.providers import keys; assert 'ecb' in keys()",
        "from rates.providers.published import currencies; assert 'USD' in currencies('ecb')",
    ],
)
def test_keys_and_currencies_load_no_provider(script: str) -> None:
    """Both are read from names and text: completion and hints must not wait for a hundred modules, or for the model."""
    names = "import sys; print(*(name for name in sys.modules if name.startswith('rates.')))"
    ran = subprocess.run([sys.executable, "-c", f"{script}\n{names}"], capture_output=True, text=True, check=True)
    loaded = set(ran.stdout.split())
    assert {name for name in loaded if name.startswith("rates.providers.")} <= {"rates.providers.published"}
    assert not {"rates.model", "rates.settings", "rates.readers"} & loaded
