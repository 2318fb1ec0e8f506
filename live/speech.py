"""What is said of single things in text: who they are, and the reading of the one that is open."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from math import isnan
from typing import Any

from city.naming import title
from city.records import point_of
from city.things import ThingKey
from live.layers import Layers
from store.newest import NewestTable

Json = dict[str, Any]


def who(table: NewestTable, layers: Layers, indices: Iterable[int], lang: str) -> list[Json]:
    """Names and newest values."""
    return list(_who(table, layers, indices, lang))


def _who(table: NewestTable, layers: Layers, indices: Iterable[int], lang: str) -> Iterator[Json]:
    for index in indices:
        thing, value = table.ids[index], float(table.records[index]["value"])
        kind = layers.kind(ThingKey.parse(thing).kind)
        yield {
            "index": index,
            "id": thing,
            "name": title(thing, table.metas[index], lang),
            "kind": kind.name,
            "layer": layers.number(kind.name),
            "value": None if isnan(value) else round(value, 4),
            "unit": kind.quantities[0].unit if kind.quantities else "",
            "level": int(table.level[index]),
        }


def reading(table: NewestTable, index: int, now: datetime) -> Json:
    """Everything about one thing, as the API says it."""
    point = point_of(table.records[index])
    place = {"lon": point.lon, "lat": point.lat} if point else {"lon": None, "lat": None}
    return {"index": index, "id": table.ids[index], **place, **table.properties(index, now)}
