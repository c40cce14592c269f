"""Servers on loopback that misbehave, and a way to a real one that can be cut, held or slowed down."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress


@contextmanager
def listening(answer: Callable[[socket.socket], None] | None = None) -> Iterator[int]:
    """The port of a server that does this with each connection; by default it takes them and stays silent."""
    server = socket.create_server(("127.0.0.1", 0))
    taken: list[socket.socket] = []

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = server.accept()
                taken.append(connection)
                if answer is not None:
                    answer(connection)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield server.getsockname()[1]
    finally:
        _shut(server, *taken)


class Proxy:
    """A way to a server. `cut` closes it for good, `hold` leaves it open and lets nothing through.

    `delay` is how many seconds later everything arrives, in both directions; it may be changed at any time.
    """

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._server = socket.create_server(("127.0.0.1", 0))
        self._ends: list[socket.socket] = []
        self._open = threading.Event()
        self._open.set()
        self.delay = 0.0
        self.port = int(self._server.getsockname()[1])
        threading.Thread(target=self._serve, daemon=True).start()

    def close_connections(self) -> None:
        """Close every connection, and take new ones."""
        _shut(*self._ends)

    def hold(self) -> None:
        """Let nothing through any more."""
        self._open.clear()

    def cut(self) -> None:
        """Close every connection, and take none."""
        _shut(self._server, *self._ends)
        self._open.set()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                here, _ = self._server.accept()
                there = socket.create_connection(self._target)
                self._ends += [here, there]
                for source, target in ((here, there), (there, here)):
                    threading.Thread(target=self._pass_on, args=(source, target), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                self._open.wait()
                time.sleep(self.delay)
                target.sendall(data)
        _shut(source, target)


def _shut(*ends: socket.socket) -> None:
    for end in ends:
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()
