"""Reports: what departments send as events becomes events and cases of ours, each once.

The log is read from a place that is kept beside it; the place moves after everything before it was
taken in. A process that ends in between reads the same again, and what is there already stays as
it is: reading at least once and taking in once make exactly once. What is no report is kept with
the reason, counted, and stops nothing.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from city.health import DeadLetter
from city.refusal import Refusal
from city.reports import report_of
from city.roles import SYSTEM, Actor
from store import keys
from store.following import Follower, Stretch
from store.hearing import Message, events_in, letter_of
from store.store import Store

log = logging.getLogger("watch")

FOLLOWER = "reports"


def now() -> datetime:
    """The clock of the desk."""
    return datetime.now(UTC)


@dataclass
class Reports:
    """The duty of taking reports in."""

    store: Store
    clock: Callable[[], datetime] = now
    follower: Follower = field(init=False)

    def __post_init__(self) -> None:
        self.follower = Follower(self.store.redis, FOLLOWER)

    def take_in(self) -> bool:
        """What came since on all shards; whether there may be more."""
        return any([self._take_shard(shard) for shard in range(keys.SHARDS)])

    def take_alarms(self) -> bool:
        """Alarms that changed since join events; whether there may be more."""
        return self.store.alarm_joining.follow(self._actor())

    def retire(self) -> bool:
        """Takes events that are over off the shelf."""
        self.store.events.retire(self._actor().at_ms)
        return False

    def _take_shard(self, shard: int) -> bool:
        stretch = self.follower.read(shard)
        if stretch.is_empty:
            return False
        self.follower.commit(stretch, list(self._take(stretch)))
        return stretch.is_full

    def _take(self, stretch: Stretch) -> Iterator[DeadLetter]:
        """Takes in what is a report; a letter for each that is none."""
        for message in events_in(stretch):
            try:
                self._take_one(message)
            except Refusal as refusal:
                log.warning("report refused thing=%s: %s", message.heard.thing, refusal)
                yield letter_of(message, refusal)

    def _take_one(self, message: Message) -> None:
        report = report_of(message.heard)
        if report is not None:
            self.store.events.take(report, self._actor())

    def _actor(self) -> Actor:
        return Actor(SYSTEM, "", self.clock())
