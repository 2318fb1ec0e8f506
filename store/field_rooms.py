"""The rooms of what goes out to the field, and of who listens there."""

from functools import cached_property

from store import keys
from store.field import FieldStore
from store.foundation import Foundation
from store.lease import Lease
from store.outbound import OutboundStore
from store.relaying import Relaying
from store.retained import RetainedStore
from store.subscribers import SubscriberStore


class FieldRooms(Foundation):
    """A part of the store."""

    @cached_property
    def field(self) -> FieldStore:
        """What we tell the field."""
        return FieldStore(self.redis)

    @cached_property
    def outbound(self) -> OutboundStore:
        """How far a customer's broker was told."""
        return OutboundStore(self.redis)

    def outbound_lease(self, holder: str, ttl_s: float) -> Lease:
        """Held by the worker that tells the broker."""
        return Lease(self.redis, keys.LEASE_OUTBOUND, holder, ttl_s)

    @cached_property
    def subscribers(self) -> SubscriberStore:
        """Who listens at the intake."""
        return SubscriberStore(self.redis)

    @cached_property
    def retained(self) -> RetainedStore:
        """What who comes later is told."""
        return RetainedStore(self.redis)

    def relaying(self, shard: int) -> Relaying:
        """What clients of the intake tell one another."""
        return Relaying(self.redis, shard)
