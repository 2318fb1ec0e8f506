"""What a city's profile says of emergencies: its reports, its duty list."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from city.mode_duty import DUTY, DutyPost, duty_of
from city.mode_reporting import REPORTING, ReportRule, reporting_of
from city.tables import BadTable

ADCODE = "460100"


@dataclass(frozen=True, slots=True)
class ModeRules:
    """The tables of this city."""

    reporting: tuple[ReportRule, ...] = REPORTING
    duty: tuple[DutyPost, ...] = DUTY
    adcode: str = ADCODE  # of the city, in the topics that terminals hear


def mode_rules(facts: Mapping[str, Any], adcode: str = ADCODE) -> ModeRules:
    """What a profile's `[mode]` states; BadTable names what cannot be."""
    if unknown := facts.keys() - {"reporting", "duty"}:
        raise BadTable(f"`mode` knows reporting and duty, not {', '.join(sorted(unknown))}")
    return ModeRules(reporting_of(facts.get("reporting", {})), duty_of(facts.get("duty", [])),
                     adcode)  # fmt: skip
