"""The search lives: by name in either language, by number, by kind."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from dash import Input, Output

from callbacks.asking import seat_asked, sight_asked, words_asked
from callbacks.commands import FEW, answers, place_answers
from callbacks.desk import Desk
from callbacks.naming import name_of, place_of
from callbacks.wiring import wiring
from city.naming import LANGUAGES, name_in
from city.roles import Right
from city.sight import Sight
from layouts import ids
from layouts.panels.search import Found, results
from layouts.words import Words
from store.newest import NewestTable

MOST_RESULTS = 8


@wiring.on(Output(ids.FOUND, "children"), Input(ids.SEARCH, "value"), right=Right.VIEW_MAP)
def find(desk: Desk, text: str | None) -> list[Any]:
    """What answers to the text."""
    words, sight, asked = words_asked(), sight_asked(desk), (text or "").strip()
    with desk.store.live.lock:
        indices = islice(matches(desk.table, sight, asked), MOST_RESULTS)
        found = [result(desk, index, words) for index in indices]
    others = answers(desk, seat_asked(desk), asked, words) if asked else []
    places = list(islice(place_answers(desk, asked, words), FEW))
    return results([*others, *found, *places], asked, words)


def matches(table: NewestTable, sight: Sight, text: str) -> Iterator[int]:
    """Places of the things whose name or number holds every word of the text."""
    wanted = text.casefold().split()
    if not wanted:
        return
    for index, thing in enumerate(table.ids):
        name = (table.metas[index] or {}).get("name")
        said = " ".join([thing, *(name_in(name, lang) for lang in LANGUAGES)]).casefold()
        if all(word in said for word in wanted) and table.may_see(sight, index):
            yield index


def result(desk: Desk, index: int, words: Words) -> Found:
    """One result in plain values."""
    return Found(
        thing=desk.table.ids[index],
        level=int(desk.table.level[index]),
        name=name_of(desk, index, words),
        place=place_of(desk, index, words),
    )
