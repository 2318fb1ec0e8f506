"""Mutes: for minutes, for one account, on record."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from city.audit import Outcome, Record
from city.refusal import Malformed, NotFound
from city.roles import Actor, Role, Seat
from store import keys
from store.store import Store

pytestmark = pytest.mark.store
AT = datetime(2026, 11, 25, 4, tzinfo=UTC)
LI = Actor(Seat("li", "李", frozenset({Role.ACCEPTOR})), "10.0.0.7", AT)


def trail(store: Store) -> list[tuple[str, str, Outcome]]:
    found = [
        msgspec.json.decode(one[b"r"], type=Record) for _, one in store.redis.xrange(keys.AUDIT)
    ]
    return [(one.draft.action, one.draft.account, one.draft.outcome) for one in found]


def test_a_mute_holds_for_its_minutes_and_is_on_record(store: Store) -> None:
    until = store.sounds.mute(5, LI)

    assert until == LI.at_ms + timedelta(minutes=5) // timedelta(milliseconds=1)
    assert store.sounds.muted_until("li") == until
    assert store.sounds.muted_until("wang") == 0
    assert trail(store) == [("sound.mute", "li", Outcome.DONE)]


def test_too_long_a_mute_is_refused_and_that_is_on_record(store: Store) -> None:
    with pytest.raises(Malformed):
        store.sounds.mute(30, LI)

    assert store.sounds.muted_until("li") == 0
    assert trail(store) == [("sound.mute", "li", Outcome.REFUSED)]


def test_sound_comes_back_before_its_time(store: Store) -> None:
    store.sounds.mute(5, LI)

    store.sounds.unmute(LI)

    assert store.sounds.muted_until("li") == 0
    with pytest.raises(NotFound):
        store.sounds.unmute(LI)
