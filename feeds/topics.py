"""Topics: filters as MQTT reads them, and addresses as our own contract writes them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from feeds.feed import BadMessage, Feed, Reason
from feeds.standards.ijson import shown

NATIVE, VERSION = "cb", "v1"
SHAPE = "cb/v1/{adcode}/{dept}/{kind}/{object}/{channel}"
CHANNELS = ("data", "state", "meta", "event")
OUTBOUND = ("cmd", "ack")
ANSWER = ("order", "ack")  # the kind and channel on which the field answers
_ADCODE = re.compile(r"[1-9][0-9]{5}")
_SLUG = re.compile(r"[A-Za-z0-9_-]{1,32}")
_OBJECT = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Address(NamedTuple):
    """A topic of our own contract, in its parts."""

    adcode: int
    department: str
    kind: str
    object: str
    channel: str

    @property
    def thing(self) -> str:
        """The name of the thing that is spoken about."""
        return f"{self.department}/{self.kind}/{self.object}"


def matches(topic_filter: str, topic: str) -> bool:
    """Whether a filter hears a topic. MQTT 5 §4.7: `+` is one level, `#` is all the rest."""
    # [MQTT-4.7.2-1]: what begins with $ is not heard by a filter that begins with a wildcard.
    if topic.startswith("$") and topic_filter[:1] in ("+", "#"):
        return False
    return covers(topic_filter.split("/"), topic.split("/"))


def covers(wide: Sequence[str], narrow: Sequence[str]) -> bool:
    """Whether a filter, in its levels, hears all that another one, or a topic, can mean."""
    for place, level in enumerate(wide):
        if level == "#":
            return True
        if place >= len(narrow) or narrow[place] == "#" or level not in ("+", narrow[place]):
            return False
    return len(wide) == len(narrow)


def is_filter(text: str) -> bool:
    """[MQTT-4.7.1-1 ff.]: a wildcard stands alone in its level, and `#` is the last one."""
    levels = text.split("/")
    alone = all(level in ("+", "#") or not set(level) & {"+", "#"} for level in levels)
    return bool(text) and alone and "#" not in levels[:-1]


def is_topic(topic: bytes) -> bool:
    """Whether others may be told of it: [MQTT-3.3.2-2], [MQTT-4.7.3-1 f.]."""
    try:
        text = topic.decode()
    except UnicodeDecodeError:
        return False
    return bool(text) and not set(text) & {"+", "#", "\0"}


def text_of(topic: bytes) -> str:
    """A topic as text, or BadMessage."""
    try:
        return topic.decode()
    except UnicodeDecodeError:
        raise BadMessage(Reason.BAD_TOPIC, "The topic is not UTF-8.") from None


def address(topic: str) -> Address:
    """The parts of a topic of our own contract, or BadMessage with the part that is wrong."""
    levels = topic.split("/")
    if len(levels) > 1 and levels[1] != VERSION:
        raise BadMessage(
            Reason.UNKNOWN_VERSION, f"The version {shown(levels[1])} is unknown; use {VERSION}."
        )
    if len(levels) != len(SHAPE.split("/")):
        raise BadMessage(Reason.BAD_TOPIC, f"The topic must have seven levels: {SHAPE}.")
    _, _, adcode, department, kind, name, channel = levels
    _check(adcode, _ADCODE, "area must be six digits")
    _check(department, _SLUG, "department must be 1 to 32 of A-Z a-z 0-9 _ -")
    _check(kind, _SLUG, "kind must be 1 to 32 of A-Z a-z 0-9 _ -")
    _check(name, _OBJECT, "object must be 1 to 64 of A-Z a-z 0-9 _ -")
    _check_channel(kind, channel)
    return Address(int(adcode), department, kind, name, channel)


def is_command(topic: bytes) -> bool:
    """Whether a message is for the field; who subscribes to all hears it, and learns nothing."""
    return topic.endswith(b"/cmd") and topic.startswith(b"cb/v1/")


def _check(level: str, pattern: re.Pattern[str], rule: str) -> None:
    if not pattern.fullmatch(level):
        raise BadMessage(Reason.BAD_TOPIC, f"The topic's {rule}; it is {shown(level)}.")


def _check_channel(kind: str, channel: str) -> None:
    if (kind, channel) == ANSWER:
        return
    if channel in OUTBOUND:
        raise BadMessage(
            Reason.UNKNOWN_CHANNEL,
            f"The channel {channel} belongs to orders; nobody hears it here.",
        )
    if channel not in CHANNELS:
        raise BadMessage(
            Reason.UNKNOWN_CHANNEL,
            f"The channel is {shown(channel)}; it must be data, state, meta or event.",
        )


@dataclass(slots=True)
class Node:
    """A level of the tree of filters: what may come below, and who hears what ends here."""

    below: dict[str, "Node"] = field(default_factory=dict)
    feed: Feed | None = None

    def find(self, levels: Sequence[str]) -> Feed | None:
        """Who hears the rest of a topic; a level by name goes before `+`, and that before `#`."""
        if not levels:
            return self.feed or self._rest()
        for level in (levels[0], "+"):
            node = self.below.get(level)
            if node and (found := node.find(levels[1:])):
                return found
        return self._rest()

    def _rest(self) -> Feed | None:
        node = self.below.get("#")
        return node.feed if node else None


class Router:
    """Which feed hears a topic."""

    def __init__(self, feeds: Iterable[Feed]) -> None:
        self._root = Node()
        for feed in feeds:
            node = self._root
            for level in feed.topic_filter.split("/"):
                node = node.below.setdefault(level, Node())
            node.feed = feed

    def route(self, topic: str) -> Feed:
        """The feed that hears a topic, the one with the narrowest filter, or BadMessage."""
        feed = self._root.find(topic.split("/"))
        if feed is None:
            raise BadMessage(
                Reason.NO_FEED, f"No feed listens to this topic; our own shape is {SHAPE}."
            )
        return feed
