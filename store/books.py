"""What a command reads and writes: a page of the books, laid over the store until it is sent.

Values are bytes in fields of hashes, lines of lists, and members of the one sorted set of what is
due. A page sees what was written before it in its own group.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from city.audit import Draft, Outcome
from city.refusal import Refusal
from store import keys
from store.client import Pipe

Place = tuple[str, str]  # key, field


@dataclass(slots=True)
class Page:
    """The books as one command sees them; nothing is written until it is kept."""

    under: "Books"
    fields: dict[Place, bytes | None] = field(default_factory=dict)
    appended: dict[str, list[bytes]] = field(default_factory=dict)
    dues: dict[str, int | None] = field(default_factory=dict)
    changes: list[tuple[str, str, int]] = field(default_factory=list)
    entries: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    subject: str = ""  # where only the command finds out what it is about
    detail: dict[str, Any] = field(default_factory=dict)  # before and after, for the record
    is_silent: bool = False  # nothing was done, so nothing is put on record
    failed: str = ""  # what was written is itself a refusal, as a failed login, for this reason

    def get(self, key: str, name: str) -> bytes | None:
        """A field of a hash."""
        place = key, name
        return self.fields[place] if place in self.fields else self.under.get(place)

    def put(self, key: str, name: str, value: bytes) -> None:
        """Sets a field."""
        self.fields[key, name] = value

    def drop(self, key: str, name: str) -> None:
        """Removes a field."""
        self.fields[key, name] = None

    def lines(self, key: str) -> list[bytes]:
        """All lines of a list."""
        return [*self.under.lines(key), *self.appended.get(key, ())]

    def append(self, key: str, line: bytes) -> None:
        """One more line."""
        self.appended.setdefault(key, []).append(line)

    def due(self, member: str, at_ms: int) -> None:
        """Has to be done at that time; see `watch.deadlines`."""
        self.dues[member] = at_ms

    def undue(self, member: str) -> None:
        """Need not be done any more."""
        self.dues[member] = None

    def due_at(self, member: str) -> int | None:
        """When it has to be done, ms; None where it need not be."""
        return self.dues[member] if member in self.dues else self.under.due_at(member)

    def is_due(self, member: str) -> bool:
        """Whether it still waits to be done."""
        return self.due_at(member) is not None

    def post(self, stream: str, fields: Mapping[str, Any]) -> None:
        """One more entry of a stream, such as what goes out to the field."""
        self.entries.append((stream, fields))

    def changed(self, subject: str, name: str, version: int = 0) -> None:
        """Tells everybody who follows, once it is written: `case`, its number, its version."""
        self.changes.append((subject, name, version))


class Books:
    """What one group of commands read and wrote."""

    def __init__(self, pipe: Pipe) -> None:
        self.drafts: list[Draft] = []
        self.changes: list[tuple[str, str, int]] = []
        self.entries: list[tuple[str, Mapping[str, Any]]] = []
        self._pipe = pipe
        self._known: dict[Place, bytes | None] = {}
        self._lists: dict[str, list[bytes]] = {}
        self._written: dict[Place, bytes | None] = {}
        self._appended: dict[str, list[bytes]] = {}
        self._dues: dict[str, int | None] = {}

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to send."""
        written = self._written or self._appended or self._dues or self.entries
        return not (written or self.drafts or self.changes)

    def get(self, place: Place) -> bytes | None:
        """A field as the group left it."""
        if place not in self._known:
            self._known[place] = self._pipe.hget(*place)
        return self._known[place]

    def read(self, places: Iterable[Place]) -> None:
        """Several fields at once, before they are asked for one by one."""
        for key, names in by_key(dict.fromkeys(places)).items():
            values = self._pipe.hmget(key, list(names))
            self._known.update(
                {(key, name): value for name, value in zip(names, values, strict=True)}
            )

    def lines(self, key: str) -> list[bytes]:
        """A list as the group left it."""
        if key not in self._lists:
            self._lists[key] = list(self._pipe.lrange(key, 0, -1))
        return self._lists[key]

    def due_at(self, member: str) -> int | None:
        """When a member has to be done, as the group left it."""
        if member in self._dues:
            return self._dues[member]
        score = self._pipe.zscore(keys.DUE, member)
        return None if score is None else int(score)

    def keep(self, page: Page, draft: Draft | None) -> None:
        """A command was carried out."""
        self._known.update(page.fields)
        self._written.update(page.fields)
        for key, lines in page.appended.items():
            self._appended.setdefault(key, []).extend(lines)
            if key in self._lists:
                self._lists[key].extend(lines)
        self._dues.update(page.dues)
        self.changes += page.changes
        self.entries += page.entries
        if draft and not page.is_silent:
            outcome = Outcome.REFUSED if page.failed else draft.outcome
            self._note(replace(draft, subject=page.subject or draft.subject, outcome=outcome,
                               reason=page.failed or draft.reason,
                               detail={**draft.detail, **page.detail}))  # fmt: skip

    def keep_refusal(self, page: Page, draft: Draft | None, refusal: Refusal) -> None:
        """A command was refused: only that is written."""
        if draft:
            subject = page.subject or draft.subject
            self._note(replace(draft, subject=subject, outcome=Outcome.REFUSED,
                               reason=refusal.reason))  # fmt: skip

    def send(self, pipe: Pipe) -> None:
        """Everything, into an open transaction."""
        for key, fields in by_key(self._written).items():
            put = {name: value for name, value in fields.items() if value is not None}
            dropped = [name for name, value in fields.items() if value is None]
            if put:
                pipe.hset(key, mapping=put)
            if dropped:
                pipe.hdel(key, *dropped)
        for key, lines in self._appended.items():
            pipe.rpush(key, *lines)
        self._send_dues(pipe)

    def _send_dues(self, pipe: Pipe) -> None:
        due = {member: at for member, at in self._dues.items() if at is not None}
        undue = [member for member, at in self._dues.items() if at is None]
        if due:
            pipe.zadd(keys.DUE, due)
        if undue:
            pipe.zrem(keys.DUE, *undue)

    def _note(self, draft: Draft) -> None:
        self.drafts.append(draft)
        self.changes.append(("audit", draft.action, 0))


def by_key(fields: Mapping[Place, bytes | None]) -> Mapping[str, dict[str, bytes | None]]:
    """The same, grouped by hash."""
    found: dict[str, dict[str, bytes | None]] = {}
    for (key, name), value in fields.items():
        found.setdefault(key, {})[name] = value
    return found


def spelled(*parts: str) -> str:
    """A member of what is due: `subject|id|what`."""
    return "|".join(parts)
