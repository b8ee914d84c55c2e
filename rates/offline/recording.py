"""Recordings: the format of the folder, the recorder that writes it, and the replay that answers from it.

recording.json: the format's number, the package's version, and `today`, the day from which the URLs were built.
exchanges/NAME.json: an entry, which is a request with its answer's status and headers; NAME is a hash of the request.
exchanges/NAME.body: the answer's bytes, as received but without keys; NAME is a hash of them, given in the entry.
"""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

from rates._version import __version__
from rates.defaults import RECORDING, SOURCE_HEADER
from rates.errors import NotRecorded, RecordingError, quoted
from rates.model import Reply, Request
from rates.offline.urls import Pairs, fields, join, not_recorded, split
from rates.readers import day, json_value, mapping, rows
from rates.transport import FRAMING_HEADERS
from rates.transport.interprocess import write_whole
from rates.transport.redact import keys_of, redacted, redacted_bytes

FORMAT = 1
MANIFEST = "recording.json"
EXCHANGES = "exchanges"
MOST_BYTES = 256 * 2**20  # of one file; the largest answer recorded has 8 MB

# Method, URL, params and form of a request, without private ones.
_Key = tuple[str, str, Pairs, Pairs]


@dataclass(frozen=True, slots=True)
class Entry:
    """One exchange. params, form: sorted, without private ones. private: the names that were left out."""

    method: str
    bare: str
    params: Pairs
    form: Pairs
    private: tuple[str, ...]
    status: int
    headers: Mapping[str, str]
    body: str
    sha256: str

    @property
    def name(self) -> str:
        """The name of the entry's file."""
        return name_of((self.method, self.bare, self.params, self.form))

    def text(self) -> bytes:
        """The content of the entry's file."""
        return dump({"method": self.method, "url": join(self.bare, self.params), **asdict(self)})


def name_of(request: _Key) -> str:
    """The name of the file of a request's entry: a hash of the request."""
    return fingerprint(json.dumps(request).encode())


def fingerprint(content: bytes) -> str:
    """A file name from a hash of the content."""
    return sha256(content).hexdigest()[:32]


