"""The shelf of open events, as a command sees it: marks, and under each the events to ask."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from city.case_table import ENDED, CaseState
from city.events import Event
from city.merging import Sign
from city.nearby import LONGEST_MS, Glimpse, glimpse, marks
from store import keys
from store.books import Page

_encode = msgspec.json.Encoder().encode
_events = msgspec.json.Decoder(Event)
_glimpses = msgspec.json.Decoder(dict[str, Glimpse])


@dataclass(frozen=True, slots=True)
class Stand:
    """As much of a case as the shelf asks for."""

    state: CaseState


_stands = msgspec.json.Decoder(Stand)


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
        """The members of an event; none once its work is done, so that nothing joins it."""
        if event_id not in self._known:
            event = event_in(self._page, event_id)
            is_open = event is not None and not event.is_merged and self._is_open(event)
            self._known[event_id] = event.signs if event and is_open else ()
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

    def _is_open(self, event: Event) -> bool:
        case = self._page.get(keys.CASES, event.case_id) if event.case_id else None
        return case is None or _stands.decode(case).state not in ENDED


def event_in(page: Page, event_id: str) -> Event | None:
    """An event as a command sees it."""
    found = page.get(keys.EVENTS, event_id)
    return _events.decode(found) if found else None


def _marks_of(event: Event) -> list[str]:
    return sorted({mark for sign in event.signs for mark in marks(sign)})
