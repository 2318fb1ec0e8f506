"""What an order may bring with it: each field's name for people, and how it is read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isfinite
from typing import Any

from city.cases import Source
from city.deadlines import to_ms
from city.limits import Limit
from city.order_table import OrderState
from city.refusal import Malformed

SHORT, LONG = 200, 4000
SATISFACTION: Mapping[str, tuple[str, str]] = {
    "satisfied": ("满意", "satisfied"),
    "basic": ("基本满意", "basically satisfied"),
    "unsatisfied": ("不满意", "unsatisfied"),
}
# 突发事件 by 突发事件应对法: four classes, level 1 highest.
INCIDENT_CLASSES: Mapping[str, tuple[str, str]] = {
    "natural": ("自然灾害", "natural disaster"),
    "accident": ("事故灾难", "accident"),
    "health": ("公共卫生事件", "public health"),
    "security": ("社会安全事件", "public security"),
}
APPEALED: Mapping[str, tuple[str, str]] = {
    "overdue": ("超期", "overdue"),
    "rework": ("返工", "rework"),
}


class Unusable(ValueError):
    """A value that a field cannot have; says why in (中文, English)."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.why = zh, en


@dataclass(frozen=True, slots=True)
class Field:
    """A field: its names, and the reader that returns its plain value or raises Unusable."""

    zh: str
    en: str
    read: Callable[[Any], Any]


def text(most: int) -> Callable[[Any], str]:
    """A text of at most so many characters, trimmed."""

    def read(value: Any) -> str:
        if not isinstance(value, str):
            raise Unusable("应为文字", "a text is wanted")
        trimmed = value.strip()
        if len(trimmed) > most:
            raise Unusable(f"最多 {most} 个字符", f"at most {most} characters")
        if any("\ud800" <= letter <= "\udfff" for letter in trimmed):
            raise Unusable("含有无效字符", "it has a character that is none")
        return trimmed

    return read


def one_of(words: Mapping[str, Any] | type[Source] | type[OrderState]) -> Callable[[Any], str]:
    """One of some words."""
    known = [str(word) for word in words]

    def read(value: Any) -> str:
        if value not in known:
            raise Unusable(f"应为 {'、'.join(known)} 之一", f"one of {', '.join(known)}")
        return str(value)

    return read


