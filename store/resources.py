"""Resources without an engine: the profile says which there are, people say how they stand."""

from collections.abc import Callable, Mapping

import msgspec
import numpy as np

from city.case_bounds import CityFacts
from city.refusal import NotFound
from city.resources import WHAT, ResourceNote, Stock, Use, nearest, stock
from city.roles import Actor
from geo.points import Point
from store import keys
from store.books import Page
from store.client import Client
from store.ledger import Ledger, encode
from store.reach import reaching
from store.roads import RoadStore

_note = msgspec.json.Decoder(ResourceNote).decode


class ResourceStore:
    """The room of resources; `city` is asked each time."""

    def __init__(
        self, client: Client, ledger: Ledger, roads: RoadStore, city: Callable[[], CityFacts]
    ) -> None:
        self._redis = client
        self._ledger = ledger
        self._roads = roads
        self._city = city

    def all(self, actor: Actor, near: Point | None = None) -> list[Stock]:
        """All of them; seen from a place the usable come first, the nearest by road first."""
        found = stock(self._city().dispatch.resources, self._notes())
        if near is None or not found:
            return found
        places = np.array([one.resource.point for one in found], np.float64)
        return nearest(found, self._roads.router(actor.at_ms).reach(near, places))

    def set_use(self, resource_id: str, use: Use, actor: Actor, text: str = "") -> ResourceNote:
        """A person says how a resource stands; NotFound where the city has none of that id."""
        if resource_id not in {one.id for one in self._city().dispatch.resources}:
            raise NotFound("not_found", name=resource_id, what=WHAT)
        note = ResourceNote(use, actor.seat.account, actor.at_ms, text)

        def act(page: Page) -> None:
            page.put(keys.RESOURCES, resource_id, encode(note))
            page.changed("resource", resource_id)

        draft = actor.draft("resource.use", f"resource/{resource_id}", use=use.value)
        self._ledger.write(act, draft)
        return note

    def _notes(self) -> Mapping[str, ResourceNote]:
        with reaching():
            found = self._redis.hgetall(keys.RESOURCES)
        return {name.decode(): _note(packed) for name, packed in found.items()}
