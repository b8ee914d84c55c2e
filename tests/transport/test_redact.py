"""Keys in logs: found in every form, replaced in messages and tracebacks; causes that show one are cut off."""

from __future__ import annotations

import logging
from base64 import b64encode

import pytest

from rates.errors import ParseError
from rates.transport.redact import KEY, LOGGERS, forget_causes, hide, redacted, redacted_bytes

SECRET = 'hush/0815+"x" y'

FORMS = (
    SECRET,
    SECRET.upper(),
    "hush%2F0815%2B%22x%22%20y",
    "hush%2f0815%2b%22x%22+y",
    'hush/0815+\\"x\\" y',
    'hush\\/0815+\\"x\\" y',
    b64encode(SECRET.encode()).decode(),
)


@pytest.mark.parametrize("form", FORMS)
def test_a_key_is_found_in_every_form(form: str) -> None:
    """As it is, in a URL, in JSON with escaped slashes, as base64, in any case; texts and bodies alike."""
    shown = f"GET /x?key={form}&q=1"
    assert redacted(shown, [SECRET]).startswith(f"GET /x?key={KEY}")
    assert redacted(shown, [SECRET]).rstrip("=").endswith("&q=1")
    assert redacted_bytes(shown.encode(), [SECRET]) == redacted(shown, [SECRET]).encode()


def test_a_login_is_hidden_by_parts() -> None:
    """A key that is user and password stands in two params of a URL."""
    assert redacted("?user=somebody&pass=secret-7", ["somebody:secret-7"]) == "?user=KEY&pass=KEY"


def test_short_keys_and_no_keys_change_nothing() -> None:
    """A key of three characters would be found in every text."""
    assert redacted("abcd", ["abc", ""]) == redacted("abcd", []) == "abcd"


@pytest.mark.parametrize("name", LOGGERS)
def test_no_library_logs_a_key(name: str, caplog: pytest.LogCaptureFixture) -> None:
    """In the message, its arguments, and the traceback; other records are logged as they were."""
    hide(("hush-0815",))
    logger = logging.getLogger(name)
    caplog.set_level(logging.DEBUG, logger=name)
    logger.debug("GET %s %d", "/x?key=hush-0815", 200)
    logger.debug("GET %s", "/y")
    try:
        raise ValueError("key=hush-0815")
    except ValueError:
        logger.exception("failed")
    assert [record.getMessage() for record in caplog.records] == ["GET /x?key=KEY 200", "GET /y", "failed"]
    assert "hush-0815" not in caplog.text
    assert "ValueError: key=KEY" in caplog.text


def test_causes_that_show_a_key_are_cut_off() -> None:
    """From the first one whose text, arguments or notes hold the key; those before it stay."""
    inner, middle, outer = ValueError("url: /x?key=hush-0815"), RuntimeError("no connection"), ParseError("it failed")
    middle.__cause__ = middle.__context__ = inner
    outer.__cause__ = outer.__context__ = middle
    forget_causes(outer, ["hush-0815"])
    assert outer.__cause__ is middle
    assert middle.__cause__ is middle.__context__ is None
    middle.add_note("asked /x?key=HUSH-0815")
    forget_causes(outer, ["hush-0815"])
    assert outer.__cause__ is outer.__context__ is None
