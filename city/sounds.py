"""What a seat hears, and why: one sound at a time, the most urgent one (声音告警).

Repeating sounds go on until the alarm is acknowledged; the others are heard once. A seat may mute
for some minutes, which goes on record and never silences level Ⅰ. Tones and cadence are proposals
of this project in the manner of IEC 60601-1-8 (priority by number of tones and repetition).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from city.refusal import Malformed, say

MOST_MUTE_MIN = 10
MINUTE_MS = 60_000
ONCE_FOR_MS = 30_000  # what was missed for longer than this is seen, not heard

say({
    "mute_too_long": ("静音须在 1 至 {most} 分钟之间", "Sound is muted for 1 to {most} minutes"),
})  # fmt: skip


class Sound(StrEnum):
    """What is told by a sound, the most urgent first."""

    LEVEL_1 = "level-1"
    ESCALATED = "escalated"  # 升级: nobody acknowledged in time
    LEVEL_2 = "level-2"
    OVERDUE = "overdue"
    LEVEL_3 = "level-3"
    NEAR = "near"  # a deadline at 75 %
    FEED_LOST = "feed-lost"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True)
class Tone:
    """A row of the table: notes as (Hz, ms), 0 Hz for a pause; `every_s` repeats until seen to."""

    sound: Sound
    zh: str
    en: str
    notes: Sequence[tuple[int, int]]
    every_s: int | None = None
    can_mute: bool = True


TONES: tuple[Tone, ...] = (
    Tone(Sound.LEVEL_1, "Ⅰ级告警", "Level Ⅰ alarm",
         ((880, 180), (0, 60), (740, 180), (0, 60), (988, 320)), every_s=10, can_mute=False),
    Tone(Sound.ESCALATED, "告警升级", "Alarm escalated",
         ((523, 120), (659, 120), (784, 120), (1047, 260))),
    Tone(Sound.LEVEL_2, "Ⅱ级告警", "Level Ⅱ alarm", ((740, 200), (0, 80), (587, 280)), every_s=30),
    Tone(Sound.OVERDUE, "案件超时", "Case overdue", ((440, 160), (0, 60), (440, 160), (330, 320))),
    Tone(Sound.LEVEL_3, "Ⅲ级告警", "Level Ⅲ alarm", ((659, 260),)),
    Tone(Sound.NEAR, "时限将至", "Deadline near", ((494, 120), (0, 80), (494, 120))),
    Tone(Sound.FEED_LOST, "数据源中断", "Feed lost", ((330, 200), (262, 300))),
    Tone(Sound.MESSAGE, "新消息", "Message", ((784, 90), (988, 120))),
)  # fmt: skip
BY_SOUND = {tone.sound: tone for tone in TONES}
RANK = {tone.sound: place for place, tone in enumerate(TONES)}
OF_LEVEL = {1: Sound.LEVEL_1, 2: Sound.LEVEL_2, 3: Sound.LEVEL_3}  # Ⅳ is silent


@dataclass(frozen=True, slots=True)
class Call:
    """Something that asks for attention since an instant; `text` is what is seen of it.

    What is meant for this seat in particular (`is_mine`) is told on its desktop too.
    """

    sound: Sound
    at_ms: int
    text: str
    is_mine: bool = False


@dataclass(frozen=True, slots=True)
class Ringing:
    """What a seat is to hear now: one sound again and again, and what it may hear once."""

    repeat: Call | None
    waiting: int  # how many calls repeat at that sound
    once: tuple[Call, ...]  # newest last
    muted_until_ms: int


def ringing(calls: Sequence[Call], muted_until_ms: int, at_ms: int) -> Ringing:
    """What of all calls is heard: the most urgent, and nothing beside level Ⅰ while it rings."""
    heard = [call for call in calls if BY_SOUND[call.sound].every_s]
    single = [call for call in calls if not BY_SOUND[call.sound].every_s]
    repeat = min(heard, key=lambda call: (RANK[call.sound], call.at_ms), default=None)
    same = sum(call.sound == repeat.sound for call in heard) if repeat else 0
    recent = [call for call in single if at_ms - ONCE_FOR_MS <= call.at_ms]
    recent.sort(key=lambda call: call.at_ms)
    until = muted_until_ms if muted_until_ms > at_ms else 0
    return Ringing(repeat, same, tuple(recent), until)


def muted_until(minutes: int, at_ms: int) -> int:
    """When sound comes back; Malformed where somebody wants it longer than ten minutes."""
    if not 1 <= minutes <= MOST_MUTE_MIN:
        raise Malformed("mute_too_long", most=MOST_MUTE_MIN)
    return at_ms + minutes * MINUTE_MS
