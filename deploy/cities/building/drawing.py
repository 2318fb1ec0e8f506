"""What the map draws and the vehicles drive on, as JSON texts."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from deploy.cities.building.graph import Piece
from deploy.cities.building.naming import Name
from deploy.cities.building.plane import Plane
from deploy.cities.building.streets import CLASSES
from deploy.cities.building.terrain import Terrain

DIGITS = 5  # of a degree: one metre
# Free speed by class and on bridges, m/s: 90, 60, 45 and 30 km/h.
SPEED_MPS = (25.0, 16.7, 12.5, 8.3)

Feature = dict[str, Any]


def text(value: Mapping[str, Any]) -> str:
    """JSON as it is kept: readable Chinese, one feature a line."""
    if "features" not in value:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"
    lines = [
        json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in value["features"]
    ]
    head = json.dumps({k: v for k, v in value.items() if k != "features"}, ensure_ascii=False)
    return head[:-1] + ', "features": [\n' + ",\n".join(lines) + "\n]}\n"


def collection(features: Sequence[Feature], **notes: Any) -> dict[str, Any]:
    """A GeoJSON collection with remarks of ours beside its features (RFC 7946 §6.1)."""
    return {"type": "FeatureCollection", **notes, "features": list(features)}


def feature(metres: BaseGeometry, plane: Plane, **properties: Any) -> Feature:
    """A GeoJSON feature in degrees, rounded to a metre."""
    degrees = shapely.set_precision(plane.round(metres), 10.0**-DIGITS, mode="pointwise")
    geometry = _rounded(mapping(degrees))
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(inner) for inner in value]
    return round(value, DIGITS) if isinstance(value, float) else value


def land(terrain: Terrain, plane: Plane) -> dict[str, Any]:
    """The land."""
    return collection([feature(shapely.orient_polygons(terrain.land), plane, kind="land")])


def water(terrain: Terrain, plane: Plane) -> dict[str, Any]:
    """Rivers and lakes."""
    return collection(
        [feature(one.surface, plane, kind=one.kind, zh=one.zh, en=one.en) for one in terrain.waters]
    )


def districts(terrain: Terrain, names: Mapping[str, Name], plane: Plane) -> dict[str, Any]:
    """The districts on land as surfaces, and the borders between them (and around) as lines."""
    codes = list(terrain.districts)
    whole = shapely.coverage_simplify([terrain.districts[code] for code in codes], 12)
    dry = [area.intersection(terrain.land) for area in whole]
    inland = terrain.land.buffer(-80)
    edges = shapely.line_merge(shapely.union_all(shapely.boundary(whole)).intersection(inland))
    surfaces = [
        feature(area, plane, code=code, zh=names[code].zh, en=names[code].en)
        for code, area in zip(codes, dry, strict=True)
    ]
    return collection([*surfaces, feature(edges, plane, kind="border")])


def areas(terrain: Terrain, names: Mapping[str, Name], plane: Plane) -> dict[str, Any]:
    """The districts as the law draws them, sea included: what decides whose a position is."""
    return collection(
        [
            feature(area, plane, code=code, zh=names[code].zh, en=names[code].en)
            for code, area in terrain.districts.items()
        ]
    )


def roads(pieces: Sequence[Piece], plane: Plane) -> dict[str, Any]:
    """Roads to draw: the pieces of one name joined."""
    joined: dict[tuple[int, Name, bool], list[BaseGeometry]] = defaultdict(list)
    for piece in pieces:
        rank = CLASSES.index(piece.road.kind)
        joined[rank, piece.road.name, piece.road.is_bridge].append(piece.line)
    return collection(list(_road_features(joined, plane)), generated=True)


def _road_features(
    joined: Mapping[tuple[int, Name, bool], Sequence[BaseGeometry]], plane: Plane
) -> Iterator[Feature]:
    for (rank, name, is_bridge), lines in sorted(joined.items(), key=lambda item: item[0]):
        line = shapely.line_merge(shapely.multilinestrings(lines)).simplify(5)
        bridge = {"bridge": True} if is_bridge else {}
        yield feature(line, plane, **{"class": CLASSES[rank]}, zh=name.zh, en=name.en, **bridge)


def network(pieces: Sequence[Piece], plane: Plane) -> dict[str, Any]:
    """The graph: corners and crossings are nodes, straight stretches are edges, all two-way."""
    lines = [piece.line.simplify(4) for piece in pieces]
    corners, owner = shapely.get_coordinates(lines, return_index=True)
    places, node = np.unique(corners, axis=0, return_inverse=True)
    node = node.reshape(-1)
    stretch = np.flatnonzero(owner[1:] == owner[:-1])
    names = sorted({piece.road.name for piece in pieces})
    number = {name: i for i, name in enumerate(names)}
    degrees = shapely.get_coordinates(plane.round(shapely.multipoints(places)))
    name_of = np.array([number[piece.road.name] for piece in pieces])
    class_of = np.array([CLASSES.index(piece.road.kind) for piece in pieces])
    lengths = np.hypot(*(corners[stretch + 1] - corners[stretch]).T)
    return {
        "generated": True,
        "classes": list(CLASSES),
        "speed_mps": list(SPEED_MPS),
        "names": [list(name) for name in names],
        "lon_e6": np.round(degrees[:, 0] * 1e6).astype(int).tolist(),
        "lat_e6": np.round(degrees[:, 1] * 1e6).astype(int).tolist(),
        "from": node[stretch].tolist(),
        "to": node[stretch + 1].tolist(),
        "length_dm": np.maximum(1, np.round(lengths * 10)).astype(int).tolist(),
        "name": name_of[owner[stretch]].tolist(),
        "class": class_of[owner[stretch]].tolist(),
    }


def places(
    plan: Mapping[str, Any], names: Mapping[str, str], districts: Mapping[str, Name]
) -> dict[str, Any]:
    """Names on the map; what stands in no survey says so."""
    found = [
        _label(code, at, names, districts, plan["english"]) for code, at in plan["labels"].items()
    ]
    found += [
        _point(one["at"], zh=one["zh"], en=one["en"], kind=one["kind"], rank=one["rank"])
        for one in plan["place"]
    ]
    return collection(found)


def _label(
    code: str,
    at: Sequence[float],
    names: Mapping[str, str],
    districts: Mapping[str, Name],
    english: Mapping[str, str],
) -> Feature:
    if code in districts:
        return _point(at, code=code, **districts[code]._asdict(), kind="district", rank=0)
    zh = names[code]
    is_town = int(code[6:]) >= 100
    rank = 3 if is_town else 5
    short = zh.removesuffix("（农场）").replace("海口桂林洋经济开发区", "桂林洋")
    return _point(
        at,
        code=code,
        zh=short,
        en=english[zh],
        kind="town" if is_town else "place",
        rank=rank,
        generated=True,
    )


def _point(at: Sequence[float], **properties: Any) -> Feature:
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "Point", "coordinates": list(at)},
    }
