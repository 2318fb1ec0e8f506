"""All who look at each move of a case within its transaction, in the order in which they do."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from city.cases import Case, Entry, Order
from city.roles import Actor
from store.books import Page
from store.cases import Attendant


@dataclass(frozen=True, slots=True)
class Attendants:
    """Several as one (`store.cases.Attendant`)."""

    each: Sequence[Attendant]

    def after(self, page: Page, case: Case, entry: Entry, actor: Actor) -> Iterator[Order]:
        """What all of them say of an entry."""
        for one in self.each:
            yield from one.after(page, case, entry, actor)
