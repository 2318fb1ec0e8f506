"""The list of cases lives: rows by the block, counts of every view, what waits above."""

from collections.abc import Mapping, Sequence
from json import dumps
from typing import Any

from dash import Input, Output, State, no_update

from callbacks.case_desk import (
    OWN,
    Query,
    looker,
    naming_asked,
    query_of,
    shown_all,
)
from callbacks.desk import Desk
from callbacks.wiring import wiring
from city.case_scope import sees
from city.case_views import ALL, ALL_OPEN, ENDED_VIEW, MINE, OVERDUE, STEPS, VIEWS
from city.cases import SOURCES
from city.masking import masked
from layouts import case_ids, ids
from layouts.case_naming import Naming
from layouts.panels.case_list import (
    BLOCK,
    Choices,
    Filters,
    ViewTab,
    chips,
    fresh,
    nothing,
    tabs,
)
from layouts.panels.case_rows import row
from store.own_views import OwnView

SHOWN_VIEWS = (ALL_OPEN, *STEPS, OVERDUE, MINE, ENDED_VIEW)
MAY_BE_EMPTY = {"suspended", "to_sign"}  # not shown where nothing is in them
MOST_WATCHED = 200


@wiring.on(
    Output(case_ids.GRID, "getRowsResponse"),
    Input(case_ids.GRID, "getRowsRequest"),
    State(case_ids.QUERY, "data"),
    State(case_ids.AS_OF, "data"),
    State(ids.SCOPE, "data"),
    prevent_initial_call=True,
)
def send_rows(
    desk: Desk, request: Mapping[str, Any] | None, asked: Query, as_of: int, area: str
) -> Any:
    """A block of the list, in the order it had when it was asked for first."""
    if not request:
        return no_update
    actor, naming, at_ms = looker(desk), naming_asked(desk), desk.now_ms()
    block = block_of(int(request["startRow"]), as_of or at_ms)
    page = desk.store.cases.table.page(query_of(actor, asked, area, **block))
    rows = [row(case, naming, at_ms) for case in shown_all(page.rows, actor)]
    return {"rowData": rows, "rowCount": page.total}


def block_of(first: int, as_of: int) -> dict[str, int]:
    """Rows from one on, of the list as it was ordered at an instant: what is newer waits above."""
    return {"at_ms": as_of, "opened_until_ms": as_of, "limit": BLOCK, "offset": first}


@wiring.on(
    Output(case_ids.VIEWS, "children"),
    Output(case_ids.COUNT, "children"),
    Output(case_ids.FRESH, "children"),
    Input(ids.pulse("cases"), "data"),
    Input(case_ids.QUERY, "data"),
    Input(case_ids.AS_OF, "data"),
    Input(ids.SCOPE, "data"),
    Input(case_ids.KEEP_VIEW, "data"),
    prevent_initial_call=True,
)
def count_views(desk: Desk, _pulse: int, asked: Query, as_of: int, area: str, kept: Any) -> Any:
    """How many each view has, how many are listed, how many came since."""
    actor, naming = looker(desk), naming_asked(desk)
    own = own_views(desk, actor.seat.account, kept)
    query = query_of(actor, asked, area, at_ms=desk.now_ms(), limit=0)
    page = desk.store.cases.table.page(query)
    count = fresh_count(desk, asked, as_of, area)
    chosen = chosen_view(asked, own)
    shown = tabs(view_tabs(page.counts, own, chosen, naming), chosen, naming.words)
    return shown, naming.words("cases.range", total=f"{page.total:,}"), fresh(count, naming.words)


@wiring.on(
    Output(case_ids.NONE, "children"),
    Input(case_ids.COUNT, "children"),
    State(case_ids.QUERY, "data"),
    State(ids.SCOPE, "data"),
    prevent_initial_call=True,
)
def say_none(desk: Desk, _count: str, asked: Query, area: str) -> Any:
    """Why nothing is listed; nothing where something is."""
    actor, naming = looker(desk), naming_asked(desk)
    query = query_of(actor, asked, area, at_ms=desk.now_ms(), limit=0)
    page = desk.store.cases.table.page(query)
    if page.total:
        return None
    label = naming.words.pick(*VIEWS[query.view])
    is_filtered = bool(area or set(asked or ()) - {"view"})
    return nothing(is_filtered, label, is_filtered or bool(page.counts[ALL]), naming.words)


