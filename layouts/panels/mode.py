"""The switch: how the city stands, the proposal and its second person, clock and duty list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dash import dcc, html

from city.cases import Case
from city.mode import Episode, Proposal, Standing, Step
from city.mode_duty import DutyLine, OnDuty
from city.mode_plans import PLANS, plan_name
from city.mode_reporting import Report
from layouts import mode_ids, parts
from layouts.deadlines import moment
from layouts.figures import instant
from layouts.panels.mode_parts import Choices, acts, box, deed, labelled, levels, reason
from layouts.panels.mode_pill import proposal_line, said
from layouts.words import Words


@dataclass(frozen=True, slots=True)
class Clockwork:
    """What is shown of an emergency beside its head."""

    reports: Sequence[Report]
    duty: Sequence[DutyLine]
    at: datetime
    may_switch: bool
    here: frozenset[str] = frozenset()  # accounts at whose pages somebody is


def switch(posts: Choices, people: Choices, words: Words) -> html.Section:
    """All of the switch; what does not hold now is hidden by its class."""
    return html.Section(
        [
            html.Div(id=mode_ids.NOW),
            html.Div(enter_form(words), id=mode_ids.ENTER, className="mode-form is-empty"),
            html.Div(change_form(words), id=mode_ids.CHANGE, className="mode-form is-empty"),
            html.Div(waiting_form(words), id=mode_ids.WAITS, className="mode-form is-empty"),
            html.Div(id=mode_ids.SAID, role="status"),
            html.Div(id=mode_ids.CLOCK),
            html.Div(duty_form(posts, people, words), id=mode_ids.DUTY, className="is-empty"),
        ],
        className="mode-main",
        **{"data-region": "mode", "aria-label": words("mode.title")},
    )


def head(standing: Standing, incidents: Sequence[Case], at: datetime, words: Words) -> list[Any]:
    """How the city stands, in one line and one sentence; below it what was decided."""
    episode = standing.episode
    if episode is None:
        return [html.Div([html.H2(words("mode.normal_now"))], className="mode-head"),
                html.P(words("mode.normal_note"), className="meta"),
                *raised(incidents, words)]  # fmt: skip
    line = [parts.mark(episode.level, words), html.H2(said(episode, words)),
            html.Span(className="spacer"), html.Span(episode.id, className="meta num")]  # fmt: skip
    steps = [step_row(one, at, words) for one in reversed(episode.steps)]
    return [html.Div(line, className=f"mode-head is-{episode.mode}"),
            html.Table(html.Tbody(steps), className="table mode-steps")]  # fmt: skip


def raised(incidents: Sequence[Case], words: Words) -> list[Any]:
    """Open cases that were raised to an incident: what may call for an emergency."""
    if not incidents:
        return []
    links = [html.Li([parts.mark(one.severity, words), html.A(one.id, href=f"/cases/{one.id}",
                                                              className="num"), one.title])
             for one in incidents]  # fmt: skip
    return [html.H3(words("mode.incidents")), html.Ul(links, className="mode-incidents")]


def step_row(step: Step, at: datetime, words: Words) -> html.Tr:
    """One decision of two persons."""
    level = parts.ROMAN[step.asked.level] if step.asked.level else ""
    both = words("mode.both", first=step.by.name, second=step.second.name)
    return html.Tr(
        [
            html.Td(instant(moment(step.at_ms), at), className="num"),
            html.Td(f"{words(f'mode.turn_{step.asked.turn}')} {level}".strip()),
            html.Td(step.asked.reason),
            html.Td(both, className="meta"),
        ]
    )


def enter_form(words: Words) -> list[Any]:
    """From normal to emergency."""
    options = [{"value": plan, "label": words.pick(*names)} for plan, names in PLANS.items()]
    plan = dcc.Dropdown(options, None, id=mode_ids.field("plan"), clearable=False,
                        placeholder=words("mode.plan_hint"), maxHeight=220)  # fmt: skip
    exercise = dcc.Checklist(
        [{"value": "yes", "label": words("mode.is_exercise")}], [],
        id=mode_ids.field("exercise"), className="account-checks is-one",
    )  # fmt: skip
    return [
        html.H3(words("mode.enter_title")),
        levels("level", words),
        labelled(words("mode.plan"), plan),
        exercise,
        reason("reason", words),
        acts(deed("enter", words, "is-primary"), note=words("mode.two")),
    ]


def change_form(words: Words) -> list[Any]:
    """Another level, or back to normal."""
    return [
        html.H3(words("mode.change_title")),
        levels("new_level", words),
        reason("new_reason", words),
        acts(deed("level", words), deed("leave", words, "is-primary"), note=words("mode.two")),
    ]


def waiting_form(words: Words) -> list[Any]:
    """What waits, and what can be done with it: here, by another seat or at this desk."""
    account = box(mode_ids.field("account"), words("mode.account"))
    password = box(mode_ids.field("password"), words("mode.password"), "password")
    code = box(mode_ids.field("code"), words("mode.code"))
    return [
        html.Div(id=mode_ids.PROPOSAL),
        html.P(words("mode.desk_note"), className="meta"),
        html.Div([account, password, code, deed("desk", words)], className="mode-desk"),
        box(mode_ids.field("no"), words("mode.no_hint")),
        acts(deed("withdraw", words), deed("reject", words), deed("confirm", words, "is-primary")),
    ]


def proposal(waiting: Proposal, at_ms: int, words: Words) -> list[Any]:
    """The proposal, and how long it still waits."""
    left: dict[str, Any] = {
        "data-due": str(waiting.until_ms),
        "data-warn": str(waiting.until_ms - (waiting.until_ms - waiting.by.at_ms) // 4),
        "data-start": str(waiting.by.at_ms),
        "data-fixed": "",
    }
    pie = html.I(className="deadline-pie", **{"aria-hidden": "true"})
    clock = html.Span([pie, html.Span("", className="num deadline-text")],
                      className="deadline is-ok", **left)  # fmt: skip
    mark = [parts.mark(waiting.asked.level, words)] if waiting.asked.level else []
    return [
        html.Div([*mark, html.H3(proposal_line(waiting, words)), html.Span(className="spacer"),
                  clock], className="mode-head"),
        html.P(waiting.asked.reason, className="mode-reason"),
    ]  # fmt: skip


def clockwork(view: Clockwork, words: Words) -> list[Any]:
    """The reporting clock and the duty list of an emergency."""
    at_ms = round(view.at.timestamp() * 1000)
    reports = [report_row(one, view.at, at_ms, words) for one in view.reports]
    duty = [duty_row(one, view, words) for one in view.duty]
    return [
        html.H3(words("mode.reporting")),
        html.Table(html.Tbody(reports), className="table mode-reports"),
        html.H3(words("mode.duty")),
        html.Table(html.Tbody(duty), className="table mode-duty"),
    ]


def owed(reports: Sequence[Report], at: datetime, words: Words) -> list[Any]:
    """What must still go out of an emergency that is over, above its report."""
    at_ms = round(at.timestamp() * 1000)
    rows = [report_row(one, at, at_ms, words) for one in reports]
    table = html.Table(html.Tbody(rows), className="table mode-reports")
    return (
        [html.Section([html.H3(words("mode.owed")), table], className="mode-owed")] if rows else []
    )


def report_row(one: Report, at: datetime, at_ms: int, words: Words) -> html.Tr:
    """One report: due when, to whom, and a button that says that it went out."""
    name = words.pick(one.rule.zh, one.rule.en) + (f" {one.number}" if one.number else "")
    mark = html.Button(words("mode.mark_sent"), id=mode_ids.sent(one.name), type="button",
                       className="button is-small")  # fmt: skip
    sent = words("mode.sent_at", at=instant(moment(one.sent_ms), at), who=one.sent_by)
    late = " is-late" if one.is_late(at_ms) else ""
    return html.Tr(
        [
            html.Td(name, className="value"),
            html.Td(words.pick(one.rule.to_zh, one.rule.to_en)),
            html.Td(report_clock(one, at, at_ms), className="num"),
            html.Td(sent if one.sent_ms else mark),
        ],
        className=f"mode-report-row{late}",
    )


def report_clock(one: Report, at: datetime, at_ms: int) -> Any:
    """How long there is still time; when it was due where it has gone out."""
    if one.sent_ms:
        return instant(moment(one.due_ms), at)
    warn_ms = one.due_ms - max(1, (one.due_ms - at_ms) // 4)
    ticking: dict[str, Any] = {"data-due": str(one.due_ms), "data-start": str(at_ms),
                               "data-warn": str(warn_ms), "data-fixed": ""}  # fmt: skip
    pie = html.I(className="deadline-pie", **{"aria-hidden": "true"})
    text = html.Span("", className="num deadline-text")
    return html.Span([pie, text], className="deadline is-ok", **ticking)


def duty_row(line: DutyLine, view: Clockwork, words: Words) -> html.Tr:
    """One post of the list."""
    missing = html.Span(words("mode.missing"), className="is-late")
    people = [person(one, view, words) for one in line.people]
    nobody = missing if line.is_missing else html.Span(words("mode.not_needed"), className="meta")
    return html.Tr(
        [
            html.Td(words.pick(line.rule.zh, line.rule.en), className="value"),
            html.Td(people or nobody),
        ]
    )


def person(one: OnDuty, view: Clockwork, words: Words) -> html.Span:
    """Somebody on duty: whether he is at his page, and the way off."""
    off = html.Button("×", id=mode_ids.off(f"{one.post}|{one.account}"), type="button",
                      title=words("mode.take_off"), className="mode-off")  # fmt: skip
    is_here = one.account in view.here
    here = html.Span(words("mode.here" if is_here else "mode.away"),
                     className="meta" if is_here else "is-late")  # fmt: skip
    return html.Span([one.name, " ", here, *([off] if view.may_switch else [])], className="tag")


def duty_form(posts: Choices, people: Choices, words: Words) -> list[Any]:
    """Puts somebody on duty; shown while an emergency lasts."""
    options = [{"value": value, "label": label} for value, label in people]
    who = dcc.Dropdown(options, None, id=mode_ids.field("who"), maxHeight=220,
                       placeholder=words("mode.who"))  # fmt: skip
    offered = [{"value": value, "label": label} for value, label in posts]
    post = dcc.Dropdown(offered, None, id=mode_ids.field("post"), maxHeight=220,
                        placeholder=words("mode.post"))  # fmt: skip
    return [post, who, deed("duty", words)] if people else []


def past(episodes: Sequence[Episode], here: str, at: datetime, words: Words) -> list[Any]:
    """Emergencies and exercises before; each opens its report."""
    now = html.A(words("mode.now"), href="/mode", className="past-row")
    rows = [past_row(one, one.id == here, at, words) for one in episodes]
    return [now, *rows] if rows else [now, parts.empty(words("mode.no_past"))]


def past_row(one: Episode, is_open: bool, at: datetime, words: Words) -> html.A:
    """One of them."""
    here: dict[str, Any] = {"aria-current": "page"} if is_open else {}
    name = words(f"mode.{one.mode}_level", level=parts.ROMAN[one.level])
    end = instant(moment(one.ended_ms), at) if one.ended_ms else words("mode.lasts")
    return html.A(
        [
            html.B(f"{name} · {words.pick(*plan_name(one.plan))}"),
            html.Span(one.id, className="clip num"),
            html.Span(words(f"mode.{one.mode}"), className=f"tag is-{one.mode}"),
            html.Span(f"{instant(moment(one.began_ms), at)} – {end}", className="meta num"),
        ],
        href=f"/mode/{one.id}",
        className="past-row is-current" if is_open else "past-row",
        **here,
    )
