"""Vehicles of Helsinki Region Transport: a real city's traffic. Its data are © HSL, CC BY 4.0.

    /hfp/v2/journey/ongoing/vp/bus/0018/01029/1061/2/Rautatientori/09:52/1020106/3/60;24/19/70/55
    {"VP":{"desi":"61","dir":"2","oper":6,"veh":1029,"tst":"2026-09-06T07:10:00.412Z",
     "tsi":1788678600,"spd":8.25,"hdg":204,"lat":60.1755,"long":24.9505,"acc":0.5,"dl":-60,
     "odo":1500,"drst":0,"oday":"2026-09-06","jrn":100,"line":900,"start":"09:52","loc":"GPS",
     "stop":null,"route":"1061","occu":40}}

The thing is `hsl/bus/0018-01029`: operator and vehicle as they stand in the topic, for the
operator of the payload may be another one.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from city.records import Channel
from feeds.feed import Fact, Feed, Message
from feeds.standards.hfp import Body, Topic, read_body, read_topic
from geo.points import Point

DEPARTMENT = "hsl"
# What is measured or shown stands under `values`; the rest of the body is kept under `extra`.
VALUES = ("acc", "dl", "odo", "drst", "occu", "desi", "dir", "route", "start", "stop", "loc")
MOVED = {"tst", "lat", "long", "spd", "hdg", *VALUES}


def decode(message: Message) -> Iterator[Fact]:
    """The one fact of a message, in the words of our own contract."""
    topic = read_topic(message.topic)
    body = read_body(topic.event, message.payload)
    values = _values(topic, body)
    yield Fact(
        thing=f"{DEPARTMENT}/{topic.mode}/{topic.operator}-{topic.vehicle}",
        channel=Channel.DATA,
        observed_at=body.observed_at,
        payload=_payload(topic, body, values),
        point=Point(*body.position) if body.position else None,
        speed_mps=body.speed_mps,
        heading_deg=body.heading_deg,
        value=values.get("load_pct"),
    )


def _values(topic: Topic, body: Body) -> Mapping[str, Any]:
    """HSL's own short names, and the occupancy once more under the name that our kinds have."""
    named = {name: body.said[name] for name in VALUES if _is_plain(body.said.get(name))}
    occupancy = body.said.get("occu")
    if isinstance(occupancy, int | float):
        named["load_pct"] = float(occupancy)
    return {"event": topic.event, **named}


def _is_plain(value: object) -> bool:
    return value is not None and not isinstance(value, dict | list)


def _payload(topic: Topic, body: Body, values: Mapping[str, Any]) -> bytes:
    fields = {
        "ts": body.observed_at.isoformat().replace("+00:00", "Z"),
        "pos": body.position,
        "datum": "wgs84" if body.position else None,
        "speed_mps": body.speed_mps,
        "heading_deg": body.heading_deg,
        "values": values,
        "extra": _extra(topic, body),
    }
    return msgspec.json.encode({name: said for name, said in fields.items() if said is not None})


def _extra(topic: Topic, body: Body) -> Mapping[str, Any]:
    rest = {name: said for name, said in body.said.items() if name not in MOVED}
    levels = {name: level for name, level in topic._asdict().items() if level is not None}
    return {"topic": levels, **rest}


FEED = Feed(
    name="hfp",
    zh="赫尔辛基公共交通",
    en="Helsinki public transport",
    department=DEPARTMENT,
    topic_filter="/hfp/#",
    period_s=1,
    decode=decode,
    standard="HSL HFP v2",
)
