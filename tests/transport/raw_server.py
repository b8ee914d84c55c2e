"""A loopback server on bare sockets: what it sends, and when it closes, is up to the test, byte by byte."""

from __future__ import annotations

import re
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

WAIT_S = 10.0


class Peer:
    """The server's end of one connection."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        sock.settimeout(WAIT_S)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._unread = b""

    def request(self) -> bytes:
        """The next request, head and body; empty when the client has closed the connection."""
        while not (found := re.search(rb"\r\n\r\n", self._unread)):
            if not (piece := self.sock.recv(65536)):
                return b""
            self._unread += piece
        length = re.search(rb"content-length: (\d+)", self._unread, re.IGNORECASE)
        end = found.end() + (int(length[1]) if length else 0)
        while len(self._unread) < end:
            self._unread += self.sock.recv(65536)
        request, self._unread = self._unread[:end], self._unread[end:]
        return request

    def send(self, *pieces: bytes) -> None:
        """Sends the pieces."""
        for piece in pieces:
            self.sock.sendall(piece)

    def flood(self, piece: bytes) -> None:
        """Sends the piece until the client closes the connection."""
        with suppress(OSError):
            while True:
                self.sock.sendall(piece)

    def close(self) -> None:
        """Closes the connection in good order."""
        self.sock.close()

    def reset(self) -> None:
        """Closes the connection at once, as a machine does that lost its memory of it."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()


Talk = Callable[[Peer], object]


def answer(body: bytes, status: str = "200 OK", *headers: bytes) -> bytes:
    """A whole answer with its length."""
    head = [f"HTTP/1.1 {status}".encode(), b"Content-Length: %d" % len(body), *headers]
    return b"\r\n".join(head) + b"\r\n\r\n" + body


def serve(peer: Peer, body: bytes = b"right") -> None:
    """Answers each request of the connection with the body."""
    while peer.request():
        peer.send(answer(body))


@contextmanager
def raw_server(*talks: Talk) -> Iterator[str]:
    """The URL of a server whose first connection has the first talk, and so on; the last talk has all others."""
    peers: list[Peer] = []
    threads: list[threading.Thread] = []

    def talk(peer: Peer, number: int) -> None:
        with suppress(OSError), peer.sock:
            talks[min(number, len(talks) - 1)](peer)

    def accept() -> None:
        with suppress(OSError):
            while True:
                peer = Peer(listener.accept()[0])
                peers.append(peer)
                threads.append(threading.Thread(target=talk, args=(peer, len(peers) - 1), daemon=True))
                threads[-1].start()

    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        accepting = threading.Thread(target=accept, daemon=True)
        accepting.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            accepting.join(WAIT_S)
            for peer in peers:
                with suppress(OSError):
                    peer.sock.shutdown(socket.SHUT_RDWR)
            for thread in threads:
                thread.join(WAIT_S)
