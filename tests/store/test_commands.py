"""`rates sync` and `rates store` over a file and over a server."""

from __future__ import annotations

import pytest

from rates.cli import main


def test_a_store_is_filled_shown_and_pruned(
    place: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each command does the same over both databases."""
    monkeypatch.setenv("RATES_TODAY", "2026-11-23")
    monkeypatch.setenv("RATES_STORE", place)

    def run(*args: str) -> str:
        assert main(args) == 0
        return capsys.readouterr().out

    assert "638" in run("sync", "--offline", "--since", "2026-10")
    assert run("sync", "--offline") == "nothing can be new before: ecb Tue 2026-11-24 15:00 UTC\n"
    assert "2026-10-01  2026-10-30" in run("store", "info", "ecb")
    assert run("store", "verify") == f"sound: 638 figures of ecb in {place}\n"
    assert run("store", "path") == f"{place}\n"
    lines = run("store", "export", "--since", "2026-10-30").splitlines()
    assert len(lines) == 30
    assert any(line.startswith("ecb,EUR,USD,2026-10-30,,1.1172,0,,") for line in lines)
    assert run("store", "prune", "--before", "2026-10-15", "--yes").startswith("deleted 290 figures; the store has ")
    assert "2026-10-15  2026-10-30" in run("store", "info")
