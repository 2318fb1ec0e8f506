"""All connections together: they come back for ever, and say who they speak for when they do."""

import logging
import select
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

import paho.mqtt.client as paho

from simulator.connection import Broker, Connection
from simulator.script import Said

log = logging.getLogger("simulator")

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.25, 10.0
CONNECT_WITHIN_S = 10.0
BIRTHS_AT_ONCE = 400  # per turn and connection, so that readings are not kept waiting
MANY_WAITING = 5_000
CARE_EVERY_S = 1.0


class Ears(NamedTuple):
    """By sender, the topics that it listens to, and who is told what was heard."""

    filters: Mapping[str, str]
    hear: Callable[[str, bytes], None]


DEAF = Ears({}, lambda _topic, _payload: None)


@dataclass
class Member:
    """One connection with its patience."""

    client: Connection
    births: Callable[[], Iterator[Said]]
    listens_to: str = ""  # a topic filter
    pause_s: float = FIRST_PAUSE_S
    again_at: float = 0.0
    unsaid: deque[Said] = field(default_factory=deque)

    def greet(self) -> None:
        """A new connection: what is owed, then who there is."""
        self.client.say_again()
        self.pause_s = FIRST_PAUSE_S
        self.unsaid = deque(self.births())
        if self.listens_to:
            self.client.subscribe(self.listens_to, qos=1)

    def turn(self) -> None:
        """Says some of what is left to say about who there is."""
        if len(self.client.waiting) < MANY_WAITING:
            for _ in range(min(BIRTHS_AT_ONCE, len(self.unsaid))):
                said = self.unsaid.popleft()
                self.client.say(said.topic, said.payload, retain=said.retain)
        self.client.flush()


class Crew:
    """Senders by name."""

    def __init__(self, broker: Broker, wills: Iterable[tuple[str, str | None]],
                 births: Callable[[str], Iterator[Said]], ears: Ears = DEAF) -> None:  # fmt: skip
        self._where = f"{broker.host}:{broker.port}"
        self._members: dict[str, Member] = {}
        for sender, will in wills:
            filters = ears.filters.get(sender, "")
            name = f"simulator-{sender.replace('/', '-')}"
            client = Connection(name, broker, will, listens=bool(filters))
            client.on_connect = self._connected
            client.on_message = lambda _client, _sender, one: ears.hear(
                one.topic, bytes(one.payload)
            )
            client.user_data_set(sender)
            self._members[sender] = Member(client, partial(births, sender), filters)
        self._was_lost = False
        self._care_at = 0.0

    @property
    def connected(self) -> int:
        """How many connections are up."""
        return sum(member.client.is_connected() for member in self._members.values())

    @property
    def waiting(self) -> int:
        """Messages that nobody has acknowledged."""
        return sum(len(member.client.waiting) for member in self._members.values())

    @property
    def given_up(self) -> int:
        """Messages that found no room to wait in."""
        return sum(member.client.given_up for member in self._members.values())

    def say(self, messages: Iterable[Said]) -> None:
        """Hands messages to their connections."""
        members = self._members
        for sender, topic, payload, retain in messages:
            members[sender].client.say(topic, payload, retain=retain)

    def turn(self, until: float) -> None:
        """Sends and receives until a moment of the monotonic clock."""
        while True:
            for member in self._members.values():
                member.turn()
            self._care(time.monotonic())
            left = until - time.monotonic()
            self._serve(max(0.0, left))
            if left <= 0:
                return

    def _serve(self, seconds: float) -> None:
        poll, members = select.poll(), {}
        for member in self._members.values():
            sock = member.client.socket()
            if sock is None:
                continue
            members[sock.fileno()] = member.client
            writes = select.POLLOUT if member.client.want_write() else 0
            poll.register(sock, select.POLLIN | writes)
        for fd, what in poll.poll(min(seconds, CARE_EVERY_S) * 1000):
            if what & select.POLLOUT:
                members[fd].loop_write()
            if what & ~select.POLLOUT:
                members[fd].loop_read()

    def _care(self, now: float) -> None:
        if now < self._care_at:
            return
        self._care_at = now + FIRST_PAUSE_S
        for member in self._members.values():
            if member.client.socket() is not None:
                self._hurry(member, now)
                member.client.loop_misc()
            elif now >= member.again_at:
                self._connect(member, now)

    def _hurry(self, member: Member, now: float) -> None:
        """A broker that takes the connection and says nothing is no broker."""
        if not member.client.is_connected() and now > member.again_at + CONNECT_WITHIN_S:
            member.client._sock_close()

    def _connect(self, member: Member, now: float) -> None:
        member.again_at = now + member.pause_s
        member.pause_s = min(2 * member.pause_s, LONGEST_PAUSE_S)
        try:
            member.client.reconnect()
        except OSError as error:
            self._tell_lost(error)

    def _tell_lost(self, error: OSError) -> None:
        if not self._was_lost:
            log.warning("nobody takes our messages where=%s why=%s", self._where, error)
        self._was_lost = True

    def _connected(
        self, client: paho.Client, sender: str, _flags: object, reason: object, _properties: object
    ) -> None:
        if str(reason) != "Success":
            log.warning("turned away sender=%s why=%s", sender, reason)
            return
        self._members[sender].greet()
        if self._was_lost:
            log.info("messages are taken again where=%s", self._where)
        self._was_lost = False

    def leave(self, within_s: float) -> None:
        """Waits for the last acknowledgements, then says goodbye."""
        until = time.monotonic() + within_s
        for member in self._members.values():
            member.unsaid.clear()
        while self.waiting and self.connected and time.monotonic() < until:
            self.turn(time.monotonic() + 0.02)
        for member in self._members.values():
            member.client.disconnect()
