"""`python -m bench.movers URL SEATS`: seats that lead case after case from report to its end.

Prints one line `token case version` for every move that was acknowledged, once it was; the token
is the reason that the move's entry carries in the log.
"""

import os
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from city.case_table import CaseState, Move
from city.cases import Case, Order
from city.refusal import Conflict
from city.roles import Actor, Role, Seat
from store.store import Store, StoreUnreachable, open_store

AGAIN_AFTER_S = 0.05
REPORT = {"source": "hotline", "type": "0406", "title": "积水", "area": "460106"}
LEAD, LATE = "sw", timedelta(hours=3)
NEXT: Mapping[CaseState, tuple[Move, Role, Mapping[str, str]]] = {
    CaseState.REPORTED: (Move.ACCEPT, Role.ACCEPTOR, {}),
    CaseState.PENDING_REGISTER: (Move.REGISTER, Role.CHIEF, {}),
    CaseState.PENDING_DISPATCH: (Move.DISPATCH, Role.DISPATCHER, {"lead": LEAD}),
    CaseState.PENDING_HANDLE: (Move.SIGN, Role.UNIT, {}),
    CaseState.HANDLING: (Move.FEEDBACK, Role.UNIT, {}),
    CaseState.PENDING_CHECK: (Move.SEND_CHECK, Role.ACCEPTOR, {}),
    CaseState.CHECKING: (Move.CHECK_PASS, Role.COLLECTOR, {}),
    CaseState.PENDING_CLOSE: (Move.CLOSE, Role.CHIEF, {}),
}
ROLES = tuple(dict.fromkeys(role for _, role, _ in NEXT.values()))


def main(url: str, seats: int) -> None:
    """Moves until it is killed."""
    store = open_store(url)
    said = threading.Lock()
    for number in range(seats):
        threading.Thread(target=work, args=(store, number, said), daemon=True).start()
    threading.Event().wait()


def work(store: Store, number: int, said: threading.Lock) -> None:
    """One seat: case after case, each to its end."""
    name = f"{os.getpid()}-{number}"
    case, count = opened(store, name), 0
    while True:
        count += 1
        token = f"{name}-{count}"
        try:
            case = moved(store, case, token)
        except (StoreUnreachable, Conflict):  # what was not answered may have been done
            case = found_again(store, case.id)
            continue
        with said:
            sys.stdout.write(f"{token} {case.id} {case.version}\n")
            sys.stdout.flush()


def moved(store: Store, case: Case, token: str) -> Case:
    """The case one step on; where it is closed, the first step of another."""
    if not case.is_open:
        opened(store, f"{token}-left")  # to the clockwork, which warns of it and tells it overdue
        case = opened(store, token)
    move, role, fields = NEXT[case.state]
    order = Order(move, {**fields, "reason": token})
    return store.cases.move(case.id, order, acting(role))


def opened(store: Store, name: str) -> Case:
    """A case of one's own; asked for again until the store answers."""
    order = Order(Move.CREATE, {**REPORT, "external_id": name})
    while True:
        with suppress(StoreUnreachable):
            return store.cases.create(order, acting(Role.ACCEPTOR))[0]
        time.sleep(AGAIN_AFTER_S)


def found_again(store: Store, case_id: str) -> Case:
    """How the case stands once the store answers."""
    while True:
        time.sleep(AGAIN_AFTER_S)
        with suppress(StoreUnreachable):
            return store.cases.get(case_id)


def acting(role: Role) -> Actor:
    """A seat of that post, so long ago that the clockwork has something to say of its case."""
    department = LEAD if role is Role.UNIT else ""
    seat = Seat(f"bench-{role}", str(role), frozenset({role}), (), department)
    return Actor(seat, "127.0.0.1", datetime.now(UTC) - LATE)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
