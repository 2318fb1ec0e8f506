"""Names for what is generated: the plan's own first, then two syllables and an ending."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np


class Name(NamedTuple):
    """What people call a road."""

    zh: str
    en: str


class Names:
    """Deals out names, none twice."""

    def __init__(self, plan: Mapping[str, Any], chance: np.random.Generator) -> None:
        self._waiting = {zone: list(map(_split, given)) for zone, given in plan["names"].items()}
        self._syllables = plan["syllables"]
        self._chance = chance
        self._used = {name for given in self._waiting.values() for name in given}

    def of_street(self, zone: str) -> Name:
        """The next name that the plan keeps for a zone."""
        waiting = self._waiting.get(zone)
        return waiting.pop(0) if waiting else self._made_up(endings=1)

    def of_branch(self) -> Name:
        """A made-up name."""
        return self._made_up(endings=len(self._syllables["ending"]))

    def _made_up(self, endings: int) -> Name:
        while True:
            first, second = (self._pick(self._syllables[part]) for part in ("first", "second"))
            ending = self._pick(self._syllables["ending"][:endings])
            en = f"{first.en}{_joined(first.en, second.en)}{second.en}".capitalize()
            name = Name(first.zh + second.zh + ending.zh, f"{en} {ending.en}")
            if name not in self._used:
                self._used.add(name)
                return name

    def _pick(self, among: list[str]) -> Name:
        return _split(among[int(self._chance.integers(len(among)))])


def _joined(first: str, second: str) -> str:
    # Pinyin sets an apostrophe before a syllable that begins with a vowel.
    return "'" if first and second[0] in "aeo" else ""


def _split(text: str) -> Name:
    zh, en = text.split(" ", 1)
    return Name(zh, en)
