"""A thing in the words of the API."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from math import isnan
from typing import Any

import numpy as np

from city.quality import reasons
from city.records import NO_HEADING, point_of
from city.things import ThingKey
from city.units import OWN_WORD, STATUSES
from geo.cells import cell_name
from store import payload
from store.order import NEVER
from store.presence import STATES

Json = dict[str, Any]

PRESENCE = (None, True, False)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def properties_of(
    thing: str,
    record: np.void,
    said: bytes,
    meta: Mapping[str, Any] | None,
    **judged: Any,
) -> Json:
    """Everything about a thing but its place on the map."""
    key, facts = ThingKey.parse(thing), payload.facts(said)
    return {
        "department": key.department,
        "kind": key.kind,
        "object": key.object,
        "name": _name(meta),
        "area": f"{record['area']:06d}" if record["area"] else None,
        "cell": cell_name(int(record["cell"])) or None,
        "observed_at": instant(record["observed_ms"]),
        "received_at": instant(record["received_ms"]),
        "values": payload.values(facts),
        "status": status_word(record, facts),
        "state": STATES[judged["state"]],
        "online": PRESENCE[judged["online"]],
        "uncertain": list(reasons(int(record["quality"]))),
        "level": judged["level"],
        "period_s": judged["period_s"],
        "speed_mps": number(record["speed"], 2),
        "heading_deg": heading_deg(record),
    }


def feature_of(thing: str, record: np.void, properties: Json) -> Json:
    """RFC 7946 §3.2; a thing without a position has no geometry."""
    point = point_of(record)
    geometry = {"type": "Point", "coordinates": [point.lon, point.lat]} if point else None
    return {"type": "Feature", "id": thing, "geometry": geometry, "properties": properties}


def moment(ms: int) -> datetime:
    """An aware instant, also for years that a C library does not know."""
    return EPOCH + timedelta(milliseconds=int(ms))


def instant(ms: int) -> str | None:
    """RFC 3339 with milliseconds; None for never."""
    if ms == NEVER:
        return None
    return moment(ms).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def number(value: Any, digits: int) -> float | None:
    """A column's number without the noise of its 32 bits; None for none."""
    plain = float(value)
    return None if isnan(plain) else round(plain, digits)


def heading_deg(record: np.void) -> float | None:
    """Course in degrees, or None."""
    return None if record["heading"] == NO_HEADING else int(record["heading"]) / 100


def status_word(record: np.void, facts: Mapping[str, Any]) -> str | None:
    """The base type of a unit's status, or the sender's own word."""
    code = int(record["status"])
    if code == OWN_WORD:
        return str(facts.get("status", "")) or None
    return STATUSES[code] or None


def _name(meta: Mapping[str, Any] | None) -> Any:
    return meta.get("name") if meta else None
