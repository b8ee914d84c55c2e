"""Every fault of a server ends named rightly, in time and alone, in both clients and in every mode."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rates import run
from tests.executors.modes import EACH
from tests.faults.faults import BASES, FAULTS
from tests.faults.judge import SETTINGS, SLACK_S, fetched, watched, wrong_end, wrongs

CLIENTS = ("requests", "aiohttp")
SLOW = ("late", "TimedOut", "DeadlineExceeded")
ROWS = [
    pytest.param(name, client, marks=[pytest.mark.slow] if fault.slow else [], id=f"{name}-{client}")
    for name, fault in FAULTS.items()
    for client in CLIENTS
]


@pytest.mark.usefixtures("warm", "names")
@pytest.mark.parametrize(("name", "client"), ROWS)
def test_a_fault_harms_no_other(
    name: str,
    client: str,
    provider: Callable[[str], str],
    environment: Callable[[str], None],
    capfd: pytest.CaptureFixture[str],
) -> None:
    """The base that meets the fault has the right error, the others their own rates; nothing is left or printed.

    A busy machine may be too slow once.
    """
    environment(name)
    fault, settings = FAULTS[name], SETTINGS.with_values(provider=(provider(name),))
    for _ in range(2):
        with watched() as found:
            found.outcomes = fetched(client, settings)
        wrong = wrongs(found, fault, settings.deadline)
        if not any(slow in words for words in wrong for slow in SLOW):
            break
    assert sorted(outcome.base for outcome in found.outcomes) == sorted(BASES)
    assert not wrong, "; ".join(wrong)
    assert capfd.readouterr().err == ""


# --- in every mode ---------------------------------------------------------------------------------------------------

MODES = [mode for mode in EACH if mode not in ("sequential", "dummy")]
# One fault of each kind. They are met all at once, some of them in each worker.
TOGETHER = (
    "ok", "refused", "reset_asked", "end_accepted", "hang", "status_word", "http09", "header_10_mb", "cut", "cut_reset",
    "body_hang", "body_too_large", "chunk_size_word", "chunk_cut", "gzip_cut", "gzip_bomb", "utf16",
    "charset_wrong", "status_204", "status_206", "status_304", "closed_reset", "loop", "to_file",
    "to_other", "quota_1", "unavailable", "wall_200", "key_refused", "not_found", "error_with_codes",
)  # fmt: skip
WORKERS = 8


@pytest.mark.slow
@pytest.mark.usefixtures("warm")
@pytest.mark.parametrize("mode", MODES)
def test_faults_together(mode: str, provider: Callable[[str], str], capfd: pytest.CaptureFixture[str]) -> None:
    """Of many publishers at once, each has its own fault, and its bases that meet none have their rates."""
    paths = {name: provider(name) for name in TOGETHER}
    settings = SETTINGS.with_values(mode=mode, deadline=30.0, workers=WORKERS)
    list(run.fetch_all(BASES, settings, provider=paths["ok"]))  # some modes keep a server or threads for the process
    with watched() as found:
        found.outcomes = list(run.fetch_many(BASES, ",".join(paths.values()), settings, workers=WORKERS))
    ends = {name: [one for one in found.outcomes if one.provider in (name, path)] for name, path in paths.items()}
    wrong = {name: [wrong_end(one, FAULTS[name]) for one in some] for name, some in ends.items()}
    assert [len(some) for some in ends.values()] == [len(BASES)] * len(paths)
    assert {name: words for name, words in wrong.items() if any(words)} == {}
    assert found.took_s < settings.deadline + SLACK_S
    assert found.left == {}
    assert capfd.readouterr().err == ""
