"""The life of an order (派遣单): its states, its moves, and who may say them; read at a glance.

The words are those of dispatch systems at large and of our own contract (`ack`: accepted, refused,
arrived, done); none of them is taken from a standard's text.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from city.units import Status


class OrderState(StrEnum):
    """How an order stands."""

    SENT = "sent"
    UNANSWERED = "unanswered"
    ACCEPTED = "accepted"
    EN_ROUTE = "en_route"
    ON_SCENE = "on_scene"
    DONE = "done"
    REFUSED = "refused"
    RECALLED = "recalled"
    REDIRECTED = "redirected"
    EXPIRED = "expired"


class OrderMove(StrEnum):
    """What happens to an order."""

    SEND = "send"
    ACCEPT = "accept"
    REFUSE = "refuse"
    MISS = "miss"
    DEPART = "depart"
    ARRIVE = "arrive"
    FINISH = "finish"
    RECALL = "recall"
    REDIRECT = "redirect"
    EXPIRE = "expire"


class OrderSource(StrEnum):
    """By what it is known."""

    ACK = "ack"
    MOVEMENT = "movement"
    HAND = "hand"
    TIME = "time"


S, M, B = OrderState, OrderMove, OrderSource

STATE_NAMES: Mapping[OrderState, tuple[str, str]] = {
    S.SENT: ("已下发", "Sent"),
    S.UNANSWERED: ("未应答", "No answer"),
    S.ACCEPTED: ("已接单", "Accepted"),
    S.EN_ROUTE: ("途中", "En route"),
    S.ON_SCENE: ("到场", "On scene"),
    S.DONE: ("完成", "Done"),
    S.REFUSED: ("拒单", "Refused"),
    S.RECALLED: ("已撤回", "Recalled"),
    S.REDIRECTED: ("已改派", "Redirected"),
    S.EXPIRED: ("已失效", "Expired"),
}
SOURCE_NAMES: Mapping[OrderSource, tuple[str, str]] = {
    B.ACK: ("终端回执", "its answer"),
    B.MOVEMENT: ("位置判定", "its movement"),
    B.HAND: ("人工", "by hand"),
    B.TIME: ("时限", "the clock"),
}
ENDED = frozenset({S.DONE, S.REFUSED, S.RECALLED, S.REDIRECTED, S.EXPIRED})
OPEN = frozenset(S) - ENDED
WAITING = frozenset({S.SENT, S.UNANSWERED})  # for an answer; it may come late
TAKEN = frozenset({S.ACCEPTED, S.EN_ROUTE, S.ON_SCENE})
NEW: frozenset[OrderState] = frozenset()
# What its unit's status is while an order is open.
UNIT_STATUS: Mapping[OrderState, Status] = {
    S.SENT: Status.ASSIGNED,
    S.UNANSWERED: Status.ASSIGNED,
    S.ACCEPTED: Status.ASSIGNED,
    S.EN_ROUTE: Status.EN_ROUTE,
    S.ON_SCENE: Status.ON_SCENE,
}


@dataclass(frozen=True, slots=True)
class OrderRule:
    """One line: from which states, to which, and by what it may be known.

    `from_desk`: whoever sends orders does it; else the unit, or the desk in its name. By hand a
    `needs_reason` move states why.
    """

    move: OrderMove
    zh: str
    en: str
    sources: frozenset[OrderState]
    target: OrderState
    by: frozenset[OrderSource]
    from_desk: bool = False
    needs_reason: bool = False


def _by(*sources: OrderSource) -> frozenset[OrderSource]:
    return frozenset(sources)


TABLE: tuple[OrderRule, ...] = (
    OrderRule(M.SEND, "下发", "Send", NEW, S.SENT, _by(B.HAND), from_desk=True),
    OrderRule(M.ACCEPT, "接单", "Accept", WAITING, S.ACCEPTED, _by(B.ACK, B.HAND)),
    OrderRule(M.REFUSE, "拒单", "Refuse", WAITING | {S.ACCEPTED, S.EN_ROUTE}, S.REFUSED,
              _by(B.ACK, B.HAND), needs_reason=True),
    OrderRule(M.MISS, "超时未应答", "No answer in time", frozenset({S.SENT}), S.UNANSWERED,
              _by(B.TIME)),
    OrderRule(M.DEPART, "出动", "Set out", WAITING | {S.ACCEPTED}, S.EN_ROUTE,
              _by(B.MOVEMENT, B.HAND)),
    OrderRule(M.ARRIVE, "到场", "Arrive", WAITING | {S.ACCEPTED, S.EN_ROUTE}, S.ON_SCENE,
              _by(B.ACK, B.MOVEMENT, B.HAND)),
    OrderRule(M.FINISH, "完成", "Finish", OPEN, S.DONE, _by(B.ACK, B.HAND)),
    OrderRule(M.RECALL, "撤回", "Recall", OPEN, S.RECALLED, _by(B.HAND, B.TIME), from_desk=True),
    OrderRule(M.REDIRECT, "改派", "Redirect", OPEN, S.REDIRECTED, _by(B.HAND), from_desk=True),
    OrderRule(M.EXPIRE, "失效", "Expire", WAITING, S.EXPIRED, _by(B.TIME)),
)  # fmt: skip

RULES: Mapping[OrderMove, OrderRule] = {rule.move: rule for rule in TABLE}
FROM: Mapping[OrderState, tuple[OrderRule, ...]] = {
    state: tuple(rule for rule in TABLE if state in rule.sources) for state in OrderState
}
# What a field device says on `ack`, and the move that it is.
ACKS: Mapping[str, OrderMove] = {
    "accepted": M.ACCEPT,
    "refused": M.REFUSE,
    "arrived": M.ARRIVE,
    "done": M.FINISH,
}
