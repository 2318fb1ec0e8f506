"""Reports of emergencies: gathered from what is kept, written once, read ever after."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

import msgspec

from city.audit import Record
from city.audit_search import AuditQuery
from city.mode import Episode, Mode, Span
from city.mode_figures import Figures, OrderTimes, apart
from city.mode_report import (
    MOST_LINES,
    EpisodeReport,
    bounded,
    group_lines,
    tells,
    timeline,
    told_upwards,
)
from city.order_table import OrderState
from city.orders import Order
from city.refusal import NotFound
from store import keys
from store.alarms import AlarmStore
from store.audit import AuditStore
from store.books import Page
from store.cases import CaseStore
from store.client import Client
from store.groups import GroupStore
from store.ledger import Ledger, encode
from store.mode import MODE, ModeStore
from store.order_pages import order_of
from store.reach import reaching

WHAT = ("应急总结", "report of an emergency")
A_PAGE = 500
_report = msgspec.json.Decoder(EpisodeReport).decode


class Rooms(Protocol):
    """Where the figures come from."""

    @property
    def cases(self) -> CaseStore: ...
    @property
    def alarms(self) -> AlarmStore: ...
    @property
    def audit(self) -> AuditStore: ...
    @property
    def groups(self) -> GroupStore: ...
    @property
    def mode(self) -> ModeStore: ...


class ModeReports:
    """The room of reports."""

    def __init__(self, client: Client, ledger: Ledger, rooms: Rooms) -> None:
        self._redis = client
        self._ledger = ledger
        self._rooms = rooms

    def find(self, episode_id: str) -> EpisodeReport | None:
        """The report of an emergency; None while it is not made."""
        with reaching():
            packed = self._redis.hget(keys.EPISODE_REPORTS, episode_id)
        return _report(packed) if packed else None

    def get(self, episode_id: str) -> EpisodeReport:
        """The same; NotFound while it is not made."""
        found = self.find(episode_id)
        if found is None:
            raise NotFound("not_found", name=episode_id, what=WHAT)
        return found

    def missing(self) -> list[Episode]:
        """Emergencies that are over and have none yet."""
        with reaching():
            known = self._redis.hgetall(keys.MODE)
        over = (one for one in self._rooms.mode.all() if one.ended_ms)
        return [one for one in over if made(one.id).encode() not in known]

    def write(self, report: EpisodeReport) -> None:
        """Keeps it, once: whoever comes second changes nothing."""
        name = report.episode.id

        def act(page: Page) -> None:
            if page.get(keys.EPISODE_REPORTS, name) is None:
                page.put(keys.EPISODE_REPORTS, name, encode(report))
                page.put(keys.MODE, made(name), b"%d" % report.made_ms)
                page.changed(MODE, name)

        self._ledger.write(act)

    def gather(self, episode: Episode, at_ms: int) -> EpisodeReport:
        """What there is to say of an emergency that is over."""
        began, ended = episode.began_ms, episode.ended_ms
        spans = self._rooms.mode.spans()
        before = self._figures(began - (ended - began), began - 1, spans)[Mode.NORMAL]
        reports = self._rooms.mode.reports_of(episode)
        return bounded(EpisodeReport(
            episode=episode, made_ms=at_ms,
            during=self._figures(began, ended, spans)[episode.mode], before=before,
            timeline=timeline(self._records(began, ended)),
            reports=told_upwards(reports, at_ms),
            groups=group_lines(self._rooms.groups.every(), episode),
        ))  # fmt: skip

    def apart(self, from_ms: int, to_ms: int) -> Mapping[Mode, Figures]:
        """The figures of a span, the modes apart."""
        return self._figures(from_ms, to_ms, self._rooms.mode.spans())

    def _figures(self, from_ms: int, to_ms: int, spans: Sequence[Span]) -> Mapping[Mode, Figures]:
        cases = (one for one in self._rooms.cases.all() if from_ms <= one.opened_ms <= to_ms)
        alarms = (one for one in self._rooms.alarms.all() if from_ms <= one.raised_at_ms <= to_ms)
        orders = (times_of(one) for one in self._orders() if from_ms <= one.sent_ms <= to_ms)
        return apart(cases, alarms, orders, spans)

    def _orders(self) -> Iterator[Order]:
        with reaching():
            for _, packed in self._redis.hscan_iter(keys.ORDERS, count=A_PAGE):
                yield order_of(packed)

    def _records(self, from_ms: int, to_ms: int) -> Iterator[Record]:
        """What the trail tells of a span, the oldest first."""
        found: list[Record] = []
        query, below = AuditQuery(from_ms=from_ms, to_ms=to_ms), 0
        while len(found) <= MOST_LINES:
            page = self._rooms.audit.page(query, below, A_PAGE)
            found += [one for one in page.records if tells(one.draft)]
            if page.next is None:
                break
            below = page.next
        return reversed(found)


def times_of(order: Order) -> OrderTimes:
    """An order as figures need it."""
    at = {state: stamp.at_ms for state, stamp in order.times.items()}
    return OrderTimes(
        order.sent_ms, at.get(OrderState.ACCEPTED, 0), at.get(OrderState.ON_SCENE, 0),
        at.get(OrderState.DONE, 0), OrderState.REFUSED in at, OrderState.UNANSWERED in at,
    )  # fmt: skip


def made(episode_id: str) -> str:
    """The field that says that an emergency has its report."""
    return f"report|{episode_id}"
