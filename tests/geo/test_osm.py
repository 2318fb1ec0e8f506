"""An OpenStreetMap extract becomes a road graph: what is driven, which way, how fast."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import osmium
import pytest

from geo.costs import costs_of
from geo.osm import limit_kmh, read_osm, ride_of
from geo.points import Point, distance_m
from geo.roads import BadRoads, RoadGraph
from geo.routing import Router
from surveyor import IMPORTED, read_roads

#   1 --- 2 --- 3        northern road
#   |     |     |
#   4 --- 5 --- 6        southern road, 7 is a bend between 4 and 5
PLACES = {
    1: (110.300, 20.010), 2: (110.310, 20.010), 3: (110.320, 20.010),
    4: (110.300, 20.000), 5: (110.310, 20.000), 6: (110.320, 20.000), 7: (110.305, 19.998),
    8: (110.40, 20.10), 9: (110.41, 20.10),
}  # fmt: skip
ROUND = {"highway": "residential"}
WAYS: Sequence[tuple[Sequence[int], Mapping[str, str]]] = (
    ((1, 2, 3), {"highway": "primary", "name": "北路", "name:en": "North Rd"}),
    ((4, 7, 5, 6), {"highway": "secondary", "maxspeed": "36", "name": "南路"}),
    ((1, 4), ROUND), ((3, 6), ROUND),
    ((2, 5), {"highway": "tertiary", "oneway": "yes"}),
    ((8, 9), ROUND),  # an island
    ((1, 5), {"highway": "footway"}),
    ((2, 6), {"highway": "service", "access": "private"}),
    ((3, 5), {"route": "ferry"}),
)  # fmt: skip


def extract(path: Path, ways: Sequence[tuple[Sequence[int], Mapping[str, str]]] = WAYS) -> Path:
    with osmium.SimpleWriter(str(path)) as writer:
        for number, place in PLACES.items():
            writer.add_node(osmium.osm.mutable.Node(id=number, location=place))
        for number, (nodes, tags) in enumerate(ways, 1):
            writer.add_way(osmium.osm.mutable.Way(id=number, nodes=list(nodes), tags=dict(tags)))
    return path


@pytest.fixture
def graph(tmp_path: Path) -> RoadGraph:
    return read_osm(str(extract(tmp_path / "town.osm.pbf")))


def edge_between(graph: RoadGraph, one: int, other: int) -> int:
    """The edge between two nodes of the drawing, whichever way it was drawn."""
    places = np.column_stack([graph.lon, graph.lat])
    ends = [int(np.argmin(np.abs(places - PLACES[number]).sum(axis=1))) for number in (one, other)]
    pairs = [{int(a), int(b)} for a, b in zip(graph.start, graph.end, strict=True)]
    return pairs.index(set(ends))


def test_ways_are_cut_at_crossings_and_islands_are_left_out(graph: RoadGraph) -> None:
    assert len(graph.lon) == 6
    assert len(graph.start) == 7
    assert graph.lon.max() < 110.33


def test_an_edge_bends_where_the_way_does_and_is_as_long(graph: RoadGraph) -> None:
    edge = edge_between(graph, 4, 5)
    corners = [Point(*PLACES[number]) for number in (4, 7, 5)]

    np.testing.assert_allclose(sorted(graph.shape(edge).tolist()), sorted(corners), atol=1e-6)
    assert graph.length_m[edge] == pytest.approx(
        distance_m(corners[0], corners[1]) + distance_m(corners[1], corners[2]), abs=0.1
    )


def test_a_limit_counts_before_the_class(graph: RoadGraph) -> None:
    limited, usual = edge_between(graph, 4, 5), edge_between(graph, 1, 2)

    assert graph.forward_s[limited] == pytest.approx(graph.length_m[limited] / 10)
    assert graph.forward_s[usual] == pytest.approx(graph.length_m[usual] * 3.6 / 60)


def test_a_oneway_street_is_driven_one_way(graph: RoadGraph) -> None:
    router = Router(costs_of(graph))
    north, south = Point(*PLACES[2]), Point(*PLACES[5])

    assert router.route(north, south).distance_m == pytest.approx(distance_m(north, south), abs=1)
    assert router.route(south, north).distance_m > 2.5 * distance_m(north, south)


def test_names_are_in_both_languages(graph: RoadGraph) -> None:
    names = {(name.zh, name.en) for name in graph.names}

    assert {("北路", "North Rd"), ("南路", "南路")} <= names


@pytest.mark.parametrize(
    ("tags", "is_driven"),
    [
        ({"highway": "motorway"}, True), ({"highway": "primary_link"}, True),
        ({"highway": "cycleway"}, False), ({"highway": "construction"}, False),
        ({"highway": "service", "access": "no"}, False),
        ({"highway": "service", "access": "private", "emergency": "yes"}, True),
        ({"highway": "residential", "access": "no", "motor_vehicle": "yes"}, True),
        ({"highway": "residential", "motor_vehicle": "no"}, False),
        ({"highway": "primary", "area": "yes"}, False),
        ({"highway": "tertiary", "access": "destination"}, True),
    ],
)  # fmt: skip
def test_what_cars_may_drive_on_is_driven_on(tags: dict[str, str], is_driven: bool) -> None:
    assert (ride_of(tags) is not None) == is_driven


@pytest.mark.parametrize(
    ("tags", "ahead", "back"),
    [
        ({}, True, True), ({"oneway": "yes"}, True, False), ({"oneway": "-1"}, False, True),
        ({"oneway": "no"}, True, True), ({"junction": "roundabout"}, True, False),
        ({"highway": "motorway"}, True, False),
        ({"highway": "motorway", "oneway": "no"}, True, True),
        ({"highway": "motorway_link"}, True, True),
    ],
)  # fmt: skip
def test_a_way_is_driven_in_the_directions_that_it_says(
    tags: dict[str, str], ahead: bool, back: bool
) -> None:
    ride = ride_of({"highway": "primary", **tags})

    assert ride is not None
    assert (ride.ahead, ride.back) == (ahead, back)


@pytest.mark.parametrize(
    ("stated", "kmh"),
    [("60", 60), ("60 km/h", 60), ("30 mph", 48.28), ("80;60", 80), ("CN:urban", None),
     ("none", None), ("", None)],
)  # fmt: skip
def test_a_limit_is_read_in_its_unit(stated: str, kmh: float | None) -> None:
    assert limit_kmh(stated) == (kmh if kmh is None else pytest.approx(kmh, abs=0.01))


def test_a_loop_leads_back_to_its_own_crossing(tmp_path: Path) -> None:
    ways = [((1, 2), ROUND), ((2, 3, 6, 5, 2), {"highway": "residential", "oneway": "yes"})]
    graph = read_osm(str(extract(tmp_path / "loop.osm.pbf", ways)))
    router = Router(costs_of(graph))

    there = router.route(Point(*PLACES[3]), Point(*PLACES[5]))
    back = router.route(Point(*PLACES[5]), Point(*PLACES[3]))

    assert np.isfinite([there.eta_s, back.eta_s]).all()
    assert there.distance_m + back.distance_m == pytest.approx(graph.length_m[-2:].sum(), abs=2)


def test_what_lies_outside_the_city_is_left_out(tmp_path: Path) -> None:
    path = str(extract(tmp_path / "town.osm.pbf"))

    assert len(read_osm(path, (110.395, 20.05, 110.45, 20.2)).start) == 1
    with pytest.raises(BadRoads):
        read_osm(path, (0, 0, 1, 1))


@pytest.mark.parametrize("content", [b"", b"no extract at all"])
def test_a_file_that_is_no_extract_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "bad.osm.pbf"
    path.write_bytes(content)

    with pytest.raises(BadRoads):
        read_osm(str(path))


def manage(data_dir: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    root = Path(__file__).parents[2]
    environment = {"CITY_DATA_DIR": str(data_dir), "PATH": "/usr/bin:/bin"}
    command = [sys.executable, str(root / "manage.py"), *arguments]
    return subprocess.run(command, env=environment, cwd=root, capture_output=True, text=True,
                          check=False)  # fmt: skip


def test_the_administrator_imports_an_extract(tmp_path: Path) -> None:
    file = extract(tmp_path / "town.osm.pbf")

    before = manage(tmp_path / "var", "roads", "show")
    done = manage(tmp_path / "var", "roads", "import", str(file))
    after = manage(tmp_path / "var", "roads", "show")
    bad = manage(tmp_path / "var", "roads", "import", str(tmp_path / "nowhere.osm.pbf"))

    assert before.stdout.startswith("of the profile: 9105 crossings")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("6 crossings, 7 edges")
    assert after.stdout.startswith("imported: 6 crossings")
    assert len(read_roads(tmp_path / "var" / IMPORTED).start) == 7
    assert (bad.returncode, bad.stdout) == (2, "")
    assert "was not imported" in bad.stderr
