"""`python -m bench.movers URL SEATS [PORT]`: seats that lead case after case to its end.

In the store itself, or through the web server at PORT. Prints one line `token case version` for
every move that was acknowledged, once it was; the token is the reason that its entry carries.
"""

import json
import os
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPException
from typing import Any, Protocol

from city.case_table import OPEN, CaseState, Move
from city.cases import Case, Order
from city.refusal import Conflict
from city.roles import SYSTEM, Actor, Role, Seat
from store.store import Store, StoreUnreachable, open_store
from store.tokens import Scope

AGAIN_AFTER_S, ANSWER_WITHIN_S = 0.05, 10.0
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


class Unanswered(Exception):
    """Nobody answered, or something else was done meanwhile: look again."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A case as it was last seen."""

    id: str
    state: CaseState
    version: int


class Hand(Protocol):
    """A way to cases; each raises Unanswered."""

    def open(self, name: str) -> Seen: ...
    def move(self, seen: Seen, token: str) -> Seen: ...
    def look(self, case_id: str) -> Seen: ...


class InStore:
    """The store itself, as a web process uses it."""

    def __init__(self, store: Store) -> None:
        self._cases = store.cases

    def open(self, name: str) -> Seen:
        """A case; the name is its number outside."""
        order = Order(Move.CREATE, {**REPORT, "external_id": name})
        with answering():
            return seen_of(self._cases.create(order, acting(Role.ACCEPTOR))[0])

    def move(self, seen: Seen, token: str) -> Seen:
        """One step on."""
        move, role, fields = NEXT[seen.state]
        order = Order(move, {**fields, "reason": token})
        with answering():
            return seen_of(self._cases.move(seen.id, order, acting(role)))

    def look(self, case_id: str) -> Seen:
        """How it stands."""
        with answering():
            return seen_of(self._cases.get(case_id))


class answering:  # noqa: N801 - it is used as a word
    """Whatever keeps the store from answering becomes Unanswered."""

    def __enter__(self) -> None: ...

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind and issubclass(kind, (StoreUnreachable, Conflict)):
            raise Unanswered


class OverHttp:
    """The API, one connection, a token for each post."""

    def __init__(self, port: int, tokens: Mapping[Role, str]) -> None:
        self._line = HTTPConnection("127.0.0.1", port, timeout=ANSWER_WITHIN_S)
        self._tokens = tokens

    def open(self, name: str) -> Seen:
        """A case; the name is its number outside."""
        return self._ask(Role.ACCEPTOR, "POST", "/api/v1/cases", {**REPORT, "external_id": name})

    def move(self, seen: Seen, token: str) -> Seen:
        """One step on."""
        move, role, fields = NEXT[seen.state]
        body = {"move": move, "reason": token, **fields}
        return self._ask(role, "POST", f"/api/v1/cases/{seen.id}/moves", body)

    def look(self, case_id: str) -> Seen:
        """How it stands."""
        return self._ask(Role.CHIEF, "GET", f"/api/v1/cases/{case_id}", {})

    def _ask(self, role: Role, method: str, path: str, body: Mapping[str, str]) -> Seen:
        headers = {"authorization": f"Bearer {self._tokens[role]}",
                   "content-type": "application/json"}  # fmt: skip
        try:
            self._line.request(method, path, json.dumps(body), headers)
            answer = self._line.getresponse()
            told: Mapping[str, Any] = json.loads(answer.read())
        except (OSError, HTTPException, ValueError):
            self._line.close()
            raise Unanswered from None
        if answer.status in (409, 500, 503):
            raise Unanswered
        if answer.status not in (200, 201):
            raise RuntimeError(told)
        return Seen(told["id"], CaseState(told["state"]), told["version"])


def main(url: str, seats: int, port: int | None = None) -> None:
    """Moves until it is killed."""
    store, said = open_store(url), threading.Lock()
    tokens = tokens_of(store) if port else {}
    for number in range(seats):
        hand: Hand = OverHttp(port, tokens) if port else InStore(store)
        threading.Thread(target=work, args=(hand, number, said), daemon=True).start()
    threading.Event().wait()


def work(hand: Hand, number: int, said: threading.Lock) -> None:
    """One seat: case after case, each to its end."""
    name = f"{os.getpid()}-{number}"
    seen, count = opened(hand, name), 0
    while True:
        count += 1
        token = f"{name}-{count}"
        try:
            seen = moved(hand, seen, token)
        except Unanswered:  # it may have been done
            seen = found_again(hand, seen.id)
            continue
        with said:
            sys.stdout.write(f"{token} {seen.id} {seen.version}\n")
            sys.stdout.flush()


def moved(hand: Hand, seen: Seen, token: str) -> Seen:
    """The case one step on; where it is closed, the first step of another."""
    if seen.state not in OPEN:
        opened(hand, f"{token}-left")  # to the clockwork, which warns of it and tells it overdue
        seen = opened(hand, token)
    return hand.move(seen, token)


def opened(hand: Hand, name: str) -> Seen:
    """A case of one's own; asked for again until somebody answers."""
    while True:
        with suppress(Unanswered):
            return hand.open(name)
        time.sleep(AGAIN_AFTER_S)


def found_again(hand: Hand, case_id: str) -> Seen:
    """How the case stands once somebody answers."""
    while True:
        time.sleep(AGAIN_AFTER_S)
        with suppress(Unanswered):
            return hand.look(case_id)


def seen_of(case: Case) -> Seen:
    """What a seat keeps in mind of a case."""
    return Seen(case.id, case.state, case.version)


def acting(role: Role) -> Actor:
    """A seat of that post, so long ago that the clockwork has something to say of its case."""
    department = LEAD if role is Role.UNIT else ""
    seat = Seat(f"bench-{role}", str(role), frozenset({role}), (), department)
    return Actor(seat, "127.0.0.1", datetime.now(UTC) - LATE)


def tokens_of(store: Store) -> dict[Role, str]:
    """A token for each post."""
    by = Actor(SYSTEM, "127.0.0.1", datetime.now(UTC))
    scopes = {
        role: Scope(f"bench-{os.getpid()}-{role}", role, (), LEAD if role is Role.UNIT else "")
        for role in ROLES
    }
    return {role: store.tokens.create(scope, timedelta(days=1), by)
            for role, scope in scopes.items()}  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
