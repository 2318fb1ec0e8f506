"""The duty list of an emergency (应急值守): which posts the plan fills, and who fills them.

The posts, and from which level on each must be filled, are practice of municipal plans; a city
states its own in its profile (`[[mode.duty]]`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from city.refusal import Malformed, say
from city.tables import BadTable

say({
    "duty_unknown": ("值守表没有“{name}”这一岗位", "The duty list has no post `{name}`"),
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class DutyPost:
    """A row: needed at levels 1 to `up_to_level`; seats may be doubled (`most`)."""

    post: str
    zh: str
    en: str
    up_to_level: int = 4
    most: int = 2


DUTY: tuple[DutyPost, ...] = (
    DutyPost("commander", "总指挥", "Commander in chief", 2, 1),
    DutyPost("deputy", "副总指挥", "Deputy commander", 3),
    DutyPost("chief", "值班长", "Duty chief"),
    DutyPost("dispatch", "调度", "Dispatch", 4, 4),
    DutyPost("information", "信息报送", "Information"),
    DutyPost("scene", "现场指挥", "Command on site", 3, 4),
    DutyPost("press", "新闻发布", "Press", 2),
    DutyPost("expert", "专家", "Expert", 2, 6),
)


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Somebody in a post; `until_ms` 0 while he is."""

    post: str
    account: str
    name: str
    since_ms: int
    until_ms: int = 0


@dataclass(frozen=True, slots=True)
class DutyLine:
    """A post with who fills it now."""

    rule: DutyPost
    people: tuple[OnDuty, ...]
    is_needed: bool

    @property
    def is_missing(self) -> bool:
        """Whether the plan wants somebody and nobody is there."""
        return self.is_needed and not self.people


def duty_of(rows: Sequence[Mapping[str, Any]]) -> tuple[DutyPost, ...]:
    """The posts that a profile's `[[mode.duty]]` states; those of the table where it has none."""
    try:
        return tuple(DutyPost(**row) for row in rows) or DUTY
    except TypeError as error:
        raise BadTable(f"`mode.duty`: {error}") from None


def duty_list(
    duty: Iterable[OnDuty], level: int, rules: Iterable[DutyPost] = DUTY
) -> list[DutyLine]:
    """Every post in the order of the table."""
    here = [one for one in duty if not one.until_ms]
    return [DutyLine(rule, tuple(one for one in here if one.post == rule.post),
                     level <= rule.up_to_level) for rule in rules]  # fmt: skip


def must_be_post(post: str, rules: Iterable[DutyPost]) -> DutyPost:
    """The row of a post; Malformed where the list has none."""
    found = next((rule for rule in rules if rule.post == post), None)
    if found is None:
        raise Malformed("duty_unknown", name=post)
    return found
