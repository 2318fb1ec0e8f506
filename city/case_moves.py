"""Whether a move may be made, and the log entry it becomes: the one gate of every case.

Asked in this order: may the seat know of the case at all (403), did it see the newest version
(409), is the move legal from here (409), has the seat the post (403), is everything there that
the move needs (422), and does anything else stand against it (403, 409, 422 by its reason).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from city.case_asked import Asked
from city.case_bounds import SHIPPED, CityFacts
from city.case_decisions import decided_facts
from city.case_fields import read_fields, require
from city.case_fold import bare
from city.case_guards import GUARDS, OF_CASE
from city.case_scope import sees
from city.case_table import AUTOMATIC, FROM, OPENING, RULES, STATES, CaseState, Move, Rule
from city.case_times import clocked, told
from city.cases import Case, Entry, Order
from city.refusal import Conflict, Forbidden, Malformed, Refusal, say
from city.roles import ROLE_NAMES, SYSTEM, Actor, Role, Seat, named

say(
    {
        "illegal_move": ("“{state}”的案件不能{move}", "A case that is “{state}” cannot: {move}"),
        "wrong_post": ("需要“{who}”岗位才能{what}", "Only {who} may do this: {what}"),
        "other_scope": ("案件不在您的管辖范围内", "The case lies outside your scope"),
        "is_opened_already": ("案件已登记", "The case is open already"),
        "not_opening": ("不能以“{move}”登记案件", "A case cannot begin with {move}"),
    }
)
RANKS: Mapping[Role, int] = {role: rank for rank, role in enumerate(Role)}
DEFAULT_SEVERITY, DEFAULT_KIND = 3, "event"


class IllegalMove(Conflict):
    """The table has no such line for this state."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """A move that a seat may make on a case now, or not yet: then `why` says what is missing."""

    move: Move
    label: tuple[str, str]  # 中文, English
    needs: tuple[str, ...]
    may: tuple[str, ...]
    why: Refusal | None = None

    def reason(self, lang: str) -> str:
        """Why it is grey; empty where it is not."""
        return self.why.said(lang) if self.why else ""


def allowed(case: Case, actor: Actor, city: CityFacts = SHIPPED) -> tuple[Allowed, ...]:
    """What a seat may do with a case, in the table's order; what it may not yet, with why."""
    return tuple(looked_at(case, actor, city)) if sees(actor.seat, case) else ()


def looked_at(case: Case, actor: Actor, city: CityFacts) -> Iterator[Allowed]:
    """The lines of the table that hold for this state and one of the seat's posts."""
    for rule in FROM[case.state]:
        role = role_for(rule, actor.seat)
        if not role:
            continue
        asked = Asked(case, rule, actor, role, city, actor.at_ms)
        reasons = (OF_CASE[name](asked) for name in rule.guards if name in OF_CASE)
        why = next((reason for reason in reasons if reason), None)
        yield Allowed(rule.move, (rule.zh, rule.en), rule.needs, rule.may, why)


def open_moves(case: Case, actor: Actor, city: CityFacts = SHIPPED) -> list[str]:
    """The moves that nothing stands against."""
    return [str(one.move) for one in allowed(case, actor, city) if not one.why]


def legal_moves(state: CaseState) -> list[str]:
    """What somebody, in some post, may do with a case in this state."""
    return [str(rule.move) for rule in FROM[state]]


def role_for(rule: Rule, seat: Seat) -> str:
    """The post in which a seat makes a move; empty where it has none of those asked for."""
    if seat == SYSTEM:
        return SYSTEM.account if not rule.roles or rule.move in AUTOMATIC else ""
    return str(min(held, key=RANKS.__getitem__)) if (held := rule.roles & seat.roles) else ""


def opening(order: Order, actor: Actor, city: CityFacts = SHIPPED) -> Entry:
    """The first entry of a new case, or its Refusal; the store adds the `id` to its facts."""
    rule = RULES[order.move]
    if order.move not in OPENING:
        raise Malformed("not_opening", move=(rule.zh, order.move))
    role = must_have_post(rule, actor.seat)
    fields = read_all(rule, order.fields)
    if not actor.seat.covers(fields.get("area", "")):
        raise Forbidden("other_scope")
    facts = {"kind": DEFAULT_KIND, "severity": DEFAULT_SEVERITY, **fields}
    assert rule.target is not None
    entry = entry_of(rule, actor, role, rule.target, facts)
    unborn = bare(entry)
    must_pass(Asked(unborn, rule, actor, role, city, actor.at_ms, facts))
    return with_clocks(unborn, entry, city)


