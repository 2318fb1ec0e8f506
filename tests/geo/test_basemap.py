"""The files that the map draws: what the builder makes, small, named in two languages."""

import gzip
import json
from pathlib import Path

import pytest
from shapely.geometry import shape

from deploy.cities.build import build
from geo.areas import AreaIndex

CITY = Path(__file__).parents[2] / "deploy/cities/haikou"
DRAWN = ("land", "water", "districts", "roads", "places")


def features(name: str) -> list[dict]:
    return json.loads((CITY / f"{name}.geojson").read_text(encoding="utf-8"))["features"]


def test_the_files_are_what_the_builder_makes_of_the_sources() -> None:
    for name, text in build("haikou").items():
        assert (CITY / name).read_text(encoding="utf-8") == text, name


def test_all_that_is_drawn_weighs_less_than_400_kb_compressed() -> None:
    weight = sum(len(gzip.compress((CITY / f"{name}.geojson").read_bytes())) for name in DRAWN)

    assert weight < 400_000


def test_districts_end_at_the_coast() -> None:
    land = shape(features("land")[0]["geometry"]).buffer(0.0002)
    surfaces = [one for one in features("districts") if "code" in one["properties"]]

    assert [one["properties"]["zh"] for one in surfaces] == ["秀英区", "龙华区", "琼山区", "美兰区"]
    for one in surfaces:
        area = shape(one["geometry"])
        assert area.is_valid
        assert area.difference(land).area < area.area * 0.001


@pytest.mark.parametrize("name", ["water", "roads", "places"])
def test_everything_has_a_chinese_and_an_english_name(name: str) -> None:
    assert all(one["properties"]["zh"] and one["properties"]["en"] for one in features(name))


def test_towns_lie_in_their_district_and_say_that_they_are_generated() -> None:
    areas = AreaIndex.from_features({"features": features("areas")})
    coded = [one for one in features("places") if "code" in one["properties"]]

    assert len(coded) == 4 + 46
    for one in coded:
        assert str(areas.code(*one["geometry"]["coordinates"])) == one["properties"]["code"][:6], (
            one
        )
        assert one["properties"]["kind"] == "district" or one["properties"]["generated"]


def test_generated_files_say_so() -> None:
    for name in ("roads.geojson", "network.json"):
        assert json.loads((CITY / name).read_text(encoding="utf-8"))["generated"] is True
