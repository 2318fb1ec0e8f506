"""Cameras: near a place, the nearest first; a profile that cannot be is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from city.cameras import Camera, cameras_of, near
from city.tables import BadTable
from geo.points import Point, distance_m
from tests.publisher import HAIKOU, haikou

ROW = {"id": "C1", "zh": "国兴大道下穿", "en": "Guoxing underpass", "pos": [110.35, 20.02]}
places = st.builds(Point, st.floats(110.30, 110.40), st.floats(20.00, 20.05))


@given(
    points=st.lists(places, max_size=30),
    here=places,
    within_m=st.floats(1, 5000),
    most=st.integers(1, 9),
)
def test_those_within_reach_come_the_nearest_first(
    points: list[Point], here: Point, within_m: float, most: int
) -> None:
    cameras = [Camera(str(n), "", "", point) for n, point in enumerate(points)]

    found = near(cameras, here, within_m, most)

    reached = sorted(one for one in (distance_m(p, here) for p in points) if one <= within_m)
    assert [metres for _, metres in found] == reached[:most]


def test_a_profile_says_where_the_pictures_are() -> None:
    (camera,) = cameras_of([{**ROW, "still": "https://video.example/c1.jpg"}])

    assert (camera.point, camera.still, camera.stream) == (
        Point(110.35, 20.02), "https://video.example/c1.jpg", ""
    )  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [{"pos": [1]}, {"id": None, "pos": "x"}, {"still": "javascript:alert(1)"},
     {"stream": "//elsewhere/x"}, {"stream": "rtsp://x/y"}],
)  # fmt: skip
def test_what_no_browser_could_show_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(BadTable):
        cameras_of([{**ROW, **wrong}])
    with pytest.raises(BadTable):
        cameras_of([ROW, ROW])


def test_the_pretend_city_has_cameras_of_its_own() -> None:
    cameras = haikou().cameras

    assert len(cameras) > 20
    assert {one.still for one in cameras} == {"/assets/camera-demo.svg"}
    assert (HAIKOU.parents[2] / "assets" / "camera-demo.svg").is_file()
