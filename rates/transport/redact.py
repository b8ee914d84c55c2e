"""Keys in no log and no message: the forms in which a key may be repeated, and a filter for the loggers of libraries.

The HTTP libraries log the URL of each request, query and all, at DEBUG. Where a service takes its key in no other
place, the filter puts the word KEY there, for all handlers of the program.
"""

from __future__ import annotations

import logging
import re
import traceback
from base64 import b64encode
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import quote, quote_plus

from rates.errors import RatesError
from rates.model import Request

KEY = "KEY"  # replaces a key
SHORTEST_KEY = 4  # a shorter "key" would be found in every text

# A filter of a logger is not asked about the records of the loggers below it, so each is named.
LOGGERS = (
    "urllib3", "urllib3.connection", "urllib3.connectionpool", "urllib3.poolmanager", "urllib3.response",
    "urllib3.util.retry", "requests", "aiohttp.client", "aiohttp.internal", "asyncio", "rates", "rates.fetch",
)  # fmt: skip


def private_names(request: Request) -> frozenset[str]:
    """The names of params, headers and parts of the path that hold a key, in lower case."""
    return frozenset(name.lower() for name in request.private)


def keys_of(request: Request) -> tuple[str, ...]:
    """The keys that a request holds. A header may have a word before the key, as in "Token abc"."""
    private = private_names(request)
    pairs = (*request.params, *request.form, *request.headers, *request.path) if private else ()
    return tuple(word for name, value in pairs if name.lower() in private for word in {value, value.rpartition(" ")[2]})


def redacted(text: str, keys: Iterable[str]) -> str:
    """The text with the word KEY in place of each key, in whatever form."""
    pattern = _pattern(tuple(keys))
    return pattern.sub(KEY, text) if pattern else text


def redacted_bytes(body: bytes, keys: Iterable[str]) -> bytes:
    """The same for the body of an answer."""
    pattern = _pattern(tuple(keys))
    return re.sub(pattern.pattern.encode(), KEY.encode(), body, flags=re.IGNORECASE) if pattern else body


@lru_cache(maxsize=64)
def _pattern(keys: tuple[str, ...]) -> re.Pattern[str] | None:
    """Finds the keys in all forms, the longest first, in any case; None when there are none."""
    forms = {form for key in keys for word in _words(key) for form in _forms(word) if len(form) >= SHORTEST_KEY}
    if not forms:
        return None
    return re.compile("|".join(re.escape(form) for form in sorted(forms, key=lambda form: (-len(form), form))), re.I)


def _words(key: str) -> Iterable[str]:
    """The key, and where it is a login, its user and password."""
    return (key, *key.split(":")) if ":" in key else (key,)


def _forms(word: str) -> Iterable[str]:
    """How an answer or a log may repeat it: as it is, in a URL, in JSON, as base64."""
    encoded = b64encode(word.encode()).decode()
    json_text = word.replace("\\", "\\\\").replace('"', '\\"')
    return word, quote(word, safe=""), quote_plus(word), json_text, json_text.replace("/", "\\/"), encoded.rstrip("=")


class KeyFilter(logging.Filter):
    """Puts KEY in place of all keys that this process has used, in messages and tracebacks of log records."""

    def __init__(self) -> None:
        super().__init__()
        self.keys: frozenset[str] = frozenset()

    def filter(self, record: logging.LogRecord) -> bool:
        """True: every record is logged, some of them changed."""
        text = record.getMessage()
        hidden = redacted(text, self.keys)
        if hidden != text:
            record.msg, record.args = hidden, ()
        if record.exc_info and record.exc_info[1] is not None:
            trace = "".join(traceback.format_exception(record.exc_info[1]))
            if (hidden := redacted(trace, self.keys)) != trace:
                record.exc_info, record.exc_text = None, hidden.rstrip("\n")
        return True


_filter = KeyFilter()


def hide(keys: tuple[str, ...]) -> None:
    """From now on these keys reach no log of the libraries."""
    if not _filter.keys.issuperset(keys):
        _filter.keys |= frozenset(keys)
        for name in LOGGERS:
            logging.getLogger(name).addFilter(_filter)  # a filter that is there already is not added again


def redact_error(error: RatesError, keys: Iterable[str]) -> None:
    """Puts KEY in place of each key in the error's words, which may repeat the whole URL."""
    keys = tuple(keys)
    error.detail, error.hint = redacted(error.detail, keys), redacted(error.hint, keys)
    error.args = (error.detail,)


def forget_causes(error: BaseException, keys: Iterable[str]) -> None:
    """Cuts off what caused the error from the first exception on whose text holds a key, in whatever form."""
    keys = tuple(keys)
    for link in ("__cause__", "__context__"):
        cause = getattr(error, link)
        if cause is None:
            continue
        shown = f"{cause} {cause!r} {getattr(cause, '__notes__', '')} {vars(cause)!r}"
        if redacted(shown, keys) != shown:
            setattr(error, link, None)
        else:
            forget_causes(cause, keys)
