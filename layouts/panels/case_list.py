"""The list of cases: views with live counts, filters, the grid that draws only what is seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import dash_ag_grid as dag
from dash import dcc, html

from layouts import case_ids, parts
from layouts.words import Words

BLOCK = 100
THEME = (
    "themeQuartz.withParams({backgroundColor: 'var(--surface-1)', foregroundColor: 'var(--ink-2)',"
    " textColor: 'var(--ink-2)', headerBackgroundColor: 'var(--surface-1)',"
    " headerTextColor: 'var(--ink-3)', borderColor: 'var(--line-1)', rowBorder: true,"
    " accentColor: 'var(--accent)', rowHoverColor: 'var(--surface-2)',"
    " selectedRowBackgroundColor: 'transparent', fontFamily: 'inherit', fontSize: 13,"
    " headerFontSize: 12, headerFontWeight: 400, rowHeight: 'var(--case-row)', headerHeight: 32,"
    " wrapperBorderRadius: 0, wrapperBorder: false, cellHorizontalPadding: 7,"
    " headerColumnBorder: false, headerColumnResizeHandleDisplay: 'none', iconSize: 14,"
    " checkboxBorderRadius: 3, checkboxBorderWidth: 1,"
    " checkboxUncheckedBackgroundColor: 'transparent',"
    " checkboxUncheckedBorderColor: 'var(--line-control)',"
    " checkboxCheckedBackgroundColor: 'var(--accent-fill)',"
    " checkboxCheckedBorderColor: 'var(--accent-fill)',"
    " checkboxCheckedShapeColor: 'var(--accent-on)'})"
)
# field, width in px (0: what is left), the cell's component, may be left out where it is narrow
COLUMNS: tuple[tuple[str, int, str, bool], ...] = (
    ("level", 44, "CaseLevel", False),
    ("number", 98, "CaseNumber", False),
    ("what", 0, "CaseWhat", False),
    ("district", 62, "CaseText", True),
    ("stage", 138, "CaseStage", False),
    ("lead", 96, "CaseText", False),
    ("deadline", 136, "CaseDeadline", False),
    ("source", 76, "CaseText", True),
    ("updated", 62, "CaseUpdated", True),
)

# English takes more room: px to be added.
WIDER = {"district": 18, "stage": 18, "lead": 10, "source": 14, "updated": 10}


@dataclass(frozen=True, slots=True)
class ViewTab:
    """One view: its word in the address, its name, how many answer to it (None: not counted).

    `query` is the address of a saved one, as JSON.
    """

    name: str
    label: str
    count: int | None
    query: str = ""


@dataclass(frozen=True, slots=True)
class Choices:
    """What a filter offers: values with their names."""

    name: str
    options: Sequence[tuple[str, str]]
    chosen: str = ""


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters of a list and what is chosen in them."""

    text: str = ""
    choices: Sequence[Choices] = ()
    flags: Mapping[str, bool] = field(default_factory=dict)  # overdue

    @property
    def is_any_set(self) -> bool:
        """Whether there is something to clear."""
        return bool(
            self.text or any(one.chosen for one in self.choices) or any(self.flags.values())
        )


def panel(words: Words) -> html.Section:
    """The docked list."""
    return html.Section(
        [
            html.Div(
                [
                    html.Div(id=case_ids.VIEWS, className="case-views-tabs", role="tablist",
                             **{"aria-label": words("cases.views")}),
                    html.Span(className="spacer"),
                    new_button(words),
                ],
                className="case-views",
            ),
            html.Div(
                [text_field(words), html.Div(chips(Filters(), words), id=case_ids.CHIPS)],
                className="case-chips",
            ),
            html.Div(id=case_ids.BULK, className="case-bulk", role="status"),
            html.Div([grid(words), html.Div(id=case_ids.NONE)], className="case-grid-box"),
            foot(words),
        ],
        className="panel case-list",
        **{"data-region": "cases", "aria-label": words("cases.list")},
    )  # fmt: skip


def new_button(words: Words) -> html.Button:
    """Opens the form of a new case."""
    return html.Button(
        [parts.icon("plus"), words("cases.new"), parts.keycap("N")],
        type="button",
        className="button is-small",
        **{"data-key": "N", "data-case": "new"},
    )


def tabs(views: Sequence[ViewTab], chosen: str, words: Words) -> list[Any]:
    """The views; the browser writes the choice into the address (assets/cases.js)."""
    return [tab(view, view.name == chosen, words) for view in views]


def tab(view: ViewTab, is_on: bool, words: Words) -> html.Span:
    """One view with its live count, and the way to drop it where it is one's own."""
    count = [] if view.count is None else [html.B(f"{view.count:,}", className="num")]
    attributes: dict[str, Any] = {"data-view": view.name, "aria-selected": str(is_on).lower()}
    if view.query:
        attributes["data-query"] = view.query
    style = "case-view is-on" if is_on else "case-view"
    button = html.Button(
        [view.label, *count], type="button", role="tab", className=style, **attributes
    )
    if not view.query or not is_on:
        return html.Span(button, role="presentation")
    label = words("cases.drop_view", name=view.label)
    drop = html.Button("×", type="button", className="case-drop", title=label,
                       **{"data-drop-view": view.name, "aria-label": label})  # fmt: skip
    return html.Span([button, drop], role="presentation")


