"""A command group (专班、现场指挥部): people of several departments, for one matter, for a while.

A member has the rights of his post in the group beside those of his own posts, until his time in
the group or the group itself is over; both end by the clock alone. Nothing that two persons must
do, and nothing of an administrator's, is ever lent. Posts and hours are proposals of this project.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from city.refusal import Conflict, Forbidden, Malformed, NotFound, say
from city.roles import ALONE, Actor, Loan, Right, Seat, holders, named

WHAT = ("专班", "command group")
MEMBER = ("专班成员", "member of the group")
HOUR_MS = 3_600_000
MOST_HOURS, NAME_MOST, TEXT_MOST, MOST_MEMBERS = 72.0, 60, 2000, 200

say({
    "group_hours": ("专班时限最多 {most} 小时", "A group lasts {most} hours at a time at most"),
    "group_over": ("专班“{name}”已结束", "The group {name} is over"),
    "group_not_yours": ("只有专班指挥长或“{who}”能这样做",
                        "Only who commands the group, or {who}, may do this"),
    "group_member": ("{who} 已在专班中", "{who} is in the group already"),
    "group_administrator": ("管理员和运营账号不能加入专班",
                            "Administrators and operators join no group"),
    "group_full": ("专班最多 {most} 人", "A group has at most {most} members"),
    "group_later": ("新的截止时间须晚于现在", "The new end must lie ahead"),
})  # fmt: skip


class GroupPost(StrEnum):
    """What somebody does in a group."""

    COMMANDER = "commander"
    DISPATCH = "dispatch"
    INFORMATION = "information"
    MEMBER = "member"


@dataclass(frozen=True, slots=True)
class PostRule:
    """A row of the table: what a post is called, and what it may."""

    zh: str
    en: str
    rights: frozenset[Right]


_SEE = frozenset({Right.VIEW_MAP, Right.VIEW_ALARMS, Right.VIEW_CASES, Right.VIEW_DISPATCH})
_SEND = frozenset({Right.SEND_ORDERS, Right.MANAGE_ROADS, Right.START_PLANS})
_TELL = frozenset({Right.VIEW_FIGURES, Right.DRAFT_WARNINGS})

POSTS: Mapping[GroupPost, PostRule] = {
    GroupPost.COMMANDER: PostRule(
        "指挥长", "Commander", _SEE | _SEND | _TELL | {Right.HANDLE_ALARMS}
    ),
    GroupPost.DISPATCH: PostRule("调度", "Dispatch", _SEE | _SEND),
    GroupPost.INFORMATION: PostRule("信息报送", "Information", _SEE | _TELL),
    GroupPost.MEMBER: PostRule("成员", "Member", _SEE),
}
LENT = frozenset().union(*(rule.rights for rule in POSTS.values()))


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in a group. Times in ms since 1970 UTC; `left_ms` 0 while he is in it."""

    account: str
    name: str
    department: str
    post: GroupPost
    joined_ms: int
    until_ms: int
    left_ms: int = 0

    def is_in(self, at_ms: int) -> bool:
        """Whether he works in the group at that time."""
        return not self.left_ms and at_ms < self.until_ms


@dataclass(frozen=True, slots=True)
class Group:
    """A group as it stands; `ended_ms` 0 while nobody has ended it."""

    id: str
    name: str
    purpose: str
    made_ms: int
    until_ms: int
    made_by: str
    members: tuple[Member, ...] = ()
    cases: tuple[str, ...] = ()
    ended_ms: int = 0
    ended_by: str = ""

    def is_over(self, at_ms: int) -> bool:
        """Whether it has ended, by hand or by its time."""
        return bool(self.ended_ms) or at_ms >= self.until_ms

    def present(self, at_ms: int) -> list[Member]:
        """Who works in it at that time."""
        return [one for one in self.members if not self.is_over(at_ms) and one.is_in(at_ms)]

    def commands(self, account: str, at_ms: int) -> bool:
        """Whether somebody commands it at that time."""
        found = (one for one in self.present(at_ms) if one.account == account)
        return any(one.post is GroupPost.COMMANDER for one in found)


@dataclass(frozen=True, slots=True)
class Invited:
    """Who is to join, as the house knows him, and as what."""

    seat: Seat
    post: GroupPost


@dataclass(frozen=True, slots=True)
class NewGroup:
    """What somebody asks for who forms a group."""

    name: str
    purpose: str = ""
    hours: float = 8.0
    cases: tuple[str, ...] = ()


