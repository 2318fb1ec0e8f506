"""Reports and alarms merged on a labelled set: precision and recall of pairs, and what it costs.

The figures of `city/merging.py` were chosen on the sets TUNED_ON; what is reported comes from
other sets. A pair is two signs of one event; it is right where both speak of one happening.
"""

import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from bench.rows import Row
from bench.servers import RedisServer
from city.cases import Source
from city.merging import Sign, Verdict, sign
from city.nearby import Glimpse, find, glimpse, marks
from city.reports import Report
from city.roles import SYSTEM, Actor
from geo.network import read_network
from simulator.labelled import Amount, Told, ears_of, labelled
from simulator.script import City, Plot
from simulator.stories import STORIES
from simulator.tales import TALES, WORDINGS
from store.store import Store, open_store

HAIKOU = Path(__file__).parents[1] / "deploy" / "cities" / "haikou"
TUNED_ON, REPORTED_ON = (1, 2, 3), (101, 102, 103, 104, 105)
A_DAY = Amount(3_500, 24.0)  # about the hot line's 9,000 calls a day
WATER = ("burst", "ponding", "sewer", "collapse")
DOWNPOUR = Amount(300, 3.0, [tale for tale in TALES if tale.name in WATER])
DOWNPOURS = (201, 202, 203)
PRECISION, RECALL = 0.95, 0.90
ORDERS = 5
OPEN_EVENTS, LAST_CALL, SEEDERS = 10_000, 10_500, 8
LATE_MS = 600_000  # signs change places within ten minutes