def dump(value: object) -> bytes:
    """A JSON document, indented so that it can be read and compared."""
    return (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode()


def recorded_day(folder: str | Path) -> date:
    """The day on which a folder was recorded; `RecordingError` if it is not a recording."""
    file = Path(folder) / MANIFEST
    with _reading(file):
        try:
            known = mapping(json_value(_content(file)))
        except FileNotFoundError:
            hint = "record one with: rates --record DIR"
            raise RecordingError(f"{folder} holds no recording: no {MANIFEST} in it", hint=hint) from None
        if known.get("form") != FORMAT:
            raise ValueError(f"format {known.get('form')!r} is not {FORMAT}")
        return day(known.get("today"))


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """In the block, failures to read a recording become a `RecordingError` with the path."""
    try:
        yield
    except OSError as error:
        raise RecordingError(f"{path} cannot be read: {_reason(error)}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise RecordingError(f"{path} is damaged: {error}", hint="delete it and record again") from error


def _content(path: Path) -> bytes:
    """What a file of a recording holds; ValueError for a pipe or a device, whose reading may never end."""
    with open(path, "rb", opener=_opened) as file:
        facts = os.fstat(file.fileno())
        if not stat.S_ISREG(facts.st_mode):
            raise ValueError("not a regular file")
        if facts.st_size > MOST_BYTES:
            raise ValueError(f"larger than {MOST_BYTES >> 20} MB")
        return file.read(MOST_BYTES)


def _opened(path: str, flags: int) -> int:
    """Opens a file; a pipe at once, whether or not another process writes to it."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def read_entry(file: Path) -> Entry:
    """The entry in a file; `RecordingError` if it cannot be read."""
    with _reading(file):
        known = mapping(json_value(_content(file)))
        return Entry(
            method=str(known["method"]),
            bare=str(known["bare"]),
            params=_pairs(known["params"]),
            form=_pairs(known["form"]),
            private=tuple(map(str, rows(known["private"]))),
            status=_status(known["status"]),
            headers={str(name): str(value) for name, value in mapping(known["headers"]).items()},
            body=str(known["body"]),
            sha256=str(known["sha256"]),
        )


def _status(value: object) -> int:
    status = int(str(value))
    if status not in range(100, 1000):
        raise ValueError(f"{quoted(value)} is no status")
    return status


def _pairs(value: object) -> Pairs:
    return tuple((str(name), str(content)) for name, content in rows(value))


# --- the recorder ----------------------------------------------------------------------------------------------------

# Headers that are not written: sessions that others could use, and how the body was transferred.
UNWRITTEN = frozenset({"set-cookie", "set-cookie2"}) | FRAMING_HEADERS


class Recorder:
    """An observer of `transport.send` that writes each exchange into a folder, created with the first one.

    Threads and processes may share the folder: each file is written under another name, then renamed.
    """

    def __init__(self, folder: str | Path, today: date) -> None:
        self.folder = Path(folder)
        self.today = today
        self._begun = False

    def __call__(self, request: Request, reply: Reply) -> None:
        """Writes one exchange; it replaces an earlier one for the same request. `RecordingError` names the path."""
        if not self._begun:
            self._begin()
        hidden = keys_of(request)
        body = redacted_bytes(reply.body, hidden)
        entry = _entry(request, reply, body, hidden)
        _write(self.folder / EXCHANGES / entry.body, body)
        _write(self.folder / EXCHANGES / f"{entry.name}.json", entry.text())

    def _begin(self) -> None:
        """Creates the folder and its recording.json."""
        exchanges = self.folder / EXCHANGES
        try:
            exchanges.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _failed(exchanges, error) from error
        file = self.folder / MANIFEST
        if not (file.exists() and recorded_day(self.folder) == self.today):
            _write(file, dump({"form": FORMAT, "today": str(self.today), "version": __version__}))
        self._begun = True


def _entry(request: Request, reply: Reply, body: bytes, hidden: tuple[str, ...]) -> Entry:
    """The entry of an exchange, without the private parts of the request."""
    bare, in_url = split(redacted(request.url, hidden))
    headers = {
        name.lower(): redacted(value, hidden) for name, value in reply.headers.items() if name.lower() not in UNWRITTEN
    }
    posted = request.form or fields(request.content)
    return Entry(
        method="POST" if posted else "GET",
        bare=bare,
        params=_public((*in_url, *request.params), request.private, hidden),
        form=_public(posted, request.private, hidden),
        private=tuple(sorted(request.private)),
        status=reply.status,
        headers=headers,
        body=f"{fingerprint(body)}.body",
        sha256=sha256(body).hexdigest(),
    )


def _public(pairs: Pairs, private: Iterable[str], hidden: tuple[str, ...]) -> Pairs:
    """The pairs that are not private, sorted, their values scrubbed."""
    left_out = {name.lower() for name in private}
    return tuple(sorted((name, redacted(value, hidden)) for name, value in pairs if name.lower() not in left_out))


def _write(path: Path, content: bytes) -> None:
    try:
        write_whole(path, content)
    except OSError as error:
        raise _failed(path, error) from error


def _failed(path: Path, error: OSError) -> RecordingError:
    return RecordingError(f"{path} cannot be written: {_reason(error)}", hint="record into another folder")


# --- the replay ------------------------------------------------------------------------------------------------------


class Replay:
    """A mock over a recording. The order of a query and private params do not matter.

    A damaged entry is an error for its own request alone.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        recorded_day(folder)  # raises if it is not a recording
        self._entries: dict[_Key, Entry] = {}
        self._private: dict[tuple[str, str], set[str]] = {}
        self._paths: dict[str, re.Pattern[str]] = {}  # URLs with a part left out, and what they match
        self._damaged: dict[str, RecordingError] = {}  # by the name of the entry
        for file in self._files():
            try:
                entry = read_entry(file)
            except RecordingError as error:
                self._damaged[file.stem] = error
                continue
            self._entries[entry.method, entry.bare, entry.params, entry.form] = entry
            self._private.setdefault((entry.method, entry.bare), set()).update(entry.private)
            if "{" in entry.bare:
                self._paths[entry.bare] = _path_pattern(entry.bare)

    def __call__(self, method: str, url: str, form: bytes, timeout_s: float) -> Reply:
        """The recorded answer; `NotRecorded` if there is none, `RecordingError` if its body is damaged."""
        bare, params = split(url)
        bare = next((known for known, pattern in self._paths.items() if pattern.fullmatch(bare)), bare)
        posted = fields(form)
        private = self._private.get((method, bare), set())
        asked = (method, bare, _without(params, private), _without(posted, private))
        entry = self._entries.get(asked)
        if entry is None:
            raise self._missing(url, asked)
        return Reply(entry.status, self._body(entry), {SOURCE_HEADER: RECORDING, **entry.headers})

    def _missing(self, url: str, asked: _Key) -> RecordingError | NotRecorded:
        """The error of a request without an entry.

        If the entry of a request with a key is damaged, the names of its private params are not known, nor is its file.
        """
        damaged = self._damaged.get(name_of(asked))
        if damaged is not None:
            return RecordingError(damaged.detail, hint=damaged.hint)
        error = not_recorded(url, folder=str(self.folder))
        if self._damaged and (asked[2] or asked[3]):
            error.detail += f"; a damaged file may hold it: {', '.join(sorted(self._damaged)[:3])}"
        return error

    def _files(self) -> list[Path]:
        """The files of the entries; a file that is still being written begins with a dot."""
        with _reading(self.folder):
            found = list((self.folder / EXCHANGES).iterdir())
        return sorted(file for file in found if file.suffix == ".json" and not file.name.startswith("."))

    def _body(self, entry: Entry) -> bytes:
        """The recorded bytes, checked against their hash."""
        file = self.folder / EXCHANGES / Path(entry.body).name
        with _reading(file):
            body = _content(file)
        if sha256(body).hexdigest() != entry.sha256:
            raise RecordingError(f"{file} is damaged: not the recorded bytes", hint="record it again")
        return body


def _path_pattern(bare: str) -> re.Pattern[str]:
    """Matches a recorded URL with any value in place of each {NAME}."""
    return re.compile("[^/]+".join(map(re.escape, re.split(r"\{\w+\}", bare))))


def _without(pairs: Pairs, names: set[str]) -> Pairs:
    return tuple(pair for pair in pairs if pair[0] not in names) if names else pairs
