"""What one look at the store brought, encoded and ready to be handed out."""

import json
from dataclasses import dataclass, field
from typing import Any

from live.looks import Look

Owing = tuple[Look, frozenset[int]]  # a look, and the layers of it that are owed a snapshot


@dataclass(slots=True)
class News:
    """Made once for all browsers."""

    is_tick: bool = False  # false: only snapshots that somebody waited for
    frames: dict[Owing, bytes] = field(default_factory=dict)
    readings: dict[str, str] = field(default_factory=dict)  # by thing
    words: dict[str, str] = field(default_factory=dict)  # for everybody


def said(word: str, fact: Any) -> str:
    """A text message of one word."""
    return json.dumps({word: fact}, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
