"""Are two reports or alarms about one thing happening (并单)? A score, and the reasons for it.

Two signs score by the affinity of their kinds, halved at the distance and at the time that the
kinds reach; a common place name and like words add a little, different names take a little away.
The score is the same both ways and knows nothing else.

A sign joins an event by its best score with a member (a chain of neighbours is one happening), if
it also goes well with the event as a whole (the mean over its members, so that a chain does not
grow across the city). Of several events the best takes it; at a tie the older one.

Order of arrival: best scores do not depend on it. The mean does, and so does which of two events a
sign between them joins; so two orders of the same signs can differ in signs that fit two events,
or lie at the edge of one. How often they do is measured and reported (`bench/merging.py`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from city.affinity import Scale, affinity, names_of, scale_of
from city.likeness import Texts, bigrams, overlap, places_in
from geo.points import Point, distance_m

Words = tuple[str, str]  # 中文, English

MINUTE_MS = 60_000
AUTOMATIC = 0.4  # from here on a sign joins by itself
SUGGESTED = 0.2  # from here on a person is asked
MEAN_LEAST = 0.3  # of an event's members, for joining by itself
SAME_PLACE, OTHER_PLACE, LIKE_WORDS = 1.25, 0.85, 0.2
WITHOUT_PLACE = 0.25  # for the distance, where a common place name is all there is: never by itself
FURTHEST = 2.2  # times the scale: beyond that nothing is likely
MEMBERS_ASKED = 40  # of a great event, the newest


class Verdict(StrEnum):
    """What follows from a score."""

    AUTOMATIC = "automatic"
    SUGGESTED = "suggested"
    APART = "apart"


@dataclass(frozen=True, slots=True)
class Sign:
    """A report or an alarm as far as merging looks at it."""

    id: str  # report/… or alarm/…
    what: str  # see city.affinity
    at_ms: int
    point: Point | None
    words: Texts = frozenset()
    places: Texts = frozenset()


@dataclass(frozen=True, slots=True)
class Match:
    """How well a sign goes with another, or with an event; 0 without reasons."""

    score: float
    reasons: tuple[Words, ...] = ()
    mean: float = 1.0  # over the members of an event

    @property
    def verdict(self) -> Verdict:
        """What is to be done about it."""
        if self.score < SUGGESTED:
            return Verdict.APART
        fits = self.score >= AUTOMATIC and self.mean >= MEAN_LEAST
        return Verdict.AUTOMATIC if fits else Verdict.SUGGESTED


APART = Match(0.0)


def sign(identity: str, what: str, at_ms: int, point: Point | None, text: str) -> Sign:
    """A sign from what is known of a report or alarm."""
    return Sign(identity, what, at_ms, point, bigrams(text), places_in(text))


def score(one: Sign, other: Sign) -> float:
    """0 to 1; the same both ways."""
    likely = affinity(one.what, other.what)
    if not likely:
        return 0.0
    scale = common_scale(one.what, other.what)
    near = likely * _soon(one, other, scale)
    if near < SUGGESTED / 2:
        return 0.0
    near *= _close(one, other, scale)
    return min(1.0, near * _place_factor(one, other) * _words_factor(one, other))


def common_scale(one: str, other: str) -> Scale:
    """The reach of two kinds together: their mean."""
    here, there = scale_of(one), scale_of(other)
    return Scale((here.metres + there.metres) / 2, (here.minutes + there.minutes) / 2)


def match(one: Sign, members: Sequence[Sign]) -> Match:
    """A sign against an event: its best score, why, and the mean."""
    asked = sorted(members, key=lambda member: (member.at_ms, member.id))[-MEMBERS_ASKED:]
    scores = [score(one, member) for member in asked]
    best = max(scores, default=0.0)
    if not best:
        return APART
    nearest = asked[scores.index(best)]
    return Match(best, tuple(reasons(one, nearest)), sum(scores) / len(scores))


def ranked(one: Sign, events: Mapping[str, Sequence[Sign]]) -> list[tuple[str, Match]]:
    """The events that a sign may belong to, the best first, the older first at a tie."""
    found = [(event_id, match(one, members)) for event_id, members in events.items()]
    return sorted(
        (pair for pair in found if pair[1].verdict is not Verdict.APART),
        key=lambda pair: (pair[1].verdict, -pair[1].score, _begun(events[pair[0]]), pair[0]),
    )


def reasons(one: Sign, other: Sign) -> Iterable[Words]:
    """Why two signs score as they do, with figures."""
    scale = common_scale(one.what, other.what)
    yield _kinds_in_words(one, other)
    if one.point and other.point:
        metres = distance_m(one.point, other.point)
        yield (f"相距 {metres:.0f} m(半值 {scale.metres:.0f} m)",
               f"{metres:.0f} m apart (half at {scale.metres:.0f} m)")  # fmt: skip
    minutes = abs(one.at_ms - other.at_ms) / MINUTE_MS
    yield (f"相差 {minutes:.0f} 分钟(半值 {scale.minutes:.0f} 分钟)",
           f"{minutes:.0f} min between them (half at {scale.minutes:.0f} min)")  # fmt: skip
    yield from _places_in_words(one, other)
    alike = overlap(one.words, other.words)
    if alike:
        yield f"文字相似 {alike:.0%}", f"words alike {alike:.0%}"


def _soon(one: Sign, other: Sign, scale: Scale) -> float:
    return _halved(abs(one.at_ms - other.at_ms) / MINUTE_MS / scale.minutes)


def _close(one: Sign, other: Sign, scale: Scale) -> float:
    """By distance; without a position only a common place name says anything."""
    if one.point and other.point:
        return _halved(distance_m(one.point, other.point) / scale.metres)
    return WITHOUT_PLACE if one.places & other.places else 0.0


def _halved(times: float) -> float:
    """1 at nothing, one half at the scale, 0 far beyond it."""
    return float(0.5 ** (times * times)) if times <= FURTHEST else 0.0


def _place_factor(one: Sign, other: Sign) -> float:
    if not one.places or not other.places:
        return 1.0
    return SAME_PLACE if one.places & other.places else OTHER_PLACE


def _words_factor(one: Sign, other: Sign) -> float:
    return 1.0 + LIKE_WORDS * overlap(one.words, other.words)


def _begun(members: Sequence[Sign]) -> int:
    return min((member.at_ms for member in members), default=0)


def _kinds_in_words(one: Sign, other: Sign) -> Words:
    if one.what == other.what:
        zh, en = names_of(one.what)
        return f"类型相同:{zh}", f"same type: {en}"
    (zh, en), (other_zh, other_en) = names_of(one.what), names_of(other.what)
    value = affinity(one.what, other.what)
    return (f"类型相近:{zh} ~ {other_zh}({value:.2f})",
            f"related types: {en} ~ {other_en} ({value:.2f})")  # fmt: skip


def _places_in_words(one: Sign, other: Sign) -> Iterable[Words]:
    if not one.places or not other.places:
        return
    shared = sorted(one.places & other.places)
    if shared:
        yield f"同一地点:{'、'.join(shared)}", f"same place: {', '.join(shared)}"
        return
    here, there = "、".join(sorted(one.places)), "、".join(sorted(other.places))
    yield f"地点不同:{here} / {there}", f"different places: {here} / {there}"
