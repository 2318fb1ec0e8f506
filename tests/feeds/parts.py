"""Plain neighbours of the core for tests of its doors: any JSON is a fact, nothing is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import hiredis
import msgspec
import numpy as np

from city.health import DeadLetter, Tally
from city.records import RECORD, Batch
from store import keys
from store.log import relay_command
from store.posted import Posted

KEY, APPLIED = "log:{s0}", "applied:{s0}:test"
FEED = "plain"


@dataclass
class PlainDecoded:
    batch: Batch
    tallies: dict[str, Tally]
    dead: list[DeadLetter]

    def keep(self, mask: np.ndarray) -> "PlainDecoded":
        assert mask.all()
        return self


class PlainDecoder:
    def decode_batch(
        self, topics: Sequence[bytes], payloads: Sequence[bytes], received_ms: int
    ) -> PlainDecoded:
        good = [place for place, payload in enumerate(payloads) if is_json(payload)]
        records = np.zeros(len(good), RECORD)
        records["received_ms"] = received_ms
        things = [topics[place].decode(errors="replace") for place in good]
        batch = Batch(things, records, [payloads[place] for place in good])
        return PlainDecoded(batch, {FEED: Tally(accepted=len(good))}, [])


def is_json(payload: bytes) -> bool:
    try:
        msgspec.json.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
    return True


class NoMemory:
    def filter(self, batch: Batch) -> np.ndarray:
        return np.ones(len(batch), bool)


class PlainWriter:
    """One stream entry a batch, with its number."""

    def transaction(
        self, number: int, batch: Batch, tallies: Mapping[str, Tally], dead: Sequence[DeadLetter],
        relayed: Sequence[Posted] = (),
    ) -> tuple[bytes, int]:  # fmt: skip
        commands = [
            ("MULTI",),
            ("XADD", KEY, "*", "n", str(number), "payloads", b"\n".join(batch.payloads)),
            *(relay_command(keys.relay(0), posted) for posted in relayed),
            ("SET", APPLIED, str(number)),
            ("EXEC",),
        ]
        return b"".join(map(hiredis.pack_command, commands)), len(commands)


def new_decoder() -> PlainDecoder:
    return PlainDecoder()


def new_memory() -> NoMemory:
    return NoMemory()


def new_writer() -> PlainWriter:
    return PlainWriter()
