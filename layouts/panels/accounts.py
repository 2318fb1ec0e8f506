"""Rows of accounts and tokens, the form of one, and a secret that is shown once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dash import dcc, html

from city.roles import ADMINISTRATORS, ALONE, ROLE_NAMES, Role
from layouts import account_ids, parts
from layouts.figures import NONE, instant
from layouts.words import Words

Option = tuple[str, str]  # code and what people call it


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account in words, and what may be done with it."""

    account: str
    name: str
    roles: Sequence[str] = ()
    areas: Sequence[str] = ()
    department: str = ""
    until: str = ""
    posts: str = ""
    scope: str = ""
    state: str = "open"  # open, first, locked, disabled, over, demo
    locked_until: datetime | None = None
    has_totp: bool = False
    needs_totp: bool = False
    login_at: datetime | None = None
    login_address: str = ""
    made_at: datetime | None = None
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class TokenView:
    """A token in words."""

    id: str
    name: str
    post: str
    scope: str
    made_by: str
    made_at: datetime
    until: datetime
    state: str  # valid, revoked, over


@dataclass(frozen=True, slots=True)
class Places:
    """What a form offers."""

    areas: Sequence[Option] = field(default=())
    departments: Sequence[Option] = field(default=())


def account_rows(found: Sequence[AccountView], now: datetime, words: Words) -> list[html.Tr]:
    """Every account."""
    return [account_row(one, now, words) for one in found]


def account_row(one: AccountView, now: datetime, words: Words) -> html.Tr:
    """One; its button covers the row."""
    opens = html.Button(one.account, id=account_ids.row(f"account/{one.account}"), type="button")
    totp = "set" if one.has_totp else "missing" if one.needs_totp else "none"
    last = instant(one.login_at, now) if one.login_at else words("accounts.never")
    address = html.Span(one.login_address, className="meta")
    cells = (
        ("account", opens), ("name", one.name), ("posts", one.posts),
        ("scope", html.Span(one.scope, className="clip", title=one.scope)),
        ("state", state(one.state, words)),
        ("totp", html.Span(words(f"accounts.totp_{totp}"), className=f"is-totp-{totp}")),
        ("last", [html.Span(last, className="num"), " ", address]),
    )  # fmt: skip
    is_off = one.state in ("disabled", "over")
    return html.Tr(
        [html.Td(what, className=f"is-{name}") for name, what in cells],
        className="account-row is-off" if is_off else "account-row",
    )


def state(name: str, words: Words) -> html.Span:
    """How it stands, as shape and word."""
    return html.Span(words(f"account_state.{name}"), className=f"account-state is-{name}")


def token_rows(found: Sequence[TokenView], now: datetime, words: Words) -> list[html.Tr]:
    """Every token, the newest first."""
    if not found:
        said = parts.empty(words("accounts.no_tokens"), words("accounts.no_tokens_hint"))
        return [html.Tr(html.Td(said, colSpan=6))]
    return [token_row(one, now, words) for one in found]


def token_row(one: TokenView, now: datetime, words: Words) -> html.Tr:
    """One; its button covers the row."""
    opens = html.Button(one.name, id=account_ids.row(f"token/{one.id}"), type="button")
    made = [html.Span(instant(one.made_at, now), className="num"), " ",
            html.Span(one.made_by, className="meta")]  # fmt: skip
    cells = (
        ("name", opens), ("post", one.post), ("scope", one.scope), ("made", made),
        ("until", html.Span(f"{one.until:%Y-%m-%d}", className="num")),
        ("state", state(one.state, words)),
    )  # fmt: skip
    return html.Tr(
        [html.Td(what, className=f"is-{name}") for name, what in cells],
        className="account-row" if one.state == "valid" else "account-row is-off",
    )


def account_form(one: AccountView | None, places: Places, now: datetime, words: Words) -> list[Any]:
    """A new account, or one that is changed."""
    is_new = one is None
    view = one or AccountView("", "")
    title = words("accounts.new_accounts") if is_new else view.name
    head = parts.panel_head(title, view.account, closing(words))
    if view.is_own:
        own = parts.notice("late", words("accounts.own"))
        return [head, html.Div([own, parts.facts(known(view, now, words))], className="panel-body")]
    name_of = [line("account", "", words, "accounts.account_hint")] if is_new else []
    fields = [
        *name_of,
        line("name", view.name, words),
        roles_field(view.roles, words),
        areas_field(view.areas, places, words),
        department_field(view.department, places, words),
        line("until", view.until, words, "accounts.until_hint"),
    ]
    does = deed("create" if is_new else "assign", words, "is-primary")
    others = [] if is_new else [parts.facts(known(view, now, words)), *deeds(view, words)]
    form = html.Div([*fields, html.Div(does, className="account-do")], className="account-form")
    return [head, html.Div([form, *others], className="panel-body")]


def known(one: AccountView, now: datetime, words: Words) -> list[tuple[str, Any]]:
    """What is known of an account beside what is set."""
    locked = instant(one.locked_until, now) if one.locked_until else NONE
    return [
        (words("accounts.state"), state(one.state, words)),
        (words("accounts.locked_until"), locked),
        (words("accounts.totp"), words(f"accounts.totp_{'set' if one.has_totp else 'none'}")),
        (words("accounts.made"), f"{one.made_at:%Y-%m-%d}" if one.made_at else NONE),
        (words("accounts.last_from"), one.login_address or NONE),
    ]


def deeds(one: AccountView, words: Words) -> list[Any]:
    """What else may be done with it; what cannot be undone asks once more."""
    turn = "enable" if one.state == "disabled" else "disable"
    found: list[Any] = [asking("reset", words), asking(turn, words)]
    if one.state == "locked":
        found.insert(0, deed("unlock", words))
    return [html.H3(words("accounts.deeds"), className="section-label"),
            html.Div(found, className="account-deeds")]  # fmt: skip


