"""An MQTT message on its way to whoever listens, and how it stands in a stream."""

from typing import Any, NamedTuple

from store import keys
from store.client import Entry
from store.tail import Place

NEVER = 0  # as an instant: does not expire


class Posted(NamedTuple):
    """An MQTT message that is to be told."""

    place: Place
    topic: str
    payload: bytes
    qos: int = 1
    retain: bool = False
    expires_ms: int = NEVER
    properties: bytes = b""  # of MQTT 5, as its publisher sent them
    publisher: str = ""  # its client id; empty where it is ours
    stream: str = keys.FIELD  # where it was read

    def is_over(self, now_ms: int) -> bool:
        """Whether nobody wants to hear it any more."""
        return self.expires_ms != NEVER and self.expires_ms <= now_ms


def fields_of(posted: Posted) -> dict[str, Any]:
    """A message as fields of a stream's entry; what is as usual is left out."""
    fields = {
        "t": posted.topic, "p": posted.payload, "q": posted.qos, "r": int(posted.retain),
        "e": posted.expires_ms, "x": posted.properties, "c": posted.publisher,
    }  # fmt: skip
    return {name: value for name, value in fields.items() if name in "tpq" or value}


def posted_of(entry: Entry, stream: str = keys.FIELD) -> Posted:
    """The message of an entry."""
    place, said = entry
    return Posted(
        Place.parse(place),
        said[b"t"].decode(),
        said[b"p"],
        int(said.get(b"q", 1)),
        said.get(b"r") == b"1",
        int(said.get(b"e", NEVER)),
        said.get(b"x", b""),
        said.get(b"c", b"").decode(),
        stream,
    )
