"""What is open now, line by line, as a shift hands it over."""

from collections.abc import Iterator

from callbacks.alarm_rows import alarms_of, place_of, title_of
from callbacks.desk import Desk
from city.alarms import OPEN_STATES, AlarmState
from city.case_states import CaseState
from city.case_views import ALL, CaseQuery
from city.cases import Case, Source
from city.handover import Line, Part
from city.roles import Seat
from layouts.words import Words

WORST = (1, 2)
CALLED = frozenset({Source.HOTLINE, Source.PUBLIC})
MOST = 200


def lines_of(desk: Desk, seat: Seat, words: Words) -> list[Line]:
    """Every part, in the order of the sheet."""
    return [
        *alarm_lines(desk, seat, words),
        *case_lines(desk, seat),
        *callback_lines(desk, seat),
        *feed_lines(desk, words),
    ]


def alarm_lines(desk: Desk, seat: Seat, words: Words) -> Iterator[Line]:
    """Open ones of levels Ⅰ and Ⅱ, and all that are shelved, with their expiry."""
    for alarm in alarms_of(desk, seat, ""):
        state = alarm.state(desk.now_ms())
        title, place = title_of(alarm, words), place_of(desk, alarm, words)
        if state in OPEN_STATES and alarm.severity in WORST:
            note = alarm.acked_name if alarm.is_acknowledged else words("alarms.said_waiting")
            yield Line(Part.ALARMS, alarm.id, title, place, alarm.severity,
                       alarm.raised_at_ms, note)  # fmt: skip
        if state is AlarmState.SHELVED:
            yield Line(Part.SHELVED, alarm.id, title, place, alarm.severity,
                       alarm.shelved_until_ms or 0, alarm.reason)  # fmt: skip


def case_lines(desk: Desk, seat: Seat) -> Iterator[Line]:
    """Open cases with a clock near its end or beyond it."""
    at_ms = desk.now_ms()
    for case in desk.open_cases(seat):
        clock = case.timer.clock if case.timer else None
        if clock and clock.is_running and clock.warn_ms <= at_ms:
            yield case_line(Part.CASES, case, clock.due_ms, desk.department_of(case))


def callback_lines(desk: Desk, seat: Seat) -> Iterator[Line]:
    """Closed cases of callers who were promised a word and have not been asked yet."""
    query = CaseQuery(seat, desk.now_ms(), view=ALL, states=frozenset({CaseState.CLOSED}),
                      sources=frozenset(map(str, CALLED)), limit=MOST)  # fmt: skip
    for case in desk.store.cases.table.page(query).rows:
        if not case.satisfaction and case.reporter.phone:
            yield case_line(Part.CALLBACKS, case, case.closed_ms or 0, "")


def case_line(part: Part, case: Case, at_ms: int, note: str) -> Line:
    """A case: never a name or a number of the caller."""
    return Line(part, case.id, case.title or case.type, case.id, case.severity, at_ms, note)


def feed_lines(desk: Desk, words: Words) -> Iterator[Line]:
    """Feeds that are late or worse."""
    for name, counts in desk.store.health.read().items():
        card = desk.cards.get(name)
        if not card or not counts.heard_ms:
            continue
        state = str(counts.state(card.period_s, desk.now_ms()))
        if state in ("late", "stale", "lost"):
            yield Line(Part.FEEDS, name, words.pick(card.zh, card.en),
                       desk.department(card.department, words), 0, counts.heard_ms,
                       words(f"state.{state}"))  # fmt: skip
