"""What asks a seat for attention: alarms that wait, deadlines, feeds; each becomes a sound."""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from callbacks.alarm_rows import alarms_of, place_of, title_of
from callbacks.desk import Desk
from callbacks.mode_calls import mode_calls
from city.alarm_desk import waits
from city.alarms import Alarm, Deed, Done
from city.cases import Case
from city.roles import ROLE_NAMES, Right, Role, Seat
from city.sounds import OF_LEVEL, Call, Sound
from city.things import LOST_AFTER
from layouts.words import Words

SHARED = 64


class Versions(NamedTuple):
    """The pulses that a page heard last."""

    alarms: int | None = None
    cases: int | None = None
    feeds: int | None = None
    mode: int | None = None


def calls(desk: Desk, seat: Seat, versions: Versions, words: Words) -> list[Call]:
    """Everything, in no order."""
    found: list[Call] = []
    if seat.may(Right.VIEW_ALARMS):
        found += alarm_calls(desk, seat, versions.alarms, words)
    if seat.may(Right.VIEW_CASES):
        now_ms = desk.now_ms()  # a deadline that is still to come calls nobody
        known = all_case_calls(desk, seat, versions.cases or now_ms // 1000)
        found += [call for call in known if call.at_ms <= now_ms]
    if seat.may(Right.VIEW_FEEDS):
        found += all_feed_calls(desk, versions.feeds or desk.now_ms() // 1000, words)
    return [*found, *mode_calls(desk, seat, versions.mode, words)]


@lru_cache(SHARED)
def all_case_calls(desk: Desk, seat: Seat, _version: int) -> list[Call]:
    """Read once for a version."""
    return [call for case in desk.open_cases(seat) for call in case_calls(case)]


@lru_cache(SHARED)
def all_feed_calls(desk: Desk, _version: int, words: Words) -> list[Call]:
    """Read once for a version."""
    return list(feed_calls(desk, words))


def alarm_calls(desk: Desk, seat: Seat, version: int | None, words: Words) -> Iterator[Call]:
    """Those that nobody has acknowledged, and those that went up the ladder."""
    for alarm in alarms_of(desk, seat, "", version):
        if not waits(alarm, desk.now_ms()):
            continue
        text = f"{title_of(alarm, words)} · {place_of(desk, alarm, words)}"
        if alarm.severity in OF_LEVEL:
            yield Call(OF_LEVEL[alarm.severity], alarm.raised_at_ms, text)
        if step := risen(alarm):
            yield climbed(step, seat, text, words)


def risen(alarm: Alarm) -> Done | None:
    """When it last went up the ladder, and to which post; None if it never did."""
    steps = (one for one in alarm.log if one.deed is Deed.ESCALATE)
    return max(steps, key=lambda one: one.at_ms, default=None)


def climbed(step: Done, seat: Seat, text: str, words: Words) -> Call:
    """Everybody hears that it went up; whoever holds the post it went to is told in particular."""
    if step.note not in set(Role):
        return Call(Sound.ESCALATED, step.at_ms, text)
    post = Role(step.note)
    said = words("sound.escalated_to", post=words.pick(*ROLE_NAMES[post]), text=text)
    return Call(Sound.ESCALATED, step.at_ms, said, is_mine=post in seat.roles)


def case_calls(case: Case) -> Iterator[Call]:
    """When its clock is near its end, and when beyond it; either may lie ahead."""
    if case.timer is None:
        return
    rows = case.timer.clock.rows()
    for what, sound in (("warn", Sound.NEAR), ("overdue", Sound.OVERDUE)):
        if what in rows:
            yield Call(sound, rows[what], case.title)


def feed_calls(desk: Desk, words: Words) -> Iterator[Call]:
    """Feeds that were heard and are no longer."""
    for name, counts in desk.store.health.read().items():
        card = desk.cards.get(name)
        if card and counts.heard_ms:
            lost_ms = counts.heard_ms + round(LOST_AFTER * card.period_s * 1000)
            if lost_ms <= desk.now_ms():
                yield Call(Sound.FEED_LOST, lost_ms, words.pick(card.zh, card.en))
