"""The roads of the city from files: an import if there is one, else the profile's own network."""

import json
import logging
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from city.profile import Profile
from geo.network import read_network
from geo.roads import BadRoads, RoadGraph, no_roads, of_network, packed, unpacked
from settings import Settings

log = logging.getLogger("surveyor")

IMPORTED = "roads.npz"  # in the data directory


def roads_of(settings: Settings, profile: Profile) -> RoadGraph:
    """The roads that units drive on; a broken import is named, and the profile's are used."""
    path = settings.data_dir / IMPORTED
    if path.is_file():
        try:
            return read_roads(path)
        except BadRoads as trouble:
            log.warning("the imported roads cannot be used path=%s: %s", path, trouble)
    return generated(settings.profile.parent / profile.network)


def generated(path: Path) -> RoadGraph:
    """The network beside a profile; none where there is no such file."""
    if not path.is_file():
        return no_roads()
    return of_network(read_network(json.loads(path.read_text(encoding="utf-8"))))


def read_roads(path: Path) -> RoadGraph:
    """A graph that `write_roads` wrote; BadRoads when it is none."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return unpacked(arrays)
    except (OSError, EOFError, ValueError, BadZipFile) as trouble:
        raise BadRoads(str(trouble)) from None


def write_roads(graph: RoadGraph, path: Path) -> None:
    """Writes a graph beside its place and moves it there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".half.npz")
    np.savez_compressed(half, **packed(graph))  # type: ignore[arg-type]
    half.replace(path)
