"""The rules of roads: what ponding closes, how fast roads are by hour; read from `[roads]`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any

from city.tables import BadTable, table

HOURS = 24
PARTS = ("rules", "ponding", "traffic", "pace")
Shares = Mapping[int, float]  # severity → share of the speed that is left
Pace = tuple[float, ...]  # by hour


@dataclass(frozen=True, slots=True)
class RoadNumbers:
    """The numbers; what each does stands in docs/roads.md."""

    ponding_radius_m: float = 80
    line_width_m: float = 20
    closure_holds_h: float = 24
    closure_at_most_d: float = 90
    traffic_least: float = 12
    traffic_near_m: float = 30


@dataclass(frozen=True, slots=True)
class RoadRules:
    """Everything that the roads ask of the city."""

    numbers: RoadNumbers = field(default_factory=RoadNumbers)
    ponding: Mapping[str, Shares] = field(default_factory=dict)  # by kind of thing
    traffic: tuple[str, ...] = ()  # kinds
    workday: Pace = (1.0,) * HOURS
    rest: Pace = (1.0,) * HOURS

    def pace(self, hour: int, *, is_workday: bool) -> float:
        """Share of the free speed in an hour of the city's own clock."""
        return (self.workday if is_workday else self.rest)[hour]


@cache
def shipped() -> RoadRules:
    """The rules as the table has them."""
    return roads_of({})


def roads_of(facts: Mapping[str, Any]) -> RoadRules:
    """The rules of a city; BadTable names the entry that cannot be used."""
    if unknown := set(facts) - set(PARTS):
        raise BadTable(f"`roads.{min(unknown)}` is unknown; say {', '.join(PARTS)}")
    stated = {name: {**table("roads")[name], **facts.get(name, {})} for name in PARTS}
    return RoadRules(
        _numbers(stated["rules"]),
        {kind: _shares(row, kind) for kind, row in stated["ponding"].items()},
        tuple(map(str, stated["traffic"]["kinds"])),
        _pace(stated["pace"]["workday"], "workday"),
        _pace(stated["pace"]["rest"], "rest"),
    )


def _numbers(row: Mapping[str, Any]) -> RoadNumbers:
    known = [one.name for one in fields(RoadNumbers)]
    for name, value in row.items():
        if name not in known:
            raise BadTable(f"`roads.rules.{name}` is unknown; say {', '.join(known)}")
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value <= 0:
            raise BadTable(f"`roads.rules.{name}` must be a number above zero")
    return RoadNumbers(**row)


def _shares(row: Mapping[str, Any], kind: str) -> Shares:
    try:
        shares = {int(severity): float(share) for severity, share in row.items()}
    except (AttributeError, TypeError, ValueError):
        raise BadTable(f"`roads.ponding.{kind}` must be severities with shares") from None
    if not all(1 <= severity <= 4 and 0 <= share < 1 for severity, share in shares.items()):
        raise BadTable(f"`roads.ponding.{kind}`: severities 1 to 4, shares from 0 to below 1")
    return shares


def _pace(row: Sequence[Any], name: str) -> Pace:
    if len(row) != HOURS or not all(isinstance(one, (int, float)) and 0 < one <= 2 for one in row):
        raise BadTable(f"`roads.pace.{name}` must be 24 numbers above 0, 2 at most")
    return tuple(map(float, row))
