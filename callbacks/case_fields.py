"""What a form has sent, as the engine wants it: texts of the browser become values."""

from collections.abc import Callable, Mapping
from datetime import datetime, time
from typing import Any

from city.filing import TypeKind
from city.profile import Profile
from city.refusal import Malformed, say
from layouts.figures import CHINA

say(
    {
        "no_such_type": ("没有类别“{text}”", "There is no type “{text}”"),
        "not_a_position": ("位置应为“经度, 纬度”", "A place is written “longitude, latitude”"),
    }
)
Fields = dict[str, Any]
KIND_LETTERS = {"E": TypeKind.EVENT, "C": TypeKind.COMPONENT}
END_OF_DAY = time(23, 59, 59)
LATITUDES = 90


def fields_of(sent: Mapping[str, Any], profile: Profile) -> Fields:
    """Without what was left empty."""
    said = {name: value for name, value in sent.items() if value not in ("", None, [])}
    found: Fields = {name: value for name, value in said.items()
                     if name not in READERS and "." not in name}  # fmt: skip
    for name, reader in READERS.items():
        if name in said:
            found[name] = reader(str(said[name]))
    return {**found, **limit_of(said), **reporter_of(said), **type_of(said, profile)}


def whole(text: str) -> Any:
    """A number where it is one; what is none is for the engine to refuse."""
    return int(text) if text.isdecimal() else text


def end_of_day(text: str) -> str:
    """A day lasts to its end."""
    try:
        day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=CHINA).date()
    except ValueError:
        return text
    return datetime.combine(day, END_OF_DAY, CHINA).isoformat()


def position_of(text: str) -> tuple[float, float]:
    """`110.35, 20.02`; a pair the other way round is refused, not guessed."""
    parts = text.replace("，", ",").replace(",", " ").split()
    try:
        lon, lat = (float(one) for one in parts)
    except ValueError:
        raise Malformed("not_a_position") from None
    if abs(lat) > LATITUDES:
        raise Malformed("not_a_position")
    return lon, lat


def is_yes(text: str) -> bool:
    """是 or 否."""
    return text == "yes"


READERS: Mapping[str, Callable[[str], Any]] = {
    "severity": whole, "level": whole, "until": end_of_day, "pos": position_of, "solved": is_yes,
}  # fmt: skip


def limit_of(said: Mapping[str, Any]) -> Fields:
    """An amount and its unit as `2 WD`."""
    if not said.get("limit.amount"):
        return {}
    return {"limit": f"{said['limit.amount']} {said.get('limit.unit', 'WD')}"}


def reporter_of(said: Mapping[str, Any]) -> Fields:
    """Who told us, where he said so."""
    known = {name: said[f"reporter.{name}"] for name in ("name", "phone")
             if said.get(f"reporter.{name}")}  # fmt: skip
    return {"reporter": known} if known else {}


def type_of(said: Mapping[str, Any], profile: Profile) -> Fields:
    """`E0406 道路积水`, `0406`, or the name alone."""
    text = str(said.get("type", "")).strip()
    if not text:
        return {}
    word = text.split()[0]
    for one in profile.filing.types():
        marked = f"{one.kind[0].upper()}{one.code}"
        names = {one.zh, one.en.casefold(), *one.aliases, one.code, marked}
        if word.upper() == marked or word in names or text.casefold() in names:
            return {"kind": str(one.kind), "type": one.code}
    raise Malformed("no_such_type", text=text)