def whole(least: int, most: int) -> Callable[[Any], int]:
    """A whole number within bounds."""

    def read(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise Unusable(f"应为 {least} 至 {most} 的整数", f"a whole number {least} to {most}")
        return value

    return read


def four_digits(value: Any) -> str:
    """Class and sub-class of C1, C2."""
    if not (isinstance(value, str) and len(value) == 4 and value.isascii() and value.isdigit()):
        raise Unusable("应为四位数字:大类 + 小类", "four digits: class and sub-class")
    return value


def position(value: Any) -> tuple[float, float]:
    """[lon, lat] in WGS-84 degrees."""
    is_pair = isinstance(value, (list, tuple)) and len(value) == 2
    if not is_pair or not all(map(is_number, value)):
        raise Unusable("应为 [经度, 纬度]", "[longitude, latitude] is wanted")
    lon, lat = float(value[0]), float(value[1])
    if abs(lon) > 180 or abs(lat) > 90:
        raise Unusable("经纬度超出范围", "the degrees are out of range")
    return lon, lat


def is_number(value: Any) -> bool:
    """A finite number; true and false are none."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and isfinite(value)


def slug(value: Any) -> str:
    """A department's short name."""
    name = text(64)(value)
    if not name:
        raise Unusable("应为部门代码", "a department's code is wanted")
    return name


def slugs(value: Any) -> tuple[str, ...]:
    """Several departments, each once."""
    if not isinstance(value, (list, tuple)):
        raise Unusable("应为部门代码列表", "a list of departments is wanted")
    return tuple(dict.fromkeys(slug(one) for one in value))


def limit(value: Any) -> str:
    """A length of time as `2 WD`."""
    try:
        return str(Limit.parse(text(32)(value)))
    except (ValueError, OverflowError):
        raise Unusable("应为时限,如 2 WD、4 WH", "a limit such as 2 WD or 4 WH") from None


def instant(value: Any) -> int:
    """RFC 3339 with zone, as ms since 1970; a number is taken as such ms."""
    if is_number(value) and 0 <= value < 253_402_300_800_000:
        return int(value)
    try:
        at = datetime.fromisoformat(text(40)(value))
        return to_ms(at.astimezone(UTC)) if at.tzinfo else int("no zone")
    except (ValueError, OverflowError):
        raise Unusable("应为带时区的时刻", "an instant with zone (RFC 3339) is wanted") from None


def yes_or_no(value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise Unusable("应为是或否", "true or false is wanted")
    return value


def reporter(value: Any) -> dict[str, str]:
    """Name and phone of who told us."""
    if not isinstance(value, Mapping):
        raise Unusable("应含姓名和电话", "name and phone are wanted")
    known = {name: value.get(name) or "" for name in ("name", "phone")}
    return {name: text(64)(one) for name, one in known.items()}


def pieces(value: Any) -> list[dict[str, Any]]:
    """Evidence as the store of evidence describes it; see `city.cases.Evidence`."""
    one = [value] if isinstance(value, Mapping) else value
    if not isinstance(one, (list, tuple)) or not one:
        raise Unusable("应为附件列表", "a list of evidence is wanted")
    if not all(isinstance(piece, Mapping) and piece.get("digest") for piece in one):
        raise Unusable("附件缺少摘要", "each piece of evidence needs its digest")
    return [dict(piece) for piece in one]


FIELDS: Mapping[str, Field] = {
    "source": Field("来源", "source", one_of(Source)),
    "external_id": Field("外部编号", "external id", text(128)),
    "kind": Field("部件或事件", "kind", one_of({"event": 1, "component": 1})),
    "type": Field("类别", "type", four_digits),
    "title": Field("标题", "title", text(SHORT)),
    "description": Field("描述", "description", text(LONG)),
    "pos": Field("位置", "position", position),
    "severity": Field("等级", "severity", whole(1, 4)),
    "reporter": Field("上报人", "reporter", reporter),
    "thing": Field("感知对象", "thing", text(SHORT)),
    "area": Field("区域", "area", text(12)),
    "cell": Field("单元网格", "cell", text(20)),
    "event_id": Field("事件编号", "event", text(64)),
    "reason": Field("理由", "reason", text(LONG)),
    "condition": Field("立案条件", "filing condition", text(64)),
    "lead": Field("主办单位", "lead unit", slug),
    "co": Field("协办单位", "co-units", slugs),
    "co_optional": Field("可选协办单位", "co-units that need not finish", slugs),
    "assignee": Field("承办人", "assignee", text(64)),
    "collector": Field("采集员", "collector", text(64)),
    "limit": Field("时限", "limit", limit),
    "until": Field("截止时间", "until", instant),
    "request": Field("申请", "request", one_of({"return": 1, "extension": 1, "suspend": 1})),
    "satisfaction": Field("满意度", "satisfaction", one_of(SATISFACTION)),
    "solved": Field("是否解决", "solved", yes_or_no),
    "class": Field("突发事件类别", "class of incident", one_of(INCIDENT_CLASSES)),
    "level": Field("级别", "level", whole(1, 4)),
    "into": Field("并入案件", "case to merge into", text(64)),
    "child": Field("并入的案件", "merged case", text(64)),
    "about": Field("申诉事项", "appealed matter", one_of(APPEALED)),
    "stage": Field("阶段", "stage", text(20)),
    "multiple": Field("超期倍数", "times overdue", whole(1, 1000)),
    "plan": Field("预案", "plan", text(64)),
    "edition": Field("版本", "edition", whole(1, 100_000)),
    "linkage": Field("联动清单", "linkage list", text(64)),
    "warning": Field("预警编号", "warning", text(64)),
    "message": Field("预警类型", "kind of message", one_of({"alert": 1, "update": 1, "cancel": 1})),
    "order": Field("派遣单", "order", text(64)),
    "unit": Field("力量", "unit", text(140)),
    "stands": Field("派遣单状态", "state of the order", one_of(OrderState)),
    "evidence": Field("附件", "evidence", pieces),
}


def read_fields(names: tuple[str, ...], given: Mapping[str, Any]) -> dict[str, Any]:
    """The plain values of those fields that are given; Malformed names the one that is not good."""
    return {name: read(name, given[name]) for name in names if given.get(name) is not None}


def read(name: str, value: Any) -> Any:
    """One field's plain value."""
    field = FIELDS[name]
    try:
        return field.read(value)
    except Unusable as trouble:
        raise Malformed("malformed", what=(field.zh, name), why=trouble.why) from None


def require(names: tuple[str, ...], values: Mapping[str, Any]) -> None:
    """Raises Malformed for the first field that is missing or empty."""
    for name in names:
        if values.get(name) in (None, "", ()):
            raise Malformed("missing", what=(FIELDS[name].zh, name))
