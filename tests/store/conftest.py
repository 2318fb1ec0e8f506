"""Nodes of a Redis Cluster."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.servers import RedisServer
from tests.store.nodes import cluster_node


@pytest.fixture
def nodes(tmp_path: Path) -> Iterator[list[RedisServer]]:
    """Two nodes that do not know one another yet; ended whatever becomes of the test."""
    nodes = [cluster_node(tmp_path), cluster_node(tmp_path)]
    try:
        for node in nodes:
            node.start()
        yield nodes
    finally:
        for node in nodes:
            if node.process is not None:
                node.kill()
