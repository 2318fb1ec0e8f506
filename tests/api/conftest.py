"""The API over a real store."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from city.roles import Role
from store.store import Store
from tests.house import new_app
from tests.publisher import Publisher
from tests.seats import log_in


@pytest.fixture
def publisher(store: Store) -> Publisher:
    return Publisher(store)


@pytest.fixture
def client(store: Store) -> Iterator[TestClient]:
    with TestClient(
        new_app(store), raise_server_exceptions=False, follow_redirects=False
    ) as client:
        log_in(client, Role.CHIEF)
        yield client
