"""Browsers for benchmarks: sockets that look at a layer and count what they get.

Run as a process of its own:

    ONLOOKER_TOKEN=cb_… python -m bench.onlookers PORT --browsers 100 --layer bus --seconds 20
"""

import argparse
import asyncio
import json
import os
import struct
import sys
import time
from dataclasses import dataclass, field

import numpy as np
from websockets.asyncio.client import connect

HEADER = struct.Struct("<BBHIdII")
DELTA = 2
BASE_LON_E7 = 1_102_000_000  # the watch's positions count from here; see bench/live.py


@dataclass(slots=True)
class Count:
    """What all browsers got."""

    frames: int = 0
    bytes: int = 0
    sections: int = 0
    rows: int = 0
    late_ms: list[float] = field(default_factory=list)  # from the hub's clock to us
    seen: dict[int, float] = field(default_factory=dict)  # number told by a position → when


async def look(port: int, layer: str, count: Count, until: float, is_first: bool) -> None:
    """One browser; only the first looks into its frames."""
    address = f"ws://127.0.0.1:{port}/live"
    seat = {"Authorization": f"Bearer {os.environ['ONLOOKER_TOKEN']}"}
    async with connect(address, compression=None, max_size=None, additional_headers=seat) as socket:
        await socket.send(json.dumps({"look": {"layers": [layer], "bbox": None}}))
        while time.time() < until:
            try:
                message = await asyncio.wait_for(socket.recv(), max(0.01, until - time.time()))
            except TimeoutError:
                return
            if isinstance(message, bytes):
                count.frames += 1
                count.bytes += len(message)
                if is_first:
                    read(message, count)


def read(message: bytes, count: Count) -> None:
    """Counts rows and delay; keeps the numbers that positions carry."""
    kind, _, _, rows, time_ms, _, _ = HEADER.unpack_from(message)
    now = time.time()
    count.sections += 1
    count.rows += rows
    count.late_ms.append(now * 1000 - time_ms)
    if kind == DELTA:
        lon = np.frombuffer(message, "<i4", rows, HEADER.size + 4 * rows)
        for number in (lon - BASE_LON_E7).tolist():
            count.seen.setdefault(number, now)


async def watch(port: int, browsers: int, layer: str, seconds: float) -> Count:
    """All of them, for a while."""
    count = Count()
    until = time.time() + seconds
    async with asyncio.TaskGroup() as group:
        for number in range(browsers):
            group.create_task(look(port, layer, count, until, number == 0))
    return count


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.onlookers", description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("--browsers", type=int, default=1)
    parser.add_argument("--layer", default="bus")
    parser.add_argument("--seconds", type=float, default=20)
    asked = parser.parse_args(arguments)
    count = asyncio.run(watch(asked.port, asked.browsers, asked.layer, asked.seconds))
    found = {
        "frames": count.frames,
        "bytes": count.bytes,
        "rows": count.rows,
        "late_ms": count.late_ms,
        "seen": list(count.seen.items()),
    }
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1:])
