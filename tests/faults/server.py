"""A server on raw sockets that sends the pieces of a fault; runs in a process of its own.

    python -m tests.faults.server FOLDER

FOLDER has a certificate with its key for each door of `CERTIFICATES`, as NAME.pem. The ports of all doors are printed
as one line of JSON. The process ends with its standard input.
"""

from __future__ import annotations

import json
import socket
import ssl
import struct
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tests.faults.faults import CERTIFICATES, DOORS, FAULTS, HANG, KEEP, RESET, VICTIM, Asked, Piece

PORTS: dict[str, int] = {}
TIMES: Counter[str] = Counter()
LONGEST_S = 20  # a connection that hangs is closed by the client, or after this time


def main(folder: Path) -> None:
    """Opens all doors, and serves until the end of standard input."""
    threading.stack_size(256 * 1024)
    for name in ("http", "other"):
        listen(name, serve)
    listen("ip6", serve, host="::1", family=socket.AF_INET6)
    listen("late", lambda sock: (time.sleep(0.1), serve(sock)))
    for name, (when, pieces) in DOORS.items():
        listen(name, lambda sock, when=when, pieces=pieces: (when and sock.recv(65536), play(sock, pieces)))
    for name in CERTIFICATES:
        tls = context(folder, name)
        listen(name, lambda sock, tls=tls: serve(tls.wrap_socket(sock, server_side=True)))
    listen("two", serve)
    kept = [*silent("silent"), *silent("two", "127.0.0.2"), refusing("refused")]
    print(json.dumps(PORTS), flush=True)
    sys.stdin.read()
    del kept


# --- doors -----------------------------------------------------------------------------------------------------------


def listen(
    name: str, behind: Callable[[socket.socket], object], host: str = "127.0.0.1", family: int = socket.AF_INET
) -> None:
    """Opens a port; each connection runs in a thread."""
    server = socket.socket(family)
    if family != socket.AF_INET:
        server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    server.bind((host, 0))
    server.listen(512)
    PORTS[name] = server.getsockname()[1]

    def accept() -> None:
        while True:
            sock, _ = server.accept()
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.settimeout(LONGEST_S)
            threading.Thread(target=one, args=(sock,), daemon=True).start()

    def one(sock: socket.socket) -> None:
        try:
            behind(sock)
        except OSError:  # the client has had enough
            pass
        finally:
            sock.close()

    threading.Thread(target=accept, daemon=True).start()


def silent(name: str, host: str = "127.0.0.1") -> list[socket.socket]:
    """Opens a port whose queue is full, so that no connection is ever made; the port of that door where it has one."""
    server = socket.socket()
    server.bind((host, PORTS.get(name, 0)))
    server.listen(0)
    PORTS[name] = server.getsockname()[1]
    waiting = [socket.socket() for _ in range(3)]
    for sock in waiting:
        sock.setblocking(False)
        sock.connect_ex((host, PORTS[name]))
    return [server, *waiting]


def refusing(name: str) -> socket.socket:
    """Takes a port at which nothing listens."""
    unused = socket.socket()
    unused.bind(("127.0.0.1", 0))
    PORTS[name] = unused.getsockname()[1]
    return unused


def context(folder: Path, name: str) -> ssl.SSLContext:
    """The TLS side of a door."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(folder / f"{name}.pem")
    if name == "tls_old":
        tls.minimum_version = tls.maximum_version = ssl.TLSVersion.TLSv1
        tls.set_ciphers("ALL:@SECLEVEL=0")
    elif name == "tls_name":
        tls.sni_callback = lambda *_: ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
    elif name == "tls_client":
        tls.load_verify_locations(folder / "ca.pem")
        tls.verify_mode = ssl.CERT_REQUIRED
    return tls


# --- requests --------------------------------------------------------------------------------------------------------


def serve(sock: socket.socket) -> None:
    """Answers the requests of a connection, each by the fault that its path names; other bases than the victim rightly.

    A path that names no fault is answered rightly.
    """
    with sock:
        while target := read_target(sock):
            parts = urlsplit(target)
            words = tuple(parts.path.strip("/").split("/"))
            base = parse_qs(parts.query).get("base", [""])[0]
            TIMES[target] += 1
            fault = FAULTS.get(words[0], FAULTS["ok"])
            if base != VICTIM and not fault.all:
                fault = FAULTS["ok"]
            if not play(sock, fault.serve(Asked(base, words, TIMES[target], PORTS))):
                return


def read_target(sock: socket.socket) -> str:
    """The target of the next request, which has no body; "" at the end of the connection."""
    read = b""
    while not read.endswith(b"\r\n\r\n"):
        piece = sock.recv(65536)
        if not piece:
            return ""
        read += piece
    return read.decode("latin-1").split(" ")[1]


def play(sock: socket.socket, pieces: Iterable[Piece]) -> bool:
    """Does what the pieces say; True to keep the connection."""
    for piece in pieces:
        if isinstance(piece, bytes):
            sock.sendall(piece)
        elif isinstance(piece, float):
            time.sleep(piece)
        elif piece == HANG:
            while sock.recv(65536):
                pass
        elif piece == RESET:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif piece == KEEP:
            return True
    return False


if __name__ == "__main__":
    main(Path(sys.argv[1]))
