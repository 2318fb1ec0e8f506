"""The right column of dispatch: ranked units with reasons, tasks of the plan, and what is sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dash import html

from layouts import dispatch_ids, parts
from layouts.deadlines import Deadline
from layouts.dispatch_lists import PickPanel
from layouts.figures import NONE
from layouts.words import Words

MINUTE_S = 60
KM = 1000
NEAR_M = 950
Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseHead:
    """The case that is open, in plain values."""

    id: str
    version: int
    level: int
    title: str
    meta: str
    pos: tuple[float, float] | None
    deadline: Deadline | None = None
    deadline_label: str = ""
    arrive_by: str = ""
    can_send: bool = False
    can_return: bool = False
    why_not: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PickRow:
    """A candidate in plain values; bars are shares, full is better."""

    unit: str
    name: str
    what: str
    org: str
    department: str
    eta_s: float
    distance_m: float
    by_road: bool
    bars: Sequence[tuple[str, float]] = ()  # name of a word, share
    reasons: Sequence[str] = ()
    caveats: Sequence[str] = ()
    pos: tuple[float, float] | None = None
    skills: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    """A task of the plan, or of the case, in plain values."""

    id: str
    role: str  # lead, co, territorial
    text: str
    who: str
    department: str = ""
    unit: str = ""  # name of the unit that has it
    limits: str = ""
    waits_for: str = ""
    state: str = "open"  # open, sent, done
    skills: frozenset[str] = frozenset()
    checklist: Sequence[tuple[str, bool, str]] = ()  # text, ticked, by whom
    deeds: Sequence[tuple[str, str]] = ()  # word, label


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRow:
    """An order under way, in plain values; `moves` are what this seat may do with it."""

    id: str
    unit: str
    name: str
    glyph: str
    said: str
    state: str = ""  # is-near, is-overdue, is-done
    since_ms: int | None = None
    answer_by_ms: int | None = None
    is_open: bool = True
    how: str = ""  # who said so: the device, the movement, by hand
    moves: Sequence[tuple[str, str]] = ()  # word, label


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """Everything about the open case."""

    head: CaseHead | None = None
    stamp: str = ""  # moves when rings and routes are to be drawn anew
    rows: Sequence[PickRow] = ()
    left_out: Sequence[tuple[str, str, str]] = ()  # unit, why, sentence
    left_out_counts: Sequence[tuple[str, int]] = ()  # why in words, how many
    computed: int = 0
    took_ms: float = 0
    rules: str = ""
    tasks: Sequence[TaskRow] = ()
    plan: str = ""  # id of the plan that is shown
    plans: Sequence[tuple[str, str]] = ()  # id, label
    plan_started: bool = False
    may_start: bool = False
    points: Sequence[str] = ()
    points_from: str = ""
    orders: Sequence[OrderRow] = ()
    notes: Sequence[tuple[str, str, str]] = ()  # when, who, text
    cameras: Sequence[Mapping[str, Any]] = ()
    resources: Sequence[Json] = ()
    notice: str = ""
    no_candidate: Sequence[str] = ()
    joint: Sequence[Json] = ()
    what_if: frozenset[str] = field(default_factory=frozenset)
    answer_within_s: int = 60


def panel(words: Words) -> html.Aside:
    """The docked column."""
    return html.Aside(
        PickPanel(id=dispatch_ids.PICK, data=nothing(words)),
        className="panel pick",
        **{"data-region": "pick", "aria-label": words("dispatch.pick")},
    )


def nothing(words: Words) -> Json:
    """Before a case is chosen."""
    empty = [words("dispatch.choose"), words("dispatch.choose_hint")]
    return {"head": None, "empty": empty, "texts": texts(words)}


def missing(case_id: str, words: Words) -> Json:
    """A case that is not there, or not this seat's."""
    empty = [words("case.missing", id=case_id), ""]
    return {"head": None, "empty": empty, "texts": texts(words)}


def shown(pick: Pick, words: Words) -> Json:
    """What the browser draws, every text said."""
    return {
        "head": head(pick.head, words) if pick.head else None,
        "stamp": pick.stamp,
        "computed": words("dispatch.computed", n=f"{pick.computed:,}", ms=round(pick.took_ms)),
        "rules": pick.rules,
        "rows": [row(one, words) for one in pick.rows],
        "none": list(pick.no_candidate),
        "notice": pick.notice,
        "whatIf": sorted(pick.what_if),
        "leftOut": left_out(pick, words),
        "tasks": [task(one, words) for one in pick.tasks],
        "plan": {"id": pick.plan, "started": pick.plan_started, "mayStart": pick.may_start,
                 "options": [list(one) for one in pick.plans]},
        "points": list(pick.points),
        "pointsFrom": pick.points_from,
        "orders": [order(one) for one in pick.orders],
        "notes": [list(one) for one in pick.notes],
        "cameras": [dict(one) for one in pick.cameras],
        "resources": list(pick.resources),
        "joint": list(pick.joint),
        "empty": [],
        "texts": texts(words) | {"sendNote": words("dispatch.send_note", s=pick.answer_within_s)},
    }  # fmt: skip


