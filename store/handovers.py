"""Handovers: signed sheets, kept for ever; every signature is on record."""

import msgspec

from city.handover import WHAT, Handover, Line, Stand, confirmed, signed, withdrawn
from city.refusal import NotFound
from city.roles import Actor
from store import keys
from store.books import Page
from store.client import Client
from store.ledger import Ledger, encode
from store.reach import reaching

LAST = "last"
_handover = msgspec.json.Decoder(Handover).decode


class HandoverStore:
    """The room of handovers, numbered from 1."""

    def __init__(self, client: Client, ledger: Ledger) -> None:
        self._redis = client
        self._ledger = ledger

    def get(self, number: int) -> Handover:
        """One of them; NotFound where there is none."""
        with reaching():
            packed = self._redis.hget(keys.HANDOVERS, str(number))
        return known(packed, number)

    def newest(self, most: int = 50) -> list[Handover]:
        """The last ones, newest first."""
        with reaching():
            last = int(self._redis.hget(keys.HANDOVERS, LAST) or 0)
            numbers = [str(one) for one in range(last, max(0, last - most), -1)]
            packed = self._redis.hmget(keys.HANDOVERS, numbers) if numbers else []
        return [_handover(one) for one in packed if one]

    def sign(self, lines: list[Line], orders: str, actor: Actor) -> Handover:
        """The leaving seat puts its name to what is open."""

        def act(page: Page) -> Handover:
            number = int(page.get(keys.HANDOVERS, LAST) or 0) + 1
            own = f"of|{actor.seat.account}"
            former = page.get(keys.HANDOVERS, (page.get(keys.HANDOVERS, own) or b"").decode())
            handover = signed(number, lines, orders, waiting(former), actor)
            page.put(keys.HANDOVERS, LAST, b"%d" % number)
            page.put(keys.HANDOVERS, own, b"%d" % number)
            put(page, handover)
            page.detail["lines"] = len(lines)
            return handover

        return self._ledger.write(act, actor.draft("handover.sign", "handover"))

    def confirm(self, number: int, actor: Actor) -> Handover:
        """The incoming seat takes over."""

        def act(page: Page) -> Handover:
            handover = confirmed(known(page.get(keys.HANDOVERS, str(number)), number), actor)
            put(page, handover)
            return handover

        return self._ledger.write(act, actor.draft("handover.confirm", f"handover/{number}"))

    def withdraw(self, number: int, actor: Actor) -> Handover:
        """The leaving seat takes it back."""

        def act(page: Page) -> Handover:
            handover = withdrawn(known(page.get(keys.HANDOVERS, str(number)), number), actor)
            put(page, handover)
            return handover

        return self._ledger.write(act, actor.draft("handover.withdraw", f"handover/{number}"))


def known(packed: bytes | None, number: int) -> Handover:
    """The handover, or NotFound."""
    if packed is None:
        raise NotFound("not_found", name=str(number), what=WHAT)
    return _handover(packed)


def waiting(packed: bytes | None) -> Handover | None:
    """A former one that is not confirmed yet."""
    former = _handover(packed) if packed else None
    return former if former and former.stand is Stand.SIGNED else None


def put(page: Page, handover: Handover) -> None:
    """Into the books."""
    page.put(keys.HANDOVERS, str(handover.number), encode(handover))
    page.subject = f"handover/{handover.number}"
    page.changed("handover", str(handover.number))