@dataclass
class Desk:
    """Events in memory, gathered as the store gathers them."""

    events: dict[str, list[Sign]] = field(default_factory=dict)
    on_shelf: dict[str, dict[str, Glimpse]] = field(default_factory=lambda: defaultdict(dict))
    suggested: list[tuple[str, str]] = field(default_factory=list)  # sign, event

    def glimpses(self, mark: str) -> Mapping[str, Glimpse]:
        return self.on_shelf.get(mark, {})

    def signs(self, event_id: str) -> Sequence[Sign]:
        return self.events[event_id]

    def take(self, one: Sign) -> None:
        """Joins the best event, or begins one."""
        found = find(one, self)
        joins = [name for name, match in found if match.verdict is Verdict.AUTOMATIC][:1]
        event_id = joins[0] if joins else f"E{len(self.events)}"
        self.suggested += [(one.id, name) for name, _ in found if name != event_id]
        members = self.events.setdefault(event_id, [])
        members.append(one)
        shown = glimpse(members)
        for mark in {mark for member in members for mark in marks(member)}:
            self.on_shelf[mark][event_id] = shown


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs found, pairs that are so, and those that are both."""

    found: int
    true: int
    both: int

    @property
    def precision(self) -> float:
        return self.both / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.both / self.true if self.true else 1.0

    def __add__(self, other: "Pairs") -> "Pairs":
        return Pairs(self.found + other.found, self.true + other.true, self.both + other.both)


def measure() -> Iterator[Row]:
    """On sets that nothing was tuned on."""
    sets = [told(seed) for seed in REPORTED_ON]
    began = time.perf_counter()
    desks = [gathered(one) for one in sets]
    took_s = time.perf_counter() - began
    count = sum(map(len, sets))
    pairs = sum((judged(desk, one) for desk, one in zip(desks, sets, strict=True)), Pairs(0, 0, 0))
    note = f"{count} signs of {len(sets)} days, seeds {REPORTED_ON[0]} to {REPORTED_ON[-1]}"
    yield Row("merging: precision of pairs", f"≥ {PRECISION}", f"{pairs.precision:.3f}",
              pairs.precision >= PRECISION, note)  # fmt: skip
    yield Row("merging: recall of pairs", f"≥ {RECALL}", f"{pairs.recall:.3f}",
              pairs.recall >= RECALL, f"{pairs.true} pairs that are so")  # fmt: skip
    joins = [joined(desk, one) for desk, one in zip(desks, sets, strict=True)]
    right, made = sum(one[0] for one in joins), sum(one[1] for one in joins)
    yield Row("merging: automatic merges that are right", f"≥ {PRECISION}", f"{right / made:.3f}",
              right / made >= PRECISION, f"{made} merges")  # fmt: skip
    events = sum(len(desk.events) for desk in desks) // len(desks)
    yield Row("merging: one sign among a day's events", "", f"{took_s / count * 1000:.2f} ms",
              note=f"{events} events at the end of a day")  # fmt: skip
    yield Row("merging: same pairs in other orders", "", f"{agreement(sets[0]):.4f}",
              note=f"{ORDERS} orders, signs moved by up to ten minutes")  # fmt: skip
    yield in_a_downpour()
    yield taken_in()


def in_a_downpour() -> Row:
    """Where half the low places of the city stand under water at once."""
    sets = [told(seed, DOWNPOUR) for seed in DOWNPOURS]
    pairs = sum((judged(gathered(one), one) for one in sets), Pairs(0, 0, 0))
    note = f"{DOWNPOUR.happenings} happenings of water in {DOWNPOUR.hours:g} h"
    figure = f"precision {pairs.precision:.3f}, recall {pairs.recall:.3f}"
    return Row("merging: in a downpour", "", figure, note=note)


def taken_in() -> Row:
    """How long a report takes from being read to its case on disk, in a city with much going on."""
    chance = np.random.default_rng(5)
    with TemporaryDirectory() as folder:
        server = RedisServer(Path(folder))
        server.start()
        store = open_store(server.url)
        with ThreadPoolExecutor(SEEDERS) as pool:
            list(pool.map(partial(take, store), (a_call(n, chance) for n in range(OPEN_EVENTS))))
        spans = sorted(take(store, a_call(n, chance)) for n in range(OPEN_EVENTS, LAST_CALL))
        count = sum(1 for _ in store.events.open())
        server.kill()
    half, most = spans[len(spans) // 2] * 1000, spans[len(spans) * 99 // 100] * 1000
    return Row("merging: a report taken in, with its case on disk", "",
               f"p50 {half:.1f} ms, p99 {most:.1f} ms", note=f"{count} events open")  # fmt: skip


def take(store: Store, report: Report) -> float:
    """Seconds that it took."""
    began = time.perf_counter()
    store.events.take(report, Actor(SYSTEM, "", datetime.now(UTC)))
    return time.perf_counter() - began


def a_call(number: int, chance: np.random.Generator) -> Report:
    """A call from anywhere in town, of the last three hours."""
    lon, lat = chance.uniform(110.2, 110.45), chance.uniform(19.95, 20.07)
    code = str(chance.choice(sorted(WORDINGS)))
    at_ms = round(time.time() * 1000 - chance.uniform(0, 3 * 3_600_000))
    return Report(Source.HOTLINE, f"HL-{number}", code, at_ms, title=WORDINGS[code].titles[0],
                  description=WORDINGS[code].more[0], pos=(lon, lat))  # fmt: skip


def told(seed: int, amount: Amount = A_DAY) -> list[Told]:
    """The set of a seed over the roads and sensors of Haikou."""
    roads = read_network(_read("network.json"))
    files = {name: _read(f"{name}.geojson") for name in ("areas", "places", "water")}
    plot = Plot("460100", 1.0, 1, STORIES["calm"], datetime(2026, 9, 6, tzinfo=UTC))
    return labelled(roads, ears_of(City(plot, roads, files).rosters), seed, amount)


def _read(name: str) -> dict[str, object]:
    said: dict[str, object] = json.loads((HAIKOU / name).read_text(encoding="utf-8"))
    return said


def gathered(said: Iterable[Told]) -> Desk:
    """What becomes of a set, in its order."""
    desk = Desk()
    for one in said:
        desk.take(sign_of(one))
    return desk


def sign_of(one: Told) -> Sign:
    """What merging may see of it: never its label."""
    return sign(one.id, one.what, one.at_ms, one.point, f"{one.title} {one.description}")


def judged(desk: Desk, said: Sequence[Told]) -> Pairs:
    """Pairs of all events against the labels."""
    label = {one.id: one.happening for one in said}
    mixed = [Counter(label[one.id] for one in members) for members in desk.events.values()]
    return Pairs(
        found=sum(_pairs(sum(count.values())) for count in mixed),
        true=sum(map(_pairs, Counter(label.values()).values())),
        both=sum(_pairs(n) for count in mixed for n in count.values()),
    )


def joined(desk: Desk, said: Sequence[Told]) -> tuple[int, int]:
    """Automatic merges that are right, and all: right where most of the event is of its label."""
    label = {one.id: one.happening for one in said}
    right = made = 0
    for members in desk.events.values():
        seen: Counter[str] = Counter()
        for one in members:
            if seen:
                made += 1
                right += seen.most_common(1)[0][0] == label[one.id]
            seen[label[one.id]] += 1
    return right, made


def agreement(said: Sequence[Told]) -> float:
    """The least share of pairs that another order of arrival makes too (Jaccard)."""
    first, chance = _together(gathered(said)), np.random.default_rng(7)
    shares = []
    for _ in range(ORDERS):
        moved = {one.id: one.at_ms + chance.uniform(0, LATE_MS) for one in said}
        other = _together(gathered(sorted(said, key=lambda one: moved[one.id])))
        shares.append(len(first & other) / len(first | other))
    return min(shares)


def _together(desk: Desk) -> set[tuple[str, str]]:
    return {
        (one.id, other.id)
        for members in desk.events.values()
        for one in members
        for other in members
        if one.id < other.id
    }


def _pairs(count: int) -> int:
    return count * (count - 1) // 2
