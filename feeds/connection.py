"""One accepted socket on the loop: bytes in, bytes out, TLS if wanted, and an orderly end."""

import socket
import ssl

from feeds.loop import READS, WRITES, Loop

CHUNK = 1 << 16
LATER = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


class Connection:
    """From accept to close; who inherits says what to do with bytes, and when the line breaks."""

    def __init__(self, sock: socket.socket, loop: Loop) -> None:
        self.fd = sock.fileno()
        self.is_over = False
        self._socket = sock
        self._loop = loop
        self._out = b""
        self._tls = sock if isinstance(sock, ssl.SSLSocket) else None
        self._is_shaking_hands = self._tls is not None

    def take(self, data: bytes) -> None:
        """Bytes from the other side."""
        raise NotImplementedError

    def lose(self) -> None:
        """The line broke."""
        raise NotImplementedError

    def emptied(self) -> None:
        """All that waited to be sent was taken."""

    @property
    def is_clogged(self) -> bool:
        """Whether bytes wait that the other side does not take."""
        return bool(self._out)

    def rest(self) -> None:
        """Is not heard for a while."""
        self._loop.change(self.fd, 0)

    def wake(self) -> None:
        """Is heard again."""
        self._loop.change(self.fd, WRITES if self._out else READS)

    def ready(self, events: int) -> None:
        """The socket has something to read, or room to write."""
        if self.is_over:
            self._discard()
        elif self._is_shaking_hands:
            self._shake_hands()
        elif events & WRITES:
            self._flush()
        else:
            self._receive()

    def _receive(self) -> None:
        try:
            data = self._socket.recv(CHUNK)
            while self._tls and (unpacked := self._tls.pending()):
                data += self._tls.recv(unpacked)  # what TLS keeps back wakes nobody
        except LATER:
            return
        except OSError:
            data = b""
        if data:
            self.take(data)
        else:
            self.lose()

    def _shake_hands(self) -> None:
        assert self._tls is not None
        try:
            self._tls.do_handshake()
        except ssl.SSLWantReadError:
            self._loop.change(self.fd, READS)
        except ssl.SSLWantWriteError:
            self._loop.change(self.fd, WRITES)
        except OSError:
            self.lose()
        else:
            self._is_shaking_hands = False
            self._loop.change(self.fd, READS)

    def send(self, data: bytes) -> None:
        """Bytes to the other side; while it does not take them, it is not read from either."""
        if self.is_over or not data:
            return
        if self._out:
            self._out += data
            return
        try:
            count = self._socket.send(data)
        except LATER:
            count = 0
        except OSError:
            self.lose()
            return
        if count < len(data):
            self._out = data[count:]
            self._loop.change(self.fd, WRITES)

    def _flush(self) -> None:
        waiting, self._out = self._out, b""
        self.send(waiting)
        if not self._out and not self.is_over:
            self._loop.change(self.fd, READS)
            self.emptied()

    def hang_up(self) -> None:
        """Says no more; what still comes is read and thrown away.

        Closing with bytes unread would reset the connection and destroy our last word.
        """
        self.is_over = True
        try:
            self._socket.shutdown(socket.SHUT_WR)
        except OSError:
            self.close()
        else:
            self._loop.change(self.fd, READS)

    def _discard(self) -> None:
        try:
            is_open = bool(self._socket.recv(CHUNK))
        except LATER:
            return
        except OSError:
            is_open = False
        if not is_open:
            self.close()

    def close(self) -> None:
        """Gives the socket back."""
        if self.fd >= 0:
            self._loop.remove(self.fd)
            self._socket.close()
            self.fd = -1
