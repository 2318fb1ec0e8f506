"""交接班 Handover: what is open at the change of shift, signed by both, kept and printable."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dash import dcc, html

from city.handover import ORDERS_MOST, Part, Stand
from layouts import ids, parts
from layouts.parts import icon, keycap
from layouts.shell import City, shell
from layouts.words import Words

PATH = "/handover"


@dataclass(frozen=True, slots=True)
class LineView:
    """One line of the sheet, said."""

    title: str
    place: str = ""
    level: int = 0
    at: str = ""
    note: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class SignatureView:
    """A name under the sheet."""

    name: str
    post: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetView:
    """A sheet: the draft of now, or one that was signed."""

    lines: Mapping[Part, Sequence[LineView]]
    at: str  # when it was taken
    number: int = 0  # 0: not signed yet
    stand: Stand | None = None
    orders: str = ""
    leaving: SignatureView | None = None
    incoming: SignatureView | None = None
    is_mine: bool = False  # this seat signed it


@dataclass(frozen=True, slots=True)
class PastRow:
    """One handover of the history."""

    number: int
    names: str
    at: str
    stand: Stand
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class HandoverView:
    """What the page shows."""

    sheet: SheetView
    past: Sequence[PastRow] = field(default=())


def page(city: City, words: Words) -> html.Div:
    """The whole page."""
    shown = [html.Div(id=ids.HANDOVER_SHEET, className="handover-sheet"), form(words)]
    main = html.Main(
        [
            html.Section(
                [*shown, desk_form(words)],
                className="handover-main",
                **{"data-region": "handover"},
            ),
            history(words),
        ],
        id="main",
        className="main handover",
    )
    return shell(city, words("handover.title"), words("handover.small"), main, words)


def history(words: Words) -> html.Aside:
    """The handovers before."""
    return html.Aside(
        [
            parts.panel_head(words("handover.history"), ""),
            html.Div(id=ids.HANDOVER_PAST, className="panel-body"),
        ],
        className="panel handover-past",
        **{"data-region": "history", "aria-label": words("handover.history")},
    )


def form(words: Words) -> html.Div:
    """What the leaving seat writes and signs; shown only while nothing is signed."""
    label = html.Label(words("handover.orders"), htmlFor=ids.HANDOVER_ORDERS)
    text = dcc.Textarea(
        id=ids.HANDOVER_ORDERS,
        placeholder=words("handover.orders_hint"),
        maxLength=ORDERS_MOST,
        rows=4,
        className="handover-orders",
    )
    return html.Div(
        [label, text, html.Div([printer(words), action("sign", "Enter", words)], className="acts")],
        id=ids.HANDOVER_FORM,
        className="handover-form is-empty",
    )


def desk_form(words: Words) -> html.Div:
    """The incoming person signs at the same desk, by password; shown while it waits for one."""
    account = dcc.Input(
        id=ids.HANDOVER_ACCOUNT, type="text", autoComplete="off", className="sheet-input",
        placeholder=words("handover.account"),
    )  # fmt: skip
    password = dcc.Input(
        id=ids.HANDOVER_PASSWORD, type="password", autoComplete="off", className="sheet-input",
        placeholder=words("handover.password"),
    )  # fmt: skip
    return html.Div(
        [
            html.P(words("handover.desk_note"), className="meta"),
            html.Div([account, password, action("desk", "", words)], className="acts"),
        ],
        id=ids.HANDOVER_DESK,
        className="handover-desk is-empty",
    )


def action(name: str, key: str, words: Words) -> html.Button:
    """A button of the page."""
    label = [words(f"handover.{name}"), *([keycap(key)] if key and len(key) == 1 else [])]
    style = "button" if name == "withdraw" else "button is-primary"
    return html.Button(label, id=ids.handover(name), type="button", className=style)


def printer(words: Words) -> html.Button:
    """Onto paper."""
    attributes: dict[str, Any] = {"data-print": "", "data-key": "P"}
    label = [icon("print"), words("handover.print"), keycap("P")]
    return html.Button(label, type="button", className="button", **attributes)


def sheet(view: SheetView, words: Words) -> list[Any]:
    """The sheet as it is read and printed."""
    return [
        head(view, words),
        *(part(one, view.lines.get(one, ()), words) for one in Part),
        *orders(view, words),
        *([signatures(view, words), steps(view, words)] if view.number else []),
    ]


def head(view: SheetView, words: Words) -> html.Div:
    """Which one it is, how it stands, of when."""
    number = words("handover.number", n=view.number) if view.number else words("handover.draft")
    stand = words(f"handover.stand_{view.stand or 'draft'}")
    return html.Div(
        [
            html.H2(number),
            html.Span(stand, className=f"tag is-{view.stand or 'draft'}"),
            html.Span(className="spacer"),
            html.Span(words("handover.as_of", at=view.at), className="meta num"),
        ],
        className="handover-head",
    )


def part(name: Part, lines: Sequence[LineView], words: Words) -> html.Section:
    """One list of the sheet; that it is empty is said too."""
    title = html.H3([words(f"handover.part_{name}"), html.B(f"{len(lines):,}", className="num")])
    if not lines:
        nothing = html.P(words(f"handover.none_{name}"), className="meta")
        return html.Section([title, nothing], className="handover-part")
    rows = html.Tbody([line(one, words) for one in lines])
    return html.Section([title, html.Table(rows, className="table")], className="handover-part")


def line(one: LineView, words: Words) -> html.Tr:
    """One line."""
    name = html.A(one.title, href=one.href) if one.href else one.title
    return html.Tr(
        [
            html.Td(parts.mark(one.level, words) if one.level else ""),
            html.Td([html.Div(name, className="value"), html.Div(one.place, className="meta")]),
            html.Td(one.note),
            html.Td(one.at, className="is-number num"),
        ]
    )


def orders(view: SheetView, words: Words) -> list[Any]:
    """Special orders, once they are signed."""
    if not view.number:
        return []
    said = html.P(view.orders or words("handover.no_orders"), className="handover-said")
    title = html.H3(words("handover.orders"))
    return [html.Section([title, said], className="handover-part")]


def signatures(view: SheetView, words: Words) -> html.Div:
    """Both names, or whose is missing."""
    return html.Div(
        [
            signature(words("handover.leaving"), view.leaving, words),
            signature(words("handover.incoming"), view.incoming, words),
        ],
        className="handover-signatures",
    )


def signature(post: str, one: SignatureView | None, words: Words) -> html.Div:
    """One name with its post and time."""
    if one is None:
        missing = html.Span(words("handover.unsigned"), className="meta")
        return html.Div([html.Span(post, className="meta"), missing], className="is-missing")
    said = html.Span(f"{one.post} · {one.at}", className="meta num")
    return html.Div([html.Span(post, className="meta"), html.Strong(one.name), said])


def steps(view: SheetView, words: Words) -> html.Div:
    """What this seat may do with a signed sheet."""
    waits = view.stand is Stand.SIGNED
    name = "withdraw" if view.is_mine else "confirm"
    buttons = [action(name, "", words)] if waits else []
    return html.Div([printer(words), *buttons], className="acts")


def past(rows: Sequence[PastRow], words: Words) -> Any:
    """The history; each opens its sheet."""
    now = html.A(words("handover.now"), href=PATH, className="past-row")
    if not rows:
        return [now, parts.empty(words("handover.no_history"))]
    return [now, *(past_row(one, words) for one in rows)]


def past_row(one: PastRow, words: Words) -> html.A:
    """One handover."""
    here: dict[str, Any] = {"aria-current": "page"} if one.is_open else {}
    return html.A(
        [
            html.B(words("handover.number", n=one.number), className="num"),
            html.Span(one.names, className="clip"),
            html.Span(words(f"handover.stand_{one.stand}"), className=f"tag is-{one.stand}"),
            html.Span(one.at, className="meta num"),
        ],
        href=f"{PATH}/{one.number}",
        className="past-row is-current" if one.is_open else "past-row",
        **here,
    )
