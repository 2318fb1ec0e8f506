"""A stage for the map alone: one page, one socket, frames written by hand."""

import asyncio
import json
import struct
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from dash import Dash, dcc, html
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

from layouts.map import LiveMap

ASSETS = Path(__file__).parents[2] / "assets"
CENTRE = (110.35, 20.02)
SNAPSHOT, DELTA, GONE = 1, 2, 3
UNCERTAIN, MOVES = 1, 2
LAYERS = (
    {
        "name": "waterlogging",
        "zh": "积水监测",
        "en": "Ponding",
        "shape": "dot",
        "moves": False,
        "period_s": 60,
        "unit": "cm",
        "quantity_zh": "积水深度",
        "quantity_en": "Depth",
    },
    {
        "name": "bus",
        "zh": "公交车辆",
        "en": "Buses",
        "shape": "arrow",
        "moves": True,
        "period_s": 10,
    },
)
WATERLOGGING, BUS = 0, 1


@dataclass(frozen=True)
class Row:
    """One thing in a frame."""

    index: int
    lon: float = CENTRE[0]
    lat: float = CENTRE[1]
    age_s: float | None = 1  # None: it has not measured yet
    heading: int = 0
    period: int = 60
    value: float = float("nan")
    level: int = 0
    state: int = 0
    flags: int = 0


def section(kind: int, layer: int, rows: Iterable[Row]) -> bytes:
    """One section of a frame, as docs/live.md tells it."""
    rows = list(rows)
    now = time.time()
    columns: list[tuple[str, list[Any]]] = [("I", [row.index for row in rows])]
    if kind != GONE:
        columns += [
            ("i", [round(row.lon * 1e7) for row in rows]),
            ("i", [round(row.lat * 1e7) for row in rows]),
            ("I", [0 if row.age_s is None else int(now - row.age_s) for row in rows]),
            ("H", [row.heading for row in rows]),
            ("H", [row.period for row in rows]),
            ("f", [row.value for row in rows]),
            ("B", [row.level for row in rows]),
            ("B", [row.state for row in rows]),
            ("B", [row.flags for row in rows]),
            ("B", [0 for _ in rows]),
        ]
    body = b"".join(padded(struct.pack(f"<{len(rows)}{code}", *values)) for code, values in columns)
    return struct.pack("<BBHIdII", kind, layer, 0, len(rows), now * 1000, 0, len(body)) + body


def padded(data: bytes) -> bytes:
    return data + b"\0" * (-len(data) % 4)


@dataclass
class Stage:
    """Serves the page; `play` sends a frame to every browser and keeps it for those who come."""

    epoch: str = "first"
    shown: dict[int, dict[int, Row]] = field(default_factory=lambda: {0: {}, 1: {}})
    looks: list[dict[str, Any]] = field(default_factory=list)
    port: int = 0

    def start(self) -> None:
        self.sockets: set[WebSocket] = set()
        app = build(self)
        config = uvicorn.Config(
            app, "127.0.0.1", self.port, log_level="error", lifespan="off", ws_ping_interval=None
        )
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()
        while not self.server.started:
            self.thread.join(0.01)
        self.loop = self.server.servers[0].get_loop()
        self.port = self.server.servers[0].sockets[0].getsockname()[1]

    def stop(self) -> None:
        self.server.should_exit = self.server.force_exit = True
        self.thread.join()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def play(self, layer: int, *rows: Row, kind: int = DELTA) -> None:
        if kind == SNAPSHOT:
            self.shown[layer].clear()
        for row in rows:
            if kind == GONE:
                self.shown[layer].pop(row.index, None)
            else:
                self.shown[layer][row.index] = row
        self.say(section(kind, layer, rows))

    def say(self, message: bytes | dict[str, Any]) -> None:
        asyncio.run_coroutine_threadsafe(self.tell(message), self.loop).result(5)

    async def tell(self, message: bytes | dict[str, Any]) -> None:
        for socket in list(self.sockets):
            await send(socket, message)

    def who(self, index: int) -> dict[str, Any]:
        layer = next((k for k, rows in self.shown.items() if index in rows), 0)
        return {
            "index": index,
            "id": f"sw/{LAYERS[layer]['name']}/{index}",
            "name": f"测点 {index}",
        }

    async def hear(self, socket: WebSocket, words: dict[str, Any]) -> None:
        if "look" in words:
            self.looks.append(words["look"])
            for number, layer in enumerate(LAYERS):
                if layer["name"] in words["look"]["layers"]:
                    await send(socket, section(SNAPSHOT, number, self.shown[number].values()))
        for index in words.get("who", ()):
            await send(socket, {"who": [self.who(index)]})
        if words.get("follow"):
            await send(socket, {"who": [self.who(int(words["follow"].rsplit("/", 1)[1]))]})


