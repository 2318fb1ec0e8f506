"""One picture of each unit: what its device says, what the desk keeps, what its orders say."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from city.case_bounds import CityFacts
from city.dispatch_rules import DispatchRules, UnitFacts
from city.naming import EN, ZH, name_in
from city.shifts import OnShift, shift_at
from city.things import ThingKey
from city.unit_status import UnitNote, on_shift, standing
from city.units import Unit, Work
from store.fleet import Sighting
from store.properties import moment

Json = dict[str, Any]


class Card(NamedTuple):
    """What of a unit changes hardly ever, kept from one picture to the next."""

    meta: Json | None
    rules: DispatchRules
    key: ThingKey
    facts: UnitFacts
    zh: str
    en: str

    @classmethod
    def of(cls, seen: Sighting, rules: DispatchRules) -> "Card":
        """Names: the city's own, then the registered ones, then the number."""
        key, facts, name = ThingKey.parse(seen.id), rules.facts_of(seen.id), named(seen.meta)
        zh, en = (own or name_in(name, lang) or key.object
                  for own, lang in ((facts.zh, ZH), (facts.en, EN)))  # fmt: skip
        return cls(seen.meta, rules, key, facts, zh, en)


@dataclass(slots=True)
class Picture:
    """What units are seen against: the rules and the moment."""

    city: CityFacts
    at_ms: int
    cards: dict[str, Card]
    shifts: dict[str, OnShift] = field(default_factory=dict)

    def unit(self, seen: Sighting, note: UnitNote, work: Work) -> Unit:
        """A unit out of what is known of it."""
        card = self._card(seen)
        key, facts, shift = card.key, card.facts, self._shift(card.facts.shift)
        said = standing(work, note, seen.heard, card.rules, key.department, self.at_ms)
        stands = on_shift(said, shift)
        return Unit(
            id=seen.id, kind=key.kind, department=key.department, zh=card.zh, en=card.en,
            status=stands.status, status_since_ms=stands.since_ms, status_source=stands.source,
            status_by=stands.by, own_status=stands.own, point=seen.point, fix_ms=seen.fix_ms,
            heard_ms=seen.heard.observed_ms, speed_mps=seen.speed_mps,
            heading_deg=seen.heading_deg, area=seen.area, skills=facts.skills,
            capacity=facts.capacity, base=facts.base, shift=facts.shift,
            shift_ends_ms=shift.ends_ms, crew=note.crew,
            rest_until_ms=note.rest_until_ms, work=work, fuel_pct=seen.fuel_pct,
        )  # fmt: skip

    def _card(self, seen: Sighting) -> Card:
        card = self.cards.get(seen.id)
        if card is None or card.meta is not seen.meta or card.rules is not self.city.dispatch:
            card = self.cards[seen.id] = Card.of(seen, self.city.dispatch)
        return card

    def _shift(self, shift: str) -> OnShift:
        if shift not in self.shifts:
            here = moment(self.at_ms).astimezone(self.city.calendar.zone)
            self.shifts[shift] = shift_at(shift, here)
        return self.shifts[shift]


def named(meta: Json | None) -> Any:
    """The name that a unit registered with."""
    return meta.get("name") if meta else None
