"""The change of shift in two browsers: one signs, the other confirms, both see it."""

from collections.abc import Callable, Iterator

import pytest

from city.handover import Stand
from store.store import Store
from tests.browser.centre import Centre
from tests.browser.conftest import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
ORDERS = "台风前巡查海甸岛泵站"


@pytest.fixture
def centre(store: Store) -> Iterator[Centre]:
    centre = Centre(store)
    centre.start()
    yield centre
    centre.stop()


def test_two_seats_hand_over_and_both_see_it(centre: Centre, visit: Callable[..., Visitor]) -> None:
    centre.raise_alarms(45)
    seats = [centre.session(role) for role in ("acceptor", "chief")]
    leaving, incoming = (visit(f"{centre.address}/handover", kept=kept).page for _, kept in seats)
    leaving.locator(".handover-part").first.wait_for()
    leaving.locator("#handover-orders").fill(ORDERS)
    leaving.get_by_role("button", name="签字交班").click()

    incoming.locator(".handover-said", has_text=ORDERS).wait_for()
    incoming.get_by_role("button", name="签字接班").click()

    for page in (leaving, incoming):
        page.locator(".past-row .tag.is-confirmed").wait_for()
    (handover,) = centre.store.handovers.newest()
    assert handover.stand is Stand.CONFIRMED
    assert handover.incoming is not None
    assert [handover.leaving.account, handover.incoming.account] == [name for name, _ in seats]
