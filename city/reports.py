"""A report (上报): somebody says that something happened; read from what departments send.

An event message of the contract (`cb/v1/{adcode}/{dept}/{kind}/{object}/event`) with `id`, `ts`,
`type`, `title`, `description`, `pos`, `severity`, `reporter` becomes a Report, or is refused with
a sentence that its sender can act on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from city import merging
from city.case_fields import LONG, SHORT, read, require
from city.case_table import Move
from city.cases import Order, Reporter, Source
from city.kinds import BY_NAME
from city.merging import Sign
from city.refusal import Malformed, say
from city.things import ThingKey
from geo.points import Point

say(
    {
        "no_reports": (
            "“{kind}”类数据源不报送事件;可报送的有:{known}",
            "`{kind}` sends no reports; those that do: {known}",
        ),
    }
)

# Kinds of senders whose events are reports.
SENDERS: Mapping[str, Source] = {
    "hotline": Source.HOTLINE,
    "public": Source.PUBLIC,
    "collector": Source.COLLECTOR,
    "patrol": Source.COLLECTOR,
    "camera": Source.CAMERA,
    "assigned": Source.ASSIGNED,
    "case": Source.DEPARTMENT,
}
NO_REPORTS = frozenset({"alert"})  # warnings to the public: of the weather, not of a place
# Whose numbers stand as they are; others carry their department, so that two never mean one.
HOMES: Mapping[Source, str] = {
    Source.HOTLINE: "rx",
    Source.PUBLIC: "zhzf",
    Source.COLLECTOR: "zhzf",
    Source.DEPARTMENT: "zhzf",
}
LONGEST_ID = 100  # characters
LOWEST = 4  # severity of what says none


class Heard(NamedTuple):
    """An event message as the log has it: who sent it, what it says, where and when."""

    thing: str  # dept/kind/object
    said: Mapping[str, Any]
    point: Point | None
    area: str
    cell: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class Report:
    """Who says that what happened where. Times in ms since 1970 UTC, `pos` [lon, lat] WGS-84."""

    source: Source
    external_id: str
    type: str  # class + sub-class, four digits (GB/T 30428.2); of a sensor's own event its kind
    at_ms: int
    kind: str = "event"  # or component
    title: str = ""
    description: str = ""
    pos: tuple[float, float] | None = None
    area: str = ""
    cell: str = ""
    severity: int = LOWEST  # 1 (Ⅰ red) … 4 (Ⅳ blue)
    reporter: Reporter = field(default_factory=Reporter)
    department: str = ""
    thing: str = ""

    @property
    def identity(self) -> str:
        """What it is known by: the same identity is the same report."""
        return f"{self.source}|{self.external_id}"

    @property
    def member_id(self) -> str:
        """Its name as a member of an event."""
        return f"report/{self.identity}"

    @property
    def opens_a_case(self) -> bool:
        """Whether work begins with it; what a sensor says needs a person first."""
        return self.source is not Source.SENSOR

    @property
    def what(self) -> str:
        """Its kind of sign; see `city.affinity`."""
        return f"sensor/{self.type}" if self.source is Source.SENSOR else f"{self.kind}/{self.type}"


def source_of(kind: str) -> Source | None:
    """Who speaks in events of this kind; None where nobody reports."""
    if kind in NO_REPORTS:
        return None
    if kind in SENDERS:
        return SENDERS[kind]
    if kind in BY_NAME:
        return Source.SENSOR
    raise Malformed("no_reports", kind=kind, known=", ".join(SENDERS))


def report_of(heard: Heard) -> Report | None:
    """The report of an event message, None where its kind reports nothing; Malformed says why."""
    sender = ThingKey.parse(heard.thing)
    source = source_of(sender.kind)
    if source is None:
        return None
    said = {**heard.said, "type": sender.kind} if source is Source.SENSOR else dict(heard.said)
    require(("type",), said)
    return Report(
        source=source,
        external_id=_external_id(source, sender, said),
        type=str(said["type"]) if source is Source.SENSOR else read("type", said["type"]),
        at_ms=heard.at_ms,
        kind=read("kind", said.get("kind") or "event"),
        title=_title(said),
        description=_cut(said.get("description"), LONG),
        pos=(heard.point.lon, heard.point.lat) if heard.point else None,
        area=heard.area,
        cell=heard.cell,
        severity=read("severity", said.get("severity") or LOWEST),
        reporter=Reporter(**read("reporter", said.get("reporter") or {})),
        department=sender.department,
        thing=heard.thing,
    )


def opening(report: Report, event_id: str = "") -> Order:
    """The order that opens its case."""
    facts = {
        "source": str(report.source),
        "external_id": report.external_id,
        "kind": report.kind,
        "type": report.type,
        "title": report.title,
        "description": report.description,
        "pos": report.pos,
        "severity": report.severity,
        "reporter": {"name": report.reporter.name, "phone": report.reporter.phone},
        "thing": report.thing,
        "area": report.area,
        "cell": report.cell,
        "event_id": event_id,
    }
    return Order(Move.CREATE, {name: value for name, value in facts.items() if value})


def sign_of(report: Report) -> Sign:
    """The report as merging looks at it: nothing of who told it."""
    point = Point(*report.pos) if report.pos else None
    text = f"{report.title} {report.description}"
    return merging.sign(report.member_id, report.what, report.at_ms, point, text)


def _external_id(source: Source, sender: ThingKey, said: Mapping[str, Any]) -> str:
    identity = _cut(said.get("id"), SHORT)
    if not 0 < len(identity) <= LONGEST_ID:
        why = f"1 至 {LONGEST_ID} 个字符", f"a text of 1 to {LONGEST_ID} characters is wanted"
        raise Malformed("malformed", what="id", why=why)
    is_home = HOMES.get(source) == sender.department
    return identity if is_home else f"{sender.department}/{identity}"


def _title(said: Mapping[str, Any]) -> str:
    words = _cut(said.get("title"), SHORT) or _cut(said.get("description"), 40)
    return words or str(said["type"])


def _cut(value: Any, most: int) -> str:
    """A text of at most so many characters: a long complaint is better cut than lost."""
    text = value.strip() if isinstance(value, str) else ""
    return text if len(text) <= most else f"{text[: most - 1]}…"
