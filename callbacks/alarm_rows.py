"""Alarms in the words of a page: rows of the queue, and the card of the open one."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from callbacks.alarm_sources import sources_of
from callbacks.desk import Desk
from city.alarm_desk import KEYS, Tab, lawful, order, over_ms, tabs_of, waiting_by_level, waits
from city.alarm_rules import Measure
from city.alarms import Alarm, Deed, Done, load_of
from city.naming import EN
from city.refusal import NotFound
from city.roles import Right, Seat, holders, named
from layouts.figures import instant, number
from layouts.panels.alarm_card import ActView, AlarmFacts, LogLine
from layouts.panels.queue import MOST_ROWS, AlarmRow, Queue
from layouts.words import Words
from store.alarm_table import AlarmQuery

SHARED = 128
NO_VALUE = {Measure.SILENCE, Measure.BREACH}


class Picked(NamedTuple):
    """All alarms of a seat, how many each tab has, and those of the open tab in their order."""

    alarms: Sequence[Alarm]
    counts: dict[Tab, int]
    rows: list[Alarm]


class View(NamedTuple):
    """The tab that is open, the levels that are shown (none: all), the district, the pulse."""

    tab: Tab = Tab.ACTIVE
    levels: frozenset[int] = frozenset()
    area: str = ""
    version: int | None = None


def alarms_of(desk: Desk, seat: Seat, area: str, version: int | None = None) -> Sequence[Alarm]:
    """All alarms that a seat may see in the scope of its page, read once for a version."""
    if version is not None:
        return shared(desk, seat, area, version)
    desk.store.alarm_table.refresh()
    return desk.store.alarm_table.find(AlarmQuery(area=area), seat, desk.now_ms())


@lru_cache(SHARED)
def shared(desk: Desk, seat: Seat, area: str, _version: int) -> Sequence[Alarm]:
    """The same for all panels and browsers that show one version to one seat."""
    return alarms_of(desk, seat, area)


def picked(desk: Desk, seat: Seat, view: View) -> Picked:
    """What a tab shows now."""
    alarms, at_ms = alarms_of(desk, seat, view.area, view.version), desk.now_ms()
    counts, shown = dict.fromkeys(Tab, 0), []
    for alarm in alarms:
        for tab in tabs_of(alarm, seat.account, at_ms):
            counts[tab] += 1
            if tab is view.tab and (not view.levels or alarm.severity in view.levels):
                shown.append(alarm)
    return Picked(alarms, counts, sorted(shown, key=order))


def queue_of(desk: Desk, seat: Seat, view: View, words: Words) -> Queue:
    """The same in plain values."""
    alarms, counts, rows = picked(desk, seat, view)
    at_ms = desk.now_ms()
    load = load_of(alarms, at_ms, desk.profile.rulebook.flood)
    return Queue(
        rows=[row_of(desk, alarm, view.tab, words) for alarm in rows[:MOST_ROWS]],
        more=max(0, len(rows) - MOST_ROWS),
        tab=view.tab,
        levels=view.levels,
        counts=counts,
        totals=waiting_by_level(alarms, at_ms),
        last_acknowledged=last_acknowledged(desk, alarms),
        load=load.recent,
        limit=load.limit,
        may_acknowledge=seat.may(Right.HANDLE_ALARMS),
    )


def last_acknowledged(desk: Desk, alarms: Iterable[Alarm]) -> str:
    """When the last one was seen to."""
    newest = max((alarm.acked_ms or 0 for alarm in alarms), default=0)
    return instant(desk.at(newest), desk.now()) if newest else ""


def row_of(desk: Desk, alarm: Alarm, tab: Tab, words: Words) -> AlarmRow:
    """One row."""
    is_over = tab is Tab.CLEARED
    return AlarmRow(
        id=alarm.id,
        thing=alarm.thing if alarm.thing in desk.table.index else "",
        level=alarm.severity,
        title=title_of(alarm, words),
        place=place_of(desk, alarm, words),
        since_ms=over_ms(alarm) if is_over else alarm.raised_at_ms,
        sources=sources_of(desk, alarm),
        merged=alarm.children,
        times=alarm.span.times,
        owner=owner_of(alarm),
        is_acknowledged=alarm.is_acknowledged,
        is_cleared=alarm.span.cleared_ms is not None,
        is_escalated=alarm.escalation > 0,
        note=note_of(desk, alarm, words),
    )


def title_of(alarm: Alarm, words: Words) -> str:
    """What is wrong, with its figure: 积水深度超限 43 cm."""
    what = alarm.en if words.lang == EN else alarm.zh
    if alarm.measure in NO_VALUE:
        return what
    shown = alarm.span.value if alarm.span.cleared_ms is None else alarm.span.peak
    return f"{what} {number(round(shown, 2), alarm.unit)}"


def place_of(desk: Desk, alarm: Alarm, words: Words) -> str:
    """District and name of the thing, or the kind of a whole feed."""
    kind = desk.kind(alarm.kind)
    name = words.pick(alarm.name_zh, alarm.name_en)
    if name.strip("*") == "":
        name = words.pick(kind.zh, kind.en)
    area = desk.area(alarm.area, words).removesuffix("区")
    return " · ".join(filter(None, (area, name)))


def owner_of(alarm: Alarm) -> str:
    """Whose it is, once somebody has seen it."""
    return alarm.assignee or (alarm.acked_name if alarm.is_acknowledged else "")


def note_of(desk: Desk, alarm: Alarm, words: Words) -> str:
    """Its case, until when it is shelved, that it was false."""
    if alarm.false_ms is not None:
        return words("alarms.was_false")
    if alarm.is_shelved(desk.now_ms()):
        until = instant(desk.at(alarm.shelved_until_ms), desk.now())[:5]
        return words("alarms.shelved_until", at=until)
    return words("alarms.filed") if alarm.case_id else ""


def facts_of(desk: Desk, seat: Seat, alarm_id: str, words: Words) -> AlarmFacts:
    """The open alarm; NotFound where this seat sees none of that number."""
    alarm = seen(desk, seat, alarm_id)
    at_ms, is_there = desk.now_ms(), alarm.thing in desk.table.index
    children = desk.store.alarm_table.find(AlarmQuery(parent=alarm.id), seat, at_ms)
    return AlarmFacts(
        id=alarm.id,
        level=alarm.severity,
        title=title_of(alarm, words),
        place=place_of(desk, alarm, words),
        has_thing=is_there,
        rows=rows_of(desk, alarm, words),
        notices=notices_of(desk, alarm, words),
        children=[place_of(desk, one, words) for one in children],
        log=[line_of(desk, one, words) for one in reversed(alarm.log)],
        case_id=alarm.case_id,
        acts=[ActView(act, KEYS[act]) for act in lawful(alarm, seat, at_ms)],
        why_none=why_none(seat, words),
    )


def seen(desk: Desk, seat: Seat, alarm_id: str) -> Alarm:
    """An alarm that this seat may see."""
    desk.store.alarm_table.refresh()
    found = desk.store.alarm_table.find(AlarmQuery(), seat, desk.now_ms())
    for alarm in found:
        if alarm.id == alarm_id:
            return alarm
    raise NotFound("not_found", name=alarm_id, what=("告警", "alarm"))


def why_none(seat: Seat, words: Words) -> str:
    """Who may, where this seat may not."""
    if seat.may(Right.HANDLE_ALARMS):
        return words("alarms.nothing_to_do")
    zh, en = named(holders(Right.HANDLE_ALARMS))
    return words("alarms.only", who=words.pick(zh, en))


def rows_of(desk: Desk, alarm: Alarm, words: Words) -> list[tuple[str, str]]:
    """Rule with its ground, times, figures, who has it."""
    rule = {one.id: one for one in desk.profile.rulebook.rules}.get(alarm.rule)
    limit = number(alarm.limit, alarm.unit)
    said = words("alarms.rule_text", what=words.pick(alarm.zh, alarm.en), limit=limit)
    basis = rule.basis.split(" · ") if rule else [""]
    peak = "" if alarm.measure in NO_VALUE else number(round(alarm.span.peak, 2), alarm.unit)
    rows = [
        (words("alarms.rule"), said),
        (words("alarms.basis"), words.pick(basis[0], basis[-1])),
        (words("alarms.raised"), instant(desk.at(alarm.span.raised_ms), desk.now())),
        (words("alarms.peak"), peak),
        (words("alarms.times"), f"×{alarm.span.times}" if alarm.span.times > 1 else ""),
        (words("alarms.owner"), owner_of(alarm)),
    ]
    return [(name, text) for name, text in rows if text]


def notices_of(desk: Desk, alarm: Alarm, words: Words) -> list[tuple[str, str]]:
    """What must not be missed: cleared, shelved, escalated, maintenance, false."""
    at = instant(desk.at(alarm.span.cleared_ms), desk.now())
    until = instant(desk.at(alarm.shelved_until_ms), desk.now())
    said = [
        (alarm.span.cleared_ms is not None, "stale", words("alarms.cleared_at", at=at)),
        (alarm.is_shelved(desk.now_ms()), "stale",
         words("alarms.shelved_why", at=until, why=alarm.reason)),
        (alarm.false_ms is not None, "stale",
         words("alarms.false_why", who=alarm.false_by, why=alarm.reason)),
        (alarm.escalation > 0 and waits(alarm, desk.now_ms()), "lost",
         words("alarms.escalated", n=alarm.escalation)),
        (bool(alarm.maintenance), "late", words("alarms.maintenance", why=alarm.maintenance)),
    ]  # fmt: skip
    return [(kind, text) for is_so, kind, text in said if is_so]


def line_of(desk: Desk, done: Done, words: Words) -> LogLine:
    """One line of the log."""
    note = "" if done.deed in (Deed.RAISE, Deed.LEVEL, Deed.AGAIN) else done.note
    text = " · ".join(filter(None, (words(f"deed.{done.deed}"), note)))
    return LogLine(instant(desk.at(done.at_ms), desk.now()), done.name, text)
