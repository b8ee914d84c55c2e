"""`rates doctor` against a mocked network: every condition that a server may cause."""

from __future__ import annotations

import csv
import io
import json
import ssl
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import requests

from rates import offline, providers
from rates.model import Reply
from rates.offline.embedded import embedded_mock
from rates.providers.groups import BY_CONSENT
from rates.settings import FORMATS, PRICE_FORMATS, Settings
from tests.cli.conftest import Run
from tests.fetch.conftest import nothing_kept

__all__ = ["nothing_kept"]

Mock = Callable[[str, str, bytes, float], Any]
PAGE = b"<!DOCTYPE html><html><body>We are back soon.</body></html>"
XML = {"content-type": "text/xml"}


def answers(status: int, body: bytes = b"x", **headers: str) -> Mock:
    """A server that always answers so."""
    return lambda *_: Reply(status, body, headers)


def fails(error: Exception) -> Mock:
    """A server that cannot be reached."""

    def answer(*_: object) -> Any:
        raise error

    return answer


def name_error() -> Exception:
    """What requests raises for a name that does not resolve."""
    import socket

    from urllib3.exceptions import MaxRetryError, NameResolutionError

    cause = NameResolutionError("www.ecb.europa.eu", None, socket.gaierror(-2, "Name not known"))  # type: ignore[arg-type]
    return requests.exceptions.ConnectionError(MaxRetryError(None, "/", cause))  # type: ignore[arg-type]


CERTIFICATE = ssl.SSLCertVerificationError(1, "certificate has expired")
CERTIFICATE.verify_message = "certificate has expired"  # which OpenSSL sets

CONDITIONS = {
    "moved": answers(404),
    "captcha or firewall": answers(200, PAGE.replace(b"We are back soon.", b"Solve the captcha")),
    "web page": answers(200, PAGE),
    "quota": answers(429),
    "plan": answers(402),
    "key refused": answers(401),
    "server failed": answers(503),
    "changed format": answers(200, b"<a/>"),
    "TLS": fails(requests.exceptions.SSLError(CERTIFICATE)),
    "unreachable": fails(name_error()),
    "too slow": fails(requests.exceptions.ReadTimeout("late")),
}


@pytest.fixture
def mocked(monkeypatch: pytest.MonkeyPatch) -> Callable[[Mock], None]:
    """Puts a mock in place of the offline answers."""

    def put(mock: Mock) -> None:
        monkeypatch.setattr(offline, "mock_for", lambda settings: mock)

    return put


@pytest.fixture
def replay(recording: str) -> tuple[str, str]:
    """The flag that keeps a run off the network; a mock answers in place of the recording."""
    return "--replay", recording


def diagnosed(run: Run, *args: str) -> tuple[int, list[dict[str, Any]]]:
    """The status and the diagnoses of a run."""
    ran = run("doctor", *args, "--retries", "0", "--format", "json")
    return ran.status, json.loads(ran.out)


@pytest.mark.parametrize("condition", sorted(CONDITIONS))
def test_conditions(condition: str, run: Run, mocked: Callable[[Mock], None], replay: tuple[str, str]) -> None:
    """Each failure has its condition, with what to do and which publishers to ask instead."""
    mocked(CONDITIONS[condition])
    status, (one,) = diagnosed(run, "ecb", *replay)
    assert (status, one["condition"]) == (3, condition)
    assert one["todo"]
    assert one["instead"]
    assert one["error"]


def test_key_needed(run: Run) -> None:
    """A provider whose key is not set is not asked."""
    _, (one,) = diagnosed(run, "tcmb")
    assert (one["condition"], one["took_s"] is not None) == ("key needed", True)
    assert "set TCMB_API_KEY" in one["todo"]


def test_all_well(
    run: Run, monkeypatch: pytest.MonkeyPatch, mocked: Callable[[Mock], None], replay: tuple[str, str]
) -> None:
    """On the day after the newest rates the publisher is well, with status 0; four weeks later it is stale."""
    mocked(embedded_mock(date(2026, 11, 23)))
    monkeypatch.setenv("RATES_TODAY", "2026-10-31")
    status, found = diagnosed(run, "ecb", "frankfurter", *replay)
    assert (status, [one["condition"] for one in found]) == (0, ["well", "well"])
    assert found[0]["evidence"] == "29 rates of 2026-10-30"
    monkeypatch.setenv("RATES_TODAY", "2026-11-23")
    status, found = diagnosed(run, "ecb", *replay)
    assert (status, found[0]["condition"]) == (3, "stale")
    assert "24 days old; its longest pause is 7" in found[0]["evidence"]


