"""Providers of others: the skeleton that we write for them, and one that is installed like a distribution."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run

ROOT = Path(__file__).resolve().parents[2]


def test_the_skeleton_is_sound(run: Run, tmp_path: Path) -> None:
    """What is written passes ruff and its own test, says how to join, and is never written over anything."""
    ran = run("providers", "new", "utopia", "--into", str(tmp_path))
    assert ran.status == 0
    assert '[project.entry-points."rates.providers"]' in ran.out
    assert sorted(file.name for file in tmp_path.iterdir()) == ["test_utopia.py", "utopia.json", "utopia.py"]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    tested = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_utopia.py"],
        cwd=tmp_path, env=environ, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert tested.returncode == 0, tested.stdout
    assert "2 passed" in tested.stdout
    ran = run("providers", "new", "utopia", "--into", str(tmp_path))
    assert (ran.status, ran.out) == (2, "")
    assert "is there already" in ran.err


def test_the_skeleton_passes_ruff(run: Run, tmp_path: Path) -> None:
    """By our own rules, and laid out as the formatter does it."""
    ruff = Path(sys.executable).with_name("ruff")
    if not ruff.is_file():
        pytest.skip("ruff is not installed")
    assert run("providers", "new", "bank_of_utopia", "--into", str(tmp_path)).status == 0
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for words in (("check",), ("format", "--check")):
        ran = subprocess.run([ruff, *words, "--no-cache", str(tmp_path)], capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stdout


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("ecb", "there is a provider ecb already"),
        ("../x", "cannot be a key"),
        ("Utopia", "cannot be a key"),
        ("class", "cannot be a key"),
        ("new", "cannot be a key"),
    ],
)
def test_wrong_keys(run: Run, tmp_path: Path, key: str, message: str) -> None:
    """A key that is taken, or can be no module, is refused, and nothing is written."""
    ran = run("providers", "new", key, "--into", str(tmp_path))
    assert (ran.status, ran.out) == (2, "")
    assert message in ran.err
    assert not list(tmp_path.iterdir())
    assert "no folder" in run("providers", "new", "utopia", "--into", str(tmp_path / "none")).err


@pytest.fixture
def installed(run: Run, tmp_path: Path) -> dict[str, str]:
    """The environment of a process in which a distribution with one provider is installed."""
    target = tmp_path / "site"
    target.mkdir()
    assert run("providers", "new", "utopia", "--into", str(target)).status == 0
    info = target / "utopia_rates-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: utopia-rates\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text("[rates.providers]\nutopia = utopia\n", encoding="utf-8")
    (info / "RECORD").write_text("utopia.py,,\n", encoding="utf-8")
    return {**os.environ, "PYTHONPATH": os.pathsep.join((str(target), str(ROOT)))}


def ran_with(environ: dict[str, str], *args: str, **more: str) -> subprocess.CompletedProcess[str]:
    """A command line of its own process."""
    command = [sys.executable, "-m", "rates", *args]
    return subprocess.run(command, env={**environ, **more}, capture_output=True, text=True, check=False)


def test_an_installed_provider_is_everywhere(installed: dict[str, str], tape: str) -> None:
    """It is in the list, its facts, completion, a filter, --provider and the doctor, like those of the package."""
    assert "utopia" in ran_with(installed, "providers").stdout
    assert "utopia · Bank of Utopia" in ran_with(installed, "providers", "utopia").stdout
    listed = json.loads(ran_with(installed, "providers", "--key", "none", "--format", "json").stdout)
    assert "utopia" in [row["key"] for row in listed]
    offered = ran_with(
        installed, _RATES_COMPLETE="bash_complete", COMP_WORDS="rates --provider uto", COMP_CWORD="2"
    ).stdout
    assert offered == "plain,utopia\n"
    asked = ran_with(installed, "EUR", "--provider", "utopia", "--offline")
    assert "utopia: no recording of https://bank.example/rates.json" in asked.stderr
    for mode in ("thread", "process"):
        asked = ran_with(installed, "EUR", "USD", "--provider", "utopia", "--offline", "--mode", mode)
        assert asked.stderr.count("NotRecorded") == 2
    doctor = ran_with(
        installed, "doctor", "utopia", "ecb", "--replay", tape, "--format", "json", RATES_TODAY="2026-10-31"
    )
    assert [(row["key"], row["condition"]) for row in json.loads(doctor.stdout)] == [
        ("utopia", "not recorded"), ("ecb", "well")
    ]  # fmt: skip


def test_none_is_found_without_its_distribution(run: Run) -> None:
    """Here it is not installed, and so is not known."""
    assert run("providers", "utopia").status == 2
