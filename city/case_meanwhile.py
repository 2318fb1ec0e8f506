"""What happened to a case since somebody looked at it."""

from collections.abc import Iterable

from city.case_moves import said_post
from city.case_table import RULES, Move
from city.cases import Entry
from city.deadlines import from_ms

# What nobody did is no reason to look again before one acts.
UNREMARKABLE = frozenset({Move.WARN, Move.OVERDUE, Move.START_PLAN, Move.ISSUE_WARNING, Move.ORDER})


def remarkable(entries: Iterable[Entry]) -> list[Entry]:
    """Those that somebody should know of before he acts on what he saw."""
    return [one for one in entries if one.move not in UNREMARKABLE]


def said_together(entries: Iterable[Entry]) -> tuple[str, str]:
    """Who did what meanwhile, in one sentence of each language."""
    rules = [(RULES[one.move], one) for one in entries]
    zh = ";".join(f"{said_post(one.role)[0]} {one.name} {rule.zh}" for rule, one in rules)
    en = "; ".join(f"{one.name} ({said_post(one.role)[1]}): {rule.en}" for rule, one in rules)
    return zh or "—", en or "—"


def told(entries: Iterable[Entry]) -> list[dict[str, str]]:
    """The same for machines; instants in RFC 3339."""
    return [
        {"move": str(one.move), "to": str(one.after), "by": one.by, "name": one.name,
         "role": one.role, "at": written(one.at_ms)}
        for one in entries
    ]  # fmt: skip


def written(at_ms: int) -> str:
    """An instant in UTC."""
    return from_ms(at_ms).isoformat(timespec="milliseconds").replace("+00:00", "Z")
