"""Who else tells of what an alarm tells: the members of its event, counted by source."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import islice

from callbacks.desk import Desk
from city.alarm_rules import Measure
from city.alarms import Alarm
from city.cases import Source
from city.events import Member

Sources = Sequence[tuple[str, int]]
MOST_EVENTS = 500
FRESH_MS = 2000
SHARED = 4
SHOWN = {Source.HOTLINE, Source.PUBLIC, Source.COLLECTOR, Source.CAMERA}


def sources_of(desk: Desk, alarm: Alarm) -> Sources:
    """The sensor or feed itself, or all that joined its event."""
    told = joined(desk, desk.now_ms() // FRESH_MS).get(f"alarm/{alarm.id}")
    return told or [("feed" if alarm.measure is Measure.SILENCE else "sensor", 1)]


@lru_cache(SHARED)
def joined(desk: Desk, _moment: int) -> Mapping[str, Sources]:
    """Alarm → sources of its event, for the newest open events."""
    found: dict[str, Sources] = {}
    for event in islice(desk.store.events.open(), MOST_EVENTS):
        counted = list(Counter(map(source_of, event.members)).items())
        found |= {one.id: counted for one in event.members if one.is_alarm}
    return found


def source_of(member: Member) -> str:
    """The sign of who told it."""
    if member.is_alarm:
        return "sensor"
    name = member.id.removeprefix("report/").split("|")[0]
    return name if name in SHOWN else Source.PUBLIC
