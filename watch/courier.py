"""A courier tells one webhook of cases: takes in what changed, delivers what is due.

Messages of one case are delivered one after another, in the order of its log; cases do not wait for
each other. A message is written anew from the log each time it is sent, so it is the same each
time. Delivered is what was answered with 2xx; everything else is tried again, later and later.
"""

import json
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import nsmallest
from urllib.parse import quote

from city.case_fold import fold
from city.case_news import cloud_event
from city.cases import Entry
from city.webhooks import (
    AWAY_S,
    GIVEN_UP_AFTER_MS,
    Answer,
    Undelivered,
    Waiting,
    Webhook,
    outdated,
    queued,
    signed,
    told_first,
    tried,
    wanted,
)
from store.outboxes import Outbox, OutboxStore, Standing, Step
from store.tail import Place
from watch.posting import Letter

log = logging.getLogger("watch.webhooks")

AT_ONCE = 16  # delivered between two notes of it: so many may come twice after a kill
KEEP_PLACE_EVERY_MS = 30_000
TIDY_EVERY_MS = 3_600_000
GONE = "the log does not have it"

Post = Callable[[Letter], Answer]
Line = tuple[Waiting | None, Waiting]


class Displaced(Exception):
    """The outbox is not as it was known: another wrote, or the webhook is gone."""


