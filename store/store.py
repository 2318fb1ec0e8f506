"""The store as a whole: one URL, and a room for each thing that is kept."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import cast

from redis.backoff import ExponentialBackoff
from redis.retry import Retry

from city.case_bounds import CityFacts
from city.kinds import KINDS, Kind
from city.order_work import declined
from city.records import Batch
from city.roles import Actor
from geo.ground import Ground
from store import durability, keys, tail
from store.accounts import AccountStore
from store.alarm_filing import AlarmFiling
from store.alarm_joining import AlarmJoining
from store.alarm_table import AlarmTable
from store.alarms import AlarmStore
from store.audit import AuditStore
from store.case_attendants import Attendants
from store.case_events import CaseEvents
from store.case_plans import CasePlans
from store.cases import CaseStore
from store.client import Client
from store.closures import ClosureStore
from store.covering import Covering
from store.dead import DeadStore
from store.dispatching import Dispatching
from store.due import DueStore
from store.endpoint import BadEndpoint, open_client
from store.events import EventStore
from store.field import FieldStore
from store.fleet import Fleet
from store.groups import GroupStore
from store.handovers import HandoverStore
from store.health import HealthStore
from store.history import HistoryStore
from store.lease import Lease
from store.ledger import Ledger
from store.live import LiveStore
from store.mode import ModeStore
from store.mode_reports import ModeReports
from store.notices import NoticeStore
from store.onlookers import OnlookerStore
from store.order_acts import OrderActs
from store.order_follows import OrderFollows
from store.orders import OrderStore
from store.outboxes import OutboxStore
from store.own_views import OwnViewStore
from store.parts import PartsStore
from store.plans import PlanStore
from store.rates import RateStore
from store.reach import StoreUnreachable, reaching
from store.resources import ResourceStore
from store.roads import RoadStore
from store.sessions import SessionStore
from store.sounds import SoundStore
from store.tokens import TokenStore
from store.transfers import CaseTransfers, TransferStore
from store.units import UnitStore
from store.warnings import WarningStore
from store.webhooks import WebhookStore

__all__ = ["Store", "StoreUnreachable", "open_store"]

CONNECT_WITHIN_S, ANSWER_WITHIN_S = 3.0, 10.0


class Store:
    """Opened by `open_store`; connects when it is first asked."""

    def __init__(self, url: str, kinds: Iterable[Kind] = KINDS) -> None:
        self._url = url
        self._kinds = tuple(kinds)
        self.city = CityFacts()  # doors that know their city say so
        self.ground: Ground | None = None  # likewise

    @cached_property
    def redis(self) -> Client:
        """The client under all rooms; a cluster's has the same commands."""
        return self._open(tries_again=1)

    def _open(self, tries_again: int) -> Client:
        try:
            with reaching():
                client = open_client(
                    self._url,
                    socket_connect_timeout=CONNECT_WITHIN_S,
                    socket_timeout=ANSWER_WITHIN_S,
                    retry=Retry(ExponentialBackoff(cap=0.2, base=0.02), tries_again),
                    protocol=2,
                )
        except (BadEndpoint, ValueError) as error:
            raise StoreUnreachable(str(error)) from None
        return cast(Client, client)

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
    def ledger(self) -> Ledger:
        """Where every command is written; never sent twice, for it may have been done at once."""
        return Ledger(self._open(tries_again=0))

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
    def cases(self) -> CaseStore:
        """The files of work."""
        return CaseStore(
            self.redis, self.ledger, lambda: self.city, CaseEvents(lambda: self.city),
            Attendants([CaseTransfers(lambda: self.city), CasePlans(lambda: self.city)]),
        )  # fmt: skip

    @cached_property
    def plans(self) -> PlanStore:
        """What is done about what, and what is under way."""
        return PlanStore(self.redis, self.ledger, self.cases, lambda: self.city)

    @cached_property
    def transfers(self) -> TransferStore:
        """Which case went from whom to whom."""
        return TransferStore(self.redis, self.ledger, self.cases, lambda: self.city)

    @cached_property
    def warnings(self) -> WarningStore:
        """What the public is told."""
        return WarningStore(self.redis, self.ledger, self.cases, lambda: self.city)

    @cached_property
    def notices(self) -> NoticeStore:
        """What departments were told of cases."""
        return NoticeStore(self.redis, self.ledger)

    @cached_property
    def events(self) -> EventStore:
        """What is happening."""
        return EventStore(self.redis, self.ledger, self.cases, lambda: self.city)

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
        rules = lambda: self.city.mode  # noqa: E731 doors tell the store of its city later
        return ModeStore(self.redis, self.ledger, self.audit, rules, self._day_of)

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
    def onlookers(self) -> OnlookerStore:
        """Who has which case open."""
        return OnlookerStore(self.redis)

    @cached_property
    def own_views(self) -> OwnViewStore:
        """The saved views of each seat."""
        return OwnViewStore(self.redis, self.ledger)

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
    def resources(self) -> ResourceStore:
        """What helps without an engine."""
        return ResourceStore(self.redis, self.ledger, lambda: self.city)

    @cached_property
    def dispatching(self) -> Dispatching:
        """Who could be sent."""
        covering = Covering(self.units, self.roads, lambda: self.city, lambda: self.ground)
        return Dispatching(self.units, self.cases, self.roads, covering,
                           lambda case_id: declined(self.orders.of_case(case_id)),
                           lambda: self.city)  # fmt: skip

    @cached_property
    def field(self) -> FieldStore:
        """What we tell the field."""
        return FieldStore(self.redis)

    @cached_property
    def webhooks(self) -> WebhookStore:
        """Who outside is told of cases."""
        return WebhookStore(self.redis, self.ledger, self.outboxes)

    @cached_property
    def outboxes(self) -> OutboxStore:
        """What they still have to be told."""
        return OutboxStore(self.redis, self.ledger, self.cases)

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
