"""What a seat can do with a case now: exactly what the engine allows, each with its key."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from dash import html

from city.case_moves import Allowed
from city.case_table import RULES, Move
from city.cases import PENDING_DEPT, Case
from layouts import case_ids, parts
from layouts.case_naming import Naming
from layouts.panels.case_facts import block

M = Move
# Letters by move; those of the list and of the panel stay free: J K U N F [ ] P H C.
KEYS: Mapping[Move, str] = {
    M.ACCEPT: "A", M.SEND_VERIFY: "V", M.DECLINE: "X", M.VERIFY_TRUE: "Q", M.VERIFY_FALSE: "X",
    M.ASK_SETTLE: "S", M.GRANT_SETTLE: "S", M.REGISTER: "L", M.REFUSE_REGISTER: "X",
    M.RETURN_TO_ACCEPT: "B", M.DISPATCH: "D", M.RETURN_TO_REGISTER: "B", M.SIGN: "S",
    M.ASK_RETURN: "R", M.GRANT_RETURN: "R", M.ASSIGN_INSIDE: "A", M.ASK_EXTENSION: "E",
    M.GRANT_EXTENSION: "E", M.ASK_SUSPEND: "W", M.GRANT_SUSPEND: "W", M.RESUME: "A",
    M.FEEDBACK: "Q", M.CO_SIGN: "S", M.CO_FEEDBACK: "Q", M.REJECT_FEEDBACK: "X",
    M.SEND_CHECK: "Q", M.CHECK_PASS: "Q", M.CHECK_FAIL: "X", M.CLOSE: "L",
    M.RETURN_TO_CHECK: "B", M.ASK_VOID: "Z", M.GRANT_VOID: "Z", M.RATE: "V", M.REOPEN: "R",
    M.SUPERVISE: "Y", M.URGE: "U", M.ESCALATE: "I", M.MERGE: "M", M.UNMERGE: "M",
    M.REPORT: "A", M.APPEAL: "O",
}  # fmt: skip
# The next step of the loop: the one primary button.
ONWARD = (
    M.REPORT, M.ACCEPT, M.VERIFY_TRUE, M.REGISTER, M.DISPATCH, M.SIGN, M.FEEDBACK, M.SEND_CHECK,
    M.CHECK_PASS, M.CLOSE, M.RATE, M.CO_SIGN, M.CO_FEEDBACK, M.RESUME,
)  # fmt: skip
# Done at once; everything else asks first, in a form in place.
AT_ONCE = frozenset({M.ACCEPT, M.SIGN, M.CO_SIGN, M.SEND_VERIFY, M.SEND_CHECK})
# They have places of their own on the page.
ELSEWHERE = frozenset({M.COMMENT, M.ATTACH})
# Asked by those who have no request to decide: not worth a grey button.
HIDDEN_WHEN_GREY = frozenset({
    "is_asked", "not_asked", "nothing_to_endorse", "not_the_lead", "not_a_co_unit", "not_merged",
})  # fmt: skip
DIGITS = "123456789"


def panel(case: Case, found: Sequence[Allowed], posts: Collection[str], naming: Naming) -> Any:
    """Buttons, the greyed ones with their reason in words."""
    words = naming.words
    shown = [one for one in found if is_shown(one) and has_sense(one, case)]
    small = " · ".join([naming.posts(sorted(posts)), naming.state(case.state)])
    if not shown:
        none = html.P(words("case.actions_none"), className="meta")
        return block(words("case.actions"), small, none, name="case-actions")
    keys = keys_of(shown)
    first = primary(shown)
    ordered = sorted(shown, key=lambda one: (one.move is not first, one.why is not None))
    buttons = [button(one, keys.get(one.move, ""), one.move is first, naming) for one in ordered]
    whys = [why(one, naming) for one in ordered if one.why]
    body = [html.Div(buttons, className="actions"), *whys]
    return block(words("case.actions"), small, *body, name="case-actions")


def is_shown(one: Allowed) -> bool:
    """Not what has a place of its own, nor what never was this seat's to decide."""
    hidden = one.why is not None and one.why.reason in HIDDEN_WHEN_GREY
    return one.move not in ELSEWHERE and not hidden


def has_sense(one: Allowed, case: Case) -> bool:
    """What a department passes on has to be there."""
    waits = any(asked.status == PENDING_DEPT for asked in case.requests)
    return one.move is not M.ENDORSE or waits


def primary(found: Sequence[Allowed]) -> Move | None:
    """The next step, where it can be made."""
    open_moves = {one.move for one in found if not one.why}
    return next((move for move in ONWARD if move in open_moves), None)


def keys_of(found: Sequence[Allowed]) -> dict[Move, str]:
    """A letter each, its own where it is free, else a digit."""
    taken: dict[Move, str] = {}
    digits = iter(DIGITS)
    for one in found:
        letter = KEYS.get(one.move, "")
        if not letter or letter in taken.values():
            letter = next(digits, "")
        taken[one.move] = letter
    return taken


def button(one: Allowed, key: str, is_first: bool, naming: Naming) -> html.Button:
    """One move; grey where something is missing."""
    label = naming.words.pick(*one.label)
    attributes: dict[str, Any] = {"data-key": key} if key else {}
    return html.Button(
        [html.Span(label, className="clip"), *([parts.keycap(key)] if key else [])],
        id=case_ids.move_button(str(one.move)),
        key=str(one.move),
        type="button",
        disabled=one.why is not None,
        className="button is-primary" if is_first else "button",
        title=one.reason(naming.words.lang),
        **{"data-ask": str(one.move), **attributes},
    )


def why(one: Allowed, naming: Naming) -> html.P:
    """What is missing, in one sentence."""
    words = naming.words
    return html.P(
        [html.B(words.pick(*one.label)), " ", one.reason(words.lang)], className="blocked"
    )


def asks_first(move: Move) -> bool:
    """Whether a form is opened in place."""
    return move not in AT_ONCE


def usual_reasons(move: Move, words: Any) -> list[str]:
    """What people say most often there."""
    return [one for one in words.get(f"case_reason.{move}", "").split("|") if one]


def label_of(move: Move, naming: Naming) -> str:
    """A move in words."""
    return naming.words.pick(RULES[move].zh, RULES[move].en)
