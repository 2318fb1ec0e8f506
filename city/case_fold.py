"""A case is the fold of its log: each entry changes it in one way, whoever replays it."""

import json
from collections.abc import Iterable
from dataclasses import asdict, replace
from hashlib import sha256
from itertools import pairwise

from city.case_effects import EFFECTS, unchanged
from city.case_requests import requests_after
from city.case_table import ENDED, CaseState, Move
from city.case_times import timers_after
from city.cases import Case, Entry, Reporter

# Whoever does these works on the case, and never checks or closes it.
WORK = frozenset({
    Move.SIGN, Move.ASSIGN_INSIDE, Move.FEEDBACK, Move.CO_SIGN, Move.CO_FEEDBACK, Move.ENDORSE,
    Move.ASK_RETURN, Move.ASK_EXTENSION, Move.ASK_SUSPEND,
})  # fmt: skip
# These say what the matter is; a position that comes with a check is the checker's.
DESCRIBING = frozenset({
    Move.SAVE_DRAFT, Move.CREATE, Move.REPORT, Move.VERIFY_TRUE, Move.ACCEPT, Move.REGISTER,
})  # fmt: skip
FACTS = ("title", "description", "severity", "thing", "area", "cell", "type", "kind")


def fold(entries: Iterable[Entry]) -> Case:
    """The case that a log tells; the first entry opens it."""
    each = iter(entries)
    case = begun(next(each))
    for entry in each:
        case = apply(case, entry)
    return case


def begun(entry: Entry) -> Case:
    """The case that its first entry opens."""
    return apply(replace(bare(entry), state=entry.after), entry)


def bare(entry: Entry) -> Case:
    """A case of which only what its first entry says is known, before that is done."""
    facts = entry.facts
    return Case(
        id=facts.get("id", ""),
        kind=facts["kind"],
        type=facts["type"],
        title=facts.get("title", ""),
        source=facts["source"],
        external_id=facts.get("external_id", ""),
        severity=facts["severity"],
        state=CaseState.DRAFT,
        version=0,
        opened_ms=entry.at_ms,
        updated_ms=entry.at_ms,
        author=entry.by,
        event_id=facts.get("event_id", ""),
    )


def apply(case: Case, entry: Entry) -> Case:
    """The case after one more entry."""
    effect = EFFECTS.get(entry.move, unchanged)
    after = effect(described(case, entry), entry)
    return replace(
        after,
        state=entry.after,
        version=case.version + 1,
        updated_ms=entry.at_ms,
        timers=timers_after(case, entry.facts),
        requests=requests_after(case, entry),
        handlers=handlers_after(after, entry),
        closed_ms=closed_after(case, entry),
    )


def described(case: Case, entry: Entry) -> Case:
    """What people and the ground say of the matter itself."""
    facts = entry.facts if entry.move in DESCRIBING else {}
    case = replace(case, **{name: facts[name] for name in FACTS if name in facts})
    if "pos" in facts:
        lon, lat = facts["pos"]
        case = replace(case, pos=(lon, lat))
    if "reporter" in facts:
        case = replace(case, reporter=Reporter(**facts["reporter"]))
    return case


def handlers_after(case: Case, entry: Entry) -> tuple[str, ...]:
    """Everybody who worked on it, each once."""
    working = (entry.by,) if entry.move in WORK else ()
    named = (entry.facts["assignee"],) if "assignee" in entry.facts else ()
    return tuple(dict.fromkeys((*case.handlers, *working, *named)))


def closed_after(case: Case, entry: Entry) -> int | None:
    """When it came to its end, None while it is open."""
    if entry.after not in ENDED:
        return None
    return case.closed_ms if case.state in ENDED else entry.at_ms


def digest(case: Case) -> str:
    """SHA-256 over the canonical text of a case: two folds are the same, or they are not."""
    text = json.dumps(asdict(case), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def durations(entries: Iterable[Entry], at_ms: int) -> dict[CaseState, int]:
    """How long a case has stood in each state, in ms; the sum is its age, up to its end."""
    spent: dict[CaseState, int] = {}
    stands = [(entry.after, entry.at_ms) for entry in entries]
    for (state, since_ms), (following, until_ms) in pairwise(stands):
        if not {state, following} <= ENDED:
            spent[state] = spent.get(state, 0) + until_ms - since_ms
    state, since_ms = stands[-1]
    if state not in ENDED:
        spent[state] = spent.get(state, 0) + at_ms - since_ms
    return spent
