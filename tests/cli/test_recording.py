"""`--record` and `--replay`, end to end against a server of this machine."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from rates.providers import openexchangerates
from tests.cli.conftest import Run

KEY = "s3cr3t-app-id"
NOON = 1_785_153_600  # 2026-07-27, 12:00 UTC
ANSWER = {"timestamp": NOON, "base": "USD", "rates": {"EUR": 0.9123, "JPY": 156.78, "USD": 1}, "seen": KEY}
SHOWN = ("USD", "--provider", "openexchangerates", "--symbols", "EUR,JPY")


class _Publisher(BaseHTTPRequestHandler):
    """Answers the same to everything, and repeats the key as some do."""

    def do_GET(self) -> None:
        body = json.dumps(ANSWER).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.server.authorized.append(self.headers["Authorization"])  # type: ignore[attr-defined]

    def log_message(self, *args: object) -> None:
        """Says nothing."""


@pytest.fixture
def publisher(monkeypatch: pytest.MonkeyPatch) -> Iterator[HTTPServer]:
    """A publisher on the loopback, in the place of Open Exchange Rates."""
    with HTTPServer(("127.0.0.1", 0), _Publisher) as server:
        server.authorized = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        monkeypatch.setattr(openexchangerates, "FOLDER", f"http://127.0.0.1:{server.server_port}/api/")
        monkeypatch.setenv("OPENEXCHANGERATES_APP_ID", KEY)
        monkeypatch.setenv("RATES_TODAY", "2026-07-28")
        yield server
        server.shutdown()
        thread.join()


def test_there_and_back(run: Run, publisher: HTTPServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was recorded is replayed on any later day as on its own, without the network and without a key."""
    tape = tmp_path / "new" / "tape"
    live = run(*SHOWN, "--record", str(tape))
    assert live.status == 0
    assert publisher.authorized == [f"Token {KEY}"]  # type: ignore[attr-defined]
    assert "Mon 2026-07-27 (1 day old)" in live.out
    for name in ("RATES_TODAY", "OPENEXCHANGERATES_APP_ID"):
        monkeypatch.delenv(name)
    replayed = run(*SHOWN, "--replay", str(tape))
    first, rest = live.out.split("\n", 1)
    assert replayed == (0, f"{first}\noffline: a recording; ages count to 2026-07-28\n{rest}", "")
    assert len(publisher.authorized) == 1  # type: ignore[attr-defined]
    assert run("convert", "100", *SHOWN[:1], "EUR", *SHOWN[1:3], "--replay", str(tape)).out.startswith(
        "100 USD = 91.23 EUR\n"
    )


def test_no_key_in_the_recording(run: Run, publisher: HTTPServer, tmp_path: Path) -> None:
    """Neither the key that was sent nor the one that came back is in the folder or in the output."""
    ran = run(*SHOWN, "--record", str(tmp_path))
    kept = b"".join(file.read_bytes() + file.name.encode() for file in tmp_path.rglob("*") if file.is_file())
    assert b"timestamp" in kept
    assert KEY.encode() not in kept
    assert KEY not in ran.out + ran.err


def test_what_was_not_recorded(run: Run, publisher: HTTPServer, tmp_path: Path) -> None:
    """Another question than the recorded one names its URL and the command that records it."""
    run(*SHOWN, "--record", str(tmp_path))
    ran = run(*SHOWN, "--on", "2026-07-01", "--replay", str(tmp_path))
    assert ran.status == 3
    assert "/api/historical/2026-07-01.json" in ran.err
    message = f"record it with: rates --record {tmp_path} USD --provider openexchangerates --on 2026-07-01"
    assert message in ran.err


@pytest.mark.parametrize("folder", ["file", "file/below"])
def test_folder_that_cannot_be_written(run: Run, publisher: HTTPServer, tmp_path: Path, folder: str) -> None:
    """The error for a folder that cannot be made names it, and the file in its place is left alone."""
    (tmp_path / "file").write_text("mine")
    ran = run(*SHOWN, "--record", str(tmp_path / folder))
    assert ran.status == 3
    assert "RecordingError" in ran.err
    assert "cannot be written: not a directory" in ran.err
    assert (tmp_path / "file").read_text() == "mine"


def test_full_disk(run: Run, publisher: HTTPServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that is full while recording is a named error, and not a bug."""

    def full(self: Path, content: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    ran = run(*SHOWN, "--record", str(tmp_path))
    assert ran.status == 3
    assert "cannot be written: no space left on device" in ran.err
