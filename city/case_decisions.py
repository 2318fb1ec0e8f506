"""What a move decides beyond its state: limits, extensions, warnings; written with its entry."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from city import case_times
from city.case_bounds import CityFacts
from city.case_table import Move
from city.cases import Case, Entry

Decide = Callable[[Case, Entry, CityFacts], Mapping[str, Any]]


def decided_facts(case: Case, entry: Entry, city: CityFacts) -> Entry:
    """The entry with the facts that follow from the case and the city."""
    decide = DECISIONS.get(entry.move)
    return replace(entry, facts={**entry.facts, **decide(case, entry, city)}) if decide else entry


def filing(case: Case, entry: Entry, city: CityFacts) -> Mapping[str, Any]:
    """The condition that was chosen, or the first of the type, and the limit it states."""
    known = city.conditions(case.kind, case.type)
    name = entry.facts.get("condition")
    chosen = next((one for one in known if one.id == name), known[0] if known else None)
    if chosen is None:
        return {}
    slots = list(chosen.evidence) if city.bounds.evidence_needed else []
    return {"condition": chosen.id, "limit": str(chosen.limit), "slots": slots}


def extension(case: Case, entry: Entry, city: CityFacts) -> Mapping[str, Any]:
    """The later end of the clock of handling."""
    request = case.asked("extension")
    by = str(request.fields["limit"]) if request else ""
    changes = case_times.extended(case, by, entry.at_ms, city)
    return {"timers": case_times.told(changes)}


def warning(case: Case, _entry: Entry, _city: CityFacts) -> Mapping[str, Any]:
    """The running clock has been warned of."""
    changes = {place: replace(timer, is_warned=True) for place, timer in running(case)}
    return {"timers": case_times.told(changes)}


def overdue(case: Case, entry: Entry, _city: CityFacts) -> Mapping[str, Any]:
    """The running clock is over, so many times."""
    count = entry.facts["multiple"]
    changes = {place: replace(timer, multiple=count) for place, timer in running(case)}
    return {"timers": case_times.told(changes)}


def running(case: Case) -> list[tuple[int, Any]]:
    """The timer that runs, with its place."""
    return [(place, one) for place, one in enumerate(case.timers) if one.clock.stopped_ms is None]


DECISIONS: Mapping[Move, Decide] = {
    Move.REGISTER: filing,
    Move.GRANT_EXTENSION: extension,
    Move.WARN: warning,
    Move.OVERDUE: overdue,
}
