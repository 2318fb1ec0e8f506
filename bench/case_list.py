"""The list of cases with 200,000 of them: filter, sort, page."""

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

from city.case_fold import begun
from city.case_moves import opening
from city.case_table import OPEN, CaseState, Move
from city.case_views import VIEWS, CaseQuery, SortKey
from city.cases import Case, Order
from city.deadlines import from_ms
from city.masking import masked
from city.roles import SYSTEM, Actor, Role, Seat
from store import keys
from store.case_packing import packed
from store.store import Store

START_MS = 1_788_742_800_000
AREAS = ("460105", "460106", "460107", "460108")
DEPARTMENTS = ("jj", "sw", "hw", "zhzf", "sz", "yl", "rq", "gd")
TYPES = ("0102", "0105", "0401", "0406", "0501", "0508")
DESCRIPTION = "龙昆南路下穿通道,水深约三十厘米,车辆绕行"
OPEN_SHARE = 0.25
AT_ONCE = 2_000
CHIEF = Seat("chief", "Chief", frozenset({Role.CHIEF}))
UNIT = Seat("unit", "Unit", frozenset({Role.UNIT}), (), "sw")
LONGHUA = Seat("acceptor", "Acceptor", frozenset({Role.ACCEPTOR}), ("460106",))


def fill(store: Store, count: int) -> None:
    """So many cases, most of them ended, as a city has after some months."""
    chance = random.Random(7)
    for start in range(0, count, AT_ONCE):
        some = [made(number, chance) for number in range(start, min(start + AT_ONCE, count))]
        store.redis.hset(keys.CASES, mapping={case.id: packed(case) for case in some})


def made(number: int, chance: random.Random) -> Case:
    """A case in some state; its clock runs where it is open."""
    at_ms = START_MS + number * 30_000
    order = Order(Move.CREATE, {
        "source": chance.choice(("hotline", "sensor", "collector", "camera")),
        "external_id": f"N{number}", "type": chance.choice(TYPES),
        "title": f"道路积水 第 {number} 处", "description": DESCRIPTION,
        "severity": chance.randint(1, 4), "area": chance.choice(AREAS),
        "reporter": {"name": "王先生", "phone": "13800000000"},
    })  # fmt: skip
    entry = opening(order, Actor(SYSTEM, "", from_ms(at_ms)))
    case = begun(replace(entry, facts={"id": f"HK20260907-{number:06d}", **entry.facts}))
    lead = chance.choice(DEPARTMENTS)
    co = (chance.choice(DEPARTMENTS),) if chance.random() < 0.2 else ()
    case = replace(case, lead=lead, co=co)
    if chance.random() < OPEN_SHARE:
        return replace(case, state=chance.choice(sorted(OPEN - {CaseState.DRAFT})))
    return replace(case, state=CaseState.CLOSED, timers=(), closed_ms=at_ms + 3_600_000)


def queries(at_ms: int) -> Iterator[CaseQuery]:
    """What desks ask: each view, each order, filters alone and together, pages far down."""
    plain = CaseQuery(CHIEF, at_ms, limit=100)
    for seat in (CHIEF, UNIT, LONGHUA):
        yield from (replace(plain, seat=seat, view=view) for view in VIEWS)
    for sort in SortKey:
        yield replace(plain, view="all", sort=sort)
        yield replace(plain, view="all", sort=sort, offset=100_000)
    yield replace(plain, view="all", text="第 19999 处")
    yield replace(plain, view="all", text="积水 龙昆南")
    yield replace(plain, severities=frozenset({1, 2}), areas=("460106",), overdue=True)
    yield replace(plain, departments=frozenset({"sw", "jj"}), types=("04",))
    yield replace(
        plain, view="all", opened_from_ms=at_ms - 86_400_000, sources=frozenset({"sensor"})
    )


def times(store: Store, rounds: int, at_ms: int) -> Sequence[float]:
    """Seconds that each question took, answered and masked."""
    took = []
    for _ in range(rounds):
        for query in queries(at_ms):
            begun_at = time.perf_counter()
            page = store.cases.table.page(query)
            shown = [masked(case, query.seat) for case in page.rows]
            took.append(time.perf_counter() - begun_at)
            assert len(shown) <= query.limit
    return took
