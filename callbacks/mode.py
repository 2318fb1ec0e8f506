"""The switch lives: the pill of every page, proposal and second person, clock and duty list."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from dash import ALL, Input, Output, State, ctx, no_update

from callbacks.asking import actor_asked, opened_asked, pressed, seat_asked, words_asked
from callbacks.desk import Desk
from callbacks.wiring import wiring
from city.cases import Case
from city.mode import Asked, Standing, Turn, must_last
from city.mode_duty import duty_list
from city.refusal import Malformed
from city.roles import Actor, Right
from layouts import ids, mode_ids
from layouts.case_naming import Naming
from layouts.panels import mode, mode_pill, mode_report
from layouts.panels.mode import Clockwork
from store.sessions import Attempt

HERE_MS = 600_000  # somebody who has not been seen for so long is not reached by the screen
FORM, HIDDEN = "mode-form", "mode-form is-empty"
Answers = Mapping[str, Any]


@wiring.on(
    Output(mode_ids.PILL, "children"),
    Output(mode_ids.PILL, "className"),
    Output(mode_ids.LINE, "className"),
    Input(ids.pulse("mode"), "data"),
)
def show_pill(desk: Desk, _version: int) -> tuple[list[Any], str, str]:
    """How the city stands, on every page; a dot where this seat could be the second person."""
    standing, seat = desk.store.mode.standing(), seat_asked(desk)
    waiting = standing.waiting(desk.now_ms())
    is_asked = bool(waiting) and seat.may(Right.SWITCH_MODE)
    is_asked = is_asked and waiting is not None and waiting.by.account != seat.account
    look = mode_pill.classes(standing)
    said = mode_pill.pill(standing, is_asked, words_asked())
    return said, f"mode-pill {look}", f"mode-line {look}"


@wiring.on(Output(mode_ids.SHORT, "children"), Input(ids.pulse("mode"), "data"))
def show_short(desk: Desk, _version: int) -> list[Any]:
    """What opens below the pill."""
    standing = desk.store.mode.standing()
    return mode_pill.short(standing, standing.waiting(desk.now_ms()), words_asked())


@wiring.on(
    Output(mode_ids.NOW, "children"),
    Output(mode_ids.CLOCK, "children"),
    Output(mode_ids.PROPOSAL, "children"),
    Input(ids.pulse("mode"), "data"),
    Input(ids.pulse("cases"), "data"),
    right=Right.VIEW_DISPATCH,
)
def show_now(desk: Desk, *_versions: int) -> tuple[Any, Any, Any]:
    """What holds, what has to be reported, what waits; none of it where a report is read."""
    if opened_asked():
        return [], [], []
    standing, words = desk.store.mode.standing(), words_asked()
    waiting = standing.waiting(desk.now_ms())
    proposal = mode.proposal(waiting, desk.now_ms(), words) if waiting else []
    head = mode.head(standing, incidents(desk, standing), desk.now(), words)
    return head, clockwork(desk, standing), proposal


def incidents(desk: Desk, standing: Standing) -> list[Case]:
    """Open cases that were raised to an incident, while it is still normal."""
    cases = desk.open_cases(seat_asked(desk)) if standing.episode is None else []
    return [one for one in cases if one.incident]


def clockwork(desk: Desk, standing: Standing) -> list[Any]:
    """Reports and duty list of the emergency that lasts."""
    episode, rules = standing.episode, desk.profile.mode
    if episode is None:
        return []
    lines = duty_list(episode.duty, episode.level, rules.duty)
    may_switch = seat_asked(desk).may(Right.SWITCH_MODE)
    reports = desk.store.mode.reports_of(episode)
    here = desk.store.sessions.present(desk.now_ms() - HERE_MS)
    view = Clockwork(reports, lines, desk.now(), may_switch, here)
    return mode.clockwork(view, words_asked())


@wiring.on(
    Output(mode_ids.ENTER, "className"),
    Output(mode_ids.CHANGE, "className"),
    Output(mode_ids.WAITS, "className"),
    Input(ids.pulse("mode"), "data"),
    right=Right.VIEW_DISPATCH,
)
def show_forms(desk: Desk, _version: int) -> tuple[str, str, str]:
    """The form that fits; none for who may only look, or reads a report."""
    standing, seat = desk.store.mode.standing(), seat_asked(desk)
    waiting = standing.waiting(desk.now_ms())
    is_shown = seat.may(Right.SWITCH_MODE) and not opened_asked()
    own = " is-mine" if waiting and waiting.by.account == seat.account else ""
    enter = is_shown and not waiting and standing.episode is None
    change = is_shown and not waiting and standing.episode is not None
    waits = f"{FORM}{own}" if is_shown and waiting else HIDDEN
    return FORM if enter else HIDDEN, FORM if change else HIDDEN, waits


@wiring.on(
    Output(mode_ids.DUTY, "className"),
    Output(mode_ids.PAST, "children"),
    Input(ids.pulse("mode"), "data"),
    right=Right.VIEW_DISPATCH,
)
def show_past(desk: Desk, _version: int) -> tuple[str, list[Any]]:
    """Emergencies before; and the form of the duty list while one lasts."""
    episodes, here = desk.store.mode.all(), opened_asked()
    lasts = desk.store.mode.standing().episode is not None and not here
    may = seat_asked(desk).may(Right.SWITCH_MODE)
    rows = mode.past([one for one in episodes if one.ended_ms], here, desk.now(), words_asked())
    return "mode-duty-form" if lasts and may else "is-empty", rows


@wiring.on(
    Output(mode_ids.SAID, "children"),
    Output(mode_ids.field("password"), "value"),
    Input(mode_ids.deed(ALL), "n_clicks"),
    State(mode_ids.field(ALL), "value"),
    prevent_initial_call=True,
    right=Right.SWITCH_MODE,
)
def do(desk: Desk, _clicks: list[int], _fields: list[Any]) -> tuple[Any, Any]:
    """Does what was pressed; the pages hear of it by their pulse."""
    name = pressed()
    if name is None:
        return no_update, no_update
    DEEDS[name](desk, answers(), actor_asked(desk))
    return words_asked()(f"mode.done_{name}"), ""


@wiring.on(
    Output(mode_ids.SAID, "children", allow_duplicate=True),
    Input(mode_ids.sent(ALL), "n_clicks"),
    prevent_initial_call=True,
    right=Right.VIEW_DISPATCH,
)
def mark_sent(desk: Desk, _clicks: list[int]) -> Any:
    """A report went out."""
    name = pressed()
    if name is None:
        return no_update
    episode_id = opened_asked() or must_last(desk.store.mode.standing()).id
    desk.store.mode.sent(episode_id, name, "", actor_asked(desk))
    return words_asked()("mode.done_sent")


@wiring.on(
    Output(mode_ids.SAID, "children", allow_duplicate=True),
    Input(mode_ids.off(ALL), "n_clicks"),
    prevent_initial_call=True,
    right=Right.SWITCH_MODE,
)
def take_off(desk: Desk, _clicks: list[int]) -> Any:
    """Somebody goes off duty."""
    name = pressed()
    if name is None:
        return no_update
    post, _, account = name.partition("|")
    episode = must_last(desk.store.mode.standing())
    desk.store.mode.take_off_duty(episode.id, post, account, actor_asked(desk))
    return words_asked()("mode.done_off")


def enter(desk: Desk, said: Answers, actor: Actor) -> None:
    """Proposes an emergency."""
    if not said.get("plan"):
        raise Malformed("missing", what=("预案", "plan"))
    asked = Asked(Turn.ENTER, text(said, "reason"), int(said.get("level") or 0),
                  text(said, "plan"), bool(said.get("exercise")))  # fmt: skip
    desk.store.mode.propose(asked, actor)


def level(desk: Desk, said: Answers, actor: Actor) -> None:
    """Proposes another level."""
    asked = Asked(Turn.LEVEL, text(said, "new_reason"), int(said.get("new_level") or 0))
    desk.store.mode.propose(asked, actor)


def leave(desk: Desk, said: Answers, actor: Actor) -> None:
    """Proposes normal days."""
    desk.store.mode.propose(Asked(Turn.LEAVE, text(said, "new_reason")), actor)


def confirm(desk: Desk, _said: Answers, actor: Actor) -> None:
    """The second person, at his own seat."""
    desk.store.mode.confirm(actor)


def beside(desk: Desk, said: Answers, actor: Actor) -> None:
    """The second person, at this desk: a login of a moment, with its lock and its record."""
    attempt = Attempt(text(said, "account"), str(said.get("password") or ""), text(said, "code"),
                      actor.address, actor.at_ms, desk.today())  # fmt: skip
    secret = desk.store.sessions.log_in(attempt, desk.rules)
    found = desk.store.sessions.find(secret)
    other = replace(actor, seat=found[1].seat) if found else actor
    desk.store.sessions.log_out(secret, other)
    desk.store.mode.confirm(other)


def reject(desk: Desk, said: Answers, actor: Actor) -> None:
    """The second person says no."""
    desk.store.mode.reject(text(said, "no"), actor)


def withdraw(desk: Desk, _said: Answers, actor: Actor) -> None:
    """Who proposed takes it back."""
    desk.store.mode.withdraw(actor)


def put_on_duty(desk: Desk, said: Answers, actor: Actor) -> None:
    """Somebody fills a post."""
    episode = must_last(desk.store.mode.standing())
    if not said.get("who"):
        raise Malformed("missing", what=("人员", "person"))
    desk.store.mode.put_on_duty(episode.id, text(said, "post"), text(said, "who"), actor)


DEEDS: Mapping[str, Callable[[Desk, Answers, Actor], None]] = {
    "enter": enter, "level": level, "leave": leave, "confirm": confirm, "desk": beside,
    "reject": reject, "withdraw": withdraw, "duty": put_on_duty,
}  # fmt: skip


def answers() -> Answers:
    """The fields by name."""
    return {one["id"]["name"]: one.get("value") for one in ctx.states_list[0]}


def text(said: Answers, name: str) -> str:
    """What was written in a field."""
    return str(said.get(name) or "").strip()


@wiring.on(
    Output(mode_ids.REPORT, "children"),
    Input(ids.pulse("mode"), "data"),
    right=Right.VIEW_DISPATCH,
)
def show_report(desk: Desk, _version: int) -> Any:
    """The report that the address names; that it is being made where it is not there yet."""
    name = opened_asked()
    if not name:
        return []
    episode, naming = desk.store.mode.get(name), Naming(desk.profile, words_asked())
    owed = [one for one in desk.store.mode.reports_of(episode) if not one.sent_ms]
    report = desk.store.mode_reports.find(name)
    sheet = mode_report.sheet(report, naming) if report else mode_report.waits(naming.words)
    return [*mode.owed(owed, desk.now(), naming.words), sheet]
