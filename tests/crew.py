"""A crew with a phone, and a desk that sends it to cases."""

import io
from collections.abc import Mapping
from typing import Any

from PIL import Image

from city.case_table import Move
from city.cases import Case
from city.cases import Order as CaseOrder
from city.orders import Order, Sending, Wish
from city.roles import Role, Seat
from store.store import Store
from tests.desk import PONDING
from tests.fleet import Fleet
from tests.seats import COOKIE, actor, new_account

DEPARTMENT = "sw"
HERE = (PONDING["pos"][0], PONDING["pos"][1])
TO_DISPATCH: tuple[tuple[Move, Role], ...] = (
    (Move.ACCEPT, Role.ACCEPTOR),
    (Move.REGISTER, Role.CHIEF),
)


def a_photo(colour: str = "#5d6870") -> Mapping[str, Any]:
    """A picture as a phone's camera gives it, for a file field."""
    kept = io.BytesIO()
    Image.new("RGB", (2400, 1800), colour).save(kept, "JPEG")
    return {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": kept.getvalue()}


class Crew:
    """A handler of the drainage department on a pump truck, and the posts at the desk."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.fleet = Fleet(store)
        self.unit = self.fleet.unit("pumptruck", 7, 2.4)
        self.account = new_account(store, Role.HANDLER, department=DEPARTMENT)
        self.seat = self.account.seat
        store.units.sign_on(self.unit, actor(seat=self.seat))

    def cookie(self) -> dict[str, str]:
        """What its browser shows."""
        return {COOKIE: self.store.sessions.enter(self.account, actor())}

    def desk(self, role: Role) -> Seat:
        """A seat at the desk."""
        return Seat(str(role), str(role).title(), frozenset({role}))

    def case(self, number: int = 1, **changes: Any) -> Case:
        """A case that waits for a dispatcher."""
        told = {**PONDING, "external_id": f"HL-{number}", **changes}
        order = CaseOrder(Move.CREATE, told)
        case, _ = self.store.cases.create(order, actor(seat=self.desk(Role.ACCEPTOR)))
        for move, role in TO_DISPATCH:
            self.store.cases.move(case.id, CaseOrder(move, {}), actor(seat=self.desk(role)))
        return case

    def sent(self, number: int = 1, **changes: Any) -> Order:
        """The truck is sent to a fresh case."""
        return self.send(self.case(number, **changes))

    def sent_ahead(self) -> Order:
        """The truck is sent to a case of which no desk has decided yet."""
        order = CaseOrder(Move.CREATE, {**PONDING, "external_id": "HL-ahead"})
        case, _ = self.store.cases.create(order, actor(seat=self.desk(Role.ACCEPTOR)))
        return self.send(case)

    def send(self, case: Case) -> Order:
        """The truck is sent to this case."""
        dispatcher = actor(seat=self.desk(Role.DISPATCHER))
        sending = Sending((Wish(self.unit),), "先封控后抽排", anyway=True)
        (order,) = self.store.orders.send(case.id, sending, dispatcher)
        return order
