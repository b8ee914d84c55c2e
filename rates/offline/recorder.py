"""Records exchanges for a replay: status, headers and bytes as received, without keys."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable
from datetime import date
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote, quote_plus

from rates._version import __version__
from rates.errors import RecordingError
from rates.model import Reply, Request
from rates.offline.recording import EXCHANGES, MANIFEST, Entry, digest, manifest, recorded_day
from rates.offline.urls import Pairs, fields, split
from rates.transport import FRAMING_HEADERS

# Headers that are not written: sessions that others could use, and how the body was transferred.
UNWRITTEN = frozenset({"set-cookie", "set-cookie2"}) | FRAMING_HEADERS
KEY = "KEY"  # replaces a key
SHORTEST_KEY = 4  # a shorter "key" would be found in every body


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
        hidden = _hidden(request)
        body = _scrub_bytes(reply.body, hidden)
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
            _write(file, manifest(self.today, __version__))
        self._begun = True


def _entry(request: Request, reply: Reply, body: bytes, hidden: tuple[str, ...]) -> Entry:
    """The entry of an exchange, without the private parts of the request."""
    bare, in_url = split(_scrub(request.url, hidden))
    headers = {
        name.lower(): _scrub(value, hidden) for name, value in reply.headers.items() if name.lower() not in UNWRITTEN
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
        body=f"{digest(body)}.body",
        sha256=sha256(body).hexdigest(),
    )


def _public(pairs: Pairs, private: Iterable[str], hidden: tuple[str, ...]) -> Pairs:
    """The pairs that are not private, sorted, their values scrubbed."""
    left_out = set(private)
    return tuple(sorted((name, _scrub(value, hidden)) for name, value in pairs if name not in left_out))


def _hidden(request: Request) -> tuple[str, ...]:
    """The keys of a request in all encodings that an answer may repeat, the longest first.

    A header may have a word before the key, as in "Token abc".
    """
    private = {name.lower() for name in request.private}
    values: set[str] = set()
    for name, value in (*request.params, *request.form, *request.headers):
        if name.lower() in private:
            words = {value, value.rpartition(" ")[2]}
            values |= {form for word in words for form in (word, quote(word, safe=""), quote_plus(word))}
    return tuple(sorted((v for v in values if len(v) >= SHORTEST_KEY), key=lambda v: (-len(v), v)))


def _scrub(text: str, hidden: tuple[str, ...]) -> str:
    for value in hidden:
        text = text.replace(value, KEY)
    return text


def _scrub_bytes(body: bytes, hidden: tuple[str, ...]) -> bytes:
    """The body with each key replaced."""
    for value in hidden:
        body = body.replace(value.encode(), KEY.encode())
    return body


def _write(path: Path, content: bytes) -> None:
    """Writes a file completely or not at all."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        try:
            draft.write_bytes(content)
            os.replace(draft, path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise _failed(path, error) from error


def _failed(path: Path, error: OSError) -> RecordingError:
    reason = (error.strerror or str(error)).lower()
    return RecordingError(f"{path} cannot be written: {reason}", hint="record into another folder")
