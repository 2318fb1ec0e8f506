"""Command groups live: the list, the one that is open with its log, and what is done with them."""

from collections.abc import Callable, Mapping
from typing import Any

from dash import ALL, Input, Output, State, ctx, no_update

from callbacks.asking import actor_asked, pressed, seat_asked, words_asked
from callbacks.audit_words import action
from callbacks.desk import Desk
from callbacks.mode import Answers, text
from callbacks.wiring import wiring
from city.audit import Record
from city.groups import Group, GroupPost, NewGroup, knows
from city.refusal import Malformed
from city.roles import Actor, Right, Seat
from layouts import ids, mode_ids
from layouts.figures import instant
from layouts.panels import groups
from layouts.panels.groups import GroupView, LogLine
from layouts.words import Words
from store.groups import Asked

MOST_LINES = 60


@wiring.on(
    Output(mode_ids.GROUPS, "children"),
    Input(ids.pulse("groups"), "data"),
    Input(mode_ids.GROUP_OPEN, "data"),
    right=Right.VIEW_DISPATCH,
)
def show_groups(desk: Desk, _version: int, opened: str) -> list[Any]:
    """Those this seat may read of."""
    found = desk.store.groups.all(seat_asked(desk), desk.now_ms())
    return groups.rows(found, opened, desk.now(), words_asked())


@wiring.on(
    Output(mode_ids.GROUP_OPEN, "data"),
    Input(mode_ids.group(ALL), "n_clicks"),
    State(mode_ids.GROUP_OPEN, "data"),
    prevent_initial_call=True,
    right=Right.VIEW_DISPATCH,
)
def choose(_desk: Desk, _clicks: list[int], opened: str) -> str:
    """Opens the group that was pressed, or closes it."""
    name = pressed()
    if name is None:
        return opened
    return "" if name == opened else name


@wiring.on(
    Output(mode_ids.GROUP, "children"),
    Output(mode_ids.GROUP_DEEDS, "className"),
    Input(mode_ids.GROUP_OPEN, "data"),
    Input(ids.pulse("groups"), "data"),
    Input(ids.pulse("audit"), "data"),
    right=Right.VIEW_DISPATCH,
)
def show_group(desk: Desk, opened: str, *_versions: int) -> tuple[list[Any], str]:
    """The group that is open, with its log."""
    seat = seat_asked(desk)
    group = desk.store.groups.get(opened) if opened else None
    if group is None or not knows(seat, group):
        return [], "is-empty"
    view = view_of(desk, group, seat, words_asked())
    is_over = group.is_over(desk.now_ms())
    return groups.detail(view, words_asked()), "is-empty" if is_over else "group-deeds"


@wiring.on(
    Output(mode_ids.GROUP_SAID, "children"),
    Input(mode_ids.group_deed(ALL), "n_clicks"),
    State(mode_ids.group_field(ALL), "value"),
    State(mode_ids.GROUP_OPEN, "data"),
    prevent_initial_call=True,
    right=Right.VIEW_DISPATCH,
)
def do(desk: Desk, _clicks: list[int], _fields: list[Any], opened: str) -> Any:
    """Does what was pressed; the list hears of it by its pulse."""
    name = pressed()
    if name is None:
        return no_update
    deed, _, account = name.partition("|")
    said = {one["id"]["name"]: one.get("value") for one in ctx.states_list[0]}
    DEEDS[deed](desk, opened, {**said, "account": account}, actor_asked(desk))
    return words_asked()(f"groups.done_{deed}")


def form(desk: Desk, _opened: str, said: Answers, actor: Actor) -> None:
    """A new group."""
    members: list[Asked] = [(account, post) for post in GroupPost
                            for account in said.get(str(post)) or ()]  # fmt: skip
    cases = tuple(said.get("cases") or ())
    new = NewGroup(text(said, "name"), hours=hours_of(said, "hours"), cases=cases)
    desk.store.groups.form(new, members, actor)


def note(desk: Desk, opened: str, said: Answers, actor: Actor) -> None:
    """A line in the log."""
    desk.store.groups.note(opened, text(said, "note"), actor)


def prolong(desk: Desk, opened: str, said: Answers, actor: Actor) -> None:
    """So many hours from now."""
    desk.store.groups.prolong(opened, hours_of(said, "more"), actor)


def end(desk: Desk, opened: str, said: Answers, actor: Actor) -> None:
    """Over; what stands in the note is the reason."""
    desk.store.groups.end(opened, text(said, "note"), actor)


def remove(desk: Desk, opened: str, said: Answers, actor: Actor) -> None:
    """Somebody goes."""
    desk.store.groups.remove(opened, text(said, "account"), actor)


DEEDS: Mapping[str, Callable[[Desk, str, Answers, Actor], None]] = {
    "form": form, "note": note, "prolong": prolong, "end": end, "remove": remove,
}  # fmt: skip


def hours_of(said: Answers, name: str) -> float:
    """A number of hours; Malformed where none was written."""
    hours = said.get(name)
    if not isinstance(hours, int | float):
        raise Malformed("missing", what=("小时", "hours"))
    return float(hours)


def view_of(desk: Desk, group: Group, seat: Seat, words: Words) -> GroupView:
    """A group as the seat sees it."""
    at_ms = desk.now_ms()
    leads = seat.holds(Right.LEAD_GROUPS) or group.commands(seat.account, at_ms)
    log = [line_of(desk, one, words) for one in desk.store.groups.log(group.id, MOST_LINES)]
    names = {one.code: words.pick(one.zh, one.en) for one in desk.profile.departments}
    return GroupView(group, desk.now(), leads, log, names)


def line_of(desk: Desk, record: Record, words: Words) -> LogLine:
    """A record of the trail as a line of the log."""
    one = record.draft
    kind, _, name = one.subject.partition("/")
    what = action(one.action, words) + (f" {name}" if kind != "group" else "")
    said = str(one.detail.get("text") or one.reason or "")
    return LogLine(instant(desk.at(one.at_ms), desk.now()), one.name, what, said)
