"""Units: what their devices say, what people set, what their orders say; one picture of each."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

import msgspec

from city.case_bounds import CityFacts
from city.roles import Actor
from city.sight import EVERYTHING, Sight, sight_of
from city.unit_orders import (
    UnitEntry,
    note_text,
    require_idle,
    require_lead,
    rested,
    signed_off,
    signed_on,
    unknown,
)
from city.unit_status import Heard, UnitNote, set_by_hand, told
from city.units import IDLE, Status, Unit, Work
from store import keys
from store.books import Page
from store.client import Client
from store.fleet import Fleet
from store.ledger import Ledger, encode
from store.reach import reaching
from store.unit_notes import NOTHING, UNIT, UnitNotes, note_of
from store.unit_pictures import Card, Picture
from store.unit_words import Word

MOST_LINES = 500
_entry = msgspec.json.Decoder(UnitEntry).decode

WorkOf = Callable[[int], Mapping[str, Work]]


class UnitStore:
    """The room of units. `city` and `work` are asked each time: doors and orders tell of them."""

    def __init__(
        self, client: Client, ledger: Ledger, fleet: Fleet, city: Callable[[], CityFacts],
        work: WorkOf,
    ) -> None:  # fmt: skip
        self._redis = client
        self._ledger = ledger
        self.fleet = fleet
        self.notes = UnitNotes(client)
        self._city = city
        self._work = work
        self._cards: dict[str, Card] = {}

    def all(self, at_ms: int, sight: Sight = EVERYTHING) -> list[Unit]:
        """All units that somebody may see, as they stand at a moment, by id."""
        notes, work, city = self.notes.refresh(), self._work(at_ms), self._city()
        picture = Picture(city, at_ms, self._cards)
        found = (
            picture.unit(seen, notes.get(seen.id, NOTHING), work.get(seen.id, IDLE))
            for seen in self.fleet.look(sight)
        )
        return sorted(found, key=lambda unit: unit.id)

    def one(self, unit_id: str, at_ms: int, sight: Sight = EVERYTHING) -> Unit:
        """One unit; NotFound where there is none, or not for this sight."""
        seen = self.fleet.one(unit_id, sight)
        if seen is None:
            raise unknown(unit_id)
        note = self.notes.refresh().get(unit_id, NOTHING)
        picture = Picture(self._city(), at_ms, self._cards)
        return picture.unit(seen, note, self._work(at_ms).get(unit_id, IDLE))

    def of_account(self, account: str) -> str:
        """The unit that an account is signed on to; empty for none."""
        with reaching():
            return (self._redis.hget(keys.CREWS, account) or b"").decode()

    def log(self, unit_id: str) -> list[UnitEntry]:
        """What people did with a unit, and said on the radio, oldest first."""
        with reaching():
            lines = self._redis.lrange(keys.unit_log(unit_id), -MOST_LINES, -1)
        return [_entry(line) for line in lines]

    def set_status(self, unit_id: str, status: Status, actor: Actor, reason: str = "") -> Unit:
        """A person sets the status; it holds until the device says another word."""
        require_idle(self._mine(unit_id, actor))
        seen = self.fleet.one(unit_id)
        heard = seen.heard if seen else Heard()

        def change(note: UnitNote) -> UnitNote:
            return set_by_hand(note, status, heard, actor.seat.account, actor.at_ms, reason)

        return self._change(unit_id, change, entry("status", actor, status.value, reason), actor)

    def rest(self, unit_id: str, minutes: int, actor: Actor) -> Unit:
        """Rests from now for so many minutes; 0 ends a rest."""
        self._mine(unit_id, actor)
        line = entry("rest", actor, str(minutes))
        return self._change(unit_id, lambda note: rested(note, minutes, actor.at_ms), line, actor)

    def note(self, unit_id: str, text: str, actor: Actor) -> Unit:
        """A line of the radio log."""
        self._mine(unit_id, actor)
        line = entry("note", actor, note_text(text))
        return self._change(unit_id, lambda note: note, line, actor)

    def sign_on(self, unit_id: str, actor: Actor) -> Unit:
        """The actor serves on a unit from now on, and on no other."""
        self._mine(unit_id, actor)
        account = actor.seat.account

        def act(page: Page) -> None:
            former = (page.get(keys.CREWS, account) or b"").decode()
            if former and former != unit_id:
                leave(page, former, actor)
            page.put(keys.CREWS, account, unit_id.encode())
            put(page, unit_id, signed_on(noted(page, unit_id), account))
            write_down(page, unit_id, entry("sign_on", actor))
            page.detail["former"] = former

        self._ledger.write(act, actor.draft("unit.sign_on", f"unit/{unit_id}"))
        return self.one(unit_id, actor.at_ms)

    def sign_off(self, actor: Actor) -> str:
        """The actor serves on no unit any more; says on which he did."""
        account = actor.seat.account

        def act(page: Page) -> str:
            former = (page.get(keys.CREWS, account) or b"").decode()
            page.is_silent = not former
            if former:
                page.drop(keys.CREWS, account)
                page.subject = f"unit/{former}"
                leave(page, former, actor)
            return former

        return self._ledger.write(act, actor.draft("unit.sign_off", f"account/{account}"))

    def heard(self, words: Iterable[Word]) -> None:
        """Devices said their status; what is no news changes nothing."""
        said = list(words)

        def act(page: Page) -> None:
            for unit_id, word, observed_ms in said:
                before = noted(page, unit_id)
                after = told(before, word, observed_ms)
                if after != before:
                    put(page, unit_id, after)

        self._ledger.write(act, None, [(keys.UNITS, one.unit_id) for one in said])

    def _change(
        self, unit_id: str, change: Callable[[UnitNote], UnitNote], line: UnitEntry, actor: Actor
    ) -> Unit:
        def act(page: Page) -> None:
            put(page, unit_id, change(noted(page, unit_id)))
            write_down(page, unit_id, line)

        said = {} if line.what == "note" else {"text": line.text}
        draft = actor.draft(f"unit.{line.what}", f"unit/{unit_id}", **said)
        self._ledger.write(act, replace(draft, reason=line.reason), [(keys.UNITS, unit_id)])
        return self.one(unit_id, actor.at_ms)

    def _mine(self, unit_id: str, actor: Actor) -> Unit:
        """A unit that the actor sees and has a say over."""
        unit = self.one(unit_id, actor.at_ms, sight_of(actor.seat))
        require_lead(actor.seat, unit)
        return unit


def noted(page: Page, unit_id: str) -> UnitNote:
    """What the desk keeps of a unit."""
    packed = page.get(keys.UNITS, unit_id)
    return note_of(packed) if packed else NOTHING


def put(page: Page, unit_id: str, note: UnitNote) -> None:
    """Into the books."""
    page.put(keys.UNITS, unit_id, encode(note))
    page.changed(UNIT, unit_id)


def leave(page: Page, unit_id: str, actor: Actor) -> None:
    """The actor serves on a unit no more."""
    put(page, unit_id, signed_off(noted(page, unit_id), actor.seat.account))
    write_down(page, unit_id, entry("sign_off", actor))


def write_down(page: Page, unit_id: str, line: UnitEntry) -> None:
    """Into the unit's log."""
    page.append(keys.unit_log(unit_id), encode(line))


def entry(what: str, actor: Actor, text: str = "", reason: str = "") -> UnitEntry:
    """A line by an actor."""
    return UnitEntry(what, actor.seat.account, actor.seat.name, actor.at_ms, text, reason)
