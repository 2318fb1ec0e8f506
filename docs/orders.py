"""The tables of docs/orders.md, drawn from those of the house; `tests/test_docs.py` holds them."""

from city.order_table import (
    ACKS,
    SOURCE_NAMES,
    STATE_NAMES,
    TABLE,
    UNIT_STATUS,
    OrderRule,
    OrderState,
)
from city.units import STATUS_NAMES


def states() -> str:
    """The states, and the status of the unit in each."""
    return table("| state | | | the unit is |", [state_row(state) for state in OrderState])


def state_row(state: OrderState) -> str:
    """One state."""
    zh, en = STATE_NAMES[state]
    status = UNIT_STATUS.get(state)
    shown = f"`{status}` {STATUS_NAMES[status][0]}" if status else "free of it"
    return f"| `{state}` | {zh} | {en} | {shown} |"


def moves() -> str:
    """The moves: from where to where, and by what each may be known."""
    return table("| move | | | from | to | known by | by hand |", [move_row(one) for one in TABLE])


def move_row(rule: OrderRule) -> str:
    """One line of the table."""
    sources = " ".join(f"`{one}`" for one in OrderState if one in rule.sources) or "–"
    by = ", ".join(SOURCE_NAMES[one][1] for one in SOURCE_NAMES if one in rule.by)
    who = "the desk" if rule.from_desk else "the crew or the desk"
    hand = who if any(one == "hand" for one in rule.by) else "–"
    reason = ", with a reason" if rule.needs_reason else ""
    return (
        f"| `{rule.move}` | {rule.zh} | {rule.en} | {sources} | `{rule.target}` | {by} "
        f"| {hand}{reason} |"
    )


def acks() -> str:
    """The words of the field."""
    return table("| `status` | is the move |", [f"| `{w}` | `{m}` |" for w, m in ACKS.items()])


def table(head: str, rows: list[str]) -> str:
    """A table in Markdown."""
    columns = head.count("|") - 1
    return "\n".join([head, "|" + "---|" * columns, *rows])
