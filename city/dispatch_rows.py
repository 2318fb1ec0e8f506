"""Reads the rules of dispatch from `city/tables/dispatch.toml`, with what a profile changes.

A profile's `[dispatch]` may state single entries of `rules`, `weights`, `skills`, `kinds`, `needs`,
`status` and `cover`, and `units` by id, `labels` by department and word, and `[[resources]]`.
"""

from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from typing import Any

from city.dispatch_rules import (
    COLOURS,
    DispatchRules,
    Label,
    Names,
    Numbers,
    Resource,
    UnitFacts,
    Weights,
)
from city.shifts import minute_of
from city.tables import BadTable, table
from city.units import Status
from geo.points import Point

Facts = Mapping[str, Any]

MERGED = ("rules", "weights", "skills", "kinds", "needs", "status", "cover")
OWN = ("units", "labels", "resources")


@cache
def shipped() -> DispatchRules:
    """The rules as the table has them."""
    return dispatch_of({})


def dispatch_of(facts: Facts) -> DispatchRules:
    """The rules of a city; BadTable names the entry that cannot be used."""
    if unknown := set(facts) - {*MERGED, *OWN}:
        raise BadTable(f"`dispatch.{min(unknown)}` is unknown; say {', '.join((*MERGED, *OWN))}")
    stated = {name: {**table("dispatch")[name], **facts.get(name, {})} for name in MERGED}
    skills = {key: _names(row, f"skills.{key}") for key, row in stated["skills"].items()}
    numbers, unsaid = _numbers(stated["rules"])
    return DispatchRules(
        numbers=numbers,
        weights=_weights(stated["weights"]),
        unsaid=unsaid,
        skills=skills,
        kinds={key: _facts(row, f"kinds.{key}", skills) for key, row in stated["kinds"].items()},
        units={key: _facts(row, f"units.{key}", skills)
               for key, row in facts.get("units", {}).items()},
        needs={key: _need(row, key, skills) for key, row in stated["needs"].items()},
        labels={slug: {word: _label(row, f"labels.{slug}.{word}") for word, row in words.items()}
                for slug, words in facts.get("labels", {}).items()},
        patience={_status(key, "status"): _pair(row, key) for key, row in stated["status"].items()},
        resources=tuple(map(_resource, facts.get("resources", ()))),
        cover={key: _above_zero(value, f"cover.{key}") for key, value in stated["cover"].items()},
    )  # fmt: skip


def _numbers(rules: Facts) -> tuple[Numbers, Status]:
    known = {one.name for one in fields(Numbers)}
    if unknown := set(rules) - known - {"unsaid"}:
        raise BadTable(
            f"`dispatch.rules.{min(unknown)}` is unknown; say {', '.join(sorted(known))}"
        )
    said = {name: _above_zero(value, f"rules.{name}") for name, value in rules.items()
            if name != "unsaid"}  # fmt: skip
    most = int(said.pop("most"))
    return Numbers(most=most, **said), _status(rules["unsaid"], "rules.unsaid")


def _weights(row: Facts) -> Weights:
    if unknown := set(row) - set(Weights._fields):
        raise BadTable(f"`dispatch.weights.{min(unknown)}` is unknown")
    weights = Weights(**{name: _number(value, f"weights.{name}") for name, value in row.items()})
    if min(weights) < 0 or sum(weights) <= 0:
        raise BadTable("`dispatch.weights` must be zero or more, and one above zero")
    return weights


def _facts(row: Facts, where: str, skills: Facts) -> UnitFacts:
    stated = {"zh", "en", "skills", "capacity", "base", "shift"}
    if unknown := set(row) - stated:
        raise BadTable(f"`dispatch.{where}.{min(unknown)}` is unknown; say {', '.join(stated)}")
    for skill in row.get("skills", ()):
        _must_be_known(skill, skills, where)
    return UnitFacts(
        row.get("zh", ""), row.get("en", ""), tuple(row.get("skills", ())),
        _names(row["capacity"], where) if "capacity" in row else ("", ""),
        _point(row["base"], where) if "base" in row else None,
        _shift(row.get("shift", ""), where),
    )  # fmt: skip


def _need(row: Facts, key: str, skills: Facts) -> Mapping[str, float]:
    for skill, match in row.items():
        _must_be_known(skill, skills, f"needs.{key}")
        if not 0 < _number(match, f"needs.{key}.{skill}") <= 1:
            raise BadTable(f"`dispatch.needs.{key}.{skill}` must be above 0 and at most 1")
    return {skill: float(match) for skill, match in row.items()}


def _label(row: Facts, where: str) -> Label:
    colour = row.get("colour", "")
    if colour and colour not in COLOURS:
        raise BadTable(f"`dispatch.{where}.colour` must be one of {', '.join(sorted(COLOURS))}")
    return Label(_status(row.get("status", ""), where), *_names(row, where), colour)


def _resource(row: Facts) -> Resource:
    where = f"resources.{row.get('id', '?')}"
    for name in ("id", "kind", "zh", "en", "department", "pos"):
        if name not in row:
            raise BadTable(f"`dispatch.{where}.{name}` is missing")
    capacity = _names(row["capacity"], where) if "capacity" in row else ("", "")
    return Resource(row["id"], row["kind"], row["zh"], row["en"], row["department"],
                    _point(row["pos"], where), capacity, row.get("contact", ""))  # fmt: skip


def _must_be_known(skill: str, skills: Facts, where: str) -> None:
    if skill not in skills:
        raise BadTable(f"`dispatch.{where}` names the unknown skill {skill}")


def _status(word: str, where: str) -> Status:
    if word not in tuple(Status):
        raise BadTable(f"`dispatch.{where}` says {word}; it must be one of {', '.join(Status)}")
    return Status(word)


def _names(row: Any, where: str) -> Names:
    if not isinstance(row, Mapping) or not {"zh", "en"} <= set(row):
        raise BadTable(f"`dispatch.{where}` must have `zh` and `en`")
    return row["zh"], row["en"]


def _pair(row: Any, where: str) -> tuple[float, float]:
    warn, alert = (_number(one, f"status.{where}") for one in _listed(row, 2, f"status.{where}"))
    return warn, alert


def _point(row: Any, where: str) -> Point:
    lon, lat = (_number(one, where) for one in _listed(row, 2, where))
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise BadTable(f"`dispatch.{where}` lies nowhere on the earth; longitude comes first")
    return Point(lon, lat)


def _shift(text: str, where: str) -> str:
    if text:
        try:
            begin, end = (minute_of(one) for one in text.split("-"))
        except ValueError:
            begin = end = -1
        if begin == end:
            raise BadTable(f"`dispatch.{where}.shift` must be like 08:00-20:00")
    return text


def _listed(row: Any, count: int, where: str) -> list[Any]:
    if not isinstance(row, list) or len(row) != count:
        raise BadTable(f"`dispatch.{where}` must be {count} numbers")
    return row


def _number(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadTable(f"`dispatch.{where}` must be a number")
    return float(value)


def _above_zero(value: Any, where: str) -> float:
    if (number := _number(value, where)) <= 0:
        raise BadTable(f"`dispatch.{where}` must be above zero")
    return number
