"""What is done to events within a command's transaction: join, merge, take apart, split off."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import msgspec

from city.case_bounds import CityFacts
from city.events import Deed, Entry, Event, Member, apply, begin, sign_of
from city.merging import Match, Verdict
from city.nearby import find
from city.roles import Actor
from store import keys
from store.books import Page
from store.shelf import PageShelf, event_in, is_over

EVENT = "event"
RULE = "merging/1"  # of what joins by itself: the figures of city/merging.py

NONE = Match(0.0)

encode = msgspec.json.Encoder().encode


def keep(page: Page, event: Event, entry: Entry) -> Event:
    """One more line in an event's log, and the fold that follows from it."""
    changed = apply(event, entry)
    page.append(keys.event_log(event.id), encode(entry))
    page.put(keys.EVENTS, event.id, encode(changed))
    page.changed(EVENT, event.id)
    return changed


def show(page: Page, event: Event) -> None:
    """Says of its members that they are its own, and lays it on the shelf until it is over."""
    for member in event.members:
        if page.get(keys.MEMBERS, member.id) != event.id.encode():
            page.put(keys.MEMBERS, member.id, event.id.encode())
    if event.members and not is_over(page, event):
        PageShelf(page).put(event)
        page.put(keys.OPEN_EVENTS, event.id, b"%d" % event.last_ms)


def hide(page: Page, event: Event) -> None:
    """Takes it off: nothing joins it any more."""
    PageShelf(page).take_off(event)
    page.drop(keys.OPEN_EVENTS, event.id)


def next_event(page: Page, actor: Actor, city: CityFacts) -> Event:
    """An event with the next number of the day."""
    day = city.day_of(actor.at)
    count = int(page.get(keys.EVENT_NUMBERS, day) or 0) + 1
    page.put(keys.EVENT_NUMBERS, day, b"%d" % count)
    return begin(f"EV{day}-{count:05d}")


def join(
    page: Page, member: Member, actor: Actor, city: Callable[[], CityFacts]
) -> tuple[Event, bool]:
    """The member's event after it joined or began it, and whether others had begun it."""
    best = next(iter(find(sign_of(member), PageShelf(page))), None)
    joins = best is not None and best[1].verdict is Verdict.AUTOMATIC
    event = event_in(page, best[0]) if best and joins else None
    entry = by(actor, Deed.JOIN, member=member)
    if event and best:
        entry = explained(entry, best[1])
    event = keep(page, event or next_event(page, actor, city()), entry)
    show(page, event)
    return event, joins


def begin_with(page: Page, new: Event, member: Member, actor: Actor) -> Event:
    """An event of its own for a member, whatever is near."""
    event = keep(page, new, by(actor, Deed.JOIN, member=member))
    show(page, event)
    return event


def give_case(page: Page, event: Event, case_id: str, actor: Actor) -> Event:
    """The event with its case."""
    page.put(keys.MEMBERS, f"case/{case_id}", event.id.encode())
    return keep(page, event, by(actor, Deed.CASE, other=case_id))


def put_together(page: Page, pair: tuple[Event, Event], entry: Entry) -> Event:
    """One event with the members of both; the other is part of it from now on."""
    stays, goes = pair
    hide(page, goes)
    stays = keep(page, stays, replace(entry, other=goes.id, members=goes.members))
    keep(page, goes, replace(entry, deed=Deed.ABSORBED, other=stays.id))
    show(page, stays)
    return stays


def take_apart(
    page: Page, pair: tuple[Event, Event], members: tuple[Member, ...], entry: Entry
) -> Event:
    """Two events again, each with its own."""
    event, other = pair
    hide(page, event)
    event = keep(page, event, replace(entry, other=other.id, members=members))
    released = replace(entry, deed=Deed.RELEASED, other=event.id, members=members)
    show(page, event)
    show(page, keep(page, other, released))
    return event


def split_off(
    page: Page, event: Event, member: Member, new: Event, entry: Entry
) -> tuple[Event, Event]:
    """The event without a member, and the new event that it begins."""
    hide(page, event)
    event = keep(page, event, replace(entry, member=member, other=new.id))
    alone = replace(entry, deed=Deed.JOIN, member=replace(member, via=""), other=event.id)
    show(page, event)
    new = keep(page, new, alone)
    show(page, new)
    return event, new


def drop_out(page: Page, event: Event, member: Member, entry: Entry) -> None:
    """A member turned out to be nothing: an event of it alone is over."""
    hide(page, event)
    page.drop(keys.MEMBERS, member.id)
    if len(event.members) > 1:
        show(page, keep(page, event, replace(entry, member=member)))


def suggested(page: Page, event: Event) -> Iterator[tuple[Event, Match]]:
    """Other events that may be the same, the best first: by the best match of a member."""
    shelf, best = PageShelf(page), dict[str, Match]()
    for member in event.members:
        for name, match in find(sign_of(member), shelf):
            if name != event.id and match.score > best.get(name, NONE).score:
                best[name] = match
    for name in sorted(best, key=lambda one: (-best[one].score, one)):
        other = event_in(page, name)
        if other is not None:
            yield other, best[name]


def by(actor: Actor, deed: Deed, **more: Any) -> Entry:
    """An entry that says who did it."""
    seat = actor.seat
    return Entry(deed, actor.at_ms, seat.account, seat.name, "+".join(sorted(seat.roles)), **more)


def explained(entry: Entry, match: Match) -> Entry:
    """An automatic step names its rule, its score and the reasons."""
    return replace(entry, rule=RULE, score=round(match.score, 3), because=match.reasons)
