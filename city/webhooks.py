"""Webhooks: who outside is told of cases, of what, where; how messages are signed and repeated.

Signatures and headers as in Standard Webhooks 1.0.0, so that receivers check them with a library.
"""

import base64
import binascii
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from city.case_fold import fold
from city.case_news import EVENTS, NEWS
from city.cases import Entry
from city.refusal import Malformed, say

SECRET_PREFIX = "whsec_"
KEY_BYTES = 32
NAME_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")
LONGEST_NAME = 40
# Seconds until the next try; after the last the message is given up. A day, all told.
BACKOFF_S = (5, 30, 120, 600, 1800, 3600, 7200, 14_400, 28_800, 28_800)
# The address itself is away: how long nothing at all is sent to it.
AWAY_S = (1, 5, 30, 120, 300)
GIVEN_UP_AFTER_MS = 7 * 86_400_000  # however seldom it was tried
FORGOTTEN_AFTER_MS = 30 * 86_400_000
MOST_UNDELIVERED = 10_000

say({
    "bad_webhook_name": (
        "名称只能用小写字母、数字和连字符,最多 40 个字符",
        "A name has small letters, digits and hyphens, 40 at most",
    ),
    "bad_webhook_event": (
        "没有名为 {name} 的事件;可用:{known}",
        "There is no event {name}; there are {known}",
    ),
    "webhook_taken": ("名称 {name} 已被使用", "The name {name} is taken"),
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Webhook:
    """A subscription. Empty `events`, `areas` and `department` let everything through."""

    id: str
    name: str
    url: str
    secret: str
    by: str
    made_ms: int
    events: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()  # adcodes, or what begins with them
    department: str = ""  # only cases on which it works, as lead or co-unit

    def wants(self, event: str) -> bool:
        """Whether it is told of such events."""
        return not self.events or event in self.events

    def covers(self, log: Sequence[Entry]) -> bool:
        """Whether a case as its log left it is within its scope."""
        if not self.areas and not self.department:
            return True
        case = fold(log)
        in_area = not self.areas or case.area.startswith(self.areas)
        return in_area and self.department in ("", case.lead, *case.co)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a webhook still has to be told of one case, in order: versions of its log."""

    case_id: str
    versions: tuple[int, ...]
    next_ms: int
    tries: int = 0  # of the first
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A message that was given up; `city.case_news` can write it again from the log."""

    case_id: str
    version: int
    at_ms: int  # when it was given up
    tries: int
    trouble: str

    @property
    def id(self) -> str:
        """As the message itself is numbered."""
        return f"{self.case_id}/{self.version}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a try: an HTTP status, or 0 and why there is none."""

    status: int
    trouble: str = ""

    @property
    def is_taken(self) -> bool:
        """Whether the receiver has it."""
        return 200 <= self.status < 300

    @property
    def is_away(self) -> bool:
        """Whether it would not have taken another message either."""
        return self.status in (0, 408, 429) or self.status >= 500


def checked_name(name: str) -> str:
    """A name for people, or Malformed."""
    if not name or len(name) > LONGEST_NAME or not NAME_LETTERS.issuperset(name):
        raise Malformed("bad_webhook_name")
    return name


def checked_events(names: Sequence[str]) -> tuple[str, ...]:
    """Names of events, or Malformed."""
    for name in names:
        if name not in EVENTS:
            raise Malformed("bad_webhook_event", name=name, known=", ".join(EVENTS))
    return tuple(dict.fromkeys(names))


def wanted(webhook: Webhook, log: Sequence[Entry], versions: Sequence[int]) -> tuple[int, ...]:
    """Which of some versions of a case a webhook is told of."""
    return tuple(
        version
        for version in versions
        if 0 < version <= len(log)
        and (event := NEWS.get(log[version - 1].move))
        and webhook.wants(event)
        and webhook.covers(log[:version])
    )


def queued(waiting: Waiting | None, case_id: str, versions: Sequence[int], at_ms: int) -> Waiting:
    """More to tell of a case; each version once, in order."""
    if waiting is None:
        return Waiting(case_id, tuple(sorted(set(versions))), at_ms)
    return replace(waiting, versions=tuple(sorted({*waiting.versions, *versions})))


def told_first(waiting: Waiting, at_ms: int) -> Waiting | None:
    """What is left once the first has been delivered, or given up."""
    rest = waiting.versions[1:]
    return Waiting(waiting.case_id, rest, at_ms) if rest else None


def tried(waiting: Waiting, answer: Answer, at_ms: int) -> Waiting | None:
    """When to try again; None where it has been tried often enough."""
    if waiting.tries >= len(BACKOFF_S):
        return None
    next_ms = at_ms + BACKOFF_S[waiting.tries] * 1000
    return replace(waiting, next_ms=next_ms, tries=waiting.tries + 1, trouble=answer.trouble)


def outdated(undelivered: Sequence[Undelivered], at_ms: int) -> list[Undelivered]:
    """Those that need not be kept any longer."""
    by_age = sorted(undelivered, key=lambda one: one.at_ms, reverse=True)
    return [
        one
        for place, one in enumerate(by_age)
        if place >= MOST_UNDELIVERED or one.at_ms < at_ms - FORGOTTEN_AFTER_MS
    ]


def new_secret(key: bytes) -> str:
    """A secret as both sides write it, from bytes of chance."""
    return SECRET_PREFIX + base64.b64encode(key).decode()


def key_of(secret: str) -> bytes:
    """The bytes of a secret; ValueError where it is none."""
    try:
        return base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError("the secret is not base64") from error


def signed(secret: str, message_id: str, at_s: int, body: bytes) -> Mapping[str, str]:
    """The headers of a message that is sent at that second."""
    content = f"{message_id}.{at_s}.".encode() + body
    signature = base64.b64encode(hmac.new(key_of(secret), content, sha256).digest()).decode()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(at_s),
        "webhook-signature": f"v1,{signature}",
    }