async def send(socket: WebSocket, message: bytes | dict[str, Any]) -> None:
    if isinstance(message, bytes):
        await socket.send_bytes(message)
    else:
        await socket.send_text(json.dumps(message))


def build(stage: Stage) -> FastAPI:
    app = FastAPI()

    @app.get("/city/{name}.geojson")
    def base(name: str) -> dict[str, Any]:
        return BASE.get(name, {"type": "FeatureCollection", "features": []})

    @app.websocket("/live")
    async def live(socket: WebSocket) -> None:
        await socket.accept()
        hello = {"epoch": stage.epoch, "layers": LAYERS, "time": time.time() * 1000, "tick_ms": 250}
        await send(socket, {"hello": hello})
        stage.sockets.add(socket)
        beat = asyncio.create_task(keep_alive(socket))
        try:
            while True:
                await stage.hear(socket, await socket.receive_json())
        except WebSocketDisconnect:
            stage.sockets.discard(socket)
        finally:
            beat.cancel()

    page = Dash(
        "stage", server=app, assets_folder=str(ASSETS), assets_path_ignore=["field"],
        update_title=None,
    )  # fmt: skip
    page.layout = layout
    return app


async def keep_alive(socket: WebSocket) -> None:
    while True:
        await send(socket, {"status": {"rate": 1, "time": time.time() * 1000}})
        await asyncio.sleep(1)


def layout() -> html.Div:
    live_map = LiveMap(
        id="map", feedUrl="/live", center=list(CENTRE), zoom=13, hidden=[], credit="示意底图"
    )
    return html.Div(
        [
            bar(),
            html.Div(live_map, className="map", style={"height": "90vh"}),
            dcc.Store(id="live-reading"),
            dcc.Store(id="pulse-feeds"),
        ]
    )


def bar() -> html.Div:
    """One of everything that the scripts fill, press or focus."""
    return html.Div(
        [
            html.Label(dcc.Input(id="search"), className="command-bar"),
            html.Button("E", id="letter", **{"data-key": "E"}),
            html.Button("theme", id="theme", **{"data-action": "theme"}),
            html.Button("lang", id="lang", **{"data-action": "lang"}),
            html.B(id="time", **{"data-clock": "time"}),
            html.Span(id="age", **{"data-at": str(int(time.time() * 1000)), "data-period": "1"}),
            html.Span(html.B(id="rate", **{"data-status": "rate"}), className="status-item"),
            html.Span(html.B(id="link", **{"data-status": "connection"}), className="status-item"),
        ],
        **{"data-region": "bar"},
    )


def polygon(*points: tuple[float, float]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [[list(point) for point in points]]}


def feature(geometry: dict[str, Any], **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


BASE: dict[str, dict[str, Any]] = {
    "land": {
        "type": "FeatureCollection",
        "features": [
            feature(polygon((110, 19.5), (110.7, 19.5), (110.7, 20.03), (110, 20.03), (110, 19.5)))
        ],
    },
    "places": {
        "type": "FeatureCollection",
        "features": [
            feature(
                {"type": "Point", "coordinates": [110.36, 20.0]},
                zh="美兰区",
                en="Meilan",
                kind="district",
                rank=1,
            )
        ],
    },
}
