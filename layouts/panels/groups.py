"""Command groups: the list, one group with its log, the form of a new one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dash import dcc, html

from city.groups import MOST_HOURS, NAME_MOST, POSTS, Group, GroupPost, Member
from layouts import mode_ids, parts
from layouts.deadlines import moment
from layouts.figures import instant
from layouts.panels.mode_parts import Choices, labelled
from layouts.words import Words

USUAL_HOURS = 8


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line of a group's log, said."""

    at: str
    who: str
    what: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class GroupView:
    """One group as a seat sees it."""

    group: Group
    at: datetime
    leads: bool  # may change it
    log: Sequence[LogLine]
    departments: dict[str, str]

    @property
    def at_ms(self) -> int:
        """The same instant in ms."""
        return round(self.at.timestamp() * 1000)


def panel(people: Choices, cases: Choices, may_form: bool, words: Words) -> html.Section:
    """List, detail, and the forms; what does not hold is hidden."""
    form = [html.Div(new_form(people, cases, words), id=mode_ids.GROUP_FORM)] if may_form else []
    return html.Section(
        [
            parts.panel_head(words("groups.title"), words("groups.small")),
            html.Div(
                [
                    html.Div(id=mode_ids.GROUPS),
                    html.Div(id=mode_ids.GROUP),
                    html.Div(deeds(words), id=mode_ids.GROUP_DEEDS, className="is-empty"),
                    html.Div(id=mode_ids.GROUP_SAID, role="status"),
                    *form,
                    dcc.Store(id=mode_ids.GROUP_OPEN, data=""),
                ],
                className="panel-body groups-body",
            ),
        ],
        className="panel groups",
        **{"data-region": "groups", "aria-label": words("groups.title")},
    )


def rows(groups: Sequence[Group], opened: str, at: datetime, words: Words) -> list[Any]:
    """The list; each opens its group."""
    if not groups:
        return [parts.empty(words("groups.none"), words("groups.none_hint"))]
    return [row(one, one.id == opened, at, words) for one in groups]


def row(group: Group, is_open: bool, at: datetime, words: Words) -> html.Button:
    """One group."""
    at_ms = round(at.timestamp() * 1000)
    is_over = group.is_over(at_ms)
    end = group.ended_ms or group.until_ms
    until = words("groups.over_at" if is_over else "groups.until", at=instant(moment(end), at))
    many = words("groups.members_n", n=len(group.present(at_ms)))
    return html.Button(
        [
            html.B(group.name, className="clip"),
            html.Span(group.id, className="meta num"),
            html.Span("" if is_over else many, className="meta"),
            html.Span(until, className="meta num"),
        ],
        id=mode_ids.group(group.id),
        type="button",
        className="group-row is-over" if is_over else "group-row",
        **{"aria-expanded": str(is_open).lower()},
    )


def detail(view: GroupView, words: Words) -> list[Any]:
    """One group: what for, its cases, members, log."""
    group = view.group
    cases = [html.A(one, href=f"/cases/{one}", className="num") for one in group.cases]
    lines = html.Ol([log_line(one) for one in view.log], className="group-log")
    return [
        *([html.P(group.purpose)] if group.purpose else []),
        html.Div(cases, className="group-cases"),
        html.Table(html.Tbody([member(one, view, words) for one in group.members]),
                   className="table group-members"),
        html.H3(words("groups.log")),
        lines,
    ]  # fmt: skip


def member(one: Member, view: GroupView, words: Words) -> html.Tr:
    """A member: post, department, how long."""
    group, rule = view.group, POSTS[one.post]
    is_in = not group.is_over(view.at_ms) and one.is_in(view.at_ms)
    out = html.Button(words("groups.remove"), type="button", className="button is-small is-quiet",
                      id=mode_ids.group_deed(f"remove|{one.account}"))  # fmt: skip
    until = instant(moment(one.left_ms or min(one.until_ms, group.ended_ms or one.until_ms)),
                    view.at)  # fmt: skip
    return html.Tr(
        [
            html.Td(words.pick(rule.zh, rule.en)),
            html.Td(one.name, className="value"),
            html.Td(view.departments.get(one.department, one.department)),
            html.Td(until, className="num"),
            html.Td(out if is_in and view.leads else ""),
        ],
        className="" if is_in else "is-off",
    )


def log_line(one: LogLine) -> html.Li:
    """A line of the log."""
    text = [html.Q(one.text)] if one.text else []
    return html.Li([html.Span(one.at, className="meta num"), html.B(one.who), one.what, *text])


def deeds(words: Words) -> list[Any]:
    """What is done with the group that is open."""
    note = dcc.Input(id=mode_ids.group_field("note"), type="text", maxLength=2000,
                     placeholder=words("groups.note_hint"), className="sheet-input")  # fmt: skip
    hours = hours_box("more")
    return [
        html.Div([note, button("note", words)], className="group-act"),
        html.Div([words("groups.prolong_by"), hours, words("groups.hours"),
                  button("prolong", words), html.Span(className="spacer"),
                  button("end", words)], className="group-act"),
    ]  # fmt: skip


def new_form(people: Choices, cases: Choices, words: Words) -> html.Details:
    """A new group."""
    name = dcc.Input(id=mode_ids.group_field("name"), type="text", maxLength=NAME_MOST,
                     placeholder=words("groups.name_hint"), className="sheet-input")  # fmt: skip
    chosen = [labelled(words.pick(POSTS[post].zh, POSTS[post].en), choice(str(post), people, words))
              for post in GroupPost]  # fmt: skip
    inside = [
        labelled(words("groups.name"), name),
        *chosen,
        labelled(words("groups.cases"), choice("cases", cases, words)),
        html.Div([words("groups.lasts"), hours_box("hours"), words("groups.hours"),
                  html.Span(className="spacer"), button("form", words, "is-primary")],
                 className="group-act"),
        html.P(words("groups.note"), className="meta"),
    ]  # fmt: skip
    return html.Details(
        [html.Summary([parts.icon("plus"), words("groups.new")], className="button is-small"),
         html.Div(inside, className="account-form")],
        className="group-new",
    )  # fmt: skip


def choice(name: str, options: Choices, words: Words) -> dcc.Dropdown:
    """Several of many."""
    listed = [{"value": value, "label": label} for value, label in options]
    return dcc.Dropdown(listed, [], id=mode_ids.group_field(name), multi=True, maxHeight=220,
                        placeholder=words("groups.choose"))  # fmt: skip


def hours_box(name: str) -> dcc.Input:
    """A number of hours."""
    return dcc.Input(id=mode_ids.group_field(name), type="number", value=USUAL_HOURS, min=0.5,
                     max=MOST_HOURS, step=0.5, className="sheet-input is-short")  # fmt: skip


def button(name: str, words: Words, kind: str = "") -> html.Button:
    """A button of a group."""
    return html.Button(words(f"groups.do_{name}"), id=mode_ids.group_deed(name), type="button",
                       className=f"button is-small {kind}".strip())  # fmt: skip
