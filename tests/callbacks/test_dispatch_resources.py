"""Beside a case stands what helps without an engine, as people say it stands."""

import pytest

from city.resources import Use
from city.roles import Role
from store.store import Store
from tests.callbacks.page import Page
from tests.callbacks.test_dispatch import client, page, pick_of, waiting
from tests.desk import seat
from tests.seats import actor

pytestmark = pytest.mark.store
__all__ = ["client", "page"]


def test_the_nearest_usable_come_first_with_minutes_by_road(store: Store, page: Page) -> None:
    case = waiting(store)
    first = pick_of(page, case.id)["resources"][0]
    store.resources.set_use(first["id"], Use.IN_USE, actor(seat=seat(Role.DISPATCHER)), "已调走")

    then = pick_of(page, case.id)["resources"]

    assert (first["isReady"], first["use"]) == (True, "可用")
    assert first["eta"].endswith(("分", "秒"))
    assert all(one["isReady"] for one in then)
    assert first["id"] not in {one["id"] for one in then}
