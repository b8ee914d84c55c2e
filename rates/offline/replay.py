"""Answers from a recording: status, headers and bytes as recorded."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from rates.errors import RecordingError
from rates.model import Reply
from rates.offline.recording import EXCHANGES, Entry, read_entry, recorded_day, unreadable
from rates.offline.urls import Pairs, fields, not_recorded, split

_Key = tuple[str, str, Pairs, Pairs]


class Replay:
    """A mock over a recording. The order of a query and private params do not matter."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        self.today = recorded_day(folder)
        self._entries: dict[_Key, Entry] = {}
        self._private: dict[tuple[str, str], set[str]] = {}
        for file in self._files():
            entry = self._read(file)
            self._entries[entry.method, entry.bare, entry.params, entry.form] = entry
            self._private.setdefault((entry.method, entry.bare), set()).update(entry.private)

    def __call__(self, method: str, url: str, form: bytes, timeout_s: float) -> Reply:
        """The recorded answer; `NotRecorded` if there is none, `RecordingError` if its body is damaged."""
        bare, params = split(url)
        posted = fields(form)
        private = self._private.get((method, bare), set())
        entry = self._entries.get((method, bare, _without(params, private), _without(posted, private)))
        if entry is None:
            raise not_recorded(url, folder=str(self.folder))
        return Reply(entry.status, self._body(entry), entry.headers)

    def _files(self) -> list[Path]:
        """The files of the entries; a file that is still being written begins with a dot."""
        try:
            found = list((self.folder / EXCHANGES).iterdir())
        except OSError as error:
            raise unreadable(self.folder, error) from error
        return sorted(file for file in found if file.suffix == ".json" and not file.name.startswith("."))

    def _read(self, file: Path) -> Entry:
        try:
            return read_entry(file)
        except OSError as error:
            raise unreadable(file, error) from error
        except (ValueError, KeyError, TypeError) as error:
            raise RecordingError(f"{file} is damaged: {error}", hint="delete it and record again") from error

    def _body(self, entry: Entry) -> bytes:
        """The recorded bytes, checked against their hash."""
        file = self.folder / EXCHANGES / Path(entry.body).name
        try:
            body = file.read_bytes()
        except OSError as error:
            raise unreadable(file, error) from error
        if sha256(body).hexdigest() != entry.sha256:
            raise RecordingError(f"{file} is damaged: not the recorded bytes", hint="record it again")
        return body


def _without(pairs: Pairs, names: set[str]) -> Pairs:
    return tuple(pair for pair in pairs if pair[0] not in names) if names else pairs
