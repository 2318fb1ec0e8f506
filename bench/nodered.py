"""Node-RED beside us: MQTT → Redis as its users wire it, through the same kind of broker and Redis.

Its flow keeps what we keep, the newest and the history of each thing; it neither locates nor counts
nor recognises what comes twice. It acknowledges to the broker when a message comes in, not when
Redis has it.
"""

import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import redis

from bench.broker import through_broker
from bench.river import load
from bench.rows import Row
from bench.servers import Mosquitto, RedisServer, Server, free_port

PACKAGES = ("node-red@4", "node-red-contrib-redis@1")
FUNCTION = """const said = msg.payload;
if (!said || typeof said.ts !== "string" || !said.values) return [null, null];
const thing = msg.topic.split("/").slice(3, 6).join("/");
return [{topic: "newest:" + thing, payload: said}, {topic: "history:" + thing, payload: said}];"""
MESSAGES, PUBLISHERS, GOAL = 60_000, 50, 5
STILL_AFTER_S = 5.0
WHAT = f"the same beside Node-RED, {MESSAGES:,} messages, QoS 1, through Mosquitto"


def measure() -> Iterator[Row]:
    """Both in one run; a machine without npm says so."""
    npm = shutil.which("npm")
    if npm is None:
        yield Row(WHAT, f"≥ {GOAL} ×", "not measured", None, "there is no npm on this machine")
        return
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        subprocess.run([npm, "install", "--no-audit", "--no-fund", *PACKAGES], cwd=directory,
                       check=True, capture_output=True)  # fmt: skip
        theirs = through_node_red(directory)
    rate, cpu_us, _lost = through_broker("flood")
    yield Row(
        WHAT, f"≥ {GOAL} ×", f"{rate / theirs.rate:.1f} ×", rate >= GOAL * theirs.rate,
        f"{rate:,.0f} against {theirs.rate:,.0f} msg/s, {cpu_us:.1f} against {theirs.cpu_us:.0f} "
        f"µs each; it lost {MESSAGES - theirs.stored}",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Peer:
    """What it managed."""

    rate: float
    cpu_us: float
    stored: int


class NodeRed(Server):
    """Node-RED with one flow, installed in its directory."""

    def __init__(self, directory: Path, broker: Mosquitto, store: RedisServer) -> None:
        (directory / "flows.json").write_text(json.dumps(flow(broker.port, store.path)))
        command = ("node", str(directory / "node_modules/node-red/red.js"), "--userDir",
                   str(directory), "--port", str(free_port()), "flows.json")  # fmt: skip
        super().__init__(command, directory)

    def await_up(self) -> None:
        """Until it has subscribed."""
        assert self.process is not None
        assert self.process.stdout is not None
        if not any(b"Connected to broker" in line for line in self.process.stdout):
            raise RuntimeError(f"Node-RED does not come up, see {self.directory / 'log'}")


def flow(port: int, path: Path) -> list[dict[str, object]]:
    """MQTT in with its JSON parsed, a function that checks and names, two ways out to Redis."""
    return [
        {"id": "tab", "type": "tab", "label": "bench"},
        {"id": "broker", "type": "mqtt-broker", "broker": "127.0.0.1", "port": str(port),
         "clientid": "node-red", "autoConnect": True, "protocolVersion": "5", "keepalive": "60",
         "cleansession": True},
        {"id": "in", "type": "mqtt in", "z": "tab", "topic": "cb/v1/#", "qos": "1",
         "datatype": "json", "broker": "broker", "inputs": 0, "wires": [["name"]]},
        {"id": "name", "type": "function", "z": "tab", "func": FUNCTION, "outputs": 2,
         "wires": [["newest"], ["history"]]},
        {"id": "redis", "type": "redis-config", "name": "bench", "cluster": False,
         "options": json.dumps({"path": str(path)}), "optionsType": "json"},
        *(
            {"id": name, "type": "redis-out", "z": "tab", "server": "redis", "command": command,
             "topic": "", "obj": True, "wires": []}
            for name, command in (("newest", "set"), ("history", "rpush"))
        ),
    ]  # fmt: skip


def through_node_red(directory: Path) -> Peer:
    """From the first message sent to the last one in Redis."""
    with servers(directory) as (broker, store, peer):
        before = peer.cpu_s()
        figures = load("flood", str(broker.port), "--publishers", str(PUBLISHERS),
                       "--messages", str(MESSAGES))  # fmt: skip
        stored, moved_at = await_stored(redis.Redis.from_url(store.url))
        used = peer.cpu_s() - before
    return Peer(stored / (moved_at - figures["began"]), used / max(1, stored) * 1e6, stored)


@contextmanager
def servers(directory: Path) -> Iterator[tuple[Mosquitto, RedisServer, NodeRed]]:
    """A patient broker, a durable Redis, and Node-RED between them."""
    broker, store = Mosquitto(directory / "mosquitto"), RedisServer(directory / "redis")
    peer = NodeRed(directory, broker, store)
    for server in (broker, store, peer):
        server.start()
    try:
        yield broker, store, peer
    finally:
        for server in (peer, store, broker):
            server.stop()


def await_stored(client: redis.Redis) -> tuple[int, float]:
    """How many were stored once all are or the number stands still, and when it last moved."""
    stored, moved_at = 0, time.perf_counter()
    while stored < MESSAGES and time.perf_counter() - moved_at < STILL_AFTER_S:
        time.sleep(0.02)
        calls = client.info("commandstats").get("cmdstat_rpush", {"calls": 0})["calls"]
        if calls != stored:
            stored, moved_at = calls, time.perf_counter()
    return stored, moved_at
