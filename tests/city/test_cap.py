"""A warning as CAP 1.2: the sample of the standard's shape, its order, its times, its words."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from city import cap
from city.case_table import CaseState
from city.cases import Case
from city.deadlines import to_ms
from city.refusal import Malformed
from city.tables import BadTable
from city.warning_rules import shipped, warning_rules
from city.warning_text import changed, suggested
from city.warnings import Content, Message, Signed, Stand, Warned
from tests.city.case_life import fold_to
from tests.desk import MONDAY

HAIKOU = ZoneInfo("Asia/Shanghai")
RULES = warning_rules(
    {"sender": {"institution": "416", "zh": "海口市气象台", "en": "Haikou Observatory"}},
    "460100", ("海口市", "Haikou"),
)  # fmt: skip
SENT = datetime(2026, 9, 5, 21, 30, tzinfo=UTC)  # 05:30 in Haikou
SAMPLE = """<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>46010041600000_20260906053000_0</identifier>
  <sender>46010041600000</sender>
  <sent>2026-09-06T05:30:00+08:00</sent>
  <status>Exercise</status>
  <msgType>Alert</msgType>
  <scope>Public</scope>
  <info>
    <language>zh-CN</language>
    <category>Met</category>
    <event>暴雨</event>
    <responseType>Prepare</responseType>
    <urgency>Immediate</urgency>
    <severity>Severe</severity>
    <certainty>Likely</certainty>
    <effective>2026-09-06T05:30:00+08:00</effective>
    <expires>2026-09-06T11:30:00+08:00</expires>
    <senderName>海口市气象台</senderName>
    <headline>海口市气象台发布暴雨橙色预警[Ⅱ级/严重]</headline>
    <description>预计未来3小时秀英、龙华、美兰、琼山降雨量将达50毫米以上。</description>
    <instruction>切断低洼地带有危险的室外电源,暂停户外作业。</instruction>
    <parameter><valueName>alertColor</valueName><value>Orange</value></parameter>
    <area>
      <areaDesc>海口市</areaDesc>
      <polygon>20.12,110.11 20.12,110.71 19.52,110.71 19.52,110.11 20.12,110.11</polygon>
      <geocode><valueName>GB/T 2260</valueName><value>460100</value></geocode>
    </area>
  </info>
