from __future__ import annotations

import errno
import json
import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from rates import offline
from rates.defaults import RECORDING, SOURCE_HEADER
from rates.errors import NotRecorded, RecordingError
from rates.model import Query, Reply, Request
from rates.offline import Recorder, Replay, recorded_day, replay_settings
from rates.settings import Settings
from rates.transport import Guard, Limits
from tests.offline.asking import OFFLINE, TODAY, ask, fixed, quotes
from tests.transport.server import send

KEY = "s3cr3t/key+1"
BINARY = bytes(range(256)) * 40


def _all_bytes(folder: Path) -> bytes:
    """All bytes in the folder, file names included."""
    files = [file for file in folder.rglob("*") if file.is_file()]
    return b"\n".join([*(str(file).encode() for file in files), *(file.read_bytes() for file in files)])


@pytest.fixture
def recorder(tmp_path: Path) -> Recorder:
    """A recorder into a fresh folder."""
    return Recorder(tmp_path / "rec", TODAY)


@pytest.mark.parametrize("status", [200, 302, 404, 503])
def test_replays_exactly(recorder: Recorder, status: int) -> None:
    """Status, headers and every byte, also of binary bodies, are replayed as recorded, and named a recording."""
    request = Request("https://a.example/x.zip", (("a", "1"),))
    recorder(request, Reply(status, BINARY, {"content-type": "application/zip", "etag": '"ü"'}))
    reply = ask("", Replay(recorder.folder), request=request)
    assert (reply.status, reply.body) == (status, BINARY)
    assert reply.headers == {SOURCE_HEADER: RECORDING, "content-type": "application/zip", "etag": '"ü"'}


def test_recorded_through_the_transport(recorder: Recorder) -> None:
    """A recording made by the observer of `send` gives the provider the same quotes."""
    offline.install()
    url = "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-hist.zip"
    with Guard(30) as guard:
        live = send(Request(url), Limits(mock=offline.mock_for(OFFLINE)), guard, recorder)
    assert ask(url, Replay(recorder.folder)).body == live.body
    day = date(2001, 2, 5)
    query = Query("EUR", (), day, day, TODAY)
    assert quotes("ecb", query, Replay(recorder.folder)) == quotes("ecb", query)


def test_query_order_does_not_matter(recorder: Recorder) -> None:
    """The order of params does not matter; another value is another request."""
    recorder(Request("https://a.example/x?z=9", (("a", "1"), ("b", "2"))), Reply(200, b"yes"))
    replay = Replay(recorder.folder)
    assert ask("https://a.example/x?b=2&z=9&a=1", replay).body == b"yes"
    for other in ("https://a.example/x?b=2&z=9&a=2", "https://a.example/x?b=2&z=9", "https://a.example/x"):
        with pytest.raises(NotRecorded):
            ask(other, replay)


def test_forms_are_distinguished(recorder: Recorder) -> None:
    """Two forms at one address are two recordings, and neither is the GET."""
    forms = [Request("https://a.example/x", form=(("day", str(n)),)) for n in range(2)]
    for number, request in enumerate(forms):
        recorder(request, Reply(200, str(number).encode()))
    replay = Replay(recorder.folder)
    assert [ask("", replay, request=request).body for request in forms] == [b"0", b"1"]
    with pytest.raises(NotRecorded):
        ask("https://a.example/x", replay)


def test_keys_are_scrubbed(recorder: Recorder) -> None:
    """No file or name contains a key: not from params, forms or headers, nor repeated in header, body or URL."""
    requests = (
        Request(f"https://a.example/{KEY}/x", (("app_id", KEY), ("q", "1")), private=("app_id",)),
        Request("https://a.example/y", headers=(("Authorization", f"Token {KEY}"),), private=("authorization",)),
        Request("https://a.example/z", form=(("password", KEY), ("q", KEY)), private=("password",)),
        Request("https://a.example/{key}/p", private=("key",), path=(("key", KEY),)),
    )
    echoed = b'{"you": "s3cr3t/key+1", "link": "?k=s3cr3t%2Fkey%2B1"}'
    for request in requests:
        recorder(request, Reply(200, echoed, {"x-echo": KEY, "Set-Cookie": "session=1", "etag": "1"}))
    written = _all_bytes(recorder.folder)
    assert b"s3cr3t" not in written
    assert b"session" not in written
    assert b'{"you": "KEY", "link": "?k=KEY"}' in written


