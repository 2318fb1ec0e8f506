"""The report of an emergency as titles and tables of words, for the page and the export."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from city.case_times import STAGE_NAMES
from city.mode_figures import AlarmFigures, CaseFigures, Durations, Figures, OrderFigures
from city.mode_plans import plan_name
from city.mode_report import EpisodeReport, TimelineLine
from layouts.case_naming import Naming
from layouts.deadlines import moment
from layouts.figures import CHINA, NONE
from layouts.parts import ROMAN
from layouts.words import Words

MOST_ROWS = 10
Row = Sequence[str]


@dataclass(frozen=True, slots=True)
class Section:
    """A table under its title; `head` may be empty."""

    name: str
    title: str
    head: Row
    rows: Sequence[Row]


def title(report: EpisodeReport, words: Words) -> str:
    """`应急 Ⅱ级 · 防汛防风应急预案`."""
    episode = report.episode
    mode = words(f"mode.{episode.mode}_level", level=ROMAN[episode.level])
    return f"{mode} · {words.pick(*plan_name(episode.plan))}"


def facts(report: EpisodeReport, words: Words) -> list[tuple[str, str]]:
    """Number, from, to, how long."""
    episode = report.episode
    return [
        (words("mode.number"), episode.id),
        (words("mode.began"), full(episode.began_ms)),
        (words("mode.ended"), full(episode.ended_ms)),
        (words("mode.lasted"), lasted(report.lasted_ms, words)),
        (words("mode.made"), full(report.made_ms)),
    ]


def sections(report: EpisodeReport, naming: Naming) -> list[Section]:
    """All tables, in the order in which they are read."""
    words = naming.words
    head = ("", words("mode.during"), words("mode.before"))
    pairs = (report.during, report.before)
    return [
        decisions(report, words),
        Section("cases", words("mode.cases"), head, case_rows(pairs, words)),
        Section("stages", words("mode.stages"), head, stage_rows(pairs, words)),
        Section("alarms", words("mode.alarms"), head, alarm_rows(pairs, words)),
        Section("orders", words("mode.orders"), head, order_rows(pairs, words)),
        where("areas", words("mode.areas"), report.during.cases.by_area, naming),
        where("types", words("mode.types"), report.during.cases.by_type, naming),
        told(report, words),
        duty(report, words),
        groups(report, words),
        timeline(report, words),
    ]


def decisions(report: EpisodeReport, words: Words) -> Section:
    """What two persons decided."""
    rows = [
        (full(one.at_ms),
         f"{words(f'mode.turn_{one.asked.turn}')} {ROMAN[one.asked.level]}".strip(),
         one.asked.reason,
         words("mode.both", first=one.by.name, second=one.second.name))
        for one in report.episode.steps
    ]  # fmt: skip
    return Section("steps", words("mode.decisions"), (), rows)


def case_rows(pairs: Sequence[Figures], words: Words) -> list[Row]:
    """Cases: how many, of which level, how far."""
    both: list[CaseFigures] = [one.cases for one in pairs]
    levels = level_rows([one.by_level for one in both], words)
    return [
        beside(words("mode.opened"), [one.opened for one in both]),
        *levels,
        beside(words("mode.closed"), [one.closed for one in both]),
        beside(words("mode.still_open"), [one.open for one in both]),
        beside(words("mode.in_time"), [share(one.in_time, one.late) for one in both]),
    ]


def level_rows(both: Sequence[Mapping[int, int]], words: Words) -> list[Row]:
    """How many of each level."""
    return [beside(words("mode.of_level", level=ROMAN[level]), [one.get(level, 0) for one in both])
            for level in (1, 2, 3, 4)]  # fmt: skip


def stage_rows(pairs: Sequence[Figures], words: Words) -> list[Row]:
    """How long the stages of a case took."""
    both = [one.cases.stages for one in pairs]
    known = [stage for stage in STAGE_NAMES if any(stage in one for one in both)]
    return [beside(words.pick(*STAGE_NAMES[stage]),
                   [took(one.get(stage, Durations()), words) for one in both])
            for stage in known]  # fmt: skip


def alarm_rows(pairs: Sequence[Figures], words: Words) -> list[Row]:
    """Alarms: how many, how soon seen."""
    both: list[AlarmFigures] = [one.alarms for one in pairs]
    levels = level_rows([one.by_level for one in both], words)
    return [
        beside(words("mode.raised"), [one.raised for one in both]),
        *levels,
        beside(words("mode.acknowledged"), [took(one.acknowledged, words) for one in both]),
        beside(words("mode.unacknowledged"), [one.unacknowledged for one in both]),
        beside(words("mode.escalated"), [one.escalated for one in both]),
        beside(words("mode.filed"), [one.filed for one in both]),
        beside(words("mode.false"), [one.false for one in both]),
    ]


def order_rows(pairs: Sequence[Figures], words: Words) -> list[Row]:
    """Orders: how many, how soon answered, there, done."""
    both: list[OrderFigures] = [one.orders for one in pairs]
    return [
        beside(words("mode.orders_sent"), [one.sent for one in both]),
        beside(words("mode.refused"), [one.refused for one in both]),
        beside(words("mode.unanswered"), [one.unanswered for one in both]),
        beside(words("mode.done"), [one.done for one in both]),
        beside(words("mode.answered"), [took(one.answered, words) for one in both]),
        beside(words("mode.arrived"), [took(one.arrived, words) for one in both]),
        beside(words("mode.finished"), [took(one.finished, words) for one in both]),
    ]


def where(name: str, heading: str, counts: Mapping[str, int], naming: Naming) -> Section:
    """How many in each district, or of each type; the most first."""
    call = naming.area if name == "areas" else lambda code: naming.type_of("event", code)
    rows = [(call(code), str(count)) for code, count in list(counts.items())[:MOST_ROWS]]
    return Section(name, heading, (), rows)


def told(report: EpisodeReport, words: Words) -> Section:
    """The reporting clock."""
    late = words("mode.late")
    rows = [
        (words.pick(one.zh, one.en), full(one.due_ms), full(one.sent_ms), one.sent_by,
         late if one.is_late else "")
        for one in report.reports
    ]  # fmt: skip
    head = ("", words("mode.due"), words("mode.sent_when"), words("mode.sent_by"), "")
    return Section("reports", words("mode.reporting"), head, rows)


def duty(report: EpisodeReport, words: Words) -> Section:
    """Who was on duty, from when to when."""
    rows = [(one.post, one.name, full(one.since_ms), full(one.until_ms))
            for one in report.episode.duty]  # fmt: skip
    return Section("duty", words("mode.duty"), (), rows)


def groups(report: EpisodeReport, words: Words) -> Section:
    """The groups that worked."""
    rows = [(one.id, one.name, words("groups.members_n", n=one.members), full(one.made_ms),
             full(one.until_ms)) for one in report.groups]  # fmt: skip
    return Section("groups", words("groups.title"), (), rows)


def timeline(report: EpisodeReport, words: Words) -> Section:
    """What was done when; says so where it is cut."""
    rows = [line(one, words) for one in report.timeline]
    if report.is_cut:
        rows.append(("…", words("mode.cut"), "", "", ""))
    return Section("timeline", words("mode.timeline"), (), rows)


def line(one: TimelineLine, words: Words) -> Row:
    """One line of the timeline."""
    action = words.get(f"audit_action.{one.action.replace('.', '_')}", one.action)
    return full(one.at_ms), action, one.subject, one.name, one.text


def beside(name: str, values: Iterable[object]) -> Row:
    """A name and its values."""
    return name, *map(str, values)


def share(in_time: int, late: int) -> str:
    """`95.2% (20/21)`; — where nothing has ended."""
    whole = in_time + late
    return f"{in_time / whole:.1%} ({in_time}/{whole})" if whole else NONE


def took(one: Durations, words: Words) -> str:
    """`4 min, 9 in 10 within 12 min (31)`; — where nothing has ended."""
    if one.median_ms is None or one.p90_ms is None:
        return NONE
    return words("mode.took", median=lasted(one.median_ms, words), p90=lasted(one.p90_ms, words),
                 count=one.count)  # fmt: skip


def lasted(ms: int, words: Words) -> str:
    """`12 s`, `4 min`, `2 h 05 min`."""
    seconds = max(0, ms // 1000)
    if seconds < 60:
        return words("mode.seconds", s=seconds)
    if seconds < 3600:
        return words("mode.minutes", m=round(seconds / 60))
    return words("mode.hours", h=seconds // 3600, m=seconds // 60 % 60)


def full(at_ms: int) -> str:
    """An instant with its date, in the city's time; — for never."""
    if not at_ms:
        return NONE
    at: datetime = moment(at_ms)
    return f"{at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}"
