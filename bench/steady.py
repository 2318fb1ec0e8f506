"""Publishers that never give up: paced, reconnecting, sending again what was not acknowledged.

They remember what was acknowledged to them, so that afterwards the store can be asked for it.
"""

import select
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bench.load import TOPIC, connect, packet, reading

RECONNECT_AFTER_S = 0.05
DUP = 0x08
THING = "sw/waterlogging/B-{:05d}"


@dataclass(slots=True)
class Steady:
    """One publisher of one thing."""

    place: int
    port: int
    sock: socket.socket | None = None
    retry_at: float = 0.0
    seq: int = 0
    rest: bytes = b""
    open: dict[bytes, tuple[int, bytes]] = field(default_factory=dict)  # id: seq, packet
    acknowledged: set[int] = field(default_factory=set)
    sent_again: int = 0

    @property
    def thing(self) -> str:
        """Whose readings these are."""
        return THING.format(self.place)

    def say(self) -> None:
        """One more reading, sent now or kept for the next connection."""
        self.seq += 1
        number = (self.seq % 65535 + 1).to_bytes(2, "big")
        payload = reading(self.seq, int(time.time() * 1000), self.place)
        data = packet(TOPIC.format(self.place), payload, int.from_bytes(number, "big"))
        self.open[number] = (self.seq, data)
        self._send(data)

    def turn(self, now: float) -> None:
        """Reads what was acknowledged; connects again if need be."""
        if self.sock is not None:
            self._receive()
        elif now >= self.retry_at:
            self._connect(now)

    def _connect(self, now: float) -> None:
        self.retry_at = now + RECONNECT_AFTER_S
        try:
            self.sock = connect(self.port, f"steady-{self.place}")
        except OSError:
            return
        self.rest = b""
        for _seq, data in list(self.open.values()):
            self.sent_again += 1
            self._send(bytes([data[0] | DUP]) + data[1:])

    def _send(self, data: bytes) -> None:
        if self.sock is None:
            return
        try:
            self.sock.setblocking(True)
            self.sock.settimeout(1.0)
            self.sock.sendall(data)
            self.sock.setblocking(False)
        except OSError:
            self._drop()

    def _receive(self) -> None:
        assert self.sock is not None
        try:
            data = self.sock.recv(1 << 16)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._drop()
            return
        data = self.rest + data
        whole = len(data) // 4 * 4
        self.rest = data[whole:]
        for at in range(0, whole, 4):
            seq, _packet = self.open.pop(data[at + 2 : at + 4])
            self.acknowledged.add(seq)

    def _drop(self) -> None:
        if self.sock is not None:
            self.sock.close()
        self.sock = None

    def close(self) -> None:
        """Gives the socket back."""
        self._drop()


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that is done to the city at a moment of the run."""

    at_s: float
    do: Callable[[], None]


def run(
    port: int, publishers: int, rate: float, seconds: float, deeds: Sequence[Deed]
) -> list[Steady]:
    """Publishes for that long while the deeds are done, then waits for the last answers."""
    crowd, doing = [Steady(place, port) for place in range(publishers)], []
    began, said, waiting = time.monotonic(), 0, sorted(deeds, key=lambda deed: deed.at_s)
    while said < int(seconds * rate) or waiting:
        passed = time.monotonic() - began
        while waiting and waiting[0].at_s <= passed:
            doing.append(threading.Thread(target=waiting.pop(0).do))
            doing[-1].start()
        while said < int(min(passed, seconds) * rate):
            crowd[said % publishers].say()
            said += 1
        _turn(crowd)
    for deed in doing:
        deed.join()
    _finish(crowd, within_s=40)
    return crowd


def _turn(crowd: Sequence[Steady]) -> None:
    sockets = [one.sock for one in crowd if one.sock is not None]
    select.select(sockets, [], [], 0.002)
    now = time.monotonic()
    for one in crowd:
        one.turn(now)


def _finish(crowd: Sequence[Steady], within_s: float) -> None:
    deadline = time.monotonic() + within_s
    while any(one.open for one in crowd) and time.monotonic() < deadline:
        _turn(crowd)
    for one in crowd:
        one.close()
