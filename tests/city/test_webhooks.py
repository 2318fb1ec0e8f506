"""What a webhook is told of, when it is tried again, how its messages are signed."""

from dataclasses import replace

import pytest

from city.case_table import CaseState, Move
from city.networks import PRIVATE, networks_of, refused
from city.refusal import Malformed
from city.webhooks import (
    AWAY_S,
    BACKOFF_S,
    MOST_UNDELIVERED,
    Answer,
    Undelivered,
    Waiting,
    Webhook,
    checked_events,
    checked_name,
    key_of,
    new_secret,
    outdated,
    queued,
    signed,
    told_first,
    tried,
    wanted,
)
from tests.city.case_life import log_to

HOOK = Webhook("h1", "water", "http://10.0.0.1/", new_secret(bytes(32)), "manage", 0)
DAY_MS = 86_400_000
CLOSED = log_to(CaseState.CLOSED)
ALL = range(1, len(CLOSED) + 1)


def test_a_signature_is_that_of_the_published_example() -> None:
    # Standard Webhooks, libraries' test vector.
    headers = signed("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek",
                     1614265330, b'{"test": 2432232314}')  # fmt: skip

    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_a_secret_gives_its_key_back_and_a_broken_one_is_named() -> None:
    assert key_of(new_secret(b"k" * 32)) == b"k" * 32
    with pytest.raises(ValueError, match="base64"):
        key_of("whsec_???")


def test_without_wishes_every_step_is_told_in_order() -> None:
    told = wanted(HOOK, CLOSED, ALL)

    moves = [CLOSED[version - 1].move for version in told]
    assert moves[0] == Move.CREATE
    assert moves[-1] == Move.CLOSE
    assert list(told) == sorted(told)


def test_only_wished_events_are_told() -> None:
    told = wanted(replace(HOOK, events=("closed",)), CLOSED, ALL)

    assert [CLOSED[version - 1].move for version in told] == [Move.CLOSE]


def test_a_department_is_told_only_from_when_the_case_is_its_own() -> None:
    dispatched = next(at for at, one in enumerate(CLOSED, 1) if one.move is Move.DISPATCH)
    lead = CLOSED[dispatched - 1].facts["lead"]

    assert wanted(replace(HOOK, department=lead), CLOSED, ALL)[0] == dispatched
    assert wanted(replace(HOOK, department="nobody"), CLOSED, ALL) == ()


@pytest.mark.parametrize(("area", "count"), [("46", len(wanted(HOOK, CLOSED, ALL))), ("11", 0)])
def test_only_cases_of_the_areas_are_told(area: str, count: int) -> None:
    in_haikou = [replace(one, facts={**one.facts, "area": "460106"}) for one in CLOSED]

    assert len(wanted(replace(HOOK, areas=(area,)), in_haikou, ALL)) == count


def test_a_version_that_the_log_does_not_have_is_not_told() -> None:
    assert wanted(HOOK, CLOSED, [0, len(CLOSED) + 1]) == ()


def test_versions_wait_in_order_each_once_and_a_try_is_not_forgotten() -> None:
    first = replace(queued(None, "HK1", [3, 2], 100), tries=2, next_ms=500)

    more = queued(first, "HK1", [4, 3], 200)

    assert more == Waiting("HK1", (2, 3, 4), 500, tries=2)


def test_what_was_delivered_makes_way_for_the_next() -> None:
    assert told_first(Waiting("HK1", (2, 3), 0, 4, "away"), 900) == Waiting("HK1", (3,), 900)
    assert told_first(Waiting("HK1", (3,), 0), 900) is None


def test_tries_are_further_and_further_apart_and_end_after_a_day() -> None:
    waiting: Waiting | None = Waiting("HK1", (1,), 0)
    at_ms, waits = 0, []
    while waiting := tried(waiting, Answer(500, "HTTP 500"), at_ms):
        waits.append((waiting.next_ms - at_ms) // 1000)
        at_ms = waiting.next_ms

    assert waits == list(BACKOFF_S)
    assert waits == sorted(waits)
    assert 0.9 * DAY_MS < at_ms < 1.1 * DAY_MS
    assert list(AWAY_S) == sorted(AWAY_S)


@pytest.mark.parametrize(
    ("status", "is_taken", "is_away"),
    [(200, True, False), (204, True, False), (302, False, False), (400, False, False),
     (410, False, False), (429, False, True), (503, False, True), (0, False, True)],
)  # fmt: skip
def test_only_2xx_is_taken_and_a_receiver_in_trouble_is_away(
    status: int, is_taken: bool, is_away: bool
) -> None:
    answer = Answer(status)

    assert (answer.is_taken, answer.is_away) == (is_taken, is_away)


def test_what_was_given_up_is_kept_for_thirty_days_and_up_to_a_number() -> None:
    now = 100 * DAY_MS
    old = Undelivered("HK1", 1, now - 31 * DAY_MS, 11, "away")
    fresh = [Undelivered("HK2", at, now - at, 11, "away") for at in range(1, MOST_UNDELIVERED + 2)]

    dropped = outdated([old, *fresh], now)

    assert {one.id for one in dropped} == {old.id, fresh[-1].id}


@pytest.mark.parametrize("name", ["", "Water", "a b", "x" * 41, "水"])
def test_a_name_that_cannot_be_typed_is_refused(name: str) -> None:
    with pytest.raises(Malformed):
        checked_name(name)


def test_an_unknown_event_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(Malformed, match="registered"):
        checked_events(["closing"])
    assert checked_events(["closed", "closed"]) == ("closed",)


@pytest.mark.parametrize(
    ("address", "is_secret", "networks", "is_refused"),
    [
        ("10.1.2.3", False, PRIVATE, False),
        ("127.0.0.1", False, PRIVATE, False),
        ("::1", False, PRIVATE, False),
        ("fd00::1", False, PRIVATE, False),
        ("::ffff:10.1.2.3", False, PRIVATE, False),
        ("169.254.169.254", True, PRIVATE, True),  # where clouds tell machines their secrets
        ("0.0.0.0", True, PRIVATE, True),
        ("8.8.8.8", True, PRIVATE, True),
        ("::ffff:8.8.8.8", True, PRIVATE, True),
        ("8.8.8.8", True, "8.8.8.0/24", False),
        ("8.8.8.8", False, "8.8.8.0/24", True),
        ("10.1.2.3", False, "10.9.0.0/16", True),
        ("10.1.2.3", False, "", True),
    ],
)
def test_only_named_networks_are_called_and_in_the_open_only_by_tls(
    address: str, is_secret: bool, networks: str, is_refused: bool
) -> None:
    assert bool(refused(address, is_secret, networks_of(networks))) is is_refused