def head(case: CaseHead, words: Words) -> Json:
    """The card over the map."""
    level = words("inspector.level", level=parts.ROMAN[case.level]) if case.level else ""
    return {
        "id": case.id,
        "version": case.version,
        "level": case.level,
        "levelSaid": level,
        "title": case.title,
        "meta": case.meta,
        "pos": list(case.pos) if case.pos else None,
        "deadline": case.deadline.plain if case.deadline else None,
        "deadlineLabel": case.deadline_label,
        "arriveBy": case.arrive_by,
        "can": case.can_send,
        "canReturn": case.can_return,
        "whyNot": case.why_not,
    }


def row(one: PickRow, words: Words) -> Json:
    """One candidate."""
    figure, unit = eta(one.eta_s, words)
    return {
        "unit": one.unit,
        "name": one.name,
        "what": one.what,
        "org": one.org,
        "department": one.department,
        "skills": sorted(one.skills),
        "eta": figure,
        "etaUnit": unit,
        "etaS": round(one.eta_s),
        "distance": distance(one.distance_m) + ("" if one.by_road else words("dispatch.straight")),
        "byRoad": one.by_road,
        "bars": [{"label": words(f"dispatch.bar_{name}"), "share": round(share * 100)}
                 for name, share in one.bars],
        "why": [*one.reasons, *one.caveats],
        "caveats": len(one.caveats),
        "pos": list(one.pos) if one.pos else None,
    }  # fmt: skip


def left_out(pick: Pick, words: Words) -> Json:
    """Who is not among them, and why."""
    counts = " · ".join(f"{why} {n:,}" for why, n in pick.left_out_counts)
    total = sum(n for _, n in pick.left_out_counts)
    text = words("dispatch.left_out", n=f"{total:,}", why=counts) if total else ""
    return {"text": text, "rows": [list(one) for one in pick.left_out]}


def task(one: TaskRow, words: Words) -> Json:
    """One task."""
    return {
        "id": one.id,
        "role": one.role,
        "roleSaid": words(f"dispatch.role_{one.role}"),
        "text": one.text,
        "who": one.who,
        "department": one.department,
        "unit": one.unit,
        "limits": one.limits,
        "waits": words("dispatch.waits", what=one.waits_for) if one.waits_for else "",
        "state": one.state,
        "skills": sorted(one.skills),
        "checklist": [list(item) for item in one.checklist],
        "deeds": [list(deed) for deed in one.deeds],
    }


def order(one: OrderRow) -> Json:
    """One order."""
    return {
        "id": one.id,
        "unit": one.unit,
        "name": one.name,
        "glyph": one.glyph,
        "said": one.said,
        "state": one.state,
        "since": one.since_ms,
        "answerBy": one.answer_by_ms,
        "isOpen": one.is_open,
        "how": one.how,
        "moves": [list(move) for move in one.moves],
    }


def eta(seconds: float, words: Words) -> tuple[str, str]:
    """`6 分`, `40 秒`; never 0 minutes."""
    if seconds == float("inf"):
        return NONE, ""
    if seconds < MINUTE_S:
        return str(max(1, round(seconds))), words("dispatch.seconds")
    return str(round(seconds / MINUTE_S)), words("dispatch.minutes")


def distance(metres: float) -> str:
    """`3.2 km`, `640 m`."""
    if metres < NEAR_M:
        return f"{round(metres / 10) * 10} m"
    return f"{metres / KM:.1f} km"


TEXTS = (
    "pick", "pick_small", "tasks", "tasks_small", "orders", "orders_small", "notes", "note_field",
    "note_add", "choose_unit", "send", "send_units", "send_tasks", "send_lead", "return",
    "undo_hint", "sent", "undo", "undone", "left_out_close", "no_unit", "what_if", "widen",
    "any_skill", "open_roads",
    "straight_line", "recall", "next_up", "unanswered", "reason_return",
    "reason_refuse", "reason_recall", "computing", "cameras", "camera_open", "resources",
    "add_unit",
    "start_plan", "plan", "no_plan", "assigned_to", "answer_in", "sending", "gone", "joint",
    "joint_gain", "joint_take", "already", "map_help", "drop_send", "checklist", "arrive_by",
    "close_reason", "reason_skip", "more_rows", "redirect_to",
    "no_other_case", "closures", "lift", "lift_reason",
)  # fmt: skip


def texts(words: Words) -> Json:
    """What the browser says by itself."""
    return {name: words(f"dispatch.{name}") for name in TEXTS}
