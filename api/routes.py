"""Ways over HTTP, as GeoJSON: the route from place to place, and how far minutes reach."""

from math import isfinite
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from api.cameras import point_of
from api.context import Context
from api.finding import data_router
from api.seating import needs
from city.refusal import Malformed
from city.roles import Actor, Right
from geo.drawn import geojson
from geo.points import Point
from geo.ways import Route

Json = dict[str, Any]
Looking = Annotated[Actor, Depends(needs(Right.VIEW_DISPATCH))]
Start = Annotated[str, Query(alias="from", description="lon,lat in WGS-84")]
End = Annotated[str, Query(alias="to", description="lon,lat in WGS-84")]
Place = Annotated[str, Query(description="lon,lat in WGS-84")]
Minutes = Annotated[str, Query(description="numbers with commas between")]
MOST_RINGS, MOST_MINUTES = 6, 90.0


def build(context: Context) -> APIRouter:
    router = data_router(context, "roads")
    roads = context.store.roads

    @router.get("/routes")
    def route(actor: Looking, start: Start, end: End) -> Json:
        """The quickest way now; `geometry` and `eta_s` are null where a closure cuts it off."""
        here, there = place(start, "from"), place(end, "to")
        return route_told(roads.router(actor.at_ms).route(here, there))

    @router.get("/isochrones")
    def isochrones(actor: Looking, pos: Place, minutes: Minutes = "5,10,15") -> Json:
        """The areas from which a place is reached within so many minutes, by road."""
        rings, there = minutes_of(minutes), place(pos, "pos")
        areas = roads.router(actor.at_ms).isochrones(there, rings)
        features = [
            {"type": "Feature", "geometry": geojson(area), "properties": {"minutes": one}}
            for area, one in zip(areas, rings, strict=True)
        ]
        return {"type": "FeatureCollection", "features": features}

    return router


def place(said: str, name: str) -> Point:
    """A point of the earth."""
    point = point_of(said)
    if not (abs(point.lon) <= 180 and abs(point.lat) <= 90):
        raise Malformed("malformed", what=(name, name), why=("lon,lat", "lon,lat"))
    return point


def minutes_of(said: str) -> list[float]:
    """Some numbers of minutes, in their order."""
    try:
        found = [float(one) for one in said.split(",")]
    except ValueError:
        found = []
    if not found or len(found) > MOST_RINGS or not all(0 < one <= MOST_MINUTES for one in found):
        why = f"1 至 {MOST_RINGS} 个数", f"1 to {MOST_RINGS} numbers up to {MOST_MINUTES:g}"
        raise Malformed("malformed", what=("minutes", "minutes"), why=why)
    return found


def route_told(route: Route) -> Json:
    """A way as a GeoJSON feature."""
    line = {"type": "LineString", "coordinates": [list(point) for point in route.points]}
    found = isfinite(route.eta_s)
    return {
        "type": "Feature",
        "geometry": line if found else None,
        "properties": {
            "eta_s": round(route.eta_s) if found else None,
            "distance_m": round(route.distance_m) if found else None,
            "by_road": route.by_road,
            "roads": [{"zh": road.zh, "en": road.en} for road in route.roads],
            "closures_avoided": list(route.closures_avoided),
        },
    }
