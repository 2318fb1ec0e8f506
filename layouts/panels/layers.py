"""Layers and feeds: what is shown on the map, and how good its data are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from dash import dcc, html

from layouts import ids, parts
from layouts.figures import number
from layouts.words import Words

SECONDS_TO_TYPE = 0.2
INK = {True: "series-1", False: "line-2", None: "surface-3"}


@dataclass(frozen=True, slots=True)
class LayerRow:
    """One layer, or a feed that has none of its own."""

    name: str
    label: str
    shape: str
    state: str  # fresh late stale lost never
    is_layer: bool = True
    is_on: bool = True
    online: int = 0
    total: int = 0
    heard_ms: int = 0
    period_s: float = 60.0
    rate: float = 0.0
    rejected: int = 0
    beats: Sequence[bool | None] = ()  # of the last minute, the oldest first


@dataclass(frozen=True, slots=True)
class LayerGroup:
    """The rows of a department."""

    label: str
    rows: Sequence[LayerRow]


def panel(words: Words) -> html.Section:
    """The rail of layers, filled by its callback."""
    label = html.Span(words("layers.filter"), className="sr")
    field = dcc.Input(
        id=ids.LAYER_FILTER,
        type="search",
        placeholder=words("layers.filter"),
        debounce=SECONDS_TO_TYPE,
        autoComplete="off",
    )
    tools = html.Label(
        [parts.icon("filter"), label, field, parts.keycap("F")],
        className="field",
        **{"data-key": "F"},
    )
    return html.Section(
        [
            parts.panel_head(words("layers.title"), words("layers.small")),
            html.Div(tools, className="panel-tools"),
            html.Div(parts.loading(words("layers.loading"), 14), id=ids.LAYERS,
                     className="panel-body"),
            html.Div(words("layers.foot"), className="panel-foot"),
        ],
        className="panel layers",
        **{"data-region": "layers", "aria-label": words("layers.title")},
    )  # fmt: skip


def rows(groups: Iterable[LayerGroup], text: str, now_ms: int, words: Words) -> list[Any]:
    """All groups; a text keeps only the rows whose name holds it."""
    found: list[Any] = []
    for group in groups:
        kept = [
            row for row in group.rows if text.casefold() in f"{row.label} {row.name}".casefold()
        ]
        if kept:
            found.append(html.H3(group.label, className="section-label"))
            items = [layer_row(row, now_ms, words) for row in kept]
            found.append(html.Ul(items, className="layer-list"))
    return found or [parts.empty(words("layers.none", text=text))]


def layer_row(row: LayerRow, now_ms: int, words: Words) -> html.Li:
    """Checkbox, shape, name, online of expected, rate, age; a second line only for trouble."""
    state = "" if row.state in ("fresh", "never") else f"is-{row.state}"
    shown = "" if row.is_on else "is-off"
    return html.Li(
        [
            checkbox(row, words),
            html.Span(className=f"layer-shape is-{row.shape}"),
            name_button(row, words),
            count(row, words),
            html.Span(rate_text(row, words), className="layer-rate num meta"),
            beat(row, words),
            parts.age(row.heard_ms, row.period_s, now_ms, state),
            *trouble(row, words),
        ],
        className=f"layer {state} {shown}",
    )


def checkbox(row: LayerRow, words: Words) -> Any:
    """Shows the layer or not; a feed without a layer has none."""
    if not row.is_layer:
        return html.Span()
    attributes: dict[str, Any] = {
        "aria-checked": str(row.is_on).lower(),
        "aria-label": words("layers.show", name=row.label),
    }
    return html.Button(
        id=ids.layer_box(row.name),
        type="button",
        role="checkbox",
        className="checkbox is-on" if row.is_on else "checkbox",
        **attributes,
    )


def name_button(row: LayerRow, words: Words) -> html.Button:
    """Opens the panel of the feed."""
    return html.Button(
        row.label,
        id=ids.feed_name(row.name),
        type="button",
        className="layer-name clip",
        title=words("layers.open", name=row.label),
    )


def count(row: LayerRow, words: Words) -> html.Span:
    """Online of expected."""
    text = f"{row.online:,}/{row.total:,}" if row.total else ""
    title = words("layers.count_title", online=row.online, total=row.total)
    return html.Span(text, className="layer-count num", title=title)


def rate_text(row: LayerRow, words: Words) -> str:
    """Messages per second, where there are any."""
    return words("layers.rate", rate=number(round(row.rate, 1))) if row.rate >= 0.05 else ""


def beat(row: LayerRow, words: Words) -> html.Span:
    """Ten ticks of the last minute: full where messages came, faint where none did."""
    ticks = [
        f"var(--{INK[came]}) {3 * k}px {3 * k + 2}px, transparent {3 * k + 2}px {3 * k + 3}px"
        for k, came in enumerate(row.beats)
    ]
    style = {"background": f"linear-gradient(90deg, {', '.join(ticks)})"} if ticks else {}
    return html.Span(className="layer-beat", title=words("layers.beat"), style=style)


def trouble(row: LayerRow, words: Words) -> list[html.Span]:
    """What is wrong, in words."""
    said: list[Any] = []
    if row.state not in ("fresh", "online"):
        said.append(parts.state_word(row.state, words))
    if row.rejected:
        rejected = words("layers.rejected", n=f"{row.rejected:,}")
        said += [" · "] * bool(said) + [html.Span(rejected, className="layer-rejected")]
    return [html.Span(said, className="layer-note")] if said else []
