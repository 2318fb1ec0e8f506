"""One connected subscriber: what waits for it, what it was told, what it has not acknowledged.

It is told at most so much without an answer. What comes meanwhile waits here up to a bound, and
behind that in the store: a slow reader costs no memory, and misses nothing that the store keeps.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import NamedTuple, Protocol

from feeds.subscribing import Told, publish_packet
from store import keys
from store.posted import Posted
from store.subscribers import Held, Mark, Standing, Stretch, Subscriber, Subscription
from store.tail import Place

MOST_UNACKNOWLEDGED = 100
MOST_WAITING, LOW = 500, 100
LARGEST_ID = 0xFFFF


class Line(Protocol):
    """The connection to a subscriber."""

    @property
    def is_clogged(self) -> bool:
        """Whether bytes wait that the other side does not take."""

    def send(self, data: bytes) -> None:
        """Bytes to the other side."""

    def move_on(self) -> None:
        """Another worker serves it now."""


class Manners(NamedTuple):
    """What a subscriber said of itself when it connected."""

    v5: bool
    receive_maximum: int = 0xFFFF
    largest_packet: int = 0xFFFF_FFFF


class Message(NamedTuple):
    """What waits to be told, and what of it was asked for."""

    posted: Posted
    qos: int
    retain: bool
    subscription_ids: Sequence[int]
    number: int = 0  # the packet identifier under which it was told before

    @property
    def told(self) -> Told:
        """As it is written down."""
        one = self.posted
        return Told(one.topic, one.payload, self.retain, one.properties, self.subscription_ids,
                    one.expires_ms)  # fmt: skip


def message_of(posted: Posted, wanted: Sequence[Subscription], *, is_new: bool) -> Message:
    """One copy for all subscriptions that hear it, [MQTT-3.3.4-2 ff.].

    RETAIN says that a message was kept from before, unless a subscription wants it as published.
    """
    retain = posted.retain and (not is_new or any(one.as_published for one in wanted))
    named = tuple(one.identifier for one in wanted if one.identifier)
    return Message(posted, min(posted.qos, max(one.qos for one in wanted)), retain, named)


@dataclass(slots=True)
class Delivery:
    """Owned by the loop; `push` after anything changed."""

    client_id: str
    subscriber: Subscriber
    manners: Manners
    line: Line
    mark: Mark  # all up to here was offered, or not wanted
    is_live: bool = False  # what is new is offered at once; else it is read from the store
    is_reading: bool = False  # from the store, at present
    is_dirty: bool = False  # the store does not know how far it is
    waiting: deque[Message] = field(default_factory=deque)
    retained: deque[str] = field(default_factory=deque)  # topics that are still to be told
    _unanswered: dict[int, Message] = field(default_factory=dict)
    _in_use: set[int] = field(default_factory=set)  # packet identifiers
    _numbers: "count[int]" = field(default_factory=count)

    @property
    def is_kept(self) -> bool:
        """Whether it outlives its connection."""
        return self.subscriber.expiry_s > 0

    @property
    def wants_more(self) -> bool:
        """Whether it has to be read for, now that there is room."""
        lags = bool(self.retained) or not self.is_live
        return lags and not self.is_reading and len(self.waiting) < LOW

    def offer(self, posted: Posted, wanted: Iterable[Subscription], end: Mark) -> None:
        """A new message that its subscriptions hear; all up to `end` was offered before."""
        heard = self.hearing(posted, wanted)
        if not (heard and self.is_live) or self.mark.has(posted):
            return
        if len(self.waiting) < MOST_WAITING:
            self.waiting.append(message_of(posted, heard, is_new=True))
            return
        self.is_live = False
        self.mark = _before(self.mark.later(end), posted)

    def hearing(self, posted: Posted, wanted: Iterable[Subscription]) -> list[Subscription]:
        """Those that hear it: not one's own word, nor what was before them."""
        return [
            one
            for one in wanted
            if not (one.no_local and posted.publisher == self.client_id)
            and not (posted.stream != keys.RETAINED and one.since.has(posted))
        ]

    def push(self, now_ms: int) -> None:
        """Tells it what it can take."""
        said = []
        room = min(MOST_UNACKNOWLEDGED, self.manners.receive_maximum)
        while self.waiting and not self.line.is_clogged:
            if self.waiting[0].qos and len(self._unanswered) >= room:
                break
            said.append(self._say(self.waiting.popleft(), now_ms))
        self.line.send(b"".join(said))

    def _say(self, message: Message, now_ms: int) -> bytes:
        """[MQTT-3.3.2-5], [MQTT-3.1.2-25]: what is over or too large is as if it had been told."""
        self.is_dirty = True
        number = message.number or (self._number() if message.qos else 0)
        again = bool(message.number)
        packet = publish_packet(self.manners.v5, message.told, number, again, now_ms)
        if message.posted.is_over(now_ms) or len(packet) > self.manners.largest_packet:
            self._in_use.discard(number)
            return b""
        if number:
            self._unanswered[number] = message
        return packet

    def _number(self) -> int:
        """A packet identifier that is not in use, [MQTT-2.2.1-4]."""
        while (number := next(self._numbers) % LARGEST_ID + 1) in self._in_use:
            pass
        self._in_use.add(number)
        return number

    def acknowledged(self, number: int) -> None:
        """It has it."""
        if self._unanswered.pop(number, None) is not None:
            self._in_use.discard(number)
            self.is_dirty = True

    def resume(self, held: Iterable[tuple[Held, Posted | None]], wanted: "Wanted") -> None:
        """What it has not acknowledged is told again by its old number, [MQTT-4.4.0-1]."""
        for one, posted in held:
            if one.number == 0:
                self.retained.append(one.name)
            elif posted is not None and (heard := wanted(posted)):
                is_new = one.stream != keys.RETAINED
                message = message_of(posted, heard, is_new=is_new)
                self._in_use.add(one.number)
                self.waiting.append(message._replace(qos=1, number=one.number))

    def catch_up(self, stretch: Stretch, wanted: "Wanted", end: Mark) -> None:
        """What it missed; it is live again once it has come as far as everybody."""
        self.is_reading, self.is_dirty = False, True
        for posted in stretch.posted:
            heard = self.hearing(posted, wanted(posted))
            if heard and posted.qos:
                self.waiting.append(message_of(posted, heard, is_new=True))
        self.mark = stretch.mark
        self.is_live = not stretch.is_full and stretch.mark.reaches(end)

    def remind(self, kept: Iterable[Posted], wanted: "Wanted") -> None:
        """Retained messages that it has not been told yet."""
        self.is_reading = False
        for posted in kept:
            if heard := self.hearing(posted, wanted(posted)):
                self.waiting.append(message_of(posted, heard, is_new=False))

    def standing(self, end: Mark) -> Standing:
        """How far it is, for the store: what only waits here does not count as told."""
        mark = self.mark.later(end) if self.is_live else self.mark
        for message in self.waiting:
            mark = mark if message.number else _before(mark, message.posted)
        told = [*self._unanswered.items(), *((one.number, one) for one in self.waiting)]
        held = [_held(number, one) for number, one in told
                if number or one.posted.stream == keys.RETAINED]  # fmt: skip
        return Standing(mark, (*held, *(Held(0, keys.RETAINED, topic) for topic in self.retained)))


class Wanted(Protocol):
    """The subscriptions of one client that hear a message."""

    def __call__(self, posted: Posted) -> Sequence[Subscription]: ...


def _held(number: int, message: Message) -> Held:
    posted = message.posted
    is_kept = posted.stream == keys.RETAINED
    return Held(number, posted.stream, posted.topic if is_kept else str(posted.place))


def _before(mark: Mark, posted: Posted) -> Mark:
    """A mark that a message still lies behind."""
    if posted.stream == keys.RETAINED:
        return mark
    name = "field" if posted.stream == keys.FIELD else "relayed"
    ms, number = posted.place
    before = Place(ms, number - 1) if number else Place(ms - 1, 2**63)
    return mark._replace(**{name: min(getattr(mark, name), before)})
