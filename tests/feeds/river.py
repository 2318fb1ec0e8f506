"""A worker in a thread, on a free port, over a real Redis."""

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from feeds.codes import Kind
from feeds.courier import Courier
from feeds.exchange import Exchange
from feeds.ingest import Core, Decoded, Decoder
from feeds.intake import Intake, Terms, listen
from feeds.loop import Loop
from feeds.siblings import Siblings
from feeds.worker import Door, Worker
from store.endpoint import Endpoint
from store.pipe import Pipe
from store.store import open_store
from tests.feeds.packets import connect
from tests.feeds.parts import APPLIED, KEY, new_decoder, new_memory, new_writer

WITHIN_S = 10.0


@dataclass
class Listening:
    """The decoder, and what went through it in its order."""

    decoder: Decoder
    heard: list[tuple[str, bytes]] = field(default_factory=list)
    news: threading.Condition = field(default_factory=threading.Condition)

    def decode_batch(
        self, topics: Sequence[bytes], payloads: Sequence[bytes], received_ms: int
    ) -> Decoded:
        decoded = self.decoder.decode_batch(topics, payloads, received_ms)
        with self.news:
            names = [topic.decode(errors="replace") for topic in topics]
            self.heard.extend(zip(names, payloads, strict=True))
            self.news.notify_all()
        return decoded


@dataclass
class River:
    """One running worker."""

    port: int
    worker: Worker
    door: Door
    listening: Listening

    def await_heard(self, count: int) -> list[tuple[str, bytes]]:
        """What was decoded, once there is that much of it."""
        with self.listening.news:
            self.listening.news.wait_for(lambda: len(self.listening.heard) >= count, WITHIN_S)
            return list(self.listening.heard)


@contextmanager
def river(
    redis_url: str,
    *,
    terms: Terms | None = None,
    siblings: tuple[int, int, int] | None = None,
    open_door: object = None,
    owner: str = "here/0/test",
) -> Iterator[River]:
    """A worker with an intake, or with the door that `open_door(core, loop)` makes."""
    loop, listening = Loop(), Listening(new_decoder())
    pipe = Pipe(Endpoint(redis_url, KEY), APPLIED, loop)
    core = Core(listening, new_memory(), new_writer(), pipe, loop)
    worker = Worker(loop, pipe, core)
    worker.reach_store()
    port = 0
    if open_door is None:
        listener = listen("127.0.0.1", 0, shared=False)
        port = listener.getsockname()[1]
        told = Siblings(*siblings, loop) if siblings else None
        store = open_store(redis_url)
        exchange = Exchange(store, Courier(store.subscribers, loop), 0, owner)
        door = Intake(listener, core, loop, terms or Terms(), exchange, told)
    else:
        door = open_door(core, loop)
    worker.open(door)
    over = threading.Event()
    thread = threading.Thread(target=worker.run, args=(over.is_set,))
    thread.start()
    try:
        yield River(port, worker, door, listening)
    finally:
        over.set()
        thread.join()
        worker.close()


class Caller:
    """A publisher that speaks bytes, so that tests can be rude and see every answer."""

    def __init__(self, port: int, hello: bytes | None = None, **said: object) -> None:
        self.sock = socket.create_connection(("127.0.0.1", port), timeout=WITHIN_S)
        if hello != b"":
            self.say(hello or connect(**said))
            self.welcome = self.hear()

    def say(self, data: bytes) -> None:
        self.sock.sendall(data)

    def hear(self) -> bytes:
        """The next packet, b"" when the intake hung up."""
        head = self._exactly(2)
        if len(head) < 2:
            return b""
        size, shift = head[1] & 127, 7
        while head[-1] & 128:
            head += self._exactly(1)
            size |= (head[-1] & 127) << shift
            shift += 7
        return head + self._exactly(size)

    def _exactly(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            try:
                more = self.sock.recv(count - len(data))
            except ConnectionResetError:
                more = b""
            if not more:
                return data
            data += more
        return data

    def is_hung_up(self) -> bool:
        return self.hear() == b""

    def close(self) -> None:
        self.sock.close()


PUBACK, PUBREC, PUBCOMP = (
    bytes([kind << 4, 2]) for kind in (Kind.PUBACK, Kind.PUBREC, Kind.PUBCOMP)
)
