"""The roads of the city from files: an import if there is one, else the profile's own network."""

import json
import logging
from pathlib import Path
from typing import Annotated
from zipfile import BadZipFile

import numpy as np
import typer

from city.profile import Profile, parse_profile
from geo.network import read_network
from geo.osm import read_osm
from geo.roads import BadRoads, RoadGraph, no_roads, of_network, packed, unpacked
from settings import Settings, load_or_exit

log = logging.getLogger("surveyor")

MISCONFIGURED = 2
IMPORTED = "roads.npz"  # in the data directory
Extract = Annotated[Path, typer.Argument(help="An OpenStreetMap extract: .osm.pbf or .osm.")]

roads = typer.Typer(no_args_is_help=True, help="The roads that units drive on.")


@roads.command("import")
def import_roads(file: Extract) -> None:
    """Takes the roads of the city from an extract; web and watch use them when they start again."""
    settings = load_or_exit()
    try:
        profile = parse_profile(settings.profile.read_text(encoding="utf-8"))
        graph = read_osm(str(file), profile.bounds)
        write_roads(graph, settings.data_dir / IMPORTED)
    except (OSError, ValueError) as trouble:
        typer.echo(f"{file} was not imported: {trouble}", err=True)
        raise typer.Exit(MISCONFIGURED) from None
    typer.echo(told(graph))


@roads.command("show")
def show_roads() -> None:
    """Which roads the city uses."""
    settings = load_or_exit()
    try:
        profile = parse_profile(settings.profile.read_text(encoding="utf-8"))
        graph = roads_of(settings, profile)
    except (OSError, ValueError) as trouble:
        typer.echo(f"the roads cannot be read: {trouble}", err=True)
        raise typer.Exit(MISCONFIGURED) from None
    is_imported = (settings.data_dir / IMPORTED).is_file()
    typer.echo(f"{'imported' if is_imported else 'of the profile'}: {told(graph)}")


def told(graph: RoadGraph) -> str:
    """A graph in one sentence."""
    km = np.bincount(graph.road_class, graph.length_m, len(graph.classes)) / 1000
    parts = [f"{name} {one:.0f} km" for name, one in zip(graph.classes, km, strict=True) if one]
    return f"{len(graph.lon)} crossings, {len(graph.start)} edges; {', '.join(parts)}"


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
