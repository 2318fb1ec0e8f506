"""The report of an emergency (应急总结): made when it is left, and never changed afterwards.

What happened when, what came in and how quickly it was seen to, held against an equally long span
just before; what was told upwards and whether in time; who was on duty; which groups worked.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from city.audit import Draft, Outcome, Record
from city.groups import Group
from city.mode import Episode
from city.mode_figures import Figures
from city.mode_reporting import Report

MOST_LINES = 1000
# What the timeline tells: the beginnings of actions on record. The rest is in the trail.
TOLD = ("mode", "group", "plan", "closure", "warning", "transfer", "case.escalate",
        "alarm.escalate", "handover.confirm")  # fmt: skip


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """What was done when, by whom, to what; `text` is the reason, or what was said."""

    at_ms: int
    action: str
    subject: str
    name: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class ToldUpwards:
    """A report of the clock: due when, gone out when (0: never)."""

    name: str
    zh: str
    en: str
    due_ms: int
    sent_ms: int
    sent_by: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group that worked meanwhile."""

    id: str
    name: str
    members: int
    made_ms: int
    until_ms: int


@dataclass(frozen=True, slots=True)
class EpisodeReport:
    """All of it, as it was when it was made."""

    episode: Episode
    made_ms: int
    during: Figures
    before: Figures  # of an equally long span, just before, in normal mode
    timeline: tuple[TimelineLine, ...] = ()
    is_cut: bool = False  # there was more than the timeline holds
    reports: tuple[ToldUpwards, ...] = ()
    groups: tuple[GroupLine, ...] = ()

    @property
    def lasted_ms(self) -> int:
        """From the first decision to the last."""
        return self.episode.ended_ms - self.episode.began_ms


def tells(draft: Draft) -> bool:
    """Whether a record stands in the timeline."""
    action = f"{draft.action}."
    return draft.outcome is Outcome.DONE and any(action.startswith(f"{one}.") for one in TOLD)


def timeline(records: Iterable[Record]) -> tuple[TimelineLine, ...]:
    """The records that tell, in the order in which they were written; one more than it may hold."""
    found = [line_of(one.draft) for one in records if tells(one.draft)]
    return tuple(found[: MOST_LINES + 1])


def line_of(draft: Draft) -> TimelineLine:
    """One of them."""
    said = str(draft.reason or draft.detail.get("text") or draft.detail.get("report") or "")
    return TimelineLine(draft.at_ms, draft.action, draft.subject, draft.name, said)


def told_upwards(reports: Sequence[Report], at_ms: int) -> tuple[ToldUpwards, ...]:
    """The reporting clock when the report is made; what is not due yet is not late."""
    return tuple(
        ToldUpwards(one.name, f"{one.rule.zh}{one.number or ''}",
                    f"{one.rule.en} {one.number or ''}".strip(), one.due_ms, one.sent_ms,
                    one.sent_by, one.is_late(at_ms))
        for one in reports
    )  # fmt: skip


def group_lines(groups: Iterable[Group], episode: Episode) -> tuple[GroupLine, ...]:
    """The groups that worked at some time of the emergency."""
    meanwhile = [one for one in groups if one.made_ms < episode.ended_ms
                 and (one.ended_ms or one.until_ms) > episode.began_ms]  # fmt: skip
    return tuple(
        GroupLine(one.id, one.name, len(one.members), one.made_ms, one.ended_ms or one.until_ms)
        for one in sorted(meanwhile, key=lambda one: one.made_ms)
    )


def bounded(report: EpisodeReport) -> EpisodeReport:
    """With no more lines than it may hold, and that there were more."""
    is_cut = len(report.timeline) > MOST_LINES
    return replace(report, timeline=report.timeline[:MOST_LINES], is_cut=is_cut)
