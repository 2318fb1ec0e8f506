"""The mode on every page: a pill in the top bar, a line below it, a watermark for exercises."""

from typing import Any

from dash import html

from city.mode import Episode, Mode, Proposal, Standing
from city.mode_plans import plan_name
from layouts import mode_ids, parts
from layouts.words import Words


def control(is_link: bool, words: Words) -> html.Details:
    """The pill, and what opens below it; with the way to its page for seats that may."""
    label: dict[str, Any] = {"aria-label": words("mode.title")}
    way = html.A(words("mode.open"), href="/mode", className="button is-small")
    below = [html.Div(id=mode_ids.SHORT), *([way] if is_link else [])]
    return html.Details(
        [
            html.Summary(id=mode_ids.PILL, className="mode-pill is-normal", **label),
            html.Div(below, className="mode-short float"),
        ],
        className="mode-control",
    )


def line(words: Words) -> html.Div:
    """Below the top bar while it is not normal; says 演练 across the page in an exercise."""
    mark = html.Span(words("mode.watermark"), className="mode-watermark")
    return html.Div(mark, id=mode_ids.LINE, className="mode-line is-normal",
                    **{"aria-hidden": "true"})  # fmt: skip


def classes(standing: Standing) -> str:
    """The mode and its level in words of the stylesheet."""
    episode = standing.episode
    level = f" is-level-{episode.level}" if episode else ""
    return f"is-{standing.mode}{level}"


def pill(standing: Standing, is_asked: bool, words: Words) -> list[Any]:
    """What the pill says; a dot where something waits for this seat."""
    waits = [html.I(className="mode-asked", title=words("mode.waits"))] if is_asked else []
    if standing.episode is None:
        return [html.Span(words("mode.state"), className="meta"), html.B(words("mode.normal")),
                *waits]  # fmt: skip
    return [parts.mark(standing.episode.level, words), *said(standing.episode, words), *waits]


def said(episode: Episode, words: Words) -> list[Any]:
    """Mode, level, plan, for how long."""
    since: dict[str, Any] = {"data-since": str(episode.began_ms)}
    name = words(f"mode.{episode.mode}_level", level=parts.ROMAN[episode.level])
    return [
        html.B(name),
        html.Span(words.pick(*plan_name(episode.plan)), className="clip mode-plan"),
        html.Span("", className="num mode-since", **since),
    ]


def short(standing: Standing, waiting: Proposal | None, words: Words) -> list[Any]:
    """In some lines: what holds, by whom, what waits."""
    rows: list[tuple[str, Any]] = [(words("mode.state"), words(f"mode.{standing.mode}"))]
    if standing.episode:
        step = standing.episode.steps[-1]
        rows += [
            (words("mode.plan"), words.pick(*plan_name(standing.episode.plan))),
            (words("mode.reason"), step.asked.reason),
            (words("mode.by"), f"{step.by.name} · {step.second.name}"),
        ]
    if waiting:
        rows.append((words("mode.waits"), proposal_line(waiting, words)))
    return [parts.facts(rows)]


def proposal_line(waiting: Proposal, words: Words) -> str:
    """`转急 Ⅱ · 防汛预案 · 王`."""
    level = parts.ROMAN[waiting.asked.level] if waiting.asked.level else ""
    turn = f"{words(f'mode.turn_{waiting.asked.turn}')} {level}".strip()
    drill = words(f"mode.{Mode.EXERCISE}") if waiting.asked.is_exercise else ""
    plan = words.pick(*plan_name(waiting.asked.plan))
    return " · ".join(filter(None, (turn, drill, plan, waiting.by.name)))
