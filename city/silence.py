"""Silence: things that have stopped speaking, and feeds of which most have.

This one rule is judged by the clock and not by readings: a thing is lost when it has not been
heard for `limits` of its own periods, counted from no earlier than the moment from which on
somebody listened, so that a city that was off itself blames nobody. When most things of a feed
are lost together there is one alarm for all, and theirs are counted below it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from city.alarm_rules import OUTAGE_RULE, SILENCE_RULE, Rule
from city.judgement import Fact, Span, spanned
from city.things import STALE_AFTER
from city.watching import Finding, fresh_id

LEAST_CHILDREN = 3  # fewer are told one by one
RETURN_SHARE = 0.25  # of a feed: below it the outage is over
DAY_MS = 86_400_000
EVERYTHING = "*"


class Heard(NamedTuple):
    """Columns by thing: when it was heard last (ms), how often it speaks, whether it may rest."""

    names: list[str]
    places: Mapping[str, int]  # name → its place in the columns
    newest_ms: npt.NDArray[np.int64]  # very small where it has never spoken
    period_s: np.ndarray
    rests: npt.NDArray[np.bool_]  # off duty: nobody waits for it


@dataclass(slots=True)
class Silences:
    """What is told of silent things and feeds; `told` also holds what cleared a short time ago."""

    rule: Rule = SILENCE_RULE
    outage: Rule = OUTAGE_RULE
    told: dict[str, tuple[str, Span]] = field(default_factory=dict)  # thing → alarm
    parents: dict[str, str] = field(default_factory=dict)  # alarm → the outage it belongs to
    children: dict[str, int] = field(default_factory=dict)  # outage → how many are lost
    feeds: dict[str, int] = field(default_factory=dict)  # feed → its code
    codes: list[int] = field(default_factory=list)  # of each thing's feed

    def look(self, heard: Heard, listening_ms: int, now_ms: int) -> list[Finding]:
        """What has to be said anew at this moment."""
        spoken = heard.newest_ms > 0
        since = np.maximum(heard.newest_ms, listening_ms)
        quiet = np.where(spoken, (now_ms - since) / (heard.period_s * 1000), 0.0)
        quiet[heard.rests] = 0.0
        levels = sum((quiet > limit).astype(np.int64) for limit in self.rule.limits)
        severities = np.where(levels, 5 - np.asarray(levels), 0)
        findings = [
            finding
            for place in self._due(heard, severities)
            if (finding := self._thing(heard, place, int(severities[place]), quiet, now_ms))
        ]
        expected = spoken & (heard.newest_ms > now_ms - DAY_MS) & ~heard.rests
        findings += self._feeds(self._shares(heard, expected), now_ms)
        self._forget(now_ms)
        return findings

    def adopted(self) -> Mapping[str, str]:
        """Alarm → outage for those whose place changed; empty for one that returns."""
        outages = {self._feed(thing): alarm_id for thing, (alarm_id, span) in self.told.items()
               if thing.endswith(EVERYTHING) and span.severity}  # fmt: skip
        now = {
            alarm_id: outages.get(self._feed(thing), "")
            for thing, (alarm_id, span) in self.told.items()
            if span.severity and not thing.endswith(EVERYTHING)
        }
        changed = {
            one: parent for one, parent in now.items() if self.parents.get(one, "") != parent
        }
        self.parents |= changed
        return changed

    def _silent(self, heard: Heard) -> list[int]:
        """Places of the things that are told to be silent."""
        told = [thing for thing, (_, span) in self.told.items() if span.severity]
        return [heard.places[thing] for thing in told if thing in heard.places]

    def _shares(
        self, heard: Heard, expected: npt.NDArray[np.bool_]
    ) -> Mapping[str, tuple[int, int]]:
        """Feed → how many of its things are lost, of how many that are expected."""
        for thing in heard.names[len(self.codes) :]:
            feed = f"{self._feed(thing)}/{EVERYTHING}"
            self.codes.append(self.feeds.setdefault(feed, len(self.feeds)))
        codes, lost = np.array(self.codes, np.int64), np.zeros(len(expected), bool)
        lost[self._silent(heard)] = True
        lost_of = np.bincount(codes[lost], minlength=len(self.feeds)).tolist()
        all_of = np.bincount(codes[expected | lost], minlength=len(self.feeds)).tolist()
        return dict(zip(self.feeds, zip(lost_of, all_of, strict=True), strict=True))

    def _due(self, heard: Heard, severities: np.ndarray) -> Iterable[int]:
        """Places of the things that are silent, or were told to be."""
        return sorted({*np.flatnonzero(severities).tolist(), *self._silent(heard)})

    def _thing(
        self, heard: Heard, place: int, severity: int, quiet: np.ndarray, now_ms: int
    ) -> Finding | None:
        thing, newest = heard.names[place], int(heard.newest_ms[place])
        before = self.told.get(thing, ("", None))[1]
        was = before.severity if before else 0
        after_ms = int(min(self.rule.limits) * float(heard.period_s[place]) * 1000)
        if severity == was:
            return None
        if (
            before
            and not severity
            and (quiet[place] > STALE_AFTER or newest <= before.raises[-1] - after_ms)
        ):
            return None  # nothing new, or only a word that came late
        at_ms = newest if not severity else now_ms if was else newest + after_ms
        fact = Fact(at_ms, 0, received_ms=now_ms)
        return self._say(self.rule, thing, severity, float(quiet[place]), fact)

    def _feeds(self, found: Mapping[str, tuple[int, int]], now_ms: int) -> list[Finding]:
        findings = []
        for feed, (lost, expected) in found.items():
            before = self.told.get(feed)
            is_out = before is not None and before[1].severity > 0
            share = lost / expected if expected else 0.0
            starts = lost >= LEAST_CHILDREN and share >= min(self.outage.limits)
            goes_on = is_out and share >= RETURN_SHARE
            severity = severity_at(self.outage, share) or 3 if starts or goes_on else 0
            if is_out or severity:
                findings += self._feed_says(feed, severity, lost, share, now_ms)
        return findings

    def _feed_says(
        self, feed: str, severity: int, lost: int, share: float, now_ms: int
    ) -> list[Finding]:
        before = self.told.get(feed)
        is_new = before is None or before[1].severity == 0
        alarm_id = before[0] if before else ""
        if not is_new and severity and self.children.get(alarm_id) == lost:
            return []
        changes = is_new or not severity
        if changes:
            fact = Fact(now_ms, 0, received_ms=now_ms)
            found = self._say(self.outage, feed, severity, share, fact)
        else:
            assert before is not None
            found = Finding(alarm_id, self.outage, feed, before[1])
        if severity:
            self.children[found.alarm_id] = lost
        return [found]

    def _say(self, rule: Rule, thing: str, severity: int, number: float, fact: Fact) -> Finding:
        alarm_id, before = self.told.get(thing, ("", None))
        span = spanned(rule, before, severity, round(number, 2), fact)
        assert span is not None
        alarm_id = alarm_id or fresh_id(rule, thing, span.raised_ms)
        self.told[thing] = alarm_id, span
        return Finding(alarm_id, rule, thing, span)

    def _feed(self, thing: str) -> str:
        return thing.rpartition("/")[0]

    def _forget(self, now_ms: int) -> None:
        past = [thing for thing, (_, span) in self.told.items() if span.is_past(now_ms)]
        for thing in past:
            alarm_id, _ = self.told.pop(thing)
            self.parents.pop(alarm_id, None)
            self.children.pop(alarm_id, None)


def severity_at(rule: Rule, number: float) -> int:
    """The severity of a measure by a rule's limits alone."""
    reached = [severity for severity in (1, 2, 3, 4) if number >= rule.limits[4 - severity]]
    return reached[0] if reached else 0
