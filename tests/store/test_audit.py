"""The trail is searched, verified and dropped after its time; whatever is done to it is found."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from city.audit import LEAST_RETENTION_DAYS, Draft, Outcome, Record, digest, first_broken
from city.audit_search import AuditQuery
from city.refusal import Conflict, Malformed
from city.roles import SYSTEM, Actor
from store import audit as audit_store
from store import audit_chain, keys
from store.audit_chain import Mark
from store.books import Page
from store.client import Entry
from store.store import Store

pytestmark = pytest.mark.store
NOW = datetime(2026, 9, 6, 7, 10, tzinfo=UTC)
NOW_MS = round(NOW.timestamp() * 1000)
DAY_MS = 86_400_000
COUNT = 9
encode = msgspec.json.encode


def nothing(_page: Page) -> None:
    """Only the record is written."""


def refused(_page: Page) -> None:
    raise Conflict("locked", minutes=5)


def write(store: Store, action: str = "case.sign", at_ms: int = NOW_MS, **more: object) -> None:
    draft = Draft("li", "李四", "unit", action, "case/HK1", at_ms, "10.0.0.7")
    store.ledger.write(nothing, replace(draft, **more))  # type: ignore[arg-type]


@pytest.fixture
def trail(store: Store) -> Store:
    """A trail of some records."""
    for number in range(COUNT):
        write(store, subject=f"case/HK{number}", detail={"深度": 31.5, "n": number})
    return store


def entries(store: Store) -> list[Entry]:
    return store.redis.xrange(keys.AUDIT)


def rewrite(store: Store, changed: list[Entry]) -> None:
    """What somebody does who holds the database: the stream anew, as he likes it."""
    with store.redis.pipeline(transaction=True) as pipe:
        pipe.unlink(keys.AUDIT)
        for name, fields in changed:
            pipe.xadd(keys.AUDIT, fields, id=name.decode())
        pipe.execute()


def altered(entry: Entry, **changes: object) -> Entry:
    record = msgspec.json.decode(entry[1][b"r"], type=Record)
    draft = replace(record.draft, **changes)  # type: ignore[arg-type]
    return entry[0], {b"r": encode(replace(record, draft=draft))}


def test_a_trail_that_nobody_touched_holds(trail: Store) -> None:
    verdict = trail.audit.chain.verify()

    assert (verdict.broken, verdict.count, verdict.head.number) == (None, COUNT, COUNT)
    assert verdict.head.digest == trail.audit.get(COUNT).digest


def test_an_empty_trail_holds(store: Store) -> None:
    assert store.audit.chain.verify().broken is None


def alter(found: list[Entry]) -> list[Entry]:
    return [*found[:3], altered(found[3], reason="nothing to see"), *found[4:]]


def alter_and_seal(found: list[Entry]) -> list[Entry]:
    record = msgspec.json.decode(found[3][1][b"r"], type=Record)
    draft = replace(record.draft, account="wang")
    sealed = replace(record, draft=draft, digest=digest(draft, record.number, record.before))
    return [*found[:3], (found[3][0], {b"r": encode(sealed)}), *found[4:]]


def remove(found: list[Entry]) -> list[Entry]:
    return [*found[:3], *found[4:]]


def insert(found: list[Entry]) -> list[Entry]:
    return [*found[:4], (b"4-1", found[3][1]), *found[4:]]


def blank(found: list[Entry]) -> list[Entry]:
    return [*found[:3], (found[3][0], {b"r": b"{}"}), *found[4:]]


def add_a_word(found: list[Entry]) -> list[Entry]:
    raw = found[3][1][b"r"]
    return [*found[:3], (found[3][0], {b"r": raw[:-1] + b',"note":"good"}'}), *found[4:]]


def swap(found: list[Entry]) -> list[Entry]:
    third, fourth = found[3], found[4]
    return [*found[:3], (third[0], fourth[1]), (fourth[0], third[1]), *found[5:]]


def cut(found: list[Entry]) -> list[Entry]:
    return found[:6]


def add(found: list[Entry]) -> list[Entry]:
    return [*found, (b"10-0", found[-1][1])]


def cut_the_beginning(found: list[Entry]) -> list[Entry]:
    return found[2:]


@pytest.mark.parametrize(
    ("deed", "first"),
    [
        (alter, 4), (alter_and_seal, 5), (remove, 4), (insert, 5), (blank, 4), (add_a_word, 4),
        (swap, 4), (cut, 7), (add, COUNT + 1), (cut_the_beginning, 1),
    ],
)  # fmt: skip
def test_the_first_record_that_is_not_as_it_was_written_is_named(
    trail: Store, deed: Callable[[list[Entry]], list[Entry]], first: int
) -> None:
    rewrite(trail, deed(entries(trail)))

    verdict = trail.audit.chain.verify()

    assert (verdict.broken, verdict.count) == (first, first - 1)


def test_what_is_done_behind_the_first_page_is_named_too(
    trail: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_chain, "PAGE", 3)
    rewrite(trail, alter(entries(trail)))

    assert trail.audit.chain.verify().broken == 4


def test_a_head_that_was_moved_back_is_found(trail: Store) -> None:
    last = trail.audit.get(6)
    rewrite(trail, entries(trail))
    trail.redis.hset(keys.CHAIN, mapping={"number": 6, "digest": last.digest})

    assert trail.audit.chain.verify().broken == 7


def test_a_beginning_that_nobody_ordered_is_found(trail: Store) -> None:
    third = trail.audit.get(3)
    rewrite(trail, entries(trail)[3:])
    trail.redis.hset(keys.CHAIN, mapping={"dropped_number": 3, "dropped_digest": third.digest})

    assert trail.audit.chain.verify().broken == 4


def test_a_command_that_is_refused_afterwards_stands_in_the_chain(trail: Store) -> None:
    draft = Draft("li", "李四", "unit", "login", "account/li", NOW_MS)
    with pytest.raises(Conflict):
        trail.ledger.write(refused, draft)

    assert trail.audit.chain.verify().broken is None
    assert trail.audit.get(COUNT + 1).draft.outcome is Outcome.REFUSED


def aged(store: Store, days: list[int]) -> None:
    for age in days:
        write(store, at_ms=NOW_MS - age * DAY_MS)


def test_what_is_older_than_its_time_is_dropped_and_the_rest_verifies(store: Store) -> None:
    aged(store, [400, 300, 191, 189, 5, 0])

    store.audit.chain.forget(NOW_MS, LEAST_RETENTION_DAYS)

    verdict = store.audit.chain.verify()
    assert verdict.broken is None
    assert (verdict.start.number, verdict.head.number, verdict.count) == (3, 7, 4)
    assert [one.number for one in store.audit.page(AuditQuery()).records] == [7, 6, 5, 4]
    assert store.audit.get(7).draft.action == "audit.forget"
    assert [one.number for one in store.audit.of("case/HK1")] == [6, 5, 4]


def test_it_is_dropped_again_later_and_page_by_page(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_chain, "PAGE", 2)
    aged(store, [400, 300, 250, 195, 100])

    while store.audit.chain.forget(NOW_MS, LEAST_RETENTION_DAYS):
        pass
    store.audit.chain.forget(NOW_MS + 100 * DAY_MS, LEAST_RETENTION_DAYS)

    verdict = store.audit.chain.verify()
    assert (verdict.broken, verdict.start.number) == (None, 5)


def test_whoever_died_between_the_mark_and_the_dropping_is_finished(store: Store) -> None:
    aged(store, [400, 0])
    chain = store.audit.chain
    first = store.audit.get(1)
    chain._begin_behind(audit_chain.ORIGIN, Mark(1, first.digest), NOW_MS)
    assert chain.verify().broken is None

    chain.forget(NOW_MS, LEAST_RETENTION_DAYS)

    assert entries(store)[0][0] == b"2-0"
    assert chain.verify().broken is None


def test_a_broken_stretch_is_not_dropped(store: Store) -> None:
    aged(store, [400, 300, 0])
    first, *rest = entries(store)
    rewrite(store, [altered(first, account="wang"), *rest])

    store.audit.chain.forget(NOW_MS, LEAST_RETENTION_DAYS)

    assert len(entries(store)) == 3
    assert store.audit.chain.verify().broken == 1


def test_it_is_not_kept_shorter_than_the_law_asks(store: Store) -> None:
    with pytest.raises(Malformed, match="190 days"):
        store.audit.chain.forget(NOW_MS, LEAST_RETENTION_DAYS - 1)


QUERIES: list[tuple[AuditQuery, list[int]]] = [
    (AuditQuery(), [5, 4, 3, 2, 1]),
    (AuditQuery(account="WANG"), [4]),
    (AuditQuery(account="王"), [4]),
    (AuditQuery(action="case"), [4, 3, 1]),
    (AuditQuery(action="case.close"), [3]),
    (AuditQuery(action="cas"), []),
    (AuditQuery(subject="case/HK2"), [4, 3]),
    (AuditQuery(outcome=Outcome.REFUSED), [5]),
    (AuditQuery(from_ms=NOW_MS + 2000, to_ms=NOW_MS + 3000), [4, 3]),
    (AuditQuery(text="淹水 10.0.0.7"), [3]),
    (AuditQuery(text="pending_close"), [4]),
]


@pytest.mark.parametrize(("query", "numbers"), QUERIES)
def test_records_are_found_by_what_they_say(
    store: Store, query: AuditQuery, numbers: list[int]
) -> None:
    write(store)
    write(store, "login", NOW_MS + 1000, subject="account/li")
    write(store, "case.close", NOW_MS + 2000, subject="case/HK2", reason="淹水已退")
    write(store, "case.sign", NOW_MS + 3000, subject="case/HK2", account="wang", name="王五",
          detail={"after": {"state": "pending_close"}})  # fmt: skip
    with pytest.raises(Conflict):
        store.ledger.write(refused, Draft("li", "李四", "", "login", "account/li", NOW_MS + 4000))

    assert [one.number for one in store.audit.page(query).records] == numbers


def test_pages_follow_each_other_without_a_gap(
    trail: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_chain, "PAGE", 2)
    monkeypatch.setattr(audit_store, "PAGE", 2)
    seen: list[int] = []
    cursor: int | None = 0
    while cursor is not None:
        page = trail.audit.page(AuditQuery(), cursor, 4)
        seen += [one.number for one in page.records]
        cursor = page.next

    assert seen == [*range(COUNT, 0, -1)]


def test_a_rare_search_looks_on_where_it_stopped(
    trail: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_store, "MOST_LOOKED", 4)
    query = AuditQuery(subject="case/HK0")

    first = trail.audit.page(query)
    second = trail.audit.page(query, first.next or 0)
    third = trail.audit.page(query, second.next or 0)

    assert [list(first.records), first.next, second.next] == [[], 6, 2]
    assert [one.number for one in third.records] == [1]


def test_a_search_by_time_does_not_look_through_the_rest(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    aged(store, [*range(40, 0, -1)])
    monkeypatch.setattr(audit_store, "MOST_LOOKED", 12)
    day = NOW_MS - 30 * DAY_MS

    page = store.audit.page(AuditQuery(from_ms=day, to_ms=day))

    assert [one.number for one in page.records] == [11]
    assert page.next is None


def test_what_cannot_be_read_any_more_is_shown_under_its_number(trail: Store) -> None:
    rewrite(trail, blank(entries(trail)))

    page = trail.audit.page(AuditQuery())

    assert [(one.number, one.digest) for one in page.records if not one.digest] == [(4, "")]


def test_an_export_can_be_verified_elsewhere_and_is_itself_on_record(trail: Store) -> None:
    auditor = Actor(replace(SYSTEM, account="audit"), "10.0.0.9", NOW + timedelta(hours=1))

    lines = list(trail.audit.export(AuditQuery(), auditor))

    records = [msgspec.json.decode(line, type=Record) for line in lines]
    assert first_broken(records) is None
    assert (len(records), records[-1].draft.action) == (COUNT + 1, "audit.export")
    some = trail.audit.export(AuditQuery(subject="case/HK3"), auditor)
    assert [msgspec.json.decode(one)["number"] for one in some] == [4]
    assert trail.audit.get(COUNT + 2).draft.detail == {"query": {"subject": "case/HK3"}}


def test_a_verification_is_on_record_with_what_came_out(trail: Store) -> None:
    rewrite(trail, alter(entries(trail)))

    verdict = trail.audit.verify(Actor(SYSTEM, "", NOW))

    last = trail.audit.get(COUNT + 1).draft
    assert verdict.broken == 4
    assert (last.action, last.detail) == ("audit.verify", {"through": COUNT, "broken": 4})
