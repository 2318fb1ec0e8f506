"""The rules of dispatch: what units can do, what a case needs, and the numbers of the ranking.

The table is data (`city/tables/dispatch.toml`), changed by a city's profile; `city.dispatch_rows`
reads it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from city.things import ThingKey
from city.units import Status
from geo.points import Point

Names = tuple[str, str]  # 中文, English


class Weights(NamedTuple):
    """How much each bar counts; only their proportion matters."""

    eta: float = 0.6
    skill: float = 0.3
    load: float = 0.1


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of dispatch; what each does stands in docs/candidates.md."""

    fix_too_old_min: float = 30
    fix_doubted_min: float = 5
    silent_after_min: float = 60
    answer_within_s: float = 60
    order_holds_min: float = 120
    arrive_within_m: float = 80
    left_base_m: float = 150
    within_km: float = 40
    within_min: float = 60
    snap_within_m: float = 500
    straight_kmh: float = 25
    half_min: float = 10
    shift_ends_min: float = 30
    fuel_low_pct: float = 30
    most: int = 20


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """What the city knows of a unit, or of every unit of a kind, beyond what its device says."""

    zh: str = ""
    en: str = ""
    skills: tuple[str, ...] = ()
    capacity: Names = ("", "")
    base: Point | None = None
    shift: str = ""  # `08:00-20:00`


class Label(NamedTuple):
    """A department's own word for a status: the base type under it, and how it is shown."""

    status: Status
    zh: str
    en: str
    colour: str = ""  # of `COLOURS`; empty: the base type's


COLOURS = frozenset({"green", "blue", "teal", "yellow", "orange", "red", "violet", "grey"})


@dataclass(frozen=True, slots=True)
class Resource:
    """What helps without an engine of its own: a pump, a shelter, a warehouse."""

    id: str
    kind: str
    zh: str
    en: str
    department: str
    point: Point
    capacity: Names = ("", "")
    contact: str = ""


@dataclass(frozen=True)
class DispatchRules:
    """Everything that dispatch asks of the city."""

    numbers: Numbers = field(default_factory=Numbers)
    weights: Weights = field(default_factory=Weights)
    unsaid: Status = Status.AVAILABLE  # of a unit whose device never says one
    skills: Mapping[str, Names] = field(default_factory=dict)
    kinds: Mapping[str, UnitFacts] = field(default_factory=dict)
    units: Mapping[str, UnitFacts] = field(default_factory=dict)
    needs: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    labels: Mapping[str, Mapping[str, Label]] = field(default_factory=dict)  # by department
    patience: Mapping[Status, tuple[float, float]] = field(default_factory=dict)  # minutes
    resources: tuple[Resource, ...] = ()
    cover: Mapping[str, float] = field(default_factory=dict)  # kind → minutes

    def facts_of(self, unit_id: str) -> UnitFacts:
        """What is known of a unit: its own entry first, then its kind's."""
        kind = self.kinds.get(ThingKey.parse(unit_id).kind, NOTHING)
        own = self.units.get(unit_id)
        if own is None:
            return kind
        return UnitFacts(
            own.zh or kind.zh, own.en or kind.en, own.skills or kind.skills,
            own.capacity if any(own.capacity) else kind.capacity,
            own.base or kind.base, own.shift or kind.shift,
        )  # fmt: skip

    def needs_of(self, kind: str, code: str) -> Mapping[str, float]:
        """Skill → how well it serves (0 … 1) a case of this kind (`event`, `component`) and type.

        Empty where nothing is stated: then everybody fits.
        """
        name = f"{'C' if kind == 'component' else 'E'}{code}"
        found = [beginning for beginning in self.needs if name.startswith(beginning)]
        return self.needs[max(found, key=len)] if found else {}

    def label_of(self, department: str, word: str) -> Label | None:
        """A department's own status word, where the city knows it."""
        return self.labels.get(department, {}).get(word)

    def skill_names(self, skill: str) -> Names:
        """What people call a skill."""
        return self.skills.get(skill, (skill, skill))


NOTHING = UnitFacts()
