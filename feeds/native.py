"""Our own contract, one message at a time: what `cb/v1/…` means, and why it is refused."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any
from zlib import crc32

from city.kinds import Kind
from city.order_table import ACKS
from city.quality import Quality
from city.records import Channel
from feeds.feed import BadMessage, Fact, Feed, Message, Reason
from feeds.standards.ijson import read, read_object, shown
from feeds.standards.rfc3339 import instant
from feeds.topics import Address, address
from geo.datums import Datum, to_wgs84
from geo.points import Point

PRESENCE = {"online": 1.0, "offline": 0.0}
SAID = {
    "good": Quality.GOOD,
    "uncertain": Quality.SAID_UNCERTAIN,
    "bad": Quality.SAID_BAD,
}
MOST_SEQ = 2**63 - 1
SEVERITIES = (1, 2, 3, 4)

Document = Mapping[str, Any]


def native_feed(kind: Kind, *, is_fallback: bool = False) -> Feed:
    """The feed of one kind of our own contract; the fallback hears every other kind."""
    return Feed(
        name=kind.name,
        zh=kind.zh,
        en=kind.en,
        department=kind.department,
        topic_filter="cb/#" if is_fallback else f"cb/v1/+/+/{kind.name}/+/+",
        period_s=kind.period_s,
        decode=partial(decode, kind),
        standard="cb/v1",
        kind=kind,
        is_fallback=is_fallback,
    )


def decode(kind: Kind, message: Message) -> Iterator[Fact]:
    """The one fact of a message, or BadMessage."""
    place = address(message.topic)
    yield _READERS[place.channel](kind, place, message)


def _reading(kind: Kind, place: Address, message: Message) -> Fact:
    said = read_object(message.payload)
    values = _values(said)
    return Fact(
        thing=place.thing,
        channel=Channel.DATA,
        observed_at=instant(said.get("ts"), "ts"),
        payload=message.payload,
        seq=_seq(said),
        point=_point(said),
        speed_mps=_number(said, "speed_mps"),
        heading_deg=_number(said, "heading_deg"),
        status=_text(said, "status"),
        value=leading_value(kind, values),
        quality=_said_quality(said) | range_quality(kind, values),
        area_hint=place.adcode,
    )


def _state(_kind: Kind, place: Address, message: Message) -> Fact:
    """`online` or `offline` as they stand, as a JSON string, or as `{"state": …, "ts": …}`."""
    word, said = _presence(message.payload)
    if not (isinstance(word, str) and word in PRESENCE):
        raise BadMessage(
            Reason.BAD_VALUES, f"The state is {shown(word)}; it must be online or offline."
        )
    return Fact(
        thing=place.thing,
        channel=Channel.STATE,
        observed_at=_instant_or(message.received_at, said),
        payload=message.payload,
        seq=_seq(said),
        value=PRESENCE[word],
        area_hint=place.adcode,
    )


def _meta(_kind: Kind, place: Address, message: Message) -> Fact:
    said = read_object(message.payload)
    _check_name(said)
    _check_units(said)
    period_s = _number(said, "period_s")
    if period_s is not None and period_s <= 0:
        raise BadMessage(Reason.BAD_VALUES, f"`period_s` is {period_s:g}; it must be above 0.")
    return Fact(
        thing=place.thing,
        channel=Channel.META,
        observed_at=_instant_or(message.received_at, said),
        payload=message.payload,
        seq=_seq(said),
        point=_point(said),
        area_hint=place.adcode,
    )


def _event(_kind: Kind, place: Address, message: Message) -> Fact:
    """Its `id`, with the department, is what it is known by."""
    said = read_object(message.payload)
    identity = _text(said, "id")
    if not identity:
        raise BadMessage(Reason.BAD_SHAPE, "An event must have an `id` that is a text.")
    _check_event(said)
    return Fact(
        thing=place.thing,
        channel=Channel.EVENT,
        observed_at=instant(said.get("ts"), "ts"),
        payload=message.payload,
        seq=crc32(identity.encode()),
        point=_point(said),
        quality=_said_quality(said),
        area_hint=place.adcode,
    )


def _ack(_kind: Kind, place: Address, message: Message) -> Fact:
    """An answer to the order that the topic names."""
    said = read_object(message.payload)
    word = _text(said, "status")
    if word not in ACKS:
        raise BadMessage(
            Reason.BAD_VALUES, f"`status` is {shown(word)}; it must be one of {', '.join(ACKS)}."
        )
    for name in ("by", "reason"):
        _text(said, name)
    return Fact(
        thing=place.thing,
        channel=Channel.ACK,
        observed_at=instant(said.get("ts"), "ts"),
        payload=message.payload,
        seq=_seq(said),
        area_hint=place.adcode,
    )


_READERS: Mapping[str, Callable[[Kind, Address, Message], Fact]] = {
    "data": _reading,
    "state": _state,
    "meta": _meta,
    "event": _event,
    "ack": _ack,
}


def leading_value(kind: Kind, values: Document) -> float | None:
    """The value that is drawn: the kind's first quantity, a number or yes/no."""
    if not kind.quantities:
        return None
    name = kind.quantities[0].name
    value = values.get(name)
    if isinstance(value, str):
        raise BadMessage(Reason.BAD_VALUES, f"`{name}` is {shown(value)}; it must be a number.")
    return float(value) if isinstance(value, int | float) else None


