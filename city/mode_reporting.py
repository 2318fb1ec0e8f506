"""The reporting clock (信息报送): what is told upwards in an emergency, to whom, by when.

Municipal plans commonly ask for a call at once, a written report within an hour or two, further
reports while it lasts and a last one when it is over; the numbers are proposals of this project
that a city replaces in its profile (`[mode.reporting]`), not a regulation's.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from city.refusal import Malformed, say
from city.tables import BadTable

MINUTE_MS = 60_000
NOTE_MOST = 2000

say({
    "report_unknown": ("没有“{name}”这一报送节点", "There is no report `{name}`"),
})  # fmt: skip


class Told(StrEnum):
    """The kinds of report, in the order in which they fall due."""

    CALL = "call"
    WRITTEN = "written"
    FOLLOW_UP = "follow_up"
    FINAL = "final"


@dataclass(frozen=True, slots=True)
class ReportRule:
    """A row: minutes for levels Ⅰ to Ⅳ, from the beginning, the one before, or the end."""

    told: Told
    zh: str
    en: str
    to_zh: str
    to_en: str
    minutes: tuple[float, float, float, float]


REPORTING: tuple[ReportRule, ...] = (
    ReportRule(Told.CALL, "电话首报", "First call", "市委市政府总值班室、省应急厅",
               "Municipal duty office, provincial emergency department", (30, 30, 60, 60)),
    ReportRule(Told.WRITTEN, "书面首报", "Written report", "市委市政府、省政府总值班室",
               "Municipal and provincial government", (60, 60, 120, 120)),
    ReportRule(Told.FOLLOW_UP, "续报", "Follow-up", "市委市政府、省应急厅",
               "Municipal government, provincial emergency department", (60, 120, 240, 720)),
    ReportRule(Told.FINAL, "终报", "Final report", "市委市政府、省政府总值班室",
               "Municipal and provincial government", (1440, 1440, 2880, 2880)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sent:
    """That a report went out; `name` is its own within the emergency: `call`, `follow_up-2`."""

    name: str
    at_ms: int
    by: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A report of this emergency: due when, sent when (0: not yet)."""

    name: str
    rule: ReportRule
    number: int  # of a follow-up, from 1; 0 for the others
    due_ms: int
    sent_ms: int = 0
    sent_by: str = ""

    def is_late(self, at_ms: int) -> bool:
        """Whether it went out, or still waits, beyond its time."""
        return (self.sent_ms or at_ms) > self.due_ms


def reporting_of(facts: Mapping[str, Any]) -> tuple[ReportRule, ...]:
    """The table with what a profile's `[mode.reporting]` says of it: kind = four numbers."""
    unknown = facts.keys() - set(Told)
    if unknown:
        raise BadTable(f"`mode.reporting` knows {', '.join(Told)}, not {', '.join(unknown)}")
    for name, four in facts.items():
        if not isinstance(four, list) or len(four) != 4 or not all(map(is_minutes, four)):
            raise BadTable(f"`mode.reporting.{name}` must be four numbers of minutes above zero")
    return tuple(replace(rule, minutes=tuple(facts.get(rule.told, rule.minutes)))
                 for rule in REPORTING)  # fmt: skip


def is_minutes(said: object) -> bool:
    """Whether that can be a number of minutes."""
    return isinstance(said, int | float) and not isinstance(said, bool) and said > 0


def reports(
    began_ms: int,
    ended_ms: int,
    level: int,
    sent: Sequence[Sent],
    rules: Iterable[ReportRule] = REPORTING,
) -> list[Report]:
    """Every report of an emergency: those that went out, and the next of each kind."""
    by_kind = {rule.told: rule for rule in rules}
    went = {one.name: one for one in sent}
    found = [due(kind, rule, 0, began_ms, level, went) for kind, rule in by_kind.items()
             if kind in (Told.CALL, Told.WRITTEN)]  # fmt: skip
    found += follow_ups(by_kind[Told.FOLLOW_UP], began_ms, ended_ms, level, went)
    if ended_ms:
        found.append(due(Told.FINAL, by_kind[Told.FINAL], 0, ended_ms, level, went))
    return found


def follow_ups(
    rule: ReportRule, began_ms: int, ended_ms: int, level: int, went: Mapping[str, Sent]
) -> Iterator[Report]:
    """Those that went out and, while it lasts, the next: each from the one before."""
    number, since_ms = 1, began_ms
    while True:
        one = due(Told.FOLLOW_UP, rule, number, since_ms, level, went)
        if one.sent_ms or not ended_ms:
            yield one
        if not one.sent_ms:
            return
        number, since_ms = number + 1, one.sent_ms


def due(
    kind: Told, rule: ReportRule, number: int, since_ms: int, level: int, went: Mapping[str, Sent]
) -> Report:
    """One report, with what became of it."""
    name = f"{kind}-{number}" if number else str(kind)
    due_ms = since_ms + round(rule.minutes[level - 1] * MINUTE_MS)
    one = went.get(name)
    return Report(name, rule, number, due_ms, one.at_ms if one else 0, one.by if one else "")


def next_due(found: Iterable[Report]) -> Report | None:
    """The one that falls due next."""
    return min((one for one in found if not one.sent_ms), key=lambda one: one.due_ms, default=None)


def sent_with(sent: tuple[Sent, ...], one: Sent, open_names: Iterable[str]) -> tuple[Sent, ...]:
    """With one more report that went out; Malformed where no such report waits."""
    if one.name not in set(open_names):
        raise Malformed("report_unknown", name=one.name)
    if len(one.note) > NOTE_MOST:
        raise Malformed("malformed", what=("说明", "note"), why=("过长", "too long"))
    return (*sent, one)
