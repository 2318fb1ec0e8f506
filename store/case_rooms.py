"""The rooms of cases and of all that goes along with them."""

from functools import cached_property

from store.case_attendants import Attendants
from store.case_events import CaseEvents
from store.case_orders import CaseOrders
from store.case_plans import CasePlans
from store.cases import CaseStore
from store.events import EventStore
from store.field import FieldStore
from store.foundation import Foundation
from store.notices import NoticeStore
from store.onlookers import OnlookerStore
from store.outboxes import OutboxStore
from store.own_views import OwnViewStore
from store.plans import PlanStore
from store.transfers import CaseTransfers, TransferStore
from store.warnings import WarningStore
from store.webhooks import WebhookStore


class CaseRooms(Foundation):
    """A part of the store."""

    @cached_property
    def cases(self) -> CaseStore:
        """The files of work."""
        return CaseStore(
            self.redis, self.ledger, lambda: self.city, CaseEvents(lambda: self.city),
            Attendants([CaseTransfers(lambda: self.city), CasePlans(lambda: self.city),
                        CaseOrders(FieldStore(self.redis))]),
        )  # fmt: skip

    @cached_property
    def events(self) -> EventStore:
        """What is happening."""
        return EventStore(self.redis, self.ledger, self.cases, lambda: self.city)

    @cached_property
    def outboxes(self) -> OutboxStore:
        """What they still have to be told."""
        return OutboxStore(self.redis, self.ledger, self.cases)

    @cached_property
    def webhooks(self) -> WebhookStore:
        """Who outside is told of cases."""
        return WebhookStore(self.redis, self.ledger, self.outboxes)

    @cached_property
    def onlookers(self) -> OnlookerStore:
        """Who has which case open."""
        return OnlookerStore(self.redis)

    @cached_property
    def own_views(self) -> OwnViewStore:
        """The saved views of each seat."""
        return OwnViewStore(self.redis, self.ledger)

    @cached_property
    def plans(self) -> PlanStore:
        """What is done about what, and what is under way."""
        return PlanStore(self.redis, self.ledger, self.cases, lambda: self.city)

    @cached_property
    def notices(self) -> NoticeStore:
        """What departments were told of cases."""
        return NoticeStore(self.redis, self.ledger)

    @cached_property
    def transfers(self) -> TransferStore:
        """Which case went from whom to whom."""
        return TransferStore(self.redis, self.ledger, self.cases, lambda: self.city)

    @cached_property
    def warnings(self) -> WarningStore:
        """What the public is told."""
        return WarningStore(self.redis, self.ledger, self.cases, lambda: self.city)
