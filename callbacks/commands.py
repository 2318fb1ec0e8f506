"""Commands, alarms, cases and places as results of the command bar."""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

from dash import Input, Output, no_update

from callbacks.alarm_rows import alarms_of, place_of, title_of
from callbacks.asking import actor_asked
from callbacks.desk import Desk
from callbacks.dispatch_commands import sending
from callbacks.wiring import wiring
from city.alarm_desk import Tab, order, tabs_of
from city.alarm_orders import AlarmOrder
from city.alarms import Alarm, Deed
from city.case_states import STATES
from city.case_views import ALL, CaseQuery
from city.cases import Case
from city.commands import USAGES, Said, Verb, only_of, parse, usages_for
from city.roles import Right, Seat
from layouts import ids
from layouts.panels.search import Found
from layouts.words import Words

FEW = 5
PAGE_WORDS = ("situation", "cases", "dispatch", "handover", "accounts", "audit")
Answer = Iterator[Found]


def answers(desk: Desk, seat: Seat, text: str, words: Words) -> list[Found]:
    """All but the things: what a command would do first, then what has the text in its name."""
    said = parse(text)
    found = list(DOES[said.verb](desk, seat, said, words)) if said else []
    found += usages(text, words)
    if not text.startswith("/"):
        found += islice(alarm_answers(desk, seat, text, words), FEW)
        found += case_answers(desk, seat, text, words)
    return found


def usages(text: str, words: Words) -> Answer:
    """What may be typed."""
    for usage in usages_for(text):
        example = words.pick(usage.zh, usage.en)
        does = {"type": f"{usage.words[words.lang == 'en']} "}
        yield Found("", 0, example, words(f"command.{usage.verb}"), "commands", "keys",
                    words("command.type"), does)  # fmt: skip


def alarm_answers(desk: Desk, seat: Seat, text: str, words: Words) -> Answer:
    """Open alarms whose title or place has every word."""
    wanted = text.casefold().split()
    for alarm in open_alarms(desk, seat):
        said = f"{title_of(alarm, words)} {place_of(desk, alarm, words)}".casefold()
        if all(word in said for word in wanted):
            yield alarm_row(desk, alarm, words, words("search.open_alarms"), opening(desk, alarm))


def open_alarms(desk: Desk, seat: Seat) -> list[Alarm]:
    """The rows of the queue, in its order."""
    if not seat.may(Right.VIEW_ALARMS):
        return []
    at_ms = desk.now_ms()
    mine = [one for one in alarms_of(desk, seat, "") if Tab.ACTIVE in tabs_of(one, "", at_ms)]
    return sorted(mine, key=order)


def opening(desk: Desk, alarm: Alarm) -> Mapping[str, Any]:
    """The alarm open, its thing on the map."""
    thing = alarm.thing if alarm.thing in desk.table.index else None
    return {"alarm": alarm.id, "thing": thing}


def alarm_row(desk: Desk, alarm: Alarm, words: Words, said: str, does: Mapping[str, Any]) -> Found:
    """An alarm as a result."""
    return Found("", alarm.severity, title_of(alarm, words), place_of(desk, alarm, words),
                 "alarms", "", said, does)  # fmt: skip


def case_answers(desk: Desk, seat: Seat, text: str, words: Words) -> Answer:
    """Cases by number or title."""
    if seat.may(Right.VIEW_CASES) and len(text) > 1:
        query = CaseQuery(seat, desk.now_ms(), view=ALL, text=text, limit=FEW)
        for case in desk.store.cases.table.page(query).rows:
            yield case_row(case, words)


def case_row(case: Case, words: Words) -> Found:
    """A case as a result."""
    state = words.pick(*STATES[case.state][:2])
    does = {"href": f"/cases/{case.id}"}
    return Found("", case.severity, case.title or case.id, f"{case.id} · {state}", "alarms", "",
                 words("search.open_cases"), does)  # fmt: skip


def place_answers(desk: Desk, text: str, words: Words) -> Answer:
    """Places by their name in either language."""
    wanted = text.casefold()
    for spot in desk.spots:
        if wanted and (wanted in spot.zh or wanted in spot.en.casefold()):
            does = {"fly": [spot.lon, spot.lat]}
            yield Found("", 0, words.pick(spot.zh, spot.en), words("search.place"), "places",
                        "situation", words("search.open_places"), does)  # fmt: skip


# What each verb offers.


