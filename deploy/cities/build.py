"""Makes the map files of a city from its sources: `python deploy/cities/build.py haikou`."""

import json
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from city.profile import Profile, parse_profile  # noqa: E402
from deploy.cities.building import drawing  # noqa: E402
from deploy.cities.building.graph import connected  # noqa: E402
from deploy.cities.building.naming import Name  # noqa: E402
from deploy.cities.building.plane import Plane  # noqa: E402
from deploy.cities.building.roadwork import build_roads  # noqa: E402
from deploy.cities.building.terrain import survey  # noqa: E402

CITIES = ROOT / "deploy/cities"


def main(city: str) -> int:
    """Writes every file anew."""
    for name, text in build(city).items():
        (CITIES / city / name).write_text(text, encoding="utf-8")
        sys.stdout.write(f"{name} {len(text.encode()):,} bytes\n")
    return 0


def build(city: str) -> dict[str, str]:
    """The files of a city by name, the same ones every time."""
    profile = parse_profile((CITIES / f"{city}.toml").read_text(encoding="utf-8"))
    folder = CITIES / city / "source"
    plan = tomllib.loads((folder / "plan.toml").read_text(encoding="utf-8"))
    sources = {path.stem: _json(path) for path in sorted(folder.glob("*json"))}
    return {name: drawing.text(value) for name, value in files(profile, plan, sources).items()}


def files(
    profile: Profile, plan: Mapping[str, Any], sources: Mapping[str, Any]
) -> dict[str, dict[str, Any]]:
    """The same as values."""
    plane = Plane(*profile.centre)
    districts = {area.code: Name(area.zh, area.en) for area in profile.areas}
    towns = street_names(sources["streets"])
    terrain = survey(plan, sources, plane)
    pieces = connected(build_roads(plan, towns, terrain, plane))
    return {
        "areas.geojson": drawing.areas(terrain, districts, plane),
        "districts.geojson": drawing.districts(terrain, districts, plane),
        "land.geojson": drawing.land(terrain, plane),
        "water.geojson": drawing.water(terrain, plane),
        "roads.geojson": drawing.roads(pieces, plane),
        "places.geojson": drawing.places(plan, towns, districts),
        "network.json": drawing.network(pieces, plane),
    }


def street_names(streets: Mapping[str, Any]) -> dict[str, str]:
    """Streets and towns by code."""
    return {one["code"]: one["name"] for part in streets["children"] for one in part["children"]}


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
