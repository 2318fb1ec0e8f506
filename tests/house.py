"""The web server as the door builds it, over a store of the test's own."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from tempfile import mkdtemp

from fastapi import FastAPI

from api.seating import Clock, this_moment
from city.accounts import SeatRules
from geo.ground import Ground
from geo.outline import extents_of
from geo.roads import RoadGraph
from store.evidence import EvidenceStore
from store.store import Store
from surveyor import generated
from tests.publisher import HAIKOU, haikou
from web import House, catalogue, create_app, features_of, ground_of

TICK_S = 0.05


def files() -> EvidenceStore:
    """Photos of a test's own."""
    return EvidenceStore(Path(mkdtemp(prefix="evidence-")), most_megabytes=12)


@lru_cache(1)
def site() -> tuple[Ground, dict[str, Sequence[float]]]:
    """Where the city stands; read once for all tests."""
    profile = haikou()
    folder = HAIKOU.parent / profile.basemap
    ground = ground_of(HAIKOU.parent / profile.districts, profile)
    return ground, extents_of(features_of(folder / "districts.geojson"))


@lru_cache(1)
def roads() -> RoadGraph:
    """The roads of the city; read once for all tests."""
    return generated(HAIKOU.parent / haikou().network)


def new_house(store: Store, clock: Clock = this_moment) -> House:
    profile = haikou()
    folder = HAIKOU.parent / profile.basemap
    base = {path.stem: path for path in folder.glob("*.geojson")}
    ground, bounds = site()
    return House(
        store=store,
        profile=profile,
        cards=catalogue(),
        base_layers=base,
        area_bounds=bounds,
        tick_s=TICK_S,
        evidence=files(),
        ground=ground,
        roads=roads(),
        rules=replace(SeatRules(), is_demo=True, logins_a_minute=10_000, requests_a_minute=10_000),
        clock=clock,
    )


def new_app(store: Store) -> FastAPI:
    return create_app(new_house(store))