</alert>
"""
RAIN = Content(
    status="Exercise", category="Met", event="暴雨", response="Prepare", urgency="Immediate",
    level=2, certainty="Likely", expires_ms=to_ms(SENT) + 6 * 3_600_000,
    headline="海口市气象台发布暴雨橙色预警[Ⅱ级/严重]",
    description="预计未来3小时秀英、龙华、美兰、琼山降雨量将达50毫米以上。",
    instruction="切断低洼地带有危险的室外电源,暂停户外作业。", area_name="海口市", area="460100",
    polygons=(((110.11, 20.12), (110.71, 20.12), (110.71, 19.52), (110.11, 19.52),
               (110.11, 20.12)),),
)  # fmt: skip
ISSUED = Warned(
    "W1", "HK1", Message.ALERT, RAIN, Signed("li", "李", to_ms(SENT)), Stand.ISSUED,
    sender=RULES.sender, sender_name=RULES.sender_name, sent_ms=to_ms(SENT),
    identifier=cap.identifier(RULES.sender, to_ms(SENT), 0, HAIKOU),
    text_sent=cap.written(to_ms(SENT), HAIKOU),
)  # fmt: skip
# CAP 1.2 schema: elements in this order, and no others of ours.
ALERT = ("identifier", "sender", "sent", "status", "msgType", "scope", "note", "references", "info")
INFO = ("language", "category", "event", "responseType", "urgency", "severity", "certainty",
        "effective", "expires", "senderName", "headline", "description", "instruction",
        "parameter", "area")  # fmt: skip
AREA = ("areaDesc", "polygon", "circle", "geocode")
TIME = re.compile(r"\d\d\d\d-\d\d-\d\dT\d\d:\d\d:\d\d[-,+]\d\d:\d\d")
SEVERITIES = {1: "Extreme", 2: "Severe", 3: "Moderate", 4: "Minor"}


def drawn(warned: Warned) -> ET.Element:
    return ET.fromstring(cap.xml(warned, RULES, HAIKOU))


def names(element: ET.Element) -> list[str]:
    return [one.tag.rpartition("}")[2] for one in element]


def text(element: ET.Element, *path: str) -> str:
    return element.findtext("/".join(f"{{{cap.NAMESPACE}}}{one}" for one in path)) or ""


def all_of(element: ET.Element, name: str) -> list[ET.Element]:
    return element.findall(f".//{{{cap.NAMESPACE}}}{name}")


def must_be_in_order(element: ET.Element, order: tuple[str, ...]) -> None:
    places = [order.index(name) for name in names(element)]
    assert places == sorted(places)


def test_the_sample_is_written_as_it_stands() -> None:
    ours = ET.canonicalize(cap.xml(ISSUED, RULES, HAIKOU), strip_text=True)

    assert ours == ET.canonicalize(SAMPLE, strip_text=True)


def test_the_identifier_has_its_thirty_one_characters() -> None:
    assert re.fullmatch(r"\d{14}_\d{14}_\d", ISSUED.identifier)
    assert len(ISSUED.identifier) == 31


@pytest.mark.parametrize("message", Message)
@pytest.mark.parametrize("english", ["", "Haikou: orange rain warning"])
def test_elements_stand_in_the_order_of_the_schema(message: Message, english: str) -> None:
    content = replace(RAIN, headline_en=english, circles=((110.3, 20.0, 800.0),))
    warned = replace(ISSUED, message=message, content=content, reason="雨停",
                     references=("a,b,c", "d,e,f"))  # fmt: skip

    root = drawn(warned)

    must_be_in_order(root, ALERT)
    infos = all_of(root, "info")
    assert [text(one, "language") for one in infos] == ["zh-CN", "en"][: 1 + bool(english)]
    for info in infos:
        must_be_in_order(info, INFO)
        must_be_in_order(all_of(info, "area")[0], AREA)
    assert text(root, "msgType") == message.capitalize()
    assert text(root, "references") == "a,b,c d,e,f"
    assert text(root, "note") == ("雨停" if message is Message.CANCEL else "")


def test_times_have_an_offset_and_no_fraction_and_utc_is_written_as_the_standard_wants() -> None:
    at_ms = to_ms(SENT) + 123

    assert TIME.fullmatch(cap.written(at_ms, HAIKOU))
    assert cap.written(at_ms, ZoneInfo("UTC")) == "2026-09-05T21:30:00-00:00"
    assert "Z" not in cap.xml(ISSUED, RULES, ZoneInfo("UTC")).replace("GB/T", "")


@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_each_colour_has_its_severity(level: int) -> None:
    root = drawn(replace(ISSUED, content=replace(RAIN, level=level)))

    assert text(root, "info", "severity") == SEVERITIES[level]
    assert text(root, "info", "parameter", "value") == RULES.levels[level].colour


def test_what_is_not_issued_says_that_it_is_a_draft() -> None:
    root = drawn(replace(ISSUED, stand=Stand.DRAFT, identifier="", sent_ms=0, text_sent=""))

    assert text(root, "status") == "Draft"
    assert text(root, "identifier") == "46010041600000_W1"


LETTERS = st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co"))
TEXTS = st.text(LETTERS, min_size=1, max_size=40).map(str.strip).filter(bool)


@given(TEXTS, TEXTS)
def test_whatever_people_write_comes_back_out_of_the_xml(headline: str, instruction: str) -> None:
    content = changed(RAIN, {"headline": headline, "instruction": instruction})

    root = drawn(replace(ISSUED, content=content))

    assert text(root, "info", "headline") == headline
    assert text(root, "info", "instruction") == instruction


@given(st.floats(-90, 90), st.floats(-180, 180), st.floats(1, 100_000))
def test_a_circle_is_written_with_latitude_first_and_its_radius_in_km(
    lat: float, lon: float, metres: float
) -> None:
    root = drawn(replace(ISSUED, content=replace(RAIN, circles=((lon, lat, metres),))))

    found = text(root, "info", "area", "circle")
    assert re.fullmatch(r"-?\d+(\.\d+)?,-?\d+(\.\d+)? \d+(\.\d+)?", found)
    place, radius = found.split(" ")
    assert [float(one) for one in place.split(",")] == pytest.approx([lat, lon], abs=1e-6)
    assert float(radius) == pytest.approx(metres / 1000, abs=1e-6)


def test_a_polygon_is_closed_where_it_was_not() -> None:
    content = changed(RAIN, {"polygons": [[[110.1, 20.1], [110.2, 20.1], [110.2, 20.2]]]})

    assert content.polygons[0][0] == content.polygons[0][-1]
    assert len(content.polygons[0]) == 4


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("headline", ""), ("headline", "a\x07b"), ("headline", 7), ("status", "Real"),
        ("category", "Rain"), ("level", 5), ("level", True), ("expires", "tomorrow"),
        ("polygons", [[[110.1, 20.1], [110.2, 20.1]]]), ("polygons", [[[200, 20.1]] * 4]),
        ("polygons", "20,110"), ("circles", [[110.1, 20.1, 0]]), ("circles", [[110.1, 20.1]]),
        ("circles", [[110.1, 20.1, float("nan")]]), ("area", "4601"), ("colour", "Red"),
    ],
)  # fmt: skip
def test_a_field_that_cannot_be_used_is_named(field: str, value: object) -> None:
    with pytest.raises(Malformed) as refused:
        changed(RAIN, {field: value})

    assert refused.value.said("zh") and field in refused.value.said("en")


def test_a_warning_holds_somewhere() -> None:
    with pytest.raises(Malformed):
        changed(RAIN, {"polygons": [], "circles": []})


def case(**more: object) -> Case:
    return replace(fold_to(CaseState.HANDLING), **more)  # type: ignore[arg-type]


def test_a_case_suggests_what_the_public_is_told() -> None:
    rules, at_ms = shipped(), to_ms(MONDAY)
    ponding = case(severity=2, description="王先生 13800000000 来电:积水 30 厘米")

    content = suggested(ponding, None, rules, at_ms)

    assert (content.category, content.level, content.response) == ("Met", 2, "Avoid")
    assert content.headline == "海口市应急管理局发布道路积水橙色预警[Ⅱ级/严重]"
    assert "13800000000" not in content.description
    assert "下穿" in content.instruction or "低洼" in content.instruction
    assert content.circles == ((*ponding.pos, rules.radius_m),)  # type: ignore[misc]
    assert content.expires_ms == at_ms + 6 * 3_600_000
    assert (content.area, content.area_name) == ("460106", "海口市")


def test_an_incident_is_warned_of_by_its_class() -> None:
    health = case(incident={"class": "health", "level": 2})

    assert suggested(health, None, shipped(), 0).category == "Health"


@pytest.mark.parametrize(
    "facts",
    [
        {"colour": {}}, {"sender": {"institution": "41"}}, {"sender": {"institution": "abc"}},
        {"rules": {"status": "Real"}}, {"rules": {"valid_h": 0}}, {"rules": {"radius_m": True}},
    ],
)  # fmt: skip
def test_an_entry_of_the_profile_that_cannot_be_used_is_named(facts: dict[str, object]) -> None:
    with pytest.raises(BadTable):
        warning_rules(facts, "460100", ("海口市", "Haikou"))
