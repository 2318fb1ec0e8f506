"""What phones in the field say: each deed once, however often it is sent, in one transaction."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

import msgspec

from city.audit import Draft
from city.case_bounds import CityFacts
from city.case_scope import sees
from city.case_table import Move
from city.cases import Case, Source
from city.cases import Order as CaseOrder
from city.handset import (
    ON_ORDERS,
    Deed,
    Said,
    in_words,
    is_moot,
    must_be_own,
    must_be_there,
    must_show,
)
from city.order_table import OrderMove
from city.orders import Order, OrderStep
from city.refusal import Conflict
from city.roles import Actor, Role
from store import keys
from store.books import Page
from store.case_packing import known
from store.cases import CaseStore, draft_of
from store.client import Client
from store.ledger import Ledger
from store.order_pages import ORDER, order_in
from store.orders import OrderStore
from store.reach import reaching

ON_CASES = frozenset({Deed.PHOTO, Deed.HELP})  # what a unit adds to a case
KEPT_MS = 7 * 86_400_000  # so long a key is known; a phone says nothing that is older than a day
Piece = Mapping[str, Any]


class Done(NamedTuple):
    """What came of a deed; `again`: it had been said before, and nothing was done now."""

    case_id: str
    order_id: str = ""
    again: bool = False


class Kept(msgspec.Struct, frozen=True, array_like=True):
    """A deed that was done."""

    at_ms: int
    case_id: str
    order_id: str = ""


_kept = msgspec.json.Decoder(Kept).decode
_encode = msgspec.json.Encoder().encode


class HandsetStore:
    """The room of phones; `city` is asked each time."""

    def __init__(
        self, client: Client, ledger: Ledger, orders: OrderStore, cases: CaseStore,
        city: Callable[[], CityFacts],
    ) -> None:  # fmt: skip
        self._redis = client
        self._ledger = ledger
        self._orders = orders
        self._cases = cases
        self._city = city

    def do(self, said: Said, actor: Actor, piece: Piece | None = None) -> Done:
        """Carries a deed out, once; durable when it returns. `piece` is the photo it brings.

        Raises the Refusal of the order or the case it is about.
        """
        must_be_own(said, actor.seat)
        act = partial(self._act, said=said, actor=actor, piece=piece)
        place = keys.HANDSET, name_of(said.key, actor)
        return self._ledger.write(act, drafted(said, actor), [place])

    def knows(self, key: str, actor: Actor) -> bool:
        """Whether a deed was done already."""
        with reaching():
            return self._redis.hget(keys.HANDSET, name_of(key, actor)) is not None

    def sweep(self, at_ms: int) -> int:
        """Forgets keys that no phone says any more; how many."""
        with reaching():
            kept = self._redis.hgetall(keys.HANDSET)
        old = [name for name, packed in kept.items() if at_ms - _kept(packed).at_ms > KEPT_MS]

        def act(page: Page) -> None:
            for name in old:
                page.drop(keys.HANDSET, name.decode())

        if old:
            self._ledger.write(act)
        return len(old)

    def _act(self, page: Page, said: Said, actor: Actor, piece: Piece | None) -> Done:
        name = name_of(said.key, actor)
        if packed := page.get(keys.HANDSET, name):
            page.is_silent = True
            before = _kept(packed)
            return Done(before.case_id, before.order_id, again=True)
        done = self._done(page, said, actor, piece)
        page.put(keys.HANDSET, name, _encode(Kept(actor.at_ms, done.case_id, done.order_id)))
        return done

    def _done(self, page: Page, said: Said, actor: Actor, piece: Piece | None) -> Done:
        if said.deed in ON_ORDERS:
            return self._step(page, said, actor)
        if said.deed is Deed.REPORT:
            case, _ = self._cases.create_in(page, report_of(said, actor), actor)
            return Done(case.id)
        case_id = case_of(page, said, actor)
        if self._is_ahead(page, case_id, said, actor):
            self._cases.note_in(page, case_id, on_case(said, piece), actor, actor.seat.department)
        else:
            self._cases.move_in(page, case_id, on_case(said, piece), actor)
        return Done(case_id, said.order_id)

    def _is_ahead(self, page: Page, case_id: str, said: Said, actor: Actor) -> bool:
        """Whether one's order came before the case was dispatched, so that one sees only the order.

        What is shown or said there goes into the log all the same.
        """
        if not said.order_id or said.deed not in ON_CASES:
            return False
        case: Case = known(page.get(keys.CASES, case_id), case_id)
        order = order_in(page, said.order_id)
        return case.is_open and of_unit(page, order, actor) and not sees(actor.seat, case)

    def _step(self, page: Page, said: Said, actor: Actor) -> Done:
        order = order_in(page, said.order_id)
        if is_moot(said, order) and of_unit(page, order, actor):
            page.is_silent = True
            return Done(order.case_id, order.id)
        case: Case = known(page.get(keys.CASES, order.case_id), order.case_id)
        if said.deed is Deed.ARRIVE:
            must_be_there(said, order, case.evidence)
        if said.deed is Deed.FINISH:
            must_show(case, self._city().filing)
        step = OrderStep(ON_ORDERS[said.deed], in_words(said), said.at_ms, said.key)
        self._orders.step_in(page, order.id, step, actor)
        return Done(order.case_id, order.id)


def name_of(key: str, actor: Actor) -> str:
    """By what a deed is known again: whose phone, and its key."""
    return f"{actor.seat.account}|{key}"


def of_unit(page: Page, order: Order, actor: Actor) -> bool:
    """Whether the actor serves on the unit of an order, or belongs to its department."""
    serves = (page.get(keys.CREWS, actor.seat.account) or b"").decode()
    return serves == order.unit or actor.seat.department == order.department


def case_of(page: Page, said: Said, actor: Actor) -> str:
    """The case of a deed: that of its order, or of the report it belongs to."""
    if not said.of:
        return order_in(page, said.order_id).case_id
    packed = page.get(keys.HANDSET, name_of(said.of, actor))
    if packed is None:
        raise Conflict("no_report_yet")
    return _kept(packed).case_id


def on_case(said: Said, piece: Piece | None) -> CaseOrder:
    """The move that a deed is on a case."""
    if said.deed is Deed.PHOTO:
        return CaseOrder(Move.ATTACH, {"evidence": [piece]})
    move = Move.FEEDBACK if said.deed is Deed.FEEDBACK else Move.COMMENT
    return CaseOrder(move, {"reason": in_words(said)})


def report_of(said: Said, actor: Actor) -> CaseOrder:
    """A report as it opens a case; its key is its external id."""
    is_collector = Role.COLLECTOR in actor.seat.roles
    source = Source.COLLECTOR if is_collector else Source.DEPARTMENT
    known_as = {"source": str(source), "external_id": name_of(said.key, actor)}
    return CaseOrder(Move.CREATE, {**said.report, **known_as})


def drafted(said: Said, actor: Actor) -> Draft:
    """What goes on record of a deed: that of the move that it is."""
    if said.deed in ON_ORDERS:
        move: OrderMove = ON_ORDERS[said.deed]
        return actor.draft(f"{ORDER}.{move}", f"{ORDER}/{said.order_id}", reason=in_words(said))
    if said.deed is Deed.REPORT:
        return draft_of(report_of(said, actor), actor, "case")
    return draft_of(on_case(said, None), actor, f"{ORDER}/{said.order_id}")
