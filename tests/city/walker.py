"""Orders at random, mostly such as somebody might give, for machines that try everything."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from city.case_moves import open_moves
from city.case_table import RULES, Move
from city.cases import Case
from city.roles import SYSTEM, Actor, Role, Seat
from tests.city.case_life import PARENT

BUSINESS = frozenset({
    Role.COLLECTOR, Role.ACCEPTOR, Role.CHIEF, Role.DISPATCHER, Role.UNIT, Role.HANDLER,
    Role.INSPECTOR, Role.LEADER, Role.EVALUATOR, Role.AGENT,
})  # fmt: skip
# Few people with every post, so that the same one meets a case again in another post.
PEOPLE = tuple(
    Seat(name, name.title(), BUSINESS, (), department)
    for name, department in (("ann", "sw"), ("bo", "sw"), ("cy", "jj"), ("di", ""))
)
HANDLERS = tuple(Seat(f"h-{one}", one, frozenset({Role.HANDLER}), (), one) for one in ("sw", "jj"))
SEATS = (*PEOPLE, *PEOPLE, *HANDLERS, SYSTEM)

FIELDS: Mapping[str, st.SearchStrategy[Any]] = {
    "reason": st.sampled_from(["因故", "as agreed"]),
    "type": st.sampled_from(["0406", "0102", "9999"]),
    "pos": st.sampled_from([None, [110.3357, 20.0021], [110.36, 20.0]]),
    "severity": st.integers(1, 4),
    "condition": st.sampled_from([None, "E0406-1", "E0406-2"]),
    "lead": st.sampled_from(["sw", "jj"]),
    "co": st.sampled_from([None, ["jj"], ["sw", "hb"]]),
    "co_optional": st.sampled_from([None, ["jj"]]),
    "assignee": st.sampled_from(["ann", "worker"]),
    "collector": st.sampled_from([None, "ann", "di"]),
    "limit": st.sampled_from(["4 WH", "1 WD", "30 min", "2 ND"]),
    "request": st.sampled_from(["return", "extension", "suspend"]),
    "satisfaction": st.sampled_from(["satisfied", "unsatisfied"]),
    "class": st.just("natural"),
    "level": st.integers(1, 4),
    "into": st.just(PARENT),
    "about": st.sampled_from(["overdue", "rework"]),
    "evidence": st.just([{"digest": "ab" * 32, "slot": "after_photo"}]),
    "child": st.just("HK20260907-00002"),
    "stage": st.just("handle"),
    "multiple": st.integers(1, 3),
    "plan": st.just("ponding"),
    "edition": st.just(1),
    "linkage": st.just("ponding"),
    "warning": st.just("1"),
    "order": st.just("HK20260907-00001-01"),
    "unit": st.just("sw/pumptruck/PT-0001"),
    "stands": st.sampled_from(["sent", "done"]),
    "message": st.sampled_from(["alert", "cancel"]),
}
# The way forward, so that walks come to their end.
FORWARD = (Move.ACCEPT, Move.REGISTER, Move.DISPATCH, Move.SIGN, Move.FEEDBACK, Move.SEND_CHECK,
           Move.CHECK_PASS, Move.CLOSE, Move.ASK_SUSPEND, Move.GRANT_SUSPEND, Move.ASK_EXTENSION,
           Move.GRANT_EXTENSION, Move.RATE, Move.REOPEN, Move.RESUME, Move.CO_SIGN,
           Move.CO_FEEDBACK, Move.CHECK_FAIL, Move.REJECT_FEEDBACK, Move.ASK_RETURN,
           Move.GRANT_RETURN, Move.APPEAL, Move.GRANT_APPEAL,
           Move.ADD_CO, Move.HAND_OVER)  # fmt: skip
MOVES = st.sampled_from([move for move in Move if RULES[move].sources])
PAUSES = st.sampled_from([0, 1, 7, 45, 240, 1440, 4000, 60 * 24 * 31])  # minutes


def fields_of(draw: st.DrawFn, move: Move) -> dict[str, Any]:
    """What an order of that move brings with it."""
    rule = RULES[move]
    named = [name for name in dict.fromkeys((*rule.needs, *rule.may)) if name in FIELDS]
    drawn = {name: draw(FIELDS[name]) for name in named}
    given = {name: value for name, value in drawn.items() if value is not None}
    if "until" in rule.needs:
        given["until_days"] = draw(st.sampled_from([0.5, 10, 364, 366]))
    return given


Order = tuple[Move, Mapping[str, Any], Seat]


@st.composite
def orders(draw: st.DrawFn) -> Order:
    """Any move, with its fields, by anybody."""
    move = draw(MOVES)
    return move, fields_of(draw, move), draw(st.sampled_from(SEATS))


@st.composite
def next_steps(draw: st.DrawFn, case: Case, at: datetime) -> Order:
    """One of the moves that lead on from here, by somebody who may make it, if anybody may."""
    legal = [move for move in FORWARD if case.state in RULES[move].sources]
    move = draw(st.sampled_from(legal or list(RULES)))
    may = [seat for seat in PEOPLE if move in open_moves(case, acting(seat, at))]
    return move, fields_of(draw, move), draw(st.sampled_from(may or list(PEOPLE)))


def at_last(fields: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """The fields once the instant is known to which something is put off."""
    given = dict(fields)
    days = given.pop("until_days", None)
    return given | ({"until": (at + timedelta(days=days)).isoformat()} if days else {})


def acting(seat: Seat, at: datetime) -> Actor:
    return Actor(seat, "10.0.0.7", at)
