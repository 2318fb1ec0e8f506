"""The page of cases, drawn from the tables of `city`."""

from collections.abc import Iterable, Iterator
from dataclasses import fields

from city.case_bounds import DESKS, SHIPPED, Bounds
from city.case_field_guards import OF_FIELDS
from city.case_guards import GUARDS
from city.case_requests import KINDS, STEPS
from city.case_states import ENDED, OPEN, STATES, CaseState
from city.case_table import TABLE, Rule
from city.case_times import STAGE_NAMES, STAGES
from city.case_views import STEPS as VIEW_STEPS
from city.roles import ROLE_NAMES, Role

MANY = 5  # a line from more states than these is not drawn: it would hide the way

HEAD = """# Cases (案件)

A case is the file of work opened for an event. It is the fold of its log: each entry is one move,
by somebody, in a post, at an instant, with what it brought and what was decided with it (the limit,
the ends of the clocks). `city/case_moves.py` is the one gate: it answers with the entry, or with a
refusal that says why. `store/cases.py` writes entry, fold, deadlines and the record of the trail in
one transaction, on disk before it returns. `manage.py cases verify` folds every log again and names
the cases that are not the same.

This page is generated from `city/case_table.py` and the tables beside it. The steps are those of
GB/T 30428.8 systems as they run; the text of the standard was not at hand, so that nothing here is
checked against it.

## The way of a case

```mermaid
stateDiagram-v2
    direction LR"""

STATES_HEAD = """```

Drawn are the moves that lead on from {many} states or fewer; the table below has all of them.

## States

| state | 中文 | English | step | clock | view |
|---|---|---|---|---|---|"""

MOVES_HEAD = """
## Moves

A `reason` may come with every move. `open` means every state but the ends and the draft. A move
without a state to lead to leaves the case where it is.

| | move | 中文 | English | from | to | by | needs | may have | guards |
|---|---|---|---|---|---|---|---|---|---|"""

GUARDS_HEAD = """
## Guards

What can stand against a move that is legal. A button that a guard of the case holds back is grey,
with the reason; those marked ○ look at what is filled in.

| guard | passes when |
|---|---|"""

REQUESTS_HEAD = """
## Requests

What one asks and another decides. A handler's request waits for his own department first
(`pending_dept` → `pending` → `approved` or `rejected`); one that the case overtook has `lapsed`.

| request | 中文 | asked for by | decided by |
|---|---|---|---|"""

BOUNDS_HEAD = """
## Numbers

A city changes them in its profile under `[cases]`; limits of handling come from the filing
conditions, those of the desks from `city/tables/stages.toml` ([deadlines](deadlines.md)).

| number | default |
|---|---|"""

CLOCKS_HEAD = """
## Clocks

At most one runs. It warns at three quarters, is overdue at its end and again at each further
multiple; 挂账 stops it, and paused time is never charged. Work that failed its check, or is handled
again, has half the limit; feedback that was sent back goes on with what was left.

| stage | 中文 | limit, ordinary / urgent |
|---|---|---|"""

TAIL = """
## Over HTTP

    POST /api/v1/cases                {"source":"hotline","external_id":"HL-1","type":"0406", …}
    POST /api/v1/cases/{id}/moves     {"move":"dispatch","version":3,"lead":"sw","co":["jj"]}
    GET  /api/v1/cases?view=mine&severity=1,2&area=460106&q=积水&sort=urgency&limit=100
    GET  /api/v1/cases/{id}

The answer of a move is the case; `allowed` are the moves that its caller may make now, `moves` the
same with their names, what they need, and what is grey with why. A refusal is a problem document:
403 another post, another scope, or whoever handled the case; 409 illegal from this state or
outdated, with `state`, `version`, `allowed`, `legal` and, where the version is old, `meanwhile`;
422 a field that is missing or unusable. `version` may be left out; warnings of the clockwork do not
make it outdated. The same `source` and `external_id` open one case, however often they are sent.

Lists have the views {views}; those of the steps add up to `open`.
"""


