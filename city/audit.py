"""The trail of what was done (权力运行留痕): records in a chain of hashes, never changed.

Fields as GB/T 22239-2019 asks of an audit record (安全审计: date and time, user, kind of event,
success, other). Each record's digest covers the one before it, so that a changed, removed or
inserted record is found by whoever recomputes the chain.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import Any

GENESIS = "0" * 64
LEAST_RETENTION_DAYS = 190  # network operators keep logs for six months and more


class Outcome(StrEnum):
    """How it ended."""

    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be put on record, before it has its place in the chain."""

    account: str
    name: str
    role: str  # the post it was done in
    action: str  # a stable word: login, case.close, account.create …
    subject: str  # what it was done to: `case/HK…`, `account/li`
    at_ms: int
    address: str = ""  # where from
    outcome: Outcome = Outcome.DONE
    reason: str = ""  # the word of a refusal, or what a person gave as reason
    detail: Mapping[str, Any] = field(default_factory=dict)  # before and after, where it matters


@dataclass(frozen=True, slots=True)
class Record:
    """A draft in its place: number from 1, digest of the one before, digest."""

    number: int
    draft: Draft
    before: str
    digest: str


def sealed(draft: Draft, number: int, before: str) -> Record:
    """The record that follows `before`."""
    return Record(number, draft, before, digest(draft, number, before))


def digest(draft: Draft, number: int, before: str) -> str:
    """SHA-256 over the canonical text of a record and the digest of the one before it."""
    said = {"number": number, "before": before, **asdict(draft)}
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def chained(drafts: Iterable[Draft], number: int, before: str) -> Iterator[Record]:
    """Records for several drafts, behind record `number`."""
    for draft in drafts:
        number += 1
        record = sealed(draft, number, before)
        before = record.digest
        yield record


def first_broken(records: Iterable[Record], number: int = 0, before: str = GENESIS) -> int | None:
    """The number of the first record that does not follow; None where the chain holds.

    `number` and `before` are of the last record that was dropped after its retention.
    """
    for record in records:
        number += 1
        good = record.number == number and record.before == before
        if not good or record.digest != digest(record.draft, number, before):
            return number
        before = record.digest
    return None
