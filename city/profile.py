"""A city's own facts, as its profile states them; another city is another file."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from city.alarm_rules import rules_of
from city.calendars import WorkCalendar, calendar_of
from city.cameras import Camera, cameras_of
from city.case_bounds import Bounds, CityFacts, bounds_of
from city.dispatch_rows import dispatch_of
from city.dispatch_rules import DispatchRules
from city.filing import Filing
from city.filing_rows import filing_of
from city.kinds import KINDS, Kind
from city.lines import Lines, lines_of
from city.mode_rules import ModeRules, mode_rules
from city.plan_rows import plans_of
from city.plans import PlanBook
from city.road_rules import RoadRules, roads_of
from city.rulebook import BadRules, Rulebook, parse_rulebook
from city.tables import BadTable
from city.warning_rules import WarningRules, warning_rules


class BadProfile(ValueError):
    """A profile that cannot be used; the text names the entry."""


class Place(NamedTuple):
    """An area or a department: its code and what people call it."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Profile:
    """One city. File names are relative to the profile; only doors open them."""

    adcode: str
    zh: str
    en: str
    centre: tuple[float, float]
    zoom: float
    bounds: tuple[float, float, float, float]  # west, south, east, north
    datum: str
    attribution_zh: str
    attribution_en: str
    districts: str  # GeoJSON of the areas, sea included
    basemap: str  # folder of what the map draws
    network: str  # the roads as a graph
    tick_ms: int
    retention_hours: float
    retention_mb: int
    areas: tuple[Place, ...]
    departments: tuple[Place, ...]
    kinds: tuple[Kind, ...]  # city.kinds with the limits of this city
    calendar: WorkCalendar  # when this city works
    filing: Filing  # what a case may be about, and how long it may take
    rulebook: Rulebook  # what makes an alarm here
    letters: str  # what the numbers of its cases begin with
    case_bounds: Bounds  # of the rules for cases
    dispatch: DispatchRules  # what units can do, and how they are ranked
    mode: ModeRules  # of emergencies
    cameras: tuple[Camera, ...]  # whose pictures may be looked at
    plans: PlanBook  # what is done about what, by whom
    lines: Lines  # of its departments
    roads: RoadRules  # what water closes, how fast roads are by hour
    warnings: WarningRules  # who warns the public

    @property
    def for_cases(self) -> CityFacts:
        """What the moves of a case ask of it."""
        slugs = frozenset(one.code for one in self.departments)
        return CityFacts(self.letters, slugs, self.calendar, self.filing, self.case_bounds,
                         self.dispatch, self.mode, self.plans, self.lines,
                         self.roads, self.warnings)  # fmt: skip


def parse_profile(text: str) -> Profile:
    """The profile that a TOML text states; BadProfile says which entry is wrong."""
    try:
        facts = tomllib.loads(text)
        profile = _profile(facts)
    except tomllib.TOMLDecodeError as error:
        raise BadProfile(f"not TOML: {error}") from None
    except KeyError as error:
        raise BadProfile(f"the entry {error} is missing") from None
    except (TypeError, AttributeError) as error:
        raise BadProfile(f"an entry has the wrong shape: {error}") from None
    except (BadTable, BadRules) as error:
        raise BadProfile(str(error)) from None
    return _checked(profile)


def _profile(facts: Mapping[str, Any]) -> Profile:
    live, retention = facts.get("live", {}), facts.get("retention", {})
    kinds, dispatch = _kinds(facts.get("limits", {})), dispatch_of(facts.get("dispatch", {}))
    return Profile(
        adcode=str(facts["adcode"]),
        zh=facts["zh"],
        en=facts["en"],
        centre=_numbers(facts, "centre", 2),
        zoom=float(facts["zoom"]),
        bounds=_numbers(facts, "bounds", 4),
        datum=facts.get("datum", "wgs84"),
        attribution_zh=facts["attribution"]["zh"],
        attribution_en=facts["attribution"]["en"],
        districts=facts["districts"],
        basemap=facts["basemap"],
        network=facts["network"],
        tick_ms=int(live.get("tick_ms", 250)),
        retention_hours=float(retention.get("hours", 24)),
        retention_mb=int(retention.get("memory_mb", 1024)),
        areas=_places(facts["areas"]),
        departments=_places(facts["departments"]),
        kinds=kinds,
        calendar=calendar_of(facts.get("calendar", {})),
        filing=filing_of(facts.get("filing", {}), facts["departments"].keys()),
        letters=str(facts.get("letters", facts["en"][:2].upper())),
        case_bounds=bounds_of(facts.get("cases", {})),
        mode=mode_rules(facts.get("mode", {}), str(facts["adcode"])),
        cameras=cameras_of(facts.get("cameras", [])),
        dispatch=dispatch,
        plans=plans_of(facts.get("plans", {}), facts["departments"].keys(), dispatch),
        lines=lines_of(facts.get("lines", {})),
        roads=roads_of(facts.get("roads", {})),
        warnings=warning_rules(
            facts.get("warnings", {}), str(facts["adcode"]), (facts["zh"], facts["en"])
        ),
        rulebook=parse_rulebook(facts.get("alarms", {}), rules_of(kinds)),
    )


def _checked(profile: Profile) -> Profile:
    west, south, east, north = profile.bounds
    if not (west < east and south < north):
        raise BadProfile("`bounds` must be west, south, east, north")
    if not (west <= profile.centre[0] <= east and south <= profile.centre[1] <= north):
        raise BadProfile("`centre` lies outside `bounds`")
    if profile.tick_ms < 20:
        raise BadProfile("`live.tick_ms` must be 20 or more")
    if profile.retention_hours <= 0 or profile.retention_mb <= 0:
        raise BadProfile("`retention` must be above zero")
    return profile


def _numbers(facts: Mapping[str, Any], name: str, count: int) -> tuple[Any, ...]:
    numbers = facts[name]
    if len(numbers) != count:
        raise BadProfile(f"`{name}` must be {count} numbers")
    return tuple(float(number) for number in numbers)


def _places(entries: Mapping[str, Mapping[str, str]]) -> tuple[Place, ...]:
    return tuple(Place(code, names["zh"], names["en"]) for code, names in entries.items())


def _kinds(limits: Mapping[str, Mapping[str, Any]]) -> tuple[Kind, ...]:
    known = {(kind.name, quantity.name) for kind in KINDS for quantity in kind.quantities}
    stated = {(kind, name): four for kind, named in limits.items() for name, four in named.items()}
    for pair, four in stated.items():
        if pair not in known:
            raise BadProfile(f"`limits.{pair[0]}.{pair[1]}` names nothing that is measured")
        if len(four) != 4 or list(four) not in (sorted(four), sorted(four, reverse=True)):
            raise BadProfile(f"`limits.{pair[0]}.{pair[1]}` must be four numbers, blue to red")
    return tuple(_with_limits(kind, stated) for kind in KINDS)


def _with_limits(kind: Kind, stated: Mapping[tuple[str, str], Any]) -> Kind:
    return replace(
        kind,
        quantities=tuple(
            replace(one, limits=_four(stated[kind.name, one.name]))
            if (kind.name, one.name) in stated
            else one
            for one in kind.quantities
        ),
    )


def _four(numbers: Sequence[float]) -> tuple[float, float, float, float]:
    blue, yellow, orange, red = map(float, numbers)
    return blue, yellow, orange, red
