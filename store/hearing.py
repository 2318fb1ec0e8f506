"""Event messages of a stretch of the log, as the city hears them, and letters for bad ones."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from city.health import DEAD_LETTER_BYTES, DeadLetter
from city.kinds import BY_NAME
from city.records import Channel, point_of
from city.refusal import Refusal
from city.reports import NO_REPORTS, SENDERS, Heard
from city.things import ThingKey
from geo.cells import cell_name
from store import payload
from store.following import Stretch

UNDECLARED = "undeclared"  # the feed that hears what no other does
BAD_REPORT = "bad_report"


class Message(NamedTuple):
    """An event with the message that it came in."""

    heard: Heard
    payload: bytes
    received_ms: int


def events_in(stretch: Stretch) -> Iterator[Message]:
    """The events of a stretch in the order of the log."""
    batch = stretch.of(Channel.EVENT)
    for record, said in zip(batch.records, batch.payloads, strict=True):
        yield Message(_heard(batch.things[record["thing"]], record, said), said,
                      int(record["received_ms"]))  # fmt: skip


def letter_of(message: Message, refusal: Refusal) -> DeadLetter:
    """What is kept of an event that is no report, for its sender to read."""
    kind = ThingKey.parse(message.heard.thing).kind
    is_known = kind in SENDERS or kind in NO_REPORTS or kind in BY_NAME
    return DeadLetter(
        feed=kind if is_known else UNDECLARED,
        topic=f"cb/v1/{message.heard.area or '+'}/{message.heard.thing}/event",
        reason=BAD_REPORT,
        sentence=f"{refusal}.",
        received_ms=message.received_ms,
        payload=message.payload[:DEAD_LETTER_BYTES],
        size=len(message.payload),
    )


def _heard(thing: str, record: np.void, said: bytes) -> Heard:
    """A clock that runs ahead tells nothing of what happened before we heard of it."""
    return Heard(
        thing=thing,
        said=payload.facts(said),
        point=point_of(record),
        area=str(record["area"]) if record["area"] else "",
        cell=cell_name(int(record["cell"])),
        at_ms=min(int(record["observed_ms"]), int(record["received_ms"])),
    )
