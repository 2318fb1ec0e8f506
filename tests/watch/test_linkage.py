"""One alarm, many units: the case that it becomes starts its plan, however often it is told."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from city.alarm_filing import opening
from city.alarms import Alarm
from city.cases import Case
from store.store import Store, open_store
from tests.watch.court import Court, operator

pytestmark = pytest.mark.store
TOLD = ("sw", "jj", "sz", "gd", "d106", "yj")


def red_alarm(court: Court) -> Alarm:
    court.publisher.ponding(7, 45.0)
    court.sit()
    (alarm,) = court.alarms()
    return alarm


def file(store: Store, alarm: Alarm) -> Case:
    return store.alarm_filing.file(alarm.id, opening(alarm, {}), operator())


def counts(store: Store) -> tuple[int, int, int]:
    """Cases, tasks, notices."""
    cases = list(store.cases.all())
    tasks = [task for case in cases for run in store.plans.of_case(case.id) for task in run.tasks]
    notices = [one for department in TOLD for one in store.notices.of(department)]
    return len(cases), len(tasks), len(notices)


def test_an_alarm_becomes_one_case_with_a_task_and_a_notice_for_each_step(store: Store) -> None:
    case = file(store, red_alarm(Court(store)))

    assert counts(store) == (1, 5, 6)  # the sixth is for information
    (run,) = store.plans.of_case(case.id)
    assert {task.department for task in run.tasks} == {"jj", "sw", "sz", "gd", "d106"}
    told = {one.case_id for department in TOLD for one, _ in store.notices.of(department)}
    assert told == {case.id}


def test_messages_that_come_again_and_judges_that_start_anew_link_nothing_twice(
    store: Store,
) -> None:
    court = Court(store)
    alarm = red_alarm(court)
    file(store, alarm)

    for _ in range(3):
        court.publisher.ponding(7, 45.0)
        court.restart()
        court.sit()
        file(store, store.alarms.get(alarm.id))

    assert counts(store) == (1, 5, 6)


def test_two_seats_that_file_it_in_the_same_moment_link_it_once(
    store: Store, redis_url: str
) -> None:
    alarm = red_alarm(Court(store))
    stores = [open_store(redis_url) for _ in range(6)]

    with ThreadPoolExecutor(len(stores)) as pool:
        cases = list(pool.map(lambda one: file(one, alarm), stores))

    assert len({case.id for case in cases}) == 1
    assert counts(store) == (1, 5, 6)


def test_an_alarm_that_is_not_so_grave_starts_nothing(store: Store) -> None:
    court = Court(store)
    court.publisher.ponding(7, 16.0)
    court.sit()
    (alarm,) = court.alarms()

    file(store, alarm)

    assert alarm.severity > 2
    assert counts(store) == (1, 0, 0)