def test_some_well(
    run: Run, monkeypatch: pytest.MonkeyPatch, mocked: Callable[[Mock], None], replay: tuple[str, str]
) -> None:
    """One of several is enough for status 1, and is named as the substitute of the other."""
    monkeypatch.setenv("RATES_TODAY", "2026-10-31")
    history = embedded_mock(Settings().day())

    def half(method: str, url: str, form: bytes, timeout_s: float) -> Any:
        return Reply(410, b"gone") if "vatcomply" in url else history(method, url, form, timeout_s)

    mocked(half)
    ran = run("doctor", "ecb,vatcomply", *replay)
    assert ran.status == 1
    lines = [" ".join(line.split()) for line in ran.out.splitlines()]
    assert any(line.startswith("ecb well 29 rates of 2026-10-30") for line in lines)
    (moved,) = (line for line in lines if line.startswith("vatcomply moved"))
    assert " look for the new address" in moved
    assert moved.endswith(" ecb")
    assert lines[0] == "2 asked: 1 well, 1 moved"


@pytest.mark.parametrize("fmt", [fmt for fmt in FORMATS if fmt not in PRICE_FORMATS])
def test_formats(run: Run, fmt: str, mocked: Callable[[Mock], None], replay: tuple[str, str]) -> None:
    """The diagnoses are there in every format; programs get the summary on stderr."""
    mocked(embedded_mock(date(2026, 11, 23)))
    ran = run("doctor", "ecb", *replay, "--format", fmt)
    assert ran.status == 3
    assert "stale" in ran.out
    assert ("1 asked: 1 stale" in ran.err) is (fmt in ("json", "jsonl", "csv"))


def test_all_providers_of_a_recording(run: Run, tape: str) -> None:
    """All providers are asked but those that ask for consent, none is lost; what cannot be answered is not recorded."""
    ran = run("doctor", "--replay", tape, "--format", "csv")
    found = {row["key"]: row["condition"] for row in csv.DictReader(io.StringIO(ran.out))}
    assert tuple(found) == (
        *(key for key in providers.own_keys() if key not in BY_CONSENT),
        *providers.plugin_keys(),
    )  # not a blend, which would ask them all again
    assert set(found.values()) == {"well", "not recorded", "key needed", "over"}
    assert {key for key, condition in found.items() if condition == "well"} == {
        "ecb", "erapi", "frankfurter", "vatcomply",
    }  # fmt: skip
    assert ran.status == 1
    assert {row["offline"] for row in csv.DictReader(io.StringIO(ran.out))} == {"yes"}
    shown = run("doctor", "ecb", "--replay", tape, "--latency", "1ms").out
    assert shown.startswith(
        "1 asked: 1 well\noffline: a recording; ages count to 2026-10-31\nsimulated network: latency 1 ms\n\n"
    )


def test_what_needs_action(run: Run, tape: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """All publishers are counted, and those shown that need action; a key that is not set is no fault."""
    monkeypatch.setattr(providers, "keys", lambda: ("ecb", "lb", "nbp", "tcmb"))
    monkeypatch.setattr("rates.fetch.secrets.RECORDED", "")  # the key that any recording is read with
    counted = "4 asked: 1 well, 1 over, 1 key needed, 1 not recorded"
    ran = run("doctor", "--replay", tape)
    assert ran.status == 1
    assert ran.out.splitlines()[0] == counted
    assert [line.split()[0] for line in ran.out.splitlines()[5:]] == ["nbp"]
    ran = run("doctor", "--replay", tape, "--all")
    assert [line.split()[0] for line in ran.out.splitlines()[5:]] == ["ecb", "lb", "nbp", "tcmb"]
    monkeypatch.setattr(providers, "keys", lambda: ("ecb", "lb", "tcmb"))
    assert run("doctor", "--replay", tape).status == 0
    assert run("doctor", "ecb", "tcmb", "--replay", tape).status == 1


def test_no_network(run: Run) -> None:
    """If no publisher can be reached, that is two lines; --all has the table, and programs have all rows."""
    two = (
        "no network: 2 unreachable (the name www.ecb.europa.eu does not resolve)\n"
        "check the connection; --offline shows past rates"
    )
    args = ("doctor", "ecb", "erapi", "--retries", "0")
    assert run(*args) == (3, "", f"{two} · --all lists them\n")
    assert "unreachable" in run(*args, "--all").out
    ran = run(*args, "--format", "csv")
    assert (ran.err, len(ran.out.splitlines())) == (two + "\n", 3)


def test_one_deadline_for_all(run: Run, mocked: Callable[[Mock], None], replay: tuple[str, str]) -> None:
    """A publisher that has not answered by the deadline is too slow, and the command does not wait for it."""
    import time

    mocked(offline.simulated(embedded_mock(Settings().day()), 30.0, 0.0, 0.0))
    began = time.monotonic()
    status, found = diagnosed(run, "ecb", "frankfurter", "erapi", *replay, "--deadline", "0.2s", "--timeout", "60s")
    assert time.monotonic() - began < 10  # never the 30 seconds that each would take
    assert (status, {one["condition"] for one in found}) == (3, {"too slow"})


@pytest.mark.parametrize(
    ("args", "message"), [(("ebcc",), "unknown provider 'ebcc'"), (("ecb", "--on", "2020-03-02"), "no such option")]
)
def test_wrong_usage(run: Run, args: tuple[str, ...], message: str) -> None:
    """An unknown provider or option is wrong usage."""
    ran = run("doctor", *args)
    assert (ran.status, ran.out) == (2, "")
    assert message in ran.err
