"""Resources without an engine: the profile says which there are, people say how they stand."""

from collections.abc import Callable, Mapping

import msgspec

from city.case_bounds import CityFacts
from city.refusal import NotFound
from city.resources import WHAT, ResourceNote, Stock, Use, stock
from city.roles import Actor
from geo.points import Point
from store import keys
from store.books import Page
from store.client import Client
from store.ledger import Ledger, encode
from store.reach import reaching

_note = msgspec.json.Decoder(ResourceNote).decode


class ResourceStore:
    """The room of resources; `city` is asked each time."""

    def __init__(self, client: Client, ledger: Ledger, city: Callable[[], CityFacts]) -> None:
        self._redis = client
        self._ledger = ledger
        self._city = city

    def all(self, near: Point | None = None) -> list[Stock]:
        """All of them; seen from a place the usable come first, the nearest first."""
        return stock(self._city().dispatch.resources, self._notes(), near)

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
