"""A line to Redis that breaks where a test wants it to: after a command, before its answer."""

import contextlib
import socket
import socketserver
import threading
from collections.abc import Iterator


class Dropping(socketserver.ThreadingTCPServer):
    """Passes bytes on; the first request with `word` reaches the server, its answer nobody."""

    daemon_threads, allow_reuse_address = True, True

    def __init__(self, port: int, target: str, word: bytes) -> None:
        super().__init__(("127.0.0.1", port), Line)
        self.target, self.word, self.has_dropped = target, word, False


class Line(socketserver.BaseRequestHandler):
    """One connection of a client."""

    server: Dropping

    def handle(self) -> None:
        """Request after request; each is answered before the next comes."""
        with socket.socket(socket.AF_UNIX) as onward:
            onward.connect(self.server.target)
            threading.Thread(target=self.answer, args=(onward,), daemon=True).start()
            with contextlib.suppress(OSError):
                while request := self.request.recv(1 << 20):
                    self.is_dropping = self.drops(request)
                    onward.sendall(request)

    is_dropping = False

    def drops(self, request: bytes) -> bool:
        """Whether this is the one."""
        if self.server.has_dropped or self.server.word not in request:
            return False
        self.server.has_dropped = True
        return True

    def answer(self, onward: socket.socket) -> None:
        """Answers, until the one that is dropped."""
        with contextlib.suppress(OSError):
            while answer := onward.recv(1 << 20):
                if self.is_dropping:
                    self.request.shutdown(socket.SHUT_RDWR)
                    return
                self.request.sendall(answer)


@contextlib.contextmanager
def dropping(url: str, word: bytes, port: int = 0) -> Iterator[str]:
    """The address of a line to the server of a `unix://` URL."""
    with Dropping(port, url.removeprefix("unix://"), word) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_address[1]}"
        server.shutdown()