def acknowledging(desk: Desk, seat: Seat, said: Said, words: Words) -> Answer:
    """确认 2: the second row of the queue."""
    rows = open_alarms(desk, seat) if seat.may(Right.HANDLE_ALARMS) else []
    number = int(said.rest) if said.rest.isdigit() else 1
    for alarm in rows[number - 1 : number] if number else ():
        does = {"run": {"verb": said.verb, "of": alarm.id}}
        yield alarm_row(desk, alarm, words, words("command.acknowledge"), does)


def casing(desk: Desk, seat: Seat, said: Said, words: Words) -> Answer:
    """案 0917-04127."""
    yield from case_answers(desk, seat, said.rest, words)


def layering(desk: Desk, _seat: Seat, said: Said, words: Words) -> Answer:
    """图层 只看 水务: other kinds are hidden."""
    only = only_of(said.rest)
    if only is None:
        return
    shown = [name for name in desk.kinds if is_of(desk, name, only)]
    if shown:
        hidden = sorted(set(desk.kinds) - set(shown))
        names = "、".join(words.pick(desk.kind(one).zh, desk.kind(one).en) for one in shown[:4])
        text = words("command.layers_only", names=names) if hidden else words("command.layers_all")
        yield command(text, words("command.layers"), {"set": {ids.MAP: {"hidden": hidden}}})


def is_of(desk: Desk, name: str, text: str) -> bool:
    """Whether a kind, or the department that has it, is called so."""
    kind, wanted = desk.kind(name), text.casefold().replace(" ", "")
    departments = [one for one in desk.profile.departments if one.code == kind.department]
    names = [kind.zh, kind.en, *(name for one in departments for name in (one.zh, one.en))]
    return not wanted or any(wanted in one.casefold().replace(" ", "") for one in names)


def levelling(_desk: Desk, _seat: Seat, said: Said, words: Words) -> Answer:
    """等级 1 2: the queue shows only these."""
    levels = [one for one in said.rest if one in "1234"]
    if levels:
        text = words("alarms.only_levels", levels=" ".join(levels))
        yield command(text, words("command.levels"), {"levels": " ".join(levels)})


def scoping(desk: Desk, seat: Seat, said: Said, words: Words) -> Answer:
    """范围 龙华."""
    wanted = said.rest.casefold()
    for area in desk.profile.areas:
        if wanted and seat.covers(area.code) and wanted in f"{area.zh} {area.en}".casefold():
            does = {"set": {ids.SCOPE: {"data": area.code}}}
            yield command(words.pick(area.zh, area.en), words("command.scope"), does)


def going(_desk: Desk, _seat: Seat, said: Said, words: Words) -> Answer:
    """去 事件."""
    for name in PAGE_WORDS:
        called = f"{words(f'nav.{name}')} {name}".casefold()
        if said.rest.casefold() in called:
            yield command(words(f"nav.{name}"), words("command.go"), {"href": f"/{name}"})


def muting(_desk: Desk, _seat: Seat, said: Said, words: Words) -> Answer:
    """静音 5."""
    if said.rest.isdigit():
        does = {"run": {"verb": said.verb, "of": said.rest}}
        yield command(words("sound.mute", n=said.rest), words("command.mute"), does)


def command(name: str, said: str, does: Mapping[str, Any]) -> Found:
    """One command as a result."""
    return Found("", 0, name, "", "commands", "keys", said, does)


DOES: Mapping[Verb, Callable[[Desk, Seat, Said, Words], Answer]] = {
    Verb.ACKNOWLEDGE: acknowledging,
    Verb.CASE: casing,
    Verb.LAYERS: layering,
    Verb.LEVELS: levelling,
    Verb.SCOPE: scoping,
    Verb.GO: going,
    Verb.MUTE: muting,
    Verb.SEND: sending,
}
assert {usage.verb for usage in USAGES} == set(DOES)


@wiring.on(
    Output(ids.COMMAND, "data"),
    Input(ids.COMMAND, "data"),
    prevent_initial_call=True,
)
def run(desk: Desk, said: Mapping[str, str] | None) -> Any:
    """What only the server can do."""
    if not said:
        return no_update
    actor, about = actor_asked(desk), str(said.get("of", ""))
    if said.get("verb") == Verb.MUTE:
        desk.store.sounds.mute(int(about), actor)
    if said.get("verb") == Verb.ACKNOWLEDGE:
        desk.store.alarms.order(about, AlarmOrder(Deed.ACK), actor)
    return None