def test_replayed_whatever_the_key(recorder: Recorder) -> None:
    """A recording is found with another key than the one that it was made with, and without one."""
    recorder(Request("https://a.example/x", (("app_id", KEY), ("q", "1")), private=("app_id",)), Reply(200, b"yes"))
    replay = Replay(recorder.folder)
    for url in ("https://a.example/x?app_id=other&q=1", "https://a.example/x?q=1"):
        assert ask(url, replay).body == b"yes"


def test_replayed_whatever_the_key_in_the_path(recorder: Recorder) -> None:
    """The same for a key that goes into the path; the rest of the path must be as recorded."""
    recorder(Request("https://a.example/{key}/x", private=("key",), path=(("key", KEY),)), Reply(200, b"yes"))
    replay = Replay(recorder.folder)
    for key in ("other", "a/b"):
        asked = Request("https://a.example/{key}/x", private=("key",), path=(("key", key),))
        assert ask("", replay, request=asked).body == b"yes"
    for url in ("https://a.example/other/y", "https://a.example/other/more/x", "https://a.example//x"):
        with pytest.raises(NotRecorded):
            ask(url, replay)


def test_no_recording_shows_no_key_of_the_path(recorder: Recorder) -> None:
    """The error of a request that was not recorded repeats its URL without the key."""
    recorder(Request("https://a.example/x"), Reply(200, b"body"))
    asked = Request("https://a.example/{key}/y", private=("key",), path=(("key", KEY),))
    with pytest.raises(NotRecorded, match=r"no recording of https://a\.example/KEY/y") as caught:
        ask("", Replay(recorder.folder), request=asked)
    assert "s3cr3t" not in str(caught.value) + repr(caught.value) + str(caught.value.args)


def test_body_without_the_key_is_untouched(recorder: Recorder) -> None:
    """A key that the body does not contain changes no byte of it."""
    recorder(Request("https://a.example/x", (("k", KEY),), private=("k",)), Reply(200, BINARY))
    assert ask("https://a.example/x", Replay(recorder.folder)).body == BINARY


def test_last_answer_stays(recorder: Recorder) -> None:
    """Of several answers to one request, as after a retry, the last is replayed."""
    for status in (503, 200):
        recorder(Request("https://a.example/x"), Reply(status, str(status).encode()))
    reply = ask("https://a.example/x", Replay(recorder.folder))
    assert (reply.status, reply.body) == (200, b"200")


def test_day_is_recorded(recorder: Recorder) -> None:
    """The folder has its day; a recording into it on another day changes that."""
    recorder(Request("https://a.example/x"), Reply(200, b""))
    assert recorded_day(recorder.folder) == TODAY
    Recorder(recorder.folder, date(2026, 11, 24))(Request("https://a.example/y"), Reply(200, b""))
    assert recorded_day(recorder.folder) == date(2026, 11, 24)
    settings = Settings(replay=str(recorder.folder))
    assert replay_settings(settings).today == date(2026, 11, 24)
    assert replay_settings(settings.with_values(on=TODAY)).on == TODAY


def test_replay_settings_leave_the_rest() -> None:
    """A day that is set stays; settings without a replay are not changed."""
    assert replay_settings(OFFLINE) is OFFLINE
    plain = Settings()
    assert replay_settings(plain) is plain
    chosen = Settings(replay="nowhere", today=TODAY)
    assert replay_settings(chosen) is chosen


def _write_some(folder: str, shift: int) -> bool:
    recorder = Recorder(folder, TODAY)
    for number in range(20):
        recorder(Request("https://a.example/x", (("n", str(number)),)), Reply(200, bytes([number]) * 5000))
        recorder(Request("https://a.example/same"), Reply(200, bytes([number + shift]) * 5000))
    return True


def test_threads_and_processes_share_a_folder(tmp_path: Path) -> None:
    """Threads and processes that write at once leave complete files that belong together."""
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as processes:
        futures = [processes.submit(_write_some, str(tmp_path), n) for n in range(2)]
        with ThreadPoolExecutor(8) as threads:
            assert all(threads.map(_write_some, [str(tmp_path)] * 8, range(8)))
        assert all(future.result(60) for future in futures)
    replay = Replay(tmp_path)
    for number in range(20):
        assert ask(f"https://a.example/x?n={number}", replay).body == bytes([number]) * 5000
    body = ask("https://a.example/same", replay).body
    assert len(body) == 5000
    assert len(set(body)) == 1
    assert not list(tmp_path.rglob(".*"))


