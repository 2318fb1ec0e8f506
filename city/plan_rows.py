"""Reads plans and linkage lists from `city/tables/plans.toml`, with what a profile changes.

A profile's `[plans]` may state `plans` and `linkages` by id, written like those of the table (one
of the same id replaces it, `plans.x = false` takes it out), and `territories`: area → department.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from city.dispatch_rules import DispatchRules
from city.plans import Linkage, Part, Plan, PlanBook, Step, Words
from city.tables import BadTable, origin_of, table

Facts = Mapping[str, Any]
STATED = ("plans", "linkages", "territories")
OF_PLAN = {"zh", "en", "version", "types", "mildest", "steps", "advice", "edition", "source",
           "verified"}  # fmt: skip
OF_STEP = {"id", "zh", "en", "part", "department", "skills", "after", "arrive_within_min",
           "handle_within_min", "checklist", "mandatory"}  # fmt: skip
OF_LINKAGE = {"zh", "en", "types", "plan", "sources", "mildest", "inform"}
OWN_ORIGIN = {"edition": "", "source": "profile of the city", "verified": False}


@cache
def shipped() -> PlanBook:
    """The library as the table has it."""
    return plans_of({}, (), None)


def plans_of(facts: Facts, departments: Collection[str], rules: DispatchRules | None) -> PlanBook:
    """The library of a city; BadTable names the entry that cannot be used."""
    if unknown := set(facts) - set(STATED):
        raise BadTable(f"`plans.{min(unknown)}` is unknown; say {', '.join(STATED)}")
    rows = stated("plans", facts)
    plans = {name: plan_of(name, row) for name, row in rows.items()}
    links = tuple(linkage_of(name, row, plans) for name, row in stated("linkages", facts).items())
    book = PlanBook(plans, links, dict(facts.get("territories", {})))
    check_names(book, departments, rules)
    return book


def stated(name: str, facts: Facts) -> dict[str, Facts]:
    """The rows of the table with those of the profile."""
    own = {key: {**OWN_ORIGIN, **row} if row else None for key, row in facts.get(name, {}).items()}
    return {key: row for key, row in {**table("plans")[name], **own}.items() if row}


def plan_of(name: str, row: Facts) -> Plan:
    """One plan."""
    where = f"plans.{name}"
    must_know(row, OF_PLAN, ("zh", "en", "version", "types", "steps"), where)
    steps = tuple(step_of(one, where) for one in row["steps"])
    check_order(steps, where)
    advice = tuple(words_of(one, f"{where}.advice") for one in row.get("advice", ()))
    return Plan(name, row["zh"], row["en"], int(row["version"]), tuple(row["types"]), steps,
                origin_of(row, table("plans")), level(row, where), advice)  # fmt: skip


def step_of(row: Facts, where: str) -> Step:
    """One step."""
    where = f"{where}.{row.get('id', '?')}"
    must_know(row, OF_STEP, ("id", "zh", "en", "part"), where)
    if row["part"] not in tuple(Part):
        raise BadTable(f"`plans.{where}.part` must be one of {', '.join(Part)}")
    part, department = Part(row["part"]), row.get("department", "")
    if not department and part is not Part.TERRITORIAL:
        raise BadTable(f"`plans.{where}.department` is missing")
    checklist = tuple(words_of(one, f"{where}.checklist") for one in row.get("checklist", ()))
    return Step(row["id"], row["zh"], row["en"], part, department, tuple(row.get("skills", ())),
                tuple(row.get("after", ())), minutes(row, "arrive_within_min", where),
                minutes(row, "handle_within_min", where), checklist,
                bool(row.get("mandatory", True)))  # fmt: skip


def linkage_of(name: str, row: Facts, plans: Mapping[str, Plan]) -> Linkage:
    """One linkage list."""
    where = f"linkages.{name}"
    must_know(row, OF_LINKAGE | set(OWN_ORIGIN), ("zh", "en", "types", "plan"), where)
    if row["plan"] not in plans:
        raise BadTable(f"`plans.{where}.plan` names the unknown plan {row['plan']}")
    return Linkage(name, row["zh"], row["en"], tuple(row["types"]), row["plan"],
                   tuple(row.get("sources", ())), level(row, where),
                   tuple(row.get("inform", ())))  # fmt: skip


def must_know(row: Facts, known: set[str], needed: Sequence[str], where: str) -> None:
    """Raises BadTable for what is unknown or missing."""
    if unknown := set(row) - known:
        raise BadTable(f"`plans.{where}.{min(unknown)}` is unknown; say {', '.join(sorted(known))}")
    if lacking := next((one for one in needed if not row.get(one)), None):
        raise BadTable(f"`plans.{where}.{lacking}` is missing")


def check_order(steps: Sequence[Step], where: str) -> None:
    """A step waits only for steps that are declared before it, so that nothing waits in a ring."""
    told: set[str] = set()
    for step in steps:
        if step.id in told or "/" in step.id:
            raise BadTable(f"`plans.{where}` has the step {step.id} twice, or with a slash")
        if late := set(step.after) - told:
            raise BadTable(f"`plans.{where}.{step.id}` waits for {min(late)}, which is not before")
        told.add(step.id)


def check_names(book: PlanBook, departments: Collection[str], rules: DispatchRules | None) -> None:
    """Departments and skills have to be those of the city."""
    named = set(departments_in(book))
    if departments and (unknown := named - set(departments)):
        raise BadTable(f"`plans` names the unknown department {min(unknown)}")
    skills = {one for plan in book.plans.values() for step in plan.steps for one in step.skills}
    if rules is not None and (unknown := skills - set(rules.skills)):
        raise BadTable(f"`plans` names the unknown skill {min(unknown)}")


def departments_in(book: PlanBook) -> Iterator[str]:
    """Every department that a plan or a linkage list names."""
    for plan in book.plans.values():
        yield from (step.department for step in plan.steps if step.department)
    for linkage in book.linkages:
        yield from linkage.inform
    yield from book.territories.values()


def level(row: Facts, where: str) -> int:
    """The mildest severity, 1 … 4."""
    value = row.get("mildest", 4)
    if value not in (1, 2, 3, 4):
        raise BadTable(f"`plans.{where}.mildest` must be 1, 2, 3 or 4")
    return int(value)


def minutes(row: Facts, name: str, where: str) -> float | None:
    """A limit, above zero."""
    value = row.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        raise BadTable(f"`plans.{where}.{name}` must be minutes above zero")
    return float(value)


def words_of(row: Any, where: str) -> Words:
    """A text in both languages."""
    if not isinstance(row, Mapping) or not row.get("zh") or not row.get("en"):
        raise BadTable(f"`plans.{where}` must have `zh` and `en`")
    return row["zh"], row["en"]
