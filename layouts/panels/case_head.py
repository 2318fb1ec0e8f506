"""The head of an open case: number, kind, source, who else looks, title, clocks, seven steps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dash import html

from city.case_steps import DONE, ENDED_HERE, NEXT, NOW, PAST, STAGES, Round, Step
from city.case_table import Move
from city.case_times import STAGE_NAMES
from city.cases import Case, Entry
from layouts import parts
from layouts.case_naming import Naming
from layouts.deadlines import deadline, deadline_clock, moment
from layouts.figures import NONE, instant

HOUR_S = 3600
UNITS = (("天", "d"), ("小时", "h"), ("分", "min"), ("秒", "s"))


@dataclass(frozen=True, slots=True)
class Watcher:
    """Somebody else who has the case open; `move` is what he is filling in, if he is."""

    name: str
    move: str = ""


def top(case: Case, told: Sequence[Round], naming: Naming, at: datetime) -> list[Any]:
    """Everything above the two columns."""
    return [head(case, naming, at), timeline(case, told, naming, at)]


def head(case: Case, naming: Naming, at: datetime) -> html.Div:
    """Two lines: what it is, and how long there is."""
    words = naming.words
    kind = f"{case.type} {naming.type_of(case.kind, case.type)}"
    line = [
        html.Span(case.id, className="num case-id"),
        html.Span(kind, className="tag"),
        html.Span(naming.source(case.source), className="tag"),
        *badges(case, naming, at),
    ]
    title = html.H2(naming.title(case), className="case-title", tabIndex=-1)
    return html.Div(
        [
            html.Div(line, className="case-line"),
            html.Div(
                [parts.mark(case.severity, words), title, html.Div(clocks(case, naming, at),
                                                                   className="case-clocks")],
                className="case-title-line",
            ),
        ],
        className="case-head",
    )  # fmt: skip


def badges(case: Case, naming: Naming, at: datetime) -> list[Any]:
    """What is out of the ordinary with it."""
    words = naming.words
    found = []
    if case.supervised:
        found.append(words("case.supervised"))
    if case.incident:
        found.append(words("case.incident", level=parts.ROMAN[int(case.incident["level"])]))
    if case.urged:
        found.append(words("case.urged", n=case.urged))
    if case.merged_into:
        found.append(words("case.merged_into", id=case.merged_into))
    return [html.Span(text, className="tag is-strong") for text in found]


def clocks(case: Case, naming: Naming, at: datetime) -> list[Any]:
    """The clock that runs, else the last; what is left and when it ends."""
    timer = case.timer or (case.timers[-1] if case.timers else None)
    if timer is None:
        return []
    words, clock = naming.words, timer.clock
    stage = words.pick(*STAGE_NAMES.get(clock.stage, (clock.stage, clock.stage)))
    former = [html.S(instant(moment(one), at)[:5], className="meta") for one in clock.extended]
    due = words("case.due_at", stage=stage, at=instant(moment(clock.due_ms), at))
    at_ms = int(at.timestamp() * 1000)
    shown = deadline_clock(deadline(clock, at_ms, naming, case.suspended_until_ms), words, at)
    return [html.Div([html.Div([*former, due], className="meta"), shown])]


def watcher(name: str, move: str, naming: Naming) -> Watcher:
    """One of them; a new case has no move of the table yet."""
    return Watcher(name, naming.move(Move(move)) if move in set(Move) else "")


def watchers(found: Sequence[Watcher], naming: Naming) -> list[Any]:
    """Who else looks, and what he is filling in."""
    words = naming.words
    editing = [one for one in found if one.move]
    if not found:
        return []
    faces = [html.Span(one.name[:1], className="face", title=one.name) for one in found]
    names = "、".join(one.name for one in found)
    said = [words("case.edits", name=one.name, move=one.move) for one in editing]
    text = " · ".join(said) or words("case.also_here")
    style = "case-watchers is-editing" if editing else "case-watchers"
    return [html.Span([*faces, html.Span(names, className="sr"), text], className=style)]


def timeline(case: Case, told: Sequence[Round], naming: Naming, at: datetime) -> html.Div:
    """The seven steps; a case that was sent back draws a further row."""
    rows: list[Any] = []
    for number, one in enumerate(told, 1):
        if one.back is not None:
            rows.append(sent_back(one.back, number, naming, at))
        steps = [step(place, one.steps.get(stage, Step(stage)), case, naming, at)
                 for place, stage in enumerate(STAGES, 1)]  # fmt: skip
        style = "timeline" if number == len(told) else "timeline is-former"
        rows.append(html.Ol(steps, className=style))
    return html.Div(rows, className="case-steps")


def sent_back(entry: Entry, number: int, naming: Naming, at: datetime) -> html.P:
    """Why there is a further row."""
    words = naming.words
    said = words(
        "case.round_back",
        at=instant(moment(entry.at_ms), at),
        name=entry.name,
        move=naming.move(entry.move),
        reason=entry.reason or NONE,
    )
    return html.P([html.B(words("case.round", n=number)), " ", said], className="case-round meta")


def step(number: int, one: Step, case: Case, naming: Naming, at: datetime) -> html.Li:
    """One step: mark, name, when, who, how long."""
    words = naming.words
    if one.state == PAST:
        return html.Li(className="step is-past")
    mark = "✓" if one.state == DONE else "✕" if one.state == ENDED_HERE else str(number)
    said = words(f"case_step.is_{one.state}")
    lines = {DONE: done_lines, NOW: now_lines, NEXT: next_lines, ENDED_HERE: ended_lines}
    current: dict[str, Any] = {"aria-current": "step"} if one.state == NOW else {}
    return html.Li(
        [
            html.Span([mark, html.Span(said, className="sr")], className="step-mark num"),
            html.Div(words(f"case_step.{one.stage}"), className="step-name"),
            *(html.Div(line, className="step-line") for line in
              lines[one.state](one, case, naming, at)),
        ],
        className=f"step is-{one.state}",
        **current,
    )  # fmt: skip


def done_lines(one: Step, _case: Case, naming: Naming, at: datetime) -> list[Any]:
    """When, by whom, how long it took."""
    entry = one.entry
    if entry is None:
        return []
    who = naming.words("case.automatic") if entry.is_automatic else entry.name
    post = "" if entry.is_automatic else naming.post(entry.role)
    lasted = [] if one.lasted_ms is None else [spoken(one.lasted_ms, naming)]
    return [instant(moment(entry.at_ms), at), f"{post} {who}".strip(), *lasted]


def now_lines(one: Step, case: Case, naming: Naming, at: datetime) -> list[Any]:
    """Where it stands within the step, who has it, since when."""
    notes = [f"{naming.move(note.move)} {instant(moment(note.at_ms), at)}" for note in one.notes]
    who = naming.department(case.lead) if one.stage == "handled" else naming.posts(one.who)
    since_ms = int(at.timestamp() * 1000) - (one.since_ms or 0)
    ticking: dict[str, Any] = {"data-since": str(one.since_ms)} if one.since_ms else {}
    lasted = html.Span(naming.words("case.since", span=spoken(since_ms, naming)), **ticking)
    return [notes[-1] if notes else naming.state(case.state), who, lasted]


def next_lines(one: Step, _case: Case, naming: Naming, _at: datetime) -> list[Any]:
    """Who will have to do it."""
    return [NONE, naming.posts(one.who)] if one.who else [NONE]


def ended_lines(one: Step, case: Case, naming: Naming, at: datetime) -> list[Any]:
    """It went no further."""
    return [naming.state(case.state), *done_lines(one, case, naming, at)[:1]]


def spoken(ms: int, naming: Naming) -> str:
    """`3 分 25 秒`, `2 小时 5 分`, `4 天 2 小时`."""
    seconds = max(0, ms) // 1000
    pick = naming.words.pick
    day, hour, minute, second = (pick(*pair) for pair in UNITS)
    if seconds >= 24 * HOUR_S:
        return f"{seconds // (24 * HOUR_S)} {day} {seconds // HOUR_S % 24} {hour}"
    if seconds >= HOUR_S:
        return f"{seconds // HOUR_S} {hour} {seconds // 60 % 60} {minute}"
    if seconds >= 60:
        return f"{seconds // 60} {minute} {seconds % 60} {second}"
    return f"{seconds} {second}"
