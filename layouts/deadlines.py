"""Deadlines on screen: a pie and a word; the browser's twin that ticks is assets/deadlines.js."""

from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil
from typing import Any

from dash import html

from city.cases import Case
from city.deadlines import Clock, ClockState, spent, total
from city.limits import LimitUnit
from layouts.case_naming import Naming
from layouts.figures import instant
from layouts.words import Words

DAY_S = 86_400
WARN_SHARE = 75  # per cent of a limit at its warning
MOST_SHARE = 100


@dataclass(frozen=True, slots=True)
class Deadline:
    """A clock in plain values; `text` is what it reads now, and stays where it does not tick."""

    state: str
    text: str
    start_ms: int
    warn_ms: int
    due_ms: int
    used: int  # per cent
    ticks: bool
    fixed: str = ""  # what it reads while more than a day is left, where days are what counts

    @property
    def plain(self) -> dict[str, Any]:
        """For the browser."""
        return {"state": self.state, "text": self.text, "start": self.start_ms,
                "warn": self.warn_ms, "due": self.due_ms, "used": self.used,
                "ticks": self.ticks, "fixed": self.fixed}  # fmt: skip


def moment(at_ms: int) -> datetime:
    """An aware instant of so many ms."""
    return datetime.fromtimestamp(at_ms / 1000, UTC)


def deadline_of(case: Case, at_ms: int, naming: Naming) -> Deadline | None:
    """The clock that counts for a case now: the one that runs, else the last."""
    timer = case.timer or (case.timers[-1] if case.timers else None)
    if timer is None:
        return None
    return deadline(timer.clock, at_ms, naming, case.suspended_until_ms)


def deadline(clock: Clock, at_ms: int, naming: Naming, until_ms: int | None = None) -> Deadline:
    """One clock at an instant."""
    words, state = naming.words, clock.state(at_ms)
    ticks = state not in (ClockState.DONE, ClockState.PAUSED)
    text = span_text(clock.due_ms - at_ms, words) if ticks else still(clock, at_ms, words, until_ms)
    fixed = days_left(clock, at_ms, naming) if ticks else ""
    return Deadline(str(state), fixed or text, clock.started_ms, clock.warn_ms, clock.due_ms,
                    used_share(clock, at_ms), ticks, fixed)  # fmt: skip


def days_left(clock: Clock, at_ms: int, naming: Naming) -> str:
    """`剩 3 个工作日`, of a limit in working days with more than a day to go."""
    if clock.limit.unit is not LimitUnit.WD or clock.due_ms - at_ms <= DAY_S * 1000:
        return ""
    calendar = naming.profile.calendar
    left = total(clock, calendar) - spent(clock, at_ms, calendar)
    return naming.words("case.working_days", n=ceil(left))


def still(clock: Clock, at_ms: int, words: Words, until_ms: int | None) -> str:
    """A clock that stands: suspended until a day, or ended at an instant."""
    now = moment(at_ms)
    if clock.stopped_ms is not None:
        return words("case.ended", at=instant(moment(clock.stopped_ms), now))
    if until_ms is None:
        return words("case.paused")
    return words("case.paused_until", at=instant(moment(until_ms), now)[:5])


def span_text(left_ms: int, words: Words) -> str:
    """`剩 01:25:04`, `剩 2 天 03:12`, `超 00:06:12`."""
    word = words("case.left") if left_ms > 0 else words("case.over")
    seconds = abs(left_ms) // 1000
    days, rest = divmod(seconds, DAY_S)
    hours, minutes = rest // 3600, rest // 60 % 60
    if days:
        span = f"{days} {words.pick('天', 'd')} {hours:02}:{minutes:02}"
    else:
        span = f"{hours:02}:{minutes:02}:{seconds % 60:02}"
    return f"{word} {span}" if words.lang == "zh" else f"{span} {word}"


def used_share(clock: Clock, at_ms: int) -> int:
    """Per cent of the limit: exact at its beginning, its warning and its end, even between."""
    at_ms = min(at_ms, clock.paused_ms or at_ms, clock.stopped_ms or at_ms)
    if at_ms >= clock.due_ms:
        return MOST_SHARE
    if at_ms >= clock.warn_ms:
        rest = (at_ms - clock.warn_ms) / max(1, clock.due_ms - clock.warn_ms)
        return round(WARN_SHARE + (MOST_SHARE - WARN_SHARE) * rest)
    gone = (at_ms - clock.started_ms) / max(1, clock.warn_ms - clock.started_ms)
    return max(0, round(WARN_SHARE * gone))


def deadline_clock(one: Deadline | None, words: Words, at: datetime) -> html.Span:
    """Pie and word, ticking in the browser; the end itself on hover."""
    if one is None:
        return html.Span(words("case.no_deadline"), className="deadline is-paused")
    ticking: dict[str, Any] = {}
    if one.ticks:
        ticking = {"data-due": str(one.due_ms), "data-warn": str(one.warn_ms),
                   "data-start": str(one.start_ms), "data-fixed": one.fixed}  # fmt: skip
    pie = html.I(className="deadline-pie", style={"--used": one.used}, **{"aria-hidden": "true"})
    return html.Span(
        [pie, html.Span(one.text, className="num deadline-text")],
        className=f"deadline is-{one.state}",
        title=instant(moment(one.due_ms), at),
        **ticking,
    )
