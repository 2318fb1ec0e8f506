"""Lines of departments (条线): level, region, system and business, by which hand-overs cross."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from city.tables import BadTable, table

Words = tuple[str, str]  # 中文, English
MERGED = ("rules", "levels", "systems", "businesses", "departments")
OF_DEPARTMENT = {"level", "region", "system", "business"}
CENTRE = ""  # the department of the command centre itself


@dataclass(frozen=True, slots=True)
class Side:
    """One end of a hand-over: the five attributes (跨层级、跨地域、跨系统、跨部门、跨业务)."""

    level: str
    region: str  # area code; empty: the whole city
    system: str
    department: str  # empty: the command centre
    business: str


@dataclass(frozen=True, slots=True)
class Lines:
    """All departments of a city as ends of hand-overs."""

    departments: Mapping[str, Side] = field(default_factory=dict)
    names: Mapping[str, Mapping[str, Words]] = field(default_factory=dict)  # attribute → word
    ranks: Mapping[str, int] = field(default_factory=dict)  # of levels, 0 the highest
    sign_within_ms: int = 1_800_000

    def side(self, department: str) -> Side:
        """The end that a department is; one without an entry is of the city, and of no system."""
        if department == CENTRE:
            return Side("city", "", "centre", CENTRE, "command")
        return self.departments.get(department, Side("city", "", "other", department, "general"))


@cache
def shipped() -> Lines:
    """As the table has them."""
    return lines_of({})


def lines_of(facts: Mapping[str, Any]) -> Lines:
    """Those of a city with its own `[lines]`; BadTable names the entry that cannot be used."""
    if unknown := set(facts) - set(MERGED):
        raise BadTable(f"`lines.{min(unknown)}` is unknown; say {', '.join(MERGED)}")
    stated = {name: {**table("lines")[name], **facts.get(name, {})} for name in MERGED}
    names = {one: {key: (row["zh"], row["en"]) for key, row in stated[rows].items()}
             for one, rows in (("level", "levels"), ("system", "systems"),
                               ("business", "businesses"))}  # fmt: skip
    sides = {slug: side_of(slug, row, names) for slug, row in stated["departments"].items()}
    minutes = stated["rules"]["sign_within_min"]
    if isinstance(minutes, bool) or not isinstance(minutes, int | float) or minutes <= 0:
        raise BadTable("`lines.rules.sign_within_min` must be minutes above zero")
    ranks = {level: rank for rank, level in enumerate(names["level"])}
    return Lines(sides, names, ranks, round(minutes * 60_000))


def side_of(slug: str, row: Mapping[str, Any], names: Mapping[str, Mapping[str, Words]]) -> Side:
    """One department."""
    if unknown := set(row) - OF_DEPARTMENT:
        raise BadTable(f"`lines.departments.{slug}.{min(unknown)}` is unknown")
    side = Side(row.get("level", "city"), row.get("region", ""), row.get("system", "other"), slug,
                row.get("business", "general"))  # fmt: skip
    for name, known in names.items():
        if getattr(side, name) not in known:
            raise BadTable(f"`lines.departments.{slug}.{name}` is no word of the table")
    return side
