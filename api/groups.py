"""Command groups (专班) over HTTP: form one, take people in and out, read its log.

| answer | when |
|---|---|
| 201 | formed |
| 200 | done, with the group as it stands now |
| 403 | the seat neither forms groups nor commands this one |
| 404 | no such group, account or case, or not for this seat |
| 409 | it is over, or somebody is in it already |
| 422 | a field is missing or cannot be used |
"""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends

from api.context import Context
from api.instants import written
from api.mode import text
from api.problems import documented
from api.seating import needs
from city.audit import Record
from city.groups import POSTS, WHAT, Group, GroupPost, Member, NewGroup, knows, post_said
from city.refusal import Malformed, NotFound
from city.roles import Actor, Right
from store.groups import Asked
from store.store import Store

Json = dict[str, Any]
Looking = Annotated[Actor, Depends(needs(Right.VIEW_DISPATCH))]
Leading = Annotated[Actor, Depends(needs(Right.LEAD_GROUPS))]
Told = Annotated[
    Json | None,
    Body(openapi_examples={
        "form": {"value": {"name": "龙昆南积水专班", "hours": 8, "cases": [],
                           "members": [{"account": "li", "post": "commander"}]}},
        "add": {"value": {"account": "wang", "post": "member", "hours": 2}},
        "note": {"value": {"text": "现场指挥部设在金牛岭公园东门"}},
    }),
]  # fmt: skip


def build(context: Context) -> APIRouter:
    """The list, one group with its log, and a route for each deed."""
    router = APIRouter(prefix="/api/v1", tags=["groups"], responses=documented())
    routes = GroupRoutes(context.store)
    router.add_api_route("/groups", routes.list)
    router.add_api_route("/groups", routes.form, methods=["POST"], status_code=201)
    router.add_api_route("/groups/{group}", routes.one)
    router.add_api_route("/groups/{group}/log", routes.log)
    router.add_api_route("/groups/{group}/members", routes.add, methods=["POST"])
    router.add_api_route("/groups/{group}/members/{account}", routes.remove, methods=["DELETE"])
    for deed in ("attach", "prolong", "note", "end"):
        router.add_api_route(f"/groups/{{group}}/{deed}", getattr(routes, deed), methods=["POST"])
    return router


class GroupRoutes:
    """The routes; who may change a group is asked of the group itself."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def list(self, actor: Looking) -> Json:
        """Those the seat may read of, living ones first."""
        found = self._store.groups.all(actor.seat, actor.at_ms)
        return {"items": [group_told(one, actor) for one in found], "next": None}

    def form(self, actor: Leading, body: Told = None) -> Json:
        """组建: `name`, `purpose`, `hours` (at most 72), `members`, `cases`."""
        said = body or {}
        people = [asked_of(one) for one in rows(said, "members")]
        cases = tuple(map(str, rows(said, "cases")))
        new = NewGroup(text(said, "name"), text(said, "purpose"), hours(said, 8.0) or 8.0, cases)
        return group_told(self._store.groups.form(new, people, actor), actor)

    def one(self, actor: Looking, group: str) -> Json:
        """One group."""
        return group_told(self._known(group, actor), actor)

    def log(self, actor: Looking, group: str) -> Json:
        """What was done to it and in its name, the newest first."""
        found = self._store.groups.log(self._known(group, actor).id)
        return {"items": list(map(line_told, found)), "next": None}

    def add(self, actor: Looking, group: str, body: Told = None) -> Json:
        """`account` joins as `post`, for `hours` where it is less than the group's time."""
        self._known(group, actor)
        said = body or {}
        found = self._store.groups.add(group, asked_of(said), hours(said, None), actor)
        return group_told(found, actor)

    def remove(self, actor: Looking, group: str, account: str) -> Json:
        """Somebody goes, or is taken out."""
        self._known(group, actor)
        return group_told(self._store.groups.remove(group, account, actor), actor)

    def attach(self, actor: Looking, group: str, body: Told = None) -> Json:
        """It works on the `case` too."""
        self._known(group, actor)
        found = self._store.groups.attach(group, text(body or {}, "case"), actor)
        return group_told(found, actor)

    def prolong(self, actor: Looking, group: str, body: Told = None) -> Json:
        """It lasts `hours` from now."""
        self._known(group, actor)
        found = self._store.groups.prolong(group, hours(body or {}, 0.0) or 0.0, actor)
        return group_told(found, actor)

    def note(self, actor: Looking, group: str, body: Told = None) -> Json:
        """A line `text` in its log."""
        self._known(group, actor)
        return group_told(self._store.groups.note(group, text(body or {}, "text"), actor), actor)

    def end(self, actor: Looking, group: str, body: Told = None) -> Json:
        """It is over; all that it lent is gone at once."""
        self._known(group, actor)
        return group_told(self._store.groups.end(group, text(body or {}, "reason"), actor), actor)

    def _known(self, group_id: str, actor: Actor) -> Group:
        group = self._store.groups.get(group_id)
        if not knows(actor.seat, group):
            raise NotFound("not_found", name=group_id, what=WHAT)
        return group


def rows(body: Json, name: str) -> list[Any]:
    """A field that is a list, or none."""
    said = body.get(name, [])
    if not isinstance(said, list):
        raise Malformed("malformed", what=(name, name), why=("应为列表", "a list is wanted"))
    return said


def asked_of(said: Any) -> Asked:
    """Who joins, as what."""
    if not isinstance(said, dict) or not said.get("account"):
        raise Malformed("missing", what=("账号", "account"))
    return text(said, "account"), post_said(str(said.get("post", GroupPost.MEMBER)))


def hours(body: Json, otherwise: float | None) -> float | None:
    """A number of hours."""
    said = body.get("hours", otherwise)
    if said is not None and (isinstance(said, bool) or not isinstance(said, int | float)):
        why = ("应为数字", "a number is wanted")
        raise Malformed("malformed", what=("小时", "hours"), why=why)
    return said


def group_told(group: Group, actor: Actor) -> Json:
    """A group as it stands."""
    return {
        "id": group.id,
        "name": group.name,
        "purpose": group.purpose,
        "state": "over" if group.is_over(actor.at_ms) else "active",
        "formed_at": written(group.made_ms),
        "formed_by": group.made_by,
        "until": written(group.until_ms),
        "ended_at": written(group.ended_ms),
        "cases": list(group.cases),
        "members": [member_told(one, group, actor.at_ms) for one in group.members],
    }


def member_told(one: Member, group: Group, at_ms: int) -> Json:
    """A member, and what the group lends him."""
    return {
        "account": one.account,
        "name": one.name,
        "department": one.department or None,
        "post": one.post,
        "rights": sorted(POSTS[one.post].rights),
        "joined_at": written(one.joined_ms),
        "until": written(one.until_ms),
        "left_at": written(one.left_ms),
        "is_in": not group.is_over(at_ms) and one.is_in(at_ms),
    }


def line_told(record: Record) -> Json:
    """A line of the log: a record of the trail without where it came from."""
    one = record.draft
    return {
        "number": record.number,
        "at": written(one.at_ms),
        "action": one.action,
        "subject": one.subject,
        "by": {"account": one.account, "name": one.name},
        "outcome": one.outcome,
        "reason": one.reason or None,
        "text": one.detail.get("text"),
    }