def range_quality(kind: Kind, values: Document) -> Quality:
    """Whether every quantity of the kind is physically possible."""
    for quantity in kind.quantities:
        value = values.get(quantity.name)
        if isinstance(value, int | float) and not quantity.low <= value <= quantity.high:
            return Quality.OUT_OF_RANGE
    return Quality.GOOD


def _values(said: Document) -> Document:
    values = said.get("values")
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise BadMessage(Reason.BAD_VALUES, "`values` must be an object of names and values.")
    for name, value in values.items():
        if isinstance(value, dict | list):
            raise BadMessage(
                Reason.BAD_VALUES,
                f"The value of {shown(name)} must be a number, true or false, a text or null.",
            )
    return values


def _point(said: Document) -> Point | None:
    datum = said.get("datum")
    if datum is not None and datum not in tuple(Datum):
        raise BadMessage(
            Reason.BAD_DATUM, f"`datum` is {shown(datum)}; it must be one of {', '.join(Datum)}."
        )
    pos = said.get("pos")
    if pos is None:
        return None
    lon, lat = _pair(pos)
    return Point(*to_wgs84(lon, lat, datum or Datum.WGS84))


def _pair(pos: Any) -> tuple[float, float]:
    """Longitude and latitude; a third number is the height and is let pass."""
    if not (isinstance(pos, list) and len(pos) in (2, 3) and all(map(_is_number, pos))):
        raise BadMessage(
            Reason.BAD_POSITION, f"`pos` is {shown(pos)}; it must be [longitude, latitude]."
        )
    lon, lat = float(pos[0]), float(pos[1])
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        swapped = -90 <= lon <= 90 and -180 <= lat <= 180
        hint = "; longitude comes first" if swapped else ""
        raise BadMessage(Reason.BAD_POSITION, f"`pos` {shown(pos)} is not on the earth{hint}.")
    return lon, lat


def _seq(said: Document) -> int | None:
    seq = said.get("seq")
    if seq is None:
        return None
    if isinstance(seq, bool) or not isinstance(seq, int) or not 0 <= seq <= MOST_SEQ:
        raise BadMessage(
            Reason.BAD_SHAPE, f"`seq` is {shown(seq)}; it must be a whole number from 0 to 2⁶³−1."
        )
    return seq


def _number(said: Document, name: str) -> float | None:
    value = said.get(name)
    if value is None:
        return None
    if not _is_number(value):
        raise BadMessage(Reason.BAD_SHAPE, f"`{name}` is {shown(value)}; it must be a number.")
    return float(value)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _text(said: Document, name: str) -> str | None:
    value = said.get(name)
    if value is None or isinstance(value, str):
        return value
    raise BadMessage(Reason.BAD_SHAPE, f"`{name}` is {shown(value)}; it must be a text.")


def _said_quality(said: Document) -> Quality:
    word = _text(said, "q")
    if word is None:
        return Quality.GOOD
    if word not in SAID:
        raise BadMessage(
            Reason.BAD_VALUES, f"`q` is {shown(word)}; it must be good, uncertain or bad."
        )
    return SAID[word]


def _instant_or(received_at: datetime, said: Document) -> datetime:
    return received_at if said.get("ts") is None else instant(said["ts"], "ts")


def _presence(payload: bytes) -> tuple[object, Document]:
    plain = payload.strip().decode("ascii", "replace")
    if plain in PRESENCE:
        return plain, {}
    said = read(payload)
    if not isinstance(said, dict):
        return said, {}
    return said.get("state", said.get("status")), said


def _check_name(said: Document) -> None:
    name = said.get("name")
    words = name.values() if isinstance(name, dict) else () if name is None else (name,)
    if not all(isinstance(word, str) for word in words):
        raise BadMessage(Reason.BAD_SHAPE, '`name` must be a text or {"zh": "…", "en": "…"}.')


def _check_units(said: Document) -> None:
    units = said.get("units")
    if units is None:
        return
    if not isinstance(units, dict) or not all(isinstance(unit, str) for unit in units.values()):
        raise BadMessage(Reason.BAD_SHAPE, "`units` must be an object of names and units.")


def _check_event(said: Document) -> None:
    for name in ("type", "title", "description"):
        _text(said, name)
    severity = said.get("severity")
    if severity is not None and (severity not in SEVERITIES or isinstance(severity, bool)):
        raise BadMessage(
            Reason.BAD_VALUES, f"`severity` is {shown(severity)}; it must be 1 (Ⅰ) to 4 (Ⅳ)."
        )
