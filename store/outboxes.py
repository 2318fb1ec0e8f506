"""What each webhook still has to be told.

Every webhook has a place of its own in the stream of changes. What comes after the place and
concerns it is put in its outbox together with the place, so that nothing is lost or left out
whoever is killed in between; what has been delivered is taken out afterwards, so that after a kill
something may be delivered again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import msgspec

from city.cases import Entry
from city.webhooks import Undelivered, Waiting, queued
from store import keys
from store.books import Page
from store.cases import CaseStore
from store.changes import Changes
from store.client import Client
from store.ledger import Ledger, encode
from store.reach import reaching
from store.tail import Place

CASE, WEBHOOK = "case", "webhook"
MARGIN_MS = 600_000  # by which the clock of whoever wrote a log may be behind

_waiting = msgspec.json.Decoder(Waiting).decode
_undelivered = msgspec.json.Decoder(Undelivered).decode


@dataclass(frozen=True, slots=True)
class Standing:
    """How a webhook is doing."""

    sent: int = 0
    delivered_ms: int | None = None
    trouble: str = ""  # of the last try, empty where it went well
    tried_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Outbox:
    """How far a webhook has read, and what it has to be told, by case."""

    place: Place
    waiting: dict[str, Waiting]
    standing: Standing


@dataclass(frozen=True, slots=True)
class News:
    """What changed between two places: versions of cases, and whether the outbox itself did."""

    after: Place
    versions: Mapping[str, Sequence[int]] = field(default_factory=dict)
    is_about_us: bool = False
    is_gap: bool = False  # changes were dropped before they were read


@dataclass(frozen=True, slots=True)
class Step:
    """What is written at once: how far was read, what each line was and became, what was lost."""

    before: Place
    after: Place
    lines: Sequence[tuple[Waiting | None, Waiting | None]] = ()
    given_up: Sequence[Undelivered] = ()
    standing: Standing | None = None


class OutboxStore:
    """Outboxes by the ids of their webhooks."""

    def __init__(self, client: Client, ledger: Ledger, cases: CaseStore) -> None:
        self._redis = client
        self._ledger = ledger
        self._cases = cases

    def of(self, webhook_id: str) -> Outbox | None:
        """All that waits for a webhook; None where it is there no more."""
        with reaching():
            place = self._redis.hget(keys.WEBHOOK_PLACES, webhook_id)
            lines = self._redis.hgetall(keys.outbox(webhook_id))
        waiting = {one.case_id: one for one in map(_waiting, lines.values())}
        return Outbox(Place.parse(place), waiting, self.standing(webhook_id)) if place else None

    def standing(self, webhook_id: str) -> Standing:
        """How it is doing."""
        with reaching():
            found = self._redis.hget(keys.WEBHOOK_STANDINGS, webhook_id)
        return msgspec.json.decode(found, type=Standing) if found else Standing()

    def undelivered(self, webhook_id: str) -> list[Undelivered]:
        """What was given up, the oldest first."""
        with reaching():
            found = self._redis.hgetall(keys.undelivered(webhook_id))
        return sorted(map(_undelivered, found.values()), key=lambda one: (one.at_ms, one.id))

    def waiting(self, webhook_id: str) -> int:
        """How many messages wait."""
        with reaching():
            lines = self._redis.hgetall(keys.outbox(webhook_id)).values()
        return sum(len(_waiting(line).versions) for line in lines)

    def news(self, webhook_id: str, place: Place) -> News:
        """What comes after a place, up to a number of changes."""
        changes = Changes(self._redis, place)
        if changes.missed():
            return self._since(place)
        versions: dict[str, list[int]] = {}
        found = changes.read()
        for one in found:
            if one.subject == CASE and one.version:
                versions.setdefault(one.name, []).append(one.version)
        is_about_us = any(one.subject == WEBHOOK and one.name == webhook_id for one in found)
        return News(changes.place, versions, is_about_us)

    def log(self, case_id: str) -> list[Entry]:
        """The log of a case."""
        return self._cases.log(case_id)

    def keep(self, webhook_id: str, step: Step) -> bool:
        """Writes a step; False where another was quicker, or the webhook is gone."""
        return self._ledger.write(lambda page: keep_in(page, webhook_id, step))

    def forget(self, webhook_id: str, given_up: Sequence[Undelivered]) -> None:
        """Drops what need not be kept any longer."""

        def act(page: Page) -> None:
            for one in given_up:
                page.drop(keys.undelivered(webhook_id), one.id)

        self._ledger.write(act)

    def _since(self, place: Place) -> News:
        """The same from the logs, where changes were dropped; some of it may be known already."""
        changes = Changes(self._redis, place)
        changes.skip()
        since_ms = place.ms - MARGIN_MS
        versions = {
            case.id: versions_since(self._cases.log(case.id), since_ms)
            for case in self._cases.all()
            if case.updated_ms >= since_ms
        }
        return News(changes.place, versions, is_about_us=True, is_gap=True)


def versions_since(log: Sequence[Entry], since_ms: int) -> list[int]:
    """The versions that a case has had since."""
    return [version for version, entry in enumerate(log, 1) if entry.at_ms >= since_ms]


def keep_in(page: Page, webhook_id: str, step: Step) -> bool:
    """A step of one reader; it counts only where everything is as that reader knew it."""
    key = keys.outbox(webhook_id)
    if not is_as_known(page, webhook_id, step):
        return False
    for before, after in step.lines:
        if after:
            page.put(key, after.case_id, encode(after))
        elif before:
            page.drop(key, before.case_id)
    for one in step.given_up:
        page.put(keys.undelivered(webhook_id), one.id, encode(one))
    if step.standing:
        page.put(keys.WEBHOOK_STANDINGS, webhook_id, encode(step.standing))
    page.put(keys.WEBHOOK_PLACES, webhook_id, str(step.after).encode())
    return True


def is_as_known(page: Page, webhook_id: str, step: Step) -> bool:
    """Whether nobody wrote since the step was worked out."""
    key = keys.outbox(webhook_id)
    names = [one.case_id for before, after in step.lines if (one := before or after)]
    known = [encode(before) if before else None for before, _ in step.lines]
    place = Place.parse(page.get(keys.WEBHOOK_PLACES, webhook_id))
    return place == step.before and [page.get(key, name) for name in names] == known


def put_back(page: Page, webhook_id: str, lost: Undelivered, at_ms: int) -> None:
    """Puts a message that was given up in its place before later ones of its case."""
    key = keys.outbox(webhook_id)
    line = page.get(key, lost.case_id)
    known = _waiting(line) if line else None
    again = queued(known, lost.case_id, [lost.version], at_ms)
    page.put(key, lost.case_id, encode(replace(again, next_ms=at_ms, tries=0, trouble="")))
    page.drop(keys.undelivered(webhook_id), lost.id)
