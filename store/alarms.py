"""Alarms: what the judge said, written together with how far it has read; and people's orders."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import msgspec

from city.alarm_orders import WHAT, AlarmOrder, ordered
from city.alarms import (
    Alarm,
    Known,
    escalated,
    next_escalation,
    placed,
    raised,
    revised,
    withdrawn,
)
from city.refusal import NotFound
from city.roles import Actor
from city.rulebook import Rulebook
from city.watching import Base, Finding
from store import keys, tail
from store.books import Page, spelled
from store.client import Client
from store.ledger import Ledger
from store.reach import reaching
from store.tail import Place

ALARM = "alarm"
ESCALATE, UNSHELVE, RETURN = "escalate", "unshelve", "return"
AT_ONCE = 1000

encode = msgspec.json.Encoder().encode
alarm_of = msgspec.json.Decoder(Alarm).decode
pack = msgspec.msgpack.Encoder().encode
base_of = msgspec.msgpack.Decoder(Base).decode


class Displaced(Exception):
    """Another judge has read on from the place that was ours."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What one round of the judge has to write; all of it or nothing."""

    at_ms: int
    before: Mapping[int, Place] = field(default_factory=dict)  # shard → where it began to read
    after: Mapping[int, Place] = field(default_factory=dict)
    findings: Sequence[Finding] = ()
    bases: Mapping[str, Base | None] = field(default_factory=dict)
    parents: Mapping[str, str] = field(default_factory=dict)  # alarm → outage
    children: Mapping[str, int] = field(default_factory=dict)  # outage → how many
    in_flood: bool = False


@dataclass(frozen=True, slots=True)
class AlarmStore:
    """The room of alarms."""

    redis: Client
    ledger: Ledger

    def get(self, alarm_id: str) -> Alarm:
        """An alarm as it stands; NotFound where there is none."""
        with reaching():
            packed = self.redis.hget(keys.ALARMS, alarm_id)
        return known_alarm(packed, alarm_id)

    def some(self, alarm_ids: Sequence[str]) -> list[Alarm]:
        """Those of some alarms that exist."""
        if not alarm_ids:
            return []
        with reaching():
            found = self.redis.hmget(keys.ALARMS, alarm_ids)
        return [alarm_of(packed) for packed in found if packed]

    def all(self) -> Iterator[Alarm]:
        """Every alarm that is kept."""
        with reaching():
            for _, packed in self.redis.hscan_iter(keys.ALARMS, count=AT_ONCE):
                yield alarm_of(packed)

    def order(self, alarm_id: str, order: AlarmOrder, actor: Actor) -> Alarm:
        """Does what a seat asks, or raises its Refusal; durable when it returns."""
        draft = actor.draft(f"{ALARM}.{order.deed}", f"{ALARM}/{alarm_id}", reason=order.reason)
        return self.ledger.write(lambda page: self.order_in(page, alarm_id, order, actor), draft)

    def order_in(self, page: Page, alarm_id: str, order: AlarmOrder, actor: Actor) -> Alarm:
        """The same within another command's transaction."""
        before = known_alarm(page.get(keys.ALARMS, alarm_id), alarm_id)
        after = ordered(before, order, actor)
        if after is before:
            page.is_silent = True
            return before
        keep(page, before, after)
        return after

    def places(self) -> dict[int, Place]:
        """How far every log has been judged."""
        with reaching():
            said = self.redis.hgetall(keys.JUDGED)
        return {shard: Place.parse(said.get(str(shard).encode())) for shard in range(keys.SHARDS)}

    def lag_s(self, now_ms: int) -> float:
        """For how long the oldest entry that nobody has judged has been waiting."""
        places = self.places()
        with reaching(), self.redis.pipeline(transaction=False) as pipe:
            for shard, place in places.items():
                pipe.xrange(keys.log(shard), min=tail.after(place), count=1)
            waiting = [Place.parse(page[0][0]).ms for page in pipe.execute() if page]
        return max(0.0, (now_ms - min(waiting, default=now_ms)) / 1000)

    def watches(self) -> dict[str, Base]:
        """What the judge kept of the things under watch."""
        with reaching():
            found = self.redis.hgetall(keys.WATCHES)
        return {thing.decode(): base_of(packed) for thing, packed in found.items()}

    def judge(self, judged: Judged, book: Rulebook, know: Callable[[str], Known]) -> None:
        """Writes a round of the judge; Displaced where another judge was quicker."""
        self.ledger.write(lambda page: write(page, judged, book, know))

    def forget(self, alarm_ids: Iterable[str]) -> None:
        """Drops alarms that have long been over."""

        def act(page: Page) -> None:
            for alarm_id in alarm_ids:
                page.drop(keys.ALARMS, alarm_id)
                for what in (ESCALATE, UNSHELVE, RETURN):
                    page.undue(spelled(ALARM, alarm_id, what))
                page.changed(ALARM, alarm_id)

        self.ledger.write(act)


