"""The trail's page lives: what is looked for, the pages of the list, what has come meanwhile."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from dash import ALL, Input, Output, State, ctx
from dash.exceptions import PreventUpdate

from callbacks.asking import pressed, words_asked
from callbacks.audit_words import row_of
from callbacks.desk import Desk
from callbacks.wiring import wiring
from city.audit import Outcome
from city.audit_search import AuditQuery
from city.refusal import Malformed, say
from city.roles import Right
from layouts import audit_ids, ids
from layouts.figures import CHINA
from layouts.pages.audit import FIELDS, OUTCOMES, PERIODS, choices
from layouts.panels import audit as panel

say({
    "bad_date": ("日期写作 2026-09-06,或加时间 2026-09-06 15:10",
                 "A date is 2026-09-06, or with a time 2026-09-06 15:10"),
})  # fmt: skip
PAGE = 50
SPANS = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=30)}
DATE = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)(?:[ T](\d\d?):(\d\d))?")
Choice = Mapping[str, str]


@wiring.on(
    Output(audit_ids.CHOICE, "data"),
    Output("audit-outcome", "children"),
    Output("audit-period", "children"),
    Input(audit_ids.choice(ALL), "n_clicks"),
    State(audit_ids.CHOICE, "data"),
    prevent_initial_call=True,
    right=Right.READ_AUDIT,
)
def choose(_desk: Desk, _clicks: list[int], now: Choice) -> tuple[Choice, Any, Any]:
    """How it ended, and how far back."""
    kind, _, name = (pressed() or "").partition(":")
    choice = {**now, kind: name} if kind in now else now
    words = words_asked()
    outcomes = choices("outcome", OUTCOMES, choice["outcome"], words)
    return choice, outcomes, choices("period", PERIODS, choice["period"], words)


@wiring.on(
    Output(audit_ids.STACK, "data"),
    Input(audit_ids.turn(ALL), "n_clicks"),
    Input(audit_ids.field(ALL), "value"),
    Input(audit_ids.CHOICE, "data"),
    State(audit_ids.STACK, "data"),
    prevent_initial_call=True,
    right=Right.READ_AUDIT,
)
def turn(
    _desk: Desk, _clicks: list[int], _fields: list[str], _choice: Choice, stack: list[int]
) -> list[int]:
    """The cursors of the pages that were turned; another question begins at the newest."""
    if not isinstance(ctx.triggered_id, dict) or ctx.triggered_id["type"] != "audit-turn":
        return []
    name = pressed()
    if name is None:
        raise PreventUpdate  # a button only appeared
    turned = {"newest": [], "fresh": [], "newer": stack[:-1]}
    return turned[name] if name in turned else [*stack, int(name)]


@wiring.on(
    Output(audit_ids.ROWS, "children"),
    Output(audit_ids.FOOT, "children"),
    Output(audit_ids.SHOWN, "data"),
    Input(audit_ids.STACK, "data"),
    State(audit_ids.field(ALL), "value"),
    State(audit_ids.CHOICE, "data"),
    right=Right.READ_AUDIT,
)
def show(desk: Desk, stack: list[int], fields: list[str], choice: Choice) -> tuple[Any, Any, int]:
    """One page of the list."""
    words, query = words_asked(), query_of(fields, choice, desk.now())
    head = desk.store.audit.head().number
    page = desk.store.audit.page(query, stack[-1] if stack else 0, PAGE)
    rows = [row_of(one, words) for one in page.records]
    foot = panel.Foot(len(rows), page.next, not stack, export_of(query))
    shown = panel.rows(rows, page.next, desk.now(), words)
    return shown, panel.foot(foot, words), head


@wiring.on(
    Output(audit_ids.FRESH, "children"),
    Input(ids.pulse("audit"), "data"),
    Input(audit_ids.SHOWN, "data"),
    prevent_initial_call=True,
    right=Right.READ_AUDIT,
)
def count_fresh(desk: Desk, _version: int, shown: int | None) -> Any:
    """How many records have come since the list was read; it does not move by itself."""
    if shown is None:
        return None
    return panel.fresh(desk.store.audit.head().number - shown, words_asked())


def query_of(fields: Sequence[str | None], choice: Choice, now: datetime) -> AuditQuery:
    """The question; raises Malformed for a date that cannot be read."""
    said = {name: (text or "").strip() for name, text in zip(FIELDS, fields, strict=True)}
    back = SPANS.get(choice["period"])
    since = ms_of(now - back) if back else None
    return AuditQuery(
        account=said["account"],
        action=said["action"],
        subject=said["subject"],
        outcome=Outcome(choice["outcome"]) if choice["outcome"] else None,
        from_ms=date_of(said["from"], timedelta()) or since,
        to_ms=date_of(said["to"], timedelta(days=1, milliseconds=-1)),
        text=said["text"],
    )


def date_of(text: str, of_day: timedelta) -> int | None:
    """A date in the city's time, as ms since 1970 UTC; without a time it is moved by `of_day`."""
    if not text:
        return None
    found = DATE.fullmatch(text)
    if not found:
        raise Malformed("bad_date")
    year, month, day, hour, minute = (int(one or 0) for one in found.groups())
    try:
        at = datetime(year, month, day, hour, minute, tzinfo=CHINA)
    except ValueError:
        raise Malformed("bad_date") from None
    return ms_of(at + (of_day if found[4] is None else timedelta()))


def export_of(query: AuditQuery) -> str:
    """Where the records of a question are to be had as lines."""
    asked = {name.removesuffix("_ms"): value for name, value in query.told().items()}
    for name in ("from", "to"):
        if name in asked:
            at = datetime.fromtimestamp(int(str(asked[name])) / 1000, UTC)
            asked[name] = at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return f"/api/v1/audit/export?{urlencode(asked)}"


def ms_of(at: datetime) -> int:
    """An instant in ms since 1970 UTC."""
    return round(at.timestamp() * 1000)
