"""A small part of the hostile messages of the benchmark, all of them counted."""

import pytest

from bench.hostile import attack
from bench.river import await_count, river

pytestmark = pytest.mark.flow

MESSAGES = 5_000


def test_hostile_messages_are_counted_and_the_good_ones_between_them_stored():
    with river() as city:
        outcome = attack(city.port, MESSAGES)
        found, _at = await_count(city.store, MESSAGES)

        assert outcome.acknowledged == MESSAGES
        assert found.accepted == outcome.good
        assert found.rejected == outcome.bad
        assert city.ingest.process.poll() is None
        assert {letter.reason for letter in city.store.dead.newest(limit=1000)} > {"not_json"}
