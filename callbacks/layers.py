"""The rail of layers lives: counts and health of every feed, and which layers are shown."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from dash import ALL, Input, Output, State, no_update

from callbacks.asking import pressed, sight_asked, words_asked
from callbacks.census import Choice, KindCount
from callbacks.desk import Desk
from callbacks.wiring import wiring
from city.feeds import FeedCard
from city.roles import Right
from layouts import ids
from layouts.panels.layers import LayerGroup, LayerRow, rows
from layouts.words import Words
from store.health import FeedCounts

SHARED = 64
NO_COUNT = KindCount(0, 0, 0, "")


@wiring.on(
    Output(ids.LAYERS, "children"),
    Input(ids.pulse("feeds"), "data"),
    Input(ids.MAP, "hidden"),
    Input(ids.LAYER_FILTER, "value"),
    right=Right.VIEW_MAP,
)
def refresh_layers(
    desk: Desk, version: int | None, hidden: list[str] | None, text: str | None
) -> list[Any]:
    """All layers with what their feeds do."""
    version = version or desk.now_ms() // 1000
    choice = Choice(sight_asked(desk), frozenset(hidden or ()))
    return drawn(desk, version, choice, (text or "").strip(), words_asked())


@lru_cache(SHARED)
def drawn(desk: Desk, _version: int, choice: Choice, text: str, words: Words) -> list[Any]:
    """Drawn once for all browsers that show the same version."""
    heard = desk.store.health.read()
    desk.beats.note(heard, desk.now_ms())
    groups = grouped(desk, heard, choice, words)
    return rows(groups, text, desk.now_ms(), words)


@wiring.on(
    Output(ids.MAP, "hidden", allow_duplicate=True),
    Input(ids.layer_box(ALL), "n_clicks"),
    State(ids.MAP, "hidden"),
    prevent_initial_call=True,
    right=Right.VIEW_MAP,
)
def toggle_layer(_desk: Desk, _clicks: list[int], hidden: list[str] | None) -> Any:
    """Shows a layer, or not."""
    name = pressed()
    if name is None:
        return no_update
    return sorted(set(hidden or ()) ^ {name})


def grouped(
    desk: Desk, heard: Mapping[str, FeedCounts], choice: Choice, words: Words
) -> list[LayerGroup]:
    """Rows by department, in the order of the profile."""
    found: dict[str, list[LayerRow]] = {}
    for department, row in all_rows(desk, heard, choice, words):
        found.setdefault(department, []).append(row)
    order = [place.code for place in desk.profile.departments]
    known = sorted(found, key=lambda code: order.index(code) if code in order else len(order))
    return [
        LayerGroup(desk.department(code, words) or words("layers.others"), found[code])
        for code in known
    ]


def all_rows(
    desk: Desk, heard: Mapping[str, FeedCounts], choice: Choice, words: Words
) -> Iterator[tuple[str, LayerRow]]:
    """Every kind that is declared or seen, then feeds that fill no layer of their own."""
    with desk.store.live.lock:
        counts = desk.census.kinds(desk.table, choice.sight, desk.now_ms())
    for name in dict.fromkeys([*desk.kinds, *counts]):
        count, kind = counts.get(name, NO_COUNT), desk.kind(name)
        card = desk.cards.get(name) or FeedCard(name, kind.zh, kind.en, "", kind.period_s)
        row = layer_row(desk, card, heard.get(name, FeedCounts()), count, words)
        shown = replace(row, shape=kind.shape, is_layer=True, is_on=name not in choice.hidden)
        yield kind.department or count.department, shown
    for name, card in desk.cards.items():
        if name in heard and name not in desk.kinds:
            yield card.department, layer_row(desk, card, heard[name], NO_COUNT, words)


def layer_row(
    desk: Desk, card: FeedCard, health: FeedCounts, count: KindCount, words: Words
) -> LayerRow:
    """A feed in plain values; what another feed brings of its kind counts as heard too."""
    heard_ms = max(health.heard_ms, count.heard_ms)
    state = FeedCounts(heard_ms=heard_ms).state(card.period_s, desk.now_ms())
    return LayerRow(
        name=card.name,
        label=words.pick(card.zh, card.en),
        shape="none",
        state=str(state) if heard_ms else "never",
        is_layer=False,
        online=count.online,
        total=count.total,
        heard_ms=heard_ms,
        period_s=card.period_s,
        rate=health.rate,
        rejected=health.rejected_total,
        beats=desk.beats.of(card.name),
    )
