"""Records of the trail in words: what was done, why it was refused, before and after."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from city.audit import Outcome, Record, digest
from city.case_table import RULES, STATES, CaseState, Move
from city.masking import free_text, masked_fact
from city.refusal import SENTENCES
from city.roles import ROLE_NAMES, Role
from layouts.panels.audit import Change, Full, Row
from layouts.panels.audit import moment as in_full
from layouts.words import Words
from store.properties import moment

PLACE = re.compile(r"\{\w+\}")
SIDES = ("before", "after")
CASE, ACTION = "case.", "audit_action."


def row_of(record: Record, words: Words) -> Row:
    """A record in words; what people typed is masked."""
    draft = record.draft
    is_refused = draft.outcome is Outcome.REFUSED
    return Row(
        number=record.number,
        at=moment(draft.at_ms),
        account=draft.account,
        name=draft.name,
        post=posts(draft.role, words),
        action=action(draft.action, words),
        code=draft.action,
        subject=draft.subject,
        is_refused=is_refused,
        why=refusal(draft.reason, words) if is_refused else free_text(draft.reason),
        address=draft.address,
        is_readable=bool(record.digest),
    )


def full_of(record: Record, words: Words) -> Full:
    """The same with everything else."""
    draft = record.draft
    detail = masked_fact("detail", dict(draft.detail))
    assert isinstance(detail, dict)
    rest = {name: value for name, value in detail.items() if name not in SIDES}
    return Full(
        row=row_of(record, words),
        changes=changes(detail.get("before"), detail.get("after"), words),
        facts=[(what(name, words), plain(name, value, words)) for name, value in rest.items()],
        before=record.before,
        digest=record.digest,
        is_whole=record.digest == digest(draft, record.number, record.before),
    )


def changes(before: Any, after: Any, words: Words) -> Sequence[Change]:
    """Line by line what it was and what it is; one value alone is the state of a case."""
    if before is None and after is None:
        return ()
    old, new = sides(before), sides(after)
    return [
        Change(what(name, words), plain(name, old.get(name), words),
               plain(name, new.get(name), words))
        for name in {**old, **new}
    ]  # fmt: skip


def sides(value: Any) -> Mapping[str, Any]:
    """One side by name."""
    if isinstance(value, Mapping):
        return value
    return {} if value is None else {"state": value}


def plain(name: str, value: Any, words: Words) -> str:
    """A value as it is read."""
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, bool):
        return words("audit.yes" if value else "audit.no")
    if isinstance(value, Mapping):
        return "; ".join(f"{what(k, words)} {plain(k, v, words)}" for k, v in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(plain(name, one, words) for one in value)
    if name.endswith("_ms") and isinstance(value, int):
        return in_full(moment(value))
    return named(str(value), words)


def named(code: str, words: Words) -> str:
    """The word of a post or of a case's state; anything else as it is."""
    if code in set(Role):
        return words.pick(*ROLE_NAMES[Role(code)])
    if code in set(CaseState):
        return words.pick(*STATES[CaseState(code)][:2])
    return code


def what(name: str, words: Words) -> str:
    """What one of a record's details is called."""
    return words.get(f"audit_what.{name}", name)


def posts(role: str, words: Words) -> str:
    """The post, or posts, that something was done in."""
    return " + ".join(named(one, words) for one in role.split("+") if one)


def action(code: str, words: Words) -> str:
    """What was done; a move of a case has its name from the table of moves."""
    move = code.removeprefix(CASE)
    if code.startswith(CASE) and move in set(Move):
        rule = RULES[Move(move)]
        return words.pick(rule.zh, rule.en)
    return words.get(f"{ACTION}{code.replace('.', '_')}", code)


def refusal(reason: str, words: Words) -> str:
    """The sentence of a refusal; what filled its places is not on record."""
    zh, en = SENTENCES.get(reason, (reason, reason))
    return PLACE.sub("…", words.pick(zh, en))


def offered(words: Words) -> list[tuple[str, str]]:
    """Actions to choose from: their codes and words."""
    known = sorted(one for one in words.keys() if one.startswith(ACTION))  # noqa: SIM118 of Words
    ours = [(one.removeprefix(ACTION).replace("_", ".", 1), words(one)) for one in known]
    return [*ours, *((f"{CASE}{move}", action(f"{CASE}{move}", words)) for move in Move)]