@dataclass(slots=True)
class Courier:
    """Built anew whenever another may have written meanwhile."""

    outboxes: OutboxStore
    webhook: Webhook
    source: str  # of the events, as CloudEvents understand it
    post: Post
    clock_ms: Callable[[], int]
    is_over: Callable[[], bool] = lambda: False  # whether to end after the message under way
    place: Place = field(init=False)
    read_to: Place = field(init=False)
    waiting: dict[str, Waiting] = field(init=False)
    standing: Standing = field(init=False)
    misses: int = 0
    rests_until_ms: int = 0
    kept_ms: int = 0
    tidied_ms: int = 0

    def __post_init__(self) -> None:
        self._know(self.outboxes.of(self.webhook.id))

    def round(self) -> bool:
        """Takes in and delivers; whether there is more to do at once."""
        self._tidy()
        more = self._take_in()
        return self._deliver() or more

    def _know(self, outbox: Outbox | None) -> None:
        if outbox is None:
            raise Displaced
        self.place = self.read_to = outbox.place
        self.waiting, self.standing = outbox.waiting, outbox.standing
        self.kept_ms = self.clock_ms()

    def _take_in(self) -> bool:
        """Puts what changed and concerns us in the outbox, with how far we have read."""
        news = self.outboxes.news(self.webhook.id, self.read_to)
        if news.after == self.read_to:
            return False
        if news.is_gap:
            log.warning("webhook reads the logs, changes were dropped name=%s from=%s",
                        self.webhook.name, self.read_to)  # fmt: skip
        self.read_to = news.after
        lines = list(self._lines(news.versions))
        is_time = self.clock_ms() - self.kept_ms >= KEEP_PLACE_EVERY_MS
        if lines or is_time or news.is_about_us:
            self._keep(Step(self.place, self.read_to, lines))
        if news.is_about_us:
            self._know(self.outboxes.of(self.webhook.id))
        return True

    def _lines(self, found: Mapping[str, Sequence[int]]) -> Iterator[Line]:
        """What waits for some cases, and what is to wait."""
        for case_id, versions in found.items():
            more = wanted(self.webhook, self.outboxes.log(case_id), versions)
            before = self.waiting.get(case_id)
            if more:
                yield before, queued(before, case_id, more, self.clock_ms())

    def _deliver(self) -> bool:
        """Some of what is due, each the first of its case."""
        now_ms = self.clock_ms()
        if now_ms < self.rests_until_ms:
            return False
        due = [one for one in self.waiting.values() if one.next_ms <= now_ms]
        done: list[Outcome] = []
        for waiting in nsmallest(AT_ONCE, due, key=lambda one: one.next_ms):
            done.append(self._try(waiting))
            if self._rest(done[-1].answer) or self.is_over():
                break
        if done:
            self._settle(done)
        return bool(done) and not done[-1].answer.is_away

    def _try(self, waiting: Waiting) -> "Outcome":
        """The first message of a case."""
        entries = self.outboxes.log(waiting.case_id)[: waiting.versions[0]]
        if len(entries) < waiting.versions[0]:
            return Outcome(waiting, Answer(410, GONE), 0, self.clock_ms())
        answer = self.post(self._letter(entries))
        return Outcome(waiting, answer, entries[-1].at_ms, self.clock_ms())

    def _letter(self, entries: list[Entry]) -> Letter:
        event = cloud_event(self.source, entries[-1], fold(entries))
        body = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
        name = quote(event["id"], safe="/-")
        at_s = self.clock_ms() // 1000
        return Letter(self.webhook.url, signed(self.webhook.secret, name, at_s, body), body)

    def _rest(self, answer: Answer) -> bool:
        """Whether nothing more is sent for a while, since nobody is there."""
        self.misses = min(self.misses + 1, len(AWAY_S)) if answer.is_away else 0
        if self.misses:
            self.rests_until_ms = self.clock_ms() + AWAY_S[self.misses - 1] * 1000
        return answer.is_away

    def _settle(self, done: "list[Outcome]") -> None:
        """Notes what was delivered, what is tried again, what is given up."""
        lines = [(one.waiting, one.after()) for one in done]
        given_up = [lost for one in done if (lost := one.given_up())]
        taken = [one for one in done if one.answer.is_taken]
        troubles = [one.answer.trouble for one in done if one.answer.trouble]
        standing = Standing(
            self.standing.sent + len(taken),
            taken[-1].at_ms if taken else self.standing.delivered_ms,
            troubles[-1] if troubles else "",
            done[-1].at_ms,
        )
        self._say(standing, given_up)
        self._keep(Step(self.place, self.read_to, lines, given_up, standing))

    def _say(self, standing: Standing, given_up: list[Undelivered]) -> None:
        """Once when it begins to fail, once when it goes well again; each that is lost."""
        for lost in given_up:
            log.error("webhook message given up name=%s id=%s tries=%d: %s",
                      self.webhook.name, lost.id, lost.tries, lost.trouble)  # fmt: skip
        if bool(standing.trouble) != bool(self.standing.trouble):
            say = log.warning if standing.trouble else log.info
            say("webhook %s name=%s", standing.trouble or "answers again", self.webhook.name)

    def _keep(self, step: Step) -> None:
        if not self.outboxes.keep(self.webhook.id, step):
            raise Displaced
        self.place, self.kept_ms = step.after, self.clock_ms()
        self.standing = step.standing or self.standing
        for before, after in step.lines:
            if after:
                self.waiting[after.case_id] = after
            elif before:
                del self.waiting[before.case_id]

    def _tidy(self) -> None:
        """Drops what was given up long ago."""
        now_ms = self.clock_ms()
        if now_ms - self.tidied_ms < TIDY_EVERY_MS:
            return
        self.tidied_ms = now_ms
        old = outdated(self.outboxes.undelivered(self.webhook.id), now_ms)
        if old:
            self.outboxes.forget(self.webhook.id, old)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the first message of a case."""

    waiting: Waiting
    answer: Answer
    told_ms: int  # when what it tells of was done
    at_ms: int

    def after(self) -> Waiting | None:
        """The line of its case from now on."""
        if self.answer.is_taken or self.is_lost:
            return told_first(self.waiting, self.at_ms)
        return tried(self.waiting, self.answer, self.at_ms)

    @property
    def is_lost(self) -> bool:
        """Whether it is not tried again."""
        if self.answer.is_taken:
            return False
        is_old = self.at_ms - self.told_ms > GIVEN_UP_AFTER_MS
        return is_old or tried(self.waiting, self.answer, self.at_ms) is None

    def given_up(self) -> Undelivered | None:
        """The record of a message that is not tried again."""
        if not self.is_lost:
            return None
        line = self.waiting
        return Undelivered(line.case_id, line.versions[0], self.at_ms, line.tries + 1,
                           self.answer.trouble)  # fmt: skip