def propose(
    case: Case, order: Order, actor: Actor, city: CityFacts = SHIPPED, parent: Case | None = None
) -> Entry:
    """The entry that a move becomes; a Refusal that tells state and legal moves where it may not.

    `parent` is the case that it is merged into, where it is.
    """
    if not sees(actor.seat, case):
        raise Forbidden("other_scope")
    try:
        return _propose(case, order, actor, city, parent)
    except Refusal as refusal:
        if refusal.status == Conflict.status:
            refusal.more = {**standing(case, actor, city), **refusal.more}
        raise


def standing(case: Case, actor: Actor, city: CityFacts) -> Mapping[str, Any]:
    """How a case stands, for whoever was refused."""
    return {
        "state": str(case.state),
        "version": case.version,
        "allowed": open_moves(case, actor, city),
        "legal": legal_moves(case.state),
    }


def _propose(case: Case, order: Order, actor: Actor, city: CityFacts, parent: Case | None) -> Entry:
    rule = RULES[order.move]
    if case.state not in rule.sources:
        raise illegal(case, rule)
    role = must_have_post(rule, actor.seat)
    fields = read_all(rule, order.fields)
    at_ms = max(actor.at_ms, case.updated_ms)  # clocks of several machines may differ
    asked = Asked(case, rule, actor, role, city, at_ms, fields, parent)
    must_pass(asked)
    entry = replace(entry_of(rule, actor, role, target_of(case, rule), fields), at_ms=at_ms,
                    before=case.state)  # fmt: skip
    return with_clocks(case, decided_facts(case, entry, city), city)


def noted(case: Case, order: Order, actor: Actor, department: str = "") -> Entry:
    """A line that follows from something else that was done: the state stays, no guard is asked.

    It is the actor's where he acts for that department, or for the desk; else the system's.
    """
    rule, seat = RULES[order.move], actor.seat
    mine = actor if department in ("", seat.department) else replace(actor, seat=SYSTEM)
    ranked = sorted(mine.seat.roles, key=RANKS.__getitem__)
    role = str(ranked[0]) if ranked else SYSTEM.account
    entry = entry_of(rule, mine, role, case.state, read_all(rule, order.fields))
    at_ms = max(actor.at_ms, case.updated_ms)
    return replace(entry, before=case.state, at_ms=at_ms, rule=rule.number,
                   department=department or seat.department)  # fmt: skip


def must_pass(asked: Asked) -> None:
    """Raises the first refusal of the rule's guards."""
    for name in asked.rule.guards:
        if refusal := GUARDS[name](asked):
            raise refusal


def illegal(case: Case, rule: Rule) -> IllegalMove:
    """The table does not know it from here."""
    zh, en, _ = STATES[case.state]
    return IllegalMove("illegal_move", state=(zh, en), move=(rule.zh, rule.en))


def must_have_post(rule: Rule, seat: Seat) -> str:
    """The post of `role_for`; Forbidden names those that may."""
    if role := role_for(rule, seat):
        return role
    who = named(rule.roles and [one for one in Role if one in rule.roles]) or ("", "")
    system = ("系统", "the system itself")
    raise Forbidden("wrong_post", who=who if rule.roles else system, what=(rule.zh, rule.en))


def read_all(rule: Rule, given: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that a move takes, read; what it does not know is left out."""
    names = dict.fromkeys((*rule.needs, *rule.may, "reason"))
    require(rule.needs, given)
    values = read_fields(tuple(names), given)
    require(rule.needs, values)
    return values


def target_of(case: Case, rule: Rule) -> CaseState:
    """Where a move leads to."""
    if rule.move is Move.UNMERGE:
        return CaseState(case.merged_from)
    return case.state if rule.target is None else rule.target


def entry_of(
    rule: Rule, actor: Actor, role: str, after: CaseState, fields: Mapping[str, Any]
) -> Entry:
    """The line in the log."""
    facts = {name: plain(value) for name, value in fields.items() if name != "reason"}
    return Entry(
        move=rule.move,
        before=None,
        after=after,
        by=actor.seat.account,
        name=actor.seat.name,
        role=role,
        at_ms=actor.at_ms,
        department=actor.seat.department,
        reason=fields.get("reason", ""),
        facts=facts,
    )


def with_clocks(case: Case, entry: Entry, city: CityFacts) -> Entry:
    """The same with what it does to the clocks of the case."""
    changes = clocked(case, entry.move, entry.after, entry.at_ms, city)
    if not changes:
        return entry
    return replace(entry, facts={**entry.facts, "timers": told(changes)})


def plain(value: Any) -> Any:
    """As JSON will have it."""
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else value


def said_post(role: str) -> tuple[str, str]:
    """What a post in the log is called."""
    return ROLE_NAMES[Role(role)] if role in set(Role) else (SYSTEM.name, "System")
