"""What a callback may reach: the store, the city's facts, the clock of wiring."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property

from fastapi import Request

from callbacks.beats import Beats
from callbacks.census import Census
from callbacks.spots import Spot
from city.accounts import SeatRules
from city.case_views import CaseQuery
from city.cases import Case
from city.feeds import FeedCard
from city.kinds import Kind
from city.profile import Place, Profile
from city.refusal import Unauthenticated
from city.roles import Actor, Seat
from geo.ground import Ground
from layouts.figures import CHINA
from layouts.words import Words, words
from store.newest import NewestTable
from store.store import Store

MOST_CASES = 200


def nobody(_connection: Request) -> Actor:
    """Until a door says how seats are found."""
    raise Unauthenticated("unauthenticated")


@dataclass(frozen=True, eq=False)
class Desk:
    """The first argument of every callback."""

    store: Store
    profile: Profile
    cards: Mapping[str, FeedCard]
    area_bounds: Mapping[str, Sequence[float]] = field(default_factory=dict)
    census: Census = field(default_factory=Census)
    beats: Beats = field(default_factory=Beats)
    actor_of: Callable[[Request], Actor] = nobody
    rules: SeatRules = field(default_factory=SeatRules)
    ground: Ground | None = None
    spots: Sequence[Spot] = ()

    @property
    def table(self) -> NewestTable:
        """The newest of everything; hold `store.live.lock` for columns of one moment."""
        return self.store.live.table

    def open_cases(self, seat: Seat) -> Sequence[Case]:
        """The open cases of a seat, the most urgent first."""
        query = CaseQuery(seat, self.now_ms(), limit=MOST_CASES)
        return self.store.cases.table.page(query).rows

    def department_of(self, case: Case) -> str:
        """Who leads a case, in Chinese as records have it."""
        return called(self.profile.departments, case.lead, words(None)) if case.lead else ""

    @cached_property
    def kinds(self) -> Mapping[str, Kind]:
        """The kinds of this city by name."""
        return {kind.name: kind for kind in self.profile.kinds}

    def kind(self, name: str) -> Kind:
        """A kind, or what little is known of one nobody declared."""
        return self.kinds.get(name) or Kind(name, name, name, "", 60)

    def area(self, code: str | int | None, words: Words) -> str:
        """What a district is called."""
        return called(self.profile.areas, str(code or ""), words)

    def department(self, code: str, words: Words) -> str:
        """What a department is called."""
        return called(self.profile.departments, code, words) or code

    def now(self) -> datetime:
        """This moment; read here and nowhere below."""
        return datetime.now(UTC)

    def at(self, ms: int | None) -> datetime | None:
        """An instant of the store; None where it never was."""
        return datetime.fromtimestamp(ms / 1000, UTC) if ms else None

    def today(self) -> str:
        """The city's date, ISO 8601."""
        return self.now().astimezone(CHINA).date().isoformat()

    def now_ms(self) -> int:
        """The same in milliseconds."""
        return int(self.now().timestamp() * 1000)


def called(places: tuple[Place, ...], code: str, words: Words) -> str:
    """The name of a code; empty where nobody has it."""
    return next((words.pick(one.zh, one.en) for one in places if one.code == code), "")
