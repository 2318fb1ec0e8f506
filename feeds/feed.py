"""A supplier, its messages, and what they mean."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from city.kinds import Kind
from city.quality import Quality
from city.records import Channel
from feeds.standards.refusals import BadMessage, Reason
from geo.points import Point

__all__ = ["BadMessage", "Fact", "Feed", "Message", "Reason"]


@dataclass(frozen=True, slots=True)
class Message:
    """What came in, and when."""

    topic: str
    payload: bytes
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One reading, state, registration or event, in our own words and WGS-84."""

    thing: str  # dept/kind/object
    channel: Channel
    observed_at: datetime
    payload: bytes  # the message as our own contract writes it
    seq: int | None = None
    point: Point | None = None
    speed_mps: float | None = None
    heading_deg: float | None = None
    status: str | None = None
    value: float | None = None  # the kind's leading quantity; of a state, whether it is online
    quality: Quality = Quality.GOOD  # what the message itself shows; clock and bounds come later
    area_hint: int = 0  # adcode that the sender declares


@dataclass(frozen=True, slots=True)
class Feed:
    """One supplier: what it is called, what it is heard on, and how it is read."""

    name: str
    zh: str
    en: str
    department: str
    topic_filter: str
    period_s: float
    decode: Callable[[Message], Iterable[Fact]]
    standard: str = ""
    about: str = ""  # the docstring of its file: topic and payload
    # A feed of our own contract names its kind, which lets its readings be read in bulk.
    kind: Kind | None = None
    is_fallback: bool = False  # hears what no other feed does
