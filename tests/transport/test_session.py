from __future__ import annotations

import gc
import gzip
import importlib
import inspect
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import pytest
import requests

import rates
from rates.errors import RatesError
from rates.model import Request
from rates.transport import connection, message, session

from .server import Handler, Site, ask

ROOT = Path(__file__).resolve().parents[2]


def chunked(handler: Handler) -> None:
    """An answer in two chunks."""
    handler.start(Transfer_Encoding="chunked")
    handler.wfile.write(b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")


PAGES = {
    "whole": lambda handler: handler.answer(b"abc"),
    "empty": lambda handler: handler.answer(b""),
    "chunked": chunked,
    "packed": lambda handler: handler.answer(gzip.compress(b"abc" * 99999), Content_Encoding="gzip"),
    "not-found": lambda handler: handler.answer(b"no", 404),
    "failed": lambda handler: handler.answer(b"oh", 500),
    "redirect": lambda handler: handler.answer(b"there", 302, Location="/last"),
    "no-content": lambda handler: handler.start(204),
}


@pytest.mark.parametrize("name", PAGES)
def test_connection_is_used_again(site: Site, name: str) -> None:
    """After an answer of any status and framing was read whole, the next request goes over the same connection."""
    site.put("/first", PAGES[name])
    last = site.page("/last", b"last")
    try:
        ask(site.url("/first"))
    except RatesError:
        pass
    assert ask(last).body == b"last"
    assert len({id(seen.connection) for seen in site.seen}) == 1


def test_connection_is_used_again_over_tls(secure: Site, trusted: None) -> None:
    """TLS connections are kept too, so that the handshake is paid once."""
    url = secure.page("/", b"x")
    for _ in range(3):
        assert ask(url).body == b"x"
    assert len({id(seen.connection) for seen in secure.seen}) == 1


def test_one_adapter_per_thread(site: Site) -> None:
    """Each thread has one adapter, and shares it with no other."""
    url = site.page("/", b"x")
    meet = threading.Barrier(3)

    def fetch(_: int) -> int:
        ask(url)
        ask(url)
        meet.wait(5)
        return id(session.adapter())

    with ThreadPoolExecutor(3) as pool:
        assert len(set(pool.map(fetch, range(3)))) == 3
    assert len({id(seen.connection) for seen in site.seen}) == 3


def test_says_who_asks(site: Site) -> None:
    """The User-Agent names this package, compressed answers are accepted, and the provider's own headers are sent."""
    ask(Request(site.page("/"), headers=(("X-One", "1"),)))
    headers = site.seen[0].headers
    assert headers["user-agent"] == message.USER_AGENT
    assert "fetch-rates/" in headers["user-agent"]
    assert f"python-requests/{requests.__version__}" in headers["user-agent"]
    assert headers["accept-encoding"] == "gzip, deflate"
    assert headers["x-one"] == "1"


def test_params_and_forms_arrive(site: Site) -> None:
    """Params go into the URL, a form makes a POST of the request."""
    url = site.page("/")
    ask(Request(url, (("a", "1 2"), ("b", "ü"))))
    ask(Request(url, (("a", "1"),), form=(("f", "x y"),)))
    get, post = site.seen
    assert (get.method, get.path, get.body) == ("GET", "/?a=1+2&b=%C3%BC", b"")
    assert (post.method, post.path, post.body) == ("POST", "/?a=1", b"f=x+y")
    assert post.headers["content-type"] == "application/x-www-form-urlencoded"


def test_no_cookies(site: Site) -> None:
    """A cookie that a server sets is not sent back: fetches are independent."""
    url = site.page("/", Set_Cookie="id=7")
    ask(url)
    ask(url)
    assert "cookie" not in site.seen[1].headers


def test_login_of_netrc(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A login in the user's netrc is used, as requests does, but never over the provider's own."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password pass\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    url = site.page("/")
    ask(url)
    ask(Request(url, headers=(("authorization", "Token t"),)))
    assert [seen.headers["authorization"] for seen in site.seen] == ["Basic bWU6cGFzcw==", "Token t"]


def test_the_default_login_of_netrc_is_for_no_publisher(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only an entry for the very host is sent: `default` would give the user's password to every server."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine bank.example login me password pass\ndefault login me password pass\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    ask(site.page("/"))
    assert "authorization" not in site.seen[0].headers


def test_one_tls_context(monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight threads that need TLS at the same moment load the CA bundle once, and get the same context."""
    loaded = []
    entered, go = threading.Event(), threading.Event()

    def slowly(self: session._Context, **kwargs: str) -> None:
        loaded.append(kwargs)
        entered.set()
        go.wait(5)

    monkeypatch.setattr(session._Context, "load_verify_locations", slowly)
    with ThreadPoolExecutor(8) as pool:
        first = pool.submit(session.tls_context)
        entered.wait(5)
        others = [pool.submit(session.tls_context) for _ in range(7)]
        go.set()
        assert {id(other.result(5)) for other in others} == {id(first.result(5))}
    assert len(loaded) == 1


FORKED = """
import os, sys, threading
from rates.model import Request
from rates.transport import THREAD, Guard, Limits, run_coroutine, send, session

def fetch():
    with Guard(5) as guard:
        return run_coroutine(send(THREAD, Request(sys.argv[1]), Limits(retries=0), guard)).body

fetch()
before = session.adapter()
context = session.tls_context()
child = os.fork()
if child == 0:
    good = fetch() == b"x" and session.adapter() is not before and session.tls_context() is context
    os._exit(0 if good else 7)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0, "the child"
assert fetch() == b"x" and session.adapter() is before
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_forked_child_has_its_own_session(site: Site) -> None:
    """A forked child opens its own connections; its parent's stay usable."""
    url = site.page("/", b"x")
    done = subprocess.run(
        [sys.executable, "-c", FORKED, url], capture_output=True, text=True, timeout=20, cwd=ROOT, check=False
    )
    assert done.returncode == 0, done.stderr
    connections = [id(seen.connection) for seen in site.seen]
    assert len(connections) == 3
    assert connections[0] == connections[2] != connections[1]


def test_forget_reads_the_environment_again(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """After `forget` a changed proxy holds; before it the one that was read first does."""
    url = site.page("/", b"x")
    ask(url)
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert message.route("http", site.host).proxies == {}
    session.forget()
    assert message.route("http", site.host).proxies["http"] == "http://127.0.0.1:9"


def _foreign_methods() -> Iterator[tuple[type, str]]:
    """Each method of ours that takes the place of one of another distribution's class."""
    names = [info.name for info in walk_packages(rates.__path__, "rates.")]
    for name in names:
        if name.startswith(("rates.transport", "rates.offline", "rates.executors")):
            try:
                module = importlib.import_module(name)
            except ImportError:  # of a Python that is newer than this one, or of an extra
                continue
            for found in vars(module).values():
                if isinstance(found, type) and found.__module__ == name:
                    theirs = [base for base in found.__mro__[1:] if _is_foreign(base)]
                    for method in vars(found):
                        if callable(getattr(found, method)) and any(method in vars(base) for base in theirs):
                            yield found, method


def _is_foreign(base: type) -> bool:
    home = base.__module__.partition(".")[0]
    return home not in ("rates", *sys.stdlib_module_names)


def test_methods_in_the_place_of_others_take_any_argument() -> None:
    """Another library in the same environment may call a library's method with more than today's arguments."""
    found = [(kind, name) for kind, name in _foreign_methods() if not name.startswith("__")]
    assert {kind.__name__ for kind, _ in found} >= {"Adapter", "_Answers", "_Interceptor", "_NoCalls", "_Resolver"}
    for kind, name in found:
        kinds = {one.kind for one in inspect.signature(getattr(kind, name)).parameters.values()}
        assert {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD} <= kinds, f"{kind.__name__}.{name}"


def test_unknown_arguments_are_passed_on() -> None:
    """Another library's urllib3 may call a connection's methods with arguments that ours does not know."""

    class Connection:
        sock = None

        def getresponse(self, *args: object, **kwargs: object) -> tuple[object, ...]:
            return args, kwargs

        def connect(self, *args: object, **kwargs: object) -> None:
            called.append((args, kwargs))

        def _new_conn(self, *args: object, **kwargs: object) -> None:
            called.append((args, kwargs))

    called: list[object] = []
    pool = type("Pool", (), {"ConnectionCls": Connection})
    watched = connection._watched_pool(pool).ConnectionCls()
    assert watched.getresponse(1, police_officer=2) == ((1,), {"police_officer": 2})
    watched.connect(3, x=4)
    watched._new_conn(y=5)
    assert called == [((3,), {"x": 4}), ((), {"y": 5})]


def test_connections_to_many_hosts_are_bounded(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Redirects may lead to any number of hosts; a thread keeps the connections to the last ones."""
    resolve = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *more: resolve("127.0.0.1", *more))
    open_now: set[socket.socket] = set()
    connect = connection._connect

    def connected(sock: socket.socket, *more: Any) -> None:
        connect(sock, *more)
        open_now.add(sock)

    monkeypatch.setattr(connection, "_connect", connected)
    site.page("/", b"x")
    port = site.host.rpartition(":")[2]
    for number in range(100):
        assert ask(f"http://host{number}.example:{port}/").body == b"x"
    assert len(session.adapter().config) == session.MOST_POOLS
    gc.collect()
    assert sum(sock.fileno() >= 0 for sock in open_now) <= session.MOST_POOLS
    assert ask(f"http://host0.example:{port}/").body == b"x"
