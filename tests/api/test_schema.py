"""Whatever the API's own document allows to be sent is answered as that document says."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from bench.servers import RedisServer
from city.roles import Role
from store.store import open_store
from tests.desk import actor, opening_order
from tests.house import new_app
from tests.seats import token
from tests.served import served

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance,
    response_schema_conformance,
]  # fmt: skip
# Whether the city is ready is answered by status: 503 is no failure there.
SAYS_SO = {"/readyz": CHECKS[1:]}
NOWHERE = "redis://127.0.0.1:1"  # the document is made without a store
OPERATIONS = [
    (method.upper(), path)
    for path, methods in new_app(open_store(NOWHERE)).openapi()["paths"].items()
    for method in methods
]


@pytest.fixture(scope="module")
def city(redis_server: RedisServer) -> Iterator[tuple[str, dict[str, str]]]:
    """The address of a server with one case, and a token that may do much."""
    store = open_store(redis_server.url)
    store.cases.create(opening_order(), actor(Role.ACCEPTOR))
    with served(store) as url:
        yield url, {"Authorization": f"Bearer {token(store, Role.CHIEF)}"}


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_every_answer_keeps_to_the_document(
    city: tuple[str, dict[str, str]], method: str, path: str
) -> None:
    url, headers = city
    operation = schemathesis.openapi.from_url(f"{url}/api/openapi.json", headers=headers)[path][
        method
    ]

    @given(case=operation.as_strategy())
    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    def holds(case: Any) -> None:
        case.call_and_validate(headers=headers, checks=SAYS_SO.get(path, CHECKS))

    holds()
