"""The board of units: columns by status, time in status, what is over its limit."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dash import html

from layouts import dispatch_ids, parts
from layouts.dispatch_lists import UnitBoard
from layouts.words import Words

MOST_CARDS = 40  # of a column; the rest is counted
# Lane, its sign on cards and map, the base types of status in it.
LANES: tuple[tuple[str, frozenset[str]], ...] = (
    ("available", frozenset({"available"})),
    ("assigned", frozenset({"assigned"})),
    ("en_route", frozenset({"en_route"})),
    ("on_scene", frozenset({"on_scene"})),
    ("returning", frozenset({"returning"})),
    ("busy", frozenset({"busy"})),
    ("rest", frozenset({"off_duty", ""})),
    ("lost", frozenset({"out_of_contact"})),
)
FREE = ("available", "returning")
Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitCard:
    """A unit in plain values."""

    id: str
    name: str
    what: str  # its task, or what it is
    status: str  # base type
    since_ms: int | None = None
    warn_s: float | None = None  # of the time in this status
    alert_s: float | None = None
    pos: tuple[float, float] | None = None
    department: str = ""
    can_send: bool = False
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """All units of a seat, and which departments are shown."""

    units: Sequence[UnitCard] = ()
    departments: Sequence[tuple[str, str, int]] = ()  # code, name, units
    chosen: frozenset[str] = frozenset()
    newest_ms: int | None = None


def panel(words: Words) -> html.Section:
    """The docked board."""
    heading = html.H2([words("dispatch.board"), html.Small(words("dispatch.board_small"))],
                      className="panel-title")  # fmt: skip
    chips = html.Div(className="board-chips", **{"data-board": "chips"})
    foot = html.Span(
        [words("dispatch.board_note"), " · ",
         html.Span("", className="num", **{"data-board": "age"})],
        className="meta board-note",
    )  # fmt: skip
    return html.Section(
        [
            html.Div([heading, chips, html.Span(className="spacer"), foot],
                     className="panel-head"),
            UnitBoard(id=dispatch_ids.BOARD, data=None),
        ],
        className="panel board",
        **{"data-region": "board", "aria-label": words("dispatch.board")},
    )  # fmt: skip


def lane_of(status: str) -> str:
    """The column of a base type; what nobody knows rests."""
    return next((lane for lane, states in LANES if status in states), "rest")


def shown(board: Board, words: Words) -> Json:
    """What the browser draws, every text said."""
    seen = [one for one in board.units if not board.chosen or one.department in board.chosen]
    return {
        "lanes": [lane(name, seen, words) for name, _ in LANES],
        "chips": [
            {"code": code, "name": name, "count": count, "on": code in board.chosen}
            for code, name, count in board.departments
        ],
        "units": [on_map(one, words) for one in seen if one.pos],
        "newest": board.newest_ms,
        "texts": {
            "age": words("dispatch.board_age"),
            "none": words("dispatch.board_none"),
            "noneHint": words("dispatch.board_none_hint"),
            "label": words("dispatch.board"),
            "all": words("dispatch.board_all"),
        },
    }


def lane(name: str, units: Sequence[UnitCard], words: Words) -> Json:
    """One column: those over their limit first, then the longest."""
    mine = [one for one in units if lane_of(one.status) == name]
    ordered = sorted(mine, key=lambda one: (one.since_ms or 0, one.id))
    rest = len(ordered) - MOST_CARDS
    return {
        "name": name,
        "glyph": words(f"unit_glyph.{name}"),
        "label": words(f"unit_lane.{name}"),
        "count": len(ordered),
        "more": words("dispatch.board_more", n=rest) if rest > 0 else "",
        "cards": [card(one, words) for one in ordered[:MOST_CARDS]],
    }


def card(unit: UnitCard, words: Words) -> Json:
    """One card; its time ticks in the browser."""
    status = words(f"unit_lane.{lane_of(unit.status)}")
    return {
        "id": unit.id,
        "name": unit.name,
        "what": unit.what,
        "since": unit.since_ms,
        "warn": unit.warn_s,
        "alert": unit.alert_s,
        "can": unit.can_send,
        "title": unit.title or unit.name,
        "said": ", ".join(filter(None, (unit.name, status, unit.what))),
    }


def on_map(unit: UnitCard, words: Words) -> Json:
    """The same unit on the map."""
    name = lane_of(unit.status)
    return {
        "id": unit.id,
        "name": unit.name,
        "glyph": words(f"unit_glyph.{name}"),
        "pos": list(unit.pos or ()),
        "dim": unit.status not in FREE,
    }


def away(text: str, hint: str) -> html.Div:
    """Why there is no board."""
    return parts.empty(text, hint)
