"""Our own MQTT door: publishers connect straight to the worker that stores their messages.

An acknowledgement of QoS 1 or 2 leaves only when the store has the message. A message that cannot
be understood is acknowledged too: it is kept as a dead letter, and sending it again helps nobody.
"""

import logging
import secrets
import socket
import ssl
import time
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from feeds.accounts import Accounts
from feeds.codes import Reason
from feeds.connection import LATER
from feeds.delivery import Manners
from feeds.exchange import Exchange
from feeds.guests import Guest, Kept
from feeds.handshake import Connect, Will, connack, limits
from feeds.ingest import Core
from feeds.loop import READS, Loop
from feeds.publisher import Publisher
from feeds.sessions import Session, Sessions, kept_for_s
from feeds.siblings import Siblings

log = logging.getLogger("intake")

BACKLOG = 4096
SEND_BUFFER = 1 << 16  # acknowledgements are short; accepted sockets inherit it
MOST_ACCEPTED = 64  # at one event, so that the others are not kept waiting
CONNECT_WITHIN_S = 10.0
PART_WITHIN_S = 2.0
TURN_EVERY_S = 1.0


@dataclass(frozen=True, slots=True)
class Terms:
    """On which terms publishers are let in; limits are those of one worker."""

    accounts: Accounts | None = None  # without: anybody, as meant for loopback
    tls: ssl.SSLContext | None = None
    largest_packet: int = 1 << 20  # the contract's 64 KiB and more, so that too much is told apart
    connections: int = 10_000
    rate_per_s: int = 50_000  # of one publisher


