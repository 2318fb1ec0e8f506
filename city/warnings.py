"""Public warnings (预警发布): drafted from a case, issued when two other persons approve.

A warning that was issued is never changed: an update or a cancel is a new one that names it, and
needs its own two approvals.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from city.refusal import Conflict, Forbidden, Malformed, say
from city.roles import Actor, Right

Words = tuple[str, str]
Ring = tuple[tuple[float, float], ...]  # [lon, lat], closed
APPROVALS = 2
WHAT = ("预警", "warning")
REASON = ("理由", "reason")

say({
    "warning_stands": (
        "该预警已{stand},不能再{deed}",
        "That warning is {stand}: no {deed} any more",
    ),
    "warning_own": ("起草人不能批准自己的预警", "Nobody approves a warning that he drafted"),
    "warning_twice": ("须由另一人批准:您已批准过", "Another person must approve: you did already"),
    "warning_old": ("失效时间已过,请先修改", "The time at which it expires has passed: change it"),
    "warning_replaced": ("已被 {by} 取代", "It was replaced by {by}"),
    "warning_too_many": ("一秒内最多发布十条预警,请再试",
                         "Ten warnings a second at most: try again"),
    "warning_waits": ("{by} 正待批准", "{by} waits to be approved already"),
    "warning_theirs": ("只有起草人能撤回草稿", "Only whoever drafted it takes it back"),
})  # fmt: skip


class Message(StrEnum):
    """CAP `msgType`."""

    ALERT = "alert"
    UPDATE = "update"
    CANCEL = "cancel"


class Stand(StrEnum):
    """How a warning stands; what was issued may be replaced or have expired besides."""

    DRAFT = "draft"
    ISSUED = "issued"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


STANDS: Mapping[Stand, Words] = {
    Stand.DRAFT: ("待批准", "waiting for approval"),
    Stand.ISSUED: ("发布", "issued"),
    Stand.REFUSED: ("驳回", "refused"),
    Stand.WITHDRAWN: ("撤回", "withdrawn"),
}


@dataclass(frozen=True, slots=True)
class Content:
    """What the public is told. Instants are ms since 1970 UTC; 0 for `effective`: when issued."""

    status: str  # Actual, Exercise, Test
    category: str
    event: str
    response: str
    urgency: str
    level: int  # 1 … 4
    certainty: str
    expires_ms: int
    headline: str
    description: str
    instruction: str
    area_name: str
    area: str  # GB/T 2260
    effective_ms: int = 0
    polygons: tuple[Ring, ...] = ()
    circles: tuple[tuple[float, float, float], ...] = ()  # lon, lat, metres
    event_en: str = ""  # with these, a second block in English
    headline_en: str = ""
    description_en: str = ""
    instruction_en: str = ""


@dataclass(frozen=True, slots=True)
class Signed:
    """Who did something, and when."""

    by: str
    name: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class Warned:
    """One message to the public, from its draft on."""

    id: str  # W12
    case_id: str
    message: Message
    content: Content
    drafted: Signed
    stand: Stand = Stand.DRAFT
    approvals: tuple[Signed, ...] = ()
    ended: Signed | None = None  # refused or withdrawn, by whom
    reason: str = ""  # why: of a cancel, a refusal
    follows: str = ""  # the warning that it updates or cancels
    references: tuple[str, ...] = ()  # CAP: sender,identifier,sent of those before
    pending: str = ""  # the draft that would update or cancel this one
    replaced_by: str = ""  # the warning that did
    sender: str = ""
    sender_name: Words = ("", "")
    identifier: str = ""  # CAP; since it was issued
    sent_ms: int = 0
    text_sent: str = ""  # `sent` as it was written

    def is_in_force(self, at_ms: int) -> bool:
        """Whether the public should heed it now."""
        is_said = self.stand is Stand.ISSUED and self.message is not Message.CANCEL
        return is_said and not self.replaced_by and at_ms < self.content.expires_ms


def drafted(warned: Warned, content: Content) -> Warned:
    """Another text; whoever approved has to look again."""
    must_be_draft(warned, ("修改", "change"))
    return replace(warned, content=content, approvals=())


def approved(warned: Warned, actor: Actor) -> Warned:
    """One more person agrees; with the second it can be issued."""
    must_be_draft(warned, ("批准", "approval"))
    actor.seat.require(Right.APPROVE_WARNINGS)
    account = actor.seat.account
    if account == warned.drafted.by:
        raise Forbidden("warning_own")
    if account in {one.by for one in warned.approvals}:
        raise Conflict("warning_twice")
    if warned.content.expires_ms <= actor.at_ms:
        raise Conflict("warning_old")
    return replace(warned, approvals=(*warned.approvals, signature(actor)))


def has_both(warned: Warned) -> bool:
    """Whether enough people agree."""
    return len(warned.approvals) >= APPROVALS


def issued(warned: Warned, identifier: str, text_sent: str, at_ms: int) -> Warned:
    """Out to the public; from now on it is never changed."""
    return replace(warned, stand=Stand.ISSUED, identifier=identifier, sent_ms=at_ms,
                   text_sent=text_sent)  # fmt: skip


def refused(warned: Warned, reason: str, actor: Actor) -> Warned:
    """One who could approve does not."""
    must_be_draft(warned, ("驳回", "refusal"))
    actor.seat.require(Right.APPROVE_WARNINGS)
    if not reason:
        raise Malformed("missing", what=REASON)
    return replace(warned, stand=Stand.REFUSED, ended=signature(actor), reason=reason)


def withdrawn(warned: Warned, actor: Actor) -> Warned:
    """Whoever drafted it takes it back."""
    must_be_draft(warned, ("撤回", "withdrawal"))
    if actor.seat.account != warned.drafted.by:
        raise Forbidden("warning_theirs")
    return replace(warned, stand=Stand.WITHDRAWN, ended=signature(actor))


def must_be_draft(warned: Warned, deed: Words) -> None:
    """Raises Conflict for what is decided."""
    if warned.stand is not Stand.DRAFT:
        raise Conflict("warning_stands", stand=STANDS[warned.stand], deed=deed)


def must_be_followable(warned: Warned, actor: Actor) -> None:
    """Raises Conflict for what is not in force, or has an update or a cancel already."""
    if warned.stand is not Stand.ISSUED or warned.message is Message.CANCEL:
        raise Conflict("warning_stands", stand=STANDS[warned.stand], deed=("更新", "update"))
    if warned.replaced_by:
        raise Conflict("warning_replaced", by=warned.replaced_by)
    if warned.pending:
        raise Conflict("warning_waits", by=warned.pending)
    if warned.content.expires_ms <= actor.at_ms:
        raise Conflict("warning_old")


def reference(warned: Warned) -> str:
    """How a later message names it (CAP §3.2.1 references)."""
    return f"{warned.sender},{warned.identifier},{warned.text_sent}"


def signature(actor: Actor) -> Signed:
    """The name under it."""
    return Signed(actor.seat.account, actor.seat.name, actor.at_ms)
