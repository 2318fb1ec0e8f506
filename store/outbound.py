"""How far what we post was told to a customer's broker."""

from store import keys
from store.client import Client
from store.reach import reaching
from store.tail import Place

MOVE = """
if (redis.call('get', KEYS[1]) or ARGV[1]) ~= ARGV[1] then return 0 end
redis.call('set', KEYS[1], ARGV[2])
return 1
"""


class OutboundStore:
    """One place for all workers; only who holds the lease moves it."""

    def __init__(self, client: Client) -> None:
        self._redis = client

    def place(self) -> Place:
        """Behind this is what the broker has not acknowledged."""
        with reaching():
            return Place.parse(self._redis.get(keys.OUTBOUND))

    def move(self, before: Place, behind: Place) -> bool:
        """Further on; False where another worker moved it meanwhile."""
        with reaching():
            return bool(self._redis.eval(MOVE, 1, keys.OUTBOUND, str(before), str(behind)))
