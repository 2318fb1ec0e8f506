"""The store as something that may be away: one exception for every way it can be."""

from collections.abc import Iterator
from contextlib import contextmanager

import redis
from redis.exceptions import (
    ClusterError,
    MovedError,
    ReadOnlyError,
    RedisClusterException,
    TryAgainError,
)

AWAY = (
    redis.ConnectionError,  # also: still loading, wrong password, no master known
    redis.TimeoutError,
    ReadOnlyError,
    ClusterError,
    RedisClusterException,
    MovedError,
    TryAgainError,
    OSError,
)


class StoreUnreachable(Exception):
    """The store does not answer; the text says why, in one line."""


@contextmanager
def reaching() -> Iterator[None]:
    """Whatever keeps us from the store becomes StoreUnreachable."""
    try:
        yield
    except AWAY as error:
        raise StoreUnreachable(" ".join(str(error).split()) or type(error).__name__) from error
    except redis.WatchError as error:
        if is_lost(error):
            raise StoreUnreachable(str(error)) from error
        raise


def is_lost(error: redis.WatchError) -> bool:
    """Whether the line was lost under a transaction: redis-py then says what it says of a conflict.

    After a conflict nothing was done; after this, what was sent may have been.
    """
    return isinstance(error.__context__, AWAY)
