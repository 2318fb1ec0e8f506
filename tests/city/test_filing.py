"""Filing standards: the tables are whole, and a city changes them or hears what is wrong."""

import re

import pytest

from city.filing import EVERY, Condition, Filing, StageKey, TypeKind
from city.filing_rows import filing_of
from city.limits import Limit, LimitUnit
from city.tables import ALL, BadTable
from tests.publisher import haikou

HAIKOU = haikou()
FILING = HAIKOU.filing
DEPARTMENTS = {one.code for one in HAIKOU.departments}
OWN = {
    "id": "E0406-9",
    "kind": "event",
    "code": "0406",
    "zh": "下穿积水",
    "en": "Underpass under water",
    "limit": "1 UH",
    "closes_zh": "排除",
    "closes_en": "Gone",
    "lead": "sw",
}


def test_components_and_events_are_those_of_the_base_lists() -> None:
    base = {
        kind: [one for one in FILING.types(kind) if one.class_code != "21"] for kind in TypeKind
    }

    assert (len(base[TypeKind.COMPONENT]), len(base[TypeKind.EVENT])) == (85, 50)
    assert [one.code for one in FILING.classes("event")] == ["01", "02", "03", "04", "05", "21"]
    assert (ponding := FILING.type_of("event", "0406")) is not None
    assert (ponding.zh, ponding.en, ponding.class_code) == ("道路积水", "Road ponding", "04")
    assert [one.zh for one in FILING.classes("event")][3:5] == ["突发事件", "街面秩序"]


def test_every_name_stands_once_in_both_languages() -> None:
    codes = [(one.kind, one.code) for one in FILING.names]
    zh = [(one.kind, one.zh) for one in FILING.types()]

    assert len(set(codes)) == len(codes)
    assert len(set(zh)) == len(zh)
    assert [one for one in FILING.names if not (one.zh and one.en)] == []
    assert [one.code for one in FILING.names if not re.fullmatch(r"\d{2}|\d{4}", one.code)] == []
    assert all(FILING.type_of(one.kind, one.class_code) for one in FILING.types())


def test_an_alias_means_one_type_only() -> None:
    aliases = [(one.kind, alias) for one in FILING.types() for alias in (one.zh, *one.aliases)]

    assert sorted(set(aliases)) == sorted(aliases)


@pytest.mark.parametrize("name", sorted(ALL))
def test_every_table_says_where_it_comes_from(name: str) -> None:
    facts = ALL[name]
    origins = [facts, *facts.get("sources", {}).values()]

    assert facts["edition"]
    assert any(isinstance(one.get("verified"), bool) and one.get("source") for one in origins)


@pytest.mark.parametrize("kind", list(TypeKind))
def test_every_type_can_be_filed_and_has_a_limit(kind: TypeKind) -> None:
    for one in FILING.types(kind):
        conditions = FILING.conditions_for(kind, one.code)
        assert conditions, one.code
        assert all(condition.limit.unit in LimitUnit for condition in conditions)


def test_every_condition_is_complete() -> None:
    ids = [one.id for one in FILING.rows]

    assert len(set(ids)) == len(ids)
    assert [one.id for one in FILING.rows if not complete(one)] == []


def complete(one: Condition) -> bool:
    said = all((one.zh, one.en, one.closes_zh, one.closes_en, one.origin.source))
    about = one.code == EVERY or FILING.type_of(one.kind, one.code) is not None
    return said and about and set(one.evidence) <= set(FILING.evidence)


def test_every_lead_is_a_department_of_the_city() -> None:
    shipped = {row["id"]: row["lead"] for row in ALL["filing"]["conditions"] if row["lead"]}

    assert set(shipped.values()) | set(ALL["filing"]["leads"].values()) <= DEPARTMENTS
    nobody = {one.code for one in FILING.types() if not FILING.lead_of(one.kind, one.code)}
    assert nobody == {"0405", "0407"}  # heating and snow, which Haikou has not


@pytest.mark.parametrize(
    ("condition", "limit", "verified"),
    [
        ("E0101-1", "4 WH", True),
        ("E0101-3", "20 WD", True),
        ("E0105-1", "15 WD", True),
        ("E0105-2", "1 WD", False),
        ("E0106-1", "4 WH", True),
        ("E0110-1", "5 WD", False),
        ("E0406-1", "4 WH", True),
        ("E0406-2", "4 UH", False),
        ("E0510-1", "2 UH", True),
        ("C0102-1", "2 UH", True),
        ("C0118-1", "1 WD", True),
        ("C-1", "2 UH", False),
    ],
)
def test_only_limits_that_were_read_somewhere_count_as_verified(
    condition: str, limit: str, verified: bool
) -> None:
    one = FILING.condition(condition)

    assert one is not None
    assert (str(one.limit), one.origin.verified) == (limit, verified)


