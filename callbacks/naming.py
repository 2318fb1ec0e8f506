"""Things in the words of a page: name, kind and district, newest value."""

from math import isnan

from callbacks.desk import Desk
from city.naming import title
from city.things import ThingKey
from layouts.figures import number
from layouts.words import Words


def name_of(desk: Desk, index: int, words: Words) -> str:
    """What a thing is called."""
    return title(desk.table.ids[index], desk.table.metas[index], words.lang)


def place_of(desk: Desk, index: int, words: Words) -> str:
    """Its kind and district."""
    kind = desk.kind(ThingKey.parse(desk.table.ids[index]).kind)
    area = desk.area(int(desk.table.records[index]["area"]), words)
    return " · ".join(filter(None, (words.pick(kind.zh, kind.en), area)))


def value_of(desk: Desk, index: int) -> str:
    """Its leading quantity with the unit."""
    value = float(desk.table.records[index]["value"])
    kind = desk.kind(ThingKey.parse(desk.table.ids[index]).kind)
    if isnan(value):
        return ""
    return number(round(value, 3), kind.quantities[0].unit if kind.quantities else "")
