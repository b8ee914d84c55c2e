from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import rates

PACKAGE = Path(rates.__file__).parent
THEIRS = """
Metadata-Version: 2.1
Name: rates
Version: 1.1.0
"""


def _run(site: Path) -> subprocess.CompletedProcess[str]:
    """The command, in a process whose packages stand in that folder first."""
    others = "(folder for folder in sys.path if not os.path.exists(os.path.join(folder, 'rates', '__init__.py')))"
    program = (
        f"import os, sys; sys.path[:] = [{str(site)!r}, *{others}]; from rates.command import main; sys.exit(main())"
    )
    command = [sys.executable, "-I", "-c", program, "--version"]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder of packages with ours in it, file by file, as an installation has it."""
    package = tmp_path / "rates"
    package.mkdir()
    for file in PACKAGE.iterdir():
        (package / file.name).symlink_to(file)
    return tmp_path


def test_ours(site: Path) -> None:
    """With the package as we install it, the command runs."""
    done = _run(site)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"rates {rates.__version__}\n", "")


def test_another_distribution_called_rates(site: Path) -> None:
    """A package that the other distribution has replaced is named with its owner, and nothing of it is run."""
    for name in ("__init__.py", "__main__.py"):
        (site / "rates" / name).unlink()
        (site / "rates" / name).write_text("def main(): print('theirs')\n", encoding="utf-8")
    info = site / "rates-1.1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(THEIRS.lstrip(), encoding="utf-8")
    (info / "RECORD").write_text("rates/__init__.py,,\nrates/__main__.py,,\n", encoding="utf-8")
    done = _run(site)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("rates: the distribution rates 1.1.0 has replaced the package of fetch-rates; ")
    assert done.stderr.count("\n") == 1


def test_holes_that_the_other_leaves(site: Path) -> None:
    """Where the other distribution was removed and took our front with it, the sentence says how to repair it."""
    (site / "rates" / "__init__.py").unlink()
    done = _run(site)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "rates: files of fetch-rates are missing; repair it with: pip install --force-reinstall fetch-rates\n"
    )


def test_in_a_zip_file(tmp_path: Path) -> None:
    """A zipapp lists providers, reads the history and names currencies, in this process and in workers."""
    with zipfile.ZipFile(tmp_path / "app.pyz", "w") as packed:
        packed.writestr(
            "__main__.py", "from rates.command import main\nif __name__ == '__main__': raise SystemExit(main())"
        )
        for file in PACKAGE.rglob("*"):
            if file.is_file() and "__pycache__" not in file.parts:
                packed.write(file, Path("rates", file.relative_to(PACKAGE)))
    for words, shown in (
        (("--offline", "USD", "--symbols", "EUR", "--mode", "process"), "0.895"),
        (("providers", "ecb"), "European Central Bank"),
        (("currencies", "chf"), "Swiss Franc"),
    ):
        command = [sys.executable, str(tmp_path / "app.pyz"), *words]
        environ = {**os.environ, "PYTHONPATH": "", "RATES_TODAY": "2026-11-23"}
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300, env=environ)
        assert done.returncode == 0, done.stderr
        assert shown in done.stdout
