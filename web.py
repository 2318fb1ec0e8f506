"""The door of the pages: one server for pages, API, metrics and the live socket."""

import asyncio
import json
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import Depends, FastAPI, HTTPException
from fastapi.responses import FileResponse
from uvicorn.supervisors import Multiprocess

import logs
from api import problems
from api.compression import Compressed
from api.context import Context
from api.doors import Doors
from api.entrance import build_entrance
from api.field_page import build_field_page
from api.finding import build_api
from api.forms import Forms
from api.headers import Headers, content_policy
from api.opening import ADMIN, prepare
from api.seating import Clock, Seating, needs, this_moment
from callbacks.desk import Desk
from callbacks.pages import mount_pages
from callbacks.spots import spots_of
from city.accounts import SeatRules
from city.feeds import FeedCard
from city.profile import BadProfile, Profile, parse_profile
from city.roles import Right
from feeds.catalog import all_feeds
from geo.areas import AreaIndex
from geo.ground import Ground
from geo.outline import drawing_of, extents_of
from geo.points import Point
from geo.roads import RoadGraph, no_roads
from live.hub import Hub
from live.observer import Observer
from live.socket import build_socket
from settings import Settings, load_or_exit
from store.evidence import EvidenceStore
from store.store import Store, StoreUnreachable, open_store
from surveyor import roads_of

log = logging.getLogger("web")

ROOT = Path(__file__).parent
BASE_LAYERS = ("land", "water", "districts", "roads", "places")
DRAWN = ("land", "roads")  # on the page before the map
LOOPBACK = {"127.0.0.1", "::1", "localhost"}
LARGEST_WORD = 65_536  # bytes a browser may say at once
BACKLOG = 2048
MISCONFIGURED = 2

Event = Callable[[], None]


def idle() -> None:
    """Nothing to do then."""


def nowhere() -> Ground:
    """The ground of a city without a map."""
    return Ground(AreaIndex([], []), (-180, -90, 180, 90))


@dataclass(frozen=True, slots=True)
class House:
    """What the server is built from, in plain values."""

    store: Store
    profile: Profile
    cards: Mapping[str, FeedCard]
    base_layers: Mapping[str, Path]
    area_bounds: Mapping[str, Sequence[float]]
    tick_s: float
    evidence: EvidenceStore
    drawing: str = ""  # of the city, beside the login
    rules: SeatRules = field(default_factory=SeatRules)
    clock: Clock = this_moment
    ground: Ground = field(default_factory=nowhere)
    roads: RoadGraph = field(default_factory=no_roads)


def create_app(house: House, on_start: Event = idle, on_end: Event = idle) -> FastAPI:
    """The whole server; `on_end` is called when the hub cannot go on."""
    observer = Observer(house.store, house.profile.kinds, house.cards)
    hub = Hub(observer, house.tick_s, on_end)
    app = FastAPI(title="citybrain", docs_url=None, redoc_url=None, openapi_url=None,
                  lifespan=living(hub, house, on_start))  # fmt: skip
    seating = app.state.seating = Seating(house.store, house.rules, house.clock)
    forms = Forms(seating, house.profile, house.drawing)
    problems.connect(app, forms.refused)
    house.store.city = house.profile.for_cases
    house.store.roads.use(house.roads)
    house.store.ground = house.ground
    context = Context(house.store, house.profile, house.cards, seating, lambda: len(hub.browsers),
                      house.ground, house.evidence)  # fmt: skip
    app.include_router(build_api(context))
    app.include_router(build_socket(hub, lambda connection: seating.look(connection).seat))
    app.include_router(build_entrance(forms))
    app.include_router(build_field_page(forms, ROOT / "assets"))
    add_base_map(app, house.base_layers)
    desk = Desk(house.store, house.profile, house.cards, house.area_bounds,
                actor_of=seating.actor_of, rules=house.rules, ground=house.ground,
                spots=spots_of(house.base_layers.get("places")))  # fmt: skip
    mount_pages(app, desk, ROOT, house.rules.is_demo, content_policy)
    app.add_middleware(Doors, seating=seating)
    app.add_middleware(Headers, is_https=house.rules.is_https)
    app.add_middleware(Compressed)
    return app


