"""Messages that mean harm, or were made by a broken device, with good ones between them."""

import json
import random
import socket
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bench.load import connect, length
from bench.river import await_count, river
from bench.rows import Row

MESSAGES = 100_000
GOOD_SHARE = 0.2
SEED = 20260906
WINDOW = 400
GOOD_TOPIC = "cb/v1/460106/sw/waterlogging/H-0001/data"
STAMP = "2026-09-06T07:10:00+08:00"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was sent, and what became of it."""

    good: int
    bad: int
    acknowledged: int


def measure() -> Iterator[Row]:
    """None may stop the worker, every one is counted, the good ones are stored."""
    with river() as city:
        assert city.ingest.process is not None
        outcome = attack(city.port, MESSAGES)
        found, _at = await_count(city.store, outcome.good + outcome.bad)
        alive = city.ingest.process.poll() is None
    yield Row(
        f"{MESSAGES:,} hostile messages, {GOOD_SHARE:.0%} good ones between them",
        "0 crashes, every one counted, the good ones stored",
        f"{found.accepted:,} stored of {outcome.good:,}, {found.rejected:,} dead letters of "
        f"{outcome.bad:,}, {outcome.acknowledged:,} acknowledged",
        alive and found.accepted == outcome.good and found.rejected == outcome.bad,
        "fuzzed JSON, topics, times, positions, depth, size, encodings; random bytes beside them",
    )  # fmt: skip


def attack(port: int, count: int, seed: int = SEED) -> Outcome:
    """Sends them through one publisher while others send what is not even MQTT."""
    chance = random.Random(seed)
    sock = connect(port, "hostile")
    sock.settimeout(60)
    good = acknowledged = 0
    for number in range(count):
        is_good = chance.random() < GOOD_SHARE
        topic, payload = good_message(good) if is_good else bad_message(chance)
        good += is_good
        sock.sendall(packet(topic, payload, number % 65535 + 1))
        if number % 500 == 0:
            throw_bytes(port, chance)
        if number - acknowledged >= WINDOW:
            acknowledged += len(sock.recv(4 * WINDOW)) // 4
    acknowledged += drain(sock, count - acknowledged)
    sock.close()
    return Outcome(good, count - good, acknowledged)


def packet(topic: bytes, payload: bytes, number: int) -> bytes:
    """A PUBLISH of QoS 1 with any bytes as its topic."""
    body = len(topic).to_bytes(2, "big") + topic + number.to_bytes(2, "big") + payload
    if len(body) >= 1 << 14:
        size = struct.pack(
            "BBB", len(body) & 127 | 128, len(body) >> 7 & 127 | 128, len(body) >> 14
        )
        return b"\x32" + size + body
    return b"\x32" + length(len(body)) + body


def drain(sock: socket.socket, wanted: int) -> int:
    """Reads the acknowledgements that are still to come."""
    read = 0
    while read < 4 * wanted and (data := sock.recv(1 << 16)):
        read += len(data)
    return read // 4


def throw_bytes(port: int, chance: random.Random) -> None:
    """A stranger on the port who does not speak MQTT, or stops speaking it."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as stranger:
        hello = b"\x10\x0d\0\4MQTT\4\2\0\0\0\1s" if chance.random() < 0.5 else b""
        stranger.sendall(hello + b"\xf0\0" + chance.randbytes(chance.randrange(1, 300)))


def good_message(seq: int) -> tuple[bytes, bytes]:
    """One of those that must arrive."""
    said = {"ts": STAMP, "seq": seq, "values": {"depth_cm": seq % 40}}
    return GOOD_TOPIC.encode(), json.dumps(said).encode()


def bad_message(chance: random.Random) -> tuple[bytes, bytes]:
    """One of those that must not."""
    spoil = chance.choice(SPOILERS)
    return spoil(chance)


def _payload(text: str | bytes) -> tuple[bytes, bytes]:
    return GOOD_TOPIC.encode(), text if isinstance(text, bytes) else text.encode()


def binary(chance: random.Random) -> tuple[bytes, bytes]:
    """Bytes that are no UTF-8."""
    return _payload(b"\xff" + chance.randbytes(chance.randrange(0, 200)))


def cut_json(chance: random.Random) -> tuple[bytes, bytes]:
    """A message without its end."""
    whole = good_message(1)[1]
    return _payload(whole[: chance.randrange(0, len(whole))])


def two_in_one(_chance: random.Random) -> tuple[bytes, bytes]:
    """A second message smuggled behind the first."""
    one = good_message(1)[1]
    return _payload(one + b"," + one)


def not_a_number(chance: random.Random) -> tuple[bytes, bytes]:
    """NaN and its relatives, which JSON does not know."""
    word = chance.choice(["NaN", "Infinity", "-Infinity", "1e999"])
    return _payload(f'{{"ts":"{STAMP}","seq":1,"values":{{"depth_cm":{word}}}}}')


def said_twice(_chance: random.Random) -> tuple[bytes, bytes]:
    """The same key twice."""
    return _payload(f'{{"ts":"{STAMP}","seq":1,"seq":2,"values":{{}}}}')


def deep(chance: random.Random) -> tuple[bytes, bytes]:
    """Brackets without end."""
    depth = chance.choice([100, 1_000, 30_000])
    return _payload(f'{{"ts":"{STAMP}","seq":1,"x":{"[" * depth}{"]" * depth}}}')


def large(_chance: random.Random) -> tuple[bytes, bytes]:
    """More than the 64 KiB of the contract."""
    return _payload(b'{"ts":"' + STAMP.encode() + b'","x":"' + b"x" * 66_000 + b'"}')


def wrong_shape(chance: random.Random) -> tuple[bytes, bytes]:
    """JSON, but not of the contract."""
    shapes = ["[]", "null", "7", '"x"', "{}", '{"ts":5,"seq":"x"}',
              f'{{"ts":"{STAMP}","seq":1.5}}', f'{{"ts":"{STAMP}","values":[1]}}',
              '{"ts":"yesterday","seq":1,"values":{}}',
              f'{{"ts":"{STAMP}","seq":1,"pos":[200,100]}}',
              f'{{"ts":"{STAMP}","seq":1,"pos":[1]}}',
              f'{{"ts":"{STAMP}","seq":1,"pos":[110.3,20],"datum":"mars"}}',
              f'{{"ts":"{STAMP}","seq":1,"values":{{"depth_cm":"deep"}}}}']  # fmt: skip
    return _payload(chance.choice(shapes))


def wrong_topic(chance: random.Random) -> tuple[bytes, bytes]:
    """Topics of nobody, of another version, with wildcards, NUL and broken UTF-8."""
    topics = [b"cb/v2/460106/sw/waterlogging/H-1/data", b"cb/v1/460106/sw/waterlogging/H-1/dance",
              b"cb/v1/46/sw/waterlogging/H-1/data", b"cb/v1/460106/sw/waterlogging/H 1/data",
              b"cb/v1/460106/sw/waterlogging/data", b"cb/v1/460106/sw/+/H-1/data", b"#", b"/",
              b"nobody/wants/this", b"\xff\xfe", b"cb/v1/\0/x",
              b"cb/v1/460106/sw/waterlogging/" + b"x" * 65 + b"/data"]  # fmt: skip
    return chance.choice(topics), good_message(1)[1]


SPOILERS: tuple[Callable[[random.Random], tuple[bytes, bytes]], ...] = (
    binary, cut_json, two_in_one, not_a_number, said_twice, deep, large, wrong_shape, wrong_topic,
)  # fmt: skip
