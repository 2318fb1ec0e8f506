"""Closures: who closed which roads until when; whoever asks for ways follows their version."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial

import msgspec

from city.audit import Draft
from city.case_bounds import CityFacts
from city.closures import WHAT, NewClosure, RoadClosure, closed, ended, lifted
from city.refusal import NotFound
from city.roles import SYSTEM, Actor
from store import keys
from store.books import Page, spelled
from store.client import Client
from store.ledger import Ledger, encode
from store.reach import reaching

CLOSURE, EXPIRE = "closure", "expire"
VERSION = "version"
LETTERS = "FK"  # 封控
KEPT_MS = 30 * 86_400_000  # after it was over
_closure = msgspec.json.Decoder(RoadClosure).decode


class ClosureStore:
    """The room of closures."""

    def __init__(self, client: Client, ledger: Ledger, city: Callable[[], CityFacts]) -> None:
        self._redis = client
        self._ledger = ledger
        self._city = city

    def get(self, closure_id: str) -> RoadClosure:
        """One of them; NotFound where there is none."""
        with reaching():
            packed = self._redis.hget(keys.CLOSURES, closure_id)
        return known(packed, closure_id)

    def all(self) -> list[RoadClosure]:
        """Those of the last days too, the newest first."""
        with reaching():
            found = map(_closure, self._redis.hgetall(keys.CLOSURES).values())
        return sorted(found, key=lambda one: (-one.at_ms, one.id))

    def list(self, at_ms: int) -> list[RoadClosure]:
        """Those that hold at that time, the newest first."""
        return [one for one in self.all() if one.is_standing(at_ms)]

    def add(self, asked: NewClosure, actor: Actor) -> RoadClosure:
        """Closes roads; durable when it returns."""

        def act(page: Page) -> RoadClosure:
            closure = closed(self._next_id(page, actor), asked, self._city().roads, actor)
            page.subject = f"{CLOSURE}/{closure.id}"
            page.detail |= {"kind": str(closure.kind), "reason_given": closure.zh,
                            "speed_factor": closure.speed_factor,
                            "until_ms": closure.until_ms, "area": closure.area}  # fmt: skip
            keep(page, closure)
            return closure

        return self._ledger.write(act, actor.draft(f"{CLOSURE}.add", CLOSURE))

    def lift(self, closure_id: str, actor: Actor, reason: str = "") -> RoadClosure:
        """Opens them again before the time."""

        def act(page: Page) -> RoadClosure:
            before = known(page.get(keys.CLOSURES, closure_id), closure_id)
            closure = lifted(before, reason, actor)
            keep(page, closure)
            return closure

        subject = f"{CLOSURE}/{closure_id}"
        return self._ledger.write(act, actor.draft(f"{CLOSURE}.lift", subject, reason=reason))

    def follow(self, wanted: Mapping[str, RoadClosure], at_ms: int) -> int:
        """Makes the closures of the water as they should be; how many were changed.

        One that somebody lifted stays lifted until the water closes more than it did.
        """
        own = {one.id: one for one in self.all() if one.alarm_id}
        gone = [one for one in own.values() if one.id not in wanted and one.is_standing(at_ms)]
        news = [one for one in wanted.values() if is_news(own.get(one.id), one, at_ms)]
        for one in news:
            self._by_system("close", partial(keep, closure=one), one, at_ms)
        for one in gone:
            over = ended(one, SYSTEM.account, "", at_ms)
            self._by_system("open", partial(keep, closure=over), one, at_ms)
        return len(news) + len(gone)

    def forget(self, at_ms: int) -> None:
        """Drops those that have been over for long."""
        old = [one.id for one in self.all()
               if one.ended_ms is not None and one.ended_ms < at_ms - KEPT_MS]  # fmt: skip
        if old:
            self._ledger.write(lambda page: drop(page, old))

    def _by_system(
        self, deed: str, act: Callable[[Page], None], closure: RoadClosure, at_ms: int
    ) -> None:
        detail = {"speed_factor": closure.speed_factor, "alarm": closure.alarm_id}
        subject = f"{CLOSURE}/{closure.id}"
        self._ledger.write(act, Draft(SYSTEM.account, SYSTEM.name, "", f"{CLOSURE}.{deed}",
                                      subject, at_ms, detail=detail))  # fmt: skip

    def _next_id(self, page: Page, actor: Actor) -> str:
        day = self._city().day_of(actor.at)
        count = int(page.get(keys.CLOSURE_NUMBERS, day) or 0) + 1
        page.put(keys.CLOSURE_NUMBERS, day, b"%d" % count)
        return f"{LETTERS}{day}-{count:03d}"


def is_news(before: RoadClosure | None, now: RoadClosure, at_ms: int) -> bool:
    """Whether the water closes what it did not close, or not as much."""
    if before is None:
        return True
    if before.ended_ms is not None and before.ended_by != SYSTEM.account:
        return now.speed_factor < before.speed_factor
    return not before.is_standing(at_ms) or now.speed_factor != before.speed_factor


def known(packed: bytes | None, closure_id: str) -> RoadClosure:
    """A closure as it was kept; NotFound where there was none."""
    if packed is None:
        raise NotFound("not_found", name=closure_id, what=WHAT)
    return _closure(packed)


def keep(page: Page, closure: RoadClosure) -> None:
    """Writes a closure, when it ends, and that the roads have changed."""
    page.put(keys.CLOSURES, closure.id, encode(closure))
    expiry = spelled(CLOSURE, closure.id, EXPIRE)
    if closure.ended_ms is None and closure.until_ms is not None:
        page.due(expiry, closure.until_ms)
    else:
        page.undue(expiry)
    version = int(page.get(keys.ROADS, VERSION) or 0) + 1
    page.put(keys.ROADS, VERSION, b"%d" % version)
    page.changed(CLOSURE, closure.id)


def drop(page: Page, closure_ids: Iterable[str]) -> None:
    """Forgets closures."""
    for closure_id in closure_ids:
        page.drop(keys.CLOSURES, closure_id)


def expire(page: Page, closure_id: str, now_ms: int) -> None:
    """Its time is over; silent where it was lifted meanwhile."""
    packed = page.get(keys.CLOSURES, closure_id)
    closure = _closure(packed) if packed else None
    if closure is None or closure.ended_ms is not None:
        page.is_silent = True
        return
    keep(page, ended(closure, SYSTEM.account, "", now_ms))
