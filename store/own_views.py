"""Saved views: what a seat named for itself, kept on the server and found at every desk."""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from city.refusal import Conflict, say
from store import keys
from store.books import Page
from store.client import Client
from store.ledger import Ledger, encode
from store.reach import reaching

MOST = 12
say({"too_many_views": ("最多保存 {most} 个视图", "At most {most} views are kept")})


@dataclass(frozen=True, slots=True)
class OwnView:
    """A name and the address it stands for."""

    name: str
    query: Mapping[str, str]


_views = msgspec.json.Decoder(list[OwnView]).decode


class OwnViewStore:
    """A preference, not a command: it is written in the ledger, but not on record."""

    def __init__(self, client: Client, ledger: Ledger) -> None:
        self._redis = client
        self._ledger = ledger

    def of(self, account: str) -> list[OwnView]:
        """In the order they were saved."""
        with reaching():
            packed = self._redis.hget(keys.OWN_VIEWS, account)
        return _views(packed) if packed else []

    def keep(self, account: str, view: OwnView) -> None:
        """Saves one; the same name again is replaced."""

        def act(page: Page) -> None:
            others = [one for one in read(page, account) if one.name != view.name]
            if len(others) >= MOST:
                raise Conflict("too_many_views", most=MOST)
            page.put(keys.OWN_VIEWS, account, encode([*others, view]))

        self._ledger.write(act)

    def drop(self, account: str, name: str) -> None:
        """Forgets one."""

        def act(page: Page) -> None:
            left = [one for one in read(page, account) if one.name != name]
            page.put(keys.OWN_VIEWS, account, encode(left))

        self._ledger.write(act)


def read(page: Page, account: str) -> list[OwnView]:
    """What a seat has saved."""
    packed = page.get(keys.OWN_VIEWS, account)
    return _views(packed) if packed else []