def test_no_more_rows_are_verified_than_were_read() -> None:
    verified = [one.id for one in FILING.rows if one.origin.verified]

    assert verified == [
        "C0102-1", "C0118-1", "E0101-1", "E0101-2", "E0101-3", "E0102-1", "E0103-1", "E0103-2",
        "E0104-1", "E0105-1", "E0106-1", "E0406-1", "E0510-1",
    ]  # fmt: skip


def test_what_another_rule_says_is_kept_beside_it() -> None:
    also = {one.id: [str(other.limit) for other in one.also] for one in FILING.rows if one.also}

    assert also == {
        "E0101-3": ["15 WD"], "E0102-1": ["1 WD"], "E0103-1": ["4 WD"], "E0103-2": ["4 WD"],
        "E0104-1": ["5 WH"],
    }  # fmt: skip


def test_a_component_has_its_own_conditions_before_those_of_all() -> None:
    found = FILING.conditions_for("component", "0118")

    assert [one.id for one in found] == ["C0118-1", "C-1", "C-2", "C-3", "C-4", "C-5"]
    assert {one.lead for one in found} == {"sz"}
    assert FILING.conditions_for("component", "0103")[0].lead == "sw"
    assert FILING.conditions_for("event", "9999") == ()


def test_guarding_a_place_has_its_own_limit() -> None:
    collapse = FILING.conditions_for("event", "0401")[0]

    assert (str(collapse.on_site), str(collapse.limit)) == ("1 UH", "1 ND")
    assert "guard_photo" in collapse.evidence


def test_desks_have_less_time_when_it_is_urgent() -> None:
    limits = {key: (FILING.stage_limit(key), FILING.stage_limit(key, True)) for key in StageKey}

    assert [str(limit) for pair in list(limits.values())[:3] for limit in pair] == [
        "10 min", "5 min", "15 min", "5 min", "15 min", "5 min",
    ]  # fmt: skip
    assert str(limits[StageKey.CHECK][0]) == "1 UH"
    assert str(limits[StageKey.CHECK_RURAL][0]) == "2 UH"


def changed(**stated: object) -> Filing:
    return filing_of(stated, DEPARTMENTS)


def test_a_city_states_its_own_limits_stages_leads_and_conditions() -> None:
    own = changed(
        limits={"E0406-1": "2 WH"},
        on_site={"E0401-1": "30 min"},
        leads={"E0102-1": "zhzf", "0118": "gd"},
        stages={"accept": ["20 min", "10 min"]},
        conditions=[OWN],
        source="a rule of ours",
        verified=True,
    )

    ponding = own.conditions_for("event", "0406")
    assert [str(one.limit) for one in ponding] == ["2 WH", "4 UH", "1 UH"]
    assert [one.origin.source for one in ponding][::2] == ["a rule of ours"] * 2
    assert own.condition("E0401-1").on_site == Limit.parse("30 min")
    assert own.conditions_for("event", "0102")[0].lead == "zhzf"
    assert {one.lead for one in own.conditions_for("component", "0118")} == {"sz", "gd"}
    assert str(own.stage_limit("accept")) == "20 min"
    assert str(own.stage_limit("close")) == "1 WH"


def test_a_city_without_a_department_leaves_the_lead_open() -> None:
    small = filing_of({}, {"zhzf"})

    assert small.conditions_for("event", "0406")[0].lead == ""
    assert small.conditions_for("event", "0504")[0].lead == "zhzf"
    assert small.conditions_for("component", "0103")[0].lead == ""


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ({"limit": {}}, "filing.limit"),
        ({"limits": {"E9999-1": "1 WH"}}, "E9999-1"),
        ({"limits": {"E0406-1": "1 hour"}}, "E0406-1.*1 hour"),
        ({"on_site": {"E0406-1": "-1 UH"}}, "E0406-1"),
        ({"leads": {"E0406-1": "nobody"}}, "nobody"),
        ({"leads": {"77": "sw"}}, "filing.leads.77"),
        ({"conditions": [{**OWN, "evidence": ["video"]}]}, "video"),
        ({"stages": {"lunch": ["1 WH", "1 WH"]}}, "lunch"),
        ({"stages": {"accept": ["1 WH"]}}, "normal and urgent"),
        ({"conditions": [{"id": "E0406-9"}]}, "E0406-9.*kind"),
        ({"conditions": [{**OWN, "id": "E0406-1"}]}, "there already"),
        ({"conditions": [{**OWN, "code": "0499"}]}, "0499"),
        ({"conditions": [{**OWN, "kind": "service"}]}, "service"),
        ({"conditions": [{**OWN, "lead": "nobody"}]}, "nobody"),
    ],
)
def test_a_wrong_entry_is_named(stated: dict[str, object], said: str) -> None:
    with pytest.raises(BadTable, match=said):
        changed(**stated)
