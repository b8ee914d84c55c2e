"""The format of a recording, a folder of requests with their answers.

recording.json: the format's number, the package's version, and `today`, the day from which the URLs were built.
exchanges/NAME.json: an entry, which is a request with its answer's status and headers; NAME is a hash of the request.
exchanges/NAME.body: the answer's bytes; NAME is a hash of them, given in the entry.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

from rates.errors import RecordingError
from rates.offline.urls import Pairs, join
from rates.readers import day, json_value, mapping, rows

FORMAT = 1
MANIFEST = "recording.json"
EXCHANGES = "exchanges"


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
        """The name of the entry's file: a hash of the request."""
        return digest(json.dumps([self.method, self.bare, self.params, self.form]).encode())

    def text(self) -> bytes:
        """The content of the entry's file."""
        return dump(
            {
                "method": self.method,
                "url": join(self.bare, self.params),
                "bare": self.bare,
                "params": self.params,
                "form": self.form,
                "private": self.private,
                "status": self.status,
                "headers": dict(self.headers),
                "body": self.body,
                "sha256": self.sha256,
            }
        )


def digest(content: bytes) -> str:
    """A file name from a hash of the content."""
    return sha256(content).hexdigest()[:32]


def dump(value: object) -> bytes:
    """A JSON document, indented so that it can be read and compared."""
    return (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode()


def manifest(today: date, version: str) -> bytes:
    """The content of recording.json."""
    return dump({"form": FORMAT, "today": str(today), "version": version})


def recorded_day(folder: str | Path) -> date:
    """The day on which a folder was recorded; `RecordingError` if it is not a recording."""
    file = Path(folder) / MANIFEST
    try:
        known = mapping(json_value(file.read_bytes()))
        if known.get("form") != FORMAT:
            raise ValueError(f"format {known.get('form')!r} is not {FORMAT}")
        return day(known.get("today"))
    except FileNotFoundError:
        hint = "record one with: rates --record DIR"
        raise RecordingError(f"{folder} holds no recording: no {MANIFEST} in it", hint=hint) from None
    except OSError as error:
        raise unreadable(file, error) from error
    except ValueError as error:
        raise RecordingError(f"{file} is damaged: {error}", hint="delete it and record again") from error


def unreadable(path: str | Path, error: OSError) -> RecordingError:
    """The error for a file or folder that the operating system cannot read."""
    return RecordingError(f"{path} cannot be read: {(error.strerror or str(error)).lower()}")


def read_entry(file: Path) -> Entry:
    """The entry in a file; ValueError, KeyError or TypeError if it is damaged."""
    known = mapping(json_value(file.read_bytes()))
    return Entry(
        method=str(known["method"]),
        bare=str(known["bare"]),
        params=_pairs(known["params"]),
        form=_pairs(known["form"]),
        private=tuple(map(str, rows(known["private"]))),
        status=int(known["status"]),
        headers={str(name): str(value) for name, value in mapping(known["headers"]).items()},
        body=str(known["body"]),
        sha256=str(known["sha256"]),
    )


def _pairs(value: object) -> Pairs:
    return tuple((str(name), str(content)) for name, content in rows(value))