def living(hub: Hub, house: House, on_start: Event) -> Callable[[FastAPI], Any]:
    """The hub lives as long as the server."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        hub.start()
        await asyncio.to_thread(open_seats, house)
        on_start()
        threading.Thread(target=warm, args=(house,), daemon=True).start()
        yield
        await hub.stop()

    return lifespan


def warm(house: House) -> None:
    """Reads the list of cases and prepares the roads before somebody asks for them."""
    with suppress(StoreUnreachable):
        house.store.cases.table.refresh()
        router = house.store.roads.router(round(house.clock().timestamp() * 1000))
        centre = Point(*house.profile.centre)
        router.route(centre, centre)
        router.isochrones(centre, [1])


def open_seats(house: House) -> None:
    """Somebody must be able to log in; the first password is printed once, and only here."""
    try:
        password = prepare(house.store, house.profile, house.rules, house.clock())
    except StoreUnreachable as trouble:
        log.warning("seats are not prepared, the store is away: %s", trouble)
        return
    if password:
        said = f"first login: account {ADMIN}, one-time password {password}"
        sys.stdout.write(f"{said}\n")
        sys.stdout.flush()


def add_base_map(app: FastAPI, layers: Mapping[str, Path]) -> None:
    """What the map draws below the things."""

    seen = [Depends(needs(Right.VIEW_MAP))]

    @app.get("/city/{name}.geojson", include_in_schema=False, dependencies=seen)
    def base_layer(name: str) -> FileResponse:
        path = layers.get(name)
        if path is None or not path.is_file():
            raise HTTPException(404)
        return FileResponse(path, media_type="application/geo+json")


def house_of(settings: Settings) -> House:
    """Reads what the settings name."""
    profile = parse_profile(settings.profile.read_text())
    folder = settings.profile.parent
    base = {name: folder / profile.basemap / f"{name}.geojson" for name in BASE_LAYERS}
    drawn = [one for name in DRAWN for one in features_of(base[name])]
    return House(
        store=open_store(settings.redis_url, profile.kinds),
        profile=profile,
        cards=catalogue(),
        base_layers=base,
        area_bounds=extents_of(features_of(base["districts"])),
        evidence=EvidenceStore(settings.data_dir / "evidence", settings.evidence_mb),
        drawing=drawing_of(drawn, profile.bounds),
        rules=settings.seat_rules,
        tick_s=profile.tick_ms / 1000,
        ground=ground_of(folder / profile.districts, profile),
        roads=roads_of(settings, profile),
    )


def ground_of(districts: Path, profile: Profile) -> Ground:
    """Where the areas of the city lie."""
    features = features_of(districts)
    return Ground(AreaIndex.from_features({"features": features}), profile.bounds)


def catalogue() -> dict[str, FeedCard]:
    """The feeds in plain values: the view wing does not know how they decode."""
    return {
        feed.name: FeedCard(feed.name, feed.zh, feed.en, feed.department, feed.period_s,
                            feed.topic_filter, feed.standard, feed.kind.name if feed.kind else "")
        for feed in all_feeds()
    }  # fmt: skip


def features_of(layer: Path) -> list[Any]:
    """The features of a layer of the base map; none where the city has no such file."""
    return list(json.loads(layer.read_text())["features"]) if layer.is_file() else []


def app_from_environment() -> FastAPI:
    """For each of several workers."""
    settings = load_or_exit()
    logs.configure(settings.log_level, settings.log_format)
    return create_app(house_of(settings), lambda: announce(settings), end_process)


def announce(settings: Settings) -> None:
    """One line for the supervisor; the socket listens already."""
    sys.stdout.write(f"ready http://{settings.host}:{settings.port}\n")
    sys.stdout.flush()


def end_process() -> None:
    """Ends this process in order; its parent starts it again."""
    os.kill(os.getpid(), signal.SIGTERM)


def serve(settings: Settings) -> int:
    """Serves until it is asked to end."""
    if settings.host not in LOOPBACK and not settings.https:
        log.warning("passwords travel in clear: CITY_HTTPS is off, host=%s", settings.host)
    try:
        parse_profile(settings.profile.read_text())
        listener = listen(settings.host, settings.port)
    except (OSError, BadProfile) as trouble:
        name = "CITY_PORT" if isinstance(trouble, OSError) else "CITY_PROFILE"
        sys.stderr.write(f"{name} cannot be used: {trouble}.\n")
        return MISCONFIGURED
    config = new_config(settings)
    if settings.web_workers > 1:
        Multiprocess(config, sockets=[listener]).run()
    else:
        uvicorn.Server(config).run(sockets=[listener])
    return 0


def listen(host: str, port: int) -> socket.socket:
    """The listening socket, shared by all workers."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With its protocol named, asyncio sends small answers at once (TCP_NODELAY).
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen(BACKLOG)
    listener.set_inheritable(True)
    return listener


def new_config(settings: Settings) -> uvicorn.Config:
    """The server's own knobs; compressing frames costs more than it saves."""
    return uvicorn.Config(
        "web:app_from_environment",
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=settings.web_workers,
        log_config=None,
        access_log=False,
        server_header=False,
        ws_per_message_deflate=False,
        ws_max_size=LARGEST_WORD,
        timeout_graceful_shutdown=2,
        proxy_headers=bool(settings.proxies),
        forwarded_allow_ips=settings.proxies or None,
    )
