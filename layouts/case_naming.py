"""Cases in the words of one language and one city: types, departments, districts, states."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from city.case_moves import said_post
from city.case_table import RULES, STATES, CaseState, Move
from city.case_views import STEPS
from city.cases import SOURCES, Case, Source
from city.filing import CaseType, Condition
from city.profile import Place, Profile
from layouts.figures import NONE
from layouts.words import Words


@dataclass(frozen=True, slots=True)
class Naming:
    """What things are called; `pick` chooses between two names."""

    profile: Profile
    words: Words

    def area(self, code: str) -> str:
        """A district; a longer code is one below it."""
        return called(self.profile.areas, code[:6], self.words).removesuffix("区") or NONE

    def department(self, code: str) -> str:
        """A department, or its code."""
        return called(self.profile.departments, code, self.words) or code or NONE

    def type_of(self, kind: str, code: str) -> str:
        """A type, or its code."""
        found = self.profile.filing.type_of(kind, code)
        return self.words.pick(found.zh, found.en) if found else code

    def named(self, one: CaseType | Condition) -> str:
        """A row of the filing standards."""
        return self.words.pick(one.zh, one.en)

    def plan(self, plan_id: str) -> str:
        """A plan, or its id."""
        found = self.profile.plans.plans.get(plan_id)
        return self.words.pick(found.zh, found.en) if found else plan_id

    def state(self, state: CaseState) -> str:
        """Where a case stands."""
        zh, en, _ = STATES[state]
        return self.words.pick(zh, en)

    def short_state(self, state: CaseState) -> str:
        """The same in a list: English says the view that it is in, which is shorter."""
        views = (en for _, en, states in STEPS.values() if state in states)
        return self.words.pick(self.state(state), next(views, self.state(state)))

    def move(self, move: Move) -> str:
        """What is done."""
        return self.words.pick(RULES[move].zh, RULES[move].en)

    def post(self, role: str) -> str:
        """In which post."""
        return self.words.pick(*said_post(role))

    def posts(self, roles: Iterable[str]) -> str:
        """Several posts."""
        return self.words.pick("、", ", ").join(map(self.post, roles))

    def source(self, source: str) -> str:
        """Who found it."""
        names: Mapping[str, tuple[str, str]] = {str(one): SOURCES[one] for one in Source}
        return self.words.pick(*names[source]) if source in names else source

    def title(self, case: Case) -> str:
        """What a case is called: its title, else its type."""
        return case.title or self.type_of(case.kind, case.type)

    def condition(self, case: Case) -> Condition | None:
        """The condition it was filed under."""
        return self.profile.filing.condition(case.condition) if case.condition else None


def called(places: Iterable[Place], code: str, words: Words) -> str:
    """The name of a code; empty where nobody has it."""
    return next((words.pick(one.zh, one.en) for one in places if one.code == code), "")


def short_number(case_id: str) -> str:
    """`HK20260917-04127` in lists: `0917-04127`."""
    day, dash, number = case_id.partition("-")
    return f"{day[-4:]}{dash}{number}"
