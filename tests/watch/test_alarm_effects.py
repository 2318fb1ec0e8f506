"""What time brings about with alarms: the ladder, the shelf, works; and the table that follows."""

from datetime import timedelta

import pytest

from city.alarm_orders import AlarmOrder
from city.alarm_rules import RULES
from city.alarms import MINUTE_MS, Alarm, AlarmState, Deed
from city.refusal import Malformed
from city.rulebook import Maintenance, Rulebook
from store import keys
from store.alarm_table import STATES, AlarmQuery
from store.store import Store, open_store
from tests.publisher import haikou, now_ms
from tests.watch.court import Court, operator
from watch.deadlines import Deadlines
from watch.effects import all_effects

pytestmark = pytest.mark.store
OPEN = AlarmQuery(states=STATES["open"])
SEAT = operator().seat


def red_alarm(court: Court) -> Alarm:
    court.publisher.ponding(7, 45.0)
    court.sit()
    (alarm,) = court.alarms()
    return alarm


def fire(store: Store, at_ms: int) -> None:
    Deadlines(store, all_effects(store, haikou()), lambda: at_ms).fire()


def test_an_alarm_that_nobody_acknowledges_climbs_the_ladder_once_per_step(store: Store) -> None:
    alarm = red_alarm(Court(store))

    for minutes in (1, 2, 2, 5, 60):
        fire(store, alarm.raised_at_ms + minutes * MINUTE_MS)

    notes = [line.note for line in store.alarms.get(alarm.id).log if line.deed == Deed.ESCALATE]
    assert notes == ["chief", "leader"]


def test_the_ladder_ends_when_somebody_acknowledges(store: Store) -> None:
    alarm = red_alarm(Court(store))
    fire(store, alarm.raised_at_ms + 2 * MINUTE_MS)
    store.alarms.order(alarm.id, AlarmOrder(Deed.ACK), operator())

    fire(store, alarm.raised_at_ms + 60 * MINUTE_MS)

    assert store.alarms.get(alarm.id).escalation == 1


def test_when_a_shelf_has_run_out_everybody_looks_again(store: Store) -> None:
    alarm = red_alarm(Court(store))
    actor = operator()
    store.alarms.order(alarm.id, AlarmOrder(Deed.SHELVE, "检修", 30), actor)
    table = store.alarm_table
    table.refresh()
    aside = table.find(OPEN, SEAT, actor.at_ms)
    later = actor.at_ms + 30 * MINUTE_MS

    fire(store, later)

    assert aside == []
    assert table.refresh() == {alarm.id}
    assert [one.id for one in table.find(OPEN, SEAT, later)] == [alarm.id]


def test_the_ladder_goes_on_when_a_shelf_has_run_out(store: Store) -> None:
    alarm = red_alarm(Court(store))
    actor = operator()
    store.alarms.order(alarm.id, AlarmOrder(Deed.SHELVE, "检修", 30), actor)
    fire(store, alarm.raised_at_ms + 2 * MINUTE_MS)
    aside = store.alarms.get(alarm.id).escalation

    fire(store, actor.at_ms + 30 * MINUTE_MS)
    fire(store, actor.at_ms + 30 * MINUTE_MS)

    assert (aside, store.alarms.get(alarm.id).escalation) == (0, 1)


def test_under_maintenance_an_alarm_is_counted_and_returns_with_the_end_of_the_works(
    store: Store,
) -> None:
    ends = now_ms() + 30 * MINUTE_MS
    works = Maintenance("w", ("sw/waterlogging/*",), 0, ends, "清淤")
    alarm = red_alarm(Court(store, Rulebook(RULES, maintenance=(works,))))
    table = store.alarm_table
    table.refresh()

    load = table.load(SEAT, ends - 1, 10)

    assert (alarm.state(ends - 1), alarm.state(ends)) == (AlarmState.SUPPRESSED, AlarmState.ACTIVE)
    assert (load.recent, load.suppressed) == (0, 1)


def test_an_outage_hides_its_children_in_the_queue_and_loses_none(store: Store) -> None:
    court = Court(store)
    for number in range(4):
        court.publisher.ponding(number, 1.0)
    court.sit()

    court.sit(seconds=301)
    court.sit()

    table = store.alarm_table
    table.refresh()
    (outage,) = table.find(OPEN, SEAT, court.clock())
    children = table.find(AlarmQuery(parent=outage.id), SEAT, court.clock())
    assert (outage.rule, outage.children, outage.name_zh) == ("outage", 4, "积水监测")
    assert len(children) == 4


def test_children_of_an_outage_return_when_their_feed_does(store: Store) -> None:
    court = Court(store)
    for number in range(5):
        court.publisher.ponding(number, 1.0)
    court.sit()
    court.sit(seconds=301)
    court.sit()

    for number in range(4):
        court.hear_now(number, 1.0)
    court.sit()
    court.sit()

    table = store.alarm_table
    table.refresh()
    active = table.find(AlarmQuery(states=(AlarmState.ACTIVE,)), SEAT, court.clock())
    assert [one.thing for one in active] == ["sw/waterlogging/WL-0004"]


def test_what_a_command_does_stands_in_the_table_of_every_process(store: Store) -> None:
    alarm = red_alarm(Court(store))
    other = open_store(store._url).alarm_table
    other.refresh()

    store.alarms.order(alarm.id, AlarmOrder(Deed.ASSIGN, assignee="wang"), operator())

    assert other.refresh() == {alarm.id}
    mine = other.find(AlarmQuery(mine="wang"), SEAT, now_ms())
    assert [one.id for one in mine] == [alarm.id]


def test_every_order_is_one_record_of_the_trail_also_a_refused_one(store: Store) -> None:
    alarm = red_alarm(Court(store))
    store.alarms.order(alarm.id, AlarmOrder(Deed.ACK), operator())
    store.alarms.order(alarm.id, AlarmOrder(Deed.ACK), operator())
    with pytest.raises(Malformed):
        store.alarms.order(alarm.id, AlarmOrder(Deed.CLEAR), operator())

    said = [line[b"r"].decode() for _, line in store.redis.xrange(keys.AUDIT)]
    assert len(said) == 2
    assert '"outcome":"done"' in said[0] and '"outcome":"refused"' in said[1]


def test_alarms_that_have_long_been_over_are_dropped(store: Store) -> None:
    court = Court(store)
    alarm = red_alarm(court)
    store.alarms.order(alarm.id, AlarmOrder(Deed.CLEAR, "传感器被淋"), operator())

    court.judge.forgot_ms = 0
    court.sit(seconds=timedelta(days=6).total_seconds())
    kept = len(court.alarms("waterlogging.depth_cm"))
    court.sit(seconds=timedelta(days=2).total_seconds())

    assert (kept, len(court.alarms("waterlogging.depth_cm"))) == (1, 0)
