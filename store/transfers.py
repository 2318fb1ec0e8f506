"""Hand-overs of cases: written with each move that makes one, read for lists and the report."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import msgspec

from city.case_bounds import CityFacts
from city.case_table import Move
from city.cases import Case, Entry, Order
from city.roles import Actor, Seat
from city.transfers import HANDS_OVER, Group, Transfer, grouped, sees, transferred
from store import keys
from store.books import Page
from store.cases import CaseStore, draft_of
from store.client import Client
from store.ledger import Ledger, encode
from store.reach import reaching

TRANSFER = "transfer"
CONCERNED = frozenset({Move.SIGN, *HANDS_OVER})
NEVER_MS = 2**53

transfers_of = msgspec.json.Decoder(tuple[Transfer, ...]).decode


@dataclass(frozen=True, slots=True)
class TransferQuery:
    """Which are asked for; empty values let everything through."""

    seat: Seat
    from_ms: int = 0
    to_ms: int = NEVER_MS
    kind: str = ""
    department: str = ""
    crosses: tuple[str, ...] = ()

    def takes(self, transfer: Transfer) -> bool:
        """Whether one is among them."""
        ends = (transfer.source.department, transfer.target.department)
        return (
            self.from_ms <= transfer.at_ms < self.to_ms
            and self.kind in ("", transfer.kind)
            and (not self.department or self.department in ends)
            and set(self.crosses) <= set(transfer.crosses)
            and sees(self.seat, transfer)
        )


class CaseTransfers:
    """Writes a hand-over with the move that makes it."""

    def __init__(self, city: Callable[[], CityFacts]) -> None:
        self._city = city

    def after(self, page: Page, case: Case, entry: Entry, _actor: Actor) -> Iterator[Order]:
        """Nothing more is said in the case's own log."""
        if entry.move not in CONCERNED:
            return
        packed = page.get(keys.TRANSFERS, case.id)
        before = transfers_of(packed) if packed else ()
        after = transferred(case, entry, before, self._city().lines)
        if after != before:
            page.put(keys.TRANSFERS, case.id, encode(after))
            page.changed(TRANSFER, case.id)
        yield from ()


class TransferStore:
    """The room of hand-overs."""

    def __init__(
        self, client: Client, ledger: Ledger, cases: CaseStore, city: Callable[[], CityFacts]
    ) -> None:
        self._redis = client
        self._ledger = ledger
        self._cases = cases
        self._city = city

    def of_case(self, case_id: str) -> tuple[Transfer, ...]:
        """Those of a case, the oldest first."""
        with reaching():
            packed = self._redis.hget(keys.TRANSFERS, case_id)
        return transfers_of(packed) if packed else ()

    def find(self, query: TransferQuery) -> list[Transfer]:
        """Those that are asked for, the newest first."""
        with reaching():
            found = self._redis.hgetall(keys.TRANSFERS).values()
        each = (one for packed in found for one in transfers_of(packed) if query.takes(one))
        return sorted(each, key=lambda one: (-one.at_ms, one.id))

    def report(self, query: TransferQuery, by: Sequence[str], at_ms: int) -> list[Group]:
        """The same in groups by some of the five attributes."""
        return grouped(self.find(query), by, self._city().lines.sign_within_ms, at_ms)

    def hand_over(self, case_id: str, to: str, reason: str, actor: Actor) -> Transfer:
        """Gives a case to another unit: up, down or across, by the levels of both."""
        order = Order(Move.HAND_OVER, {"lead": to, "reason": reason})

        def act(page: Page) -> Transfer:
            self._cases.move_in(page, case_id, order, actor)
            return transfers_of(page.get(keys.TRANSFERS, case_id) or b"[]")[-1]

        return self._ledger.write(act, draft_of(order, actor, f"case/{case_id}"))
