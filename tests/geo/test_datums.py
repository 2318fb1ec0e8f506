"""Datums: known pairs, and there and back again anywhere in China."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.datums import Datum, from_wgs84, to_wgs84
from geo.points import Point, distance_m

HAIKOU = (110.3284, 20.0310)
SHIFTED = [Datum.GCJ02, Datum.BD09]


def test_longhua_centre_in_gcj02_is_where_others_compute_it() -> None:
    assert from_wgs84(*HAIKOU, Datum.GCJ02) == pytest.approx((110.332765, 20.028948), abs=5e-7)


@pytest.mark.parametrize("datum", SHIFTED)
@given(lon=st.floats(74, 135), lat=st.floats(4, 53))
def test_the_inverse_closes_to_under_a_millimetre(datum: Datum, lon: float, lat: float) -> None:
    back = to_wgs84(*from_wgs84(lon, lat, datum), datum)

    assert distance_m(Point(*back), Point(lon, lat)) < 0.001


@pytest.mark.parametrize("datum", [Datum.WGS84, Datum.CGCS2000])
def test_wgs84_and_cgcs2000_are_the_same_for_us(datum: Datum) -> None:
    assert to_wgs84(*HAIKOU, datum) == HAIKOU


@pytest.mark.parametrize("datum", SHIFTED)
def test_arrays_give_what_single_pairs_give(datum: Datum) -> None:
    lon, lat = np.array([110.3, 110.4, 121.5]), np.array([20.0, 19.9, 31.2])

    many = np.array(to_wgs84(lon, lat, datum)).T

    one_by_one = [to_wgs84(float(x), float(y), datum) for x, y in zip(lon, lat, strict=True)]
    assert many == pytest.approx(np.array(one_by_one), abs=1e-12)


def test_a_place_outside_china_is_left_alone_by_gcj02() -> None:
    assert to_wgs84(24.94, 60.17, Datum.GCJ02) == (24.94, 60.17)


def test_an_unknown_datum_is_refused() -> None:
    with pytest.raises(ValueError, match="xian80"):
        to_wgs84(*HAIKOU, "xian80")
