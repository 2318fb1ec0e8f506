"""What one look at the store brought, encoded and ready to be handed out."""

import json
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from city.sight import Sight
from live.looks import Look

Owing = tuple[Look, frozenset[int]]  # a look, and the layers of it that are owed a snapshot


class Wanted(NamedTuple):
    """What all browsers together wait for."""

    looks: frozenset[Owing]
    follows: frozenset[str]
    sights: frozenset[Sight]


class Told(NamedTuple):
    """A reading in words, and where the thing is."""

    text: str
    area: int


@dataclass(slots=True)
class News:
    """Made once for all browsers."""

    is_tick: bool = False  # false: only snapshots that somebody waited for
    frames: dict[Owing, bytes] = field(default_factory=dict)
    readings: dict[str, Told] = field(default_factory=dict)  # by thing
    statuses: dict[Sight, str] = field(default_factory=dict)  # how the river runs
    words: dict[str, str] = field(default_factory=dict)  # for everybody


def said(word: str, fact: Any) -> str:
    """A text message of one word."""
    return json.dumps({word: fact}, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
