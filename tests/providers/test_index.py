"""The index of all facts: what the modules say, without importing them."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from rates import providers
from rates.currencies import codes
from rates.model import Provider
from rates.providers import _index, _known, _regions


def test_the_index_is_what_the_modules_say() -> None:
    """Whoever adds or changes a provider writes the index anew."""
    written = Path(_known.FILE).read_text(encoding="utf-8")
    assert written == _index.text(), f"the index is old; write it with: {_index.COMMAND}"


def test_the_command_writes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command that the test above names writes the file, and says how many publishers are in it."""
    monkeypatch.setattr(_known, "FILE", str(tmp_path / "facts.tsv"))
    assert _index.main() == 0
    assert (tmp_path / "facts.tsv").read_text(encoding="utf-8") == _index.text()
    assert f": {len(providers.own_keys() + providers.BLENDS)} publishers" in capsys.readouterr().out


@pytest.mark.parametrize("key", providers.own_keys())
def test_a_line_reads_back(key: str) -> None:
    """What is read from a line is what was written, with the types of the provider's own facts."""
    provider, facts = providers.load(key).PROVIDER, _known.index()[key]
    assert _known._read(_known.line(facts)) == facts
    for name in _known.NAMES:
        if hasattr(provider, name) and name != "since":
            assert getattr(facts, name) == getattr(provider, name)
    assert date.fromisoformat(facts.since) == provider.since


def test_currencies_are_currencies() -> None:
    """Every code of the list is one, each line is of a day, and no spell ends before it begins."""
    for key, (seen, words) in _index.symbols().items():
        spells = _known.spelled(words)
        assert {spell.code for spell in spells} <= codes(), key
        assert date.fromisoformat(seen) < date(2100, 1, 1)
        for spell in spells:
            assert not (spell.first and spell.last) or spell.first <= spell.last
            assert all(str(date.fromisoformat(day)) == day for day in (spell.first, spell.last) if day)


def test_the_pivot_is_among_the_currencies() -> None:
    """A publisher of whom any currency is known has its own."""
    for facts in _known.index().values():
        assert not facts.seen or not facts.pivot or facts.pivot in {spell.code for spell in facts.spells}


@pytest.mark.parametrize(
    ("key", "code", "on", "had"),
    [
        ("ecb", "RUB", "", False),
        ("ecb", "RUB", "2022-03-01", True),
        ("ecb", "RUB", "2022-03-02", False),
        ("ecb", "RUB", "2005-03-31", False),
        ("ecb", "ISK", "2008-12-09", True),
        ("ecb", "ISK", "2012-01-02", False),
        ("ecb", "ISK", "", True),
        ("ecb", "USD", "1998-12-31", False),
        ("cbr", "RUB", "", True),
        ("bbk", "USD", "", False),
        ("bbk", "USD", "1998-12-30", True),
        ("bbk", "USD", "1999-01-04", False),
        ("erapi", "USD", "", False),
    ],
)
def test_who_has_what(key: str, code: str, on: str, had: bool) -> None:
    """A currency that ended or paused, and a publisher that ended; of whom nothing is known, nothing is said."""
    assert providers.facts(key).has(code, on) is had


def test_publishers_of_a_currency() -> None:
    """Those without a key come first, and one that has it no longer is not named."""
    found = providers.publishers("RUB", "2023-01-03")
    assert {"cbr", "nbk"} <= set(found)
    assert "ecb" not in found
    wanting = [bool(providers.facts(key).key_env) for key in found]
    assert wanting == sorted(wanting)
    assert "ecb" in providers.publishers("RUB", "2022-01-03")


def test_a_provider_that_the_index_lacks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without an index, or with one of another version, the modules are asked; nothing is known of currencies then."""
    (tmp_path / "old.tsv").write_text("key\tname\necb\tEuropean Central Bank\n", encoding="utf-8")
    for file in ("none.tsv", "old.tsv"):
        monkeypatch.setattr(_known, "FILE", str(tmp_path / file))
        _known.index.cache_clear()
        providers.facts.cache_clear()
        try:
            assert providers.facts("ecb").name == "European Central Bank"
            assert (providers.facts("ecb").seen, providers.facts("ecb").region) == ("", "Europe")
        finally:
            monkeypatch.undo()
            _known.index.cache_clear()
            providers.facts.cache_clear()


def test_regions() -> None:
    """A country has its region and sub-region; all countries of our publishers have one."""
    assert _regions.place("PL") == ("Europe", "Eastern Europe")
    assert _regions.place("") == ("", "")
    assert all(facts.region for facts in _known.index().values() if facts.country)
    assert {region for region, _ in _regions.places().values()} == set(_regions.REGIONS)
    assert len(_regions.places()) == 250  # those of M49 without Antarctica, and the three that are added


def test_the_text_of_facts_has_no_tabs() -> None:
    """A fact with a tab or a line end would break its line."""
    provider = Provider(
        key="x", name="A\tBank\nof", country="", pivot="", rate_type="mid", cadence="daily", published="noon",
        since=date(2000, 1, 3), spacing_s=0.25, max_days=7,
    )  # fmt: skip
    facts = _known._read(_known.line(_known.of_provider(provider)))
    assert (facts.name, facts.spacing_s, facts.max_days) == ("A Bank of", 0.25, 7)


def test_no_module_is_imported() -> None:
    """All facts, and a list, come without importing a provider, the nouns or tabulate."""
    script = "import sys; from rates.cli import main; assert main(['providers']) == 0;print(*sorted(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = ran.stdout.splitlines()[-1].split()
    assert {name for name in loaded if name.startswith("rates.providers.")} == {
        "rates.providers._known", "rates.providers._regions",
    }  # fmt: skip
    assert not {"rates.model", "rates.settings", "tabulate", "importlib.metadata", "decimal"} & set(loaded)
