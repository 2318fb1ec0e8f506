"""How often somebody asks, counted for all web processes together."""

from city.refusal import TooMany
from store import keys
from store.client import Client
from store.reach import reaching

WINDOW_MS = 60_000
COUNT = """
local n = redis.call('INCR', KEYS[1])
if n == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return n"""


class RateStore:
    """Counts in windows of one minute; an old window forgets itself."""

    def __init__(self, client: Client) -> None:
        self._redis = client

    def admit(self, name: str, who: str, most: int, at_ms: int) -> None:
        """Raises TooMany, with the seconds to wait, beyond `most` in a minute."""
        window, spent_ms = divmod(at_ms, WINDOW_MS)
        with reaching():
            place = keys.rate(name, who, window)
            count = self._redis.eval(COUNT, 1, place, str(2 * WINDOW_MS))
        if int(count) > most:
            raise TooMany("too_many", seconds=-(-(WINDOW_MS - spent_ms) // 1000))
