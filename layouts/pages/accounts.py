"""账号与权限 Accounts: who may log in, keys of machines, and what each post may do."""

from collections.abc import Sequence
from typing import Any

from dash import dcc, html

from city.roles import ALONE, OWN_DEPARTMENT, RIGHT_NAMES, RIGHTS, ROLE_NAMES, Role
from layouts import account_ids, parts
from layouts.figures import NONE
from layouts.shell import City, shell
from layouts.words import Words

TABS = ("accounts", "tokens", "posts")
ACCOUNT_COLUMNS = ("account", "name", "posts", "scope", "state", "totp", "last")
TOKEN_COLUMNS = ("name", "post", "scope", "made", "until", "state")
POST_COLUMNS = ("post", "rights", "scope", "alone")


def page(city: City, words: Words) -> html.Div:
    """The whole page."""
    label: dict[str, Any] = {"data-region": "form", "aria-label": words("accounts.form")}
    main = html.Main(
        [
            lists(words),
            html.Section(
                [html.Div(id=account_ids.SAID, role="status"), html.Div(id=account_ids.PANEL)],
                className="panel account-panel",
                **label,
            ),
            dcc.Store(id=account_ids.OPEN, data=""),
            dcc.Store(id=account_ids.DONE, data=0),
        ],
        id=account_ids.MAIN,
        className="main accounts",
        **{"data-tab": TABS[0]},
    )
    return shell(city, words("accounts.title"), words("accounts.small"), main, words)


def lists(words: Words) -> html.Section:
    """Three lists, one of them seen."""
    label: dict[str, Any] = {"data-region": "lists", "aria-label": words("accounts.title")}
    bodies = (
        listed("accounts", ACCOUNT_COLUMNS, html.Tbody(id=account_ids.ROWS), words),
        listed("tokens", TOKEN_COLUMNS, html.Tbody(id=account_ids.TOKENS), words),
        listed("posts", POST_COLUMNS, html.Tbody(list(map(post_row(words), Role))), words),
    )
    return html.Section([heading(words), *bodies], className="panel account-lists", **label)


def heading(words: Words) -> html.Div:
    """Which list, and what can be made."""
    tabs = [tab(name, name == TABS[0], words) for name in TABS]
    label: dict[str, Any] = {"aria-label": words("accounts.lists")}
    new = [(account_ids.NEW_ACCOUNT, "accounts", "N"), (account_ids.NEW_TOKEN, "tokens", "T")]
    return html.Div(
        [
            html.Div(tabs, className="account-tabs", role="tablist", **label),
            html.Span(className="spacer"),
            finding(words),
            *(making(name, of, key, words) for name, of, key in new),
        ],
        className="panel-head account-head",
    )


def finding(words: Words) -> html.Label:
    """Narrows the list."""
    box = dcc.Input(id=account_ids.FIND, type="search", debounce=0.3, autoComplete="off",
                    placeholder=words("accounts.find"), maxLength=64)  # fmt: skip
    label: dict[str, Any] = {"aria-label": words("accounts.find"), "data-key": "F"}
    inside = [parts.icon("search"), box, parts.keycap("F")]
    return html.Label(inside, className="field account-find", **label)


def tab(name: str, is_on: bool, words: Words) -> html.Button:
    """One list; assets/panels.js turns them."""
    attributes: dict[str, Any] = {"data-turn": name, "aria-selected": str(is_on).lower()}
    return html.Button(words(f"accounts.{name}"), type="button", role="tab", **attributes)


def making(name: str, of: str, key: str, words: Words) -> html.Button:
    """Opens the form of a new one."""
    return html.Button(
        [parts.icon("plus"), words(f"accounts.new_{of}"), parts.keycap(key)],
        id=account_ids.row(name),
        type="button",
        className=f"button is-small is-primary is-of-{of}",
        **{"data-key": key},
    )


def listed(name: str, columns: Sequence[str], body: html.Tbody, words: Words) -> html.Div:
    """One list."""
    head = [html.Th(words(f"{name}_column.{one}"), scope="col", className=f"is-{one}")
            for one in columns]  # fmt: skip
    table = html.Table(
        [html.Thead(html.Tr(head)), body], className=f"table account-table is-{name}"
    )
    note = [html.P(words("accounts.posts_note"), className="account-note")]
    inside = [*note, table] if name == "posts" else table
    return html.Div(inside, className=f"panel-body account-list is-{name}", role="tabpanel")


def post_row(words: Words) -> Any:
    """A post with its rights, for one language."""

    def row(role: Role) -> html.Tr:
        rights = [words.pick(*RIGHT_NAMES[right]) for right in RIGHT_NAMES if right in RIGHTS[role]]
        scope = "none" if role in ALONE else "own" if role in OWN_DEPARTMENT else "area"
        alone = [html.Span(words("accounts.alone"), className="tag")] if role in ALONE else NONE
        name = [html.Span(words.pick(*ROLE_NAMES[role]), className="value"),
                html.Code(str(role))]  # fmt: skip
        said = html.Div([html.Span(one, className="tag") for one in rights] or NONE)
        return html.Tr([
            html.Td(name, className="is-post"), html.Td(said, className="is-rights"),
            html.Td(words(f"accounts.scope_{scope}")), html.Td(alone),
        ])  # fmt: skip

    return row
