"""The alarm queue: grouped by level, what nobody has acknowledged first, each row one cause."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dash import dcc, html

from layouts import ids, parts
from layouts.alarm_list import AlarmList
from layouts.panels import things
from layouts.parts import ROMAN, keycap
from layouts.words import Words

LEVELS = (1, 2, 3, 4)
TABS = ("active", "mine", "shelved", "cleared")
MOST_ROWS = 300
HINTS = (("↑", ""), ("↓", "choose"), ("A", "acknowledge"), ("L", "file"), ("S", "shelve"))
Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmRow:
    """One row, in plain values."""

    id: str
    level: int
    title: str
    place: str
    since_ms: int  # when it was raised, or what the age of the tab counts from
    thing: str = ""
    sources: Sequence[tuple[str, int]] = ()  # kind of source (sensor, camera …) and how many
    merged: int = 0  # how many alarms of the same cause lie under it
    times: int = 1  # episodes: above 1 it came and went
    owner: str = ""
    is_acknowledged: bool = False
    is_cleared: bool = False
    is_escalated: bool = False
    note: str = ""  # until when it is shelved, its case
    is_ticking: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """What a tab shows, and the figures around it."""

    rows: Sequence[AlarmRow]
    tab: str = "active"
    levels: frozenset[int] = frozenset()  # none: all of them
    counts: Mapping[str, int] = field(default_factory=dict)  # per tab
    totals: Mapping[int, tuple[int, int]] = field(default_factory=dict)  # unacknowledged, all
    more: int = 0  # rows that are not among these
    last_acknowledged: str = ""
    load: int = 0  # alarms of the last ten minutes for this seat
    limit: int = 10
    may_acknowledge: bool = True


def panel(words: Words) -> html.Section:
    """The docked queue, with the list of things as its last tab."""
    return html.Section(
        [head(words), tab_row(words), alarms_body(words), things.body(words)],
        className="panel queue",
        **{"data-region": "queue", "data-list": "active", "aria-label": words("alarms.title")},
    )


def head(words: Words) -> html.Div:
    """Title, how many wait, and what is done to all of them."""
    waiting = html.Span(
        [words("alarms.unacknowledged"), html.B("—", className="num", **{"data-queue": "waiting"})],
        className="queue-waiting meta",
    )
    return parts.panel_head(words("alarms.title"), words("alarms.small"), waiting)


def tab_row(words: Words) -> html.Div:
    """What is seen of all alarms; assets/queue-view.js turns the tabs."""
    tabs = [tab(name, name == "active", words) for name in (*TABS, "things")]
    return html.Div(tabs, className="queue-tabs", role="tablist",
                    **{"aria-label": words("alarms.tabs")})  # fmt: skip


def tab(name: str, is_on: bool, words: Words) -> html.Button:
    """One tab with its count."""
    attributes: dict[str, Any] = {"data-list": name, "aria-selected": str(is_on).lower()}
    count = (
        html.B(id=ids.THINGS_COUNT, className="num")
        if name == "things"
        else html.B("", className="num", **{"data-queue": name})
    )
    label = words(f"alarms.tab_{name}")
    return html.Button([label, count], type="button", role="tab", **attributes)


def alarms_body(words: Words) -> html.Div:
    """Load, notices, rows, keys."""
    return html.Div(
        [
            load_meter(words),
            flood_banner(words),
            level_filter(words),
            AlarmList(id=ids.QUEUE, data=None, chosen=None),
            hints(words),
            dcc.Store(id=ids.QUEUE_VIEW, data={"tab": "active", "levels": []}),
            dcc.Store(id=ids.BULK),
        ],
        className="queue-alarms",
    )


def load_meter(words: Words) -> html.Div:
    """Alarms of this seat in ten minutes against what one person can take."""
    bar = html.Span(html.I(**{"data-queue": "load-bar"}), className="meter")
    figure: dict[str, Any] = {"data-queue": "load"}
    return html.Div(
        [html.Span(words("alarms.load")), bar, html.Span("—", className="num value", **figure)],
        className="queue-load meta",
        title=words("alarms.load_title"),
    )


def flood_banner(words: Words) -> html.Div:
    """More than a person can take: what is offered then."""
    worst: dict[str, Any] = {"data-levels": "1 2"}
    return html.Div(
        [
            html.Strong(words("alarms.flood")),
            html.Span("", className="meta", **{"data-queue": "flood"}),
            html.Button(words("alarms.flood_worst"), type="button", className="chip", **worst),
        ],
        className="queue-flood",
        role="status",
        hidden=True,
    )


def level_filter(words: Words) -> html.Div:
    """Says that not all levels are shown, and shows them again."""
    every: dict[str, Any] = {"data-levels": ""}
    return html.Div(
        [
            html.Span("", **{"data-queue": "levels"}),
            html.Button(words("alarms.every_level"), type="button", className="chip", **every),
        ],
        className="queue-filter meta",
        hidden=True,
    )


def hints(words: Words) -> html.Div:
    """The keys of the queue, and how many rows are left out."""
    keys = [[keycap(key), words(f"alarms.key_{word}") if word else ""] for key, word in HINTS]
    shown = html.Span("", className="num", **{"data-queue": "foot"})
    return html.Div(
        [*(part for pair in keys for part in pair), html.Span(className="spacer"), shown],
        className="panel-foot queue-hints",
    )


def level_counts(counts: Sequence[int], words: Words) -> list[html.Button]:
    """How many alarms of each level wait, the worst first; pressed, only they are shown."""
    return [level_count(level, count, words) for level, count in enumerate(counts, 1)]


def level_count(level: int, count: int, words: Words) -> html.Button:
    """One level."""
    said = words("topbar.count", level=ROMAN[level], n=count)
    return html.Button(
        [parts.mark(level, words), html.B(f"{count:,}", className="num")],
        type="button",
        className="level-count",
        title=said,
        **{"data-levels": str(level), "aria-label": said, "aria-pressed": "false"},
    )


def shown(queue: Queue, words: Words) -> Json:
    """What the browser draws, every text said."""
    rows = list(queue.rows[:MOST_ROWS])
    return {
        "tab": queue.tab,
        "levels": sorted(queue.levels),
        "groups": [group(level, rows, queue, words) for level in LEVELS
                   if any(row.level == level for row in rows)],
        "empty": None if rows else nothing(queue, words),
        "counts": {name: f"{queue.counts.get(name, 0):,}" for name in TABS},
        "waiting": f"{sum(waiting for waiting, _ in queue.totals.values()):,}",
        "load": load(queue, words),
        "foot": foot(queue, words),
        "texts": texts(words),
    }  # fmt: skip


def texts(words: Words) -> Json:
    """What the browser says by itself: how many new rows wait, and of which level."""
    return {
        "fresh": words("alarms.fresh"),
        "levels": words("alarms.only_levels"),
        "label": words("alarms.title"),
        "again": words("alarms.again"),
    }


def group(level: int, rows: Iterable[AlarmRow], queue: Queue, words: Words) -> Json:
    """One level: what it is called, how many wait, its rows."""
    waiting, of_all = queue.totals.get(level, (0, 0))
    can_all = queue.tab == "active" and queue.may_acknowledge and waiting > 1
    return {
        "level": level,
        "label": words("inspector.level", level=ROMAN[level]),
        "word": words(f"alarms.level_{level}"),
        "sum": words("alarms.group_sum", waiting=f"{waiting:,}", all=f"{of_all:,}"),
        "all": words("alarms.acknowledge_all", n=waiting) if can_all else "",
        "rows": [shown_row(row, words) for row in rows if row.level == level],
    }


def shown_row(row: AlarmRow, words: Words) -> Json:
    """One row as the browser draws it."""
    return {
        "id": row.id,
        "thing": row.thing,
        "level": row.level,
        "title": row.title,
        "place": row.place,
        "since": row.since_ms if row.is_ticking else None,
        "sources": [[name, count, words(f"alarms.source_{name}", n=count)]
                    for name, count in row.sources],
        "merged": words("alarms.merged", n=row.merged) if row.merged else "",
        "times": f"×{row.times}" if row.times > 1 else "",
        "owner": row.owner,
        "note": row.note or (words("alarms.cleared") if row.is_cleared else ""),
        "state": state(row),
        "said": said(row, words),
    }  # fmt: skip


def state(row: AlarmRow) -> str:
    """The classes of a row."""
    names = ["is-acknowledged" if row.is_acknowledged else "is-unacknowledged"]
    names += ["is-cleared"] * row.is_cleared + ["is-escalated"] * row.is_escalated
    return " ".join(names)


def said(row: AlarmRow, words: Words) -> str:
    """What is read aloud: level, what, where, whether somebody has it."""
    have = "alarms.said_acknowledged" if row.is_acknowledged else "alarms.said_waiting"
    level = words("inspector.level", level=ROMAN[row.level])
    return ", ".join(filter(None, (level, row.title, row.place, words(have))))


def load(queue: Queue, words: Words) -> Json:
    """The meter: its share of the limit, its text, whether it is too much."""
    return {
        "share": min(1.0, queue.load / queue.limit) if queue.limit else 0.0,
        "text": words("alarms.load_text", n=queue.load, limit=queue.limit),
        "is_flood": queue.load > queue.limit,
        "flood": words("alarms.flood_text", n=queue.load, limit=queue.limit),
    }


def nothing(queue: Queue, words: Words) -> Json:
    """Says whether a filter, or the city, is empty."""
    if queue.levels:
        return {"text": words("alarms.none_level"), "hint": words("alarms.none_level_hint")}
    text = words(f"alarms.none_{queue.tab}")
    if queue.tab == "active" and queue.last_acknowledged:
        return {"text": text, "hint": words("alarms.last", at=queue.last_acknowledged)}
    return {"text": text, "hint": words(f"alarms.none_{queue.tab}_hint")}


def forbidden(who: str, words: Words) -> Json:
    """For a seat that does not see alarms: who does."""
    hint = {"text": words("alarms.forbidden"), "hint": words("alarms.only_seen_by", who=who)}
    return {**shown(Queue(rows=()), words), "empty": hint}


def foot(queue: Queue, words: Words) -> str:
    """That there is more than is drawn; nothing is dropped, the filters reach it."""
    more = queue.more + max(0, len(queue.rows) - MOST_ROWS)
    return words("alarms.more", n=f"{more:,}") if more > 0 else ""