def formed(group_id: str, asked: NewGroup, invited: Sequence[Invited], actor: Actor) -> Group:
    """A new group; raises Forbidden, Conflict or Malformed."""
    actor.seat.require(Right.LEAD_GROUPS)
    name = asked.name.strip()
    if not name:
        raise Malformed("missing", what=("名称", "name"))
    if len(name) > NAME_MOST or len(asked.purpose) > TEXT_MOST:
        raise Malformed("malformed", what=("名称", "name"), why=("过长", "too long"))
    until_ms = actor.at_ms + span_ms(asked.hours)
    group = Group(group_id, name, asked.purpose.strip(), actor.at_ms, until_ms,
                  actor.seat.name, cases=tuple(dict.fromkeys(asked.cases)))  # fmt: skip
    for one in invited:
        group = with_member(group, one, until_ms, actor.at_ms)
    return group


def span_ms(hours: float) -> int:
    """So many hours in ms; Malformed beyond what a group may last."""
    if not 0 < hours <= MOST_HOURS:
        raise Malformed("group_hours", most=round(MOST_HOURS))
    return round(hours * HOUR_MS)


def joined(group: Group, invited: Invited, hours: float | None, actor: Actor) -> Group:
    """One more member; for less than the group's own time where hours are stated."""
    must_lead(group, actor)
    until_ms = actor.at_ms + span_ms(hours) if hours is not None else group.until_ms
    return with_member(group, invited, until_ms, actor.at_ms)


def with_member(group: Group, invited: Invited, until_ms: int, at_ms: int) -> Group:
    """The group with somebody who was not in it."""
    seat = invited.seat
    if seat.roles & ALONE:
        raise Conflict("group_administrator")
    if any(one.account == seat.account for one in group.present(at_ms)):
        raise Conflict("group_member", who=seat.name)
    if len(group.members) >= MOST_MEMBERS:
        raise Conflict("group_full", most=MOST_MEMBERS)
    ends_ms = min(until_ms, group.until_ms)
    member = Member(seat.account, seat.name, seat.department, invited.post, at_ms, ends_ms)
    return replace(group, members=(*group.members, member))


def left(group: Group, account: str, actor: Actor) -> Group:
    """Somebody goes: by himself, or because who leads says so."""
    if account != actor.seat.account:
        must_lead(group, actor)
    if all(one.account != account for one in group.present(actor.at_ms)):
        raise NotFound("not_found", name=account, what=MEMBER)
    members = [replace(one, left_ms=actor.at_ms) if one.account == account and not one.left_ms
               else one for one in group.members]  # fmt: skip
    return replace(group, members=tuple(members))


def prolonged(group: Group, hours: float, actor: Actor) -> Group:
    """It lasts so many hours from now; who was to stay to its end stays to the new one."""
    must_lead(group, actor)
    until_ms = actor.at_ms + span_ms(hours)
    members = [replace(one, until_ms=until_ms) if one.until_ms == group.until_ms
               else replace(one, until_ms=min(one.until_ms, until_ms))
               for one in group.members]  # fmt: skip
    return replace(group, until_ms=until_ms, members=tuple(members))


def with_case(group: Group, case_id: str, actor: Actor) -> Group:
    """It works on one more case, which its members see from now on."""
    must_lead(group, actor)
    return replace(group, cases=tuple(dict.fromkeys((*group.cases, case_id))))


def ended(group: Group, actor: Actor) -> Group:
    """Ended by hand, before its time."""
    must_lead(group, actor)
    return replace(group, ended_ms=actor.at_ms, ended_by=actor.seat.name)


def must_lead(group: Group, actor: Actor) -> None:
    """Raises unless the group lives, and the actor commands it or forms such groups."""
    leads = actor.seat.holds(Right.LEAD_GROUPS) or group.commands(actor.seat.account, actor.at_ms)
    if not leads:
        raise Forbidden("group_not_yours", who=named(holders(Right.LEAD_GROUPS)))
    if group.is_over(actor.at_ms):
        raise Conflict("group_over", name=group.name)


def knows(seat: Seat, group: Group) -> bool:
    """Whether a seat may read of it: who forms groups, and whoever was ever in it."""
    was_in = any(one.account == seat.account for one in group.members)
    return was_in or seat.holds(Right.LEAD_GROUPS)


def loan(group: Group, member: Member) -> Loan:
    """What the group lends a member."""
    departments = frozenset(one.department for one in group.members
                            if one.department and not one.left_ms)  # fmt: skip
    rights = POSTS[member.post].rights
    until_ms = min(member.until_ms, group.until_ms)
    return Loan(group.id, rights, departments, frozenset(group.cases), until_ms)


def lent(seat: Seat, loans: Iterable[Loan], at_ms: int) -> Seat:
    """The seat with the loans that hold at that time; an administrator borrows nothing."""
    valid = tuple(one for one in loans if at_ms < one.until_ms)
    return replace(seat, loans=valid) if valid and not seat.roles & ALONE else seat


def post_said(said: str) -> GroupPost:
    """A post by its word; Malformed names those there are."""
    if said not in set(GroupPost):
        words = "、".join(GroupPost)
        raise Malformed("malformed", what=("专班岗位", "post"), why=(words, words))
    return GroupPost(said)
