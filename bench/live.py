"""The live socket: what a hundred browsers cost, and how old a frame is when it arrives."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.load import connect, packet
from bench.onlookers import BASE_LON_E7
from bench.rows import Row
from bench.servers import ROOT, Ingest, RedisServer, Server, free_port
from store.store import open_store
from tests.seats import token

PROFILE = ROOT / "deploy" / "cities" / "haikou.toml"
BROWSERS, VEHICLES, SECONDS, SETTLE_S = 100, 3_000, 20, 4
RATE, PARTS = 2_000, 200  # messages and portions a second
TOPIC = "cb/v1/460106/jt/bus/V-{:05d}/data"


class Web(Server):
    """`app.py web` on a free port, with a tick of our choice."""

    def __init__(self, directory: Path, redis_url: str, tick_ms: int) -> None:
        self.port = free_port()
        self.store = redis_url
        directory.mkdir(parents=True, exist_ok=True)
        environment = {
            "CITY_REDIS_URL": redis_url,
            "CITY_PORT": str(self.port),
            "CITY_PROFILE": str(profile(directory, tick_ms)),
            "CITY_DATA_DIR": str(directory),
        }
        super().__init__((sys.executable, "app.py", "web"), directory, environment)

    def await_up(self) -> None:
        """Until it says `ready`."""
        assert self.process is not None
        assert self.process.stdout is not None
        if not self.process.stdout.readline().startswith(b"ready"):
            raise RuntimeError(f"the web does not come up, see {self.directory / 'log'}")


def profile(directory: Path, tick_ms: int) -> Path:
    """The city's profile with another tick; its files stay where they are."""
    text = PROFILE.read_text().replace("tick_ms = 250", f"tick_ms = {tick_ms}")
    text = text.replace('"haikou', f'"{PROFILE.parent}/haikou')
    path = directory / "profile.toml"
    path.write_text(text)
    return path


@dataclass
class Drivers:
    """Vehicles that publish without a pause; the longitude of each message is its number."""

    port: int
    rate: int
    vehicles: int

    def drive(self, over: threading.Event) -> None:
        """Until it is over; notes when each message left."""
        self.sent: dict[int, float] = {}
        socket = connect(self.port, "drivers")
        socket.setblocking(False)
        number, due, portion = 0, time.perf_counter(), self.rate // PARTS
        while not over.is_set():
            now = time.time()
            data = b"".join(self.message(number + k, now) for k in range(portion))
            self.sent.update((number + k, now) for k in range(portion))
            number += portion
            self.send(socket, data)
            due += 1 / PARTS
            time.sleep(max(0.0, due - time.perf_counter()))
        socket.close()

    def message(self, number: int, now: float) -> bytes:
        """One position."""
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now))
        lon = (BASE_LON_E7 + number) / 1e7
        text = (
            f'{{"ts":"{stamp}.{int(now * 1000) % 1000:03d}Z","seq":{number},'
            f'"pos":[{lon:.7f},20.02],"speed_mps":6.2,"heading_deg":{number % 360},'
            f'"values":{{"load_pct":40}}}}'
        )
        return packet(TOPIC.format(number % self.vehicles), text.encode(), number % 65535 + 1)

    def send(self, socket: Any, data: bytes) -> None:
        """All of it; what is answered meanwhile is read and thrown away."""
        while data:
            try:
                data = data[socket.send(data) :]
            except BlockingIOError:
                time.sleep(0.0005)
            try:
                socket.recv(65536)
            except BlockingIOError:
                continue


@contextmanager
def river(tick_ms: int, rate: int) -> Iterator[tuple[Web, Drivers]]:
    """Store, ingest, web and vehicles on the road."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        store = RedisServer(directory / "redis")
        store.start()
        ingest = Ingest(directory / "ingest", store.url)
        web = Web(directory / "web", store.url, tick_ms)
        ingest.start()
        web.start()
        drivers, over = Drivers(ingest.port, rate, VEHICLES), threading.Event()
        driving = threading.Thread(target=drivers.drive, args=(over,), daemon=True)
        driving.start()
        try:
            time.sleep(SETTLE_S)
            yield web, drivers
        finally:
            over.set()
            driving.join()
            for server in (web, ingest):
                server.stop()
            store.kill()


def onlookers(web: Web, browsers: int) -> dict[str, Any]:
    """What that many browsers saw."""
    command = [sys.executable, "-m", "bench.onlookers", str(web.port), "--browsers", str(browsers),
               "--seconds", str(SECONDS)]  # fmt: skip
    seat = {**os.environ, "ONLOOKER_TOKEN": token(open_store(web.store), "chief")}
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, env=seat)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def measure() -> Iterator[Row]:
    yield crowd()
    for tick_ms, goal in ((250, (300, 700)), (50, (100, None))):
        yield freshness(tick_ms, goal)


def crowd() -> Row:
    """A hundred browsers on one layer in which everything moves once a second."""
    with river(250, VEHICLES) as (web, _):
        alone_s = spent(web, 5)
        before, at = web.cpu_s(), time.monotonic()
        seen = onlookers(web, BROWSERS)
        passed = time.monotonic() - at
        share = (web.cpu_s() - before) / passed
    rate = seen["frames"] / BROWSERS / SECONDS
    note = (
        f"{rate:.1f} frames/s each, {seen['bytes'] / SECONDS / 1e6:.1f} MB/s in all; "
        f"{alone_s:.0%} without a browser; "
        f"frames p50 {statistics.median(seen['late_ms']):.0f} ms old"
    )
    what = f"{BROWSERS} browsers on one layer of {VEHICLES:,} things moving at 1 Hz: web CPU"
    return Row(what, "≤ 30 % of a core", f"{share:.0%}", share <= 0.30, note)


def spent(web: Web, seconds: float) -> float:
    """Share of a core that the web process uses now."""
    before = web.cpu_s()
    time.sleep(seconds)
    return (web.cpu_s() - before) / seconds


def freshness(tick_ms: int, goal: tuple[int, int | None]) -> Row:
    """From the publisher's send to the frame in the hands of a browser."""
    with river(tick_ms, RATE) as (web, drivers):
        seen = onlookers(web, 1)["seen"]
    ages = sorted(
        (at - drivers.sent[number]) * 1000 for number, at in seen if number in drivers.sent
    )
    p50, p99 = quantile(ages, 0.5), quantile(ages, 0.99)
    most_p50, most_p99 = goal
    wanted = f"p50 ≤ {most_p50} ms" + (f", p99 ≤ {most_p99} ms" if most_p99 else "")
    holds = p50 <= most_p50 and (most_p99 is None or p99 <= most_p99)
    what = f"Publish → frame at the socket, {RATE:,} msg/s, tick {tick_ms} ms"
    return Row(
        what, wanted, f"p50 {p50:.0f} ms, p99 {p99:.0f} ms", holds, f"{len(ages):,} readings"
    )


def quantile(ordered: Sequence[float], share: float) -> float:
    """Of values in order."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
