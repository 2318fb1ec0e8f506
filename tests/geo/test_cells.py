"""The supervision grid: squares of 100 m without gaps or overlaps, with names that read back."""

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geo.cells import cell_bounds, cell_code, cell_name, cell_polygon, cells
from geo.points import Point, distance_m

china_lon, china_lat = st.integers(740_000_000, 1_345_000_000), st.integers(40_000_000, 530_000_000)


def cell_of(lon_e7: int, lat_e7: int) -> int:
    return int(cells(np.array([lon_e7], np.int32), np.array([lat_e7], np.int32))[0])


@given(china_lon, st.integers(185_000_000, 530_000_000))
def test_a_position_lies_within_the_bounds_of_its_cell(lon_e7: int, lat_e7: int) -> None:
    west, south, east, north = (round(edge * 1e7) for edge in cell_bounds(cell_of(lon_e7, lat_e7)))

    assert west <= lon_e7 < east
    assert south <= lat_e7 < north


def test_a_cell_at_haikou_measures_about_a_hundred_metres() -> None:
    west, south, east, north = cell_bounds(cell_of(1_103_284_000, 200_310_000))

    assert 98 < distance_m(Point(west, south), Point(east, south)) < 102
    assert 98 < distance_m(Point(west, south), Point(west, north)) < 102


def test_columns_line_up_over_the_whole_city() -> None:
    south = cell_bounds(cell_of(1_103_284_000, 195_200_000))
    north = cell_bounds(cell_of(1_103_284_000, 201_200_000))

    assert (south[0], south[2]) == (north[0], north[2])


@given(china_lon, china_lat)
def test_a_name_reads_back_as_its_cell(lon_e7: int, lat_e7: int) -> None:
    code = cell_of(lon_e7, lat_e7)

    assert not code or cell_code(cell_name(code)) == code


def test_a_place_outside_the_grid_has_no_cell() -> None:
    assert cell_of(249_400_000, 601_700_000) == 0
    assert cell_of(1_103_000_000, -10_000_000) == 0
    assert cell_name(0) == ""


def test_the_polygon_of_a_cell_is_a_closed_ring_against_the_clock() -> None:
    ring = cell_polygon(cell_of(1_103_284_000, 200_310_000))

    turned = sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(ring))
    assert ring[0] == ring[-1]
    assert turned > 0
