"""The city's profile: what stands in it, and what is said when it is wrong."""

from pathlib import Path

import pytest

from city.kinds import KINDS
from city.profile import BadProfile, Place, parse_profile

CITIES = Path(__file__).parents[2] / "deploy/cities"
HAIKOU = (CITIES / "haikou.toml").read_text(encoding="utf-8")


def test_haikou_has_four_districts_and_a_department_for_every_kind() -> None:
    profile = parse_profile(HAIKOU)

    assert [area.code for area in profile.areas] == ["460105", "460106", "460107", "460108"]
    assert profile.areas[1] == Place("460106", "龙华区", "Longhua")
    assert {kind.department for kind in KINDS} <= {one.code for one in profile.departments}
    assert (CITIES / profile.districts).is_file()


def test_limits_of_the_city_replace_those_of_the_kind() -> None:
    profile = parse_profile(HAIKOU + "\n[limits.waterlogging]\ndepth_cm = [4, 10, 20, 30]\n")

    ponding = next(kind for kind in profile.kinds if kind.name == "waterlogging")
    assert ponding.quantities[0].limits == (4, 10, 20, 30)
    assert [kind.name for kind in profile.kinds] == [kind.name for kind in KINDS]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('adcode = "460100"', "", "adcode"),
        ("110.77, 20.20]", "110.77]", "bounds"),
        ("bounds = [110.05,", "bounds = [112.05,", "bounds"),
        ("centre = [110.33,", "centre = [10.33,", "centre"),
        ("hours = 24", "hours = 0", "retention"),
        ("tick_ms = 250", "tick_ms = 1", "tick_ms"),
        ("[areas]", "[areas", "TOML"),
        ("[areas]", '[calendar]\nzone = "Haikou"\n[areas]', "calendar.zone"),
        ("[areas]", '[filing.limits]\nE0406-7 = "1 WH"\n[areas]', "filing.limits.E0406-7"),
        ('460105 = { zh = "秀英区", en = "Xiuying" }', "460105 = 3", "shape"),
    ],
)
def test_a_wrong_entry_is_named(old: str, new: str, said: str) -> None:
    assert old in HAIKOU

    with pytest.raises(BadProfile, match=said):
        parse_profile(HAIKOU.replace(old, new))


@pytest.mark.parametrize(
    "limits",
    ["[limits.waterlogging]\ndepth = [1, 2, 3, 4]", "[limits.rain]\nrain_1h_mm = [1, 9, 3, 4]"],
)
def test_limits_for_nothing_or_out_of_order_are_refused(limits: str) -> None:
    with pytest.raises(BadProfile, match="limits"):
        parse_profile(f"{HAIKOU}\n{limits}\n")