def known_alarm(packed: bytes | None, alarm_id: str) -> Alarm:
    """An alarm as it was kept; NotFound where there was none."""
    if packed is None:
        raise NotFound("not_found", name=alarm_id, what=WHAT)
    return alarm_of(packed)


def keep(page: Page, before: Alarm | None, after: Alarm) -> None:
    """Writes an alarm with all that will have to be done about it."""
    if before == after:
        return
    page.put(keys.ALARMS, after.id, encode(after))
    step = next_escalation(after)
    due(page, after.id, ESCALATE, step[0] if step else None)
    due(page, after.id, UNSHELVE, after.shelved_until_ms)
    due(page, after.id, RETURN, after.suppressed_until_ms)
    page.changed(ALARM, after.id)


def due(page: Page, alarm_id: str, what: str, at_ms: int | None) -> None:
    """A deadline of an alarm, or none."""
    member = spelled(ALARM, alarm_id, what)
    if at_ms is None:
        page.undue(member)
    else:
        page.due(member, at_ms)


def write(page: Page, judged: Judged, book: Rulebook, know: Callable[[str], Known]) -> None:
    """One round of the judge on a page of the books."""
    for shard, place in judged.after.items():
        if Place.parse(page.get(keys.JUDGED, str(shard))) != judged.before[shard]:
            raise Displaced
        page.put(keys.JUDGED, str(shard), str(place).encode())
    for finding in judged.findings:
        pronounce(page, finding, judged, book, know)
    for thing, base in judged.bases.items():
        if base is None:
            page.drop(keys.WATCHES, thing)
        else:
            page.put(keys.WATCHES, thing, pack(base))
    for alarm_id, parent in judged.parents.items():
        change(page, alarm_id, lambda alarm, parent=parent: replace(alarm, parent=parent))  # type: ignore[misc]


def pronounce(
    page: Page, finding: Finding, judged: Judged, book: Rulebook, know: Callable[[str], Known]
) -> None:
    """What the judge says of one alarm, laid over what people did with it."""
    packed = page.get(keys.ALARMS, finding.alarm_id)
    before = alarm_of(packed) if packed else None
    if finding.span is None:
        if before is not None:
            keep(page, before, withdrawn(before, finding.into, judged.at_ms))
        return
    if before is None:
        after = begun(finding, judged, book, know)
    elif before.span == finding.span and before.withdrawn_ms is None:
        after = before
    else:
        after = revised(before, finding.rule, finding.span, judged.at_ms)
    children = judged.children.get(after.id, after.children)
    keep(page, before, replace(after, children=children))


def begun(finding: Finding, judged: Judged, book: Rulebook, know: Callable[[str], Known]) -> Alarm:
    """A new alarm with all that the city knows about its thing at that moment."""
    assert finding.span is not None
    fresh = raised(finding.alarm_id, finding.rule, finding.thing, finding.span, judged.at_ms)
    alarm = placed(fresh, know(finding.thing))
    works = book.under_maintenance(finding.thing, judged.at_ms)
    return replace(
        alarm,
        lists=tuple(one.id for one in book.lists_with(finding.thing)),
        in_flood=judged.in_flood,
        maintenance=works.reason if works else "",
        suppressed_until_ms=works.until_ms if works else None,
    )


def change(page: Page, alarm_id: str, to: Callable[[Alarm], Alarm]) -> None:
    """Changes an alarm that exists."""
    packed = page.get(keys.ALARMS, alarm_id)
    if packed:
        before = alarm_of(packed)
        keep(page, before, to(before))


def escalate(page: Page, alarm_id: str, now_ms: int) -> None:
    """What happens when nobody has acknowledged an alarm in time."""
    change(page, alarm_id, lambda alarm: escalated(alarm, now_ms))


def come_back(page: Page, alarm_id: str) -> None:
    """A shelf's or a maintenance's time is over: everybody looks again, and the ladder goes on."""
    packed = page.get(keys.ALARMS, alarm_id)
    if packed:
        step = next_escalation(alarm_of(packed))
        due(page, alarm_id, ESCALATE, step[0] if step else None)
    page.changed(ALARM, alarm_id)
