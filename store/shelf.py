"""The shelf of open events, as a command sees it: marks, and under each the events to ask."""

from collections.abc import Mapping, Sequence

import msgspec

from city.case_table import ENDED
from city.cases import Case
from city.events import Event
from city.merging import Sign
from city.nearby import LONGEST_MS, Glimpse, glimpse, marks
from store import keys
from store.books import Page

_encode = msgspec.json.Encoder().encode
_events = msgspec.json.Decoder(Event)
_glimpses = msgspec.json.Decoder(dict[str, Glimpse])


_cases = msgspec.json.Decoder(Case)


class PageShelf:
    """What lies where, read and written through the page of one command."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._known: dict[str, Sequence[Sign]] = {}

    def glimpses(self, mark: str) -> Mapping[str, Glimpse]:
        """The events under a mark."""
        found = self._page.get(keys.SHELF, mark)
        return _glimpses.decode(found) if found else {}

    def signs(self, event_id: str) -> Sequence[Sign]:
        """The members of an event."""
        if event_id not in self._known:
            event = event_in(self._page, event_id)
            self._known[event_id] = event.signs if event else ()
        return self._known[event_id]

    def put(self, event: Event) -> None:
        """Lays an event where its members are; what is too old to be meant goes."""
        shown = glimpse(event.signs)
        for mark in _marks_of(event):
            fresh = {name: one for name, one in self.glimpses(mark).items()
                     if one.last_ms > shown.last_ms - LONGEST_MS}  # fmt: skip
            self._page.put(keys.SHELF, mark, _encode({**fresh, event.id: shown}))

    def take_off(self, event: Event) -> None:
        """Takes an event away: it is part of another, or over."""
        for mark in _marks_of(event):
            left = {name: one for name, one in self.glimpses(mark).items() if name != event.id}
            if left:
                self._page.put(keys.SHELF, mark, _encode(left))
            else:
                self._page.drop(keys.SHELF, mark)


def is_over(page: Page, event: Event) -> bool:
    """Whether nothing joins it any more: it is part of another, or its work is done."""
    has_case = event.case_id and page.get(keys.CASES, event.case_id)
    return event.is_merged or (bool(has_case) and case_in(page, event.case_id).state in ENDED)


def event_in(page: Page, event_id: str) -> Event | None:
    """An event as a command sees it."""
    found = page.get(keys.EVENTS, event_id)
    return _events.decode(found) if found else None


def id_in(page: Page, member_id: str) -> str:
    """The event of a report, an alarm or a case; empty for none."""
    known = page.get(keys.MEMBERS, member_id)
    return known.decode() if known else ""


def case_in(page: Page, case_id: str) -> Case:
    """A case that an event names."""
    packed = page.get(keys.CASES, case_id)
    assert packed, f"the case {case_id} of an event is not there"
    return _cases.decode(packed)


def _marks_of(event: Event) -> list[str]:
    return sorted({mark for sign in event.signs for mark in marks(sign)})
