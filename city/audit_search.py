"""What somebody looks for in the trail: who, what, on what, how it ended, when, which words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from city.audit import Draft, Outcome


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """Empty fields ask for nothing; times are ms since 1970 UTC, both ends included."""

    account: str = ""  # a part of the account or of the person's name
    action: str = ""  # `case` finds `case.close` too
    subject: str = ""  # its beginning: `case/HK…`
    outcome: Outcome | None = None
    from_ms: int | None = None
    to_ms: int | None = None
    text: str = ""  # words that all stand somewhere in the record

    def takes(self, draft: Draft) -> bool:
        """Whether a record is looked for."""
        return (
            self._in_time(draft.at_ms)
            and (self.outcome is None or draft.outcome == self.outcome)
            and (not self.action or f"{draft.action}.".startswith(f"{self.action}."))
            and draft.subject.startswith(self.subject)
            and self._is_by(draft)
            and self._says(draft)
        )

    def told(self) -> dict[str, object]:
        """What was asked for, for the record of an export."""
        fields = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {name: value for name, value in fields.items() if value not in ("", None)}

    def _in_time(self, at_ms: int) -> bool:
        from_ms = at_ms if self.from_ms is None else self.from_ms
        to_ms = at_ms if self.to_ms is None else self.to_ms
        return from_ms <= at_ms <= to_ms

    def _is_by(self, draft: Draft) -> bool:
        wanted = self.account.casefold()
        return wanted in draft.account.casefold() or wanted in draft.name.casefold()

    def _says(self, draft: Draft) -> bool:
        if not self.text:
            return True
        said = " ".join(spoken(draft)).casefold()
        return all(word in said for word in self.text.casefold().split())


def spoken(draft: Draft) -> Iterator[str]:
    """Everything of a record in which words are looked for."""
    yield from (draft.account, draft.name, draft.role, draft.action, draft.subject)
    yield from (draft.address, draft.reason)
    yield from leaves(draft.detail)


def leaves(value: Any) -> Iterator[str]:
    """The names and values of a detail, however deep."""
    if isinstance(value, Mapping):
        for name, one in value.items():
            yield str(name)
            yield from leaves(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from leaves(one)
    elif value is not None:
        yield str(value)
