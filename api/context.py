"""What a route may reach of the house."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from api.seating import Seating
from city.feeds import FeedCard
from city.profile import Profile
from geo.ground import Ground
from store.evidence import EvidenceStore
from store.store import Store


@dataclass(frozen=True, slots=True)
class Context:
    """The store, the city's facts, and what the web process knows of itself."""

    store: Store
    profile: Profile
    cards: Mapping[str, FeedCard]
    seating: Seating
    browsers: Callable[[], int]
    ground: Ground
    evidence: EvidenceStore
