"""A decoder on Haikou's ground, and what its records say in words."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from city.profile import parse_profile
from city.quality import Quality
from city.records import NO_HEADING, Channel, point_of
from city.units import STATUSES
from feeds.catalog import all_feeds
from feeds.decoding import Decoded, Decoder
from geo.areas import AreaIndex
from geo.ground import Ground

PROFILE = Path(__file__).parents[2] / "deploy" / "cities" / "haikou.toml"
NOW = datetime(2026, 9, 6, 7, 10, 2, tzinfo=UTC)
NOW_MS = round(NOW.timestamp() * 1000)


@cache
def ground() -> Ground:
    profile = parse_profile(PROFILE.read_text())
    areas = json.loads((PROFILE.parent / profile.districts).read_text())
    return Ground(AreaIndex.from_features(areas), profile.bounds)


def decoder() -> Decoder:
    return Decoder(all_feeds(), ground())


def careful_decoder() -> Decoder:
    """The same without the bulk path: no feed tells its kind."""
    return Decoder([replace(feed, kind=None) for feed in all_feeds()], ground())


def decode(
    *messages: tuple[str, str | bytes], by: Decoder | None = None, received_ms: int = NOW_MS
) -> Decoded:
    topics = [topic.encode("utf-8", "surrogateescape") for topic, _ in messages]
    payloads = [text.encode() if isinstance(text, str) else text for _, text in messages]
    return (by or decoder()).decode_batch(topics, payloads, received_ms)


def told(decoded: Decoded) -> list[dict[str, Any]]:
    """Every row as a person would note it down; what is not known is left out."""
    return [_told(decoded, place) for place in range(len(decoded.batch))]


def _told(decoded: Decoded, place: int) -> dict[str, Any]:
    record = decoded.batch.records[place]
    point = point_of(record)
    heading, quality = int(record["heading"]), Quality(int(record["quality"]))
    said = {
        "feed": decoded.feed_names[decoded.feeds[place]],
        "thing": decoded.batch.things[record["thing"]],
        "channel": Channel(record["channel"]).name.lower(),
        "observed_at": _instant(int(record["observed_ms"])),
        "seq": None if Quality.NO_SEQUENCE in quality else int(record["seq"]),
        "pos": [round(point.lon, 7), round(point.lat, 7)] if point else None,
        "area": int(record["area"]) or None,
        "value": _number(record["value"]),
        "speed_mps": _number(record["speed"]),
        "heading_deg": None if heading == NO_HEADING else heading / 100,
        "status": STATUSES[record["status"]] if record["status"] < len(STATUSES) else "own word",
        "quality": _words(quality & ~Quality.NO_SEQUENCE),
    }
    return {name: value for name, value in said.items() if value not in (None, "", [])}


def _words(quality: Quality) -> Sequence[str]:
    return [flag.name.lower() for flag in quality]


def _number(value: np.float32) -> float | None:
    return None if np.isnan(value) else round(float(value), 3)


def _instant(ms: int) -> str:
    at = datetime.fromtimestamp(ms / 1000, UTC)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
