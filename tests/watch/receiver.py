"""A system outside that is told of cases: a real HTTP server that keeps what it is sent."""

import base64
import hmac
import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ANSWER_WITHIN_S = 30.0


@dataclass
class Received:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found

    @property
    def id(self) -> str:
        return str(self.event["id"])

    def is_signed_with(self, secret: str) -> bool:
        """As a receiver checks it (Standard Webhooks 1.0.0)."""
        key = base64.b64decode(secret.removeprefix("whsec_"))
        said = self.headers
        content = f"{said['webhook-id']}.{said['webhook-timestamp']}.".encode() + self.body
        digest = base64.b64encode(hmac.new(key, content, sha256).digest()).decode()
        return hmac.compare_digest(said["webhook-signature"], f"v1,{digest}")


@dataclass
class Receiver:
    """`status` says what to answer to a request; everything is kept in the order it came."""

    url: str
    status: Callable[[Received], int] = lambda _: 204
    headers: dict[str, str] = field(default_factory=dict)
    received: list[Received] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)

    @property
    def ids(self) -> list[str]:
        return [one.id for one in self.received]

    @property
    def events(self) -> list[str]:
        return [one.event["type"].split(".")[3] for one in self.received]

    def await_more(self, than: int) -> None:
        """Until so many and one more have come."""
        deadline = time.monotonic() + ANSWER_WITHIN_S
        while len(self.received) <= than:
            assert time.monotonic() < deadline, "nothing comes any more"
            threading.Event().wait(0.002)

    def await_taken(self, ids: set[str]) -> None:
        """Until it has all these."""
        deadline = time.monotonic() + ANSWER_WITHIN_S
        while not ids <= set(self.taken):
            assert time.monotonic() < deadline, f"never came: {sorted(ids - set(self.taken))[:5]}"
            threading.Event().wait(0.02)


@contextmanager
def receiving(certificate: tuple[str, str] | None = None) -> Iterator[Receiver]:
    """A receiver on a free port of the loopback."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    scheme = "http"
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        scheme = "https"
    receiver = Receiver(f"{scheme}://127.0.0.1:{server.server_port}/in?from=city")
    server.RequestHandlerClass = handler_of(receiver)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield receiver
    server.shutdown()
    server.server_close()


def handler_of(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            one = Received(self.path, dict(self.headers.items()), body)
            receiver.received.append(one)
            status = receiver.status(one)
            if 200 <= status < 300:
                receiver.taken.append(one.id)
            self.send_response(status)
            for name, value in receiver.headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    return Handler
