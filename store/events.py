"""Events: which reports and alarms tell of one thing happening, and who put them together.

Every command is one transaction of the ledger: what a report joins, the case that is opened for
it, the log, the shelf by which the next one finds it, and the record of who merged by hand.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import msgspec

from city.case_bounds import CityFacts
from city.case_table import Move
from city.cases import Case, Order
from city.event_moves import check_parting, check_right, check_split, found, standing, which_stays
from city.events import Deed, Entry, Event, Member, came_with, member_of, of_case
from city.merging import Match
from city.nearby import LONGEST_MS
from city.reports import Report, opening
from city.roles import Actor
from store import keys
from store.books import Page
from store.case_events import CaseEvents
from store.case_table import CASE
from store.cases import CaseStore, draft_of
from store.client import Client
from store.event_acts import (
    EVENT,
    by,
    encode,
    hide,
    join,
    next_event,
    put_together,
    split_off,
    suggested,
    take_apart,
)
from store.ledger import Ledger
from store.reach import reaching
from store.shelf import case_in, event_in, id_in

AT_ONCE = 100
Rank = tuple[int, str]  # −(when it was last told of), id
FIRST: Rank = (-(2**63), "")

_event = msgspec.json.Decoder(Event).decode
_entry = msgspec.json.Decoder(Entry).decode
_report = msgspec.json.Decoder(Report).decode


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a report or alarm."""

    event_id: str
    case_id: str
    is_new: bool  # False: it was there already, nothing was written
    joined: bool  # it came to an event that others had begun