def cases_markdown() -> str:
    """The whole page."""
    lines = [
        HEAD, *drawn(),
        STATES_HEAD.format(many=MANY), *states(),
        MOVES_HEAD, *map(move, TABLE),
        GUARDS_HEAD, *guards(),
        REQUESTS_HEAD, *requests(),
        BOUNDS_HEAD, *bounds(),
        CLOCKS_HEAD, *clocks(),
        TAIL.replace("{views}", ", ".join(f"`{view}`" for view in VIEW_STEPS)),
    ]  # fmt: skip
    return "\n".join(lines)


def drawn() -> Iterator[str]:
    """The arrows of the picture."""
    for state, (zh, _, _) in STATES.items():
        yield f"    {state}: {zh} {state}"
    for rule in TABLE:
        if rule.target is None or len(rule.sources) > MANY:
            continue
        for source in in_order(rule.sources) or ["[*]"]:
            yield f"    {source} --> {rule.target}: {rule.zh}"
    yield from (f"    {state} --> [*]" for state in CaseState if state in ENDED)


def in_order(states: Iterable[CaseState]) -> list[CaseState]:
    """As the table of states has them."""
    wanted = set(states)
    return [state for state in CaseState if state in wanted]


def states() -> Iterator[str]:
    """One line for each."""
    for state, (zh, en, step) in STATES.items():
        stage = STAGES.get(state, "")
        paused = " (paused)" if state is CaseState.SUSPENDED else ""
        view = next((name for name, (_, _, shown) in VIEW_STEPS.items() if state in shown), "ended")
        yield f"| `{state}` | {zh} | {en} | {step} | {stage}{paused} | {view} |"


def move(rule: Rule) -> str:
    """One line of the table."""
    cells = (
        rule.number,
        f"`{rule.move}`",
        rule.zh,
        rule.en,
        sources(rule),
        f"`{rule.target}`" if rule.target else "",
        posts(rule.roles),
        named(rule.needs),
        named(name for name in rule.may if name != "reason"),
        named(rule.guards),
    )
    return f"| {' | '.join(cells)} |"


def sources(rule: Rule) -> str:
    """Where a move starts from."""
    if not rule.sources:
        return "nothing"
    if rule.sources == OPEN - {CaseState.DRAFT}:
        return "open"
    if rule.sources == frozenset(CaseState):
        return "any"
    left_out = frozenset(CaseState) - rule.sources
    if len(left_out) < MANY:
        return f"any but {named(in_order(left_out))}"
    return named(in_order(rule.sources))


def posts(roles: Iterable[Role]) -> str:
    """Who makes a move."""
    held = frozenset(roles)
    return "、".join(ROLE_NAMES[role][0] for role in Role if role in held) or "system"


def named(words: Iterable[str]) -> str:
    """Words as code."""
    return " ".join(f"`{word}`" for word in words)


def guards() -> Iterator[str]:
    """What each word of the table means."""
    for name, guard in GUARDS.items():
        mark = " ○" if name in OF_FIELDS else ""
        yield f"| `{name}`{mark} | {(guard.__doc__ or '').strip()} |"


def requests() -> Iterator[str]:
    """Who asks, and who decides."""
    rules = {STEPS[rule.move]: rule for rule in TABLE if rule.move in STEPS}
    for kind, (zh, _) in KINDS.items():
        ask = next(rule for (step, of), rule in rules.items() if (step, of) == ("ask", kind))
        grant = next(rule for (step, of), rule in rules.items() if (step, of) == ("grant", kind))
        yield f"| `{kind}` | {zh} | {posts(ask.roles)} | {posts(grant.roles)} |"


def bounds() -> Iterator[str]:
    """The numbers as they are shipped."""
    for one in fields(Bounds):
        value = getattr(SHIPPED.bounds, one.name)
        told = str(value).lower() if isinstance(value, bool) else f"{value:g}"
        yield f"| `{one.name}` | {told} |"


def clocks() -> Iterator[str]:
    """How long each stage may take."""
    for stage, (zh, _) in STAGE_NAMES.items():
        if stage in DESKS:
            ordinary, urgent = SHIPPED.stage_limit(stage, 3), SHIPPED.stage_limit(stage, 1)
            yield f"| `{stage}` | {zh} | {ordinary} / {urgent} |"
        else:
            yield f"| `{stage}` | {zh} | of the filing condition |"
