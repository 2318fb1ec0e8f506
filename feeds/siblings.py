"""Workers that share the intake's port tell one another who connected, so that it is there once.

A publisher that reconnects may reach another worker than before. The one that still holds its old
connection lets it go, without saying its will: the publisher is not gone, it has moved.
"""

import logging
import socket
from collections.abc import Callable

from feeds.connection import LATER
from feeds.loop import READS, Loop

log = logging.getLogger("siblings")

LONGEST_NAME = 1 << 16


class Siblings:
    """The workers 0 … count-1 of one port, on abstract unix sockets (unix(7)) of this machine."""

    def __init__(self, port: int, number: int, count: int, loop: Loop) -> None:
        self._others = [_name(port, other) for other in range(count) if other != number]
        self._loop = loop
        self._heard: Callable[[str], None] = lambda client_id: None
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.bind(_name(port, number))
        loop.add(self._socket.fileno(), self._ready, READS)

    def listen(self, heard: Callable[[str], None]) -> None:
        """Calls `heard` with each client id that connected to a sibling."""
        self._heard = heard

    def tell(self, client_id: str) -> None:
        """A publisher connected here."""
        for other in self._others:
            try:
                self._socket.sendto(client_id.encode(), other)
            except OSError as error:  # it is not up, or too busy to hear: keep-alive will do
                log.debug("sibling does not hear: %s", error)

    def _ready(self, _events: int) -> None:
        while True:
            try:
                self._heard(self._socket.recv(LONGEST_NAME).decode())
            except LATER:
                return

    def close(self) -> None:
        """Hears no more."""
        self._loop.remove(self._socket.fileno())
        self._socket.close()


def _name(port: int, number: int) -> str:
    return f"\0citybrain-intake-{port}-{number}"
