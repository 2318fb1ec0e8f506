"""Normal and emergency over HTTP: how the city stands, the switch of two persons, what was done.

| answer | when |
|---|---|
| 200 | done, with how the city stands now |
| 403 | the seat has not the right |
| 404 | no such emergency |
| 409 | as it stands that cannot be done: nothing waits, somebody else must confirm, … |
| 422 | a field is missing or cannot be used |
"""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends

from api.context import Context
from api.instants import written
from api.problems import documented
from api.seating import needs
from city.handover import Signature
from city.mode import Asked, Episode, Proposal, Standing, Step, Turn
from city.mode_duty import DutyLine, duty_list
from city.mode_reporting import Report
from city.refusal import Malformed
from city.roles import Actor, Right
from store.store import Store

Json = dict[str, Any]
Reading = Annotated[Actor, Depends(needs(Right.VIEW_CASES))]
Looking = Annotated[Actor, Depends(needs(Right.VIEW_DISPATCH))]
Switching = Annotated[Actor, Depends(needs(Right.SWITCH_MODE))]
Told = Annotated[
    Json | None,
    Body(openapi_examples={
        "enter": {"value": {"turn": "enter", "level": 2, "plan": "防汛防风应急预案",
                            "reason": "台风橙色预警", "is_exercise": False}},
        "level": {"value": {"turn": "level", "level": 1, "reason": "台风红色预警"}},
        "leave": {"value": {"turn": "leave", "reason": "预警解除"}},
    }),
]  # fmt: skip


def build(context: Context) -> APIRouter:
    """How it stands, past emergencies, and a route for each deed."""
    router = APIRouter(prefix="/api/v1", tags=["mode"], responses=documented())
    routes = ModeRoutes(context.store)
    router.add_api_route("/mode", routes.standing)
    router.add_api_route("/mode/episodes", routes.list)
    router.add_api_route("/mode/episodes/{episode}", routes.one)
    for deed in ("propose", "confirm", "reject", "withdraw"):
        router.add_api_route(f"/mode/{deed}", getattr(routes, deed), methods=["POST"])
    router.add_api_route("/mode/episodes/{episode}/duty", routes.duty, methods=["POST"])
    router.add_api_route("/mode/episodes/{episode}/reports", routes.sent, methods=["POST"])
    return router


class ModeRoutes:
    """The routes."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def standing(self, actor: Reading) -> Json:
        """The mode of this moment, the emergency that lasts, and the proposal that waits."""
        return self._told(self._store.mode.standing(), actor)

    def list(self, _actor: Looking) -> Json:
        """Every emergency and exercise, the newest first."""
        return {"items": [summary(one) for one in self._store.mode.all()], "next": None}

    def one(self, _actor: Looking, episode: str) -> Json:
        """One of them: steps, duty list, reporting clock."""
        return self._detail(self._store.mode.get(episode))

    def propose(self, actor: Switching, body: Told = None) -> Json:
        """The first of two persons: `turn` enter, level or leave, with a `reason`."""
        return self._told(self._store.mode.propose(asked_of(body or {}), actor), actor)

    def confirm(self, actor: Switching) -> Json:
        """The second person, another than the first."""
        standing, _ = self._store.mode.confirm(actor)
        return self._told(standing, actor)

    def reject(self, actor: Switching, body: Told = None) -> Json:
        """The second person says no, with a `reason`."""
        return self._told(self._store.mode.reject(text(body or {}, "reason"), actor), actor)

    def withdraw(self, actor: Switching) -> Json:
        """Who proposed takes it back."""
        return self._told(self._store.mode.withdraw(actor), actor)

    def duty(self, actor: Switching, episode: str, body: Told = None) -> Json:
        """`account` fills the `post`, or leaves it where `off` is true."""
        said = body or {}
        mode = self._store.mode
        change = mode.take_off_duty if said.get("off") else mode.put_on_duty
        self._store.mode.get(episode)
        return self._detail(change(episode, text(said, "post"), text(said, "account"), actor))

    def sent(self, actor: Looking, episode: str, body: Told = None) -> Json:
        """The report `name` went out; `note` says how."""
        said = body or {}
        found = self._store.mode.sent(episode, text(said, "name"), text(said, "note"), actor)
        return self._detail(found)

    def _told(self, standing: Standing, actor: Actor) -> Json:
        waiting = standing.waiting(actor.at_ms)
        episode = standing.episode
        return {
            "mode": standing.mode,
            "episode": summary(episode) if episode else None,
            "proposal": proposal_told(waiting) if waiting else None,
        }

    def _detail(self, episode: Episode) -> Json:
        reports = self._store.mode.reports_of(episode)
        lines = duty_list(episode.duty, episode.level, self._store.city.mode.duty)
        return {
            **summary(episode),
            "steps": list(map(step_told, episode.steps)),
            "duty": list(map(duty_told, lines)),
            "reports": list(map(report_told, reports)),
        }


def asked_of(body: Json) -> Asked:
    """What a body proposes; Malformed where a field is of the wrong kind."""
    turn, level = body.get("turn", ""), body.get("level", 0)
    if turn not in set(Turn):
        words = ", ".join(Turn)
        raise Malformed("malformed", what=("turn", "turn"), why=(words, words))
    if isinstance(level, bool) or not isinstance(level, int):
        raise Malformed("mode_level")
    is_exercise = bool(body.get("is_exercise", False))
    return Asked(Turn(turn), text(body, "reason"), level, text(body, "plan"), is_exercise)


def text(body: Json, name: str) -> str:
    """A field that is text, or empty."""
    said = body.get(name, "")
    if not isinstance(said, str):
        raise Malformed("malformed", what=(name, name), why=("应为文字", "text is wanted"))
    return said


def summary(episode: Episode) -> Json:
    """An emergency in short."""
    return {
        "id": episode.id,
        "mode": episode.mode,
        "level": episode.level,
        "plan": episode.plan,
        "reason": episode.steps[0].asked.reason,
        "began_at": written(episode.began_ms),
        "ended_at": written(episode.ended_ms),
    }


def proposal_told(one: Proposal) -> Json:
    """What waits for the second person."""
    asked = {name: getattr(one.asked, name)
             for name in ("turn", "level", "plan", "is_exercise", "reason")}  # fmt: skip
    return {**asked, "by": person(one.by), "until": written(one.until_ms)}


def step_told(one: Step) -> Json:
    """What was decided, by which two."""
    return {
        "turn": one.asked.turn,
        "level": one.asked.level,
        "reason": one.asked.reason,
        "at": written(one.at_ms),
        "proposed_by": person(one.by),
        "confirmed_by": person(one.second),
    }


def person(one: Signature) -> Json:
    """Who, in which post, when."""
    return {"account": one.account, "name": one.name, "role": one.role, "at": written(one.at_ms)}


def duty_told(line: DutyLine) -> Json:
    """A post and who fills it."""
    people = [{"account": one.account, "name": one.name, "since": written(one.since_ms)}
              for one in line.people]  # fmt: skip
    return {"post": line.rule.post, "zh": line.rule.zh, "en": line.rule.en,
            "is_needed": line.is_needed, "people": people}  # fmt: skip


def report_told(one: Report) -> Json:
    """A report: what, to whom, due when, sent when."""
    return {
        "name": one.name,
        "zh": one.rule.zh,
        "en": one.rule.en,
        "to": {"zh": one.rule.to_zh, "en": one.rule.to_en},
        "due_at": written(one.due_ms),
        "sent_at": written(one.sent_ms),
        "sent_by": one.sent_by or None,
    }
