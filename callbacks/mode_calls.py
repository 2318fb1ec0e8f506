"""What of the switch asks a seat for attention: a proposal for the second person, a late report."""

from collections.abc import Iterator
from functools import lru_cache

from callbacks.desk import Desk
from city.mode import Proposal, Standing
from city.roles import Right, Seat
from city.sounds import Call, Sound
from layouts.panels.mode_pill import proposal_line
from layouts.words import Words

SHARED = 8


def mode_calls(desk: Desk, seat: Seat, version: int | None, words: Words) -> Iterator[Call]:
    """Only for seats that switch the mode; who proposed is not called by himself."""
    if not seat.may(Right.SWITCH_MODE):
        return
    standing = standing_at(desk, version or desk.now_ms() // 1000)
    waiting = standing.waiting(desk.now_ms())
    if waiting and waiting.by.account != seat.account:
        yield asked(waiting, words)
    yield from late_reports(desk, standing, words)


@lru_cache(SHARED)
def standing_at(desk: Desk, _version: int) -> Standing:
    """Read once for a version."""
    return desk.store.mode.standing()


def asked(waiting: Proposal, words: Words) -> Call:
    """A second person is wanted: told on the desktop too."""
    text = f"{words('mode.waits')} · {proposal_line(waiting, words)}"
    return Call(Sound.MESSAGE, waiting.by.at_ms, text, is_mine=True)


def late_reports(desk: Desk, standing: Standing, words: Words) -> Iterator[Call]:
    """Reports of the emergency whose time is over."""
    if standing.episode is None:
        return
    for one in desk.store.mode.reports_of(standing.episode):
        if not one.sent_ms and one.is_late(desk.now_ms()):
            name = words.pick(one.rule.zh, one.rule.en)
            yield Call(Sound.OVERDUE, one.due_ms, words("mode.report_late", name=name))
