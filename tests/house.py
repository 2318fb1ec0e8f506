"""The web server as the door builds it, over a store of the test's own."""

from dataclasses import replace
from pathlib import Path
from tempfile import mkdtemp

from fastapi import FastAPI

from api.seating import Clock, this_moment
from city.accounts import SeatRules
from store.evidence import EvidenceStore
from store.store import Store
from tests.publisher import HAIKOU, haikou
from web import House, bounds_of, catalogue, create_app, ground_of

TICK_S = 0.05


def files() -> EvidenceStore:
    """Photos of a test's own."""
    return EvidenceStore(Path(mkdtemp(prefix="evidence-")), most_megabytes=12)


def new_house(store: Store, clock: Clock = this_moment) -> House:
    profile = haikou()
    folder = HAIKOU.parent / profile.basemap
    base = {path.stem: path for path in folder.glob("*.geojson")}
    return House(
        store=store,
        profile=profile,
        cards=catalogue(),
        base_layers=base,
        area_bounds=bounds_of(folder / "districts.geojson"),
        tick_s=TICK_S,
        evidence=files(),
        ground=ground_of(HAIKOU.parent / profile.districts, profile),
        rules=replace(SeatRules(), is_demo=True, logins_a_minute=10_000, requests_a_minute=10_000),
        clock=clock,
    )


def new_app(store: Store) -> FastAPI:
    return create_app(new_house(store))
