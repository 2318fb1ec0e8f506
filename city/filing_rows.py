"""Reads the filing standards from `city/tables/`, with what a city's profile changes of them.

A profile's `[filing]` may state `limits` and `on_site` by condition id, `leads` by condition id or
by beginning of a component's code, `stages` as normal and urgent, and further `conditions` written
like those of `city/tables/filing.toml`; `edition`, `source`, `verified` say where they come from.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from city.filing import EVERY, CaseType, Condition, Filing, Stage, StageKey, Timing, TypeKind
from city.limits import Limit
from city.tables import BadTable, Origin, origin_of, table

Facts = Mapping[str, Any]

NAMES = {TypeKind.COMPONENT: "components", TypeKind.EVENT: "events"}
USUAL_EVIDENCE = ("before_photo", "after_photo")
CITYS_OWN = {"edition": "", "source": "profile of the city", "verified": False}
STATED = {"limits", "on_site", "leads", "stages", "conditions", *CITYS_OWN}


def filing_of(facts: Facts, departments: Collection[str]) -> Filing:
    """The filing standards of a city that has these departments."""
    if unknown := set(facts) - STATED:
        raise BadTable(f"`filing.{min(unknown)}` is unknown; say {', '.join(sorted(STATED))}")
    filing = _with_own(shipped(), facts)
    _check_leads(filing, facts, departments)
    return replace(
        filing,
        rows=tuple(_known_lead(one, departments) for one in filing.rows),
        leads={code: lead for code, lead in filing.leads.items() if lead in departments},
    )


def shipped() -> Filing:
    """The filing standards as the tables have them."""
    facts = table("filing")
    origins = _origins(facts)
    evidence = {slot: (name["zh"], name["en"]) for slot, name in facts["evidence"].items()}
    rows = tuple(_condition(row, origins[row["from"]], origins) for row in facts["conditions"])
    return Filing(tuple(_names()), rows, _stages(table("stages")), facts["leads"], evidence)


def _names() -> Iterator[CaseType]:
    for kind, name in NAMES.items():
        facts = table(name)
        rows = {**facts["classes"], **facts["types"]}
        for code, row in sorted(rows.items()):
            aliases = tuple(row.get("aliases", ()))
            yield CaseType(kind, code, row["zh"], row["en"], aliases, origin_of(row, facts))


def _origins(facts: Facts) -> dict[str, Origin]:
    return {key: origin_of(row, facts) for key, row in facts["sources"].items()}


def _condition(row: Facts, origin: Origin, origins: Mapping[str, Origin]) -> Condition:
    on_site = row.get("on_site")
    return Condition(
        id=row["id"],
        kind=TypeKind(row["kind"]),
        code=row["code"],
        zh=row["zh"],
        en=row["en"],
        limit=_limit(row["id"], row["limit"]),
        origin=origin,
        closes_zh=row["closes_zh"],
        closes_en=row["closes_en"],
        lead=row.get("lead", ""),
        on_site=_limit(row["id"], on_site) if on_site else None,
        evidence=tuple(row.get("evidence", USUAL_EVIDENCE)),
        also=tuple(_timing(row["id"], one, origins) for one in row.get("also", ())),
    )


def _stages(facts: Facts) -> dict[str, Stage]:
    origins = _origins(facts)
    return {
        key: Stage(
            StageKey(key),
            row["zh"],
            row["en"],
            _timing(key, row["normal"], origins),
            _timing(key, row["urgent"], origins),
        )
        for key, row in facts["stages"].items()
    }


def _timing(entry: str, row: Facts, origins: Mapping[str, Origin]) -> Timing:
    return Timing(_limit(entry, row["limit"]), origins[row["from"]])


def _limit(entry: str, text: str) -> Limit:
    try:
        return Limit.parse(text)
    except ValueError as error:
        raise BadTable(f"`filing` has no limit for {entry}: {error}") from None


def _with_own(filing: Filing, facts: Facts) -> Filing:
    origin = origin_of(facts, CITYS_OWN)
    filing = replace(filing, rows=(*filing.rows, *_own_conditions(filing, facts, origin)))
    _check_known("limits", facts, filing)
    _check_known("on_site", facts, filing)
    return replace(
        filing,
        rows=tuple(_changed(one, facts, origin) for one in filing.rows),
        stages={**filing.stages, **dict(_own_stages(filing, facts, origin))},
        leads={**filing.leads, **facts.get("leads", {})},
    )


def _own_conditions(filing: Filing, facts: Facts, origin: Origin) -> Iterator[Condition]:
    for row in facts.get("conditions", ()):
        try:
            own = _condition(row, origin, {})
        except (KeyError, ValueError) as error:
            raise BadTable(f"`filing.conditions` {row.get('id', '?')!r}: {error}") from None
        if filing.condition(own.id):
            raise BadTable(f"`filing.conditions` {own.id!r} is there already; use `filing.limits`")
        if own.code != EVERY and not filing.type_of(own.kind, own.code):
            raise BadTable(f"`filing.conditions` {own.id!r} is about {own.code!r}, no known type")
        if unknown := set(own.evidence) - set(filing.evidence):
            raise BadTable(f"`filing.conditions` {own.id!r} wants {min(unknown)!r} as evidence")
        yield own


def _check_known(section: str, facts: Facts, filing: Filing) -> None:
    for condition_id in facts.get(section, {}):
        if not filing.condition(condition_id):
            raise BadTable(f"`filing.{section}.{condition_id}` names no condition")


def _changed(row: Condition, facts: Facts, origin: Origin) -> Condition:
    limit, on_site = facts.get("limits", {}).get(row.id), facts.get("on_site", {}).get(row.id)
    lead = facts.get("leads", {}).get(row.id, row.lead)
    return replace(
        row,
        lead=lead,
        limit=_limit(row.id, limit) if limit else row.limit,
        on_site=_limit(row.id, on_site) if on_site else row.on_site,
        origin=origin if limit or on_site else row.origin,
    )


def _own_stages(filing: Filing, facts: Facts, origin: Origin) -> Iterator[tuple[str, Stage]]:
    for key, pair in facts.get("stages", {}).items():
        if key not in filing.stages:
            raise BadTable(f"`filing.stages.{key}` is no stage; say {', '.join(filing.stages)}")
        if len(pair) != 2:
            raise BadTable(f"`filing.stages.{key}` must be two limits, normal and urgent")
        normal, urgent = (Timing(_limit(key, text), origin) for text in pair)
        yield key, replace(filing.stages[key], normal=normal, urgent=urgent)


def _check_leads(filing: Filing, facts: Facts, departments: Collection[str]) -> None:
    components = [one.code for one in filing.names if one.kind == TypeKind.COMPONENT]
    for entry in facts.get("leads", {}):
        if not (filing.condition(entry) or any(code.startswith(entry) for code in components)):
            raise BadTable(f"`filing.leads.{entry}` names no condition and no component")
    own = [(row.get("id", "?"), row.get("lead", "")) for row in facts.get("conditions", ())]
    for entry, lead in (*facts.get("leads", {}).items(), *own):
        if lead and lead not in departments:
            raise BadTable(f"`filing` gives {entry} to {lead!r}, which is no department here")


def _known_lead(row: Condition, departments: Collection[str]) -> Condition:
    return row if row.lead in departments else replace(row, lead="")
