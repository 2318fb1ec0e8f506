"""The form of a new case: from the list, from a point of the map, from an alarm."""

from dataclasses import dataclass
from typing import Any

from dash import dcc, html

from city.cases import SOURCES, Source
from layouts import case_ids, parts
from layouts.case_naming import Naming
from layouts.panels.case_form import options


@dataclass(frozen=True, slots=True)
class Beginning:
    """What is known before anybody types: from the address, or from an alarm."""

    pos: str = ""
    title: str = ""
    type: str = ""
    severity: int = 3
    source: str = Source.ASSIGNED
    thing: str = ""
    alarm_id: str = ""
    alarm: str = ""  # its name, where it begins with one


def form(begin: Beginning, naming: Naming) -> html.Form:
    """All fields; Ctrl ↵ sends, Esc closes."""
    words = naming.words
    head = html.Div(
        [html.H2(words("case_new.title"), className="case-title", tabIndex=-1),
         html.Span(words("case_new.from_alarm", name=begin.alarm), className="meta")
         if begin.alarm else None],
        className="block-head",
    )  # fmt: skip
    rows = [
        kind_field(begin, naming),
        text_field("title", "case_new.name", begin.title, words, hint="case_new.name_hint"),
        html.Div([severity_field(begin, words), source_field(begin, naming)],
                 className="form-pair"),
        place_field(begin, words),
        html.Div([text_field("reporter.name", "case_new.reporter", "", words),
                  text_field("reporter.phone", "case_new.phone", "", words)],
                 className="form-pair"),
        description_field(words),
    ]  # fmt: skip
    return html.Form(
        [head, *rows, html.Div(id=case_ids.FORM_SAID, role="alert"), foot(words)],
        className="block new-case",
        **{
            "data-move": "create",
            "data-cases": "",
            "data-thing": begin.thing,
            "data-alarm": begin.alarm_id,
            "aria-label": words("case_new.title"),
        },
    )


def labelled(name: str, label: str, control: Any) -> html.Div:
    """A control under its name."""
    return html.Div([html.Label(label, htmlFor=f"field-{name}"), control],
                    className=f"form-field is-{name.replace('.', '-')}")  # fmt: skip


def text_field(name: str, label: str, value: str, words: Any, hint: str = "") -> html.Div:
    """A line of text."""
    field = dcc.Input(id=f"field-{name.replace('.', '-')}", name=name, value=value,
                      placeholder=words(hint) if hint else "", autoComplete="off", maxLength=200,
                      className="text-input")  # fmt: skip
    return labelled(name.replace(".", "-"), words(label), field)


def kind_field(begin: Beginning, naming: Naming) -> html.Div:
    """A type, found by its number or its name."""
    words = naming.words
    rows = naming.profile.filing.types()
    listed = [
        html.Option(value=f"{one.kind[0].upper()}{one.code} {naming.named(one)}") for one in rows
    ]
    chosen = next((one for one in rows if f"{one.kind}/{one.code}" == begin.type), None)
    value = f"{chosen.kind[0].upper()}{chosen.code} {naming.named(chosen)}" if chosen else ""
    field = dcc.Input(id="field-type", name="type", value=value, list="case-types", required=True,
                      placeholder=words("case_new.kind_hint"), autoComplete="off",
                      className="text-input")  # fmt: skip
    types = html.Datalist(listed, id="case-types")
    return labelled("type", words("case_new.kind"), html.Div([field, types]))


def severity_field(begin: Beginning, words: Any) -> html.Div:
    """Level Ⅰ to Ⅳ, each with its mark in words."""
    pairs = [(str(level), words(f"case_new.level_{level}")) for level in range(1, 5)]
    control = html.Select(options(pairs, str(begin.severity)), id="field-severity",
                          name="severity", className="text-input")  # fmt: skip
    return labelled("severity", words("case_new.severity"), control)


def source_field(begin: Beginning, naming: Naming) -> html.Div:
    """Who found it."""
    pairs = [(str(one), naming.source(str(one))) for one in SOURCES]
    control = html.Select(options(pairs, str(begin.source)), id="field-source", name="source",
                          className="text-input")  # fmt: skip
    return labelled("source", naming.words("case_new.source"), control)


def place_field(begin: Beginning, words: Any) -> html.Div:
    """Longitude and latitude, with the way to the map."""
    field = dcc.Input(id="field-pos", name="pos", value=begin.pos, autoComplete="off",
                      placeholder=words("case_new.place_hint"), className="text-input")  # fmt: skip
    way = html.A(words("case_new.place_map"), href="/situation", className="meta")
    return labelled("pos", words("case_new.place"), html.Div([field, way], className="form-pair"))


def description_field(words: Any) -> html.Div:
    """What was said, in the caller's words."""
    box = html.Textarea(id="field-description", name="description", rows=4, maxLength=4000,
                        className="case-text-field")  # fmt: skip
    return labelled("description", words("case_new.description"), box)


def foot(words: Any) -> html.Div:
    """Close and send."""
    cancel = html.Button(
        [words("case_form.cancel"), parts.keycap("Esc")],
        type="button",
        className="button is-quiet",
        **{"data-key": "Escape", "data-case": ""},
    )
    send = html.Button([words("case_new.submit"), parts.keycap("Ctrl ↵")], type="submit",
                       className="button is-primary")  # fmt: skip
    return html.Div([cancel, html.Span(className="spacer"), send], className="form-foot")
