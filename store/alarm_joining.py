"""Alarms join events: what the judge raises is followed by the events, behind a place of its own.

Following is at least once and joining does no harm when it is done again; the place is written
after. An alarm begins an event where it joins none, never a case. What a person made of it is
followed too: its case becomes that of the event, a false alarm leaves.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from city.alarms import Alarm
from city.case_bounds import CityFacts
from city.events import Deed, Event, Member, is_nothing, of_alarm, tells_of_something
from city.roles import Actor
from store import keys
from store.alarms import ALARM, alarm_of, change
from store.books import Page
from store.case_events import CaseEvents
from store.case_packing import case_of
from store.changes import PAGE, Changes
from store.client import Client
from store.event_acts import by, drop_out, put_together
from store.events import EventStore
from store.ledger import Ledger
from store.reach import reaching
from store.shelf import event_in
from store.tail import Place

PLACE = "place"
AT_ONCE = 50
BY_CASE, BY_NOTHING = "alarm/case", "alarm/false"  # rules of automatic steps


class AlarmJoining:
    """Follows the changes of alarms."""

    def __init__(
        self, client: Client, ledger: Ledger, events: EventStore, city: Callable[[], CityFacts]
    ) -> None:
        self._redis = client
        self._ledger = ledger
        self._events = events
        self._of_cases = CaseEvents(city)

    def follow(self, actor: Actor) -> bool:
        """What changed since; whether there may be more."""
        with reaching():
            changes = Changes(self._redis, Place.parse(self._redis.hget(keys.ALARMS_SEEN, PLACE)))
        missed = changes.missed()
        before = changes.place
        said = changes.read()
        names = [one.name for one in said if one.subject == ALARM]
        if changes.place == before:
            return False
        self.join([*(self._all() if missed else ()), *names], actor)
        self._ledger.write(lambda page: _seen(page, changes.place))
        return len(said) == PAGE

    def join(self, alarm_ids: Iterable[str], actor: Actor) -> None:
        """Some alarms, each to where it belongs."""
        names = list(dict.fromkeys(alarm_ids))
        for start in range(0, len(names), AT_ONCE):
            some = names[start : start + AT_ONCE]
            self._ledger.write(lambda page, some=some: self._join(page, some, actor))  # type: ignore[misc]

    def _all(self) -> list[str]:
        with reaching():
            return [name.decode() for name, _ in self._redis.hscan_iter(keys.ALARMS, count=1000)]

    def _join(self, page: Page, names: Sequence[str], actor: Actor) -> None:
        for name in names:
            packed = page.get(keys.ALARMS, name)
            if packed:
                self._join_one(page, alarm_of(packed), actor)

    def _join_one(self, page: Page, alarm: Alarm, actor: Actor) -> None:
        member = of_alarm(alarm)
        if is_nothing(alarm):
            _leave(page, member, actor)
        elif tells_of_something(alarm):
            taken = self._events.take_in(page, member, actor)
            event_id = self._with_case(page, alarm, taken.event_id, actor)
            if alarm.event_id != event_id:
                change(page, alarm.id, lambda one: replace(one, event_id=event_id))

    def _with_case(self, page: Page, alarm: Alarm, event_id: str, actor: Actor) -> str:
        """The event of the case that a person opened or chose for it, if there is one."""
        packed = page.get(keys.CASES, alarm.case_id) if alarm.case_id else None
        event = event_in(page, event_id)
        if packed is None or event is None or event.case_id:
            return event_id
        stays = _root(page, self._of_cases.of_case_in(page, case_of(packed), actor))
        if stays.id == event.id:
            return event_id
        entry = replace(by(actor, Deed.MERGE), rule=BY_CASE)
        return put_together(page, (stays, event), entry).id


def _root(page: Page, event: Event) -> Event:
    """The event that one is part of now."""
    into = event_in(page, event.into) if event.is_merged else None
    return event if into is None else _root(page, into)


def _leave(page: Page, member: Member, actor: Actor) -> None:
    known = page.get(keys.MEMBERS, member.id)
    event = event_in(page, known.decode()) if known else None
    if event is not None:
        drop_out(page, event, member, replace(by(actor, Deed.LEAVE), rule=BY_NOTHING))


def _seen(page: Page, place: Place) -> None:
    page.put(keys.ALARMS_SEEN, PLACE, str(place).encode())
