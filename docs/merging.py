"""The page of merging, drawn from the tables of `city`."""

from collections.abc import Iterator

from city.affinity import PAIRS, SENSOR_SCALES, SORTS, USUAL, Scale, names_of
from city.merging import (
    AUTOMATIC,
    FURTHEST,
    LIKE_WORDS,
    MEAN_LEAST,
    OTHER_PLACE,
    SAME_PLACE,
    SUGGESTED,
)
from city.reports import HOMES, NO_REPORTS, SENDERS

HEAD = """# Reports, events, merging (并单)

    hotline · public · collector · camera · assigned · case      sensors
                        │ event messages                           │ readings
                   report (上报)                               alarm (告警)
                        └──────────────┬───────────────────────────┘
                                 event (事件) ── merged, parted, split off
                                       │ a report opens it; for an alarm a person does
                                  case (案件)

This page is generated from `city/affinity.py`, `city/merging.py` and `city/reports.py`.

## What becomes of a report

An event message is read from the log by the clockwork (`watch/reports.py`). It joins the event it
belongs to, or begins one, and opens a case; a report that joins an event with a case adds itself to
that case. All of it is one transaction. The same report again (same source and number) does
nothing, so that reading a second time after a crash does no harm. An event whose case has ended
takes in nobody: the next report is a new happening.

What cannot be read as a report becomes a dead letter with a sentence for its sender, is counted
under `bad_report` of its feed, and stops nothing.

| kind in the topic | source | numbers stand alone for department |
|---|---|---|"""

SCORE = """
Numbers of other departments carry their slug before them: two departments never mean one report.
An event of any sensor's kind joins events but opens no case. Events of {silent} are no reports.

## The score

    score = affinity × ½^(distance/reach)² × ½^(time/reach)² × place × words       at most 1

| factor | value |
|---|---|
| affinity | the tables below; what stands in no table is 0, the same kind twice 1 |
| distance, time | one half at the mean reach of the two kinds, 0 beyond {furthest} times of it |
| place | × {same} where both name one road, bridge, market …; × {other} where each names another |
| words | × (1 + {words} × Dice coefficient of the character pairs of title and description) |
| without a position | a common place name stands for the distance, and is suggested at most |

From **{automatic}** on, a report joins by itself; from **{suggested}** on, a person is asked;
below, they are apart. It is held against every member of an event: the best score counts, and the
mean of all must be {mean} or more, so that a chain of neighbours does not grow across the city.
Every automatic step stands in the event's log with its rule, score and reasons in figures.

**In which order reports come** matters little and is measured (`python -m bench merging`): best
scores do not depend on it; which of two events a report between them joins does.

None of these figures is an official value. They were chosen on one labelled set and are reported on
others, both made by the simulator (`simulator/labelled.py`): they show that the method holds on
what the simulator tells, not how a real city calls. Tune them on your own merges.

## By hand

| | who | what happens |
|---|---|---|
| merge | acceptor, duty chief | members of one go to the other; the one with a case stays |
| unmerge | the same | both events stand as before; who joined meanwhile stays |
| split off | the same | one report leaves for an event of its own, and gets its own case |

Where both have a case, the one that goes is closed as a duplicate by the move `merge` (T36), which
is the acceptor's alone, and stands where it stood once that is undone.

A merge of cases by the move `merge` does the same to their events. Every one is on record, the
event's log is never shortened, and its state is the fold of that log. A merge that is undone leaves
no trace in the event but in its log. Nothing that a person parted is joined again by itself.

A case that a person opens for an alarm becomes the case of the alarm's event. An alarm that is
found false leaves its event.

## Over HTTP

| route | |
|---|---|
| `GET /api/v1/events?area=&limit=&cursor=` | what is going on, the newest told of first |
| `GET /api/v1/events/{{id}}` | members, how each joined, the log |
| `GET /api/v1/events/{{id}}/suggestions` | what may be the same, with score and reasons |
| `GET /api/v1/cases/{{id}}/suggestions` | the same, for the event of a case |
| `POST /api/v1/events/{{id}}/merge` | `{{"other": "EV… or a case", "reason": "…"}}` |
| `POST /api/v1/events/{{id}}/unmerge` | `{{"other": "EV…", "reason": "…"}}` |
| `POST /api/v1/events/{{id}}/split` | `{{"member": "report/hotline\\|HL-1", "reason": "…"}}` |

## How far a kind reaches

| kind | 中文 | metres | minutes |
|---|---|---|---|"""

PAIRED = """
Every other kind reaches {metres:g} m and {minutes:g} minutes.

## What goes with what

Each line holds both ways.

| one | other | affinity |
|---|---|---|"""


def merging_markdown() -> str:
    """The whole page."""
    score = SCORE.format(
        silent=", ".join(f"`{kind}`" for kind in sorted(NO_REPORTS)),
        furthest=FURTHEST, same=SAME_PLACE, other=OTHER_PLACE, words=LIKE_WORDS,
        automatic=AUTOMATIC, suggested=SUGGESTED, mean=MEAN_LEAST,
    )  # fmt: skip
    paired = PAIRED.format(metres=USUAL.metres, minutes=USUAL.minutes)
    return "\n".join([HEAD, *senders(), score, *reaches(), paired, *pairs(), ""])


def senders() -> Iterator[str]:
    """Who reports."""
    for kind, source in SENDERS.items():
        home = HOMES.get(source)
        yield f"| `{kind}` | `{source}` | {f'`{home}`' if home else '–'} |"


def reaches() -> Iterator[str]:
    """How far each kind reaches."""
    sensors: dict[str, Scale] = {f"sensor/{kind}": one for kind, one in SENSOR_SCALES.items()}
    reports = {what: sort.scale for what, sort in SORTS.items()}
    for what, scale in {**reports, **sensors}.items():
        zh, en = names_of(what)
        yield f"| `{what}` {en} | {zh} | {scale.metres:g} | {scale.minutes:g} |"


def pairs() -> Iterator[str]:
    """What goes with what."""
    for one, other, value in PAIRS:
        yield f"| `{one}` {names_of(one)[1]} | `{other}` {names_of(other)[1]} | {value:g} |"
