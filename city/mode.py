"""Normal and emergency (平急结合): one city, one set of data, a mode that two persons switch.

An emergency lasts from the instant in which a second person confirms it to the instant in which a
second person confirms that it is left; that span, and all that was decided in it, is an *episode*
(应急时段). An exercise (演练) looks the same and is marked as one wherever it is seen or counted.
Levels are those of the emergency plans, 1 (Ⅰ, red) to 4 (Ⅳ, blue). How long a proposal waits is a
proposal of this project.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from city.handover import Signature, signature
from city.mode_duty import OnDuty
from city.mode_reporting import Sent
from city.refusal import Conflict, Malformed, NotFound, say
from city.roles import Actor, Right

WHAT = ("应急时段", "emergency")
PROPOSAL_FOR_MS = 30 * 60_000
TEXT_MOST, PLAN_MOST = 2000, 80
LEVELS = (1, 2, 3, 4)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

say({
    "mode_waits": ("{who} 的申请正在等待确认", "A proposal of {who} waits to be confirmed"),
    "mode_nothing": ("没有等待确认的申请", "No proposal waits to be confirmed"),
    "mode_self": ("须由另一人确认:申请人不能确认自己的申请",
                  "Somebody else must confirm: nobody confirms his own proposal"),
    "mode_lapsed": ("申请已过期,请重新提出", "The proposal has lapsed, make it again"),
    "mode_already": ("已处于应急状态", "The city is in emergency mode already"),
    "mode_normal": ("当前为平时状态", "The city is in normal mode"),
    "mode_same": ("级别未变", "That is the level already"),
    "mode_other": ("只有申请人 {who} 能撤回", "Only {who}, who made it, may take it back"),
    "mode_level": ("级别须为 1 至 4", "A level is 1 to 4"),
})  # fmt: skip


class Mode(StrEnum):
    """How the city stands."""

    NORMAL = "normal"
    EMERGENCY = "emergency"
    EXERCISE = "exercise"


class Turn(StrEnum):
    """What two persons decide."""

    ENTER = "enter"  # 转急
    LEVEL = "level"  # 调整级别
    LEAVE = "leave"  # 转平


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody proposes; `level`, `plan` and `is_exercise` as the turn needs them."""

    turn: Turn
    reason: str
    level: int = 0
    plan: str = ""
    is_exercise: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """It waits for the second person, until `until_ms`."""

    asked: Asked
    by: Signature
    until_ms: int


@dataclass(frozen=True, slots=True)
class Step:
    """What was decided, by whom and whom; the instant is that of the second name."""

    asked: Asked
    by: Signature
    second: Signature

    @property
    def at_ms(self) -> int:
        """Since when it holds."""
        return self.second.at_ms


@dataclass(frozen=True, slots=True)
class Episode:
    """One emergency, from the first step to the last; `ended_ms` 0 while it lasts."""

    id: str
    steps: tuple[Step, ...]
    duty: tuple[OnDuty, ...] = ()
    sent: tuple[Sent, ...] = ()
    ended_ms: int = 0

    @property
    def began_ms(self) -> int:
        """Since when it lasts."""
        return self.steps[0].at_ms

    @property
    def is_exercise(self) -> bool:
        """Whether it is played."""
        return self.steps[0].asked.is_exercise

    @property
    def plan(self) -> str:
        """By which plan it is led."""
        return self.steps[0].asked.plan

    @property
    def level(self) -> int:
        """The level that holds, or held last."""
        return next(one.asked.level for one in reversed(self.steps) if one.asked.level)

    @property
    def mode(self) -> Mode:
        """What the city stands in while it lasts."""
        return Mode.EXERCISE if self.is_exercise else Mode.EMERGENCY


@dataclass(frozen=True, slots=True)
class Standing:
    """How the city stands, and what waits to be confirmed."""

    episode: Episode | None = None
    proposal: Proposal | None = None

    @property
    def mode(self) -> Mode:
        """Normal, emergency or exercise."""
        return self.episode.mode if self.episode else Mode.NORMAL

    def waiting(self, at_ms: int) -> Proposal | None:
        """The proposal that can still be confirmed."""
        return self.proposal if self.proposal and at_ms < self.proposal.until_ms else None


@dataclass(frozen=True, slots=True)
class Span:
    """When an emergency was; `ended_ms` 0 while it lasts."""

    id: str
    began_ms: int
    ended_ms: int
    is_exercise: bool


NORMALITY = Standing()


def proposed(standing: Standing, asked: Asked, actor: Actor) -> Standing:
    """The first of two persons says what should be; Conflict where another proposal waits."""
    actor.seat.require(Right.SWITCH_MODE)
    if waiting := standing.waiting(actor.at_ms):
        raise Conflict("mode_waits", who=waiting.by.name)
    checked = NEEDS[asked.turn](standing, said(asked))
    until_ms = actor.at_ms + PROPOSAL_FOR_MS
    return replace(standing, proposal=Proposal(checked, signature(actor), until_ms))