def fresh_count(desk: Desk, asked: Query, as_of: int | None, area: str) -> int:
    """How many came into the view since its order was made."""
    if not as_of:
        return 0
    query = query_of(looker(desk), asked, area, at_ms=desk.now_ms(), limit=0,
                     opened_from_ms=as_of + 1)  # fmt: skip
    return desk.store.cases.table.page(query).total


def own_views(desk: Desk, account: str, kept: Mapping[str, Any] | None) -> list[OwnView]:
    """The seat's own views, after what was just saved or dropped."""
    if kept and kept.get("drop"):
        desk.store.own_views.drop(account, str(kept["drop"]))
    elif kept and kept.get("name"):
        desk.store.own_views.keep(account, OwnView(str(kept["name"])[:24], kept["query"]))
    return desk.store.own_views.of(account)


def view_tabs(
    counts: Mapping[str, int], own: Sequence[OwnView], chosen: str, naming: Naming
) -> list[ViewTab]:
    """The views of the house with their counts, then one's own."""
    house = [
        ViewTab(name, naming.words.pick(*VIEWS[name]), counts.get(name, 0))
        for name in SHOWN_VIEWS
        if counts.get(name) or name not in MAY_BE_EMPTY or name == chosen
    ]
    mine = [ViewTab(f"{OWN}{one.name}", one.name, None, dumps(dict(one.query))) for one in own]
    return house + mine


def chosen_view(asked: Query | None, own: Sequence[OwnView]) -> str:
    """The view whose address it is; a saved one only where nothing was changed since."""
    told = dict(asked or {})
    mine = next((one for one in own if dict(one.query) == told), None)
    return f"{OWN}{mine.name}" if mine else told.get("view", ALL_OPEN)


@wiring.on(
    Output(case_ids.CHIPS, "children"),
    Input(case_ids.QUERY, "data"),
    prevent_initial_call=True,
)
def show_chips(desk: Desk, asked: Query | None) -> Any:
    """The filters as they are set."""
    looker(desk)
    naming = naming_asked(desk)
    return chips(filters_of(desk, asked or {}, naming), naming.words)


def filters_of(desk: Desk, asked: Query, naming: Naming) -> Filters:
    """What may be chosen, and what is."""
    words, profile = naming.words, desk.profile
    choices = {
        "level": [(str(level), words(f"case_new.level_{level}")) for level in range(1, 5)],
        "type": [(one.code, f"{one.code} {naming.named(one)}")
                 for one in (*profile.filing.classes("event"), *profile.filing.types("event"))],
        "lead": [(one.code, words.pick(one.zh, one.en)) for one in profile.departments],
        "source": [(str(one), naming.source(str(one))) for one in SOURCES],
    }  # fmt: skip
    listed = [Choices(name, options, asked.get(name, "")) for name, options in choices.items()]
    return Filters(asked.get("q", ""), listed, {"overdue": bool(asked.get("overdue"))})


@wiring.on(
    Output(case_ids.NEWS, "data"),
    Input(case_ids.WATCHED, "data"),
    prevent_initial_call=True,
)
def renew_rows(desk: Desk, watched: Mapping[str, int] | None) -> Any:
    """Rows on the screen that are no more as they were; they stay where they are."""
    actor, naming, at_ms = looker(desk), naming_asked(desk), desk.now_ms()
    known = dict(list((watched or {}).items())[:MOST_WATCHED])
    cases = desk.store.cases.some(list(known))
    return [
        row(masked(case, actor.seat), naming, at_ms)
        for case in cases
        if case.version != known[case.id] and sees(actor.seat, case)
    ]
