"""A pretend Haikou that begins at a fixed moment."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from geo.network import Network, read_network
from simulator.script import City, Plot
from simulator.stories import STORIES

HAIKOU = Path(__file__).parents[2] / "deploy/cities/haikou"
MORNING = datetime(2026, 9, 6, 0, 30, tzinfo=UTC)  # half past eight in Haikou

MakeCity = Callable[..., City]


def read(name: str) -> Any:
    return json.loads((HAIKOU / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def roads() -> Network:
    return read_network(read("network.json"))


@pytest.fixture(scope="session")
def maps() -> dict[str, Any]:
    return {name: read(f"{name}.geojson") for name in ("areas", "places", "water")}


@pytest.fixture(scope="session")
def make_city(roads: Network, maps: dict[str, Any]) -> MakeCity:
    def make(
        *, scale: float = 1.0, seed: int = 1, story: str = "calm", rate: float | None = None
    ) -> City:
        return City(Plot("460100", scale, seed, STORIES[story], MORNING, rate), roads, maps)

    return make
