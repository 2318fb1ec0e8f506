"""The generated road network: one piece, on land, everywhere, and named."""

import json
from itertools import pairwise
from pathlib import Path

import networkx
import numpy as np
import pytest
import shapely
from shapely.geometry import shape

from geo.areas import AreaIndex
from geo.network import Network, read_network
from geo.points import Point, distance_m

CITY = Path(__file__).parents[2] / "deploy/cities/haikou"


def read(name: str) -> dict:
    return json.loads((CITY / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def roads() -> Network:
    return read_network(read("network.json"))


@pytest.fixture(scope="module")
def graph(roads: Network) -> networkx.Graph:
    graph = networkx.Graph()
    graph.add_nodes_from(range(len(roads.lon)))
    graph.add_edges_from(zip(roads.start.tolist(), roads.end.tolist(), strict=True))
    return graph


def test_every_node_can_be_reached_from_every_other(graph: networkx.Graph) -> None:
    assert networkx.is_connected(graph)


def test_every_district_and_town_has_roads(roads: Network) -> None:
    index = AreaIndex.from_features(read("areas.geojson"))
    codes = index.codes((roads.lon * 1e7).astype("i4"), (roads.lat * 1e7).astype("i4"))
    towns = [one for one in read("places.geojson")["features"] if "code" in one["properties"]]

    assert {460105, 460106, 460107, 460108} <= set(codes.tolist())
    for town in towns:
        place = Point(*town["geometry"]["coordinates"])
        assert distance_m(place, roads.point(roads.nearest_node(place))) < 600, town["properties"]


def test_roads_stay_on_land_but_for_bridges_with_names(roads: Network) -> None:
    land = shape(read("land.geojson")["features"][0]["geometry"])
    water = [shape(one["geometry"]) for one in read("water.geojson")["features"]]
    bridges = {
        one["properties"]["zh"]
        for one in read("roads.geojson")["features"]
        if one["properties"].get("bridge")
    }
    big = shapely.union_all([one for one in water if one.area * 1e10 > 1.5e6 / 1.2])
    middle = (
        (roads.lon[roads.start] + roads.lon[roads.end]) / 2,
        (roads.lat[roads.start] + roads.lat[roads.end]) / 2,
    )

    wet = ~shapely.contains_xy(land, *middle) | shapely.contains_xy(big, *middle)

    assert wet.any()
    assert {roads.names[i].zh for i in roads.name[wet]} <= bridges


def test_classes_have_their_speeds_and_shares(roads: Network) -> None:
    km = np.bincount(roads.road_class, roads.length_m) / 1000
    speeds = [roads.speed_mps[roads.road_class == i][0] for i in range(4)]

    assert roads.classes == ("trunk", "primary", "secondary", "tertiary")
    assert speeds == sorted(speeds, reverse=True)
    assert (km > [150, 150, 500, 900]).all()
    assert all(name.zh and name.en for name in roads.names)


def test_the_centre_is_dense_and_the_south_is_sparse(roads: Network) -> None:
    def per_square_km(west: float, south: float, east: float, north: float) -> float:
        lon, lat = roads.lon[roads.start], roads.lat[roads.start]
        inside = (lon > west) & (lon < east) & (lat > south) & (lat < north)
        return roads.length_m[inside].sum() / 1000 / ((east - west) * (north - south) * 11_620)

    assert per_square_km(110.30, 19.98, 110.36, 20.03) > 6
    assert per_square_km(110.45, 19.60, 110.58, 19.78) < 2


def test_a_length_is_the_distance_between_its_ends(roads: Network) -> None:
    for edge in range(0, len(roads.start), 97):
        here, there = roads.point(int(roads.start[edge])), roads.point(int(roads.end[edge]))
        assert roads.length_m[edge] == pytest.approx(distance_m(here, there), rel=0.03, abs=1)


def test_arcs_lead_both_ways_along_every_edge(roads: Network) -> None:
    arcs = roads.arcs
    spans = list(pairwise(arcs.first.tolist()))

    assert len(arcs.to) == 2 * len(roads.start)
    for node in (0, 17, len(roads.lon) - 1):
        low, high = spans[node]
        for to, edge in zip(arcs.to[low:high], arcs.edge[low:high], strict=True):
            assert {node, int(to)} == {int(roads.start[edge]), int(roads.end[edge])}
