"""A server as a node of a Redis Cluster."""

import time
from pathlib import Path

import redis

from bench.servers import RedisServer, free_port

UP_WITHIN_S = 20.0


def cluster_port() -> int:
    """A free port; the nodes speak with one another 10,000 above it, which must be a port too."""
    return next(port for port in iter(free_port, 0) if port + 10_000 < 65_536)


def cluster_node(directory: Path, *options: str) -> RedisServer:
    """A server that is to be a node."""
    port = cluster_port()
    return RedisServer(
        directory / str(port), "--port", str(port), "--cluster-enabled", "yes",
        "--cluster-node-timeout", "1000", "--cluster-require-full-coverage", "no", *options,
    )  # fmt: skip


def own_all_slots(node: RedisServer) -> None:
    """Makes a cluster of one node; returns when it is up."""
    client = redis.Redis.from_url(node.url, decode_responses=True)
    client.execute_command("CLUSTER ADDSLOTSRANGE", 0, 16383)
    end = time.monotonic() + UP_WITHIN_S
    while client.execute_command("CLUSTER INFO")["cluster_state"] != "ok":
        assert time.monotonic() < end, "the cluster does not come up"
        time.sleep(0.02)  # between two looks
