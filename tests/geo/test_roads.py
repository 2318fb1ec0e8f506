"""The road graph as columns: kept in a file, and asked where a place lies on it."""

from pathlib import Path

import numpy as np
import pytest
import shapely

from geo.roads import BadRoads, RoadGraph
from geo.snapping import snap
from surveyor import read_roads, write_roads
from tests.geo import towns


@pytest.mark.parametrize("graph", [towns.city, towns.town], ids=["city", "town"])
def test_a_graph_is_the_same_after_it_was_in_a_file(graph, tmp_path: Path) -> None:
    roads = graph()

    write_roads(roads, tmp_path / "roads.npz")
    again = read_roads(tmp_path / "roads.npz")

    assert again.names == tuple(roads.names)
    assert again.classes == tuple(roads.classes)
    for column in ("lon", "lat", "start", "end", "forward_s", "backward_s", "bends"):
        np.testing.assert_array_equal(getattr(again, column), getattr(roads, column))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no archive", b"\x93NUMPY"])
def test_a_file_that_is_no_graph_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "roads.npz"
    path.write_bytes(content)

    with pytest.raises(BadRoads):
        read_roads(path)


def test_arcs_leave_out_what_must_not_be_driven() -> None:
    graph = towns.street(20, 40, oneway=True)

    assert graph.arcs.tail.tolist() == [0, 1]
    assert graph.arcs.head.tolist() == [1, 2]
    assert graph.arcs.first_out.tolist() == [0, 1, 2, 2]
    assert graph.arcs.first_in.tolist() == [0, 0, 1, 2]


@pytest.mark.parametrize("graph", [towns.city, towns.town], ids=["city", "town"])
def test_a_place_snaps_to_the_nearest_edge(graph) -> None:
    roads: RoadGraph = graph()
    lines = [
        shapely.LineString(roads.plane.metres(roads.shape(e))) for e in range(len(roads.start))
    ]
    tree = shapely.STRtree(lines)
    low, high = [roads.lon.min(), roads.lat.min()], [roads.lon.max(), roads.lat.max()]
    points = np.random.default_rng(2).uniform(low, high, (500, 2))

    spots = snap(roads, points)

    flat = shapely.points(roads.plane.metres(points))
    truth = shapely.distance(flat, np.array(lines)[tree.nearest(flat)])
    assert (spots.off_m >= truth - 1e-6).all()
    assert (spots.off_m <= np.hypot(truth, 20) + 1e-6).all()
    for point, edge, share, off in zip(flat, spots.edge, spots.share, spots.off_m, strict=True):
        assert lines[edge].interpolate(share, normalized=True).distance(point) == pytest.approx(
            off, abs=0.5
        )


def test_a_place_on_a_bend_has_its_share_of_the_way() -> None:
    graph = towns.town()
    line = graph.shape(10)
    spots = snap(graph, [line[0], line[1], line[-1]])

    on_edge = spots.edge == 10
    assert spots.off_m == pytest.approx([0, 0, 0], abs=1e-6)
    assert spots.share[on_edge] == pytest.approx(np.array([0, 0.5, 1])[on_edge], abs=0.05)
