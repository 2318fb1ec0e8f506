"""Everything about one thing in plain values, as the inspector shows it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from callbacks.asking import sight_asked
from callbacks.desk import Desk
from callbacks.naming import name_of
from city.kinds import Kind, Quantity
from city.records import point_of
from city.things import ThingKey
from layouts.charts import Series
from layouts.figures import number
from layouts.panels.inspector import ThingFacts
from layouts.words import Words
from store import payload
from store.reading import Reading

POINTS = 240
NO_QUANTITY = Quantity("", "", "", "")
Json = dict[str, Any]


def thing_facts(desk: Desk, thing: str, words: Words) -> ThingFacts | None:
    """None where nothing is known of it, or not for this seat."""
    with desk.store.live.lock:
        index = desk.table.index.get(thing)
        if index is None or not desk.table.may_see(sight_asked(desk), index):
            return None
        said = payload.facts(desk.table.payloads[index])
        told = desk.table.properties(index, desk.now())
        point = point_of(desk.table.records[index])
        title = name_of(desk, index, words)
    key = ThingKey.parse(thing)
    kind = desk.kind(key.kind)
    leading = kind.quantities[0] if kind.quantities else NO_QUANTITY
    return ThingFacts(
        thing=thing,
        title=title,
        kind=words.pick(kind.zh, kind.en),
        department=desk.department(key.department, words),
        quantity=words.pick(leading.zh, leading.en),
        value=figure(told["values"].get(leading.name)),
        unit=leading.unit,
        limits=leading.limits or (),
        is_verified=leading.verified,
        area=desk.area(told["area"], words),
        place=tuple(point) if point else None,
        values=other_values(told["values"], kind, words),
        source=f"cb/v1/…/{thing}" if key.department != "hsl" else key.department,
        **sent_as(said),
        **as_told(told),
    )


def as_told(told: Mapping[str, Any]) -> Json:
    """What the API says, with instants as instants."""
    names = ("level", "state", "period_s", "status", "speed_mps", "heading_deg", "online",
             "uncertain")  # fmt: skip
    return {
        **{name: told[name] for name in names},
        "cell": told["cell"] or "",
        "observed_at": parsed(told["observed_at"]),
        "received_at": parsed(told["received_at"]),
    }


def sent_as(said: Mapping[str, Any]) -> Json:
    """The datum of the sender, and the pair it sent where that is not the one we show."""
    datum, pos = said.get("datum") or "wgs84", said.get("pos")
    is_pair = isinstance(pos, list) and len(pos) >= 2 and datum != "wgs84"
    return {"datum": str(datum), "sent_place": (pos[0], pos[1]) if is_pair else None}


def parsed(text: str | None) -> datetime | None:
    """An instant of the API."""
    return datetime.fromisoformat(text) if text else None


def figure(value: Any) -> float | None:
    """A number, if it is one."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number else None


def other_values(values: Mapping[str, Any], kind: Kind, words: Words) -> list[tuple[str, str]]:
    """All values but the leading one, those of the catalogue with name and unit."""
    known = {quantity.name: quantity for quantity in kind.quantities}
    leading = kind.quantities[0].name if kind.quantities else ""
    return [
        (label(known.get(name), name, words), text(value, known.get(name)))
        for name, value in values.items()
        if name != leading
    ]


def label(quantity: Quantity | None, name: str, words: Words) -> str:
    """What a value is called."""
    return words.pick(quantity.zh, quantity.en) if quantity else name


def text(value: Any, quantity: Quantity | None) -> str:
    """A value as it is read."""
    plain = figure(value)
    return number(plain, quantity.unit if quantity else "") if plain is not None else str(value)


def chart_series(
    desk: Desk, facts: ThingFacts, since: datetime | None = None, until: datetime | None = None
) -> Series:
    """The last readings of the leading quantity; of what only moves, its speed."""
    first, last = (int(at.timestamp() * 1000) if at else None for at in (since, until))
    sight = sight_asked(desk)
    readings = desk.store.history.readings(facts.thing, first, last, POINTS, sight)
    if facts.quantity:
        return Series(points(readings, "value", 1), facts.unit, facts.limits)
    return Series(points(readings, "speed_mps", 3.6), "km/h")


def points(
    readings: list[Reading], name: str, factor: float
) -> list[tuple[datetime, float | None]]:
    """Instants and values; nothing where no reading has a value."""
    found = [(one.observed_at, getattr(one, name)) for one in readings]
    if all(value is None for _, value in found):
        return []
    return [(at, None if value is None else value * factor) for at, value in found]


def chart_value(facts: ThingFacts) -> float | None:
    """The newest point of the same series."""
    if facts.quantity:
        return facts.value
    return None if facts.speed_mps is None else facts.speed_mps * 3.6
