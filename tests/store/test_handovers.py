"""Handovers: signed by two persons, never changed, on record."""

from dataclasses import replace
from datetime import UTC, datetime

import msgspec
import pytest

from city.audit import Record
from city.handover import Handover, Line, Part, Stand
from city.refusal import Conflict, Forbidden, Malformed, NotFound
from city.roles import Actor, Role, Seat
from store import keys
from store.store import Store

pytestmark = pytest.mark.store
AT = datetime(2026, 11, 25, 12, tzinfo=UTC)


def seated(account: str, role: Role = Role.ACCEPTOR, areas: tuple[str, ...] = ()) -> Actor:
    return Actor(Seat(account, account.title(), frozenset({role}), areas), "10.0.0.7", AT)


LI, WANG = seated("li"), seated("wang", Role.CHIEF)
LINES = [
    Line(Part.ALARMS, "alarm-1", "积水 45 cm", "龙昆南下穿", 1, LI.at_ms),
    Line(Part.FEEDS, "rain", "雨量站", note="中断"),
]


def signed(store: Store) -> Handover:
    return store.handovers.sign(LINES, "  台风前巡查泵站  ", LI)


def test_both_seats_sign(store: Store) -> None:
    handover = signed(store)
    assert handover.stand is Stand.SIGNED

    after = store.handovers.confirm(handover.number, WANG)

    assert after.stand is Stand.CONFIRMED
    assert after.incoming is not None
    assert (after.leaving.account, after.incoming.account) == ("li", "wang")
    assert store.handovers.get(handover.number) == after
    assert after.orders == "台风前巡查泵站"
    assert after.of(Part.FEEDS) == LINES[1:]


def test_both_signatures_are_on_record(store: Store) -> None:
    store.handovers.confirm(signed(store).number, WANG)

    drafts = [
        msgspec.json.decode(one[b"r"], type=Record).draft
        for _, one in store.redis.xrange(keys.AUDIT)
    ]
    assert [(one.action, one.account, one.subject) for one in drafts] == [
        ("handover.sign", "li", "handover/1"),
        ("handover.confirm", "wang", "handover/1"),
    ]


def test_nobody_takes_over_from_himself(store: Store) -> None:
    with pytest.raises(Conflict, match="cannot be who hands over"):
        store.handovers.confirm(signed(store).number, LI)


def test_nobody_signs_twice_while_the_first_waits(store: Store) -> None:
    first = signed(store)
    with pytest.raises(Conflict, match="waits to be confirmed"):
        signed(store)

    store.handovers.confirm(first.number, WANG)

    assert signed(store).number == 2


def test_who_signed_takes_it_back_and_nobody_else(store: Store) -> None:
    number = signed(store).number
    with pytest.raises(Conflict, match="Only Li"):
        store.handovers.withdraw(number, WANG)

    assert store.handovers.withdraw(number, LI).stand is Stand.WITHDRAWN
    with pytest.raises(Conflict, match="withdrawn already"):
        store.handovers.confirm(number, WANG)


def test_who_has_no_such_post_signs_nothing(store: Store) -> None:
    unit = replace(LI, seat=Seat("gu", "Gu", frozenset({Role.UNIT}), department="sw"))
    with pytest.raises(Forbidden):
        store.handovers.sign(LINES, "", unit)

    with pytest.raises(Forbidden):
        store.handovers.confirm(signed(store).number, unit)


def test_a_district_seat_does_not_take_over_the_whole_city(store: Store) -> None:
    with pytest.raises(NotFound):
        store.handovers.confirm(signed(store).number, seated("mei", areas=("460108",)))


def test_orders_have_an_end(store: Store) -> None:
    with pytest.raises(Malformed):
        store.handovers.sign([], "话" * 4001, LI)


def test_the_newest_come_first(store: Store) -> None:
    store.handovers.confirm(signed(store).number, WANG)
    signed(store)

    assert [one.number for one in store.handovers.newest()] == [2, 1]
    assert [one.number for one in store.handovers.newest(1)] == [2]
