"""A server as a node of a Redis Cluster."""

from pathlib import Path

import redis
from redis.backoff import ConstantBackoff
from redis.exceptions import ClusterDownError
from redis.retry import Retry

from bench.servers import RedisServer, free_port

UP_WITHIN_S = 20.0


def cluster_node(directory: Path, *options: str) -> RedisServer:
    """A server that is to be a node."""
    port = free_port()
    return RedisServer(
        directory / str(port), "--port", str(port), "--cluster-enabled", "yes",
        "--cluster-node-timeout", "1000", "--cluster-require-full-coverage", "no", *options,
    )  # fmt: skip


def own_all_slots(node: RedisServer) -> None:
    """Makes a cluster of one node; returns when it is up."""
    patience = Retry(ConstantBackoff(0.02), round(UP_WITHIN_S / 0.02))
    client = redis.Redis.from_url(node.url, retry=patience, retry_on_error=[ClusterDownError])
    client.execute_command("CLUSTER ADDSLOTSRANGE", 0, 16383)
    client.delete("anything")  # refused, and asked again, until the cluster is up
