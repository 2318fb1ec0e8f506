"""Places that the base map names, for the command bar."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Spot:
    """A place: its names, WGS-84."""

    zh: str
    en: str
    lon: float
    lat: float


def spots_of(places: Path | None) -> Sequence[Spot]:
    """The named points of a base map's file; none where there is no such file."""
    if places is None or not places.is_file():
        return ()
    features = json.loads(places.read_text())["features"]
    return [
        Spot(one["properties"]["zh"], one["properties"]["en"], *one["geometry"]["coordinates"])
        for one in features
    ]
