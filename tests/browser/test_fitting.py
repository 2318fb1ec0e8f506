"""What is long stays inside: the slots of photos in English, the demo seats of the login page."""

from collections.abc import Callable, Iterator

import pytest

from city.case_table import Move
from city.cases import Order
from city.roles import Role
from store.store import Store
from tests.browser.centre import Centre
from tests.browser.conftest import Visitor
from tests.publisher import CENTRE
from tests.seats import COOKIE, actor, new_account

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
COVER = {"source": "hotline", "kind": "component", "type": "0103", "title": "井盖缺失",
         "severity": 3, "pos": list(CENTRE), "area": "460106"}  # fmt: skip
STEPS = (
    (Role.ACCEPTOR, Order(Move.ACCEPT, {})),
    (Role.CHIEF, Order(Move.REGISTER, {})),
    (Role.DISPATCHER, Order(Move.DISPATCH, {"lead": "sz"})),
    (Role.UNIT, Order(Move.SIGN, {})),
)
SPILLED = """[...document.querySelectorAll('.photo-wanted')].filter((one) =>
  one.scrollHeight > one.clientHeight + 1 || one.scrollWidth > one.clientWidth + 1).length"""


@pytest.fixture
def centre(store: Store) -> Iterator[Centre]:
    centre = Centre(store)
    centre.start()
    yield centre
    centre.stop()


def in_hand(store: Store) -> tuple[str, dict[str, str]]:
    """A case that waits for its photos, and the seat that has to bring them."""
    seats = {role: new_account(store, role, department="sz") for role, _ in STEPS}
    case, _ = store.cases.create(Order(Move.CREATE, COVER), actor(seat=seats[Role.ACCEPTOR].seat))
    for role, order in STEPS:
        store.cases.move(case.id, order, actor(seat=seats[role].seat))
    return case.id, {COOKIE: store.sessions.enter(seats[Role.UNIT], actor())}


@pytest.mark.parametrize("width", [1440, 390])
def test_what_a_slot_wants_stays_inside_it(
    centre: Centre, visit: Callable[..., Visitor], width: int
) -> None:
    case_id, kept = in_hand(centre.store)
    visitor = visit(f"{centre.address}/cases/{case_id}?lang=en", width, 844, kept=kept)

    visitor.page.locator(".photo-wanted", has_text="Photo of the guarded place").wait_for()

    assert visitor.value(SPILLED) == 0


def test_every_demo_seat_is_reached_by_scrolling_the_page(
    centre: Centre, visit: Callable[..., Visitor]
) -> None:
    page = visit(f"{centre.address}/login").page
    last = page.locator(".seat-button").last

    last.scroll_into_view_if_needed()

    box = last.bounding_box()
    assert box is not None and box["y"] + box["height"] <= 900
    assert page.locator(".entrance-seats").evaluate("e => e.scrollHeight === e.clientHeight")
