"""The rules of one city: the table with what its profile sets for kinds, things and watch lists."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Any

from city.alarm_rules import OFF, PROPOSAL, RULES, Measure, Rule, stamped
from city.things import ThingKey
from geo.fences import BadFence, fence

Numbers = Mapping[str, Any]  # what is set for a rule: limits, hold_s, clear, off, basis, …
SET = ("limits", "hold_s", "clear", "basis", "source", "valid_from", "verified")


class BadRules(ValueError):
    """A profile's `[alarms]` that cannot be used; the text names the entry."""


@dataclass(frozen=True, slots=True)
class WatchList:
    """Things of particular weight (重点点位) with limits of their own, by pattern."""

    id: str
    zh: str
    en: str
    things: tuple[str, ...]
    rules: Mapping[str, Numbers]

    def has(self, thing: str) -> bool:
        """Whether a thing stands on it."""
        return any(fnmatchcase(thing, one) for one in self.things)


@dataclass(frozen=True, slots=True)
class Maintenance:
    """A span of time in which some things may say what they will (检修): counted, not shown."""

    id: str
    things: tuple[str, ...]
    from_ms: int
    until_ms: int
    reason: str

    def covers(self, thing: str, at_ms: int) -> bool:
        """Whether a thing is being worked on at that time."""
        return self.from_ms <= at_ms < self.until_ms and any(
            fnmatchcase(thing, one) for one in self.things
        )


@dataclass(frozen=True)
class Rulebook:
    """Which rules judge a thing, and the numbers around them."""

    rules: tuple[Rule, ...] = RULES
    lists: tuple[WatchList, ...] = ()
    maintenance: tuple[Maintenance, ...] = ()
    bound_s: float = 600.0  # how late a reading may come and still be put in its place
    flood: int = 10  # alarms per seat in ten minutes (ux-spec §7)

    @cached_property
    def of_readings(self) -> Mapping[str, tuple[Rule, ...]]:
        """Kind → the rules that a reading can break, in the order of the table."""
        found: dict[str, tuple[Rule, ...]] = {}
        for rule in self.rules:
            if rule.measure != Measure.SILENCE:
                found[rule.kind] = (*found.get(rule.kind, ()), rule)
        return found

    def rule(self, name: str) -> Rule:
        """A rule by its number."""
        return next(rule for rule in self.rules if rule.id == name)

    def rules_for(self, thing: str) -> tuple[Rule, ...]:
        """The rules that judge a thing, with its own limits."""
        kind = ThingKey.parse(thing).kind if thing.count("/") == 2 else ""
        mine = [rule for rule in self.of_readings.get(kind, ()) if rule.applies_to(thing)]
        lists = [one for one in self.lists if one.has(thing)] if mine else []
        for one in lists:
            mine = [with_numbers(rule, one.rules.get(rule.id)) for rule in mine]
        return tuple(rule for rule in mine if rule.limits != NEVER_REACHED)

    def lists_with(self, thing: str) -> tuple[WatchList, ...]:
        """The watch lists that a thing stands on."""
        return tuple(one for one in self.lists if one.has(thing) and one.zh)

    def under_maintenance(self, thing: str, at_ms: int) -> Maintenance | None:
        """What keeps its alarms from being shown at that time."""
        return next((one for one in self.maintenance if one.covers(thing, at_ms)), None)


MOST_FENCES = 60  # one bit each beside a thing
NEVER_REACHED = (OFF,) * 4
RULEBOOK = Rulebook()


def with_numbers(rule: Rule, numbers: Numbers | None) -> Rule:
    """A rule with what was set for it; `off = true` takes it out."""
    if not numbers:
        return rule
    if numbers.get("off"):
        return replace(rule, limits=NEVER_REACHED)
    said = {name: numbers[name] for name in SET if name in numbers}
    if "limits" in said:
        said["limits"] = four(said["limits"], rule.id)
    return stamped(replace(rule, **said))


def four(limits: Sequence[float], where: str) -> tuple[float, float, float, float]:
    """Four limits, blue to red, all rising or all falling."""
    numbers = list(map(float, limits))
    if len(numbers) != 4 or numbers not in (sorted(numbers), sorted(numbers, reverse=True)):
        raise BadRules(f"`alarms`: the limits of {where} must be four numbers, blue to red")
    blue, yellow, orange, red = numbers
    return blue, yellow, orange, red


def parse_rulebook(facts: Mapping[str, Any], table: Iterable[Rule]) -> Rulebook:
    """The rulebook of a profile's `[alarms]` over a table of rules."""
    rows = tuple(table)
    try:
        set_for = dict(facts.get("rules", {}))
        _known(set_for, rows)
        rules = [with_numbers(rule, set_for.get(rule.id)) for rule in rows]
        rules += [_fence(one) for one in facts.get("fences", ())]
        if len(rules) - len(rows) > MOST_FENCES:
            raise BadRules(f"`alarms.fences`: at most {MOST_FENCES}")
        return Rulebook(
            tuple(rules),
            (*map(_list, facts.get("watch", ())), *_own(facts.get("things", {}))),
            tuple(map(_maintenance, enumerate(facts.get("maintenance", ())))),
            float(facts.get("bound_s", 600)),
            int(facts.get("flood", 10)),
        )
    except KeyError as error:
        raise BadRules(f"`alarms`: the entry {error} is missing") from None
    except (TypeError, AttributeError) as error:
        raise BadRules(f"`alarms`: an entry has the wrong shape: {error}") from None


def _known(named: Iterable[str], rules: Iterable[Rule]) -> None:
    ids = {rule.id for rule in rules}
    for name in named:
        if name not in ids:
            raise BadRules(f"`alarms.rules.{name}` names no rule")


def _fence(facts: Mapping[str, Any]) -> Rule:
    severity = int(facts.get("severity", 3))
    reached = (1.0,) * (5 - severity)
    blue, yellow, orange, red = (*reached, *(OFF,) * (severity - 1))
    try:
        shape = fence(facts["corners"], keep_out=bool(facts.get("keep_out", False)))
    except BadFence as error:
        raise BadRules(f"`alarms.fences` {facts['id']} needs {error}") from None
    return stamped(Rule(
        f"fence.{facts['id']}", Measure.BREACH, facts["kind"], (blue, yellow, orange, red),
        facts["zh"], facts["en"], owner=facts.get("owner", ""),
        hold_s=float(facts.get("hold_s", 120)), things=tuple(facts.get("things", ())), fence=shape,
        basis=facts.get("basis", PROPOSAL), source=facts.get("source", ""),
    ))  # fmt: skip


def _list(facts: Mapping[str, Any]) -> WatchList:
    return WatchList(
        facts["id"], facts["zh"], facts["en"], tuple(facts["things"]), dict(facts["rules"])
    )


def _own(things: Mapping[str, Mapping[str, Numbers]]) -> Iterable[WatchList]:
    """Limits of single things: lists of one, without a name."""
    return (WatchList(thing, "", "", (thing,), dict(rules)) for thing, rules in things.items())


def _maintenance(entry: tuple[int, Mapping[str, Any]]) -> Maintenance:
    number, facts = entry
    begins, ends = facts["from"], facts["until"]
    if not (isinstance(begins, datetime) and isinstance(ends, datetime) and begins.tzinfo):
        raise BadRules("`alarms.maintenance` needs `from` and `until` with a zone")
    return Maintenance(
        str(facts.get("id", number)), tuple(facts["things"]),
        int(begins.timestamp() * 1000), int(ends.timestamp() * 1000), str(facts["reason"]),
    )  # fmt: skip
