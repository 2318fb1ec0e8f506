"""One ingest worker: the loop, its doors, its core and its way to the store, turned together."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from feeds.ingest import Core
from feeds.loop import Loop
from store.pipe import Pipe

log = logging.getLogger("worker")

LONGEST_WAIT_S = 0.1
STORE_WITHIN_S, DOOR_WITHIN_S = 5.0, 8.0
LEAVE_WITHIN_S, SAFE_WITHIN_S = 3.0, 10.0


class Door(Protocol):
    """An intake or a subscriber."""

    @property
    def connections(self) -> int:
        """Publishers connected, or the broker."""

    @property
    def state(self) -> str:
        """One word for the duty officer: `listening`, `connected`, `lost`."""

    @property
    def trouble(self) -> str:
        """Why it is not up."""

    def turn(self, now: float) -> None:
        """What has to be done now and then."""

    def leave(self, now: float) -> bool:
        """Asks for no more; whether nothing more is on its way."""

    def close(self) -> None:
        """Says goodbye."""


class NotUp(Exception):
    """Something the worker cannot start without; the text says what it answered."""


@dataclass(slots=True)
class Worker:
    """Everything one process does; one thread."""

    loop: Loop
    pipe: Pipe
    core: Core
    turned_at: float = 0.0
    door: Door | None = None
    _rate: "Rate" = field(default_factory=lambda: Rate())

    def reach_store(self) -> None:
        """Connects to the store, or raises NotUp."""
        self._until(lambda: self.pipe.is_up, STORE_WITHIN_S)
        if not self.pipe.is_up:
            raise NotUp(self.pipe.trouble)

    def open(self, door: Door) -> None:
        """Opens the door, or raises NotUp."""
        self.door = door
        self._until(lambda: door.state in ("listening", "connected"), DOOR_WITHIN_S)
        if door.state not in ("listening", "connected"):
            raise NotUp(door.trouble or door.state)

    def run(self, is_over: Callable[[], bool]) -> None:
        """Works until told to stop, then sees through what was taken in."""
        while not is_over():
            self._round()
        self._until(self._has_left, LEAVE_WITHIN_S)
        self.loop.lock()
        self.core.flush()
        self._until(lambda: self.core.is_idle, SAFE_WITHIN_S)
        if not self.core.is_idle:
            log.warning("left without the store's answer; publishers will send again")

    def _has_left(self) -> bool:
        return self.door is None or self.door.leave(time.monotonic())

    def close(self) -> None:
        """Lets go of everything."""
        if self.door is not None:
            self.door.close()
        self.pipe.close()
        self.loop.close()

    def _until(self, is_done: Callable[[], bool], within_s: float) -> None:
        deadline = time.monotonic() + within_s
        while not is_done() and time.monotonic() < deadline:
            self._round()

    def _round(self) -> None:
        now = time.monotonic()
        waits = (self.core.wait_s(now), self.pipe.retry_after_s(now), LONGEST_WAIT_S)
        self.loop.turn(min(wait for wait in waits if wait is not None))
        now = self.turned_at = time.monotonic()
        self.pipe.turn(now)
        self.core.turn(now)
        if self.door is not None:
            self.door.turn(now)

    def status(self) -> dict[str, object]:
        """What the heartbeat says."""
        return {
            "mqtt": self.door.state if self.door else "closed",
            "store": "ok" if self.pipe.is_up else self.pipe.trouble or "connecting",
            "connections": self.door.connections if self.door else 0,
            "rate": self._rate.of(self.core.stored, time.monotonic()),
            "stored": self.core.stored,
            "in_flight": self.pipe.in_flight,
            "full": self.core.is_full,
        }


@dataclass(slots=True)
class Rate:
    """Messages per second between two looks."""

    count: int = 0
    at: float = 0.0

    def of(self, count: int, now: float) -> float:
        """The rate since the last look."""
        passed, more = now - self.at, count - self.count
        self.count, self.at = count, now
        return round(more / passed, 1) if passed > 0 else 0.0