class EventStore:
    """The room of events."""

    def __init__(
        self, client: Client, ledger: Ledger, cases: CaseStore, city: Callable[[], CityFacts]
    ) -> None:
        self._redis = client
        self._ledger = ledger
        self._cases = cases
        self._city = city
        self._of_cases = CaseEvents(city)

    def get(self, event_id: str) -> Event:
        """An event as it stands; NotFound where there is none."""
        with reaching():
            packed = self._redis.hget(keys.EVENTS, event_id)
        return found(_event(packed) if packed else None, event_id)

    def log(self, event_id: str) -> list[Entry]:
        """Its entries, oldest first."""
        with reaching():
            return [_entry(line) for line in self._redis.lrange(keys.event_log(event_id), 0, -1)]

    def open(self, behind: Rank = FIRST) -> Iterator[Event]:
        """All that are not over, the newest told of first; those behind a place in that order."""
        with reaching():
            known = self._redis.hgetall(keys.OPEN_EVENTS)
        ranks = sorted((-int(last), name.decode()) for name, last in known.items())
        names = [rank[1] for rank in ranks[bisect_right(ranks, behind) :]]
        for start in range(0, len(names), AT_ONCE):
            with reaching():
                packed = self._redis.hmget(keys.EVENTS, names[start : start + AT_ONCE])
            yield from (_event(one) for one in packed if one)

    def id_of(self, member_id: str) -> str:
        """The event that a report, an alarm or a case belongs to; empty for none."""
        with reaching():
            known = self._redis.hget(keys.MEMBERS, member_id)
        return known.decode() if known else ""

    def reports(self, event: Event) -> list[Report]:
        """Its reports as they were told, with who told them: personal data."""
        names = [one.id.removeprefix("report/") for one in event.members if not one.is_alarm]
        with reaching():
            packed = self._redis.hmget(keys.REPORTS, names) if names else []
        return [_report(one) for one in packed if one]

    def reports_of_case(self, case: Case) -> list[Report]:
        """What came to a case after it was opened, as it was told: personal data."""
        event_id = self.id_of(f"{CASE}/{case.id}")
        if not event_id:
            return []
        own = of_case(case).id
        return [one for one in self.reports(self.get(event_id)) if one.member_id != own]

    def take(self, report: Report, actor: Actor) -> Taken:
        """A report joins its event or begins one, with a case; the same again does nothing."""
        draft = draft_of(opening(report), actor, CASE)
        return self._ledger.write(lambda page: self._take(page, report, actor), draft)

    def suggestions(self, event: Event) -> list[tuple[Event, Match]]:
        """Other events that may be the same, the best first."""
        return self._ledger.write(lambda page: list(suggested(page, event)))

    def merge(self, into: str, other: str, actor: Actor, reason: str = "") -> Event:
        """Puts two events together, and their cases; of two the one with a case stays."""
        draft = actor.draft("event.merge", f"{EVENT}/{into}", other=other, reason=reason)

        def act(page: Page) -> Event:
            pair = self._named(page, into, actor), self._named(page, other, actor)
            return self._merge(page, pair, actor, reason)

        return self._ledger.write(act, draft)

    def unmerge(self, event_id: str, other: str, actor: Actor, reason: str) -> Event:
        """Takes them apart again; whoever joined meanwhile stays."""
        draft = actor.draft("event.unmerge", f"{EVENT}/{event_id}", other=other, reason=reason)

        def act(page: Page) -> Event:
            event = standing(found(event_in(page, event_id), event_id))
            return self._unmerge(page, event, other, by(actor, Deed.UNMERGE, reason=reason), actor)

        return self._ledger.write(act, draft)

    def split(self, event_id: str, member_id: str, actor: Actor, reason: str) -> Event:
        """Takes one report or alarm out; the event of its own that it begins."""
        draft = actor.draft("event.split", f"{EVENT}/{event_id}", member=member_id, reason=reason)

        def act(page: Page) -> Event:
            event = standing(found(event_in(page, event_id), event_id))
            return self._split(page, event, member_id, by(actor, Deed.LEAVE, reason=reason), actor)

        return self._ledger.write(act, draft)

    def retire(self, now_ms: int) -> int:
        """Takes events that nobody can join any more off the shelf; how many there were."""
        with reaching():
            known = self._redis.hgetall(keys.OPEN_EVENTS)
        over = [name.decode() for name, last in known.items() if int(last) < now_ms - LONGEST_MS]
        for start in range(0, len(over), AT_ONCE):
            some = over[start : start + AT_ONCE]
            self._ledger.write(partial(_retire, names=some))
        return len(over)

    def _take(self, page: Page, report: Report, actor: Actor) -> Taken:
        case_id = page.get(keys.EXTERNAL, report.identity)
        if case_id and not page.get(keys.MEMBERS, report.member_id):
            self._of_cases.of_case_in(page, case_in(page, case_id.decode()), actor)
        taken = self.take_in(page, member_of(report), actor)
        page.is_silent = True
        if not taken.is_new:
            return taken
        page.put(keys.REPORTS, report.identity, encode(report))
        if taken.case_id:
            # Whoever sends it again, by whatever door, is told the case that it is in.
            page.put(keys.EXTERNAL, report.identity, taken.case_id.encode())
        if taken.case_id or not report.opens_a_case:
            return taken
        event = found(event_in(page, taken.event_id), taken.event_id)
        return Taken(event.id, self._open(page, event, report, actor), True, taken.joined)

    def take_in(self, page: Page, member: Member, actor: Actor) -> Taken:
        """A member joins its event or begins one, within another command's transaction."""
        known = id_in(page, member.id)
        if known:
            return Taken(known, found(event_in(page, known), known).case_id, False, False)
        event, joined = join(page, member, actor, self._city)
        return Taken(event.id, event.case_id, True, joined)

    def _open(self, page: Page, event: Event, report: Report, actor: Actor) -> str:
        case, _ = self._cases.create_in(page, opening(report, event.id), actor)
        page.is_silent = False
        return case.id

    def _named(self, page: Page, name: str, actor: Actor) -> Event:
        """The event that is called so, or the event of the case that is."""
        event = event_in(page, name)
        if event is None and page.get(keys.CASES, name):
            event = self._of_cases.of_case_in(page, case_in(page, name), actor)
        return found(event, name)

    def _merge(self, page: Page, pair: tuple[Event, Event], actor: Actor, reason: str) -> Event:
        check_right(actor.seat, *pair)
        stays, goes = which_stays(*map(standing, pair))
        if goes.case_id:
            order = Order(Move.MERGE, {"into": stays.case_id, "reason": reason})
            self._cases.move_in(page, goes.case_id, order, actor)
        else:
            put_together(page, (stays, goes), by(actor, Deed.MERGE, reason=reason))
        page.subject = f"{EVENT}/{stays.id}"
        page.detail |= {"merged": goes.id, "members": [member.id for member in goes.members]}
        return found(event_in(page, stays.id), stays.id)

    def _unmerge(self, page: Page, event: Event, other: str, entry: Entry, actor: Actor) -> Event:
        check_right(actor.seat, event)
        check_parting(event, other)
        gone = found(event_in(page, other), other)
        if gone.case_id and case_in(page, gone.case_id).merged_into:
            order = Order(Move.UNMERGE, {"reason": entry.reason})
            self._cases.move_in(page, gone.case_id, order, actor)
        else:
            take_apart(page, (event, gone), came_with(event, other), entry)
        page.subject = f"{EVENT}/{event.id}"
        return found(event_in(page, event.id), event.id)

    def _split(self, page: Page, event: Event, member_id: str, entry: Entry, actor: Actor) -> Event:
        check_right(actor.seat, event)
        opener = of_case(case_in(page, event.case_id)).id if event.case_id else ""
        check_split(event, member_id, opener)
        member = next(one for one in event.members if one.id == member_id)
        new = next_event(page, actor, self._city())
        _, new = split_off(page, event, member, new, entry)
        told = page.get(keys.REPORTS, member_id.removeprefix("report/"))
        if told and _report(told).opens_a_case:
            page.drop(keys.EXTERNAL, _report(told).identity)
            self._open(page, new, _report(told), actor)
        page.subject = f"{EVENT}/{event.id}"
        return found(event_in(page, new.id), new.id)


def _retire(page: Page, names: list[str]) -> None:
    for name in names:
        event = event_in(page, name)
        if event is not None:
            hide(page, event)
