"""Events in the words of the API: what is told of one, of its members, and of its log."""

from typing import Any

from api.instants import written
from city.affinity import names_of
from city.cases import Case
from city.events import DEEDS, Entry, Event, Member
from city.masking import free_text
from city.merging import AUTOMATIC, Match

Json = dict[str, Any]
Words = tuple[str, str]


def summary(event: Event) -> Json:
    """An event as a list shows it."""
    centre = event.centre
    return {
        "id": event.id,
        "type": event.what,
        "type_name": both(names_of(event.what)),
        "title": free_text(event.title),
        "severity": event.severity,
        "pos": [round(centre.lon, 7), round(centre.lat, 7)] if centre else None,
        "area": event.area,
        "first_at": written(event.first_ms),
        "last_at": written(event.last_ms),
        "reports": sum(not member.is_alarm for member in event.members),
        "alarms": sum(member.is_alarm for member in event.members),
        "case_id": event.case_id or None,
        "into": event.into or None,
        "version": event.version,
    }


def detail(event: Event, log: list[Entry]) -> Json:
    """An event with its members, each with how it came, and everything that was done."""
    how = {entry.member.id: entry for entry in log if entry.member is not None}
    return {
        **summary(event),
        "members": [member_of(one, how.get(one.id)) for one in event.members],
        "merged": list(event.merged),
        "log": [entry_of(one) for one in log],
    }


def member_of(member: Member, how: Entry | None) -> Json:
    """A member and how it joined."""
    return {
        "id": member.id,
        "type": member.what,
        "type_name": both(names_of(member.what)),
        "title": free_text(member.title),
        "title_en": member.title_en or None,
        "text": free_text(member.excerpt),
        "at": written(member.at_ms),
        "pos": list(member.pos) if member.pos else None,
        "area": member.area,
        "severity": member.severity,
        "via": member.via or None,
        "joined": joined(how) if how else None,
    }


def joined(entry: Entry) -> Json:
    """By which rule and score, or by whom."""
    return {
        "at": written(entry.at_ms),
        "by": entry.by,
        "automatic": entry.is_automatic,
        "rule": entry.rule or None,
        "score": entry.score,
        "limit": AUTOMATIC if entry.rule else None,
        "reasons": [both(words) for words in entry.because],
    }


def entry_of(entry: Entry) -> Json:
    """A line of the log."""
    return {
        "deed": entry.deed,
        "deed_name": both(DEEDS[entry.deed]),
        "at": written(entry.at_ms),
        "by": entry.by,
        "name": entry.name,
        "role": entry.role or None,
        "automatic": entry.is_automatic,
        "rule": entry.rule or None,
        "score": entry.score,
        "reasons": [both(words) for words in entry.because],
        "reason": free_text(entry.reason) or None,
        "member": entry.member.id if entry.member else None,
        "members": [member.id for member in entry.members],
        "other": entry.other or None,
    }


def suggestion(event: Event, match: Match, case: Case | None) -> Json:
    """Another event that may be the same, with the score and why."""
    return {
        "event": summary(event),
        "case": {"id": case.id, "state": case.state, "title": free_text(case.title)}
        if case
        else None,
        "score": round(match.score, 3),
        "verdict": match.verdict,
        "reasons": [both(words) for words in match.reasons],
    }


def both(words: Words) -> Json:
    """A text in both languages."""
    return {"zh": words[0], "en": words[1]}