@pytest.mark.parametrize("function", ["replace", "write_bytes"])
def test_full_disk(recorder: Recorder, monkeypatch: pytest.MonkeyPatch, function: str) -> None:
    """A full disk is an error with the path, and leaves no incomplete file."""

    def full(*args: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def half(path: Path, content: bytes) -> int:
        with path.open("wb") as file:
            file.write(content[: len(content) // 2])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        if function == "replace":
            patch.setattr(os, "replace", full)
        else:
            patch.setattr(Path, "write_bytes", half)
        with pytest.raises(RecordingError, match=r"rec/.* cannot be written: no space left on device"):
            recorder(Request("https://a.example/x"), Reply(200, BINARY))
    assert not [file for file in recorder.folder.rglob("*") if file.is_file()]
    recorder(Request("https://a.example/x"), Reply(200, BINARY))  # and goes on when there is room again
    assert ask("https://a.example/x", Replay(recorder.folder)).body == BINARY


def test_folder_is_a_file(tmp_path: Path) -> None:
    """A file in place of the folder is an error with its name, for writing and for reading."""
    file = tmp_path / "rec"
    file.write_text("mine")
    with pytest.raises(RecordingError, match=r"rec.* cannot be written: not a directory"):
        Recorder(file, TODAY)(Request("https://a.example/"), Reply(200, b""))
    with pytest.raises(RecordingError, match=r"rec.* cannot be read: not a directory"):
        Replay(file)
    assert file.read_text() == "mine"


def test_no_permission(recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that cannot be created is an error with its name."""

    def refuse(*args: object, **kwargs: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(RecordingError, match="rec/exchanges cannot be written: permission denied"):
        recorder(Request("https://a.example/"), Reply(200, b""))


def test_foreign_folder(tmp_path: Path) -> None:
    """The error about a folder that is not a recording, or is missing, has the command to record one."""
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(RecordingError, match=r"holds no recording.*rates --record DIR"):
            Replay(folder)


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b'{"form": 2, "today": "2026-11-23"}', b'{"form": 1}'])
def test_damaged_manifest(recorder: Recorder, text: bytes) -> None:
    """A damaged recording.json is named."""
    recorder(Request("https://a.example/x"), Reply(200, b"body"))
    (recorder.folder / "recording.json").write_bytes(text)
    with pytest.raises(RecordingError, match=r"recording\.json is damaged"):
        Replay(recorder.folder)


@pytest.mark.parametrize(
    "change",
    [
        lambda e: {},
        lambda e: {**e, "params": [["a"]]},
        lambda e: {**e, "status": "x"},
        lambda e: {**e, "headers": []},
        lambda e: {**e, "status": -1},
        lambda e: {**e, "status": 10**30},
    ],
)
def test_damaged_entry(recorder: Recorder, change: object) -> None:
    """A damaged entry is named by its file when its request is asked, and harms no other request."""
    recorder(Request("https://a.example/x"), Reply(200, b"body"))
    (entry,) = (recorder.folder / "exchanges").glob("*.json")
    recorder(Request("https://a.example/y"), Reply(200, b"other"))
    entry.write_text(json.dumps(change(json.loads(entry.read_text()))))  # type: ignore[operator]
    replay = Replay(recorder.folder)
    with pytest.raises(RecordingError, match=rf"{entry.name} is damaged"):
        ask("https://a.example/x", replay)
    assert ask("https://a.example/y", replay).body == b"other"


def test_damaged_entry_with_a_key(recorder: Recorder) -> None:
    """Which request a damaged entry belonged to cannot be known if its key's name is not; the error says so."""
    request = Request("https://a.example/x", (("base", "USD"), ("key", "secret")), private=("key",))
    recorder(request, Reply(200, b"body"))
    (entry,) = (recorder.folder / "exchanges").glob("*.json")
    entry.write_bytes(b"")
    with pytest.raises(NotRecorded, match=rf"a damaged file may hold it: {entry.stem}"):
        ask("", Replay(recorder.folder), request=request)


def put_pipe(path: Path) -> None:
    """A pipe that nothing writes to."""
    os.mkfifo(path)


def put_device(path: Path) -> None:
    """A link to a device that never ends."""
    path.symlink_to("/dev/zero")


def put_sparse(path: Path) -> None:
    """A file of two gigabytes."""
    with path.open("wb") as file:
        file.truncate(2**31)


@pytest.mark.parametrize("put", [put_pipe, put_device, put_sparse, Path.mkdir, lambda path: path.symlink_to(path)])
@pytest.mark.parametrize("kind", ["body", "json"])
def test_no_regular_file(recorder: Recorder, kind: str, put: Callable[[Path], None]) -> None:
    """In place of a file, what could be read for ever or is none is refused at once, for its own request alone."""
    recorder(Request("https://a.example/x"), Reply(200, b"body"))
    (file,) = (recorder.folder / "exchanges").glob(f"*.{kind}")
    recorder(Request("https://a.example/y"), Reply(200, b"other"))
    file.unlink()
    put(file)
    replay = Replay(recorder.folder)
    with pytest.raises(RecordingError, match=rf"{file.name} (is damaged: (not|larger)|cannot be read: )"):
        ask("https://a.example/x", replay)
    assert ask("https://a.example/y", replay).body == b"other"


@pytest.mark.parametrize("put", [put_pipe, put_device])
def test_manifest_is_no_regular_file(recorder: Recorder, put: Callable[[Path], None]) -> None:
    """A recording.json that never ends is refused, by the replay and by a recorder."""
    recorder(Request("https://a.example/x"), Reply(200, b"body"))
    manifest = recorder.folder / "recording.json"
    manifest.unlink()
    put(manifest)
    with pytest.raises(RecordingError, match=r"recording\.json is damaged: not a regular file"):
        Replay(recorder.folder)
    with pytest.raises(RecordingError, match=r"recording\.json is damaged: not a regular file"):
        Recorder(recorder.folder, TODAY)(Request("https://a.example/y"), Reply(200, b""))


def test_damaged_body(recorder: Recorder) -> None:
    """A truncated or missing body is an error with its name; it is never replayed."""
    recorder(Request("https://a.example/x"), Reply(200, BINARY))
    (body,) = (recorder.folder / "exchanges").glob("*.body")
    body.write_bytes(BINARY[:100])
    with pytest.raises(RecordingError, match=rf"{body.name} is damaged"):
        ask("https://a.example/x", Replay(recorder.folder))
    body.unlink()
    with pytest.raises(RecordingError, match=rf"{body.name} cannot be read: no such file"):
        ask("https://a.example/x", Replay(recorder.folder))


def test_entry_cannot_lead_out_of_the_folder(recorder: Recorder, tmp_path: Path) -> None:
    """A forged entry reads no file outside its folder."""
    (tmp_path / "outside").write_bytes(b"private")
    recorder(Request("https://a.example/x"), Reply(200, b"body"))
    (entry,) = (recorder.folder / "exchanges").glob("*.json")
    entry.write_text(json.dumps({**json.loads(entry.read_text()), "body": "../../outside"}))
    with pytest.raises(RecordingError, match="cannot be read"):
        ask("https://a.example/x", Replay(recorder.folder))


def test_not_recorded_names_the_folder(recorder: Recorder) -> None:
    """The error about an unrecorded request has the URL and the command that records it into this folder."""
    recorder(Request("https://a.example/x"), Reply(200, b""))
    with pytest.raises(NotRecorded) as caught:
        ask("https://a.example/y?b=1", Replay(recorder.folder))
    assert "https://a.example/y?b=1" in caught.value.detail
    assert f"rates --record {recorder.folder} --provider KEY" in caught.value.hint


def test_recordings_come_before_the_history(recorder: Recorder) -> None:
    """With both, the history answers what the recording lacks; without --offline that is an error."""
    usd, gbp = (f"https://api.frankfurter.dev/v2/rates?base={base}" for base in ("USD", "GBP"))
    recorder(Request(usd), Reply(200, b"recorded"))
    both = OFFLINE.with_values(replay=str(recorder.folder))
    assert ask(usd, offline.mock_for(both)).body == b"recorded"
    assert ask(gbp, offline.mock_for(both)).body == ask(gbp).body
    with pytest.raises(NotRecorded):
        ask(gbp, offline.mock_for(both.with_values(offline=False)))


def test_fixed_mock_is_no_recording(recorder: Recorder) -> None:
    """The recorder writes only the exchanges that it gets: other answers are not recorded."""
    ask("https://a.example/x", fixed(b"x"))
    assert not recorder.folder.exists()
