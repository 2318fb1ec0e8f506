"""One of many: a lease that one process holds, and another gets soon after it has gone."""

from store.client import Client
from store.reach import reaching

# Only the holder may renew or give up (compare and act in one step).
RENEW = """
if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) end
return 0
"""
RELEASE = """
if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end
return 0
"""


class Lease:
    """A key with a holder's name and a time to live."""

    def __init__(self, client: Client, key: str, holder: str, ttl_s: float) -> None:
        self._redis = client
        self._key = key
        self._holder = holder
        self._ttl_ms = int(ttl_s * 1000)

    def hold(self) -> bool:
        """Takes or renews the lease; whether it is ours now."""
        with reaching():
            if self._redis.eval(RENEW, 1, self._key, self._holder, str(self._ttl_ms)):
                return True
            return bool(self._redis.set(self._key, self._holder, nx=True, px=self._ttl_ms))

    def release(self) -> None:
        """Lets the next one have it at once."""
        with reaching():
            self._redis.eval(RELEASE, 1, self._key, self._holder)
