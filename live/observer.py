"""Looks at the store for the hub, in one thread of its own, and encodes what it sees."""

import logging
import time
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np

from city.feeds import FeedCard
from city.kinds import Kind
from city.sight import EVERYTHING, Sight
from live import speech
from live.layers import Layers
from live.news import News, Told, Wanted, said
from live.picture import Moved, Picture
from live.pulse import Pulses
from live.vitals import Vitals
from store.changes import Changes
from store.live import Changed
from store.presence import LOST_CODE, OFFLINE_CODE
from store.store import Store, StoreUnreachable
from store.tail import START

log = logging.getLogger("live")

STATUS_EVERY_MS = 1000
PULSE_OF = {
    "case": "cases", "alarm": "alarms", "mute": "alarms", "event": "events", "audit": "audit",
    "handover": "handover", "mode": "mode", "group": "groups", "closure": "closures",
    "unit": "units", "resource": "units", "order": "orders",
    "plan": "plans", "notice": "plans", "transfer": "plans",
    "warning": "plans",
}  # fmt: skip
NOTHING = Changed(np.empty(0, np.int64), False, {})


def now_ms() -> int:
    """The clock of frames and pulses."""
    return time.time_ns() // 1_000_000


class Observer:
    """The picture of this moment, and what is to be told of it."""

    def __init__(self, store: Store, kinds: Iterable[Kind], cards: Mapping[str, FeedCard]) -> None:
        self.layers = Layers(kinds)
        self._sendable = [number for number, kind in enumerate(self.layers.kinds)
                          if kind.dispatchable]  # fmt: skip
        self.pulses = Pulses(now_ms())
        self._live = store.live
        self._health = store.health
        self._changes = Changes(store.redis)
        self._picture = Picture(self.layers)
        self._vitals = Vitals(cards)
        self._mode = store.mode
        self._is_paced = False  # whether the pace is known to be that of the mode
        self._is_away = False
        self._buried = 0
        self._status_ms = 0

    def gather(self, wanted: Wanted, is_tick: bool) -> News:
        """With a tick a new look at the store; each distinct frame is encoded once."""
        news = News(is_tick)
        moved = self._look(news, wanted) if is_tick else None
        for look, owed in wanted.looks:
            snapshot = self._picture.snapshot(look, owed, now_ms()) if owed else b""
            rest = look._replace(layers=look.layers - owed)
            if moved or owed:
                news.frames[look, owed] = snapshot + (moved.frame(rest) if moved else b"")
        return news

    def hello(self, epoch: str, tick_s: float) -> str:
        """The greeting."""
        return said(
            "hello",
            {
                "epoch": epoch,
                "layers": self.layers.described(),
                "time": now_ms(),
                "tick_ms": round(tick_s * 1000),
            },
        )

    def index(self, thing: str, sight: Sight = EVERYTHING) -> int | None:
        """The number of a thing in frames; None where it is not seen."""
        with self._live.lock:
            table = self._live.table
            index = table.index.get(thing)
            return index if index is not None and table.may_see(sight, index) else None

    def who(self, indices: Iterable[int], lang: str, sight: Sight) -> str:
        """The word `who`; what is not seen has no name."""
        with self._live.lock:
            table = self._live.table
            seen = [i for i in indices if 0 <= i < len(table) and table.may_see(sight, i)]
            return said("who", speech.who(table, self.layers, seen, lang))

    def reading(self, index: int) -> str:
        """The word `reading`."""
        with self._live.lock:
            return said("reading", speech.reading(self._live.table, index, datetime.now(UTC)))

    def _look(self, news: News, wanted: Wanted) -> Moved:
        changed = self._catch_up()
        with self._live.lock:
            moved = self._picture.look_again(self._live.table, changed.indices, now_ms())
        self._touch(moved, changed)
        self._read(news, wanted.follows, set(moved.after["index"].tolist()))
        if now_ms() - self._status_ms >= STATUS_EVERY_MS:
            self._status_ms = now_ms()
            told = self._status()
            for sight in wanted.sights:
                entities = self._picture.count(sight)
                news.statuses[sight] = said("status", {**told, "entities": entities})
        for subject, version in self.pulses.take(now_ms()).items():
            news.words[f"pulse {subject}"] = said("pulse", {subject: version})
        return moved

    def _catch_up(self) -> Changed:
        try:
            changed = self._live.catch_up()
            self._follow_changes()
        except StoreUnreachable as trouble:
            if not self._is_away:
                log.warning("store away: %s", trouble)
            self._is_away = True
            return NOTHING
        if self._is_away:
            log.warning("store back")
        self._is_away = False
        return changed

    def _follow_changes(self) -> None:
        """What people did; at the start everything is new anyway."""
        if self._changes.place == START:
            self._changes.skip()
        moved = {PULSE_OF[one.subject] for one in self._changes.read()
                 if one.subject in PULSE_OF}  # fmt: skip
        self.pulses.touch(*moved)
        self._is_paced = self._is_paced and "mode" not in moved
        if not self._is_paced:
            self.pulses.keep_pace(self._mode.standing().mode)
            self._is_paced = True

    def _touch(self, moved: Moved, changed: Changed) -> None:
        if is_listed(moved):
            self.pulses.touch("things")
        if np.isin(moved.after["layer"], self._sendable).any():
            self.pulses.touch("fleet")
        buried = changed.versions.get("dead", self._buried)
        if buried != self._buried:
            self._buried = buried
            self.pulses.touch("dead")

    def _read(self, news: News, follows: Iterable[str], moved: set[int]) -> None:
        for thing in follows:
            index = self.index(thing)
            if index in moved:
                area = int(self._picture.rows[index]["area"])
                news.readings[thing] = Told(self.reading(index), area)

    def _status(self) -> dict[str, Any]:
        """How the river runs; the same for everybody."""
        told = {"time": now_ms()}
        if self._is_away:
            return {**told, "store": "away"}
        try:
            feeds = self._health.read()
        except StoreUnreachable:
            return {**told, "store": "away"}
        before = self._vitals.print
        figures = self._vitals.figures(feeds, now_ms())
        if self._vitals.print != before:
            self.pulses.touch("feeds")
        return {**told, "store": "ok", **figures}


def is_listed(moved: Moved) -> bool:
    """Whether the list of things, the worst first, may look different now."""
    before, after = moved.before, moved.after
    if ((before["level"] > 0) | (after["level"] > 0)).any():
        return True
    gone = [np.isin(rows["state"], (LOST_CODE, OFFLINE_CODE)) for rows in (before, after)]
    return bool((gone[0] != gone[1]).any() or (before["state"] == 255).any())
