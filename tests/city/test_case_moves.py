"""Every line of the table holds, and nothing that is not a line of it; drawn from the table."""

import pytest

from city.case_fields import FIELDS
from city.case_fold import apply, begun, digest, fold
from city.case_guards import GUARDS, OF_CASE
from city.case_moves import IllegalMove, allowed, opening, propose, role_for
from city.case_requests import GRANTS, STEPS, decidable
from city.case_table import ENDED, OPEN, OPENING, RULES, STATES, TABLE, CaseState, Move, Rule
from city.case_views import STEPS as VIEW_STEPS
from city.cases import Case, Order
from city.refusal import Forbidden, Malformed, Refusal
from city.roles import SYSTEM, Role
from tests.city.case_life import BROKEN, VALUES, Scene, log_to, scene, somebody
from tests.desk import PONDING, actor, at_work

CASES: dict[CaseState, Case] = {state: fold(log_to(state)) for state in CaseState}
MOVING = [rule for rule in TABLE if rule.sources]


def by_move(rule: Rule) -> str:
    return str(rule.move)


def posts(rule: Rule) -> list[Role | None]:
    """Who makes a move; None is the system."""
    return sorted(rule.roles) or [None]


def target(rule: Rule, before: CaseState) -> CaseState:
    return CaseState.HANDLING if rule.move is Move.UNMERGE else rule.target or before


def test_every_state_and_every_move_has_its_words_and_every_move_one_line() -> None:
    assert set(STATES) == set(CaseState)
    assert [rule.move for rule in TABLE] == list(RULES)
    assert set(RULES) == set(Move)
    assert all(rule.zh and rule.en for rule in TABLE)


def test_the_table_names_only_guards_and_fields_that_exist() -> None:
    guards = {name for rule in TABLE for name in rule.guards}
    fields = {name for rule in TABLE for name in (*rule.needs, *rule.may)}

    assert guards == set(GUARDS)
    assert fields <= set(FIELDS)
    assert set(BROKEN) == set(GUARDS)
    assert fields <= set(VALUES)


def test_a_request_is_decided_by_others_than_those_who_ask() -> None:
    for kind in GRANTS:
        ask, grant, deny = (next(m for m, one in STEPS.items() if one == (step, kind))
                            for step in ("ask", "grant", "deny"))  # fmt: skip
        assert RULES[grant].roles == RULES[deny].roles
        assert RULES[ask].sources <= decidable(kind)
        assert RULES[ask].roles.isdisjoint(RULES[grant].roles) or (
            "another_person" in RULES[grant].guards
        )


@pytest.mark.parametrize("rule", MOVING, ids=by_move)
def test_a_legal_move_of_the_right_post_succeeds_from_each_of_its_states(rule: Rule) -> None:
    for state in sorted(rule.sources):
        for role in posts(rule):
            ready = scene(rule, CASES[state], role)

            entry = ready.propose(rule.move)
            after = apply(ready.case, entry)

            assert (entry.move, entry.before) == (rule.move, state)
            assert entry.after == after.state == target(rule, state)
            assert after.version == ready.case.version + 1
            assert entry.role == (role or "system")
            assert entry.by == ready.who.seat.account


@pytest.mark.parametrize("rule", MOVING, ids=by_move)
def test_an_illegal_move_is_refused_with_state_and_legal_moves_whoever_asks(rule: Rule) -> None:
    for state in set(CaseState) - rule.sources:
        for role in posts(rule):
            case = CASES[state]
            seat = SYSTEM if role is None else somebody(role)
            if role is not None and not is_shown(case, role):
                continue
            with pytest.raises(IllegalMove) as refused:
                propose(case, Order(rule.move, VALUES), at_work(seat))
            assert refused.value.more["state"] == state
            assert rule.move not in refused.value.more["legal"]
            assert STATES[state][0] in refused.value.said("zh")
            assert STATES[state][1] in refused.value.said("en")


@pytest.mark.parametrize("rule", MOVING, ids=by_move)
def test_another_post_is_refused_and_told_who_may(rule: Rule) -> None:
    for state in rule.sources:
        for role in set(Role) - rule.roles:
            with pytest.raises(Forbidden) as refused:
                propose(CASES[state], Order(rule.move, VALUES), at_work(somebody(role)))
            assert refused.value.reason in ("wrong_post", "other_scope")
            assert refused.value.said("zh")
            assert refused.value.said("en")