def asking(name: str, words: Words) -> html.Details:
    """A deed with what it will do, said before it is done."""
    said = html.P(words(f"account_deed.{name}_means"), className="meta")
    opener = html.Summary(words(f"account_deed.{name}") + "…", className="button")
    return html.Details([opener, html.Div([said, deed(name, words)], className="account-ask")])


def deed(name: str, words: Words, kind: str = "") -> html.Button:
    """Does it."""
    target = account_ids.deed(name)
    label = words(f"account_deed.{name}")
    return html.Button(label, id=target, type="button", className=f"button {kind}".strip())


def token_form(places: Places, words: Words) -> list[Any]:
    """A new token."""
    options = [{"value": str(role), "label": words.pick(*ROLE_NAMES[role])} for role in Role]
    post = dcc.Dropdown(options, None, id=account_ids.field("role"), clearable=False,
                        placeholder=words("accounts.choose"))  # fmt: skip
    form = html.Div(
        [
            line("name", "", words, "accounts.token_name_hint"),
            labelled("role", post, words),
            areas_field((), places, words),
            department_field("", places, words),
            html.Div(deed("new_token", words, "is-primary"), className="account-do"),
        ],
        className="account-form",
    )
    head = parts.panel_head(words("accounts.new_tokens"), "", closing(words))
    return [head, html.Div(form, className="panel-body")]


def token_detail(one: TokenView, words: Words) -> list[Any]:
    """A token; it can only be revoked."""
    said = [
        (words("tokens_column.post"), one.post),
        (words("tokens_column.scope"), one.scope),
        (words("tokens_column.made"), f"{one.made_at:%Y-%m-%d} {one.made_by}"),
        (words("tokens_column.until"), f"{one.until:%Y-%m-%d}"),
        (words("tokens_column.state"), state(one.state, words)),
    ]
    does = html.Div(asking("revoke", words), className="account-deeds")
    inside = [parts.facts(said), *([does] if one.state == "valid" else [])]
    head = parts.panel_head(one.name, f"cb_{one.id}_…", closing(words))
    return [head, html.Div(inside, className="panel-body")]


def closing(words: Words) -> html.Button:
    """Closes the form."""
    return parts.close_button(account_ids.row(""), words("accounts.close"))


def line(name: str, value: str, words: Words, hint: str = "") -> html.Label:
    """A line to write."""
    box = dcc.Input(id=account_ids.field(name), value=value, type="text", autoComplete="off",
                    maxLength=64, className="account-input")  # fmt: skip
    return labelled(name, box, words, hint)


def labelled(name: str, box: Any, words: Words, hint: str = "") -> html.Label:
    """A field under its name."""
    more = [html.Span(words(hint), className="meta")] if hint else []
    return html.Label([html.Span(words(f"accounts.{name}")), box, *more], className="account-field")


def roles_field(chosen: Sequence[str], words: Words) -> html.Fieldset:
    """The posts; those that one person must hold alone stand apart."""
    groups = (("business", set(Role) - ALONE), ("administrators", ADMINISTRATORS),
              ("outside", ALONE - ADMINISTRATORS))  # fmt: skip
    lists = [part for name, roles in groups for part in role_group(name, roles, chosen, words)]
    return html.Fieldset([html.Legend(words("accounts.roles")), *lists], className="account-roles")


def role_group(
    name: str, roles: set[Role] | frozenset[Role], chosen: Sequence[str], words: Words
) -> list[Any]:
    """Some of the posts, with why they stand together."""
    options = [{"value": str(role), "label": words.pick(*ROLE_NAMES[role])}
               for role in Role if role in roles]  # fmt: skip
    held = [one["value"] for one in options if one["value"] in set(chosen)]
    boxes = dcc.Checklist(options, held, id=account_ids.field(f"roles-{name}"), inline=True,
                          className="account-checks")  # fmt: skip
    return [html.P(words(f"accounts.{name}"), className="meta"), boxes]


def areas_field(chosen: Sequence[str], places: Places, words: Words) -> html.Fieldset:
    """The districts; none is the whole city."""
    options = [{"value": code, "label": name} for code, name in places.areas]
    boxes = dcc.Checklist(options, list(chosen), id=account_ids.field("areas"), inline=True,
                          className="account-checks")  # fmt: skip
    hint = html.Span(words("accounts.areas_hint"), className="meta")
    return html.Fieldset([html.Legend([words("accounts.areas"), " ", hint]), boxes],
                         className="account-roles")  # fmt: skip


def department_field(chosen: str, places: Places, words: Words) -> html.Label:
    """The department, needed by posts that see only their own work."""
    options = [{"value": code, "label": f"{name} {code}"} for code, name in places.departments]
    box = dcc.Dropdown(options, chosen or None, id=account_ids.field("department"),
                       placeholder=words("accounts.no_department"))  # fmt: skip
    return labelled("department", box, words, "accounts.department_hint")


def secret(kind: str, name: str, value: str, words: Words) -> html.Div:
    """Shown this once."""
    said = html.P(words(f"accounts.once_{kind}", name=name))
    return html.Div([said, html.Output(value, className="account-secret", **{"data-secret": ""}),
                     html.P(words("accounts.once_hint"), className="meta")],
                    className="account-once")  # fmt: skip


def done(text: str) -> html.P:
    """What was done."""
    return html.P(text, className="account-done")


def refused(text: str) -> html.P:
    """Why it was not."""
    return html.P(text, className="account-refused", role="alert")
