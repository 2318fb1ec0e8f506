"""What each act asks first: its sheet, filled in as far as the house knows."""

from collections.abc import Callable, Mapping

from callbacks.alarm_rows import place_of, title_of
from callbacks.desk import Desk
from city.alarm_desk import SHELVE_MINUTES, Act, suggested
from city.alarm_filing import opening
from city.alarms import Alarm
from city.cases import Case, Order
from city.filing import Condition
from city.roles import Right, Seat
from geo.points import Point, distance_m
from layouts.figures import span
from layouts.panels.sheet import Field, Sheet
from layouts.parts import ROMAN
from layouts.words import Words

NEAR_M = 1500.0
MOST_CASES = 8
REASONS = ("sensor", "nothing", "works", "double")
Row = tuple[str, str]


def file_sheet(desk: Desk, alarm: Alarm, _seat: Seat, words: Words) -> Sheet:
    """立案: type with the rule that led to it, condition, level, place."""
    guess = suggested(alarm)
    types = [(f"{one.kind}/{one.code}", f"{one.code} {words.pick(one.zh, one.en)}")
             for one in desk.profile.filing.types()]  # fmt: skip
    levels = [(str(level), ROMAN[level]) for level in (1, 2, 3, 4)]
    what = words.pick(alarm.zh, alarm.en)
    return Sheet(
        title=words("sheet.file"),
        fields=(
            Field("type", words("sheet.type"), f"{guess.kind}/{guess.code}", types,
                  words("sheet.suggested", rule=what), is_list=True),
            Field("severity", words("sheet.level"), str(alarm.severity), levels),
            Field("title", words("sheet.title"), case_title(desk, alarm, words)),
        ),
        facts=(
            (words("sheet.place"), place_of(desk, alarm, words)),
            (words("sheet.condition"), condition_text(desk, alarm, words)),
        ),
        does=words("act.file"),
    )  # fmt: skip


def case_title(desk: Desk, alarm: Alarm, words: Words) -> str:
    """What and where, short."""
    return f"{place_of(desk, alarm, words)} {title_of(alarm, words)}"


def condition_text(desk: Desk, alarm: Alarm, words: Words) -> str:
    """The first filing condition of the suggested type, with its limit and standing."""
    guess = suggested(alarm)
    found = desk.profile.filing.conditions_for(guess.kind, guess.code)
    if not found:
        return words("sheet.no_condition")
    first: Condition = found[0]
    standing = "" if first.origin.verified else words("sheet.proposal")
    return " · ".join(filter(None, (words.pick(first.zh, first.en), str(first.limit), standing)))


def case_order(alarm: Alarm, answers: Mapping[str, str]) -> Order:
    """The order that opens a case for an alarm, as the sheet was filled in."""
    kind, _, code = answers.get("type", "").partition("/")
    severity = int(answers.get("severity") or alarm.severity)
    said = {"kind": kind, "type": code, "title": answers.get("title", ""), "severity": severity}
    return opening(alarm, said)


def merge_sheet(desk: Desk, alarm: Alarm, seat: Seat, words: Words) -> Sheet:
    """并案: open cases near it, the nearest first."""
    rows = [case_row(case, metres, words) for metres, case in nearby(desk, alarm, seat)]
    chosen = rows[0][0] if rows else ""
    return Sheet(
        title=words("sheet.merge"),
        fields=(Field("case", words("sheet.case"), chosen, rows),) if rows else (),
        does=words("act.merge"),
        why_not="" if rows else words("sheet.no_case", within=f"{NEAR_M / 1000:g}"),
    )


def nearby(desk: Desk, alarm: Alarm, seat: Seat) -> list[tuple[float, Case]]:
    """Open cases of the seat near the alarm, or about the same thing."""
    found = []
    for case in desk.open_cases(seat):
        if case.thing and case.thing == alarm.thing:
            found.append((0.0, case))
        elif case.pos and alarm.pos:
            metres = distance_m(Point(*case.pos), Point(*alarm.pos))
            found += [(metres, case)] * (metres <= NEAR_M)
    return sorted(found, key=lambda one: one[0])[:MOST_CASES]


def case_row(case: Case, metres: float, words: Words) -> Row:
    """A case to choose."""
    return case.id, words("sheet.case_row", id=case.id[-14:], title=case.title, m=round(metres))


def shelve_sheet(_desk: Desk, _alarm: Alarm, _seat: Seat, words: Words) -> Sheet:
    """搁置: how long, and why."""
    minutes = [(str(one), span(one * 60)) for one in SHELVE_MINUTES]
    return Sheet(
        title=words("sheet.shelve"),
        fields=(
            Field("minutes", words("sheet.minutes"), str(SHELVE_MINUTES[0]), minutes),
            Field("reason", words("sheet.reason")),
        ),
        note=words("sheet.shelve_note"),
        does=words("act.shelve"),
    )


def false_sheet(_desk: Desk, _alarm: Alarm, _seat: Seat, words: Words) -> Sheet:
    """误报: why it was none."""
    kinds = [(words(f"sheet.false_{one}"), words(f"sheet.false_{one}")) for one in REASONS]
    return Sheet(
        title=words("sheet.false"),
        fields=(
            Field("kind", words("sheet.reason"), kinds[0][0], kinds),
            Field("reason", words("sheet.more")),
        ),
        does=words("act.false"),
    )


def assign_sheet(desk: Desk, alarm: Alarm, seat: Seat, words: Words) -> Sheet:
    """转办: to whom."""
    people = [
        (one.account, one.name)
        for one in desk.store.accounts.all()
        if not one.is_disabled and one.account != seat.account
        and one.seat.may(Right.HANDLE_ALARMS) and one.seat.covers(alarm.area)
    ]  # fmt: skip
    chosen = people[0][0] if people else ""
    return Sheet(
        title=words("sheet.assign"),
        fields=(Field("assignee", words("sheet.assignee"), chosen, people),) if people else (),
        does=words("act.assign"),
        why_not="" if people else words("sheet.nobody"),
    )


def comment_sheet(_desk: Desk, _alarm: Alarm, _seat: Seat, words: Words) -> Sheet:
    """备注: what."""
    return Sheet(
        title=words("sheet.comment"),
        fields=(Field("reason", words("sheet.text")),),
        does=words("act.comment"),
    )


SHEETS: Mapping[Act, Callable[[Desk, Alarm, Seat, Words], Sheet]] = {
    Act.FILE: file_sheet,
    Act.MERGE: merge_sheet,
    Act.SHELVE: shelve_sheet,
    Act.FALSE: false_sheet,
    Act.ASSIGN: assign_sheet,
    Act.COMMENT: comment_sheet,
}
