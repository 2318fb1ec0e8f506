"""Publishers for benchmarks: packets encoded beforehand, raw sockets, answers counted by the byte.

Run as a process of its own, so that its cost is not the worker's:

    python -m bench.load flood PORT --publishers 50 --messages 500000
    python -m bench.load pour PORT --publishers 50 --messages 500000
    python -m bench.load pace PORT --publishers 1000 --rate 60 --seconds 10
"""

import argparse
import gc
import json
import select
import socket
import sys
import time
from collections import deque
from dataclasses import dataclass, field

WINDOW = 500  # messages a publisher has unacknowledged at most, like a gateway that keeps up
MOST_AT_ONCE = 100
CONNACK, PUBACK_BYTES = 4, 4
TOPIC = "cb/v1/460106/sw/waterlogging/B-{:05d}/data"
PAYLOAD_BYTES = 200


@dataclass(slots=True)
class Wire:
    """One publisher: its packets, how far it is, what it has been told."""

    sock: socket.socket
    packets: list[bytes]
    sent: int = 0
    answered_bytes: int = 0
    sent_at: deque[float] = field(default_factory=deque)

    @property
    def answered(self) -> int:
        """Messages acknowledged so far."""
        return self.answered_bytes // PUBACK_BYTES


def packet(topic: str, payload: bytes, number: int, qos: int = 1) -> bytes:
    """A PUBLISH of MQTT 3.1.1."""
    name = topic.encode()
    body = len(name).to_bytes(2, "big") + name
    body += number.to_bytes(2, "big") if qos else b""
    return bytes([0x30 | qos << 1]) + length(len(body) + len(payload)) + body + payload


def length(size: int) -> bytes:
    """A variable byte integer of one or two bytes."""
    return bytes([size]) if size < 128 else bytes([size & 127 | 128, size >> 7])


def reading(seq: int, at_ms: int, place: int, depth: int | None = None) -> bytes:
    """A reading of the native contract, 200 bytes long; without a depth it goes up and down."""
    depth = seq % 30 if depth is None else depth
    stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at_ms // 1000))
    lon, lat = 110.20 + place % 100 * 0.003, 19.95 + place // 100 % 100 * 0.001
    text = (
        f'{{"ts":"{stamp}.{at_ms % 1000:03d}Z","seq":{seq},"values":{{"depth_cm":{depth}.5,'
        f'"battery_v":3.61,"signal_dbm":-71,"water_temp_c":24.3}},'
        f'"pos":[{lon:.6f},{lat:.6f}],"datum":"wgs84","q":"good","status":"'
    )
    return (text.ljust(PAYLOAD_BYTES - 2, "x") + '"}').encode()


def connect(port: int, name: str) -> socket.socket:
    """A socket whose CONNECT was accepted."""
    sock = socket.create_connection(("127.0.0.1", port), timeout=2.0)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    said = b"\0\4MQTT\4\2\0\0" + len(name).to_bytes(2, "big") + name.encode()
    sock.sendall(b"\x10" + length(len(said)) + said)
    answer = sock.recv(CONNACK)
    if answer[:1] != b"\x20" or answer[3:] != b"\0":
        raise ConnectionError(f"refused: {answer.hex()}")
    sock.setblocking(False)
    return sock


def wires(port: int, publishers: int, each: int, qos: int, hot: int = 0) -> list[Wire]:
    """Connected publishers with `each` packets of their own things."""
    now_ms = int(time.time() * 1000)
    return [
        Wire(connect(port, f"bench-{place}"), packets_of(place, each, now_ms, qos, hot))
        for place in range(publishers)
    ]


def packets_of(place: int, count: int, now_ms: int, qos: int, hot: int = 0) -> list[bytes]:
    """Packets of one publisher, twenty things in turn."""
    return [
        packet(
            TOPIC.format(place * 20 + seq % 20),
            reading(seq, now_ms - count + seq, place * 20 + seq % 20, depth_of(place, seq, hot)),
            seq % 65535 + 1,
            qos,
        )
        for seq in range(count)
    ]


def depth_of(place: int, seq: int, hot: int) -> int | None:
    """A calm city: one thing of so many stands under water, the others are nearly dry."""
    if not hot:
        return None
    return 20 + seq % 2 if (place * 20 + seq % 20) % hot == 0 else seq % 3


