"""Units by what people call them: `P07`, `P-0007`, `PT-012`, or a part of the name."""

import re
from collections.abc import Iterable, Iterator

from city.units import Unit

CODE = re.compile(r"([^\W\d_]*)[-_ ]*0*(\d+)")


def code_of(text: str) -> tuple[str, int] | None:
    """Letters and number of a call sign; None where it is none."""
    found = CODE.fullmatch(text.strip())
    return (found[1].casefold(), int(found[2])) if found else None


def answering(text: str, units: Iterable[Unit]) -> Iterator[Unit]:
    """Those that answer to a text: its call sign first, then those with it in their name."""
    wanted, listed = code_of(text), list(units)
    exact = [one for one in listed if wanted and is_called(one, wanted)]
    plain = text.casefold().strip()
    named = [one for one in listed if plain and plain in f"{one.zh} {one.en} {one.id}".casefold()]
    yield from dict.fromkeys([*exact, *named])


def is_called(unit: Unit, wanted: tuple[str, int]) -> bool:
    """Whether a call sign is this unit's; leading zeros and dashes do not count."""
    texts = (unit.id.rsplit("/", 1)[-1], unit.zh, unit.en)
    return any(code_of(one) == wanted for one in texts)
