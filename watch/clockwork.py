"""What has to be done now and then, done by the one of several processes that holds the lease."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from store.lease import Lease
from store.store import Store, StoreUnreachable

log = logging.getLogger("watch")

ACTIVE, STANDBY, AWAY = "active", "standby", "away"
LEASE_S = 10.0
HEARTBEAT_S = 10.0
BREATH_S = 1.0  # between two rounds


@dataclass(slots=True)
class Duty:
    """One thing to do every so often; `do` returns whether there is more to do at once."""

    name: str
    every_s: float
    do: Callable[[], bool]
    due_at: float = 0.0


@dataclass(slots=True)
class Clockwork:
    """Turns; between two calls of a duty the lease is renewed, so that no two do the same."""

    store: Store
    name: str
    duties: Sequence[Duty]
    lease: Lease = field(init=False)
    state: str = STANDBY

    def __post_init__(self) -> None:
        self.lease = self.store.lease(self.name, LEASE_S)

    def turn(self, now: float) -> float:
        """Does what is due; how many seconds may pass until the next turn."""
        try:
            self._become(ACTIVE if self.lease.hold() else STANDBY)
            more = self.state == ACTIVE and self._do_due(now)
            self.store.parts.heartbeat(self.name, self.status(), HEARTBEAT_S)
        except StoreUnreachable as trouble:
            self._become(AWAY, str(trouble))
            return BREATH_S
        return 0.0 if more else BREATH_S

    def close(self) -> None:
        """Lets the next one take over at once."""
        try:
            self.lease.release()
        except StoreUnreachable:
            return  # it runs out by itself

    def status(self) -> dict[str, Any]:
        """What the heartbeat says."""
        return {"state": self.state}

    def _do_due(self, now: float) -> bool:
        """Each duty that is due, once; whether one of them has more to do."""
        due = [duty for duty in self.duties if duty.due_at <= now]
        for duty in due:
            begun = time.monotonic()
            duty.due_at = now if duty.do() else now + duty.every_s
            log.debug("duty done name=%s took_s=%.3f", duty.name, time.monotonic() - begun)
        return any(duty.due_at <= now for duty in due)

    def _become(self, state: str, why: str = "") -> None:
        """Once on each change."""
        if state != self.state:
            say = log.warning if AWAY in (state, self.state) else log.info
            say("watch is %s, was %s %s", state, self.state, why)
            self.state = state
