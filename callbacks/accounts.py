"""The page of accounts lives: its lists, the form that is open, and what is done with it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from dash import ALL, Input, Output, State, ctx, no_update
from dash.exceptions import PreventUpdate

from callbacks.account_views import account_view, places_of, token_view
from callbacks.asking import actor_asked, pressed, seat_asked, words_asked
from callbacks.desk import Desk
from callbacks.wiring import wiring
from city.refusal import Malformed, NotFound, Refusal
from city.roles import Actor, Right, Role
from layouts import account_ids
from layouts.panels import accounts as panel
from layouts.panels.accounts import AccountView, TokenView
from layouts.words import Words
from store import secrets
from store.accounts import Post
from store.tokens import WHAT, Scope

CLOSED, OPEN = "main accounts", "main accounts has-open"
GROUPS = ("roles-business", "roles-administrators", "roles-outside")
Answers = Mapping[str, Any]
View = TypeVar("View", AccountView, TokenView)
Deed = Callable[[Desk, str, Actor, Words], Any]


@wiring.on(
    Output(account_ids.ROWS, "children"),
    Output(account_ids.TOKENS, "children"),
    Input(account_ids.DONE, "data"),
    Input(account_ids.FIND, "value"),
    right=Right.MANAGE_ACCOUNTS,
)
def show_lists(desk: Desk, _done: int, find: str | None) -> tuple[list[Any], list[Any]]:
    """Accounts and tokens as they are now, those in which all words are found."""
    words, own, now = words_asked(), seat_asked(desk).account, desk.now()
    locked = desk.store.accounts.locked(desk.now_ms())
    people = [account_view(desk, one, locked, words, own) for one in desk.store.accounts.all()]
    tokens = [token_view(desk, one, words) for one in desk.store.tokens.all()]
    shown = panel.account_rows(found(people, find), now, words)
    return shown, panel.token_rows(found(tokens, find), now, words)


def found(views: Sequence[View], find: str | None) -> list[View]:
    """Those that say all the words somewhere."""
    wanted = (find or "").casefold().split()
    return [one for one in views if all(word in str(one).casefold() for word in wanted)]


@wiring.on(
    Output(account_ids.OPEN, "data"),
    Input(account_ids.row(ALL), "n_clicks"),
    State(account_ids.OPEN, "data"),
    prevent_initial_call=True,
    right=Right.MANAGE_ACCOUNTS,
)
def choose(_desk: Desk, _clicks: list[int], now_open: str) -> str:
    """What was pressed."""
    name = pressed()
    return now_open if name is None else name


@wiring.on(
    Output(account_ids.PANEL, "children"),
    Output(account_ids.MAIN, "className"),
    Input(account_ids.OPEN, "data"),
    Input(account_ids.DONE, "data"),
    prevent_initial_call=True,
    right=Right.MANAGE_ACCOUNTS,
)
def show_panel(desk: Desk, opened: str, _done: int) -> tuple[list[Any], str]:
    """The form of what is open."""
    kind, _, name = opened.partition("/")
    return (FORMS[kind](desk, name, words_asked()), OPEN) if kind in FORMS else ([], CLOSED)


def new_form(desk: Desk, kind: str, words: Words) -> list[Any]:
    """A new account or token."""
    places = places_of(desk, words)
    if kind == "token":
        return panel.token_form(places, words)
    return panel.account_form(None, places, desk.now(), words)


def account_form(desk: Desk, name: str, words: Words) -> list[Any]:
    """One account."""
    locked, own = desk.store.accounts.locked(desk.now_ms()), seat_asked(desk).account
    view = account_view(desk, desk.store.accounts.get(name), locked, words, own)
    return panel.account_form(view, places_of(desk, words), desk.now(), words)


def token_form(desk: Desk, name: str, words: Words) -> list[Any]:
    """One token."""
    found = next((one for one in desk.store.tokens.all() if one.id == name), None)
    if found is None:
        raise NotFound("not_found", name=name, what=WHAT)
    return panel.token_detail(token_view(desk, found, words), words)


FORMS = {"new": new_form, "account": account_form, "token": token_form}


@wiring.on(
    Output(account_ids.SAID, "children"),
    Output(account_ids.DONE, "data"),
    Input(account_ids.deed(ALL), "n_clicks"),
    Input(account_ids.OPEN, "data"),
    State(account_ids.field(ALL), "value"),
    State(account_ids.DONE, "data"),
    prevent_initial_call=True,
    right=Right.MANAGE_ACCOUNTS,
)
def do(desk: Desk, _clicks: list[int], opened: str, _fields: list[Any], count: int) -> Any:
    """Does what was pressed; a secret is shown until something else is opened."""
    if not isinstance(ctx.triggered_id, dict):
        return None, no_update
    name = pressed()
    if name is None:
        raise PreventUpdate  # a button only appeared
    said, is_done = done_or_refused(desk, name, opened.partition("/")[2])
    return said, count + 1 if is_done else no_update


def done_or_refused(desk: Desk, name: str, whose: str) -> tuple[Any, bool]:
    """What is said of it, and whether it was done."""
    words = words_asked()
    try:
        return DEEDS[name](desk, whose, actor_asked(desk), words), True
    except Refusal as refusal:
        return panel.refused(refusal.said(words.lang)), False


def create(desk: Desk, _name: str, actor: Actor, words: Words) -> Any:
    """A new account with a one-time password."""
    said = answers()
    password, account = secrets.new_password(), text(said, "account")
    desk.store.accounts.create(account, post_of(said), password, actor, desk.rules)
    return panel.secret("password", account, password, words)


def assign(desk: Desk, name: str, actor: Actor, words: Words) -> Any:
    """Other posts, scope or contract."""
    desk.store.accounts.assign(name, post_of(answers()), actor)
    return panel.done(words("accounts.done_assign", name=name))


def disable(desk: Desk, name: str, actor: Actor, words: Words) -> Any:
    """Nobody logs in with it any more."""
    desk.store.accounts.disable(name, actor)
    return panel.done(words("accounts.done_disable", name=name))


def enable(desk: Desk, name: str, actor: Actor, words: Words) -> Any:
    """It may log in again."""
    desk.store.accounts.enable(name, actor)
    return panel.done(words("accounts.done_enable", name=name))


def unlock(desk: Desk, name: str, actor: Actor, words: Words) -> Any:
    """Its failed logins are forgotten."""
    desk.store.accounts.unlock(name, actor)
    return panel.done(words("accounts.done_unlock", name=name))


def reset(desk: Desk, name: str, actor: Actor, words: Words) -> Any:
    """A new one-time password."""
    password = desk.store.accounts.reset(name, actor)
    return panel.secret("password", name, password, words)


def new_token(desk: Desk, _name: str, actor: Actor, words: Words) -> Any:
    """A new token, shown this once."""
    said = answers()
    name, role = text(said, "name"), said.get("role")
    if not name or not role:
        raise Malformed("missing", what=("岗位", "post") if name else ("名称", "name"))
    scope = Scope(name, Role(role), tuple(said["areas"] or ()), said["department"] or "")
    return panel.secret(
        "token", name, desk.store.tokens.create(scope, desk.rules.token_for, actor), words
    )


def revoke(desk: Desk, name: str, actor: Actor, words: Words) -> Any:
    """It opens nothing from now on."""
    desk.store.tokens.revoke(name, actor)
    return panel.done(words("accounts.done_revoke", name=name))


DEEDS: Mapping[str, Deed] = {
    "create": create, "assign": assign, "disable": disable, "enable": enable,
    "unlock": unlock, "reset": reset, "new_token": new_token, "revoke": revoke,
}  # fmt: skip


def answers() -> Answers:
    """The fields of the open form by name."""
    return {one["id"]["name"]: one.get("value") for one in ctx.states_list[0]}


def post_of(said: Answers) -> Post:
    """What a form says of an account; raises Malformed."""
    chosen = {role for group in GROUPS for role in said.get(group) or ()}
    roles = tuple(role for role in Role if role in chosen)
    areas, department = tuple(said.get("areas") or ()), said.get("department") or ""
    if not text(said, "name"):
        raise Malformed("missing", what=("姓名", "name"))
    return Post(text(said, "name"), roles, areas, department, day_of(text(said, "until")))


def day_of(said: str) -> str:
    """A date, ISO 8601; empty for none."""
    try:
        return date.fromisoformat(said).isoformat() if said else ""
    except ValueError:
        why = ("应为 2027-06-30", "2027-06-30 is wanted")
        raise Malformed("malformed", what=("有效期", "until"), why=why) from None


def text(said: Answers, name: str) -> str:
    """What was written in a field."""
    return str(said.get(name) or "").strip()
