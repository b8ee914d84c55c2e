from __future__ import annotations

import pytest

from rates.errors import RedirectLoop
from rates.model import Request
from rates.transport import MAX_REDIRECTS

from .server import Site, ask

SECRET = "hush-hush"


def test_redirect_is_followed(site: Site) -> None:
    """Redirects are followed, relative and absolute, and to unescaped addresses."""
    site.page("/1", b"", 302, Location="2")
    site.page("/2", b"", 301, Location=site.url("/3?a=b c#part"))
    site.page("/3", b"there")
    assert ask(site.url("/1")).body == b"there"
    assert [seen.path for seen in site.seen] == ["/1", "/2", "/3?a=b%20c"]


def test_loop_ends(site: Site) -> None:
    """A loop is RedirectLoop after a few rounds, and is not tried again."""
    with pytest.raises(RedirectLoop, match=f"more than {MAX_REDIRECTS} redirects from {site.host}"):
        ask(site.page("/", b"", 302, Location="/"), retries=3)
    assert len(site.seen) == MAX_REDIRECTS + 1


def with_key(url: str, **more: object) -> Request:
    """A request with a key in a header, whose name is written otherwise where it is called private."""
    headers = (("X-Key", SECRET), ("X-Open", "1"))
    return Request(url, headers=headers, private=("x-key", "formkey"), **more)  # type: ignore[arg-type]


def test_key_stays_with_its_host(site: Site, other: Site) -> None:
    """The key is sent on within a host; after a redirect to another host it is never sent again."""
    site.page("/1", b"", 302, Location="/2")
    site.page("/2", b"", 302, Location=other.url("/3"))
    other.page("/3", b"", 302, Location="/4")
    other.page("/4", b"", 302, Location=site.url("/5"))
    site.page("/5", b"there")
    assert ask(with_key(site.url("/1"))).body == b"there"
    assert [(seen.path, seen.headers.get("x-key")) for seen in (*site.seen, *other.seen)] == [
        ("/1", SECRET), ("/2", SECRET), ("/5", None), ("/3", None), ("/4", None),
    ]  # fmt: skip
    assert all(seen.headers["x-open"] == "1" for seen in (*site.seen, *other.seen))


def test_forms_after_redirects(site: Site, other: Site) -> None:
    """303 and its older kin make a GET of a form; 307 sends it again, to another host without its key."""
    form = (("formkey", SECRET), ("q", "1"))
    site.page("/old", b"", 302, Location=other.url("/get"))
    site.page("/new", b"", 307, Location=other.url("/post"))
    other.page("/get", b"got")
    other.page("/post", b"posted")
    assert ask(with_key(site.url("/old"), form=form)).body == b"got"
    assert ask(with_key(site.url("/new"), form=form)).body == b"posted"
    assert [(seen.method, seen.body) for seen in other.seen] == [("GET", b""), ("POST", b"q=1")]


def test_no_way_down(secure: Site, site: Site, trusted: None) -> None:
    """From https no redirect leads to http, where all could read along."""
    with pytest.raises(RedirectLoop, match=rf"{secure.host} redirects to http://{site.host}, which is not followed"):
        ask(with_key(secure.page("/", b"", 302, Location=site.page("/"))))
    assert not site.seen


@pytest.mark.parametrize("target", ["ftp://127.0.0.1/x", "file:///etc/passwd", "http://[", "http://", "mailto:a@b"])
def test_nowhere(site: Site, target: str) -> None:
    """A redirect to an address that is not http or https is RedirectLoop."""
    with pytest.raises(RedirectLoop):
        ask(site.page("/", b"", 302, Location=target))


def test_not_every_3xx_is_a_redirect(site: Site) -> None:
    """A Location beside another status leads nowhere."""
    reply = ask(Request(site.page("/", b"choose", 300, Location="/2"), allow=(300,)))
    assert (reply.status, reply.body) == (300, b"choose")