def text_field(words: Words) -> html.Label:
    """Searches as one types; the browser writes it into the address."""
    return html.Label(
        [
            parts.icon("search"),
            html.Span(words("case_filter.text"), className="sr"),
            dcc.Input(
                type="search",
                id="case-text",
                placeholder=words("case_filter.text"),
                autoComplete="off",
            ),
        ],
        className="field case-text",
        **{"data-key": "F"},
    )


def chips(filters: Filters, words: Words) -> list[Any]:
    """The filters as chips."""
    flags = [flag(name, is_on, words) for name, is_on in filters.flags.items()]
    clear = html.Button(words("cases.clear"), type="button", className="button is-quiet is-small",
                        **{"data-clear": "1"})  # fmt: skip
    save = html.Button(words("cases.save_view"), type="button",
                       className="button is-quiet is-small", **{"data-save-view": "1"})  # fmt: skip
    rest = [clear, save] if filters.is_any_set else []
    order = html.Span(words("cases.order"), className="meta case-order")
    chosen = [select(one, words) for one in filters.choices]
    return [*chosen, *flags, *rest, html.Span(className="spacer"), order]


def select(choices: Choices, words: Words) -> html.Label:
    """One filter: a list of values that looks like a chip."""
    name = words(f"case_filter.{choices.name}")
    options = [html.Option(name, value="", selected=not choices.chosen)]
    options += [html.Option(label, value=value, selected=value == choices.chosen)
                for value, label in choices.options]  # fmt: skip
    control = html.Select(options, key=choices.chosen, name=choices.name,
                          **{"data-filter": choices.name, "aria-label": name})  # fmt: skip
    return html.Label(control, className="chip case-select" + (" is-on" if choices.chosen else ""))


def flag(name: str, is_on: bool, words: Words) -> html.Button:
    """A filter that is on or off."""
    attributes: dict[str, Any] = {"data-flag": name, "aria-pressed": str(is_on).lower()}
    return html.Button(
        words(f"case_filter.is_{name}"), type="button", className="chip", **attributes
    )


def grid(words: Words) -> dag.AgGrid:
    """Rows come in blocks as they are scrolled to; nothing is sorted or filtered in the browser."""
    return dag.AgGrid(
        id=case_ids.GRID,
        rowModelType="infinite",
        getRowId="params.data.id",
        columnDefs=[column(*one, words) for one in COLUMNS],
        defaultColDef={"sortable": False, "resizable": False, "suppressMovable": True,
                       "suppressHeaderMenuButton": True},
        dashGridOptions={
            "theme": {"function": THEME},
            "cacheBlockSize": BLOCK,
            "maxBlocksInCache": 8,
            "maxConcurrentDatasourceRequests": 1,
            "infiniteInitialRowCount": 1,
            "rowBuffer": 4,
            "animateRows": False,
            "suppressCellFocus": False,
            "suppressNoRowsOverlay": True,
            "rowSelection": {"mode": "multiRow", "checkboxes": True, "headerCheckbox": False,
                             "enableClickSelection": False},
            "selectionColumnDef": {"width": 38, "suppressHeaderMenuButton": True},
            "getRowClass": {"function": "caseRowClass(params)"},
            "localeText": {"loadingOoo": "…"},
        },
        style={"height": "100%", "width": "100%"},
    )  # fmt: skip


def column(name: str, width: int, cell: str, may_go: bool, words: Words) -> dict[str, Any]:
    """One column."""
    wider = 0 if words.lang == "zh" else WIDER.get(name, 0)
    size: dict[str, Any] = {"width": width + wider} if width else {"flex": 1, "minWidth": 150}
    return {
        "field": name,
        "colId": name,
        "headerName": words(f"case_column.{name}"),
        "cellRenderer": cell,
        "cellClass": f"case-cell is-{name}",
        "context": {"may_go": may_go},
        **size,
    }


def foot(words: Words) -> html.Div:
    """How many there are, what waits above, the keys."""
    keys = [("J", "K"), ("↵",), ("Space",)]
    hints = [parts.keycap(one) for pair in keys for one in pair]
    return html.Div(
        [
            html.Span(id=case_ids.COUNT, className="num"),
            html.Span(words("cases.live"), className="case-live"),
            html.Span(id=case_ids.FRESH),
            html.Span(className="spacer"),
            html.Span(hints, className="hints", **{"aria-hidden": "true"}),
        ],
        className="panel-foot",
    )


def fresh(count: int, words: Words) -> list[Any]:
    """What came since the list was put in order; U shows it."""
    if not count:
        return []
    label = words("cases.new_above", n=count)
    return [html.Button([f"↑ {label}", parts.keycap("U")], type="button", className="case-fresh",
                        **{"data-key": "U", "data-renew": "1"})]  # fmt: skip


def nothing(is_filtered: bool, view: str, has_any: bool, words: Words) -> Any:
    """Says whether the filters or the city are empty."""
    said = (
        parts.empty(words("cases.none", view=view), words("cases.none_hint"))
        if has_any
        else parts.empty(words("cases.none_at_all"), words("cases.none_at_all_hint"))
    )
    clear = html.Button(words("cases.clear"), type="button", className="button",
                        **{"data-clear": "1"})  # fmt: skip
    shown = [said, clear] if is_filtered and has_any else [said]
    return html.Div(shown, className="case-none")
