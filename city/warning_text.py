"""What a warning says: suggested by a case, changed by whoever drafts it, read field by field."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from math import isfinite
from re import compile as pattern
from typing import Any

from city.case_fields import Unusable, instant, one_of, position, text, whole
from city.cases import Case
from city.filing import CaseType
from city.masking import free_text
from city.plans import code_of
from city.refusal import Malformed
from city.warning_rules import STATUSES, WarningRules
from city.warnings import Content

CATEGORIES = ("Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport",
              "Infra", "CBRNE", "Other")  # fmt: skip
RESPONSES = ("Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear",
             "None")  # fmt: skip
URGENCIES = ("Immediate", "Expected", "Future", "Past", "Unknown")
CERTAINTIES = ("Observed", "Likely", "Possible", "Unlikely", "Unknown")
# XML 1.0 §2.2: characters that no document may have.
NO_XML = pattern("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
MOST_POINTS, LEAST_POINTS, MOST_RADIUS_M = 500, 4, 100_000
SHORT, LONG = 200, 4000
ENGLISH = ("event_en", "headline_en", "description_en", "instruction_en")


def suggested(case: Case, known: CaseType | None, rules: WarningRules, at_ms: int) -> Content:
    """What a case suggests; the description is for a person to rewrite."""
    code = code_of(case)
    zh, en = (known.zh, known.en) if known else (case.title, case.title)
    level, instruction = rules.levels[case.severity], rules.instruction(code)
    pos = case.pos
    return Content(
        status=rules.status,
        category=rules.category(code, str((case.incident or {}).get("class", ""))),
        event=zh,
        response="Avoid",
        urgency="Immediate",
        level=case.severity,
        certainty="Observed",
        expires_ms=at_ms + rules.valid_ms,
        headline=f"{rules.sender_name[0]}发布{zh}{level.zh}预警[{level.roman}级/{level.word}]",
        description=free_text(case.description or case.title),
        instruction=instruction[0],
        area_name=rules.area_name[0],
        area=case.area[:6] or rules.area,
        circles=((pos[0], pos[1], rules.radius_m),) if pos else (),
        event_en=en,
        headline_en=f"{rules.sender_name[1]}: {level.en} warning, {en.lower()} "
                    f"(level {level.roman}, {level.word_en})",
        instruction_en=instruction[1],
    )  # fmt: skip


def changed(content: Content, given: Mapping[str, Any]) -> Content:
    """The same with what was filled in; Malformed names the field that cannot be used."""
    unknown = sorted(set(given) - set(READERS))
    if unknown:
        raise Malformed("malformed", what=(unknown[0], unknown[0]),
                        why=("没有这一项", "there is no such field"))  # fmt: skip
    read = {
        FIELDS.get(name, name): read_one(name, value)
        for name, value in given.items()
        if value is not None
    }
    after = replace(content, **read)
    if lacking := next((one for one in NEEDED if not getattr(after, one)), None):
        raise Malformed("missing", what=(NAMES.get(lacking, lacking), lacking))
    if not (after.polygons or after.circles):
        raise Malformed("missing", what=("范围", "polygons"))
    return after


def read_one(name: str, value: Any) -> Any:
    """One field's value."""
    try:
        return READERS[name](value)
    except Unusable as trouble:
        what = (NAMES.get(name, name), name)
        raise Malformed("malformed", what=what, why=trouble.why) from None


def xml_text(most: int) -> Callable[[Any], str]:
    """A text that XML can hold."""

    def read(value: Any) -> str:
        said = text(most)(value)
        if NO_XML.search(said):
            raise Unusable("含有无效字符", "it has a character that XML cannot hold")
        return said

    return read


def rings(value: Any) -> tuple[tuple[tuple[float, float], ...], ...]:
    """Polygons, each closed: the last point is the first."""
    if not isinstance(value, (list, tuple)):
        raise Unusable("应为多边形列表", "a list of polygons is wanted")
    return tuple(ring(one) for one in value)


def ring(value: Any) -> tuple[tuple[float, float], ...]:
    """One polygon, closed where it was not."""
    if not isinstance(value, (list, tuple)) or len(value) > MOST_POINTS:
        raise Unusable(f"至多 {MOST_POINTS} 点", f"at most {MOST_POINTS} points")
    points = tuple(position(one) for one in value)
    if points and points[0] != points[-1]:
        points = (*points, points[0])
    if len(points) < LEAST_POINTS:
        raise Unusable("至少三个点", "three points at least")
    return points


def circles(value: Any) -> tuple[tuple[float, float, float], ...]:
    """Circles as [lon, lat, metres]."""
    if not isinstance(value, (list, tuple)):
        raise Unusable("应为圆的列表", "a list of circles is wanted")
    return tuple(circle(one) for one in value)


def circle(value: Any) -> tuple[float, float, float]:
    """One circle."""
    if not isinstance(value, (list, tuple)) or len(value) != 3:
        raise Unusable("应为 [经度, 纬度, 米]", "[longitude, latitude, metres] is wanted")
    lon, lat = position(value[:2])
    metres = value[2]
    is_good = isinstance(metres, int | float) and not isinstance(metres, bool)
    if not is_good or not isfinite(metres) or not 0 < metres <= MOST_RADIUS_M:
        raise Unusable(f"半径应在 0 至 {MOST_RADIUS_M} 米", f"a radius up to {MOST_RADIUS_M} m")
    return lon, lat, float(metres)


def area_code(value: Any) -> str:
    """Six digits of GB/T 2260."""
    said = text(6)(value)
    if not (len(said) == 6 and said.isascii() and said.isdigit()):
        raise Unusable("应为六位区划代码", "six digits are wanted")
    return said


def words(known: tuple[str, ...]) -> Callable[[Any], str]:
    """One of the words of the standard."""
    return one_of(dict.fromkeys(known))


READERS: Mapping[str, Callable[[Any], Any]] = {
    "status": words(STATUSES),
    "category": words(CATEGORIES),
    "event": xml_text(SHORT),
    "response": words(RESPONSES),
    "urgency": words(URGENCIES),
    "level": whole(1, 4),
    "certainty": words(CERTAINTIES),
    "effective": instant,
    "expires": instant,
    "headline": xml_text(SHORT),
    "description": xml_text(LONG),
    "instruction": xml_text(LONG),
    "area_name": xml_text(SHORT),
    "area": area_code,
    "polygons": rings,
    "circles": circles,
    **dict.fromkeys(ENGLISH, xml_text(LONG)),
}
NAMES: Mapping[str, str] = {
    "status": "状态", "category": "类别", "event": "事件", "response": "应对",
    "urgency": "紧急程度",
    "level": "级别", "certainty": "可能性", "effective": "生效时间", "expires": "失效时间",
    "headline": "标题", "description": "内容", "instruction": "防御指南", "area_name": "范围名称",
    "area": "区划代码", "polygons": "多边形", "circles": "圆",
}  # fmt: skip
FIELDS = {"effective": "effective_ms", "expires": "expires_ms"}  # by what the content calls them
NEEDED = ("event", "headline", "description", "area_name")
