"""What things are called, in the two languages of the pages."""

from collections.abc import Mapping
from typing import Any

from city.things import ThingKey

ZH, EN = "zh", "en"
LANGUAGES = (ZH, EN)


def name_in(name: Any, lang: str) -> str:
    """A registered name in one language, in the other where it has only that; empty for none."""
    if isinstance(name, Mapping):
        found = name.get(lang) or next((name[one] for one in LANGUAGES if name.get(one)), "")
        return str(found)
    return name if isinstance(name, str) else ""


def title(thing: str, meta: Mapping[str, Any] | None, lang: str) -> str:
    """What a thing is called on a page: its name, or its number."""
    return name_in((meta or {}).get("name"), lang) or ThingKey.parse(thing).object
