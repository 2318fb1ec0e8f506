"""Who has a case open or fills in a form for it: told every few seconds, soon forgotten."""

from dataclasses import dataclass

import msgspec

from store import keys
from store.client import Client
from store.ledger import KEEP_CHANGES, encode
from store.reach import reaching

FORGOTTEN_AFTER_MS = 20_000  # a browser tells every 8 s
CASE = "case"


@dataclass(frozen=True, slots=True)
class Onlooker:
    """A seat at a case; `move` is the form it has open, empty where it only looks."""

    case: str
    account: str
    name: str
    at_ms: int
    move: str = ""


_onlooker = msgspec.json.Decoder(Onlooker).decode


class OnlookerStore:
    """Kept beside the desk, never on record: it binds nobody and is gone in seconds."""

    def __init__(self, client: Client) -> None:
        self._redis = client

    def tell(self, here: Onlooker) -> None:
        """A seat is here now and nowhere else; others are told where that is news to them."""
        known = self._all()
        mine = [one for one in known if one.account == here.account]
        gone = [one for one in known if here.at_ms - one.at_ms > FORGOTTEN_AFTER_MS]
        left = [one for one in (*gone, *mine) if one.case != here.case]
        with reaching(), self._redis.pipeline(transaction=False) as pipe:
            if left:
                pipe.hdel(keys.ONLOOKERS, *map(field, left))
            if here.case:
                pipe.hset(keys.ONLOOKERS, mapping={field(here): encode(here)})
            for case_id in moved(here, mine, left):
                change = {"s": CASE, "n": case_id}
                pipe.xadd(keys.CHANGES, change, maxlen=KEEP_CHANGES)
            pipe.execute()

    def at(self, case_id: str, at_ms: int, but: str = "") -> list[Onlooker]:
        """Who is at a case, without the one who asks."""
        return [
            one
            for one in self._all()
            if one.case == case_id
            and one.account != but
            and at_ms - one.at_ms <= FORGOTTEN_AFTER_MS
        ]

    def _all(self) -> list[Onlooker]:
        with reaching():
            found = self._redis.hgetall(keys.ONLOOKERS)
        return sorted(map(_onlooker, found.values()), key=lambda one: one.account)


def field(one: Onlooker) -> str:
    """Where it is kept."""
    return f"{one.case}|{one.account}"


def moved(here: Onlooker, mine: list[Onlooker], left: list[Onlooker]) -> list[str]:
    """The cases at which something is other than it was."""
    is_same = any(one.case == here.case and one.move == here.move for one in mine)
    news = [] if is_same or not here.case else [here.case]
    return sorted({*news, *(one.case for one in left)})
