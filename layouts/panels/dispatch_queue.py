"""The left column of dispatch: cases that wait for a unit, and orders that are under way."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dash import html

from layouts import dispatch_ids, parts
from layouts.deadlines import Deadline
from layouts.dispatch_lists import WaitingQueue
from layouts.words import Words

TABS = ("waiting", "active")
SORTS = ("level", "due", "area")
Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitRow:
    """A case that waits for a unit."""

    id: str
    level: int
    title: str
    place: str
    sources: str
    since_ms: int  # when it began to wait
    deadline: Deadline | None = None
    area: str = ""
    watcher: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActiveRow:
    """A case with orders under way: each unit with its state."""

    id: str
    level: int
    title: str
    place: str
    units: Sequence[tuple[str, str, str, str]]  # name, glyph, state in words, class
    since_ms: int  # of the newest step
    answer_by_ms: int | None = None  # where an answer is waited for
    state: str = ""  # is-near, is-overdue, where somebody must look
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchQueue:
    """What the column shows."""

    waiting: Sequence[WaitRow] = ()
    active: Sequence[ActiveRow] = ()
    waiting_count: int = 0
    active_count: int = 0
    mean_s: float | None = None  # waiting time of today's dispatched cases


def panel(words: Words) -> html.Section:
    """The docked column."""
    return html.Section(
        [
            parts.panel_head(words("dispatch.waiting_title"), words("dispatch.waiting_small"),
                             order(words)),
            tab_row(words),
            WaitingQueue(id=dispatch_ids.QUEUE, data=None),
            hints(words),
        ],
        className="panel wait",
        **{"data-region": "waiting", "aria-label": words("dispatch.waiting_title")},
    )  # fmt: skip


def tab_row(words: Words) -> html.Div:
    """Waiting or under way (assets/dispatch-queue.js)."""
    tabs = [tab(name, name == "waiting", words) for name in TABS]
    mean = html.Span("", className="meta num wait-mean", **{"data-dispatch": "mean"})
    listed = html.Div(tabs, className="wait-tabs", role="tablist",
                      **{"aria-label": words("dispatch.tabs")})  # fmt: skip
    return html.Div([listed, html.Span(className="spacer"), mean], className="wait-bar")


def order(words: Words) -> html.Div:
    """How what waits is ordered."""
    sorts = [sort(name, name == "level", words) for name in SORTS]
    label: dict[str, Any] = {"aria-label": words("dispatch.sorts")}
    return html.Div(sorts, className="wait-sorts", role="group", **label)


def tab(name: str, is_on: bool, words: Words) -> html.Button:
    """One list with its count."""
    count = html.B("", className="num", **{"data-dispatch": name})
    attributes: dict[str, Any] = {"data-wait-tab": name, "aria-selected": str(is_on).lower()}
    label = words(f"dispatch.tab_{name}")
    return html.Button([label, count], type="button", role="tab", **attributes)


def sort(name: str, is_on: bool, words: Words) -> html.Button:
    """One order of the list."""
    attributes: dict[str, Any] = {"data-wait-sort": name, "aria-pressed": str(is_on).lower()}
    return html.Button(words(f"dispatch.sort_{name}"), type="button", **attributes)


def hints(words: Words) -> html.Div:
    """The keys of the list."""
    compute = html.Button([parts.keycap("D"), words("dispatch.key_compute")], type="button",
                          className="hint-button", **{"data-key": "D"})  # fmt: skip
    return_ = html.Button([parts.keycap("T"), words("dispatch.key_return")], type="button",
                          className="hint-button", **{"data-key": "T"})  # fmt: skip
    several = html.Button([parts.keycap("X"), words("dispatch.key_several")], type="button",
                          className="hint-button", **{"data-key": "X"})  # fmt: skip
    choose = [parts.keycap("↑"), parts.keycap("↓"), html.Span(words("dispatch.key_choose"))]
    return html.Div([*choose, compute, return_, several], className="panel-foot wait-hints")


def shown(queue: DispatchQueue, words: Words) -> Json:
    """What the browser draws, every text said."""
    mean = "" if queue.mean_s is None else words("dispatch.mean", span=spent(queue.mean_s, words))
    return {
        "waiting": [wait_row(one, words) for one in queue.waiting],
        "active": [active_row(one, words) for one in queue.active],
        "counts": {"waiting": f"{queue.waiting_count:,}", "active": f"{queue.active_count:,}"},
        "mean": mean,
        "empty": {
            "waiting": [words("dispatch.none_waiting"), words("dispatch.none_waiting_hint")],
            "active": [words("dispatch.none_active"), words("dispatch.none_active_hint")],
        },
        "texts": {"label": words("dispatch.waiting_title"), "answer": words("dispatch.answer_in")},
    }


def wait_row(row: WaitRow, words: Words) -> Json:
    """One case that waits."""
    level = words("inspector.level", level=parts.ROMAN[row.level]) if row.level else ""
    return {
        "id": row.id,
        "level": row.level,
        "title": row.title,
        "place": row.place,
        "sources": row.sources,
        "since": row.since_ms,
        "deadline": row.deadline.plain if row.deadline else None,
        "area": row.area,
        "watcher": row.watcher,
        "said": ", ".join(filter(None, (level, row.title, row.place))),
    }


def active_row(row: ActiveRow, words: Words) -> Json:
    """One case under way."""
    level = words("inspector.level", level=parts.ROMAN[row.level]) if row.level else ""
    units = [{"name": name, "glyph": glyph, "said": said, "state": state}
             for name, glyph, said, state in row.units]  # fmt: skip
    told = [f"{name} {said}" for name, _, said, _ in row.units]
    return {
        "id": row.id,
        "level": row.level,
        "title": row.title,
        "place": row.place,
        "units": units,
        "since": row.since_ms,
        "answerBy": row.answer_by_ms,
        "state": row.state,
        "note": row.note,
        "said": ", ".join(filter(None, (level, row.title, row.place, *told))),
    }


def spent(seconds: float, words: Words) -> str:
    """`2 分 31 秒`."""
    minutes, rest = divmod(round(seconds), 60)
    return words("dispatch.minutes_seconds", m=minutes, s=f"{rest:02}")
