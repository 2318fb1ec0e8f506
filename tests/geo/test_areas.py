"""Areas: the raster must answer exactly what the polygons answer."""

import json
from pathlib import Path

import numpy as np
import pytest
import shapely
from shapely.geometry import box, mapping, shape

from geo.areas import AreaIndex

AREAS = Path(__file__).parents[2] / "deploy/cities/haikou/areas.geojson"


@pytest.fixture(scope="module")
def haikou() -> AreaIndex:
    return AreaIndex.from_features(json.loads(AREAS.read_text(encoding="utf-8")))


def e7(degrees: np.ndarray) -> np.ndarray:
    return np.round(degrees * 1e7).astype(np.int32)


def test_a_city_that_has_no_districts_yet_has_no_areas() -> None:
    nowhere = AreaIndex.from_features({"features": []})

    assert nowhere.codes(e7(np.array([110.3, 0.0])), e7(np.array([20.0, 0.0]))).tolist() == [0, 0]
    assert nowhere.code(110.3, 20.0) == 0


def test_random_positions_get_the_area_of_the_polygon_they_lie_in(haikou: AreaIndex) -> None:
    chance = np.random.default_rng(7)
    lon, lat = e7(chance.uniform(110.0, 110.8, 50_000)), e7(chance.uniform(19.4, 20.2, 50_000))

    found = haikou.codes(lon, lat)

    assert (found == asked_of_polygons(lon, lat)).all()
    assert set(found) == {0, 460105, 460106, 460107, 460108}


def test_positions_a_few_metres_beside_the_borders_are_right_too(haikou: AreaIndex) -> None:
    collection = json.loads(AREAS.read_text(encoding="utf-8"))
    corners = np.vstack(
        [shapely.get_coordinates(shape(one["geometry"])) for one in collection["features"]]
    )
    chance = np.random.default_rng(8)
    near = e7(corners + chance.normal(0, 0.0002, corners.shape))

    assert (haikou.codes(*near.T) == asked_of_polygons(*near.T)).all()


def asked_of_polygons(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    found = np.zeros(len(lon), np.uint32)
    for one in json.loads(AREAS.read_text(encoding="utf-8"))["features"]:
        inside = shapely.intersects_xy(shape(one["geometry"]), lon / 1e7, lat / 1e7)
        found[(found == 0) & inside] = int(one["properties"]["code"])
    return found


def test_a_hole_belongs_to_nobody() -> None:
    ring = box(110, 20, 110.1, 20.1).difference(box(110.04, 20.04, 110.06, 20.06))
    index = AreaIndex.from_features(
        {"features": [{"properties": {"code": "1"}, "geometry": mapping(ring)}]}
    )

    assert [index.code(110.02, 20.02), index.code(110.05, 20.05)] == [1, 0]
    lon, lat = e7(np.array([110.02, 110.05, 150.0])), e7(np.array([20.02, 20.05, -20.0]))
    assert list(index.codes(lon, lat)) == [1, 0, 0]


def test_on_a_shared_border_the_first_area_has_it() -> None:
    index = AreaIndex([7, 8], [box(110, 20, 110.1, 20.1), box(110.1, 20, 110.2, 20.1)])

    assert list(index.codes(e7(np.array([110.1])), e7(np.array([20.05])))) == [7]
