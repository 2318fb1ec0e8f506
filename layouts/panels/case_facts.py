"""What is known of an open case: facts, evidence, tasks; the linked chart has its own box."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from dash import html

from city.cases import Case, Evidence, Task
from city.evidence import OTHER
from geo.points import Point, distance_m
from layouts import parts
from layouts.case_naming import Naming
from layouts.deadlines import moment
from layouts.figures import instant, number, position

PHOTOS = "image/"


def block(title: str, small: Any, *body: Any, name: str = "") -> html.Section:
    """A titled part of the panel."""
    head = html.Div([html.H3(title), html.Span(small, className="meta")], className="block-head")
    return html.Section([head, *body], className=f"block {name}".strip())


def facts(case: Case, naming: Naming, may_unmask: bool) -> html.Section:
    """Where, who told us, what was said, under which condition."""
    words = naming.words
    rows: list[tuple[str, Any]] = [
        (words("case.place"), place(case, naming)),
        (words("case.reporter"), reporter(case, words, may_unmask)),
        (words("case.condition"), condition(case, naming)),
    ]
    if case.description:
        rows.append((words("case.description"), case.description))
    return html.Section(parts.facts(rows), className="block case-facts")


def place(case: Case, naming: Naming) -> list[Any]:
    """District, position and cell, with the way to the map."""
    words = naming.words
    said = [naming.area(case.area)]
    if case.cell:
        said.append(f"{words('case.cell')} {case.cell}")
    if not case.pos:
        return [" · ".join(said)]
    lon, lat = case.pos
    thing = f"&thing={case.thing}" if case.thing else ""
    link = html.A(position(lon, lat), href=f"/situation?at={lon},{lat},16{thing}", className="num")
    return [" · ".join(said), " · ", link]


def reporter(case: Case, words: Any, may_unmask: bool) -> list[Any]:
    """Masked; in clear for a moment, with a reason, on record."""
    known = case.reporter
    said = " ".join(filter(None, (known.name, known.phone))) or words("case.no_reporter")
    if not may_unmask or not (known.name or known.phone):
        return [said]
    button = html.Button(words("case.unmask"), type="button", className="button is-quiet is-small",
                         **{"data-unmask": case.id})  # fmt: skip
    return [html.Span(said, className="case-reporter num"), " ", button]


def condition(case: Case, naming: Naming) -> list[Any]:
    """The filing condition, its limit, and where that limit comes from."""
    words = naming.words
    found = naming.condition(case)
    if found is None:
        return [case.condition or words("case.no_condition")]
    verified = words("case.verified" if found.origin.verified else "case.unverified")
    source = words("case.condition_source", edition=found.origin.edition,
                   source=found.origin.source, verified=verified)  # fmt: skip
    limit = html.Span(words("case.limit_of", limit=str(found.limit)), className="tag num",
                      title=source)  # fmt: skip
    return [naming.named(found), " ", limit]


def evidence(case: Case, naming: Naming, at: datetime, may_attach: bool) -> html.Section:
    """Photos by slot; a slot that must be filled and is not is hatched and named."""
    words = naming.words
    wanted = wanted_slots(case, naming)
    shots = [shot(case, one, naming, at) for one in case.evidence]
    shots += [empty_slot(slot, naming, may_attach) for slot in wanted]
    if may_attach:
        shots.append(attach(words("case.attach"), OTHER, "photo-add"))
    if not shots:
        none = html.P(words("case.evidence_none"), className="meta")
        return block(words("case.evidence"), "", none)
    count = f"{len(case.evidence)} / {len(case.evidence) + len(wanted)}"
    small = [html.Span(count, className="num"), " · ", words("case.evidence_masked")]
    return block(words("case.evidence"), small, html.Div(shots, className="photos"))


def attach(label: Any, slot: str, style: str) -> html.Button:
    """Takes a photo or file for a slot (assets/case-photos.js)."""
    return html.Button(label, type="button", className=style, **{"data-attach": slot})


def wanted_slots(case: Case, naming: Naming) -> list[str]:
    """Slots that must be filled before feedback and are not."""
    found = naming.condition(case)
    wanted = case.slots or (found.evidence if found else ())
    filled = {one.slot for one in case.evidence}
    return [slot for slot in dict.fromkeys(wanted) if slot not in filled]


def slot_name(slot: str, naming: Naming) -> str:
    """A slot of the filing standards, or one of ours."""
    pair = naming.profile.filing.evidence.get(slot)
    return naming.words.pick(*pair) if pair else naming.words.get(f"case_slot.{slot}", slot)


def shot(case: Case, one: Evidence, naming: Naming, at: datetime) -> html.Figure:
    """One photo or file, with its slot, its time, how far from the case it was taken."""
    href = f"/api/v1/cases/{case.id}/evidence/{one.digest}"
    slot = slot_name(one.slot, naming)
    said = one.caption or slot
    inner = picture(one, href, said)
    caption = [html.Span(instant(moment(one.taken_ms or one.at_ms), at)[:11], className="num"),
               html.Span(distance(case, one, naming.words))]  # fmt: skip
    link = html.A([inner, html.Span(slot, className="photo-slot")], href=href, target="_blank",
                  className="photo-link", **{"data-photo": one.digest})  # fmt: skip
    return html.Figure([link, html.Figcaption(caption)], className="photo", title=said)


def picture(one: Evidence, href: str, said: str) -> Any:
    """A photo as itself, another file by its type."""
    if one.media_type.startswith(PHOTOS):
        return html.Img(src=f"{href}?size=thumb", alt=said)
    return html.Span(one.media_type.rpartition("/")[2].upper(), className="photo-file")


def distance(case: Case, one: Evidence, words: Any) -> str:
    """How far from the case a photo was taken, where both places are known."""
    if not case.pos or not one.pos:
        return ""
    metres = distance_m(Point(*case.pos), Point(*one.pos))
    return words("case.evidence_m", m=number(round(metres), "m"))


def empty_slot(slot: str, naming: Naming, may_attach: bool) -> html.Figure:
    """A slot that must be filled."""
    is_needed = naming.profile.for_cases.bounds.evidence_needed
    word = naming.words("case.evidence_needed" if is_needed else "case.evidence_wanted")
    said = [html.B(slot_name(slot, naming)), html.Span(word)]
    style = "photo-wanted"
    inner = attach(said, slot, style) if may_attach else html.Div(said, className=style)
    return html.Figure(inner, className="photo is-wanted")


def tasks(case: Case, naming: Naming, at: datetime) -> Any:
    """Lead and co-units with what they have to do."""
    if not case.tasks:
        return None
    words = naming.words
    leads = sum(one.is_lead for one in case.tasks)
    count = words("case.tasks_count", lead=leads, co=len(case.tasks) - leads)
    rows = [task_row(one, naming, at) for one in ordered(case.tasks)]
    table = html.Table(html.Tbody(rows), className="table case-tasks")
    return block(words("case.tasks"), count, table)


def ordered(found: Sequence[Task]) -> list[Task]:
    """The lead first."""
    return sorted(found, key=lambda one: not one.is_lead)


def task_row(one: Task, naming: Naming, at: datetime) -> html.Tr:
    """One unit's share."""
    words = naming.words
    role = words("case.lead_task" if one.is_lead else "case.co_task")
    style = "tag is-accent" if one.is_lead else "tag"
    optional = [] if one.is_mandatory else [html.Span(words("case.optional"), className="meta")]
    done = instant(moment(one.done_ms), at) if one.done_ms else ""
    due = instant(moment(one.due_ms), at) if one.due_ms else ""
    return html.Tr(
        [
            html.Td(html.Span(role, className=style)),
            html.Td([html.Span(naming.department(one.department), className="value"), *optional]),
            html.Td(one.assignee),
            html.Td(words.get(f"case_task.{one.state}", one.state)),
            html.Td(done or due, className="num is-number"),
        ]
    )
