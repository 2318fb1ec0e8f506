"""A move that somebody wants to make, as the guards look at it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from city.case_bounds import CityFacts
from city.case_requests import KINDS, kind_of
from city.case_table import Rule
from city.cases import Case
from city.refusal import Refusal
from city.roles import Actor


@dataclass(frozen=True, slots=True)
class Asked:
    """A move that somebody wants to make, with all that a guard may look at."""

    case: Case
    rule: Rule
    actor: Actor
    role: str
    city: CityFacts
    at_ms: int
    fields: Mapping[str, Any] = field(default_factory=dict)
    parent: Case | None = None  # to merge into

    @property
    def kind(self) -> tuple[str, str]:
        """What the request is for, in words."""
        return KINDS[kind_of(self.rule.move)]


Guard = Callable[[Asked], Refusal | None]
