"""The layers of the map: one per kind of thing, those of the catalogue first."""

from collections.abc import Iterable
from typing import Any

from city.kinds import Kind, Shape

MOST = 250  # a layer's number is one byte, and 255 means none
OTHERS = "others"


class Layers:
    """Numbers by kind; a kind nobody declared gets the next one when it is first heard."""

    def __init__(self, kinds: Iterable[Kind]) -> None:
        self.kinds = list(kinds)
        self._numbers = {kind.name: number for number, kind in enumerate(self.kinds)}

    def __len__(self) -> int:
        return len(self.kinds)

    def number(self, kind: str) -> int:
        """The layer of a kind."""
        if kind not in self._numbers:
            self._numbers[kind] = self._add(kind)
        return self._numbers[kind]

    def numbers(self, kinds: Iterable[str]) -> frozenset[int]:
        """The layers of some kinds; unknown names are left out."""
        return frozenset(self._numbers[kind] for kind in kinds if kind in self._numbers)

    def kind(self, name: str) -> Kind:
        """What is known of a kind."""
        return self.kinds[self.number(name)]

    def described(self) -> list[dict[str, Any]]:
        """The layers in the words of the protocol."""
        return [described(kind) for kind in self.kinds]

    def _add(self, name: str) -> int:
        if len(self.kinds) >= MOST:
            name = OTHERS
        if name not in self._numbers:
            self.kinds.append(Kind(name, name, name, "", 60, (), Shape.DOT))
            self._numbers[name] = len(self.kinds) - 1
        return self._numbers[name]


def described(kind: Kind) -> dict[str, Any]:
    """One layer; the leading quantity names what its values are."""
    leading = kind.quantities[0] if kind.quantities else None
    return {
        "name": kind.name,
        "zh": kind.zh,
        "en": kind.en,
        "shape": str(kind.shape),
        "moves": kind.moves,
        "period_s": kind.period_s,
        "unit": leading.unit if leading else "",
        "quantity_zh": leading.zh if leading else "",
        "quantity_en": leading.en if leading else "",
    }
