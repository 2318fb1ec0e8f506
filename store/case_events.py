"""The events that go along with cases, within the transaction of whatever happens to a case."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from city.case_bounds import CityFacts
from city.case_table import ENDED, CaseState, Move
from city.cases import Case, Source
from city.cases import Entry as CaseEntry
from city.event_moves import found
from city.events import Deed, Event, begin, came_with, of_case
from city.roles import Actor
from store.books import Page
from store.case_table import CASE
from store.event_acts import (
    begin_with,
    by,
    give_case,
    hide,
    next_event,
    put_together,
    show,
    take_apart,
)
from store.shelf import case_in, event_in, id_in

SENSOR = str(Source.SENSOR)


class CaseEvents:
    """What cases have to tell of (`store.cases.Companion`)."""

    def __init__(self, city: Callable[[], CityFacts]) -> None:
        self._city = city

    def event_of(self, page: Page, entry: CaseEntry, actor: Actor) -> Mapping[str, str]:
        """A case that is opened by hand is told its event: that of its alarm, or a new one."""
        if entry.move is not Move.CREATE or entry.facts.get("event_id"):
            return {}
        known = self._of_alarm(page, entry)
        return {"event_id": known or next_event(page, actor, self._city()).id}

    def opened(self, page: Page, case: Case, actor: Actor) -> None:
        """What was opened by hand begins an event, for others to be merged into."""
        if case.state is CaseState.DRAFT:
            return
        event = event_in(page, case.event_id)
        if event is None:
            self.of_case_in(page, case, actor)
        else:
            give_case(page, event, case.id, actor)

    def moved(self, page: Page, before: Case, after: Case, actor: Actor) -> None:
        """An event whose work is done takes nobody in; a draft that is sent begins one."""
        if before.state is CaseState.DRAFT and after.state not in ENDED:
            self.of_case_in(page, after, actor)
        if (before.state in ENDED) == (after.state in ENDED):
            return
        event = event_in(page, id_in(page, f"{CASE}/{after.id}"))
        if event is not None and not event.is_merged:
            (hide if after.state in ENDED else show)(page, event)

    def merged(self, page: Page, case: Case, move: CaseEntry, actor: Actor) -> None:
        """A case was merged into another: so are their events."""
        goes = self.of_case_in(page, case, actor)
        stays = self.of_case_in(page, case_in(page, move.facts["into"]), actor)
        if not (goes.is_merged or stays.is_merged):
            put_together(page, (stays, goes), by(actor, Deed.MERGE, reason=move.reason))

    def parted(self, page: Page, case: Case, move: CaseEntry, actor: Actor) -> None:
        """A merge of cases was undone: so is that of their events."""
        gone = self.of_case_in(page, case, actor)
        event = event_in(page, gone.into) if gone.is_merged else None
        if event is not None:
            entry = by(actor, Deed.UNMERGE, reason=move.reason)
            take_apart(page, (event, gone), came_with(event, gone.id), entry)

    def of_case_in(self, page: Page, case: Case, actor: Actor) -> Event:
        """The event of a case, begun now where it has none."""
        known = id_in(page, f"{CASE}/{case.id}")
        if known:
            return found(event_in(page, known), known)
        member = of_case(case)
        if id_in(page, member.id):  # told before, and in an event that has another case
            member = replace(member, id=f"report/case|{case.id}")
        new = begin(case.event_id) if case.event_id else next_event(page, actor, self._city())
        return give_case(page, begin_with(page, new, member, actor), case.id, actor)

    def _of_alarm(self, page: Page, entry: CaseEntry) -> str:
        """The event of the alarm that a case is opened for, where it has no case yet."""
        if entry.facts.get("source") != SENSOR:
            return ""
        event = event_in(page, id_in(page, f"alarm/{entry.facts.get('external_id')}"))
        return event.id if event is not None and not event.case_id else ""