@pytest.mark.parametrize("rule", [one for one in MOVING if one.needs], ids=by_move)
def test_what_a_move_needs_must_be_there(rule: Rule) -> None:
    for name in rule.needs:
        state = min(rule.sources)
        ready = scene(rule, CASES[state], posts(rule)[0])
        for value in (None, "", "  "):
            with pytest.raises(Malformed) as refused:
                ready.filled(**{name: value}).propose(rule.move)
            assert FIELDS[name].zh in refused.value.said("zh")


GUARDED = [(rule, name) for rule in MOVING for name in rule.guards]


@pytest.mark.parametrize(
    ("rule", "name"), GUARDED, ids=[f"{rule.move}-{name}" for rule, name in GUARDED]
)
def test_a_guard_refuses_with_its_reason(rule: Rule, name: str) -> None:
    prepare, reason = BROKEN[name]
    role = Role.UNIT if name == "own_if_unit" else posts(rule)[0]
    state = CaseState.HANDLING if CaseState.HANDLING in rule.sources else min(rule.sources)
    ready = scene(rule, CASES[state], role)

    refused = refusal_of(prepare(ready, rule), rule)

    assert refused is not None
    assert refused.reason == reason
    assert refused.status in (403, 409, 422)
    assert refused.said("zh") != refused.said("en")
    if refused.status == 409:
        assert refused.more["state"] == state


def refusal_of(broken: Scene, rule: Rule) -> Refusal | None:
    try:
        broken.propose(rule.move)
    except Refusal as refusal:
        return refusal
    return None


@pytest.mark.parametrize("state", CaseState)
def test_what_is_allowed_is_what_the_table_says_and_what_is_grey_says_why(
    state: CaseState,
) -> None:
    for role in Role:
        who = at_work(somebody(role))
        found = {one.move: one for one in allowed(CASES[state], who)}
        if not is_shown(CASES[state], role):
            assert found == {}
            continue
        assert set(found) == {
            rule.move for rule in MOVING if state in rule.sources and role in rule.roles
        }
        for move, one in found.items():
            fields = {name: VALUES[name] for name in one.needs}
            reason = refusal_of(Scene(CASES[state], who, fields), RULES[move])
            guards = set(RULES[move].guards)
            if one.why or guards <= set(OF_CASE):
                assert (reason and reason.reason) == (one.why and one.why.reason)
                assert bool(one.reason("zh")) == bool(one.why)


def is_shown(case: Case, role: Role) -> bool:
    """Whether the seat of `somebody` sees the case at all."""
    is_works = role in (Role.UNIT, Role.HANDLER)
    return case.state is not CaseState.DRAFT and (not is_works or bool(case.lead))


@pytest.mark.parametrize("state", CaseState)
def test_a_log_replayed_gives_the_same_case(state: CaseState) -> None:
    log = log_to(state)
    case = begun(log[0])
    for entry in log[1:]:
        case = apply(case, entry)

    assert fold(log) == case
    assert digest(fold(log)) == digest(case)


@pytest.mark.parametrize("state", sorted(ENDED))
def test_an_ended_case_goes_on_only_by_handling_again_or_an_undone_merge(
    state: CaseState,
) -> None:
    leading = {rule.move for rule in TABLE if state in rule.sources and rule.target}

    assert leading == ({Move.REOPEN} if state is CaseState.CLOSED else set())
    assert (Move.UNMERGE in {rule.move for rule in TABLE if state in rule.sources}) == (
        state is CaseState.CLOSED
    )


def test_a_case_begins_only_with_a_draft_or_a_report() -> None:
    assert {Move.SAVE_DRAFT, Move.CREATE} == OPENING
    for move in set(Move) - OPENING:
        with pytest.raises(Malformed):
            opening(Order(move, PONDING), actor(Role.ACCEPTOR))
    for role in set(Role) - RULES[Move.CREATE].roles:
        with pytest.raises(Forbidden):
            opening(Order(Move.CREATE, PONDING), actor(role))
    assert role_for(RULES[Move.CREATE], SYSTEM) == "system"


def test_the_steps_of_a_list_have_every_open_state_once() -> None:
    steps = [state for _, _, states in VIEW_STEPS.values() for state in states]

    assert sorted(steps) == sorted(OPEN)