def flood(port: int, publishers: int, messages: int, hot: int = 0) -> dict[str, float]:
    """As fast as acknowledgements come back; the rate is what was acknowledged."""
    lines = wires(port, publishers, messages // publishers, 1, hot)
    poller, by_fd = select.epoll(), {line.sock.fileno(): line for line in lines}
    for fd in by_fd:
        poller.register(fd, select.EPOLLIN)
    began = time.perf_counter()
    for line in lines:
        push(line)
    while any(line.answered < len(line.packets) for line in lines):
        for fd, _events in poller.poll(1):
            line = by_fd[fd]
            line.answered_bytes += len(line.sock.recv(1 << 16))
            push(line)
    took = time.perf_counter() - began
    count = sum(len(line.packets) for line in lines)
    return {"messages": count, "began": began, "seconds": took, "rate": count / took}


def pour(port: int, publishers: int, messages: int) -> dict[str, float]:
    """QoS 0: as fast as the other side reads; nobody answers."""
    lines = wires(port, publishers, messages // publishers, 0)
    began = time.perf_counter()
    for at in range(0, messages // publishers, MOST_AT_ONCE):
        for line in lines:
            line.sock.setblocking(True)
            line.sock.sendall(b"".join(line.packets[at : at + MOST_AT_ONCE]))
    took = time.perf_counter() - began
    for line in lines:
        line.sock.sendall(b"\xe0\0")
        line.sock.close()
    count = sum(len(line.packets) for line in lines)
    return {"messages": count, "began": began, "seconds": took, "rate": count / took}


def push(line: Wire) -> None:
    """Sends what the window allows."""
    room = min(WINDOW - (line.sent - line.answered), len(line.packets) - line.sent)
    while room >= MOST_AT_ONCE or 0 < room == len(line.packets) - line.sent:
        count = min(room, MOST_AT_ONCE)
        line.sock.setblocking(True)
        line.sock.sendall(b"".join(line.packets[line.sent : line.sent + count]))
        line.sock.setblocking(False)
        line.sent += count
        room -= count


def pace(port: int, publishers: int, rate: float, seconds: float, hot: int = 0) -> dict[str, float]:
    """Every publisher sends `rate` messages a second, spread evenly; how late each is stored."""
    each = int(rate * seconds)
    lines = wires(port, publishers, each, 1, hot)
    poller, by_fd = select.epoll(), {line.sock.fileno(): line for line in lines}
    for fd in by_fd:
        poller.register(fd, select.EPOLLIN)
    delays: list[float] = []
    began, due = time.perf_counter(), 0
    step = 1 / (rate * publishers)
    while len(delays) < each * publishers and time.perf_counter() < began + seconds + 10:
        now = time.perf_counter()
        due = min(each * publishers, int((now - began) / step))
        send_due(lines, due)
        collect(poller, by_fd, delays)
    return summary(delays, each * publishers, time.perf_counter() - began)


_sent = 0


def send_due(lines: list[Wire], due: int) -> None:
    """One packet for each message whose time has come, publisher after publisher."""
    global _sent
    while _sent < due:
        line = lines[_sent % len(lines)]
        line.sock.send(line.packets[line.sent])
        line.sent += 1
        line.sent_at.append(time.perf_counter())
        _sent += 1


def collect(poller: select.epoll, by_fd: dict[int, Wire], delays: list[float]) -> None:
    """Reads answers and notes how long each took."""
    for fd, _events in poller.poll(0.001, 2000):
        line = by_fd[fd]
        line.answered_bytes += len(line.sock.recv(4096))
        now = time.perf_counter()
        while len(line.sent_at) > line.sent - line.answered:
            delays.append(now - line.sent_at.popleft())


def summary(delays: list[float], wanted: int, took: float) -> dict[str, float]:
    """The figures of a paced run."""
    delays.sort()
    at = [delays[min(len(delays) - 1, int(len(delays) * share))] for share in (0.5, 0.95, 0.99)]
    return {
        "messages": len(delays),
        "lost": wanted - len(delays),
        "seconds": took,
        "rate": len(delays) / took,
        "p50_ms": at[0] * 1000,
        "p95_ms": at[1] * 1000,
        "p99_ms": at[2] * 1000,
    }


def main() -> None:
    """Runs one load and prints its figures as JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("load", choices=["flood", "pour", "pace"])
    parser.add_argument("port", type=int)
    parser.add_argument("--publishers", type=int, default=50)
    parser.add_argument("--messages", type=int, default=500_000)
    parser.add_argument("--rate", type=float, default=60)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--hot", type=int, default=0, help="one thing of so many is in alarm")
    said = parser.parse_args()
    gc.disable()  # a pause of the publishers would be measured as one of ours
    if said.load == "flood":
        figures = flood(said.port, said.publishers, said.messages, said.hot)
    elif said.load == "pour":
        figures = pour(said.port, said.publishers, said.messages)
    else:
        figures = pace(said.port, said.publishers, said.rate, said.seconds, said.hot)
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main()
