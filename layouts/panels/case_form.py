"""The form of a move, in place: reasons, condition, units, dates; Ctrl ↵ sends, Esc closes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dash import dcc, html

from city.case_fields import APPEALED, FIELDS, INCIDENT_CLASSES, SATISFACTION
from city.case_table import RULES, Move
from city.cases import Case
from layouts import case_ids, parts
from layouts.case_naming import Naming
from layouts.panels.case_moves import usual_reasons

REQUESTS: Mapping[str, tuple[str, str]] = {
    "return": ("回退", "return"), "extension": ("延期", "extension"),
    "suspend": ("挂账", "suspension"),
}  # fmt: skip
# What a person does not type: the house knows it.
UNASKED = frozenset({"pos", "co_optional", "evidence", "thing", "area", "cell", "event_id"})
LATE = ("reason",)  # stands last


@dataclass(frozen=True, slots=True)
class Asking:
    """A form to be filled in: for which cases, on which version of each."""

    move: Move
    cases: Sequence[Case]

    @property
    def first(self) -> Case:
        """The only one, or one that stands for all."""
        return self.cases[0]

    @property
    def is_one(self) -> bool:
        """Whether it is about one case: only then is anything filled in beforehand."""
        return len(self.cases) == 1

    @property
    def names(self) -> str:
        """As the browser sends it back."""
        return " ".join(one.id for one in self.cases)

    @property
    def versions(self) -> str:
        """What was seen of each."""
        return " ".join(str(one.version) for one in self.cases)


def form(asking: Asking, naming: Naming) -> html.Form:
    """The fields of a move with its buttons."""
    words, rule = naming.words, RULES[asking.move]
    label = words.pick(rule.zh, rule.en)
    names = [one for one in (*rule.needs, *rule.may) if one not in UNASKED]
    names = [*(one for one in names if one not in LATE), *(one for one in names if one in LATE)]
    fields = [field(name, name in rule.needs, asking, naming) for name in dict.fromkeys(names)]
    head = html.Div(
        [html.H3(label), html.Span(about(asking, words), className="meta num")],
        className="block-head",
    )
    return html.Form(
        [head, *fields, html.Div(id=case_ids.FORM_SAID, role="alert"), foot(label, words)],
        className="block move-form",
        **{
            "data-move": str(asking.move),
            "data-cases": asking.names,
            "data-versions": asking.versions,
            "aria-label": label,
        },
    )


def about(asking: Asking, words: Any) -> str:
    """On which version it is filled in, or for how many."""
    if not asking.is_one:
        return words("cases.ticked", n=len(asking.cases))
    return words("case_form.version", version=asking.first.version)


def foot(label: str, words: Any) -> html.Div:
    """Cancel and confirm, with their keys."""
    cancel = html.Button(
        [words("case_form.cancel"), parts.keycap("Esc")],
        type="button",
        className="button is-quiet",
        **{"data-key": "Escape", "data-ask": ""},
    )
    submit = html.Button(
        [words("case_form.submit", move=label), parts.keycap("Ctrl ↵")], type="submit",
        className="button is-primary",
    )  # fmt: skip
    return html.Div([cancel, html.Span(className="spacer"), submit], className="form-foot")


def field(name: str, is_needed: bool, asking: Asking, naming: Naming) -> html.Div:
    """One field with its name, and whether it may be left out."""
    words = naming.words
    label = words.pick(FIELDS[name].zh, FIELDS[name].en.capitalize())
    optional = [] if is_needed else [html.Span(words("case_form.optional"), className="meta")]
    control = CONTROLS.get(name, plain)(name, is_needed, asking, naming)
    return html.Div([html.Label([label, *optional], htmlFor=f"field-{name}"), control],
                    className=f"form-field is-{name}")  # fmt: skip


def plain(name: str, is_needed: bool, _asking: Asking, _naming: Naming) -> Any:
    """A line of text."""
    return dcc.Input(id=f"field-{name}", name=name, required=is_needed, autoComplete="off",
                     className="text-input")  # fmt: skip


def reason(_name: str, is_needed: bool, asking: Asking, naming: Naming) -> Any:
    """Free words, with the usual ones at hand."""
    usual = [
        html.Button(text, type="button", className="chip", **{"data-usual": text})
        for text in usual_reasons(asking.move, naming.words)
    ]
    chips = (
        [
            html.Div(
                usual,
                className="usual",
                role="group",
                **{"aria-label": naming.words("case_form.templates")},
            )
        ]
        if usual
        else []
    )
    box = html.Textarea(id="field-reason", name="reason", rows=2, required=is_needed,
                        maxLength=4000, className="case-text-field")  # fmt: skip
    return html.Div([*chips, box])


def options(pairs: Sequence[tuple[str, str]], chosen: str = "") -> list[Any]:
    """Choices of a list."""
    return [html.Option(label, value=value, selected=value == chosen) for value, label in pairs]


def select(name: str, pairs: Sequence[tuple[str, str]], is_needed: bool, naming: Naming,
           chosen: str = "") -> Any:  # fmt: skip
    """A list to choose from."""
    blank = [] if chosen else [("", naming.words("case_form.choose"))]
    return html.Select(options([*blank, *pairs], chosen), id=f"field-{name}", name=name,
                       required=is_needed, className="text-input")  # fmt: skip


def said(table: Mapping[str, tuple[str, str]], naming: Naming) -> list[tuple[str, str]]:
    """The words of a closed set."""
    return [(word, naming.words.pick(*names)) for word, names in table.items()]


def closed(table: Mapping[str, tuple[str, str]]) -> Callable[..., Any]:
    """The control of a closed set."""

    def control(name: str, is_needed: bool, _asking: Asking, naming: Naming) -> Any:
        return select(name, said(table, naming), is_needed, naming)

    return control


def condition(name: str, is_needed: bool, asking: Asking, naming: Naming) -> Any:
    """The filing conditions of the type, each with its limit; the first is suggested."""
    case = asking.first
    is_same = len({(one.kind, one.type) for one in asking.cases}) == 1
    rows = naming.profile.filing.conditions_for(case.kind, case.type) if is_same else ()
    pairs = [(one.id, f"{naming.named(one)} · {one.limit}") for one in rows]
    chosen = case.condition or (rows[0].id if asking.is_one and rows else "")
    return select(name, pairs, is_needed, naming, chosen)


def severity(name: str, is_needed: bool, asking: Asking, naming: Naming) -> Any:
    """Level Ⅰ to Ⅳ."""
    pairs = [(str(level), naming.words(f"case_new.level_{level}")) for level in range(1, 5)]
    is_known = name == "severity" and asking.is_one
    chosen = str(asking.first.severity) if is_known else ""
    return select(name, pairs, is_needed, naming, chosen)


def departments(naming: Naming) -> list[tuple[str, str]]:
    """All of the city."""
    return [(one.code, naming.words.pick(one.zh, one.en))
            for one in naming.profile.departments]  # fmt: skip


def lead(name: str, is_needed: bool, asking: Asking, naming: Naming) -> Any:
    """The department that the tables give such a case to stands first."""
    case = asking.first
    usual = naming.condition(case)
    code = (usual.lead if usual else "") or naming.profile.filing.lead_of(case.kind, case.type)
    chosen = case.lead or code if asking.is_one else ""
    return select(name, departments(naming), is_needed, naming, chosen)


def co_units(_name: str, _is_needed: bool, _asking: Asking, naming: Naming) -> Any:
    """Any number of departments."""
    words = naming.words
    boxes = [
        html.Button([html.Span(className="checkbox"), label], type="button", className="co-choice",
                    role="checkbox", **{"data-many": "co", "data-value": code,
                                        "aria-checked": "false"})
        for code, label in departments(naming)
    ]  # fmt: skip
    return html.Details([html.Summary(words("case_form.co_hint")),
                         html.Div(boxes, className="co-choices")])  # fmt: skip


def limit(name: str, is_needed: bool, _asking: Asking, naming: Naming) -> Any:
    """An amount and its unit, read as `2 WD`."""
    words = naming.words
    pairs = [("WD", words("case_form.working_days")), ("ND", words("case_form.days")),
             ("UH", words("case_form.hours"))]  # fmt: skip
    amount = dcc.Input(id=f"field-{name}", name="limit.amount", type="number", min=1, max=999,
                       step=1, value=1, required=is_needed, className="text-input")  # fmt: skip
    unit = html.Select(options(pairs, "WD"), name="limit.unit", className="text-input",
                       **{"aria-label": words("case_form.unit")})  # fmt: skip
    return html.Div([amount, unit], className="form-pair")


def until(name: str, is_needed: bool, _asking: Asking, _naming: Naming) -> Any:
    """A day; its end counts."""
    return dcc.Input(id=f"field-{name}", name=name, type="date", required=is_needed,
                     className="text-input")  # fmt: skip


def yes_or_no(name: str, _is_needed: bool, _asking: Asking, naming: Naming) -> Any:
    """是 or 否."""
    pick = naming.words.pick
    return select(name, [("yes", pick("是", "yes")), ("no", pick("否", "no"))], False, naming)


CONTROLS: Mapping[str, Callable[[str, bool, Asking, Naming], Any]] = {
    "reason": reason, "condition": condition, "severity": severity, "level": severity,
    "lead": lead, "co": co_units, "limit": limit, "until": until, "solved": yes_or_no,
    "satisfaction": closed(SATISFACTION), "class": closed(INCIDENT_CLASSES),
    "about": closed(APPEALED), "request": closed(REQUESTS),
}  # fmt: skip


def refused(why: str, words: Any) -> list[Any]:
    """The form stays: why it was not done, and that nothing is lost."""
    said_why = words("case_form.refused", why=why)
    return [html.P([html.B(said_why), " ", words("case_form.press_again")],
                   className="notice is-late")]  # fmt: skip
