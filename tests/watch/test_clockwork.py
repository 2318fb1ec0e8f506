"""One of several clockworks is active; it settles the log and lets nothing be kept for ever."""

import pytest

from bench.servers import RedisServer
from store import keys
from store.store import Store, open_store
from tests.publisher import haikou
from watch.clockwork import ACTIVE, AWAY, STANDBY, Clockwork, Duty
from watch.duties import all_duties

pytestmark = pytest.mark.store


class Counted:
    """A duty that has so many rounds to do."""

    def __init__(self, rounds: int = 1) -> None:
        self.rounds, self.done = rounds, 0

    def __call__(self) -> bool:
        self.done += 1
        return self.done < self.rounds


def new_clockwork(store: Store, name: str, counted: Counted) -> Clockwork:
    return Clockwork(store, name, [Duty("count", 30.0, counted)])


def test_only_one_of_two_does_the_duties(store: Store) -> None:
    ours, theirs = Counted(), Counted()
    first, second = new_clockwork(store, "watch-a", ours), new_clockwork(store, "watch-b", theirs)

    first.turn(0.0)
    second.turn(0.0)

    assert (first.state, second.state) == (ACTIVE, STANDBY)
    assert (ours.done, theirs.done) == (1, 0)


def test_the_next_takes_over_when_the_first_leaves(store: Store) -> None:
    ours, theirs = Counted(), Counted()
    first, second = new_clockwork(store, "watch-a", ours), new_clockwork(store, "watch-b", theirs)
    first.turn(0.0)

    first.close()
    second.turn(0.0)

    assert second.state == ACTIVE
    assert theirs.done == 1


def test_a_duty_waits_its_time_and_one_with_more_to_do_does_not(store: Store) -> None:
    counted = Counted(rounds=3)
    clockwork = new_clockwork(store, "watch-a", counted)

    pauses = [clockwork.turn(now) for now in (0.0, 0.0, 0.0, 29.0)]

    assert counted.done == 3
    assert pauses[:2] == [0.0, 0.0]
    assert min(pauses[2:]) > 0

    clockwork.turn(30.0)
    assert counted.done == 4


def test_a_store_that_is_away_is_waited_for(redis_process: RedisServer) -> None:
    counted = Counted()
    clockwork = new_clockwork(open_store(redis_process.url), "watch-a", counted)
    redis_process.kill()

    assert clockwork.turn(0.0) > 0
    assert clockwork.state == AWAY

    redis_process.start()
    clockwork.turn(1.0)
    assert clockwork.state == ACTIVE
    assert counted.done == 1


def test_it_says_that_it_runs(store: Store) -> None:
    new_clockwork(store, "watch-a", Counted()).turn(0.0)

    assert store.parts.parts() == {"watch-a": {"state": ACTIVE}}


def test_deadlines_come_first_and_every_shard_is_settled_before_it_forgets(store: Store) -> None:
    names = [duty.name for duty in all_duties(store, haikou())]

    settled = [f"settle-{shard}" for shard in range(keys.SHARDS)]
    assert names == [
        "deadlines",
        "field",
        "reports",
        "alarm-events",
        *settled,
        "water",
        "traffic",
        "forget",
        "forget-audit",
        "sweep-sessions",
        "sweep-handset",
        "mode-reports",
        "retire",
        "calendar",
    ]
