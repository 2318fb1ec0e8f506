"""The store as a whole: one URL, and a room for each thing that is kept."""

from collections.abc import Iterable, Iterator
from functools import cached_property

from city.kinds import KINDS, Kind
from city.order_work import declined
from city.records import Batch
from city.roles import Actor
from store import durability, keys, tail
from store.accounts import AccountStore
from store.alarm_filing import AlarmFiling
from store.alarm_joining import AlarmJoining
from store.alarm_table import AlarmTable
from store.alarms import AlarmStore
from store.audit import AuditStore
from store.case_rooms import CaseRooms
from store.closures import ClosureStore
from store.covering import Covering
from store.dead import DeadStore
from store.dispatching import Dispatching
from store.due import DueStore
from store.field_rooms import FieldRooms
from store.fleet import Fleet
from store.groups import GroupStore
from store.handovers import HandoverStore
from store.handset import HandsetStore
from store.health import HealthStore
from store.history import HistoryStore
from store.lease import Lease
from store.live import LiveStore
from store.mode import ModeStore
from store.mode_reports import ModeReports
from store.order_acts import OrderActs
from store.order_follows import OrderFollows
from store.orders import OrderStore
from store.parts import PartsStore
from store.rates import RateStore
from store.reach import StoreUnreachable, reaching
from store.resources import ResourceStore
from store.roads import RoadStore
from store.sessions import SessionStore
from store.sounds import SoundStore
from store.tokens import TokenStore
from store.units import UnitStore

__all__ = ["Store", "StoreUnreachable", "open_store"]


class Store(CaseRooms, FieldRooms):
    """Opened by `open_store`; connects when it is first asked."""

    @cached_property
    def live(self) -> LiveStore:
        """The newest of everything."""
        return LiveStore(self.redis, self._kinds)

    @cached_property
    def history(self) -> HistoryStore:
        """Hours of readings."""
        return HistoryStore(self.redis)

    @cached_property
    def health(self) -> HealthStore:
        """How the feeds are doing."""
        return HealthStore(self.redis)

    @cached_property
    def dead(self) -> DeadStore:
        """What nobody could read."""
        return DeadStore(self.redis)

    @cached_property
    def parts(self) -> PartsStore:
        """Who runs."""
        return PartsStore(self.redis)

    @cached_property
    def audit(self) -> AuditStore:
        """What was done, by whom."""
        return AuditStore(self.redis, self.ledger)

    @cached_property
    def accounts(self) -> AccountStore:
        """Who may log in."""
        return AccountStore(self.redis, self.ledger)

    @cached_property
    def sessions(self) -> SessionStore:
        """Who is logged in."""
        return SessionStore(self.redis, self.ledger)

    @cached_property
    def tokens(self) -> TokenStore:
        """The keys of machines."""
        return TokenStore(self.redis, self.ledger)

    @cached_property
    def rates(self) -> RateStore:
        """Who asks how often."""
        return RateStore(self.redis)

    @cached_property
    def handovers(self) -> HandoverStore:
        """What shifts handed over to each other."""
        return HandoverStore(self.redis, self.ledger)

    @cached_property
    def groups(self) -> GroupStore:
        """Command groups, and what they lend."""
        return GroupStore(self.redis, self.ledger, self.audit, self._day_of)

    @cached_property
    def mode(self) -> ModeStore:
        """Normal and emergency."""
        return ModeStore(self.redis, self.ledger, self.audit, self.field, lambda: self.city)

    @cached_property
    def mode_reports(self) -> ModeReports:
        """What emergencies were like."""
        return ModeReports(self.redis, self.ledger, self)

    def _day_of(self, actor: Actor) -> str:
        return self.city.day_of(actor.at)

    @cached_property
    def closures(self) -> ClosureStore:
        """What is closed."""
        return ClosureStore(self.redis, self.ledger, lambda: self.city)

    @cached_property
    def roads(self) -> RoadStore:
        """Ways and times; doors tell it the graph."""
        return RoadStore(self.redis, self.ledger, self.closures, lambda: self.city)

    @cached_property
    def sounds(self) -> SoundStore:
        """Who has muted his sound."""
        return SoundStore(self.redis, self.ledger)

    @cached_property
    def alarm_joining(self) -> AlarmJoining:
        """How alarms come into events."""
        return AlarmJoining(self.redis, self.ledger, self.events, lambda: self.city)

    @cached_property
    def due(self) -> DueStore:
        """What has to be done when."""
        return DueStore(self.redis)

    @cached_property
    def alarms(self) -> AlarmStore:
        """What needs somebody."""
        return AlarmStore(self.redis, self.ledger)

    @cached_property
    def alarm_filing(self) -> AlarmFiling:
        """An alarm becomes a case."""
        return AlarmFiling(self.ledger, self.cases, self.alarms)

    @cached_property
    def alarm_table(self) -> AlarmTable:
        """The same in this process's memory."""
        return AlarmTable(self.redis, self.alarms)

    @cached_property
    def units(self) -> UnitStore:
        """Who can be sent."""
        fleet = Fleet(self.live, self._kinds)
        return UnitStore(self.redis, self.ledger, fleet, lambda: self.city, self.orders.work)

    @cached_property
    def orders(self) -> OrderStore:
        """Who was sent where, and what became of it."""
        city = lambda: self.city  # noqa: E731 doors tell the store of its city later
        acts = OrderActs(self.field, OrderFollows(self.cases, self.plans), city)
        return OrderStore(self.redis, self.ledger, acts, lambda: self.units, city)

    @cached_property
    def handset(self) -> HandsetStore:
        """What phones in the field say."""
        return HandsetStore(self.redis, self.ledger, self.orders, self.cases, lambda: self.city)

    @cached_property
    def resources(self) -> ResourceStore:
        """What helps without an engine."""
        return ResourceStore(self.redis, self.ledger, self.roads, lambda: self.city)

    @cached_property
    def dispatching(self) -> Dispatching:
        """Who could be sent."""
        covering = Covering(self.units, self.roads, lambda: self.city, lambda: self.ground)
        return Dispatching(self.units, self.cases, self.roads, covering,
                           lambda case_id: declined(self.orders.of_case(case_id)),
                           lambda: self.city)  # fmt: skip

    def lease(self, holder: str, ttl_s: float) -> Lease:
        """The lease of the watch process."""
        return Lease(self.redis, keys.LEASE_WATCH, holder, ttl_s)

    def ping(self) -> None:
        """Raises StoreUnreachable when nobody answers."""
        with reaching():
            self.redis.ping()

    def doubts(self) -> list[str]:
        """What keeps a server that is not ours from being safe; see `store.durability`."""
        return durability.doubts(self.redis)

    def newest_batches(self, count_per_shard: int) -> Iterator[Batch]:
        """The last batches of every log, oldest first within a shard."""
        for shard in range(keys.SHARDS):
            with reaching():
                entries = self.redis.xrevrange(keys.log(shard), count=count_per_shard)
            for entry in reversed(entries):
                yield tail.batch_of([entry])


def open_store(url: str, kinds: Iterable[Kind] = KINDS) -> Store:
    """The store behind redis://, rediss://, unix://, redis+cluster:// or redis+sentinel://."""
    return Store(url, kinds)