def confirmed(standing: Standing, episode_id: str, actor: Actor) -> tuple[Standing, Episode]:
    """The second person: how the city stands now, and the episode that began, changed or ended."""
    actor.seat.require(Right.SWITCH_MODE)
    proposal = must_wait(standing, actor)
    if proposal.by.account == actor.seat.account:
        raise Conflict("mode_self")
    asked = NEEDS[proposal.asked.turn](standing, proposal.asked)
    step = Step(asked, proposal.by, signature(actor))
    before = standing.episode or Episode(episode_id, ())
    after = replace(before, steps=(*before.steps, step))
    if asked.turn is Turn.LEAVE:
        after = replace(after, ended_ms=actor.at_ms)
        return Standing(), after
    return Standing(after), after


def withdrawn(standing: Standing, actor: Actor) -> Standing:
    """Who made the proposal takes it back."""
    proposal = must_wait(standing, actor)
    if proposal.by.account != actor.seat.account:
        raise Conflict("mode_other", who=proposal.by.name)
    return replace(standing, proposal=None)


def rejected(standing: Standing, reason: str, actor: Actor) -> Standing:
    """The second person says no, and why."""
    actor.seat.require(Right.SWITCH_MODE)
    if must_wait(standing, actor).by.account == actor.seat.account:
        raise Conflict("mode_self")
    if not reason.strip():
        raise Malformed("missing", what=("理由", "reason"))
    return replace(standing, proposal=None)


def must_wait(standing: Standing, actor: Actor) -> Proposal:
    """The proposal that waits; Conflict where none does, or its time is over."""
    if standing.proposal is None:
        raise Conflict("mode_nothing")
    found = standing.waiting(actor.at_ms)
    if found is None:
        raise Conflict("mode_lapsed")
    return found


def said(asked: Asked) -> Asked:
    """With its reason; Malformed without one."""
    reason, plan = asked.reason.strip(), asked.plan.strip()
    if not reason:
        raise Malformed("missing", what=("理由", "reason"))
    if len(reason) > TEXT_MOST or len(plan) > PLAN_MOST:
        raise Malformed("malformed", what=("理由", "reason"), why=("过长", "too long"))
    return replace(asked, reason=reason, plan=plan)


def can_enter(standing: Standing, asked: Asked) -> Asked:
    """From normal only, with a level and a plan."""
    if standing.episode:
        raise Conflict("mode_already")
    if asked.level not in LEVELS:
        raise Malformed("mode_level")
    if not asked.plan:
        raise Malformed("missing", what=("预案", "plan"))
    return asked


def can_change(standing: Standing, asked: Asked) -> Asked:
    """Another level of the same emergency."""
    episode = must_last(standing)
    if asked.level not in LEVELS:
        raise Malformed("mode_level")
    if asked.level == episode.level:
        raise Conflict("mode_same")
    return replace(asked, plan=episode.plan, is_exercise=episode.is_exercise)


def can_leave(standing: Standing, asked: Asked) -> Asked:
    """Back to normal."""
    episode = must_last(standing)
    return replace(asked, level=0, plan=episode.plan, is_exercise=episode.is_exercise)


NEEDS = {Turn.ENTER: can_enter, Turn.LEVEL: can_change, Turn.LEAVE: can_leave}


def must_last(standing: Standing) -> Episode:
    """The emergency that lasts; Conflict where none does."""
    if standing.episode is None:
        raise Conflict("mode_normal")
    return standing.episode


def known_episode(standing: Standing, episode_id: str) -> Episode:
    """The emergency that lasts, by its number; NotFound where it is another."""
    episode = must_last(standing)
    if episode.id != episode_id:
        raise NotFound("not_found", name=episode_id, what=WHAT)
    return episode


def span_of(episode: Episode) -> Span:
    """When it was."""
    return Span(episode.id, episode.began_ms, episode.ended_ms, episode.is_exercise)


def mode_at(spans: Iterable[Span], at_ms: int) -> Mode:
    """In which mode the city was at an instant; the end itself is normal again."""
    for one in spans:
        if one.began_ms <= at_ms and (not one.ended_ms or at_ms < one.ended_ms):
            return Mode.EXERCISE if one.is_exercise else Mode.EMERGENCY
    return Mode.NORMAL


def field_message(standing: Standing, episode: Episode) -> Mapping[str, object]:
    """What terminals are told when the mode has changed: `…/{dept}/mode/city/cmd`, retained."""
    is_on = standing.episode is not None
    at = EPOCH + timedelta(milliseconds=episode.ended_ms or episode.steps[-1].at_ms)
    return {
        "mode": standing.mode,
        "level": episode.level if is_on else None,
        "plan": episode.plan if is_on else None,
        "episode": episode.id,
        "report_every_s": TERMINALS_EVERY_S[standing.mode],
        "ts": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }


# Seconds between two pulses of a subject, where that is quicker than on other days.
EMERGENCY_PACE_S: Mapping[str, float] = {"things": 1.0, "feeds": 2.0, "units": 0.5}
# How often terminals are asked to say where they are, in seconds.
TERMINALS_EVERY_S = {Mode.NORMAL: 10, Mode.EMERGENCY: 1, Mode.EXERCISE: 1}