class Intake:
    """The listening socket, its publishers and their sessions."""

    def __init__(
        self,
        listener: socket.socket,
        core: Core,
        loop: Loop,
        terms: Terms,
        exchange: Exchange,
        siblings: Siblings | None = None,
    ) -> None:
        self.core, self.exchange, self.loop = core, exchange, loop
        self.now, self.now_wall = time.monotonic(), time.time()
        self.rate_per_s = terms.rate_per_s
        self.largest_packet = terms.largest_packet
        self._terms = terms
        self._listener = listener
        self._publishers: set[Publisher] = set()
        self._resting: set[Publisher] = set()
        self._sessions = Sessions(self._publish_will)
        self._siblings = siblings
        if siblings is not None:
            siblings.listen(self._sessions.move_on)
        self._turned_at = self.now
        self._was_shut = self._is_deaf = False
        loop.add_door(listener.fileno(), self._accept, READS)

    state, trouble = "listening", ""

    @property
    def connections(self) -> int:
        """Publishers connected now, and those who are about to hang up."""
        return len(self._publishers)

    def _accept(self, _events: int) -> None:
        for _ in range(MOST_ACCEPTED):
            try:
                sock, _address = self._listener.accept()
            except LATER:
                return
            except OSError as error:  # no file or no memory left: look again in a second
                log.warning("cannot accept a connection: %s", error)
                self.loop.change(self._listener.fileno(), 0)
                self._is_deaf = True
                return
            self._welcome(sock)

    def _welcome(self, sock: socket.socket) -> None:
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._terms.tls is not None:
            sock = self._terms.tls.wrap_socket(
                sock, server_side=True, do_handshake_on_connect=False
            )
        publisher = Publisher(sock, self)
        self._publishers.add(publisher)
        self.loop.add_door(publisher.fd, publisher.ready, READS)

    def admit(self, publisher: Publisher, connect: Connect) -> None:
        """Lets a publisher in, once the store has said what it kept of it, or refuses it."""
        reason = self._judge(publisher, connect)
        if reason is not Reason.SUCCESS:
            log.info("publisher refused reason=%s", reason.name.lower())
            publisher.send(connack(connect.v5, reason))
            publisher.end(None, None)
            return
        named = replace(connect, client_id=connect.client_id or f"auto-{secrets.token_hex(8)}")
        self._sessions.oust(named.client_id)
        if self._siblings is not None:
            self._siblings.tell(named.client_id)
        guest = guest_of(publisher, named)
        if connect.clean and not self.exchange.knows(named.client_id):
            self._enter(publisher, connect, guest, None)
            return
        publisher.wait()
        then = partial(self._enter, publisher, connect, guest)
        self.exchange.fetch(guest, connect.clean, then)

    def _enter(
        self, publisher: Publisher, connect: Connect, guest: Guest, kept: Kept | None
    ) -> None:
        named = replace(connect, client_id=guest.client_id)
        session, known = self._sessions.open(named, publisher)
        session.guest, publisher.session = guest, session
        publisher.will, publisher.silent_after_s = connect.will, connect.keep_alive_s * 1.5
        self.exchange.enter(guest, kept)
        if publisher.is_over:  # it left before we knew
            self.left(publisher, publisher.will)
            return
        properties = limits(
            self.largest_packet,
            "" if connect.client_id else guest.client_id,
            None if guest.expiry_s == connect.session_expiry_s else int(guest.expiry_s),
        )
        is_kept = known or kept is not None
        answer = connack(connect.v5, Reason.SUCCESS, known=is_kept, properties=properties)
        publisher.welcome(answer)

    def _judge(self, publisher: Publisher, connect: Connect) -> Reason:
        if len(self._publishers) > self._terms.connections:
            return Reason.SERVER_BUSY
        if not connect.client_id and not connect.clean and not connect.v5:
            return Reason.CLIENT_ID_NOT_VALID
        if self._terms.accounts is None:
            return Reason.SUCCESS
        publisher.rights = self._terms.accounts.rights(connect.user, connect.password)
        if publisher.rights is None:
            return Reason.BAD_USER_OR_PASSWORD
        if connect.will and not publisher.rights.allow(connect.will.topic):
            return Reason.NOT_AUTHORIZED
        return Reason.SUCCESS

    def rest(self, publisher: Publisher) -> None:
        """Not read from until the second is over."""
        if not publisher.is_over:
            self._resting.add(publisher)
            publisher.rest()

    def left(self, publisher: Publisher, will: Will | None) -> None:
        """Closes the publisher's session; it may have been taken over."""
        session = publisher.session
        if session is not None and session.owner is publisher:
            self.exchange.leave(session.client_id, publisher, session.expiry_s)
            self._sessions.close(session, will, self.now)

    def _publish_will(self, session: Session, will: Will) -> None:
        if relayed := self.exchange.picked(will.message, session.client_id):
            self.core.relay(self.exchange, relayed)
        self.core.offer(self, [will.topic], [will.payload], None, self.now_wall)

    def acknowledge(self, receipts: None) -> None:
        """Nobody waits for a will."""

    def turn(self, now: float) -> None:
        """Reads the clock for everybody, and once a second looks after the silent."""
        self.now, self.now_wall = now, time.time()
        self.exchange.turn(now)
        self._was_shut = self._was_shut or self.core.is_full
        if now - self._turned_at < TURN_EVERY_S:
            return
        if self._is_deaf:
            self._is_deaf = False
            self.loop.change(self._listener.fileno(), READS)
        self._wake_resting()
        for publisher in list(self._publishers):
            self._look_after(publisher, excused=self._was_shut)
        self._turned_at, self._was_shut = now, False
        self._sessions.turn(now)

    def _wake_resting(self) -> None:
        for publisher in self._publishers:
            publisher.taken = 0
        for publisher in self._resting:
            if not publisher.is_over:
                publisher.heard_at = self.now
                publisher.wake()
        self._resting.clear()

    def _look_after(self, publisher: Publisher, excused: bool) -> None:
        """Ends who is silent for too long; not while we are the ones who do not listen."""
        if publisher.is_over:
            if publisher.fd < 0 or self.now - publisher.ended_at > PART_WITHIN_S:
                publisher.close()
                self._publishers.discard(publisher)
        elif excused:
            publisher.heard_at = self.now
        elif publisher.session is None:
            if self.now - publisher.came_at > CONNECT_WITHIN_S:
                publisher.lose()
        elif 0 < publisher.silent_after_s < self.now - publisher.heard_at:
            publisher.end(Reason.KEEP_ALIVE_TIMEOUT, publisher.will)

    def leave(self, _now: float) -> bool:
        """Publishers keep what we do not take."""
        return True

    def close(self) -> None:
        """Says goodbye to everybody. Wills stay unsaid: it is we who leave."""
        self.loop.remove(self._listener.fileno())
        self._listener.close()
        if self._siblings is not None:
            self._siblings.close()
        for publisher in self._publishers:
            publisher.end(Reason.SERVER_SHUTTING_DOWN, None)
            publisher.close()
        self._publishers.clear()
        self.exchange.close()


def guest_of(publisher: Publisher, connect: Connect) -> Guest:
    """A publisher as one who may subscribe."""
    rights = publisher.rights
    return Guest(
        connect.client_id,
        "" if rights is None else connect.user or "",
        kept_for_s(connect),
        Manners(connect.v5, connect.receive_maximum, connect.largest_packet),
        publisher,
        (lambda _: True) if rights is None else rights.may_hear,
    )


def listen(bind: str, port: int, *, shared: bool) -> socket.socket:
    """The listening socket; `shared` lets other workers listen on the same port."""
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
    if shared:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        listener.bind((bind, port))
    except OSError:
        listener.close()
        raise
    listener.listen(BACKLOG)
    listener.setblocking(False)
    return listener


def tls_context(certificate: Path, key: Path) -> ssl.SSLContext:
    """TLS 1.2 and later with this certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key)
    return context
