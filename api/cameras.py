"""GET /api/v1/cameras: the cameras near a place, with where their pictures are."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from api.context import Context
from api.finding import data_router
from api.seating import needs
from city import cameras
from city.refusal import Malformed
from city.roles import Actor, Right
from geo.points import Point

Json = dict[str, Any]
Looking = Annotated[Actor, Depends(needs(Right.VIEW_MAP))]


def build(context: Context) -> APIRouter:
    router = data_router(context, "cameras")

    @router.get("/cameras")
    def near(
        actor: Looking,
        pos: Annotated[str, Query(description="lon,lat in WGS-84")] = "",
        within_m: Annotated[float, Query(gt=0, le=20_000)] = cameras.WITHIN_M,
        limit: Annotated[int, Query(ge=1, le=100)] = cameras.MOST,
    ) -> Json:
        """The nearest first; without `pos` all of the city, as the profile has them."""
        known = context.profile.cameras
        if not pos:
            return {"items": [camera_told(one, None) for one in known], "next": None}
        found = cameras.near(known, point_of(pos), within_m, limit)
        return {"items": [camera_told(one, metres) for one, metres in found], "next": None}

    return router


def point_of(said: str) -> Point:
    """The point that a text `lon,lat` says."""
    try:
        lon, lat = map(float, said.split(","))
    except ValueError:
        raise Malformed("malformed", what=("pos", "pos"), why=("lon,lat", "lon,lat")) from None
    return Point(lon, lat)


def camera_told(camera: cameras.Camera, metres: float | None) -> Json:
    """A camera; addresses are null where the city has none."""
    return {
        "id": camera.id,
        "name": {"zh": camera.zh, "en": camera.en},
        "pos": [camera.point.lon, camera.point.lat],
        "distance_m": None if metres is None else round(metres),
        "still": camera.still or None,
        "stream": camera.stream or None,
    }
