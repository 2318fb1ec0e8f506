"""Reference data of the trade, a TOML file each, read once at import.

Every file says `edition`, `source` and `verified`; a row may say its own. `verified` means that the
value was read in public material; it never means that it is the text of a standard.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent


class BadTable(ValueError):
    """A table, or a city's change to it, that cannot be used; the text names the entry."""


class Origin(NamedTuple):
    """Where a value comes from, shown wherever it is shown."""

    edition: str
    source: str
    verified: bool


ALL: Mapping[str, Mapping[str, Any]] = {
    path.stem: tomllib.loads(path.read_text(encoding="utf-8"))
    for path in sorted(HERE.glob("*.toml"))
}


def table(name: str) -> Mapping[str, Any]:
    """The table of that name."""
    return ALL[name]


def tables(prefix: str) -> list[Mapping[str, Any]]:
    """Tables of which there is one for each year or city, in the order of their names."""
    return [facts for name, facts in ALL.items() if name.startswith(prefix)]


def origin_of(row: Mapping[str, Any], otherwise: Mapping[str, Any]) -> Origin:
    """What a row says of its origin, or else its table."""
    said = {**otherwise, **row}
    return Origin(said["edition"], said["source"], said["verified"])
