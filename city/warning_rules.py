"""What public warnings take from the city: who sends them, and what a type of case suggests."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, NamedTuple, TypeVar

from city.tables import BadTable, table

STATUSES = ("Actual", "Exercise", "Test")
HOUR_MS = 3_600_000
Words = tuple[str, str]  # 中文, English
T = TypeVar("T")


class Level(NamedTuple):
    """A level as CAP and people say it."""

    severity: str
    colour: str
    zh: str
    en: str
    roman: str
    word: str
    word_en: str


@dataclass(frozen=True, slots=True)
class WarningRules:
    """The sender and the defaults of a city."""

    sender: str = "46010000000000"  # area 6 + institution 3 + internal 3 + extension 2
    sender_name: Words = ("应急管理局", "Emergency Management Bureau")
    area: str = "460100"
    area_name: Words = ("", "")
    status: str = "Actual"
    valid_ms: int = 6 * HOUR_MS
    radius_m: float = 1000
    categories: Mapping[str, str] = field(default_factory=dict)
    incidents: Mapping[str, str] = field(default_factory=dict)
    levels: Mapping[int, Level] = field(default_factory=dict)
    instructions: Mapping[str, Words] = field(default_factory=dict)

    def category(self, code: str, incident: str) -> str:
        """The CAP category of a type such as E0406, or of the class of an incident."""
        return self.incidents.get(incident) or longest(self.categories, code, "Other")

    def instruction(self, code: str) -> Words:
        """What the public is told to do."""
        return longest(self.instructions, code, ("", ""))


def longest(rows: Mapping[str, T], code: str, otherwise: T) -> T:
    """The row of the longest beginning of a code."""
    known = [one for one in rows if code.startswith(one)]
    return rows[max(known, key=len)] if known else otherwise


@cache
def shipped() -> WarningRules:
    """As the table has them, for Haikou."""
    return warning_rules({}, "460100", ("海口", "Haikou"))


def warning_rules(facts: Mapping[str, Any], adcode: str, city: Words) -> WarningRules:
    """Those of a city with its own `[warnings]`; BadTable names what cannot be used."""
    rows = table("cap")
    if unknown := set(facts) - {"sender", "rules"}:
        raise BadTable(f"`warnings.{min(unknown)}` is unknown; say sender, rules")
    sender = {**rows["sender"], **facts.get("sender", {})}
    rules = {**rows["rules"], **facts.get("rules", {})}
    code = adcode + sender["institution"] + sender["internal"] + sender["extension"]
    if not (len(code) == 14 and code.isascii() and code.isdigit()):
        raise BadTable("`warnings.sender` must give 3 + 3 + 2 digits after the area code")
    city = place_of(city[0]), city[1]
    names = sender["zh"], sender["en"]
    if "zh" not in facts.get("sender", {}):
        names = city[0] + names[0], f"{city[1]} {names[1]}"
    return replace(numbers(rules), sender=code, sender_name=names, area=adcode, area_name=city,
                   **suggested(rows))  # fmt: skip


def place_of(zh: str) -> str:
    """A place with the word for what it is: 海口 is 海口市."""
    return zh if zh.endswith(("市", "区", "县")) else f"{zh}市"


def numbers(rules: Mapping[str, Any]) -> WarningRules:
    """Status, how long, how wide."""
    if rules["status"] not in STATUSES:
        raise BadTable(f"`warnings.rules.status` must be one of {', '.join(STATUSES)}")
    for name in ("valid_h", "radius_m"):
        value = rules[name]
        if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
            raise BadTable(f"`warnings.rules.{name}` must be a number above zero")
    valid_ms = round(rules["valid_h"] * HOUR_MS)
    return WarningRules(status=rules["status"], valid_ms=valid_ms, radius_m=rules["radius_m"])


def suggested(rows: Mapping[str, Any]) -> dict[str, Any]:
    """What types of cases suggest."""
    levels = {int(key): Level(**row) for key, row in rows["levels"].items()}
    words = {key: (row["zh"], row["en"]) for key, row in rows["instructions"].items()}
    return {"categories": rows["categories"], "incidents": rows["incidents"], "levels": levels,
            "instructions": words}  # fmt: skip
