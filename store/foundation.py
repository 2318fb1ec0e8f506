"""What all rooms of the store stand on: clients, ledger, and what doors tell of the city."""

from collections.abc import Iterable
from functools import cached_property
from typing import cast

from redis.backoff import ExponentialBackoff
from redis.retry import Retry

from city.case_bounds import CityFacts
from city.kinds import KINDS, Kind
from geo.ground import Ground
from store.client import Client
from store.endpoint import BadEndpoint, open_client
from store.ledger import Ledger
from store.reach import StoreUnreachable, reaching

CONNECT_WITHIN_S, ANSWER_WITHIN_S = 3.0, 10.0


class Foundation:
    """Connects when it is first asked."""

    def __init__(self, url: str, kinds: Iterable[Kind] = KINDS) -> None:
        self._url = url
        self._kinds = tuple(kinds)
        self.city = CityFacts()  # doors that know their city say so
        self.ground: Ground | None = None  # likewise

    @cached_property
    def redis(self) -> Client:
        """The client under all rooms; a cluster's has the same commands."""
        return self._open(tries_again=1)

    def _open(self, tries_again: int) -> Client:
        try:
            with reaching():
                client = open_client(
                    self._url,
                    socket_connect_timeout=CONNECT_WITHIN_S,
                    socket_timeout=ANSWER_WITHIN_S,
                    retry=Retry(ExponentialBackoff(cap=0.2, base=0.02), tries_again),
                    protocol=2,
                )
        except (BadEndpoint, ValueError) as error:
            raise StoreUnreachable(str(error)) from None
        return cast(Client, client)

    @cached_property
    def ledger(self) -> Ledger:
        """Where every command is written; never sent twice, for it may have been done at once."""
        return Ledger(self._open(tries_again=0))
